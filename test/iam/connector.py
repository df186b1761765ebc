"""The built connector, run as a user runs it."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

CONNECTOR = Path(__file__).parents[2] / "dist" / "src" / "main.js"
RUN_SECONDS = 120


class Connector:
    """Runs commands with configs that reach one simulator, or others for DynamoDB and S3."""

    def __init__(self, sts_endpoint: str, region: str, endpoint: str | None = None):
        endpoint = endpoint or sts_endpoint
        self._shared = {"endpoint": endpoint, "sts_endpoint": sts_endpoint, "region": region}

    def config(self, key: tuple[str, str], **options: object) -> dict:
        """A config with a user's access key."""
        return {**self._shared, "credentials": {"auth_type": "User", **self._key(key)}, **options}

    def role_config(self, key: tuple[str, str], role: dict, **options: object) -> dict:
        """A config that assumes a role with a user's access key."""
        return {**self._shared, "credentials": {"auth_type": "AssumeRole", **self._key(key), **role}, **options}

    def check(self, config: dict) -> str:
        """SUCCEEDED, or the sentence of the failure."""
        [status] = [m["connectionStatus"] for m in self._run("check", config) if m["type"] == "CONNECTION_STATUS"]
        return status.get("message") or status["status"]

    def discover(self, config: dict) -> list[str]:
        """The names of the streams, or the sentence of the failure."""
        messages = self._run("discover", config)
        errors = [m["trace"]["error"]["message"] for m in messages if m["type"] == "TRACE"]
        return errors or [s["name"] for m in messages if m["type"] == "CATALOG" for s in m["catalog"]["streams"]]

    def read(self, config: dict, streams: list[str], sync_mode: str = "full_refresh") -> dict[str, object]:
        """By stream, how many records came, or the sentence of its failure."""
        catalog = {"streams": [{"stream": {"name": name, "json_schema": {}}, "sync_mode": sync_mode} for name in streams]}
        result: dict[str, object] = dict.fromkeys(streams, 0)
        for message in self._run("read", config, catalog):
            if message["type"] == "RECORD":
                result[message["record"]["stream"]] += 1
            elif message["type"] == "TRACE" and message["trace"]["type"] == "ERROR":
                error = message["trace"]["error"]
                result[error["stream_descriptor"]["name"]] = error["message"]
        return result

    def _run(self, command: str, config: dict, catalog: dict | None = None) -> list[dict]:
        # Nothing of this machine's own AWS set-up may help.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["node", str(CONNECTOR), command]
            for name, value in (("config", config), ("catalog", catalog)):
                if value is not None:
                    path = Path(folder, f"{name}.json")
                    path.write_text(json.dumps(value))
                    arguments += [f"--{name}", str(path)]
            run = subprocess.run(arguments, capture_output=True, text=True, timeout=RUN_SECONDS, env=environment)
        return [json.loads(line) for line in run.stdout.splitlines()]

    @staticmethod
    def _key(key: tuple[str, str]) -> dict[str, str]:
        return {"access_key_id": key[0], "secret_access_key": key[1]}
