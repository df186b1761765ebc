"""
The policies for change streams, exports and tables of other accounts, through the gate: each is enough for check,
discover and read, allows nothing that these do not ask for, and without any of its actions the commands that need it
say which it is.
"""

import json

import policies
from changes import Fakes
from connector import Connector
from gate import ACCOUNT, Gate
from report import Report
from simulator import REGION, Simulator

ITEMS = 3
SHARED_ARN = f"arn:aws:dynamodb:{REGION}:210987654321:table/shared"
ORDERS_ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
STREAMS = {"replication_method": {"method": "Streams"}}
CHANGES = {"tables": ["orders"], **STREAMS}
EXPORTS = {
    "tables": ["orders"],
    "replication_method": {"method": "Export"},
    "export": {"s3_bucket": "my-exports", "s3_prefix": "airbyte"},
}
EXISTING = {**EXPORTS, "replication_method": {"method": "Export", "exports": "Use existing"}}
ALL = ("check", "discover", "read")
# By action, which commands fail without it, and the resource that their sentences name.
STREAM_ACTIONS = ("dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords")
OF_STREAMS = {
    "dynamodb:DescribeTable": (ALL, "orders"),
    "dynamodb:Scan": (ALL, "orders"),
    **{action: (("check", "read"), f"{ORDERS_ARN}/stream/") for action in STREAM_ACTIONS},
}
WRITING = (("read",), "the bucket my-exports")
OF_EXPORTS = {
    "dynamodb:DescribeTable": (ALL, "orders"),
    "dynamodb:Scan": (("discover",), "orders"),
    "dynamodb:DescribeContinuousBackups": (("check", "read"), "orders"),
    "dynamodb:ExportTableToPointInTime": (("read",), "orders"),
    "dynamodb:DescribeExport": (("check", "read"), f"{ORDERS_ARN}/export/"),
    "dynamodb:ListExports": (("check", "read"), "orders"),
    "s3:AbortMultipartUpload": WRITING,
    "s3:GetObject": (("check", "read"), "s3://my-exports/airbyte/AWSDynamoDB/"),
    "s3:PutObject": WRITING,
    "s3:PutObjectAcl": WRITING,
    "s3:ListBucket": (("check",), "s3://my-exports"),
}
OF_KEY = {
    "kms:Decrypt": (("check", "read"), "my-exports"),
    "kms:GenerateDataKey": WRITING,
}
OF_EXISTING = {
    "dynamodb:DescribeTable": (ALL, "orders"),
    "dynamodb:Scan": (("discover",), "orders"),
    "s3:GetObject": (("check", "read"), "s3://my-exports/airbyte/AWSDynamoDB/"),
    "s3:ListBucket": (("check", "read"), "s3://my-exports"),
}


class Trial:
    """Runs the commands that a policy is for."""

    def __init__(self, gate: Gate, connector: Connector, report: Report):
        self.gate, self.connector, self.report = gate, connector, report

    def suffices(self, name: str, config: dict, stream: str, sync_mode: str) -> None:
        """The policy is enough."""
        self.report.expect(f"{name}: check succeeds", self.connector.check(config), "SUCCEEDED")
        self.report.expect(f"{name}: discover finds the table", self.connector.discover(config), [stream])
        read = self.connector.read(config, [stream], sync_mode)
        self.report.expect(f"{name}: read brings every item", read, {stream: ITEMS})

    def fails(self, name: str, config: dict, command: str, sync_mode: str, *parts: str) -> None:
        run = {
            "check": lambda: self.connector.check(config),
            "discover": lambda: self.connector.discover(config),
            "read": lambda: self.connector.read(config, ["orders"], sync_mode)["orders"],
        }
        self.report.expect_sentence(f"{name}: {command} says so", run[command](), *parts)

    def is_minimal(self, name: str, policy: dict, options: dict, sync_mode: str, needed: dict) -> None:
        """The policy is enough, nothing of it is idle, and none of the needed actions can be taken away."""
        self.gate.demanded.clear()
        self.suffices(name, self.connector.config(self.gate.make_user(policy), **options), "orders", sync_mode)
        allowed = sorted(policies.allowed_actions(policy))
        self.report.expect(f"{name}: all that it allows is asked for, and no more", sorted(self.gate.demanded), allowed)
        for action, (commands, resource) in needed.items():
            config = self.connector.config(self.gate.make_user(policies.without(policy, action)), **options)
            for command in commands:
                self.fails(f"{name} without {action}", config, command, sync_mode, action, resource)


def merge(*documents: dict) -> dict:
    return {**documents[0], "Statement": [statement for document in documents for statement in document["Statement"]]}


