"""Messages as files: nobody ever reads half a message."""

import os
import threading
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Exchange, Producer, Queue

from conference import broker
from tests.patience import LONGEST


def new_queue(exchange: str = "") -> Queue:
    """A queue of an unused name: kombu remembers bindings for the life of a process, whatever the folder."""
    name = f"papers-{uuid.uuid4()}"
    return Queue(name, Exchange(exchange or name, type="direct"), routing_key=name)


def connection(folder: Path) -> Connection:
    return Connection(
        f"{broker.ALIAS}://localhost//",
        transport_options={
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
        },
    )


def read(queue: Any) -> object:
    message = queue.get(block=False)
    message.ack()
    return message.payload


def test_messages_arrive_whole_and_in_order(tmp_path: Path) -> None:
    with connection(tmp_path) as link:
        queue = link.SimpleQueue(new_queue())
        for number in range(20):
            queue.put({"number": number})
        assert [read(queue) for _ in range(20)] == [{"number": number} for number in range(20)]
        with pytest.raises(Empty):
            queue.get(block=False)
        queue.close()


def test_a_message_that_is_still_being_written_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    papers = new_queue()
    with connection(tmp_path) as link, connection(tmp_path) as other:
        queue, reader = link.SimpleQueue(papers), other.SimpleQueue(papers)

        def look_before_the_rename(source: Path, target: Path) -> Path:
            with pytest.raises(Empty):
                reader.get(block=False)
            seen.append(source.name)
            os.rename(source, target)
            return target

        monkeypatch.setattr(Path, "replace", look_before_the_rename)
        queue.put({"number": 1})
        assert len(seen) == 1
        assert read(reader) == {"number": 1}
        queue.close()
        reader.close()


def test_writers_and_a_reader_at_once_lose_nothing(tmp_path: Path) -> None:
    papers = new_queue()

    def write(first: int) -> None:
        with connection(tmp_path) as link:
            producer = Producer(link, exchange=papers.exchange, routing_key=papers.name, serializer="json")
            for number in range(first, first + 300):
                producer.publish({"number": number}, declare=[papers])

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 300, 600)]
    received: list[int] = []
    with connection(tmp_path) as link:
        queue = link.SimpleQueue(papers)
        for writer in writers:
            writer.start()
        while len(received) < 900:
            message = queue.get(timeout=LONGEST)
            received.append(message.payload["number"])
            message.ack()
        queue.close()
    for writer in writers:
        writer.join()
    assert sorted(received) == list(range(900))
    assert list((tmp_path / "messages").iterdir()) == []


def test_the_table_of_an_exchange_appears_whole_for_many_first_starters(tmp_path: Path) -> None:
    troubles: list[Exception] = []

    def declare(queue: Queue, ready: threading.Barrier) -> None:
        try:
            with connection(tmp_path) as link:
                channel = link.channel()
                ready.wait()
                queue(channel).declare()
                channel.get_table(queue.exchange.name)
        except Exception as error:
            troubles.append(error)

    for number in range(30):
        ready = threading.Barrier(8)
        queues = [new_queue(f"exchange-{number}") for _ in range(8)]
        threads = [threading.Thread(target=declare, args=(queue, ready)) for queue in queues]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with connection(tmp_path) as link:
            table = link.channel().get_table(f"exchange-{number}")
        assert {row.queue for row in table} == {queue.name for queue in queues}
    assert troubles == []
