"""A table with a change stream, whose items change at random, and what is in it as PyAirbyte should have it."""

import base64
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

KEYS = ("pk", "sk")
PARTITIONS = 5
SORT_KEYS = 6
# Of a thread that changes items until it is told to stop, and then as many again.
LAST_CHANGES = 200
MOST_CHANGES = 20_000

Key = tuple[str, int]
Row = dict[str, object]


class BusyTable:
    """Every put and update numbers the item anew in `version`, from 1 up."""

    def __init__(self, client: object, name: str) -> None:
        self.client = client
        self.name = name
        self.version = 0
        self._random = random.Random(12)
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "N"},
            ],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        # Nobody changes this one. It carries every attribute, so that the schema knows them all.
        self.put(("Zoë's", -1), self._attributes())

    def drop(self) -> None:
        self.client.delete_table(TableName=self.name)

    def put(self, key: Key, attributes: Row) -> None:
        self.version += 1
        item = dict(zip(KEYS, key)) | {"version": self.version} | attributes
        self.client.put_item(TableName=self.name, Item=written(item))

    def update(self, key: Key) -> None:
        """Counts an item up, or makes it."""
        self.version += 1
        self.client.update_item(
            TableName=self.name,
            Key=written(dict(zip(KEYS, key))),
            UpdateExpression="SET #v = :v, visits = if_not_exists(visits, :zero) + :one REMOVE note",
            ExpressionAttributeNames={"#v": "version"},
            ExpressionAttributeValues=written({":v": self.version, ":zero": 0, ":one": 1}),
        )

    def delete(self, key: Key) -> None:
        self.client.delete_item(TableName=self.name, Key=written(dict(zip(KEYS, key))))

    def change_one(self) -> None:
        """Deletes, updates, replaces or makes an item of a few keys."""
        key = (f"customer-{self._random.randrange(PARTITIONS)}", self._random.randrange(SORT_KEYS))
        choice = self._random.random()
        if choice < 0.35:
            self.delete(key)
        elif choice < 0.65:
            self.update(key)
        else:
            attributes = self._attributes()
            # Of the attributes, an item has some.
            self.put(key, {name: attributes[name] for name in attributes if self._random.random() < 0.7})

    @contextmanager
    def changing(self, until: Callable[[], bool]) -> Iterator[None]:
        """Changes items on the side, until something has happened and a little longer; at most while the body runs."""
        failures = []
        is_over = threading.Event()

        def change() -> None:
            try:
                left = LAST_CHANGES
                for _ in range(MOST_CHANGES):
                    self.change_one()
                    if until():
                        left -= 1
                    if left == 0 or is_over.is_set():
                        return
                failures.append(TimeoutError(f"it has not happened after {MOST_CHANGES} changes"))
            except Exception as failure:
                failures.append(failure)

        thread = threading.Thread(target=change)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
        if failures:
            raise failures[0]

    def rows(self) -> dict[Key, Row]:
        """Every item by its key, its values in the form in which DuckDB returns them."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        items = [{name: read_back(value) for name, value in item.items()} for page in pages for item in page["Items"]]
        return {(item["pk"], int(item["sk"])): item for item in items}

    def _attributes(self) -> Row:
        """Decimals of halves are exact in DuckDB; numbers inside maps and lists come back as Python's."""
        number = self._random.randrange(1000)
        return {
            "note": f'Zoë "{number}" O’Neil\n日本 🙂',
            "price": {"N": f"{number}.125"},
            "visits": number,
            "active": number % 2 == 0,
            "avatar": Binary(bytes([0, 255, number % 256])),
            "tags": ["a", number, True, None],
            "address": {"city": "Wien", "lines": [{"sku": f"sku-{number}", "quantity": number}]},
        }


def written(item: Row) -> dict:
    """In DynamoDB JSON. A number with a fraction is given in it already."""
    serializer = TypeSerializer()
    return {
        name: value if isinstance(value, dict) and value.keys() == {"N"} else serializer.serialize(value)
        for name, value in item.items()
    }


def read_back(value: dict) -> object:
    return plain(TypeDeserializer().deserialize(value))


def plain(value: object) -> object:
    if isinstance(value, Binary):
        return base64.b64encode(value.value).decode()
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    return value
