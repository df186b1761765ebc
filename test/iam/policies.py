"""The policies of docs/iam.md, by the name in the comment before each."""

import copy
import json
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "iam.md"
# The account of the page's examples.
ACCOUNT = "123456789012"
BLOCK = re.compile(r"<!-- policy: (\S+) -->\s*```json\n(.*?)```", re.DOTALL)


def load(account: str) -> dict[str, dict]:
    """Every policy of the page, for another account than the page's."""
    text = PAGE.read_text().replace(ACCOUNT, account)
    return {name: json.loads(policy) for name, policy in BLOCK.findall(text)}


def allowed_actions(policy: dict) -> list[str]:
    return [action for statement in policy["Statement"] if statement["Effect"] == "Allow" for action in actions_of(statement)]


def without(policy: dict, action: str) -> dict:
    """The policy without one of its actions."""
    rest = copy.deepcopy(policy)
    for statement in rest["Statement"]:
        statement["Action"] = [other for other in actions_of(statement) if other != action]
    rest["Statement"] = [statement for statement in rest["Statement"] if statement["Action"]]
    return rest


def actions_of(statement: dict) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else action
