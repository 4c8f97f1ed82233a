"""The components and the tag libraries: contracts, Vietnamese forms, and what the security policy forbids."""

import copy
import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template import Context, RequestContext, engines
from django.template.backends.django import DjangoTemplates
from django.test import Client, RequestFactory

from conference import samples

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SCREENS = sorted(path for path in TEMPLATES.rglob("*.html") if "pdf" not in path.parts)
UNDEFINED = "⟦undefined %s⟧"


@pytest.fixture
def strict() -> DjangoTemplates:
    """The project's engine, in which an undefined variable shows."""
    options = copy.deepcopy(settings.TEMPLATES[0])
    options.pop("BACKEND")
    options["OPTIONS"]["string_if_invalid"] = UNDEFINED
    return DjangoTemplates({"NAME": "strict", **options})


def draw(strict: DjangoTemplates, source: str, request: HttpRequest | None = None, **context: Any) -> str:
    template = strict.engine.from_string("{% load ui vi %}" + source)
    return template.render(RequestContext(request, context) if request else Context(context)).strip()


class PersonForm(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Viết đủ dấu")
    phone = forms.CharField(label="Điện thoại", required=False, widget=forms.TextInput({"placeholder": "09"}))
    agreed = forms.BooleanField(label="Đồng ý")


def test_the_gallery_draws_every_component_without_an_undefined_variable(
    strict: DjangoTemplates, db: None
) -> None:
    request = RequestFactory().get("/components/?q=1")
    request.user = request.session = None
    request._messages = []
    page = strict.get_template("conference/components.html").render(samples.gallery(), request)
    assert re.findall("⟦.*?⟧", page) == []
    shown = {path.stem for path in (TEMPLATES / "_ui").glob("*.html") if not path.stem.startswith("_")}
    source = (TEMPLATES / "conference" / "components.html").read_text()
    drawn_by_others = {"bare", "act", "field", "fields"}
    assert shown - drawn_by_others - set(re.findall(r'_ui/(\w+)\.html"', source)) == set()


def test_a_form_that_only_downloads_may_be_sent_again_at_once() -> None:
    form = re.compile(r"(<form\b[^>]*>)((?:(?!</form>).)*)", flags=re.S)
    button = re.compile(r'<button[^>]*>\{% icon "down" %\}\{% translate "Tải ')
    found = [
        (path.name, start)
        for path in SCREENS
        for start, inside in form.findall(path.read_text())
        if button.search(inside)
    ]
    assert len(found) > 5
    assert [one for one in found if "data-many" not in one[1]] == []


@pytest.mark.parametrize(
    ("component", "given"),
    [
        ("button", {"label": "Lưu"}),
        ("tag", {"kind": "ok", "label": "Đã xác nhận"}),
        ("category", {"band": "press", "label": "Báo chí"}),
        ("notice", {"kind": "success", "text": "Đã lưu."}),
        ("progress", {"sentence": "3/7", "done": 3, "total": 7}),
        ("empty", {"title": "Chưa có đại biểu"}),
        ("seat", {"slot": "Báo, Đài", "state": "wait", "state_label": "Chưa cử người"}),
        ("deadline", {"sentence": "Xác nhận trước 17:00"}),
        ("tally", {"done": 4, "total": 7, "title": "đại biểu"}),
        ("paper", {"id": "p1", "title": "Thẻ", "kind": "info", "state_label": "Đang chờ"}),
        ("verdict", {"kind": "none", "title": "Không tìm thấy", "text": "Nhập lại mã."}),
        ("title", {"title": "Hội nghị A", "short_title": ""}),
        ("dialog", {"title": "Xóa?", "verb": "Xóa", "action": "/x/", "keep": "Giữ lại", "keep_url": "/"}),
        ("map", {"tiles": [], "isles": []}),
        ("errors", {"form": PersonForm()}),
    ],
)
def test_a_component_needs_no_more_than_its_contract_says(
    strict: DjangoTemplates, component: str, given: dict[str, Any]
) -> None:
    pairs = " ".join(f"{name}={name}" for name in given)
    page = draw(strict, f'{{% include "_ui/{component}.html" with {pairs} only %}}', **given)
    assert re.findall("⟦.*?⟧", page) == []


def test_a_field_ties_label_hint_and_error_to_its_input(strict: DjangoTemplates) -> None:
    page = draw(strict, "{% field form.name %}", form=PersonForm({"name": ""}))
    assert '<label for="id_name">Họ và tên</label>' in page
    assert 'id="id_name_helptext">Viết đủ dấu' in page
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page


def test_an_optional_field_says_so_and_no_placeholder_stands_for_a_label(strict: DjangoTemplates) -> None:
    page = draw(strict, "{% field form.phone %}", form=PersonForm())
    assert "(không bắt buộc)" in page
    assert "placeholder" not in page


def test_a_hint_given_in_the_template_is_described_too(strict: DjangoTemplates) -> None:
    page = draw(strict, '{% field form.phone hint="Mười chữ số" %}', form=PersonForm())
    assert 'id="id_phone_helptext">Mười chữ số' in page
    assert 'aria-describedby="id_phone_helptext"' in page


def test_the_error_summary_links_to_each_wrong_field_and_escapes_what_was_typed(
    strict: DjangoTemplates,
) -> None:
    form = PersonForm({"name": ""})
    form.is_valid()
    form.add_error("phone", "Số “<script>” sai.")
    page = draw(strict, '{% include "_ui/errors.html" with form=form only %}', form=form)
    assert 'role="alert"' in page
    assert '<a href="#id_name">Họ và tên</a>' in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_an_act_that_changes_something_posts_with_a_token_even_inside_a_closed_include(
    strict: DjangoTemplates,
) -> None:
    acts = [
        {"label": "Xác nhận", "url": "/xac-nhan/", "post": True, "kind": "main", "fields": {"version": 3}}
    ]
    source = '{% include "_ui/empty.html" with title="x" acts=acts only %}'
    page = draw(strict, source, RequestFactory().get("/"), acts=acts)
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', page)
    assert '<input type="hidden" name="version" value="3">' in page
    assert 'method="post" action="/xac-nhan/"' in page


def test_an_act_may_be_an_object_and_only_links_when_it_changes_nothing(strict: DjangoTemplates) -> None:
    class Download:
        label, url, about = "Tải PDF", "/tep/", "Thẻ đại biểu"

    page = draw(strict, "{% act spec %}", spec=Download())
    assert page == '<a class="btn" href="/tep/">Tải PDF<span class="visually-hidden"> Thẻ đại biểu</span></a>'


@pytest.mark.parametrize(
    ("title", "short", "parts"),
    [
        ("Hội nghị tập huấn A, góp phần B", "tập huấn A", "Hội nghị|tập huấn A,|góp phần B"),
        ("Tập huấn A", "tập huấn A", "|Tập huấn A|"),
        ("Hội nghị khác", "tập huấn A", "|Hội nghị khác|"),
        ("Hội nghị (A+B)", "(A+B)", "Hội nghị|(A+B)|"),
    ],
)
def test_a_title_is_split_around_its_short_form(
    strict: DjangoTemplates, title: str, short: str, parts: str
) -> None:
    source = "{% split_title title short as t %}{{ t.lead }}|{{ t.main }}|{{ t.tail }}"
    assert draw(strict, source, title=title, short=short) == parts


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ day|weekday_date }}", "thứ Sáu, 31/5/2024"),
        ("{{ day|day_month }}", "31/5"),
        ("{{ day|month_word }}", "5"),
        ("{{ moment|moment }}", "15:42, thứ Năm, 30/5/2024"),
        ("{{ day|short_range:later }}", "31/5–02/6/2024"),
        ("{{ size|file_size }}", "1,9 MB"),
        ("{{ phone|mask_phone }}", "0912 ••• 678"),
        ("{{ nothing|short_date }}{{ nothing|weekday }}{{ nothing|moment }}{{ nothing|show_phone }}", ""),
    ],
)
def test_filters_write_as_vietnamese_offices_do(strict: DjangoTemplates, source: str, shown: str) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=7))
    context = {
        "day": datetime.date(2024, 5, 31),
        "later": datetime.date(2024, 6, 2),
        "moment": datetime.datetime(2024, 5, 30, 15, 42, tzinfo=zone),
        "size": 1_990_000,
        "phone": "+84912345678",
        "nothing": None,
    }
    assert draw(strict, source, **context) == shown


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Safari/537.36", "Chrome, Android"),
        ("curl/8", "Trình duyệt khác"),
    ],
)
def test_browsers_are_named_in_words(strict: DjangoTemplates, user_agent: str, name: str) -> None:
    assert draw(strict, "{{ it|browser_name }}", it=user_agent) == name


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_needs_more_than_the_security_policy_allows(path: Path) -> None:
    source = path.read_text()
    assert re.findall(r"\sstyle\s*=\s*[\"']|<style\b", source) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']|javascript:", source) == []
    scripts = re.findall(r"<script\b[^>]*>", source)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", source) == []
    assert len(source.splitlines()) <= 150


@pytest.mark.parametrize("number", ["400", "403", "403_csrf", "404", "429", "500", "503"])
def test_error_pages_need_no_request_and_no_database(number: str) -> None:
    page = engines["django"].get_template(f"{number}.html").render({})
    assert f'<p class="oops__no num">{number[:3]}</p>' in page
    assert '<html lang="vi">' in page


def test_the_policy_lets_no_inline_code_run(client: Client, db: None) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
