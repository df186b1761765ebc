"""The rows of DuckDB tables as JSON text with every digit that DuckDB has."""

import json
from decimal import Decimal

BARE = ("JSON", "MAP", "STRUCT", "LIST")


def write_value(value: object, column_type: str) -> str:
    if isinstance(value, str) and column_type in BARE:
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value)


def read_table(connection: object, schema: str, table: str) -> str:
    """The table's own columns, as an array of objects; those that a client adds begin with an underscore."""
    sql = "select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ?"
    columns = connection.execute(sql, [schema, table]).fetchall()
    own = [(name, kind) for name, kind in columns if not name.startswith("_")]
    # A column of JSON is asked for as text: read as values its numbers would become doubles.
    wanted = ", ".join(f'"{name}"::varchar' if kind in BARE else f'"{name}"' for name, kind in own)
    rows = connection.execute(f'select {wanted} from "{schema}"."{table}"').fetchall()
    objects = (
        ", ".join(f"{json.dumps(name)}: {write_value(value, kind)}" for (name, kind), value in zip(own, row, strict=True))
        for row in rows
    )
    return "[" + ", ".join(f"{{{members}}}" for members in objects) + "]"


def read_tables(path: str, schema: str, tables: list[str]) -> str:
    import duckdb

    with duckdb.connect(path, read_only=True) as connection:
        members = (f"{json.dumps(table)}: {read_table(connection, schema, table)}" for table in tables)
        return "{" + ", ".join(members) + "}"
