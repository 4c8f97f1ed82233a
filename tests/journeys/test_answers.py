"""Sixty-three delegations are invited in a morning, answer in three ways, and only who owes is reminded.

A browser, a real mail server and the real worker, once on SQLite and files, once on PostgreSQL and Redis.
"""

import os
import re
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.attendees.messy import FROM_LAM_DONG, messy_workbook
from tests.installation import migrated, own_database
from tests.journeys import papers
from tests.journeys.stage import DESKTOP, PHONE, Stage, staged
from tests.patience import LONGEST, until
from tests.smtp import MailServer, Received, mail_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "chua-moi"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/l/[0-9A-Za-z]+/")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BY_LINK, BY_EXCEL, BY_ACCOUNT, REFUSES = "quang-nam", "lam-dong", "lai-chau", "ha-giang"
ALL_LETTERS = 600.0  # seconds for a letter to each, which may have papers with it
MR_LUC, MR_AN, MRS_BINH = "Nguyễn Thử Lực", "Lê Thử An", "Trần Thị Thử Bình"


@dataclass
class Post:
    """The stage, and the mail server that its letters reach."""

    stage: Stage
    server: MailServer

    def to(self, delegation: str) -> list[Received]:
        return self.server.to(f"{delegation}@dau-moi.example")

    def link(self, delegation: str) -> str:
        """The address in the letter of a delegation."""
        found = LINK.search(self.to(delegation)[0].text)
        assert found, self.to(delegation)[0].text
        return found[0]


@pytest.fixture(
    scope="module", params=["PostgreSQL and Redis", pytest.param("SQLite and files", marks=pytest.mark.long)]
)
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    with ExitStack() as stack:
        server = stack.enter_context(mail_server())
        more = {"EMAIL_URL": server.url}
        if request.param == "PostgreSQL and Redis":
            number = os.environ["REDIS_URL"].partition("virtual_host=")[2]
            more["DATABASE_URL"] = stack.enter_context(own_database(f"answers_{number}", migrated()))
            more["REDIS_URL"] = os.environ["REDIS_URL"].replace(f"host={number}", f"host={int(number) + 8}")
        stage = stack.enter_context(staged("--uninvited", "--slug", SLUG, slug=SLUG, **more))
        yield Post(stage, server)


def test_sixty_three_delegations_answer(post: Post) -> None:
    """The steps of one story: each stands on the one before, so they are one test."""
    invite_all(post)
    a_scanner_of_letters_changes_nothing(post)
    one_answers_by_link(post)
    one_sends_an_excel_file(post)
    one_answers_with_an_account(post)
    one_sends_nobody(post)
    organisers_accept_one_and_return_another(post)
    whoever_owes_is_reminded(post)
    board_journal_and_list_agree(post)


# ── Inviting ──────────────────────────────────────────────────────────────────────────────────────


def invite_all(post: Post) -> None:
    with post.stage.signed_in("organiser") as page:
        page.goto(f"{post.stage.address}/admin/")
        page.get_by_role("link", name="Mời đoàn").first.click()
        page.get_by_role("button", name="Mời các đoàn đã chọn").click()
        approve_newest(page, post.stage)
        release(page, post.stage)
    letters = post.server.wait_for(63, seconds=ALL_LETTERS)
    assert len({address for letter in letters for address in letter.to}) == 63
    numbers: dict[str, set[int]] = {"giay-moi": set(), "cong-van": set()}
    for name, code in post.stage.facts("list(conference.delegations.values_list('name', 'code'))"):
        (letter,) = post.to(code)
        for file in letter.message.iter_attachments():
            text = papers.spoken(file.get_content())
            assert papers.said(name) in text
            found = re.search(r"số:(\d+)/(gm-)?btttt", text)
            assert found, text[:200]
            numbers["giay-moi" if found[2] else "cong-van"].add(int(found[1]))
    assert numbers == {kind: set(range(1, 64)) for kind in numbers}
    assert len({post.link(code) for code in all_of(post)}) == 63


def all_of(post: Post) -> list[str]:
    codes: list[str] = post.stage.facts("list(conference.delegations.values_list('code', flat=True))")
    return codes


