"""A wire that can be damaged: a TCP proxy on the loopback, in a thread of whoever starts it.

What stands at its other end notices what it would of a network: refused connections, a peer that accepts and
never answers, connections cut in the middle of an answer, bytes that come late or one by one.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.patience import LONGEST

BLOCK = 1 << 16
NO_FAREWELL = struct.pack("ii", 1, 0)  # of SO_LINGER: closing resets the connection


class Proxy:
    """Leads to `upstream`, a port here or a unix socket; who comes after it was changed meets the new one."""

    def __init__(self, upstream: int | Path, port: int = 0, host: str = "127.0.0.1") -> None:
        self.upstream, self.port, self.host = upstream, port, host
        self.delay = 0.0  # seconds before each piece is passed on
        self.piece = BLOCK  # bytes that are passed on at once
        self._open: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    # ── What can happen to it; each returns when it has happened ──

    def refuse(self) -> None:
        """Nobody listens any more, and whoever was connected is not."""
        self._do(self._shut)
        self.cut()

    def hang(self) -> None:
        """Connections are taken and kept, and no byte comes through."""
        self._do(self._flows.clear)

    def cut(self) -> None:
        """Every connection is reset, wherever it was."""
        self._do(lambda: [_reset(one) for one in self._open])

    def trickle(self, delay: float = 0.001) -> None:
        """Bytes come one by one."""
        self.piece, self.delay = 1, delay

    def heal(self) -> None:
        self.piece, self.delay = BLOCK, 0.0
        self._do(self._flows.set)
        if self._server is None:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(LONGEST)

    # ── How it works ──

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        self._thread.start()
        self.heal()
        try:
            yield self
        finally:
            self.refuse()
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(LONGEST)
            self._do(self._loop.stop)
            self._thread.join(LONGEST)
            self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, self.host, self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        """Whoever still passes bytes on is told to stop, and has stopped."""
        mine = asyncio.all_tasks() - {asyncio.current_task()}
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = {writer}
        self._open |= pair
        try:
            there, back = await self._connect()
            pair.add(back)
            self._open |= pair
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        except (OSError, asyncio.CancelledError):
            pass  # one end is gone: so is the other, below
        finally:
            self._open -= pair
            for one in pair:
                _reset(one)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.upstream, Path):
            return await asyncio.open_unix_connection(str(self.upstream))
        return await asyncio.open_connection("127.0.0.1", self.upstream)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(self.piece):
            await self._flows.wait()
            if self.delay:
                await asyncio.sleep(self.delay)
            sink.write(data)
            await sink.drain()
        with suppress(OSError):  # the other way may have ended before this one
            sink.write_eof()

    def _do(self, act: Callable[[], object]) -> None:
        """In the thread of the loop, and wait for it."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (act(), done.set()))
        assert done.wait(LONGEST)


def _reset(one: asyncio.StreamWriter) -> None:
    end = one.get_extra_info("socket")
    if end is not None and end.fileno() >= 0 and end.family != socket.AF_UNIX:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_FAREWELL)
    one.transport.abort()
