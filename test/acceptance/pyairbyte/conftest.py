"""A client of the engine that the tables are served from."""

import boto3
import pytest
from duckdb_reads import config_named


@pytest.fixture(scope="session")
def dynamodb() -> object:
    config = config_named("config.json")
    credentials = config["credentials"]
    return boto3.client(
        "dynamodb",
        endpoint_url=config["endpoint"],
        region_name=config["region"],
        aws_access_key_id=credentials["access_key_id"],
        aws_secret_access_key=credentials["secret_access_key"],
    )
