"""Compile the translation catalogues, and find what they lack, without the system's gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polib
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Which arguments of a marking function are context, sentence and plural.
MARKS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
TEXT = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
MARKED = re.compile(rf"(?<!\w)(_|n?p?gettext)\(({TEXT}(?:, ?{TEXT})*)")


class Source(NamedTuple):
    """A sentence of the code that the catalogue must know."""

    place: str
    context: str | None
    text: str
    plural: str

    @classmethod
    def marked(cls, place: str, mark: str, values: list[str]) -> "Source":
        context, text, plural = MARKS[mark]
        return cls(
            place,
            None if context is None else values[context],
            values[text],
            "" if plural is None else values[plural],
        )


def sources_of_python(code: str, name: str) -> Iterator[Source]:
    """Sentences inside `_()`, `gettext…()`, `ngettext…()`; those put together at run time cannot be known."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        mark = called.removesuffix("_lazy").removesuffix("_noop")
        values = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if mark in MARKS and values:
            yield Source.marked(f"{name}:{node.lineno}", mark, values)


def sources_of_template(code: str, name: str) -> Iterator[Source]:
    """Sentences inside `{% translate %}`, `{% blocktranslate %}` and `_("…")`."""
    text = templatize(code, name)
    for found in MARKED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Source.marked(f"{name}:{line}", found[1], list(ast.literal_eval(f"({found[2]},)")))


def sources() -> Iterator[Source]:
    """Every sentence of our own apps and templates."""
    root = Path(settings.BASE_DIR)
    for app in {Path(config.path) for config in apps.get_app_configs()}:
        if app.parent == root:
            for path in sorted(app.rglob("*.py")):
                yield from sources_of_python(path.read_text("utf-8"), str(path.relative_to(root)))
    for path in sorted((root / "templates").rglob("*.html")):
        yield from sources_of_template(path.read_text("utf-8"), str(path.relative_to(root)))


def untranslated(catalogue: Path) -> Iterator[str]:
    """Sentences of the code without English. One that has a Vietnamese translation is English already."""
    entries = [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]
    known = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries}
    seen = set()
    with override("vi"):
        for place, context, text, plural in sources():
            key = (context, text, plural)
            if key in known or key in seen or (not context and not plural and gettext(text) != text):
                continue
            seen.add(key)
            yield f"{place} {text!r} is not in the English catalogue"


def catalogues() -> list[Path]:
    """Every .po file of the project."""
    return [
        path for folder in settings.LOCALE_PATHS for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
    ]


def offences(path: Path) -> Iterator[str]:
    """What a translator still has to do: doubtful or missing entries, placeholders that got lost."""
    for entry in polib.pofile(str(path), check_for_duplicates=True):
        if entry.obsolete:
            continue
        place = f"{path.parent.parent.name}:{entry.linenum} {entry.msgid!r}"
        if entry.fuzzy:
            yield f"{place} is marked fuzzy"
        elif not entry.translated():
            yield f"{place} has no translation"
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            if lost := set(PLACEHOLDER.findall(text)) - allowed:
                yield f"{place} names {', '.join(sorted(lost))}, which the source does not have"


class Command(BaseCommand):
    help = "Compile every .po file that is newer than its .mo file; --check looks for gaps instead."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            found = [line for path in catalogues() for line in offences(path)]
            for path in catalogues():
                if path.parent.parent.name == "en":
                    found += untranslated(path)
            if found:
                raise CommandError("\n".join(found))
            return
        for path in catalogues():
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns:
                part = compiled.with_suffix(".part")
                polib.pofile(str(path)).save_as_mofile(str(part))
                part.replace(compiled)
