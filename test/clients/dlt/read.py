"""dlt loads DuckDB from PyAirbyte's records, twice; it merges by key, and nested values stay in a column of JSON."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import airbyte as ab
import dlt

sys.path.append(str(Path(__file__).parent.parent))
from duckdb_rows import read_tables  # noqa: E402

config = json.loads(Path(os.environ["CONFIG"]).read_text())
source = ab.get_source("source-dynamodb", config=config, local_executable=Path(os.environ["CONNECTOR"]), streams="*")
keys = {"customers": "id", "ledger": "entry"}
path = str(Path("dlt.duckdb").absolute())


def read_stream(table: str) -> Iterator[dict]:
    dataset = source.get_records(table)
    for record in dataset:
        yield dict(record)


reads = []
for _ in range(2):
    pipeline = dlt.pipeline("clients", destination=dlt.destinations.duckdb(path), dataset_name="tables")
    for table in config["tables"]:
        resource = dlt.resource(
            read_stream(table), name=table, primary_key=keys[table], write_disposition="merge", max_table_nesting=0
        )
        pipeline.run(resource)
    reads.append(read_tables(path, "tables", config["tables"]))
Path(os.environ["OUTPUT"]).write_text(f"[{', '.join(reads)}]")
