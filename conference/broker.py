"""Messages as files, for an installation without Redis: one folder, one worker, no server.

kombu's own file transport lets a reader meet a half-written message. Here a message gets its final name only
when it is complete. A message is a doorbell, not the truth: what a crash loses, the sweeper rings again.
"""

import contextlib
import os
import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

ALIAS = "files"


class Channel(filesystem.Channel):
    """The file channel with an atomic write."""

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as kombu
        """Write under a name nobody reads, then rename."""
        final = Path(self.data_folder_out, f"{monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg")
        part = final.with_name(final.name + ".part")
        part.write_bytes(dumps(payload).encode())
        part.replace(final)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Let the table of an exchange appear whole: the stock code creates it empty, then fills it."""
        table = self._exchange_file(exchange)
        if not table.exists():
            part = table.with_name(f"{uuid.uuid4()}.part")
            part.write_text("[]")
            with contextlib.suppress(FileExistsError):
                os.link(part, table)
            part.unlink()
        super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    """The file transport with that channel."""

    Channel = Channel


TRANSPORT_ALIASES[ALIAS] = f"{__name__}:{Transport.__name__}"
