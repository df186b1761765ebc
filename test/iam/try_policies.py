"""
Makes users and roles from the policies of docs/iam.md and runs the connector with them: what is allowed works, and
each missing action gives the sentence that names it. Change streams and exports are tried by try_changes.py, exports
in the simulator's own S3 by try_s3.py.
"""

import json
import sys

import policies
import try_changes
import try_s3
from connector import Connector
from report import Report
from simulator import REGION, Simulator

TABLES = {"orders": 3, "users": 2, "sales-2024": 4, "sales-2025": 5, "secrets-keys": 1}
INDEX = "by-date"
CHOSEN = {"tables": ["orders", "users"]}
# What a config asks for under each policy, and what discovery finds then.
MODES = {
    "chosen-tables": (CHOSEN, ["orders", "users"]),
    "tables-by-glob": ({"tables": ["sales-*"]}, ["sales-2024", "sales-2025"]),
    "every-table": ({}, sorted(TABLES)),
    "every-table-but-secrets": ({"exclude_tables": ["secrets-*"]}, ["orders", "sales-2024", "sales-2025", "users"]),
}
# They hang on a table or change stream, which try_changes.py acts out.
OF_RESOURCES = ("resource-policy", "stream-resource-policy")
INDEX_OPTIONS = {"tables": ["orders"], "table_options": [{"table": "orders", "index_name": INDEX, "consistent_read": False}]}


def try_modes(simulator: Simulator, connector: Connector, known: dict[str, dict], report: Report) -> None:
    for name, (options, streams) in MODES.items():
        config = connector.config(simulator.make_user(known[name]), **options)
        report.expect(f"{name}: check succeeds", connector.check(config), "SUCCEEDED")
        report.expect(f"{name}: discover finds the tables", connector.discover(config), streams)
        counts = {stream: TABLES[stream] for stream in streams}
        report.expect(f"{name}: read brings every item", connector.read(config, streams), counts)
        for action in policies.allowed_actions(known[name]):
            lacking = connector.config(simulator.make_user(policies.without(known[name], action)), **options)
            sentence = (f"The credentials are not allowed to call {action}", f"Allow {action} in the IAM policy")
            report.expect_sentence(f"{name} without {action}: check says so", connector.check(lacking), *sentence)
            report.expect_sentence(f"{name} without {action}: discover says so", connector.discover(lacking), *sentence)


def try_limits(simulator: Simulator, connector: Connector, known: dict[str, dict], report: Report) -> None:
    key = simulator.make_user(known["chosen-tables"])
    other = connector.config(key, tables=["orders", "sales-2024"])
    denial = "The credentials are not allowed to call dynamodb:DescribeTable on sales-2024"
    report.expect_sentence("chosen-tables: another table is refused", connector.check(other), denial)
    report.expect_sentence("chosen-tables: so are all", connector.check(connector.config(key)), "dynamodb:ListTables")
    result = connector.read(other, ["sales-2024", "orders"])
    report.expect("chosen-tables: read goes on with the allowed table", result["orders"], TABLES["orders"])
    report.expect_sentence("chosen-tables: read names the refused one", result["sales-2024"], denial)

    glob = connector.config(simulator.make_user(known["tables-by-glob"]), tables=["*"])
    names = [name for name in TABLES if not name.startswith("sales-")]
    sentences = [f"dynamodb:DescribeTable on {name}" for name in names]
    report.expect_sentence("tables-by-glob: every refused table is named", connector.discover(glob), "3 tables", *sentences)

    key = simulator.make_user(known["every-table-but-secrets"])
    report.expect_sentence("a denial wins", connector.check(connector.config(key)), "on secrets-keys")
    ignoring = connector.config(key, ignore_missing_read_permissions_tables=True)
    report.expect("refused tables can be ignored", connector.discover(ignoring), MODES["every-table-but-secrets"][1])


