"""The house stands as house.md and README say; each rule is shown to see an offence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import RULES

ROOT = Path(__file__).resolve().parent.parent
Rule = Callable[[Path], Iterator[str]]

# A tree that offends against each rule, and the offence expected of it.
CONTROLS: dict[str, tuple[dict[str, str], str]] = {
    "imports_go_down": (
        {"attendees/models.py": "from sessions.models import Session\n"},
        "attendees/models.py:1 imports sessions.models.Session",
    ),
    "layers_inside_an_app": (
        {"attendees/models.py": "from attendees import forms\n"},
        "attendees/models.py:1 reaches up to attendees.forms",
    ),
    "no_vague_names": ({"attendees/utils.py": ""}, "attendees/utils.py"),
    "no_signals": (
        {"attendees/models.py": "from django.db.models.signals import post_save\n"},
        "attendees/models.py:1 imports django.db.models.signals.post_save",
    ),
    "no_generic_keys": (
        {"attendees/models.py": "from django.contrib.contenttypes.fields import GenericForeignKey\n"},
        "attendees/models.py:1 imports django.contrib.contenttypes.fields.GenericForeignKey",
    ),
    "silence_is_explained": (
        {"attendees/models.py": "x = 1  # noqa: F401\n"},
        "attendees/models.py:1 # noqa: F401",
    ),
    "nothing_inline": (
        {"templates/page.html": '<p\n style="color:red">'},
        "templates/page.html:2 inline style",
    ),
    "one_place_for_the_pdf_engine": (
        {"documents/tasks.py": "import weasyprint\n"},
        "documents/tasks.py:1 imports weasyprint",
    ),
    "no_holes": (
        {"attendees/models.py": "rows = Attendee.objects.raw('select 1')\n"},
        "attendees/models.py:1 uses raw",
    ),
    "late_imports_say_why": (
        {"attendees/models.py": "def f():\n    x = 1\n    import json\n"},
        "attendees/models.py:3 imports late, without a reason",
    ),
    "acts_after_the_commit_have_names": (
        {"attendees/models.py": "transaction.on_commit(partial(ring, 1), robust=True)\n"},
        "attendees/models.py:1 a partial after the commit",
    ),
    "views_ask_who_may_see": (
        {"attendees/views.py": "people = Attendee.objects.all()\n"},
        "attendees/views.py:1 Attendee.objects",
    ),
    "one_reader_of_the_environment": (
        {"attendees/models.py": "import os\nx = os.environ['X']\n"},
        "attendees/models.py:2 reads the environment",
    ),
    "modules_stay_short": ({"attendees/models.py": "x = 1\n" * 401}, "attendees/models.py has 401 lines"),
    "dependencies_are_true": (
        {"attendees/models.py": "import requests\n"},
        "attendees/models.py:1 imports requests, which pyproject.toml does not name",
    ),
}


@pytest.fixture(scope="module", autouse=True)
def trees_are_forgotten() -> Iterator[None]:
    yield
    architecture.parsed.cache_clear()


def plant(root: Path, files: dict[str, str]) -> Path:
    (root / "pyproject.toml").write_text("[project]\ndependencies = []\n")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert "\n".join(rule(ROOT)) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_sees_an_offence(rule: Rule, tmp_path: Path) -> None:
    files, offence = CONTROLS[rule.__name__]
    assert list(rule(plant(tmp_path, files))) == [offence]


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"documents/views.py": "from checkin import models\n"}, "imports_go_down"),
        ({"sessions/models.py": "from ..documents import pdf\n"}, "imports_go_down"),
        ({"attendees/forms.py": "from attendees.views import home\n"}, "layers_inside_an_app"),
        ({"sessions/forms.py": "from attendees.views import home\n"}, "layers_inside_an_app"),
        ({"attendees/travel.py": "import attendees.admin\n"}, "layers_inside_an_app"),
        ({"attendees/models.py": "x = 1  # noqa - because it is so\n"}, "silence_is_explained"),
        ({"attendees/models.py": "x = 1  # type: ignore[attr-defined]\n"}, "silence_is_explained"),
        ({"templates/a.html": "<script>go()</script>"}, "nothing_inline"),
        ({"templates/a.html": '<button class="x" onclick="go()">'}, "nothing_inline"),
        ({"templates/a.html": "<style>p{}</style>"}, "nothing_inline"),
        ({"attendees/models.py": "from django.utils.safestring import mark_safe\n"}, "no_holes"),
        ({"attendees/admin.py": "x = qs.extra(select={})\n"}, "no_holes"),
    ],
)
def test_the_rule_sees_other_forms_of_the_offence(files: dict[str, str], rule: str, tmp_path: Path) -> None:
    assert len(list(getattr(architecture, rule)(plant(tmp_path, files)))) == 1


def test_the_rules_let_a_good_tree_pass(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        {
            "attendees/models.py": "from conference.models import Unit\nfrom attendees import codes\n",
            "attendees/forms.py": "from attendees.models import Attendee\n",
            "attendees/views.py": "from attendees.forms import Form\nx = Attendee.objects.visible_to(user)\n",
            "attendees/urls.py": "from attendees import views\n",
            "documents/pdf.py": "def f():\n    # When a paper is made: it is slow.\n    import weasyprint\n",
            "sessions/models.py": "x = 1  # noqa: S101 - the reason of it\n",
            "templates/a.html": '<script src="/a.js"></script><script type="application/json">{}</script>',
        },
    )
    (root / "pyproject.toml").write_text('[project]\ndependencies = ["weasyprint>=70"]\n')
    assert [offence for rule in RULES for offence in rule(root)] == []


def test_the_numbers_of_the_house_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = list(architecture.house_numbers(ROOT))
    with capsys.disabled():
        print(*(f"\n  house number: {line}" for line in found), sep="", end="\n" if found else "")
    assert len(found) < 40, "so many that the aims mean nothing any more"
