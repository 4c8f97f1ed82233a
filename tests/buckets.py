"""A server that speaks S3, on the loopback address, for tests of files in a bucket."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from tests.installation import free_port
from tests.patience import until

KEY, SECRET = "a-key", "a secret/with signs"


@dataclass
class S3:
    """Where it answers."""

    port: int

    @property
    def client(self) -> Any:
        address = f"http://127.0.0.1:{self.port}"
        names = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
        return boto3.client("s3", endpoint_url=address, **names)

    def url(self, bucket: str) -> str:
        """FILES_URL of a new bucket."""
        self.client.create_bucket(Bucket=bucket)
        return f"s3+http://{KEY}:a%20secret%2Fwith%20signs@127.0.0.1:{self.port}/{bucket}/hoi-nghi"


@contextmanager
def s3() -> Iterator[S3]:
    """Until the block ends; what it holds is in its memory."""
    server = S3(free_port())
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(server.port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _answers(server) or process.poll() is not None, "the server that speaks S3 to start")
        assert process.poll() is None, "the server that speaks S3 ended"
        yield server
    finally:
        process.kill()
        process.wait()


def _answers(server: S3) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0
