"""PyAirbyte follows a busy table by its change stream; the view of docs/change-capture.md is the table."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from airbyte.caches import DuckDBCache
from busy_table import KEYS, BusyTable, Key, Row
from duckdb_reads import EXECUTABLE, LOGS, Loaded, config_named, open_source

TABLE = "busy"
FIRST_CHANGES = 150
DOCS = EXECUTABLE.parent.parent / "docs" / "change-capture.md"


class Follower:
    """Syncs of the table, one after another, into one DuckDB file."""

    def __init__(self, directory: Path, table: BusyTable) -> None:
        self.table = table
        self.batches = directory / "batches"
        self.loaded = Loaded(
            DuckDBCache(db_path=directory / "cache.duckdb", schema_name="main", cache_dir=self.batches), []
        )

    def sync(self) -> None:
        source = open_source(config_named("config.json", tables=[TABLE], replication_method={"method": "Streams"}), [TABLE])
        self.loaded.processed.append(source.read(cache=self.loaded.cache, write_strategy="append").processed_records)

    def sync_while_it_changes(self) -> None:
        """Items change from before the sync until its first records are here, and after that."""
        with self.table.changing(until=lambda: any(self.batches.glob(f"{TABLE}*"))):
            self.sync()

    def rows(self, sql: str) -> dict[Key, Row]:
        """What is not null in each row, by its key, without what PyAirbyte and change capture add."""
        with self.loaded.cache.get_sql_engine().connect() as connection:
            result = connection.exec_driver_sql(sql)
            names = list(result.keys())
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        keyed = {(row["pk"], int(row["sk"])): row for row in rows}
        assert len(keyed) == len(rows)
        return {
            key: {name: value for name, value in row.items() if not name.startswith("_a") and value is not None}
            for key, row in keyed.items()
        }

    def number(self, sql: str) -> int:
        [(number,)] = self.loaded.query(f"select {sql} from main.{TABLE}")
        return number


def documented_view() -> str:
    """The query of the documentation, for this table and its keys."""
    [query] = re.findall(r"```sql\n(.*?)```", DOCS.read_text(), re.DOTALL)
    named = query.replace("FROM orders", f"FROM main.{TABLE}")
    return named.replace("PARTITION BY pk", f"PARTITION BY {', '.join(KEYS)}")


@pytest.fixture(scope="module")
def table(dynamodb: object) -> Iterator[BusyTable]:
    table = BusyTable(dynamodb, TABLE)
    yield table
    table.drop()


@pytest.fixture(scope="module")
def follower(table: BusyTable, tmp_path_factory: pytest.TempPathFactory) -> Follower:
    for _ in range(FIRST_CHANGES):
        table.change_one()
    return Follower(tmp_path_factory.mktemp("changes"), table)


# Each of the tests goes on from where the one before it ended.


def test_first_sync_brings_a_snapshot_and_the_changes_that_came_meanwhile(follower: Follower) -> None:
    follower.sync_while_it_changes()
    newest_of_snapshot = follower.number("max(version) filter (where _ab_cdc_sequence_number is null)")
    newest_of_changes = follower.number("max(version) filter (where _ab_cdc_sequence_number is not null)")
    assert FIRST_CHANGES / 2 < newest_of_snapshot < newest_of_changes


def test_sync_brings_changes_from_before_it_and_from_while_it_ran(follower: Follower, table: BusyTable) -> None:
    twice, gone, again, short_lived = (("story", number) for number in range(4))
    for key in (twice, gone, again):
        table.put(key, {"visits": 1})
    for _ in range(5):
        table.update(twice)
    table.delete(gone)
    table.delete(again)
    table.put(again, {"note": "made again"})
    table.put(short_lived, {"visits": 1})
    table.delete(short_lived)
    before = table.version
    follower.sync_while_it_changes()
    assert follower.number("max(version)") > before
    view = follower.rows(documented_view())
    assert {key[1]: row.get("visits") for key, row in view.items() if key[0] == "story"} == {0: 6, 2: None}
    versions = "count(*) filter (where pk = 'story' and sk = {0})".format
    assert [follower.number(versions(number)) for number in range(4)] == [6, 2, 3, 2]


def test_documented_view_is_the_table_after_a_sync_in_quiet(follower: Follower, table: BusyTable) -> None:
    for _ in range(FIRST_CHANGES):
        table.change_one()
    follower.sync()
    expected = table.rows()
    assert len(expected) > 10
    view = follower.rows(documented_view())
    assert view.keys() == expected.keys()
    for key, item in expected.items():
        assert view[key] == {name: value for name, value in item.items() if value is not None}, key
    # It had something to do: versions that are no more, and deletes.
    assert follower.number("count(*)") > 3 * len(expected)
    assert follower.number("count(*) filter (where _ab_cdc_deleted_by = 'user')") > len(expected)


def test_sync_without_changes_brings_nothing(follower: Follower) -> None:
    follower.sync()
    assert follower.loaded.processed[-1] == 0


def test_each_sync_warns_of_the_catalog_that_pyairbyte_makes(follower: Follower) -> None:
    logs = [path.read_text() for path in LOGS.glob("*.log")]
    warned = [log for log in logs if f"{TABLE}: an incremental stream that overwrites, as PyAirbyte" in log]
    assert len(warned) == len(follower.loaded.processed) == 4


def test_no_sync_takes_offence_at_the_state_that_pyairbyte_keeps() -> None:
    logs = [path.read_text() for path in LOGS.glob("*.log")]
    assert logs
    assert [log for log in logs if "in the state" in log] == []
