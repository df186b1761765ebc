"""PyAirbyte runs the executable and loads DuckDB; boto3 says what should have arrived."""

import base64
from pathlib import Path

import airbyte as ab
import pytest
from duckdb_reads import Loaded, config_named, load, open_source

TABLES = ["archive", "attachments", "customers", "ledger", "orders"]


def count_items(dynamodb: object, table: str) -> int:
    return dynamodb.scan(TableName=table, Select="COUNT")["Count"]


@pytest.fixture(scope="module")
def all_twice(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Every table, read twice; numbers as text, since DuckDB's are narrower than DynamoDB's."""
    source = open_source(config_named("config.json", number_values="string"), "*")
    return load(tmp_path_factory.mktemp("all"), source, reads=2)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    source = open_source(config_named("config.json"), ["attachments", "customers", "orders"])
    return load(tmp_path_factory.mktemp("typed"), source, reads=1)


def test_check_succeeds() -> None:
    open_source(config_named("config.json")).check()


def test_check_names_a_missing_table() -> None:
    with pytest.raises(ab.exceptions.AirbyteConnectorCheckFailedError) as failure:
        open_source(config_named("invalid_table.json")).check()
    assert "acceptance-no-such-table" in str(failure.value)


def test_finds_every_table() -> None:
    assert sorted(open_source(config_named("config.json")).get_available_streams()) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_item_is_in_duckdb_once(table: str, all_twice: Loaded, dynamodb: object) -> None:
    assert all_twice.query(f"select count(*) from main.{table}") == [(count_items(dynamodb, table),)]


def test_second_read_works_on_the_state_of_the_first(all_twice: Loaded, dynamodb: object) -> None:
    """Without a cursor a finished stream is scanned anew, and its items replace themselves by their keys."""
    items = sum(count_items(dynamodb, table) for table in TABLES)
    assert all_twice.processed == [items, items]
    assert all_twice.states() == {table: {"scan_complete": True} for table in TABLES}


def test_an_item_that_came_between_two_reads_arrives(tmp_path: Path, dynamodb: object) -> None:
    source = open_source(config_named("config.json"), ["attachments"])
    before = load(tmp_path, source, reads=1).query("select count(*) from main.attachments")
    key = {"digest": {"B": b"between"}}
    dynamodb.put_item(TableName="attachments", Item={**key, "content": {"B": b"!"}})
    try:
        after = load(tmp_path, source, reads=1).query("select count(*) from main.attachments")
    finally:
        dynamodb.delete_item(TableName="attachments", Key=key)
    assert after == [(before[0][0] + 1,)]


def test_a_cursor_brings_what_is_new_and_the_ties(tmp_path: Path, dynamodb: object) -> None:
    source = open_source(config_named("config.json"), ["orders"])
    source.set_cursor_key("orders", "placed_at")
    loaded = load(tmp_path, source, reads=2)
    items = dynamodb.scan(TableName="orders")["Items"]
    latest = max(item["placed_at"]["S"] for item in items)
    ties = [item for item in items if item["placed_at"]["S"] == latest]
    assert loaded.processed == [len(items), len(ties)]
    assert loaded.states()["orders"] == {"cursor_field": ["placed_at"], "cursor": latest, "cursor_type": "S"}
    assert loaded.query("select count(*) from main.orders") == [(len(items),)]


def test_only_selected_streams_are_read(tmp_path: Path, dynamodb: object) -> None:
    loaded = load(tmp_path, open_source(config_named("config.json"), ["orders"]), reads=1)
    assert loaded.tables() == ["orders"]
    assert loaded.processed == [count_items(dynamodb, "orders")]


def test_small_pages_bring_the_same_items(tmp_path: Path, dynamodb: object) -> None:
    loaded = load(tmp_path, open_source(config_named("config_small_pages.json"), ["orders"]), reads=1)
    assert loaded.query("select count(*) from main.orders") == [(count_items(dynamodb, "orders"),)]


def test_columns_have_the_types_of_their_attributes(typed: Loaded) -> None:
    columns = typed.columns("customers")
    expected = {
        "id": "VARCHAR",
        "age": "BIGINT",
        "balance": "DECIMAL(38,9)",
        "active": "BOOLEAN",
        "avatar": "VARCHAR",
        "tags": "JSON",
        "address": "JSON",
        "history": "JSON",
    }
    assert {name: columns[name] for name in expected} == expected


def test_values_are_those_of_the_item(typed: Loaded, dynamodb: object) -> None:
    item = dynamodb.get_item(TableName="customers", Key={"id": {"S": "customer-1"}})["Item"]
    [row] = typed.query("select name, age, balance, active, avatar from main.customers where id = 'customer-1'")
    name, age, balance, active, avatar = row
    assert name == item["name"]["S"]
    assert age == int(item["age"]["N"])
    assert format(balance.normalize(), "f") == item["balance"]["N"]
    assert active is item["active"]["BOOL"]
    assert base64.b64decode(avatar) == item["avatar"]["B"]


def test_nested_values_can_be_queried(typed: Loaded) -> None:
    sql = """
        select address ->> '$.city', cast(address -> '$.geo.lat' as double), tags, keys, history
        from main.customers where id = 'customer-1'
    """
    [(city, latitude, tags, keys, history)] = typed.query(sql)
    assert (city, latitude) == ("Wien", 48.2)
    assert sorted(tags) == ["new", "tag-1"]
    assert sorted(keys) == sorted([base64.b64encode(value).decode() for value in (b"\1", b"\1\0")])
    assert history == ["signup", 1, True, None]


def test_long_numbers_keep_every_digit_as_text(all_twice: Loaded, dynamodb: object) -> None:
    for item in dynamodb.scan(TableName="ledger")["Items"]:
        sql = f"select amount, ratio, tiny, huge from main.ledger where entry = '{item['entry']['N']}'"
        assert all_twice.query(sql) == [tuple(item[name]["N"] for name in ("amount", "ratio", "tiny", "huge"))]
