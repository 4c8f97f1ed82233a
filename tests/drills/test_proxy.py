"""The damaged wire does what it says, and heals."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills.proxy import Proxy
from tests.patience import LONGEST

WORD = b"xin chao" * 20


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Path]:
    """A server on a unix socket that says what it hears."""
    path = tmp_path / "echo"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=_answer, args=(listener,), daemon=True).start()
        yield path
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _answer(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=_repeat, args=(listener.accept()[0],), daemon=True).start()


def _repeat(client: socket.socket) -> None:
    with client, contextlib.suppress(OSError):
        while data := client.recv(4096):
            client.sendall(data)


@pytest.fixture
def proxy(echo: Path) -> Iterator[Proxy]:
    with Proxy(echo).running() as running:
        yield running


def call(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), LONGEST)


def said(client: socket.socket, word: bytes = WORD) -> bytes:
    client.sendall(word)
    heard = b""
    while len(heard) < len(word):
        heard += client.recv(4096)
    return heard


def test_a_whole_wire_changes_nothing_and_passes_the_end_on(proxy: Proxy) -> None:
    with call(proxy) as client:
        assert said(client) == WORD
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""


def test_refused_is_refused_and_comes_back_at_the_same_port(proxy: Proxy) -> None:
    with call(proxy) as client:
        said(client)
        proxy.refuse()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        call(proxy)
    proxy.heal()
    with call(proxy) as client:
        assert said(client) == WORD


def test_hung_takes_connections_and_answers_after_it_healed(proxy: Proxy) -> None:
    with call(proxy) as old:
        said(old)
        proxy.hang()
        with call(proxy) as new:
            for client in (old, new):
                client.settimeout(0.3)
                client.sendall(WORD)
                with pytest.raises(TimeoutError):
                    client.recv(1)
            proxy.heal()
            for client in (old, new):
                client.settimeout(LONGEST)
                assert client.recv(len(WORD), socket.MSG_WAITALL) == WORD


def test_cut_resets_who_is_there_and_takes_who_comes(proxy: Proxy) -> None:
    with call(proxy) as client:
        said(client)
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with call(proxy) as client:
        assert said(client) == WORD


def test_a_trickle_brings_every_byte_late(proxy: Proxy) -> None:
    proxy.trickle(0.001)
    with call(proxy) as client:
        begun = time.monotonic()
        assert said(client) == WORD
        assert time.monotonic() - begun >= len(WORD) * 0.001


def test_who_comes_after_the_upstream_changed_meets_the_new_one(proxy: Proxy, tmp_path: Path) -> None:
    with call(proxy) as client:
        said(client)
        proxy.upstream = tmp_path / "nobody"
        assert said(client) == WORD, "who was there stays where it was"
    with call(proxy) as client, pytest.raises(ConnectionResetError):
        client.recv(1)
