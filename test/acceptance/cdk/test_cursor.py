"""Reads by a cursor, as the section `incremental` of acceptance-test-config.yml lists them."""

import json

import pytest
import yaml
from connector_image import ConnectorFolder, ConnectorImage, scenarios_of, states_of


def incremental_tests() -> list[dict]:
    folder = ConnectorFolder.get_connector_root_dir()
    return yaml.safe_load((folder / "acceptance-test-config.yml").read_text())["acceptance_tests"]["incremental"]["tests"]


@pytest.mark.parametrize("entry", incremental_tests(), ids=lambda entry: entry["config_path"])
def test_incremental_reads_bring_less_and_nothing_from_the_future(entry: dict, connector_image_override: str) -> None:
    [scenario] = [case for case in scenarios_of("read") if str(case.config_path) == entry["config_path"]]
    image = ConnectorImage(connector_image_override, scenario)
    catalog = json.loads((image.root / entry["configured_catalog_path"]).read_text())
    future = json.loads((image.root / entry["future_state"]["future_state_path"]).read_text())
    first = image.run("read", catalog)
    second = image.run("read", catalog, states_of(first))
    assert 0 < len(second.records) < len(first.records) / 6
    none = image.run("read", catalog, future)
    assert len(none.records) == 0
    assert states_of(none)
