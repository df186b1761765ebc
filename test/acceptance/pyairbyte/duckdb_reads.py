"""What the tests of PyAirbyte share: the connector as its source, and DuckDB as its cache.

Environment: CONNECTOR_EXECUTABLE, CONNECTOR_FOLDER (configs with the engine's address), AIRBYTE_LOGGING_ROOT.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import airbyte as ab
from airbyte.caches import DuckDBCache

CONFIGS = Path(os.environ["CONNECTOR_FOLDER"]) / "integration_tests"
EXECUTABLE = Path(os.environ["CONNECTOR_EXECUTABLE"])
# PyAirbyte writes what the connector logs into files of this folder, one for each source.
LOGS = Path(os.environ["AIRBYTE_LOGGING_ROOT"]) / "source-dynamodb"


def config_named(name: str, **changes: object) -> dict:
    return {**json.loads((CONFIGS / name).read_text()), **changes}


def open_source(config: dict, streams: list[str] | str | None = None) -> ab.Source:
    return ab.get_source("source-dynamodb", config=config, local_executable=EXECUTABLE, streams=streams)


@dataclass
class Loaded:
    """What one or more reads left in a DuckDB file."""

    cache: DuckDBCache
    processed: list[int]

    def query(self, sql: str) -> list[tuple]:
        with self.cache.get_sql_engine().connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).fetchall()]

    def tables(self) -> list[str]:
        rows = self.query("select table_name from information_schema.tables order by 1")
        return [name for (name,) in rows if not name.startswith("_airbyte")]

    def columns(self, table: str) -> dict[str, str]:
        sql = f"select column_name, data_type from information_schema.columns where table_name = '{table}'"
        return dict(self.query(sql))

    def states(self) -> dict[str, object]:
        rows = self.query("select stream_name, state_json from main._airbyte_state")
        return {name: json.loads(state)["stream"]["stream_state"] for name, state in rows}


def load(directory: Path, source: ab.Source, reads: int) -> Loaded:
    cache = DuckDBCache(db_path=directory / "cache.duckdb", schema_name="main")
    return Loaded(cache, [source.read(cache=cache).processed_records for _ in range(reads)])
