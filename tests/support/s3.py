"""An S3 server in the test's process (moto), and an empty bucket for each test that asks for one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_buckets = count(1)


@dataclass(frozen=True)
class S3Storage:
    """Where an empty bucket lies: a storage address, and the variables that make obstore find the server."""

    url: str
    environment: dict[str, str]

    def set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Set the variables in this process for the length of the test."""
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of a running S3 server, on this machine only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto's own dependencies
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_storage(s3_endpoint: str) -> S3Storage:
    """An empty bucket with a prefix in it."""
    return make_bucket(s3_endpoint)


@pytest.fixture(scope="module")
def module_s3_storage(s3_endpoint: str) -> S3Storage:
    """As `s3_storage`, shared by the tests of one module."""
    return make_bucket(s3_endpoint)


def make_bucket(endpoint: str) -> S3Storage:
    """A new, empty bucket on the server."""
    name = f"bucket-{next(_buckets)}"
    answer = httpx.put(f"{endpoint}/{name}", headers={"Authorization": _SIGNATURE}, trust_env=False)
    answer.raise_for_status()
    return S3Storage(
        url=f"s3://{name}/triptych",
        environment={
            "AWS_ENDPOINT": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        },
    )


_SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
)
