"""The image run as the platform runs it.

Environment: CONNECTOR_IMAGE, CONNECTOR_FOLDER (metadata.yaml, package.json and configs with the engine's address),
HOST_ADDRESS (of this machine as containers see it).
"""

import json
import os
import socket
import statistics
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

IMAGE = os.environ["CONNECTOR_IMAGE"]
FOLDER = Path(os.environ["CONNECTOR_FOLDER"])
HOST_ADDRESS = os.environ["HOST_ADDRESS"]

# What acceptance/tables.ts holds.
ITEM_COUNTS = {"customers": 12, "orders": 60, "attachments": 5, "ledger": 6}
START_TIME_RUNS = 7
STOP_SECONDS = 5


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=check, timeout=120)


def in_shell(script: str) -> str:
    return docker("run", "--rm", "--entrypoint", "sh", IMAGE, "-c", script).stdout.strip()


def as_the_platform(command: str, **files: Path) -> list[dict]:
    """Runs a command with its files mounted read-only, from a directory of the platform's; gives the messages."""
    mounts, flags = [], ""
    for name, path in files.items():
        path.chmod(0o444)
        mounts += ["--volume", f"{path}:/config/{name}.json:ro"]
        flags += f" --{name} /config/{name}.json"
    run = docker(
        *["run", "--rm", "--workdir", "/tmp", *mounts, "--entrypoint", "sh", IMAGE],
        *["-c", f'eval "$AIRBYTE_ENTRYPOINT {command}{flags}"'],
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return [json.loads(line) for line in run.stdout.splitlines()]


def payloads(messages: list[dict], kind: str, field: str) -> list[dict]:
    return [message[field] for message in messages if message["type"] == kind]


@pytest.fixture(scope="module")
def inspected() -> dict:
    return json.loads(docker("image", "inspect", IMAGE).stdout)[0]


@pytest.fixture(scope="module")
def config() -> Path:
    return FOLDER / "integration_tests" / "config.json"


@pytest.fixture(scope="module")
def catalog(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    [discovered] = payloads(as_the_platform("discover", config=config), "CATALOG", "catalog")
    configured = [
        {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
        for stream in discovered["streams"]
    ]
    path = tmp_path_factory.mktemp("image") / "catalog.json"
    path.write_text(json.dumps({"streams": configured}))
    return path


def test_labels_name_the_repository_and_the_version(inspected: dict) -> None:
    metadata = yaml.safe_load((FOLDER / "metadata.yaml").read_text())["data"]
    labels = inspected["Config"]["Labels"]
    assert labels["io.airbyte.name"] == metadata["dockerRepository"]
    assert labels["io.airbyte.version"] == metadata["dockerImageTag"]
    assert labels["org.opencontainers.image.version"] == metadata["dockerImageTag"]
    assert labels["org.opencontainers.image.licenses"] == metadata["license"]
    assert metadata["documentationUrl"].startswith(labels["org.opencontainers.image.source"])
    assert metadata["dockerImageTag"] == json.loads((FOLDER / "package.json").read_text())["version"]


def test_airbyte_entrypoint_is_the_entrypoint(inspected: dict) -> None:
    environment = dict(entry.split("=", 1) for entry in inspected["Config"]["Env"])
    entrypoint = inspected["Config"]["Entrypoint"]
    assert environment["AIRBYTE_ENTRYPOINT"] == " ".join(entrypoint)
    assert entrypoint[0].startswith("/")
    assert environment["NODE_ENV"] == "production"


def test_runs_as_airbyte_in_a_directory_of_its_own(inspected: dict) -> None:
    assert inspected["Config"]["User"] == "1000:1000"
    assert inspected["Config"]["WorkingDir"] == "/airbyte"
    assert in_shell("id -un; id -u; pwd; stat -c %U /airbyte") == "airbyte\n1000\n/airbyte\nairbyte"
    assert in_shell("touch /airbyte/file && echo written") == "written"


def test_holds_what_production_needs_and_nothing_else() -> None:
    listed = in_shell("find /airbyte -type f").splitlines()
    assert "/airbyte/dist/main.js" in listed
    assert "/airbyte/dist/THIRD-PARTY-LICENSES.txt" in listed
    kinds = {path.rpartition(".")[2] for path in listed if path.startswith("/airbyte/dist/")}
    assert kinds == {"js", "wasm", "txt", "json"}
    assert [path for path in listed if "/test/" in path or "/src/" in path or "/node_modules/" in path] == []


def test_lists_the_packages_of_the_bundle_for_scanners() -> None:
    sbom = json.loads(in_shell("cat /airbyte/dist/sbom.cdx.json"))
    licensed = in_shell("cat /airbyte/dist/THIRD-PARTY-LICENSES.txt")
    assert sbom["bomFormat"] == "CycloneDX"
    assert any(part["purl"].startswith("pkg:npm/%40aws-sdk/client-dynamodb@") for part in sbom["components"])
    for part in sbom["components"]:
        assert part["bom-ref"].rpartition("@")[0] in licensed


def test_spec_needs_no_network() -> None:
    run = docker("run", "--rm", "--network", "none", "--read-only", IMAGE, "spec")
    assert [json.loads(line)["type"] for line in run.stdout.splitlines()] == ["SPEC"]


def test_check_as_the_platform_runs_it(config: Path) -> None:
    [status] = payloads(as_the_platform("check", config=config), "CONNECTION_STATUS", "connectionStatus")
    assert status["status"] == "SUCCEEDED", status


def test_check_of_a_config_that_it_may_not_read(config: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden.json"
    hidden.write_text(config.read_text())
    hidden.chmod(0o000)
    run = docker("run", "--rm", "--volume", f"{hidden}:/config/config.json:ro", IMAGE, "check", "--config", "/config/config.json")
    [status] = payloads([json.loads(line) for line in run.stdout.splitlines()], "CONNECTION_STATUS", "connectionStatus")
    assert status == {
        "status": "FAILED",
        "message": "The config file /config/config.json cannot be read (EACCES): this process runs as the user 1000. "
        "Make the file and its folder readable by that user, or run the container with docker's --user.",
    }


def test_read_and_resumed_read_as_the_platform_runs_them(config: Path, catalog: Path, tmp_path: Path) -> None:
    first = as_the_platform("read", config=config, catalog=catalog)
    assert Counter(record["stream"] for record in payloads(first, "RECORD", "record")) == ITEM_COUNTS
    state = tmp_path / "state.json"
    state.write_text(json.dumps(payloads(first, "STATE", "state")))
    second = as_the_platform("read", config=config, catalog=catalog, state=state)
    assert payloads(second, "RECORD", "record") == []
    names = {state["stream"]["stream_descriptor"]["name"] for state in payloads(second, "STATE", "state")}
    assert names == {*ITEM_COUNTS, "archive"}


def test_sigterm_ends_process_1_with_143(config: Path, catalog: Path, tmp_path: Path) -> None:
    """A read that hangs in a request to a server that takes connections and never answers."""
    with socket.create_server(("0.0.0.0", 0)) as silent:
        silent.settimeout(60)
        port = silent.getsockname()[1]
        hanging = tmp_path / "config.json"
        hanging.write_text(json.dumps({**json.loads(config.read_text()), "endpoint": f"http://{HOST_ADDRESS}:{port}"}))
        container = docker(
            *["run", "--detach", "--volume", f"{hanging}:/c.json:ro", "--volume", f"{catalog}:/catalog.json:ro"],
            *[IMAGE, "read", "--config", "/c.json", "--catalog", "/catalog.json"],
        ).stdout.strip()
        try:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(1) != b""
                started = time.monotonic()
                docker("kill", "--signal", "TERM", container)
                code = docker("wait", container).stdout.strip()
                seconds = time.monotonic() - started
            assert code == "143", docker("logs", container).stdout[-3000:]
            assert seconds < STOP_SECONDS
            print(f"\nSIGTERM: exit 143 after {seconds:.2f} s")
        finally:
            docker("rm", "--force", container)


def test_prints_size_and_start_time(inspected: dict) -> None:
    own = int(in_shell("du -sk /airbyte | cut -f1")) / 1024
    node = ["--entrypoint", "node"]
    median = {
        name: statistics.median(seconds_of("run", "--rm", *arguments) for _ in range(START_TIME_RUNS))
        for name, arguments in {"spec": [IMAGE, "spec"], "node": [*node, IMAGE, "-e", "0"]}.items()
    }
    print(
        f"\nimage: {inspected['Size'] / 1e6:.0f} MB, of them /airbyte {own:.1f} MiB; "
        f"`docker run … spec` {median['spec']:.2f} s, `docker run … node -e 0` {median['node']:.2f} s "
        f"(medians of {START_TIME_RUNS})"
    )
    # Docker's own part varies with the machine; the connector's is the difference.
    assert median["spec"] - median["node"] < 1


def seconds_of(*arguments: str) -> float:
    started = time.monotonic()
    docker(*arguments)
    return time.monotonic() - started
