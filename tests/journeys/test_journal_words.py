"""Every act and every field that any line of the code records has words for people, in Vietnamese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory

from attendees.models import Attendee
from conference.desk_journal import ACTS, FIELDS, word_of
from conference.models import User
from tests.architecture import Module, modules

ROOT = Path(__file__).resolve().parents[2]
UNTOLD = "?"
WITHOUT_A_FORM = {"attendees.importbatch"}  # goes by steps of its own, not by a form of its columns


@dataclass(frozen=True)
class Function:
    """A function and the module around it."""

    module: Module
    node: ast.FunctionDef
    is_method: bool

    @property
    def parameters(self) -> list[str]:
        names = [one.arg for one in (*self.node.args.args, *self.node.args.kwonlyargs)]
        return names[1:] if self.is_method else names

    @property
    def calls(self) -> Iterator[ast.Call]:
        """Calls of this function by others of its module."""
        for node in ast.walk(self.module.tree):
            if isinstance(node, ast.Call) and name_of(node.func) == self.node.name:
                yield node


def name_of(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def functions(module: Module) -> Iterator[Function]:
    for node in ast.walk(module.tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                yield Function(module, child, isinstance(node, ast.ClassDef))


def recordings(function: Function) -> Iterator[ast.Call]:
    """`journal.record(…)` and `journal.entry(…)` in this function, not in one inside it."""
    inner = {id(node) for child in ast.walk(function.node) if isinstance(child, ast.FunctionDef)
             and child is not function.node for node in ast.walk(child)}  # fmt: skip
    for node in ast.walk(function.node):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="journal"), attr="record" | "entry")):
                if id(node) not in inner:
                    yield node


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────


def texts(node: ast.expr) -> list[str]:
    """The words that an expression may give."""
    match node:
        case ast.Constant(value=str() as word):
            return [word]
        case ast.IfExp():
            return [*texts(node.body), *texts(node.orelse)]
    return [UNTOLD]


def acts_of(function: Function, call: ast.Call) -> list[str]:
    """What is recorded: a word, one of two, or what the callers of the function say."""
    given = call.args[0]
    if isinstance(given, ast.Name):
        assigned = [node.value for node in ast.walk(function.node) if isinstance(node, ast.Assign)
                    and given.id in map(name_of, node.targets)]  # fmt: skip
        if assigned:
            return [word for value in assigned for word in texts(value)]
        if given.id in function.parameters:
            place = function.parameters.index(given.id)
            said = [argument(one, place, given.id) for one in function.calls]
            return [word for value in said for word in (texts(value) if value else [UNTOLD])] or [UNTOLD]
    return texts(given)


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    named = next((one.value for one in call.keywords if one.arg == name), None)
    return named or (call.args[place] if place < len(call.args) else None)


# ── Fields ────────────────────────────────────────────────────────────────────────────────────────


def keys(function: Function, node: ast.expr | None, depth: int = 0) -> Iterator[str]:
    """Names of fields written out in an expression, or in what its name was set to in the function."""
    match node:
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value)
                elif key is None:  # {**others}
                    yield from keys(function, value, depth)
        case ast.Call(func=ast.Attribute(attr="differences"), args=[_, after]):
            yield from keys(function, after, depth)
        case ast.BinOp(left=left, right=right):
            yield from keys(function, left, depth)
            yield from keys(function, right, depth)
        case ast.Name(id=name) if depth < 3:
            for one in ast.walk(function.node):
                yield from set_in(function, one, name, depth + 1)


def set_in(function: Function, node: ast.AST, name: str, depth: int) -> Iterator[str]:
    """Names of fields that a statement puts into the variable."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=target)], value=value)
            | ast.AnnAssign(target=ast.Name(id=target), value=value)
            | ast.AugAssign(target=ast.Name(id=target), value=value)
        ) if target == name:
            yield from keys(function, value, depth)
        case ast.Subscript(value=ast.Name(id=target), slice=ast.Constant(value=str() as key)):
            if target == name and isinstance(node.ctx, ast.Store):
                yield key


def recorded(root: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Where, which acts, which fields."""
    for module in modules(root):
        for function in functions(module):
            for call in recordings(function):
                changes = next((one.value for one in call.keywords if one.arg == "changes"), None)
                yield f"{module.name}:{call.lineno}", acts_of(function, call), list(keys(function, changes))


def has_words(name: str) -> bool:
    """A field that is named in words somewhere; what is no identifier is words itself."""
    if name in FIELDS or not name.isidentifier() or not name.isascii():
        return True
    fields = (
        field for model in apps.get_models() for field in model._meta.get_fields() if field.name == name
    )
    return any(word_of(field) for field in fields)


def test_every_act_that_is_recorded_has_words() -> None:
    found = {act: where for where, acts, _fields in recorded(ROOT) for act in acts}
    assert len(found) > 20
    assert {act: where for act, where in found.items() if act not in ACTS} == {}


def test_every_field_that_is_recorded_has_words() -> None:
    found = {name: where for where, _acts, fields in recorded(ROOT) for name in fields}
    assert len(found) > 10
    assert {name: where for name, where in found.items() if not has_words(name)} == {}


def test_every_field_of_a_person_and_of_every_form_of_the_desk_has_words(ada: User) -> None:
    request = RequestFactory().get("/admin/")
    request.user, request.session = ada, {}
    names = {f"attendees.attendee.{name}": name for name in Attendee.PERSON_FIELDS}
    registered = admin.site._registry.items()
    desks = {model: desk for model, desk in registered if model._meta.label_lower not in WITHOUT_A_FORM}
    for model, desk in desks.items():
        form = desk.get_form(request, None, change=False)
        names |= {f"{model._meta.label_lower}.{name}": name for name in form.base_fields}
    wordless = {
        where for where, name in names.items() if name not in ("seen", "once") and not has_words(name)
    }
    assert wordless == set()


def test_the_words_are_words(db: None) -> None:
    assert [str(words) for words in (*ACTS.values(), *FIELDS.values()) if "_" in str(words)] == []


@pytest.mark.parametrize(
    ("source", "acts", "fields"),
    [
        ('journal.record("rename", x, by=by, changes={"shoe_size": [1, 2]})', ["rename"], ["shoe_size"]),
        ('journal.entry("a" if by else "b", x)', ["a", "b"], []),
        ("journal.record(made_up(), x)", [UNTOLD], []),
        ('kind = "set"\n    journal.record(kind, x)', ["set"], []),
        ('c = {"one": []}\n    c["two"] = []\n    journal.record("a", x, changes=c)', ["a"], ["one", "two"]),
        ('c = {"one": 1}\n    journal.record("a", x, changes=journal.differences({}, c))', ["a"], ["one"]),
    ],
)  # fmt: skip
def test_the_walk_sees_what_is_recorded(
    tmp_path: Path, source: str, acts: list[str], fields: list[str]
) -> None:
    (tmp_path / "attendees").mkdir()
    (tmp_path / "attendees" / "acting.py").write_text(f"def act(x, by):\n    {source}\n")
    assert [one[1:] for one in recorded(tmp_path)] == [(acts, fields)]


def test_the_walk_follows_an_act_to_the_callers(tmp_path: Path) -> None:
    (tmp_path / "attendees").mkdir()
    source = "class A:\n    def note(self, row, act):\n        journal.record(act, row)\n"
    source += "    def go(self):\n        self.note(1, 'left')\n        self.note(2, act='right')\n"
    (tmp_path / "attendees" / "acting.py").write_text(source)
    assert [acts for _where, acts, _fields in recorded(tmp_path)] == [["left", "right"]]
