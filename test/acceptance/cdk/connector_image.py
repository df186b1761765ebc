"""What the test classes for the image share: where the connector's folder is, and how a command is run."""

import json
import os
import subprocess
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path

import orjson
import pytest
from airbyte_cdk.models import (
    AirbyteMessageSerializer,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    DestinationSyncMode,
    SyncMode,
    Type,
)
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.models import ConnectorTestScenario
from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite, get_read_streams
from airbyte_cdk.utils.docker import run_docker_airbyte_command


class ConnectorFolder:
    """Names the folder with metadata.yaml, acceptance-test-config.yml and the configs: CONNECTOR_FOLDER."""

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return Path(os.environ["CONNECTOR_FOLDER"]).resolve()


class Suite(ConnectorFolder, DockerConnectorTestSuite):
    """Only for its scenarios: not named Test…, so pytest does not collect it."""


def scenarios_of(command: str) -> list[ConnectorTestScenario]:
    return [scenario for scenario in Suite.get_scenarios() if scenario.runs(command)]


def scenarios(command: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", scenarios_of(command), ids=lambda scenario: scenario.id)


class ConnectorImage:
    """The commands of one image with one scenario's config."""

    def __init__(self, image: str, scenario: ConnectorTestScenario) -> None:
        self.image = image
        self.scenario = scenario
        self.root = ConnectorFolder.get_connector_root_dir()

    @property
    def config(self) -> dict:
        return self.scenario.get_config_dict(connector_root=self.root, empty_if_missing=True)

    def run(
        self, command: str, catalog: dict | None = None, state: list | None = None, *, check: bool = True
    ) -> EntrypointOutput:
        """Runs a command; the CDK turns a non-zero exit code into an ERROR trace of its own."""
        with tempfile.TemporaryDirectory() as directory:
            line = self._command_line(command, Path(directory), catalog, state)
            return run_docker_airbyte_command(line, raise_if_errors=check)

    def run_raw(self, command: str, catalog: dict | None = None) -> tuple[int, list[dict]]:
        """Runs a command; gives its exit code and the messages of its stdout."""
        with tempfile.TemporaryDirectory() as directory:
            line = self._command_line(command, Path(directory), catalog)
            done = subprocess.run(line, capture_output=True, text=True, check=False)
        return done.returncode, [json.loads(text) for text in done.stdout.splitlines()]

    def configured(self, sync_mode: SyncMode) -> ConfiguredAirbyteCatalog:
        """Every stream that this scenario reads, as a user would configure it."""
        discovered = list(self.run("discover").catalog.catalog.streams)
        return ConfiguredAirbyteCatalog(
            streams=[
                ConfiguredAirbyteStream(
                    stream=stream,
                    sync_mode=sync_mode,
                    destination_sync_mode=DestinationSyncMode.append_dedup,
                    primary_key=stream.source_defined_primary_key,
                )
                for stream in get_read_streams(self.scenario, discovered, self.root)
                if sync_mode in stream.supported_sync_modes
            ]
        )

    def _command_line(
        self, command: str, directory: Path, catalog: dict | None, state: list | None = None
    ) -> list[str]:
        files = {} if command == "spec" else {"config": self.config}
        if catalog is not None:
            files["catalog"] = catalog
        if state is not None:
            files["state"] = state
        mounts, flags = [], []
        for name, content in files.items():
            path = directory / f"{name}.json"
            path.write_bytes(orjson.dumps(content))
            mounts += ["--volume", f"{path}:/secrets/{name}.json:ro"]
            flags += [f"--{name}", f"/secrets/{name}.json"]
        return ["docker", "run", "--rm", *mounts, self.image, command, *flags]


@cache
def read_anew(
    connector_image: str, config_path: str, sync_mode: SyncMode
) -> tuple[ConfiguredAirbyteCatalog, EntrypointOutput]:
    """Reads a scenario's streams from their beginning, once however many tests look at it."""
    [scenario] = [case for case in scenarios_of("read") if str(case.config_path) == config_path]
    image = ConnectorImage(connector_image, scenario)
    catalog = image.configured(sync_mode)
    return catalog, image.run("read", asdict(catalog))


def states_of(output: EntrypointOutput) -> list[dict]:
    """The states of a read, as the next one is given them."""
    return [AirbyteMessageSerializer.dump(message)["state"] for message in output.get_message_by_types([Type.STATE])]
