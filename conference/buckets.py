"""Stored files in a bucket of an S3-compatible store, for machines that share no file system.

A PUT is whole or absent, as a rename is. Objects are never appended to: what is written into a ledger at
once, mostly one line, is an object of its own. Whatever the store or the network refuses is an `OSError`
here, as a disk would say it.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from conference.stores import Found, Written

LEDGERS = "ledgers"  # beside the stored files, and none of them
_SPOOLED = 8 << 20  # bytes of a file that is read which stay in memory
_AT_ONCE = 16


class Bucket(S3Storage):
    """`options` come from FILES_URL (conference/env.py)."""

    def __init__(self, *, style: str = "path", **options: Any) -> None:
        client = Config(
            connect_timeout=3,
            read_timeout=15,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=_AT_ONCE,
            s3={"addressing_style": style},
            # Checksums in trailers are Amazon's alone: others refuse what carries one.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        transfer = TransferConfig(use_threads=False)  # the callers are many already
        super().__init__(
            file_overwrite=True, max_memory_size=_SPOOLED, client_config=client, transfer_config=transfer,
            **options,
        )  # fmt: skip

    def _open(self, name: str, mode: str = "rb") -> File:
        with _as_os_error():
            found: Any = super()._open(name, mode)
            _ = found.file  # fetched now, so that a missing or broken one is told here
            return found

    def _save(self, name: str, content: File) -> str:
        with _as_os_error():
            kept: str = super()._save(name, content)
            return kept

    def save_all(self, files: Mapping[str, Path]) -> None:
        for name, path in files.items():
            with Written(path) as file:
                self.save(name, file)

    def exists(self, name: str) -> bool:
        with _as_os_error():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _as_os_error():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _as_os_error():
            at: datetime = super().get_modified_time(name)
            return at

    def delete(self, name: str) -> None:
        with _as_os_error():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _as_os_error():
            folders, files = super().listdir(path)
            return folders, files

    def path(self, name: str) -> str:
        raise NotImplementedError("Files of a bucket have no path: use storing.opened.")

    def workshop(self, folder: str) -> Path:
        return Path(tempfile.gettempdir())

    def walk(self, folder: str = "") -> Iterator[Found]:
        with _as_os_error():
            for one in self.bucket.objects.filter(Prefix=self._key(folder and f"{folder}/")):
                name = one.key.removeprefix(self._key(""))
                if not _is_mark(one.key) and not name.startswith(f"{LEDGERS}/"):
                    yield Found(name, one.size, one.last_modified.timestamp())

    def touch(self, name: str) -> None:
        key = self._key(name)
        with _as_os_error():  # onto itself an object is copied only with new metadata
            self.bucket.Object(key).copy_from(
                CopySource={"Bucket": self.bucket_name, "Key": key},
                Metadata={"touched": str(time.time())}, MetadataDirective="REPLACE",
            )  # fmt: skip

    def forget_folder(self, folder: str) -> None:
        with _as_os_error():
            self.bucket.objects.filter(Prefix=self._key(f"{folder}/")).delete()

    def forget_leftovers(self, folder: str) -> None:
        """There are none: what was not sent whole is not in the bucket."""

    def add_lines(self, ledger: Path, lines: list[bytes]) -> None:
        """Named by when they were written and by what they say."""
        body = b"\n".join(lines)
        key = self._key(
            f"{LEDGERS}/{ledger.name}/{time.time_ns():020}-{hashlib.sha256(body).hexdigest()[:16]}"
        )
        with _as_os_error():
            self.bucket.Object(key).put(Body=body, ContentType="application/json")

    def lines(self, ledger: Path) -> list[bytes]:
        with _as_os_error():
            found = self.bucket.objects.filter(Prefix=self._key(f"{LEDGERS}/{ledger.name}/"))
            keys = sorted(one.key for one in found if not _is_mark(one.key))
            client = self.connection.meta.client  # may be shared by threads, the resource may not

            def said(key: str) -> list[bytes]:
                body: bytes = client.get_object(Bucket=self.bucket_name, Key=key)["Body"].read()
                return body.splitlines()

            with ThreadPoolExecutor(_AT_ONCE) as pool:
                return list(chain.from_iterable(pool.map(said, keys)))

    def fault(self) -> str:
        try:
            with _as_os_error():
                self.connection.meta.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)
        except OSError as error:
            return f"The bucket {self.bucket_name} does not answer: {error}."
        return ""

    def _key(self, name: str) -> str:
        return f"{self.location.strip('/')}/{name}".lstrip("/")


def _is_mark(key: str) -> bool:
    """Is this no file, but the empty object that consoles put where somebody "makes a folder"?"""
    return key.endswith("/")


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        told = error.response.get("Error", {}).get("Code", "")
        kind = FileNotFoundError if told in {"404", "NoSuchKey"} else OSError
        raise kind(f"{error.operation_name}: {told}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(str(error)) from error
