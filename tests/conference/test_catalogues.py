"""Every sentence of the code has its English; `make check` stops where one has not."""

import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from conference.management.commands.catalogues import Source, sources_of_python, sources_of_template

ENGLISH = Path("en", "LC_MESSAGES", "django.po")


@pytest.fixture
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The English catalogue, in a copy that a test may spoil."""
    for folder in settings.LOCALE_PATHS:
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(settings, "LOCALE_PATHS", [str(tmp_path)])
    return tmp_path / ENGLISH


def complaints() -> str:
    try:
        call_command("catalogues", "--check")
    except CommandError as error:
        return str(error)
    return ""


def without(path: Path, msgid: str) -> None:
    catalogue = polib.pofile(str(path))
    entry = catalogue.find(msgid)
    assert entry is not None
    catalogue.remove(entry)
    catalogue.save()


def test_no_sentence_of_the_code_lacks_its_english(english: Path) -> None:
    assert complaints() == ""


@pytest.mark.parametrize(
    ("msgid", "place"),
    [
        ("Thay người", "attendees/"),
        ("Nền tối", "templates/_ui/_settings.html:"),
        ("%(n)s đoàn chưa phản hồi", "attendees/desk.py:"),
        ("Số này thiếu một chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678.", "conference/vietnamese.py:"),
    ],
)
def test_a_sentence_without_english_is_named_with_its_place(english: Path, msgid: str, place: str) -> None:
    without(english, msgid)
    said = complaints()
    assert repr(msgid) in said
    assert said.startswith(place)
    assert len(said.splitlines()) == 1


def test_a_translation_that_names_what_the_source_does_not_have_is_refused(english: Path) -> None:
    catalogue = polib.pofile(str(english))
    entry = catalogue.find("Tài khoản: %(name)s")
    assert entry is not None
    entry.msgstr = "Account: %(nmae)s"
    catalogue.save()
    assert "names %(nmae)s" in complaints()


def test_python_is_read_with_its_joined_lines_and_plurals_and_contexts() -> None:
    code = """
_("Một " "hai")
gettext_lazy("Ba")
ngettext("%d người", "%d người khác", n)
translation.pgettext("thẻ", "Tên")
_(name)
translate("Không")
"""
    assert list(sources_of_python(code, "x.py")) == [
        Source("x.py:2", None, "Một hai", ""),
        Source("x.py:3", None, "Ba", ""),
        Source("x.py:4", None, "%d người", "%d người khác"),
        Source("x.py:5", "thẻ", "Tên", ""),
    ]


def test_templates_are_read_with_their_blocks_and_constants() -> None:
    code = (
        '{% load i18n %}Chữ trần {% translate "Một" as word %}\n'
        "{% blocktranslate count n=n %}{{ n }} người{% plural %}{{ n }} người “khác”{% endblocktranslate %}\n"
        '{% include "a.html" with label=_("Ba") %}{# {% translate "Không" %} #}{{ x|default:_("Bốn") }}'
    )
    assert list(sources_of_template(code, "x.html")) == [
        Source("x.html:1", None, "Một", ""),
        Source("x.html:2", None, "%(n)s người", "%(n)s người “khác”"),
        Source("x.html:3", None, "Ba", ""),
        Source("x.html:3", None, "Bốn", ""),
    ]
