"""Incremental reads under change capture: a snapshot, what has changed since, and nothing."""

import json
import urllib.request
from dataclasses import asdict

from airbyte_cdk.models import SyncMode
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.standard_tests._read_assertions import assert_read_records
from connector_image import ConnectorImage, read_anew, scenarios_of, states_of

TABLE = "orders"
CHANGED = {"customer_id": {"S": "customer-2"}, "order_number": {"N": "1"}}
NEW = {"customer_id": {"S": "customer-2"}, "order_number": {"N": "1000"}}
LONG_AGO = {"S": "1999-12-31T00:00:00Z"}


class Table:
    """The table as the engine has it; DynamoDB Local takes any signature."""

    def __init__(self, config: dict) -> None:
        self._endpoint = config["endpoint"]
        self._credential = f"{config['credentials']['access_key_id']}/20240101/{config['region']}/dynamodb/aws4_request"

    def call(self, operation: str, **parameters: object) -> dict:
        request = urllib.request.Request(
            self._endpoint,
            data=json.dumps({"TableName": TABLE, **parameters}).encode(),
            headers={
                "Authorization": f"AWS4-HMAC-SHA256 Credential={self._credential}, SignedHeaders=host, Signature=0",
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            },
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def change(self) -> dict:
        """Updates an item, makes one, deletes it and makes it again; gives the item that was updated."""
        [item] = self.call("Query", **matching(CHANGED))["Items"]
        self.call("PutItem", Item={**item, "placed_at": LONG_AGO})
        self.call("PutItem", Item=NEW)
        self.call("DeleteItem", Key=NEW)
        self.call("PutItem", Item={**NEW, "placed_at": LONG_AGO})
        return item

    def restore(self, item: dict) -> None:
        self.call("PutItem", Item=item)
        self.call("DeleteItem", Key=NEW)

    def keys(self) -> set[tuple[str, int]]:
        items = self.call("Scan", ConsistentRead=True)["Items"]
        return {(item["customer_id"]["S"], int(item["order_number"]["N"])) for item in items}


def matching(key: dict) -> dict:
    return {
        "KeyConditionExpression": "customer_id = :customer AND order_number = :number",
        "ExpressionAttributeValues": {":customer": key["customer_id"], ":number": key["order_number"]},
    }


def test_catalog_says_which_tables_can_be_followed(connector_image_override: str) -> None:
    [scenario] = scenarios_of("discover")
    streams = ConnectorImage(connector_image_override, scenario).run("discover").catalog.catalog.streams
    cursors = {stream.name: (stream.source_defined_cursor, stream.default_cursor_field) for stream in streams}
    assert cursors["customers"] == cursors[TABLE] == (True, ["_ab_cdc_cursor"])
    modes = {stream.name: stream.supported_sync_modes for stream in streams}
    assert modes["ledger"] == [SyncMode.full_refresh]
    assert modes[TABLE] == [SyncMode.full_refresh, SyncMode.incremental]


def test_reads_bring_a_snapshot_and_then_what_has_changed(connector_image_override: str) -> None:
    [scenario] = scenarios_of("read")
    image = ConnectorImage(connector_image_override, scenario)
    table = Table(image.config)
    catalog, first = read_anew(connector_image_override, str(scenario.config_path), SyncMode.incremental)
    snapshot = rows_of(first)
    assert {key_of(row) for row in snapshot} == table.keys()
    item = table.change()
    try:
        second = image.run("read", asdict(catalog), states_of(first))
    finally:
        table.restore(item)
    changes = rows_of(second)
    changed, new = ("customer-2", 1), ("customer-2", 1000)
    assert deletions_of(changes) == [(changed, None), (new, None), (new, "user"), (new, None)]
    assert [row.get("placed_at") for row in changes] == [LONG_AGO["S"], None, None, LONG_AGO["S"]]
    numbers = [row["_ab_cdc_cursor"] for row in [*snapshot, *changes]]
    assert numbers == sorted(numbers)
    assert len(set(numbers[-5:])) == 5
    assert_read_records(
        records=second.records_iterator,
        configured_catalog=catalog,
        require_records_per_stream=False,
        validate_schema=True,
    )
    third = image.run("read", asdict(catalog), states_of(second))
    assert deletions_of(rows_of(third)) == [(changed, None), (new, "user")]
    assert len(third.records) == 2


def rows_of(output: EntrypointOutput) -> list[dict]:
    return [message.record.data for message in output.records if message.record.stream == TABLE]


def deletions_of(rows: list[dict]) -> list[tuple[tuple[str, int], str | None]]:
    """The key of each row, and who deleted it."""
    return [(key_of(row), row["_ab_cdc_deleted_by"]) for row in rows]


def key_of(row: dict) -> tuple[str, int]:
    return (row["customer_id"], row["order_number"])