def approve_newest(page: Page, stage: Stage) -> None:
    """An organiser has read the drafts and lets them go."""
    page.goto(f"{stage.address}/admin/mailing/mailing/")
    page.locator("tbody input[name=_selected_action]").first.check()
    page.select_option("select[name=action]", label="Duyệt gửi cả đợt")
    page.get_by_role("button", name="Thực hiện").click()


def release(page: Page, stage: Stage) -> None:
    """A demonstration sends nothing until somebody says so."""
    page.goto(f"{stage.address}/admin/mailing/message/")
    page.get_by_role("button", name="Gửi trở lại").click()
    expect(page.get_by_role("button", name="Gửi trở lại")).to_have_count(0)


def a_scanner_of_letters_changes_nothing(post: Post) -> None:
    state = "[(d.version, d.status, [l.uses for l in d.links.all()]) for d in conference.delegations.all()]"
    before = post.stage.facts(state)
    for method in ("GET", "HEAD", "GET"):
        request = urllib.request.Request(post.link(BY_LINK), method=method)
        with urllib.request.urlopen(request, timeout=LONGEST) as answer:
            assert answer.status == 200
    assert post.stage.facts(state) == before
    token = post.link(BY_LINK).rstrip("/").rpartition("/")[2]
    assert token not in post.stage.served.log.read_text()


# ── Answering ─────────────────────────────────────────────────────────────────────────────────────


def open_link(page: Page, post: Post, delegation: str) -> None:
    page.goto(post.link(delegation))
    page.get_by_role("button", name="Mở trang trả lời").click()
    page.wait_for_url(re.compile(rf"/{SLUG}/delegations/{delegation}/(answer/)?$"))
    assert "/l/" not in page.url


def say(page: Page, slot: str, choice: str, name: str = "", reason: str = "") -> None:
    """One seat of the whole list."""
    seat = page.locator("li.say", has_text=slot).first
    seat.get_by_label(choice, exact=True).check()
    if name:
        seat.locator("[name$=full_name]").fill(name)
        seat.locator("[name$=position]").fill("Chuyên viên")
    if reason:
        seat.locator("[name$=reason]").fill(reason)


def one_answers_by_link(post: Post) -> None:
    with post.stage.page(PHONE) as page:
        open_link(page, post, BY_LINK)
        say(page, "Công an", "Cử người", MR_LUC)
        say(page, "Báo, Đài", "Cử người", MR_AN)
        say(page, "Lãnh đạo UBND", "Không cử", reason="Trùng lịch họp của tỉnh")
        page.get_by_role("button", name="Gửi danh sách").click()
        expect(page.get_by_text("Mã biên nhận")).to_be_visible()
        page.goto(f"{post.stage.address}/{SLUG}/delegations/{BY_LINK}/answer/")
        say(page, MR_LUC, "Thay người", MRS_BINH, "Ông Lực đi công tác đột xuất")
        page.get_by_role("button", name="Gửi danh sách").click()
        expect(page.locator("main")).to_contain_text(MRS_BINH)
        expect(page.locator("main")).to_contain_text("Ông Lực đi công tác đột xuất")
        receipt = papers.spoken(receipt_of(page))
        foreign = page.goto(f"{post.stage.address}/{SLUG}/delegations/{BY_EXCEL}/")
        assert foreign is not None
        assert foreign.status == 404
    assert papers.said(MRS_BINH) in receipt
    assert papers.said(MR_AN) in receipt
    codes = post.stage.facts(
        f"dict(conference.attendees.filter(delegation__code='{BY_LINK}').values_list('full_name', 'status'))"
    )
    assert codes == {MR_LUC: "replaced", MR_AN: "confirmed", MRS_BINH: "confirmed"}


def receipt_of(page: Page) -> bytes:
    """Asked for on the page of the delegation, and taken as soon as the worker has made it."""
    page.get_by_role("button", name=re.compile("Tải biên nhận")).click()
    link = page.get_by_role("link", name=re.compile("^Tải PDF"))
    until(lambda: link.count() or page.reload() is None, "the receipt")
    with page.expect_download() as taking:
        link.first.click()
    return Path(taking.value.path()).read_bytes()