def try_shared(trial: Trial, known: dict[str, dict], stream_arn: str) -> None:
    """A table and change stream of another account: both sides must allow each action."""
    gate, connector, report = trial.gate, trial.connector, trial.report
    reader = merge(known["reader-of-shared"], known["reader-of-shared-stream"])
    name = "airbyte-dynamodb"
    config = connector.config(gate.make_user(reader, name), tables=[SHARED_ARN], **STREAMS)
    # Of the page, a role reads; here it is a user of its name.
    table, stream = (
        json.loads(json.dumps(known[policy]).replace(":role/", ":user/"))
        for policy in ("resource-policy", "stream-resource-policy")
    )
    gate.resource_policies = {SHARED_ARN: table, stream_arn: stream}
    gate.demanded.clear()
    trial.suffices("shared", config, "shared", "incremental")
    allowed = sorted(policies.allowed_actions(table) + policies.allowed_actions(stream))
    report.expect("shared: all that is allowed is asked for, and no more", sorted(gate.demanded), allowed)
    for action in allowed:
        gate.resource_policies = {SHARED_ARN: policies.without(table, action), stream_arn: policies.without(stream, action)}
        report.expect_sentence(f"shared: its owner must allow {action}", connector.check(config), action, SHARED_ARN)
    gate.resource_policies = {SHARED_ARN: table, stream_arn: stream}
    other = connector.config(gate.make_user(reader), tables=[SHARED_ARN], **STREAMS)
    report.expect_sentence("shared: another user is refused", connector.check(other), "dynamodb:DescribeTable", SHARED_ARN)
    gate.resource_policies = {SHARED_ARN: table, stream_arn.replace("12:00", "13:00"): stream}
    report.expect_sentence(
        "shared: the policy of a former change stream does not hold for this one",
        connector.check(config),
        f"dynamodb:DescribeStream on {stream_arn}",
        "the change stream of another account needs a resource policy of its own",
    )
    gate.resource_policies = {SHARED_ARN: table, stream_arn: stream}
    for action in allowed:
        lacking = connector.config(gate.make_user(policies.without(reader, action), name), tables=[SHARED_ARN], **STREAMS)
        report.expect_sentence(f"shared: its reader needs {action}", connector.check(lacking), action, SHARED_ARN)


def try_limits(trial: Trial, known: dict[str, dict], options: dict) -> None:
    key = trial.gate.make_user(known["change-stream"])
    trial.report.expect_sentence(
        "change-stream: exports are refused",
        trial.connector.check(trial.connector.config(key, **options)),
        "dynamodb:DescribeContinuousBackups on orders",
    )
    key = trial.gate.make_user(known["exports"])
    elsewhere = {**options, "export": {"s3_bucket": "my-exports", "s3_prefix": "of-others"}}
    trial.report.expect_sentence(
        "exports: another prefix is refused",
        trial.connector.check(trial.connector.config(key, **elsewhere)),
        "s3:GetObject on s3://my-exports/of-others/",
    )


def try_key(trial: Trial, known: dict[str, dict], options: dict) -> None:
    """A bucket with a customer managed key."""
    [statement] = known["exports-key"]["Statement"]
    trial.gate.bucket_key = statement["Resource"]
    config = trial.connector.config(trial.gate.make_user(known["exports"]), **options)
    trial.fails("exports of a bucket with a key", config, "check", "full_refresh", "kms:Decrypt on", statement["Resource"])
    policy = merge(known["exports"], known["exports-key"])
    trial.is_minimal("exports-key", policy, options, "full_refresh", OF_KEY)
    trial.gate.bucket_key = None


def try_all(simulator: Simulator, report: Report) -> None:
    known = policies.load(ACCOUNT)
    with Fakes() as fakes, Gate(simulator, fakes) as gate:
        connector = Connector(simulator.endpoint, REGION, gate.endpoint)
        trial = Trial(gate, connector, report)
        exports = {**EXPORTS, "s3_endpoint": gate.endpoint}
        existing = {**EXISTING, "s3_endpoint": gate.endpoint}
        for name, options, sync_mode, needed in (
            ("change-stream", CHANGES, "incremental", OF_STREAMS),
            ("exports", exports, "full_refresh", OF_EXPORTS),
            ("existing-exports", existing, "full_refresh", OF_EXISTING),
        ):
            trial.is_minimal(name, known[name], options, sync_mode, needed)
            untried = set(policies.allowed_actions(known[name])) - set(needed)
            report.expect(f"{name}: each of its actions is tried", untried, set())
        try_key(trial, known, exports)
        try_limits(trial, known, exports)
        try_shared(trial, known, fakes["streams"]["shared"])
