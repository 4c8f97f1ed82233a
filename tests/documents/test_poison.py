"""Pages that would eat the machine end in their own task, with a fault that is told, and the next is made.

They run in children with the limits of a worker's, and an alarm in the place of the soft time limit.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.patience import LONGEST

pytestmark = pytest.mark.slow

SECONDS = 3  # for what may end by them; what has to end otherwise gets as many as a slow machine needs
MAKE = """
import json, os, signal, sys
import django
django.setup()
from conference.working import limit
from documents.pdf import Renderer

class TooSlow(Exception):
    pass

def stop(*_):
    raise TooSlow

def made(source, seconds):
    signal.alarm(seconds)
    try:
        return engine.render(eval(source)).pages
    except BaseException as fault:
        return type(fault).__name__
    finally:
        signal.alarm(0)

def in_a_child(source, seconds=60):
    read, write = os.pipe()
    child = os.fork()
    if not child:
        limit()
        signal.signal(signal.SIGALRM, stop)
        found = made(source, seconds), made("'<title>t</title><p>Giấy tốt</p>'", 60)
        os.write(write, json.dumps(found).encode())
        os._exit(0)
    os.close(write)
    told = os.fdopen(read).read()
    os.waitpid(child, 0)
    return json.loads(told) if told else ["died", "died"]

engine = Renderer("base.css")
poisons = [in_a_child(*one) for one in json.load(sys.stdin)]
print(json.dumps([*poisons, in_a_child("'<title>t</title><p>Giấy</p>'")]))
"""
DIED = ["died", "died"]  # the engine's libraries end a process that gets no memory; another takes its place
POISONS: dict[str, tuple[str, set[Any]]] = {
    "half a gigabyte of text": ("'<p>' + 'Giấy ' * 100_000_000", {"MemoryError"}),
    "a table a million columns wide": (
        "'<table><tr><td colspan=1000000>Giấy</table>' * 50",
        {"MemoryError", "TooSlow", 1},
    ),
    "three thousand boxes in each other": (
        "'<div>' * 3000 + 'Giấy' + '</div>' * 3000",
        {"RecursionError", "PaperError", "TooSlow"},
    ),
    "two hundred thousand words": ("'<span>Giấy</span> ' * 200_000", {"TooSlow", "MemoryError"}),
    "a drawing that draws itself": (
        "'<svg viewBox=\"0 0 9 9\"><defs><g id=a0><rect width=1 height=1 /></g>' + ''.join("
        "f'<g id=a{n + 1}>' + f'<use href=\"#a{n}\"/>' * 10 + '</g>' for n in range(8)) + "
        "'</defs><use href=\"#a8\"/></svg>'",
        {"TooSlow", "MemoryError", "RecursionError", "PaperError", 1},
    ),
    "a picture that is not there": ("'<img src=\"asset:con-dau.png\">'", {"PaperError"}),
    "a picture from elsewhere": ("'<img src=\"http://127.0.0.1:9/x.png\">'", {"PaperError"}),
    "a file of the machine": ("'<img src=\"file:///etc/passwd\">'", {"PaperError"}),
}


@pytest.fixture(scope="module")
def ended() -> dict[str, list[Any]]:
    """How each poison ended, and the good page after it."""
    given = [(page, SECONDS if "TooSlow" in ends else round(LONGEST)) for page, ends in POISONS.values()]
    done = subprocess.run(
        [sys.executable, "-c", MAKE], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    *found, last = json.loads(done.stdout.strip().splitlines()[-1])
    assert last == [1, 1]
    return dict(zip(POISONS, found, strict=True))


@pytest.mark.parametrize("poison", POISONS)
def test_a_poisonous_page_ends_alone_and_the_next_is_made(ended: dict[str, list[Any]], poison: str) -> None:
    first, second = ended[poison]
    if ended[poison] == DIED:
        assert "MemoryError" in POISONS[poison][1]
    else:
        assert first in POISONS[poison][1]
        assert second == 1


@pytest.mark.parametrize(("takes", "ends"), [("limit()", "MemoryError"), ("", "given")])
def test_memory_is_taken_away_by_the_limit(takes: str, ends: str) -> None:
    source = f"import django; django.setup(); from conference.working import limit; {takes}\n"
    source += "try: bytearray(1700 * 2**20); print('given')\nexcept MemoryError: print('MemoryError')"
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=LONGEST, check=True
    )
    assert done.stdout.split()[-1] == ends
