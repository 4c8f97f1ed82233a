"""The process that reads a stranger's file: what it may not do, and what the caller gets when it dies."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from attendees.workbooks import Reading, Unreadable, read, running
from tests.attendees.messy import messy_workbook
from tests.attendees.workbooks.builders import TODAY

GOOD = messy_workbook()
LIMITED = "from attendees.workbooks import child; child.limit(may_write=False)\n"


def run(program: str, *, limited: bool = True) -> subprocess.CompletedProcess[str]:
    code = (LIMITED if limited else "") + program
    return subprocess.run([sys.executable, "-c", code], cwd=running.ROOT, capture_output=True, text=True)


FORBIDDEN = {
    "a socket": "import socket; socket.socket()",
    "a program": "import subprocess; subprocess.run(['true'], check=True)",
    "a fork": "import os; os.fork()",
    "a shell": "import os; os.system('true')",
    "a lot of memory": "bytearray(900 * 1024 * 1024)",
    "a file": "import tempfile; f = tempfile.TemporaryFile(); f.write(b'x' * 10); f.flush()",
}


@pytest.mark.parametrize("act", FORBIDDEN)
def test_the_child_cannot_make(act: str) -> None:
    assert run(FORBIDDEN[act]).returncode != 0
    assert run(FORBIDDEN[act], limited=False).returncode == 0, "the control can do it"


def test_the_child_ends_when_its_cpu_time_is_over() -> None:
    spent = run("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass")
    assert spent.returncode in running.LIMITS
    limits = run("import resource; print(resource.getrlimit(resource.RLIMIT_CPU)[0])")
    assert limits.stdout.strip() == "30"


def test_the_child_knows_no_django_and_loads_openpyxl_only_to_write() -> None:
    program = (
        "import datetime, sys\nfrom attendees.workbooks.reading import read_file\n"
        "read_file(sys.stdin.buffer.read(), None, {}, datetime.date(2024, 6, 1))\n"
        "print(sorted({'django', 'openpyxl', 'lxml', 'numpy'} & set(sys.modules)))"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], cwd=running.ROOT, input=GOOD, capture_output=True, check=True
    )
    assert child.stdout.decode().strip() == "[]"


HEAVY = "Tệp này quá nặng so với một danh sách. Chép riêng bảng đại biểu sang tệp mới rồi gửi lại."
BROKEN = "Không đọc được tệp này: cấu trúc bị hỏng. Mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
ENDS = {
    "import os; os.abort()": HEAVY,
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": HEAVY,
    "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)": HEAVY,
    "raise RuntimeError": BROKEN,
    "pass": BROKEN,
    "print('nonsense')": BROKEN,
}


@pytest.mark.parametrize("end", ENDS)
def test_however_the_child_ends_the_caller_gets_one_sentence(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHILD", ["-c", end])
    with pytest.raises(Unreadable) as caught:
        read(GOOD)
    assert caught.value.sentence == ENDS[end]


def test_a_child_without_memory_says_so_itself() -> None:
    program = (
        "import json\nchild.ACTS['read'] = lambda question, data: bytes(10 ** 10)\n"
        "verdict, said = child.answer({'act': 'read'}, b'')\nprint(verdict, json.loads(said)['message'])"
    )
    assert run(program).stdout.strip() == f"b'unreadable' {HEAVY}"


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHILD", ["-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(running, "PATIENCE", 0.5)
    with pytest.raises(Unreadable) as caught:
        read(GOOD)
    assert caught.value.sentence == HEAVY


def test_the_log_says_how_a_child_ended_and_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        running, "CHILD", ["-c", "import sys; sys.exit('KeyError at x.py:1\\nNguyễn Văn An')"]
    )
    with pytest.raises(Unreadable):
        read(GOOD)
    assert caplog.messages == ["The reader ended with 1: KeyError at x.py:1"]


def test_many_threads_read_at_once() -> None:
    found: list[Reading] = []
    threads = [threading.Thread(target=lambda: found.append(read(GOOD, today=TODAY))) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(one == found[0] for one in found)


def test_the_child_finds_its_way_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    assert len(read(GOOD, today=TODAY).people) == 5
