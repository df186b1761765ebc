"""Airbyte's own suite for images, as it is."""

from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite
from connector_image import ConnectorFolder


class TestStandardSuite(ConnectorFolder, DockerConnectorTestSuite):
    pass