def one_sends_an_excel_file(post: Post) -> None:
    file = messy_workbook(FROM_LAM_DONG, "tỉnh Lâm Đồng")
    with post.stage.page(PHONE) as page:
        open_link(page, post, BY_EXCEL)
        page.get_by_role("link", name="Nhập từ tệp Excel").click()
        page.set_input_files("input[type=file]", {"name": "Danh sách.xlsx", "mimeType": XLSX, "buffer": file})
        page.get_by_role("button", name="Đọc tệp").click()
        page.get_by_role("button", name="Xem trước").click()
        expect(page.get_by_text("Còn 2 dòng chưa chọn")).to_be_visible()
        choose_component(page, "Lê Đức Ước", "Lãnh đạo Sở")
        choose_component(page, "Phạm Thị Khuyên", "Cán bộ phụ trách")
        page.get_by_role("button", name="Ghi lựa chọn").click()
        page.get_by_role("button", name=re.compile("^Nhập")).click()
        page.get_by_role("link", name="Xem danh sách").click()
        page.get_by_role("button", name=re.compile("^Gửi xác nhận")).last.click()
        expect(page.get_by_text("Mã biên nhận")).to_be_visible()
    known = post.stage.facts(
        f"list(conference.attendees.filter(delegation__code='{BY_EXCEL}').order_by('full_name')"
        ".values_list('full_name', 'phone', 'status'))"
    )
    assert known == sorted([one.name, one.phone, "confirmed"] for one in FROM_LAM_DONG)


def choose_component(page: Page, person: str, component: str) -> None:
    line = page.locator("li, article, section", has_text=person).filter(has=page.locator("select")).last
    select = line.locator("select").first
    value = select.locator("option", has_text=component).first.get_attribute("value")
    select.select_option(value)


def one_answers_with_an_account(post: Post) -> None:
    """The organiser gives an account; its owner comes in by a code that is sent to the address."""
    address = "dau-moi.lai-chau@so-tttt.example"
    with post.stage.signed_in("organiser") as page:
        pk = post.stage.facts(f"conference.delegations.get(code='{BY_ACCOUNT}').pk")
        page.goto(f"{post.stage.address}/admin/conference/user/add/?delegation={pk}")
        page.fill("[name=email]", address)
        page.fill("[name=full_name]", "Lò Thị Thử Đào")
        page.select_option("[name=part]", "officer")
        page.select_option("[name=delegation]", str(pk))
        page.locator("form .btn--main, form input[type=submit], form button[type=submit]").first.click()
    with post.stage.page(PHONE) as page:
        page.goto(f"{post.stage.address}/accounts/login/code/")
        page.fill("input[name=email]", address)
        page.locator("main form button").first.click()
        letter = until(lambda: post.server.to(address), "the code")[-1]
        code = re.search(r"^\s*([0-9A-Z][0-9A-Z-]{4,})\s*$", letter.text, re.M)
        assert code, letter.text
        page.fill("input[name=code]", code[1])
        page.locator("main form button").first.click()
        page.goto(f"{post.stage.address}/{SLUG}/delegations/{BY_ACCOUNT}/")
        page.get_by_role("link", name=re.compile("^Cử người")).first.click()
        page.get_by_label("Bà", exact=True).check()
        page.fill("[name=full_name]", "Giàng Thị Thử Mỷ")
        page.fill("[name=position]", "Phó Giám đốc")
        page.get_by_role("button", name="Lưu", exact=True).click()
        page.get_by_role("button", name=re.compile("^Gửi xác nhận")).last.click()
        expect(page.get_by_text("Mã biên nhận")).to_be_visible()


def one_sends_nobody(post: Post) -> None:
    with post.stage.page(DESKTOP) as page:
        open_link(page, post, REFUSES)
        page.get_by_role("link", name=re.compile("^Không cử đoàn")).first.click()
        page.fill("[name=reason]", "Tập trung khắc phục lũ quét")
        page.get_by_role("button", name="Không cử đoàn").click()
        expect(page.get_by_text("Tập trung khắc phục lũ quét").first).to_be_visible()


# ── At the desk again ─────────────────────────────────────────────────────────────────────────────


