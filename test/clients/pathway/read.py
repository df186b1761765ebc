"""Pathway refreshes a streaming table: the first read has an empty GLOBAL state, the next the state of the one before.

It runs images only. What stands in for docker here runs the connector's executable, with the files of the folder that
would be mounted.
"""

import json
import os
import sys
from pathlib import Path

STAND_IN = """#!/bin/sh
# docker run --rm -i --volume FOLDER:/mnt/temp [-e …] IMAGE COMMAND…
volume=
while [ $# -gt 0 ]; do
  case $1 in
    --volume) volume=${2%%:*}; shift 2 ;;
    source-dynamodb/*) shift; break ;;
    *) shift ;;
  esac
done
exec "$CONNECTOR" $(echo "$@" | sed "s#/mnt/temp#$volume#g")
"""

stand_in = Path("bin/docker").absolute()
stand_in.parent.mkdir()
stand_in.write_text(STAND_IN)
stand_in.chmod(0o755)
os.environ["PATH"] = f"{stand_in.parent}:{os.environ['PATH']}"

import pathway as pw  # noqa: E402

config = json.loads(Path(os.environ["CONFIG"]).read_text())
counts = json.loads(os.environ["ITEMS"])
keys = {"id": "customers", "entry": "ledger"}
# JSON is YAML.
Path("connection.yaml").write_text(
    json.dumps({"source": {"docker_image": "source-dynamodb/source-dynamodb:dev", "config": config}})
)
rows = {table: [] for table in config["tables"]}
reads = []


def keep(key: object, row: dict, time: int, is_addition: bool) -> None:
    # A value of JSON that is text, which is JSON again.
    data = json.loads(row["data"].as_str())
    rows[next(table for name, table in keys.items() if name in data)].append(data)
    if all(len(rows[table]) == count * (len(reads) + 1) for table, count in counts.items()):
        reads.append(json.dumps(rows))
    if len(reads) == 2:
        Path(os.environ["OUTPUT"]).write_text(f"[{', '.join(reads)}]")
        sys.stdout.flush()
        # A streaming computation has no end.
        os._exit(0)


table = pw.io.airbyte.read(
    "connection.yaml", config["tables"], enforce_method="docker", mode="streaming", refresh_interval=1
)
pw.io.subscribe(table, keep)
pw.run(monitoring_level=pw.MonitoringLevel.NONE)
