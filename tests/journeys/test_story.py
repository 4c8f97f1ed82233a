"""From an empty database to papers in hand, as an organiser, an officer and a reader live it, in a browser.

Once on SQLite and the file broker, once on PostgreSQL and Redis; always with the real worker.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from conference import vietnamese
from tests.installation import migrated, own_database
from tests.journeys import papers
from tests.journeys.stage import PHONE, Stage, staged

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = 80
ONLY_OURS = re.compile(r"^/[A-Z]{6}\+(Tinos|Be-?Vietnam-?Pro)", re.IGNORECASE)


@pytest.fixture(
    scope="module", params=["SQLite and files", pytest.param("PostgreSQL and Redis", marks=pytest.mark.long)]
)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with ExitStack() as stack:
        more = {}
        if request.param == "PostgreSQL and Redis":
            number = os.environ["REDIS_URL"].partition("virtual_host=")[2]
            more["DATABASE_URL"] = stack.enter_context(own_database(f"journey_{number}", migrated()))
            more["REDIS_URL"] = os.environ["REDIS_URL"].replace(f"host={number}", f"host={int(number) + 8}")
        yield stack.enter_context(staged("--people", str(PEOPLE), **more))


@pytest.fixture(scope="module")
def certificates(stage: Stage) -> bytes:
    """Issued to everybody who was seen: the hosts have theirs, a draft holds the others."""
    with stage.signed_in("organiser") as page:
        papers.issue_the_draft(page, stage)
        papers.print_from_the_desk(page, stage, "certificates")
        return papers.download(page, stage, "Giấy chứng nhận")


def fonts(pdf: bytes) -> set[str]:
    found = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for one in font.get_object().get("/DescendantFonts", [font]):
                found.add(str(one.get_object()["/BaseFont"]))
    return found


def test_the_desk_shows_63_delegations(stage: Stage) -> None:
    with stage.signed_in("organiser") as page:
        expect(page.get_by_role("heading", level=1, name="Bàn điều hành")).to_be_visible()
        expect(page.locator("a.tile")).to_have_count(63)
        expect(page.get_by_text("QĐ. Hoàng Sa")).to_be_visible()
        expect(page.get_by_text("QĐ. Trường Sa")).to_be_visible()
        expect(page.get_by_text("Dữ liệu minh họa").first).to_be_visible()


def test_an_organiser_prints_the_agenda(stage: Stage) -> None:
    with stage.signed_in("organiser") as page:
        papers.print_from_the_desk(page, stage, "agenda")
        pdf = papers.download(page, stage, "Chương trình hội nghị")

    content = papers.spoken(pdf)
    titles = stage.facts("list(conference.sessions.values_list('title', flat=True))")
    assert [title for title in titles if papers.said(title) not in content] == []
    assert papers.said("Nguyễn Thanh Lâm") in content
    assert [name for name in fonts(pdf) if not ONLY_OURS.match(name)] == []


def test_an_organiser_prints_a_badge_for_everybody(stage: Stage) -> None:
    with stage.signed_in("organiser") as page:
        papers.print_from_the_desk(page, stage, "badges")
        pdf = papers.download(page, stage, "Thẻ đại biểu")

    content = papers.spoken(pdf)
    people = stage.facts(
        "list(conference.attendees.confirmed().values_list('full_name', 'code', 'organisation_name'))"
    )
    assert len(people) > PEOPLE * 0.8
    for full_name, code, organisation in people:
        assert papers.said(full_name) in content
        assert papers.said(f"{code[:4]}-{code[4:]}") in content
        assert papers.said(organisation) in content
    nominated = stage.facts(
        "list(conference.attendees.exclude(status='confirmed').values_list('code', flat=True))"
    )
    assert [code for code in nominated if papers.said(f"{code[:4]}-{code[4:]}") in content] == []


def test_whoever_was_seen_gets_a_certificate_with_a_number_of_its_own(
    stage: Stage, certificates: bytes
) -> None:
    issued = stage.facts(
        "[(one.full_name, one.full_number, one.attendee.pk, one.number)"
        " for one in Certificate.objects.select_related('series__conference').order_by('number')]"
    )
    seen = stage.facts("sorted(conference.attendees.confirmed().present().values_list('pk', flat=True))")
    pages = [papers.said(page.extract_text()) for page in PdfReader(BytesIO(certificates)).pages]

    assert sorted(pk for _, _, pk, _ in issued) == seen
    assert [number for *_, number in issued] == list(range(1, len(seen) + 1))
    assert len(pages) == len(issued)
    for full_name, number, *_ in issued:
        (page,) = [page for page in pages if papers.said(number) in page]
        assert papers.said(full_name) in page


def test_anybody_checks_a_certificate_and_learns_when_it_is_revoked(
    stage: Stage, certificates: bytes
) -> None:
    address = urlsplit(papers.code_on(certificates, 1))
    code = address.path.rpartition("/")[2]
    full_name, number = stage.facts(
        f"[(one.full_name, one.number) for one in Certificate.objects.filter(code='{code}')][0]"
    )
    assert f"{address.scheme}://{address.netloc}" == stage.address

    with stage.page(PHONE) as reader:
        reader.goto(address.geturl())
        expect(reader.get_by_role("heading", level=1)).to_contain_text("có giá trị")
        expect(reader.get_by_role("main")).to_contain_text(full_name)

        with stage.signed_in("organiser") as page:
            revoke(page, stage, full_name, number)

        reader.reload()
        expect(reader.get_by_role("heading", level=1)).to_contain_text("thu hồi")
        expect(reader.get_by_role("main")).not_to_contain_text("In sai chức vụ")
        reader.goto(f"{stage.address}/v/{'0' * 16}")
        expect(reader.get_by_role("heading", level=1)).not_to_contain_text("có giá trị")


def revoke(page: Page, stage: Stage, full_name: str, number: int) -> None:
    page.goto(f"{stage.address}/admin/documents/certificate/?q={vietnamese.fold(full_name)}")
    page.locator("tbody tr", has_text=f"{number:04}/").locator("input[name=_selected_action]").check()
    page.select_option("select[name=action]", "revoke_certificates")
    page.get_by_role("button", name="Thực hiện").click()
    page.fill("[name=reason]", "In sai chức vụ")
    page.get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_text("Đã thu hồi 1 giấy")).to_be_visible()


def test_an_officer_answers_on_a_telephone_and_takes_the_papers_home(stage: Stage) -> None:
    with stage.signed_in("officer", "quang-nam", PHONE) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh Quảng Nam")
        page.get_by_role("link", name=re.compile("^Cử người")).first.click()
        page.get_by_label("Ông", exact=True).check()
        page.fill("[name=full_name]", "Lê Thế Thử Nghiệm")
        page.fill("[name=position]", "Chuyên viên chính")
        page.get_by_role("button", name="Lưu", exact=True).click()
        seat = page.locator("li.seat", has_text="Lê Thế Thử Nghiệm")
        seat.get_by_role("button", name=re.compile("^Xác nhận")).click()
        expect(page.locator("li.seat", has_text="Lê Thế Thử Nghiệm")).to_contain_text("Đã xác nhận")

        page.get_by_role("button", name=re.compile("^Gửi xác nhận")).last.click()
        expect(page.get_by_text("Chờ xác nhận")).to_have_count(0)
        page.get_by_role("link", name=re.compile("^Giấy tờ của đoàn")).click()
        papers.ask(page, stage, "Thẻ đại biểu")
        lacking = page.locator("tbody tr", has_text="Lê Thế Thử Nghiệm")
        expect(lacking).to_contain_text("Chưa có đơn vị.")
        page.get_by_role("button", name="Vẫn in").click()
        pdf = papers.download(page, stage, "Thẻ đại biểu")

    state, own, others = stage.facts(
        "(lambda d: (d.status, list(d.attendees.confirmed().values_list('full_name', 'code')),"
        " list(conference.attendees.exclude(delegation=d).values_list('code', flat=True))))"
        "(conference.delegations.get(code='quang-nam'))"
    )
    content = papers.spoken(pdf)
    assert state == "confirmed"
    assert len(own) == 5
    assert [name for name, code in own if papers.said(name) not in content] == []
    assert [code for code in others if papers.said(f"{code[:4]}-{code[4:]}") in content] == []


def test_an_officer_past_the_deadline_only_reads(stage: Stage) -> None:
    with stage.signed_in("officer", "lam-dong", PHONE) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh Lâm Đồng")
        expect(page.get_by_role("button", name=re.compile("Xác nhận|Gửi"))).to_have_count(0)
        expect(page.get_by_role("link", name=re.compile("^Cử người|^Sửa|^Thay người"))).to_have_count(0)


def test_everybody_reads_the_programme(stage: Stage) -> None:
    with stage.page(PHONE) as page:
        page.goto(f"{stage.address}/da-lat-2024/")
        for title in stage.facts(
            "list(conference.sessions.filter(kind='topic').values_list('title', flat=True))"
        ):
            expect(page.get_by_role("main")).to_contain_text(title)
        expect(page.get_by_role("main")).to_contain_text("Nguyễn Thanh Lâm")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
