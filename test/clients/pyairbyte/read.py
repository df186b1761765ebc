"""PyAirbyte reads into DuckDB, twice into one cache, which keeps the state."""

import json
import os
import sys
from pathlib import Path

import airbyte as ab
from airbyte.caches import DuckDBCache

sys.path.append(str(Path(__file__).parent.parent))
from duckdb_rows import read_tables  # noqa: E402

config = json.loads(Path(os.environ["CONFIG"]).read_text())
executable = os.environ["CONNECTOR"]
runner = (
    {"local_executable": Path(executable)}
    if executable
    else {"docker_image": os.environ["CONNECTOR_IMAGE"], "use_host_network": True}
)
source = ab.get_source("source-dynamodb", config=config, streams="*", **runner)
path = Path("cache.duckdb").absolute()
reads = []
for _ in range(2):
    cache = DuckDBCache(db_path=path, schema_name="main")
    source.read(cache=cache)
    cache.close()
    cache.get_sql_engine().dispose()
    reads.append(read_tables(str(path), "main", config["tables"]))
Path(os.environ["OUTPUT"]).write_text(f"[{', '.join(reads)}]")
