"""ministack with its access control turned on, and what is in it."""

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import botocore.session

REGION = "us-east-1"
READY_SECONDS = 60
POLL_SECONDS = 0.1


class Simulator:
    """A running simulator; a context manager that stops it."""

    def __init__(self, executable: str):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._count = 0
        self._clients: dict = {}
        self._log = tempfile.TemporaryFile()
        environment = {**os.environ, "GATEWAY_PORT": str(self.port), "AUTH": "true"}
        self._process = subprocess.Popen([executable], env=environment, stdout=self._log, stderr=self._log)

    def __enter__(self) -> "Simulator":
        self._await_readiness()
        self.account = self.client("sts").get_caller_identity()["Account"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def client(self, service: str):
        """A client of the account's root user, who may do everything."""
        if service not in self._clients:
            self._clients[service] = botocore.session.get_session().create_client(
                service,
                region_name=REGION,
                endpoint_url=self.endpoint,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        return self._clients[service]

    def make_table(self, name: str, item_count: int, index: str | None = None) -> None:
        dynamodb = self.client("dynamodb")
        key = [{"AttributeName": "pk", "KeyType": "HASH"}]
        indexes = [{"IndexName": index, "KeySchema": key, "Projection": {"ProjectionType": "ALL"}}] if index else None
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=key,
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        )
        for number in range(item_count):
            dynamodb.put_item(TableName=name, Item={"pk": {"S": f"{name}-{number}"}})

    def make_user(self, policy: dict | None, name: str | None = None) -> tuple[str, str]:
        """A new user with this policy: its access key and secret. A name that is taken gets another key."""
        iam = self.client("iam")
        self._count += 1
        name = name or f"reader-{self._count}"
        try:
            iam.create_user(UserName=name)
        except iam.exceptions.EntityAlreadyExistsException:
            pass
        if policy is not None:
            iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def make_role(self, name: str, trust: dict, policy: dict) -> None:
        iam = self.client("iam")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=json.dumps(policy))

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=1).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(POLL_SECONDS)
        self._process.terminate()
        self._log.seek(0)
        raise SystemExit(f"the simulator did not start:\n{self._log.read().decode()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
