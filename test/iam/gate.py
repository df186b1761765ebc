"""
A gate before services that the simulator does not authorise by itself.

ministack knows the resource of a DynamoDB call only by `TableName`: it takes calls on change streams and exports for
calls on `*`, and does not ask whether an export may be written. So here each call is passed on to a fake, with the fake's
own key, only if ministack's IAM (SimulatePrincipalPolicy, SimulateCustomPolicy) allows every action that AWS would ask
for, on the resource that AWS's service authorization reference names. What is not shown thereby: that AWS asks for these
actions and no others, and conditions in policies, which ministack does not simulate.
"""

import json
import re
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from simulator import REGION, Simulator

# The account of the fakes.
ACCOUNT = "123456789012"
FORWARDED = ("content-type", "x-amz-target", "range", "if-match")
RETURNED = ("content-type", "x-amz-crc32", "date", "etag", "content-range", "x-amz-bucket-region")
# What DynamoDB needs in the name of whoever starts an export, by AWS's guide to requesting exports.
WRITING = ("s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload")
WRITING_WITH_KEY = ("kms:GenerateDataKey", "kms:Decrypt")


class Call:
    """A request of the connector."""

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        [self.access_key] = re.findall(r"Credential=([^/]+)/", headers["authorization"])
        self.is_s3 = "x-amz-target" not in headers
        self.operation = headers.get("x-amz-target", "").rpartition(".")[2]
        self.input = {} if self.is_s3 else json.loads(body)

    def demand(self) -> tuple[str, str]:
        """The action, and the resource that it is for."""
        if not self.is_s3:
            return f"dynamodb:{self.operation}", self._dynamodb_resource()
        url = urlsplit(self.target)
        bucket, _, key = url.path.lstrip("/").partition("/")
        if key:
            return "s3:GetObject", f"arn:aws:s3:::{bucket}/{unquote(key)}"
        if parse_qs(url.query).get("list-type") != ["2"]:
            raise ValueError(f"The gate does not know {self.target}")
        return "s3:ListBucket", f"arn:aws:s3:::{bucket}"

    def export_objects(self) -> str:
        """Where an export is written."""
        prefix = self.input.get("S3Prefix")
        folder = f"{prefix}/" if prefix else ""
        return f"arn:aws:s3:::{self.input['S3Bucket']}/{folder}AWSDynamoDB/01700000000000-00000000/data/x.json.gz"

    def _dynamodb_resource(self) -> str:
        if self.operation in ("ListTables", "ListExports"):
            return "*"
        if "ShardIterator" in self.input:
            return json.loads(self.input["ShardIterator"])[0]
        name = next(self.input[k] for k in ("StreamArn", "ExportArn", "TableArn", "TableName") if k in self.input)
        return name if name.startswith("arn:") else f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        # The connector hangs up when it has seen enough.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Gate:
    """Serves on `endpoint`; a context manager that stops it."""

    def __init__(self, simulator: Simulator, fakes: dict):
        self._simulator = simulator
        self._iam = simulator.client("iam")
        self._fakes = fakes
        self._users: dict[str, str] = {}
        self._unwritable: set[tuple[str, str]] = set()
        # The policies of resources of other accounts, by ARN.
        self.resource_policies: dict[str, dict] = {}
        # The KMS key of the bucket.
        self.bucket_key: str | None = None
        # Every action that was asked for, until it is emptied.
        self.demanded: set[str] = set()
        self._server = Server(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "Gate":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def make_user(self, policy: dict, name: str | None = None) -> tuple[str, str]:
        """A new user of the simulator with this policy: its access key and secret."""
        name = name or f"changes-{len(self._users)}"
        key = self._simulator.make_user(policy, name)
        self._users[key[0]] = name
        return key

    def answer(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        action, resource = call.demand()
        demands = [(action, resource)]
        if action == "s3:GetObject" and self.bucket_key is not None:
            demands.append(("kms:Decrypt", self.bucket_key))
        for demand in demands:
            if not self._allows(call, *demand):
                return self._deny(call, *demand)
        if call.operation == "ExportTableToPointInTime":
            return self._start_export(call)
        if call.operation == "DescribeExport":
            return self._describe_export(call)
        return self._forward(call)

    def _allows(self, call: Call, action: str, resource: str) -> bool:
        self.demanded.add(action)
        user = f"arn:aws:iam::{self._simulator.account}:user/{self._users[call.access_key]}"
        simulated = self._iam.simulate_principal_policy(
            PolicySourceArn=user, ActionNames=[action], ResourceArns=[resource]
        )
        allowed = simulated["EvaluationResults"][0]["EvalDecision"] == "allowed"
        is_foreign = resource.split(":")[4:5] not in ([ACCOUNT], [""], [])
        return allowed and (not is_foreign or self._owner_allows(call, action, resource))

    def _owner_allows(self, call: Call, action: str, resource: str) -> bool:
        """Across accounts, the resource's own policy must allow it too: to this user, and on this resource."""
        policy = self.resource_policies.get(resource, {"Statement": []})
        named = [
            {name: value for name, value in statement.items() if name != "Principal"}
            for statement in policy["Statement"]
            if statement["Principal"] == {"AWS": self._arn(call)}
        ]
        if not named:
            return False
        simulated = self._iam.simulate_custom_policy(
            PolicyInputList=[json.dumps({**policy, "Statement": named})], ActionNames=[action], ResourceArns=[resource]
        )
        return simulated["EvaluationResults"][0]["EvalDecision"] == "allowed"

    def _arn(self, call: Call) -> str:
        """The user as AWS would name it, in the account of the page's examples."""
        return f"arn:aws:iam::{ACCOUNT}:user/{self._users[call.access_key]}"

    def _deny(self, call: Call, action: str, resource: str) -> tuple[int, dict[str, str], bytes]:
        text = f"User: {self._arn(call)} is not authorized to perform: {action} on resource: {resource}"
        text += f" because no identity-based policy allows the {action} action"
        if call.is_s3:
            body = f"<Error><Code>AccessDenied</Code><Message>{escape(text)}</Message></Error>"
            return 403, {"content-type": "application/xml"}, body.encode()
        error = {"__type": "com.amazon.coral.service#AccessDeniedException", "Message": text}
        return 400, {"content-type": "application/x-amz-json-1.0"}, json.dumps(error).encode()

    def _start_export(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        demands = [(action, call.export_objects()) for action in WRITING]
        key = call.input.get("S3SseKmsKeyId", self.bucket_key)
        if key is not None:
            demands += [(action, key) for action in WRITING_WITH_KEY]
        is_writable = all([self._allows(call, *demand) for demand in demands])
        status, headers, body = self._forward(call)
        if not is_writable and status == 200:
            arn = json.loads(body)["ExportDescription"]["ExportArn"]
            self._unwritable.add((arn, call.access_key))
        return status, headers, body

    def _describe_export(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        """An export that could not be written has failed; AWS then says no more than that access was denied."""
        status, headers, body = self._forward(call)
        if (call.input["ExportArn"], call.access_key) not in self._unwritable:
            return status, headers, body
        described = json.loads(body)["ExportDescription"]
        reason = "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)"
        described |= {"ExportStatus": "FAILED", "FailureCode": "S3AccessDenied", "FailureMessage": reason}
        body = json.dumps({"ExportDescription": described}).encode()
        return status, {"content-type": headers["content-type"]}, body

    def _forward(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        url = self._fakes["s3Endpoint" if call.is_s3 else "endpoint"] + call.target
        headers = {name: call.headers[name] for name in FORWARDED if name in call.headers}
        request = AWSRequest(method=call.method, url=url, data=call.body, headers=headers)
        key = Credentials(self._fakes["accessKeyId"], self._fakes["secretAccessKey"])
        signer = S3SigV4Auth(key, "s3", REGION) if call.is_s3 else SigV4Auth(key, "dynamodb", REGION)
        signer.add_auth(request)
        sent = urllib.request.Request(url, call.body or None, dict(request.headers), method=call.method)
        try:
            with urllib.request.urlopen(sent) as response:
                return response.status, pick(response.headers, RETURNED), response.read()
        except urllib.error.HTTPError as error:
            return error.code, pick(error.headers, RETURNED), error.read()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, answered, content = gate.answer(Call(self.command, self.path, headers, body))
                self.send_response_only(status)
                for name, value in answered.items():
                    self.send_header(name, value)
                if "date" not in answered:
                    self.send_header("date", self.date_time_string())
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def pick(headers: object, names: tuple[str, ...]) -> dict[str, str]:
    return {name: headers[name] for name in names if headers[name] is not None}
