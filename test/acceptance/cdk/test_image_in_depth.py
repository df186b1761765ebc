"""The assertions that the CDK applies only to Python sources in its own process, applied to the image."""

from collections import Counter, defaultdict
from dataclasses import asdict
from functools import cache

import pytest
from airbyte_cdk.models import (
    AirbyteStream,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    ConnectorSpecification,
    SyncMode,
    Type,
)
from airbyte_cdk.test.models import ConnectorTestScenario
from airbyte_cdk.test.standard_tests._catalog_checks import find_catalog_problems, format_catalog_problems
from airbyte_cdk.test.standard_tests._read_assertions import assert_read_records
from airbyte_cdk.test.standard_tests._spec_lint import assert_no_secrets_in_output, get_single_spec
from connector_image import ConnectorImage, Suite, read_anew, scenarios, scenarios_of


def test_spec_writes_one_message_and_nothing_else(connector_image_override: str) -> None:
    [scenario, *_] = scenarios_of("spec")
    code, messages = ConnectorImage(connector_image_override, scenario).run_raw("spec")
    assert code == 0
    assert [message["type"] for message in messages] == ["SPEC"]


@cache
def spec_of(connector_image: str) -> ConnectorSpecification:
    [scenario, *_] = scenarios_of("spec")
    return get_single_spec(ConnectorImage(connector_image, scenario).run("spec"), connector_name="source-dynamodb")


@scenarios("check")
def test_check_ends_with_one_status_and_exit_code_0(case: ConnectorTestScenario, connector_image_override: str) -> None:
    code, messages = ConnectorImage(connector_image_override, case).run_raw("check")
    statuses = [message["connectionStatus"] for message in messages if message["type"] == "CONNECTION_STATUS"]
    assert code == 0
    expected = "FAILED" if case.status == "failed" else "SUCCEEDED"
    assert [status["status"] for status in statuses] == [expected], statuses


@scenarios("discover")
def test_catalog_has_no_problem(case: ConnectorTestScenario, connector_image_override: str) -> None:
    result = ConnectorImage(connector_image_override, case).run("discover")
    [message] = result.get_message_by_types([Type.CATALOG])
    problems = find_catalog_problems(message.catalog)
    assert not problems, format_catalog_problems(problems)


def commands_of(scenario: ConnectorTestScenario) -> list[str]:
    """All but check are patient with an endpoint that does not answer, for longer than a test should last."""
    return ["check"] if scenario.status == "failed" else ["check", "discover", "read"]


@pytest.mark.parametrize(
    ("case", "command"),
    [
        pytest.param(scenario, command, id=f"{scenario.id}-{command}")
        for scenario in Suite.get_scenarios()
        for command in commands_of(scenario)
    ],
)
def test_no_secret_in_the_output(case: ConnectorTestScenario, command: str, connector_image_override: str) -> None:
    image = ConnectorImage(connector_image_override, case)
    spec = spec_of(connector_image_override)
    catalog = asdict(ConfiguredAirbyteCatalog(streams=[stream_named("customers")])) if command == "read" else None
    output = image.run(command, catalog, check=False)
    assert_no_secrets_in_output(output, spec=spec, config=image.config, verb=command, connector_name=image.root.name)


@pytest.mark.parametrize("sync_mode", [SyncMode.full_refresh, SyncMode.incremental])
@scenarios("read")
def test_read_has_valid_records_statuses_and_counts(
    case: ConnectorTestScenario, sync_mode: SyncMode, connector_image_override: str
) -> None:
    catalog, result = read_anew(connector_image_override, str(case.config_path), sync_mode)
    assert catalog.streams
    assert_read_records(
        records=result.records_iterator,
        configured_catalog=catalog,
        require_records_per_stream=True,
        validate_schema=case.validate_schema,
    )
    statuses, counted, emitted = defaultdict(list), defaultdict(float), Counter()
    for message in result.get_message_iterator():
        if message.type == Type.RECORD:
            emitted[message.record.stream] += 1
        elif message.type == Type.STATE:
            counted[message.state.stream.stream_descriptor.name] += message.state.sourceStats.recordCount
        elif message.type == Type.TRACE and message.trace.stream_status:
            status = message.trace.stream_status
            statuses[status.stream_descriptor.name].append(status.status.value)
    for name in (configured.stream.name for configured in catalog.streams):
        assert statuses[name] == ["STARTED", "RUNNING", "COMPLETE"]
        assert counted[name] == emitted[name]


def test_unknown_stream_and_sync_mode_end_in_an_error(connector_image_override: str) -> None:
    [scenario, *_] = scenarios_of("read")
    unknown = stream_named("__AIRBYTE__stream_that_does_not_exist")
    unknown.sync_mode = unknown.destination_sync_mode = "INVALID"
    catalog = asdict(ConfiguredAirbyteCatalog(streams=[unknown]))
    code, messages = ConnectorImage(connector_image_override, scenario).run_raw("read", catalog)
    errors = [
        message["trace"]["error"] for message in messages if message["type"] == "TRACE" and "error" in message["trace"]
    ]
    assert code != 0
    assert [error["failure_type"] for error in errors] == ["config_error"], errors


def stream_named(name: str) -> ConfiguredAirbyteStream:
    stream = AirbyteStream(
        name=name,
        json_schema={"type": "object", "properties": {"id": {"type": "string"}}},
        supported_sync_modes=[SyncMode.full_refresh],
    )
    return ConfiguredAirbyteStream(stream=stream, sync_mode="full_refresh", destination_sync_mode="overwrite")
