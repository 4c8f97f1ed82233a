"""Starts the child that reads a stranger's file: a process of its own, with limits, without Django.

A thread of a web server must not fork with its locks: the child is a fresh interpreter, which starts in about
a tenth of a second. What it hears on its input is one line of JSON and the file; what it says is JSON.
"""

from __future__ import annotations

import datetime
import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attendees.workbooks.shapes import Plan, Problem, Reading, Unreadable
from conference.vietnamese import gettext_noop

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
CHILD = ["-E", "-s", "-X", "utf8", "-m", "attendees.workbooks.child"]
LARGEST = 5 * 1024 * 1024  # bytes of a file
PATIENCE = 60  # seconds by the clock; the child limits its own CPU time to half of that
# How a child ends at its limits: killed for its CPU time, aborted for its memory.
LIMITS = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV)

BROKEN = gettext_noop(
    "Không đọc được tệp này: cấu trúc bị hỏng. Mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
)
TOO_HEAVY = gettext_noop(
    "Tệp này quá nặng so với một danh sách. Chép riêng bảng đại biểu sang tệp mới rồi gửi lại."
)
# The words of the sheet that lists the problems.
WORDS = {
    "sheet": gettext_noop("Lỗi cần sửa"),
    "where": gettext_noop("Trang tính"),
    "cell": gettext_noop("Ô"),
    "level": gettext_noop("Mức"),
    "sentence": gettext_noop("Nội dung"),
    "before": gettext_noop("Trong tệp"),
    "after": gettext_noop("Đã đọc thành"),
    "error": gettext_noop("Phải sửa"),
    "warning": gettext_noop("Cần xem"),
    "notice": gettext_noop("Đã chỉnh"),
}


def read(
    data: bytes,
    filename: str = "",
    *,
    plans: Sequence[Plan] | None = None,
    remembered: Mapping[str, Mapping[str, str | None]] | None = None,
    today: datetime.date | None = None,
) -> Reading:
    """Read people from a workbook, or from text that was pasted (as UTF-8). Raises Unreadable.

    `plans` as a person left them; without them the finder proposes. `remembered` holds, per signature of a
    plan, column letters and their fields as they were once confirmed: they go before the finder's proposal.
    `today` is the day against which years of birth are judged.
    """
    answer = _ask(
        {
            "act": "read",
            "filename": filename,
            "plans": None if plans is None else [plan.to_json() for plan in plans],
            "remembered": {key: dict(fields) for key, fields in (remembered or {}).items()},
            "today": (today or datetime.datetime.now(datetime.UTC).date()).isoformat(),
        },
        data,
    )
    return Reading.from_json(json.loads(answer))


def annotate(
    data: bytes, filename: str, problems: Iterable[Problem], *, translate: Callable[[str], str] = str
) -> bytes:
    """The same workbook as .xlsx: red and yellow cells with comments, and a first sheet that lists all.

    `translate` is Django's gettext where the page is not in Vietnamese. Raises Unreadable.
    """
    told = [
        {
            "sheet": problem.sheet,
            "row": problem.row,
            "column": problem.column,
            "level": problem.level,
            "sentence": problem.told(translate),
            "before": problem.before,
            "after": problem.after,
        }
        for problem in problems
    ]
    words = {key: translate(text) for key, text in WORDS.items()}
    return _ask({"act": "annotate", "filename": filename, "problems": told, "words": words}, data)


def _ask(question: Mapping[str, Any], data: bytes) -> bytes:
    """Ask a fresh child; whatever becomes of it, the caller gets its answer or one sentence."""
    if len(data) > LARGEST:
        raise Unreadable(
            gettext_noop("Tệp lớn hơn %(limit)s MB. Bỏ ảnh và trang tính thừa, rồi gửi lại."),
            limit=str(LARGEST // 1024 // 1024),
        )
    try:
        with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
            child = subprocess.run(
                [sys.executable, *CHILD],
                cwd=ROOT,
                env={"TMPDIR": folder},
                input=json.dumps(question).encode() + b"\n" + data,
                capture_output=True,
                timeout=PATIENCE,
            )
    except subprocess.TimeoutExpired as late:
        raise Unreadable(TOO_HEAVY) from late
    verdict, _, answer = child.stdout.partition(b"\n")
    if child.returncode or verdict not in (b"read", b"unreadable"):
        cause = child.stderr[:500].decode("utf-8", "replace").partition("\n")[0]
        logger.warning("The reader ended with %s: %s", child.returncode, cause)
        raise Unreadable(TOO_HEAVY if child.returncode in LIMITS else BROKEN)
    if verdict == b"unreadable":
        refusal = json.loads(answer)
        raise Unreadable(refusal["message"], **refusal["values"])
    return answer