def try_index(simulator: Simulator, connector: Connector, known: dict[str, dict], report: Report) -> None:
    policy = known["index"]
    config = connector.config(simulator.make_user(policy), **INDEX_OPTIONS)
    report.expect("index: check succeeds", connector.check(config), "SUCCEEDED")
    report.expect("index: discover finds the table", connector.discover(config), ["orders"])
    report.expect("index: read brings every item", connector.read(config, ["orders"]), {"orders": TABLES["orders"]})
    table = connector.config(simulator.make_user(policy), tables=["orders"])
    report.expect_sentence("index: the table itself is refused", connector.check(table), "are not allowed to call dynamodb:Scan on orders")
    lacking = connector.config(simulator.make_user(policies.without(policy, "dynamodb:Scan")), **INDEX_OPTIONS)
    report.expect_sentence("index without dynamodb:Scan: check says so", connector.check(lacking), "are not allowed to call dynamodb:Scan")


def try_role(simulator: Simulator, connector: Connector, known: dict[str, dict], report: Report) -> None:
    key = simulator.make_user(known["may-assume"], name="airbyte")
    simulator.make_role("airbyte-dynamodb", known["trust-user"], known["chosen-tables"])
    arn = f"arn:aws:iam::{simulator.account}:role/airbyte-dynamodb"
    external_id = known["trust-user"]["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"]
    role = {"role_arn": arn, "external_id": external_id}
    config = connector.role_config(key, role, **CHOSEN)
    report.expect("role: check succeeds", connector.check(config), "SUCCEEDED")
    report.expect("role: read brings every item", connector.read(config, ["orders"]), {"orders": TABLES["orders"]})
    report.expect_sentence(
        "role: its user may read nothing itself",
        connector.check(connector.config(key, **CHOSEN)),
        "are not allowed to call dynamodb:DescribeTable",
    )
    refusal = (f"The role {arn} cannot be assumed", 'check "external_id"')
    for name, refused in {
        "a wrong external id": connector.role_config(key, {**role, "external_id": "guessed"}, **CHOSEN),
        "no external id": connector.role_config(key, {"role_arn": arn}, **CHOSEN),
        "a user that it does not trust": connector.role_config(simulator.make_user(known["may-assume"]), role, **CHOSEN),
    }.items():
        report.expect_sentence(f"role: {name} is refused", connector.check(refused), *refusal)
    missing = f"arn:aws:iam::{simulator.account}:role/no-such-role"
    lost = connector.role_config(key, {**role, "role_arn": missing}, **CHOSEN)
    report.expect_sentence("role: one that does not exist is refused", connector.check(lost), f"The role {missing} cannot be assumed")


def try_documents(simulator: Simulator, known: dict[str, dict], report: Report) -> None:
    """What the simulator cannot act out is at least accepted as a policy."""
    iam = simulator.client("iam")
    for name, policy in known.items():
        document = json.dumps(policy)
        if name.startswith("trust-"):
            created = iam.create_role(RoleName=f"try-{name}", AssumeRolePolicyDocument=document)["Role"]["RoleName"]
            report.expect(f"{name}: accepted as a trust policy", created, f"try-{name}")
        elif name not in OF_RESOURCES:
            created = iam.create_policy(PolicyName=f"try-{name}", PolicyDocument=document)["Policy"]["PolicyName"]
            report.expect(f"{name}: accepted as a policy", created, f"try-{name}")


def main(executable: str) -> int:
    report = Report()
    with Simulator(executable) as simulator:
        for name, count in TABLES.items():
            simulator.make_table(name, count, INDEX if name == "orders" else None)
        known = policies.load(simulator.account)
        connector = Connector(simulator.endpoint, REGION)
        for attempt in (try_modes, try_limits, try_index, try_role):
            attempt(simulator, connector, known, report)
        try_s3.try_s3(simulator, connector, known["existing-exports"], report)
        try_documents(simulator, known, report)
        try_changes.try_all(simulator, report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 0 if report.failed == 0 and report.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
