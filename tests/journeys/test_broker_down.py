"""No broker when a paper is asked for: the page answers at once, the paper is made when it is back."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys import papers
from tests.journeys.stage import Stage, staged
from tests.patience import LONGEST, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AT_ONCE = 60.0  # seconds of a slow machine; the broker is away for longer, so nobody has waited for it


class Redis:
    """A Redis of this test alone, so that it can be stopped."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("redis-server") or "redis-server"
        quiet = ("--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", str(self.socket))
        self.process = subprocess.Popen([program, *quiet], stdout=subprocess.DEVNULL, cwd=self.socket.parent)
        until(self.socket.exists, "Redis")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(LONGEST)
            self.process = None
        self.socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stage(redis: Redis) -> Iterator[Stage]:
    more = {"REDIS_URL": f"redis+socket://{redis.socket}"}
    with staged("--people", "20", **more) as stage:
        yield stage


@pytest.mark.parametrize(
    ("away", "back"), [(Redis.stop, Redis.start), (Redis.freeze, Redis.thaw)], ids=["stopped", "hung"]
)
def test_a_paper_asked_for_without_a_broker_is_made_when_it_is_back(
    stage: Stage, redis: Redis, away: Callable[[Redis], None], back: Callable[[Redis], None]
) -> None:
    with stage.signed_in("organiser") as page:
        away(redis)
        try:
            begun = time.monotonic()
            papers.ask(page, stage, "Danh sách đại biểu")
            assert time.monotonic() - begun < AT_ONCE
            newest = page.locator(".paper").first
            assert "Danh sách đại biểu" in newest.inner_text()
            assert newest.get_by_role("link").count() == 0
        finally:
            back(redis)
        pdf = papers.download(page, stage, "Danh sách đại biểu")

    names = stage.facts("list(conference.attendees.confirmed().values_list('full_name', flat=True))")
    content = papers.spoken(pdf)
    assert [name for name in names if papers.said(name) not in content] == []
