"""Exports that lie in an S3 of others: the simulator's, which checks signatures, instead of the fake of the tests."""

import base64
import gzip
import hashlib
import json
import random

import policies
from connector import Connector
from report import Report
from simulator import Simulator

BUCKET = "my-exports"
PREFIX = "airbyte"
TABLE = "orders"
ITEMS_A_FILE = 3000
FILES = 3
FULL_TIME = "2026-10-31T12:00:00Z"
NEXT_TIME = "2026-10-31T18:00:00Z"


def try_s3(simulator: Simulator, connector: Connector, policy: dict, report: Report) -> None:
    s3 = simulator.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    full = [[{"Item": make_item(file * ITEMS_A_FILE + index)} for index in range(ITEMS_A_FILE)] for file in range(FILES)]
    put_export(simulator, "01793448000000-00000001", full, {"exportTime": FULL_TIME})
    changes = [[make_change(0, gone=False), make_change(1, gone=True)]]
    window = {"exportType": "INCREMENTAL_EXPORT", "exportFromTime": FULL_TIME, "exportToTime": NEXT_TIME}
    put_export(simulator, "01793469600000-00000002", changes, window)
    options = {
        "tables": [TABLE],
        "replication_method": {"method": "Export", "exports": "Use existing"},
        "export": {"s3_bucket": BUCKET, "s3_prefix": PREFIX},
        "s3_endpoint": simulator.endpoint,
    }
    config = connector.config(simulator.make_user(policy), **options)
    report.expect("exports in the simulator's S3: check succeeds", connector.check(config), "SUCCEEDED")
    count = FILES * ITEMS_A_FILE
    report.expect("exports in the simulator's S3: all items are read", connector.read(config, [TABLE]), {TABLE: count})
    both = connector.read(config, [TABLE], "incremental")
    report.expect("exports in the simulator's S3: changes are read behind them", both, {TABLE: count + 2})
    for action in ("s3:GetObject", "s3:ListBucket"):
        lacking = connector.config(simulator.make_user(policies.without(policy, action)), **options)
        sentence = f"The credentials are not allowed to call {action}"
        report.expect_sentence(f"exports in the simulator's S3 without {action}: check says so", connector.check(lacking), sentence)


def make_item(number: int) -> dict:
    """Text that hardly compresses, so that a file takes several requests."""
    text = base64.b64encode(random.Random(number).randbytes(450)).decode()
    return {"pk": {"S": f"k{number}"}, "text": {"S": text}}


def make_change(number: int, gone: bool) -> dict:
    item = make_item(number)
    change = {"Metadata": {"WriteTimestampMicros": {"N": "1793450000000000"}}, "Keys": {"pk": item["pk"]}, "OldImage": item}
    return change if gone else {**change, "NewImage": {**item, "text": {"S": "new"}}}


def put_export(simulator: Simulator, name: str, files: list[list[dict]], more: dict) -> None:
    """Puts an export of these lines into the bucket, as DynamoDB lays one out."""
    s3 = simulator.client("s3")
    folder = f"{PREFIX}/AWSDynamoDB/{name}"
    listed = []
    for index, lines in enumerate(files):
        body = gzip.compress("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode())
        key = f"{folder}/data/{index}.json.gz"
        etag = s3.put_object(Bucket=BUCKET, Key=key, Body=body)["ETag"].strip('"')
        md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
        listed.append({"itemCount": len(lines), "md5Checksum": md5, "etag": etag, "dataFileS3Key": key})
    manifest = f"{folder}/manifest-files.json"
    s3.put_object(Bucket=BUCKET, Key=manifest, Body="".join(json.dumps(file) + "\n" for file in listed).encode())
    arn = simulator.client("dynamodb").describe_table(TableName=TABLE)["Table"]["TableArn"]
    summary = {
        **{"version": "2023-08-01", "exportArn": f"{arn}/export/{name}", "tableArn": arn, "outputFormat": "DYNAMODB_JSON"},
        **{"startTime": FULL_TIME, "endTime": NEXT_TIME, "s3Bucket": BUCKET, "s3Prefix": PREFIX},
        **{"manifestFilesS3Key": manifest, "itemCount": sum(map(len, files)), "billedSizeBytes": 0, **more},
    }
    s3.put_object(Bucket=BUCKET, Key=f"{folder}/manifest-summary.json", Body=json.dumps(summary).encode())
