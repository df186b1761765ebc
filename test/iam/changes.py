"""The fakes of serve-changes.ts, in a process of their own."""

import json
import subprocess
from pathlib import Path

SERVER = Path(__file__).parents[2] / "dist" / "test" / "iam" / "serve-changes.js"


class Fakes:
    """Running fakes; a context manager that gives where they are, and stops them."""

    def __enter__(self) -> dict:
        self._process = subprocess.Popen(["node", str(SERVER)], stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if line == "":
            raise SystemExit("the fakes did not start")
        return json.loads(line)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
