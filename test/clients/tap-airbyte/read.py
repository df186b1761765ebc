"""Meltano's tap-airbyte into target-jsonl: FULL_TABLE, which is its default, twice, and then INCREMENTAL.

It runs images, or the executables of a folder of its own; the connector's executable is put there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import tap_airbyte

config = json.loads(Path(os.environ["CONFIG"]).read_text())
bin_folder = Path(tap_airbyte.__file__).parent / ".venv-airbyte-source-dynamodb/bin"
bin_folder.mkdir(parents=True, exist_ok=True)
# It asks this pip for a check, whose answer it logs.
for name, target in {"source-dynamodb": os.environ["CONNECTOR"], "pip": "/bin/true"}.items():
    (bin_folder / name).unlink(missing_ok=True)
    (bin_folder / name).symlink_to(target)

Path("tap.json").write_text(
    json.dumps(
        {
            "airbyte_spec": {"image": "source-dynamodb/source-dynamodb", "tag": "dev"},
            "airbyte_config": config,
            "force_native": True,
        }
    )
)
Path("rows").mkdir()
Path("target.json").write_text(json.dumps({"destination_path": "rows", "do_timestamp_file": False}))
TAP = [str(Path(sys.executable).parent / "tap-airbyte"), "--config", "tap.json"]
TARGET = ["target-jsonl", "--config", "target.json"]


def run(command: list[str], stdin: bytes = b"") -> bytes:
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True).stdout


def read(method: str, state: bytes) -> bytes:
    """Loads what the tap reads from a state, and returns the state that the target leaves."""
    for stream in catalog["streams"]:
        stream["replication_method"] = method
    Path("catalog.json").write_text(json.dumps(catalog))
    Path("state.json").write_bytes(state or b"{}")
    messages = run([*TAP, "--catalog", "catalog.json", "--state", "state.json"])
    return run(TARGET, messages).strip().splitlines()[-1]


catalog = json.loads(run([*TAP, "--discover"]))
state = b""
reads = []
for method in ("FULL_TABLE", "FULL_TABLE", "INCREMENTAL"):
    state = read(method, state)
    tables = (f"{json.dumps(table)}: [{','.join(Path(f'rows/{table}.jsonl').read_text().splitlines())}]" for table in config["tables"])
    reads.append("{" + ", ".join(tables) + "}")
Path(os.environ["OUTPUT"]).write_text(f"[{', '.join(reads)}]")