def organisers_accept_one_and_return_another(post: Post) -> None:
    with post.stage.signed_in("organiser") as page:
        at_delegation(page, post.stage, BY_LINK, "Tiếp nhận")
        at_delegation(page, post.stage, BY_EXCEL, "Trả lại kèm nhận xét")
        page.fill("[name=remark]", "Đề nghị bổ sung văn bản cử có chữ ký")
        page.locator("form.ask button.btn--main, form.ask button.btn--danger").first.click()
    reviews = post.stage.facts("{d.code: d.review for d in conference.delegations.exclude(review='')}")
    assert reviews == {BY_LINK: "accepted", BY_EXCEL: "returned"}
    with post.stage.page(PHONE) as page:
        open_link(page, post, BY_EXCEL)
        expect(page.get_by_text("Đề nghị bổ sung văn bản cử có chữ ký")).to_be_visible()


def at_delegation(page: Page, stage: Stage, code: str, verb: str) -> None:
    """Presses a button on the page of a delegation."""
    pk = stage.facts(f"conference.delegations.get(code='{code}').pk")
    page.goto(f"{stage.address}/admin/attendees/delegation/{pk}/change/")
    page.get_by_role("button", name=verb, exact=True).click()


def whoever_owes_is_reminded(post: Post) -> None:
    answered = {BY_LINK, BY_ACCOUNT, REFUSES}
    owing = set(all_of(post)) - answered
    before = {code: len(post.to(code)) for code in owing | answered}
    with post.stage.signed_in("organiser") as page:
        page.goto(f"{post.stage.address}/admin/attendees/delegation/remind/")
        expect(page.get_by_role("heading", name="60 đoàn nhận thư")).to_be_visible()
        page.get_by_role("button", name="Soạn 60 thư nhắc").click()
        approve_newest(page, post.stage)
    sent = "conference.messages.filter(kind='reminder', state='sent').count()"
    until(lambda: post.stage.facts(sent) == 60, "sixty reminders", ALL_LETTERS)
    written = {code for code in owing | answered if len(post.to(code)) > before[code]}
    assert {code for code in written if is_reminder(post, code)} == owing


def is_reminder(post: Post, code: str) -> bool:
    return any(str(one.message["Subject"]).startswith("Đề nghị gửi danh sách") for one in post.to(code))


def board_journal_and_list_agree(post: Post) -> None:
    confirmed = post.stage.facts("conference.attendees.confirmed().count()")
    seats = post.stage.facts("sum(q.seats for d in conference.delegations.all() for q in d.quotas.all())")
    with post.stage.signed_in("organiser") as page:
        page.goto(f"{post.stage.address}/admin/board/")
        expect(page.get_by_role("main")).to_contain_text(f"{confirmed}/{seats}")
        tile = page.locator("a.tile[aria-label*='Quảng Nam']")
        expect(tile).to_have_attribute("aria-label", re.compile("2/7"))
        page.goto(f"{post.stage.address}/admin/board/?map=now")
        expect(page.locator("a.tile")).to_have_count(34)

        pk = post.stage.facts(f"conference.delegations.get(code='{BY_LINK}').pk")
        page.goto(f"{post.stage.address}/admin/attendees/delegation/{pk}/history/")
        journal = page.get_by_role("main")
        for words in (MRS_BINH, MR_LUC, "Liên kết của đoàn", "Ông Lực đi công tác đột xuất"):
            expect(journal).to_contain_text(words)

        page.goto(f"{post.stage.address}/admin/attendees/attendee/?status__exact=confirmed")
        page.locator("thead input[type=checkbox]").check()
        page.select_option("select[name=action]", label="Xuất Excel")
        page.get_by_role("button", name="Thực hiện").click()
        with page.expect_download() as taking:
            page.get_by_role("button", name="Xuất tệp").click()
        book = openpyxl.load_workbook(BytesIO(Path(taking.value.path()).read_bytes()))
    names = post.stage.facts("list(conference.attendees.confirmed().values_list('full_name', flat=True))")
    assert sorted(column(book, "Họ và tên")) == sorted(names)
    assert sorted(filter(None, column(book, "Thay cho"))) == [MR_LUC]
    assert PdfReader(BytesIO(first_attachment(post))).pages


def column(book: openpyxl.Workbook, heading: str) -> list[Any]:
    """The cells of the first sheet under a heading."""
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if heading in row)
    at = rows[top].index(heading)
    return [row[at] for row in rows[top + 1 :]]


def first_attachment(post: Post) -> bytes:
    content = next(post.to(BY_LINK)[0].message.iter_attachments()).get_content()
    assert isinstance(content, bytes)
    return content
