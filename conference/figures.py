"""Figures that rooms tell of themselves, and how they are written for Prometheus.

Each is asked of the database when somebody looks: web processes come and go and count nothing by themselves,
so a client library, with its registries and the files that processes share, would keep what the rows know.
Rooms above the ground floor name theirs in `FIGURES`: functions without arguments that yield a `Figure` each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# What `readiness` asks of every room with workers: seconds that its oldest row has waited for one, and how
# many rows a worker holds. Both have the label `kind`.
OLDEST, HELD = "job_oldest_seconds", "job_held"


class Figure(NamedTuple):
    """One name, without "hoinghi_", and a value for each set of labels."""

    name: str
    says: str
    samples: list[tuple[dict[str, str], float]]
    type: str = "gauge"


def of_rooms() -> Iterator[Figure]:
    """Every figure of the rooms above."""
    for name in settings.FIGURES:
        yield from import_string(name)()


def states(name: str, says: str, counts: Iterable[tuple[str, int]], **labels: str) -> Figure:
    """A count for each state."""
    return Figure(name, says, [({**labels, "state": state}, count) for state, count in counts])


def text(figures: Iterable[Figure]) -> str:
    """In the text form of Prometheus: samples of one name stand together."""
    together: dict[str, list[Figure]] = {}
    for figure in figures:
        together.setdefault(figure.name, []).append(figure)
    return "".join(map(_lines, together.values()))


def _lines(same: list[Figure]) -> str:
    name = f"hoinghi_{same[0].name}"
    head = f"# HELP {name} {same[0].says}\n# TYPE {name} {same[0].type}\n"
    samples = [sample for figure in same for sample in figure.samples]
    return head + "".join(f"{name}{_labels(labels)} {value:.15g}\n" for labels, value in samples)


def _labels(labels: dict[str, str]) -> str:
    pairs = [f'{key}="{_escaped(value)}"' for key, value in labels.items()]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
