"""Papers in a design: run, batch and certificate keep the version they began with; stamped as in full."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from attendees import badge_code
from attendees.models import Attendee
from conference import storing
from conference.models import Conference, User
from documents import (
    certificates,
    design_pictures,
    dressing,
    issuing,
    looks,
    making,
    pixel_guard,
    producing,
    requests,
    sealing,
)
from documents.batches import content_hash
from documents.kinds import KINDS
from documents.looks import BADGE, CERTIFICATE, LAYOUTS, Look
from documents.models import Certificate, CertificateFile, Document
from documents.requests import Scope
from tests.documents import reading
from tests.documents.conftest import Ask, give
from tests.documents.designs import CREAM, GREEN, file, saved, strong, written
from tests.documents.test_sealing import archival
from tests.qr_reading import qr_codes

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]


def page(pdf: bytes, number: int = 0) -> Image.Image:
    """In colours."""
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[number].render(scale=100 / 72).to_pil().convert("RGB")
    document.close()
    return picture


def file_of(document: Document) -> bytes:
    assert document.state == Document.State.READY, document.error
    return storing.path(document.file).read_bytes()


def has(pdf: bytes, colour: str) -> bool:
    """Is a good part of the first page in this colour?"""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    picture = page(pdf)
    found = {value: count for count, value in picture.getcolors(1 << 24) or []}
    return found.get(wanted, 0) > picture.width * picture.height / 100


def test_the_standard_look_adds_nothing() -> None:
    for paper in (BADGE, CERTIFICATE):
        assert dressing.dress(looks.standard(paper)) == dressing.Dress()


def test_a_paper_in_the_standard_look_has_the_bytes_it_had(
    ask: Ask, work: Work, conference: Conference, olga: User
) -> None:
    before = work(ask("badges"))
    saved(conference, looks.standard(BADGE), by=olga)
    after = work(ask("badges"))
    assert (before.design, after.design.number) == (None, 1)  # type: ignore[union-attr]  # there is one
    assert before.sha256 == after.sha256


@pytest.mark.parametrize("kind", ["badges", "badges-a7", "badges-folded", "badges-blank"])
def test_badges_of_every_size_wear_the_design(
    ask: Ask, work: Work, conference: Conference, olga: User, kind: str
) -> None:
    saved(conference, strong(BADGE, background="", layout="banner"), by=olga)
    pdf = file_of(work(ask(kind)))
    assert has(pdf, CREAM)
    assert has(pdf, GREEN)
    assert reading.overlaps(pdf) == []


@pytest.mark.parametrize("layout", [one.slug for one in LAYOUTS[BADGE]])
def test_a_wide_logo_keeps_its_shape(
    ask: Ask, work: Work, conference: Conference, olga: User, layout: str
) -> None:
    wide = design_pictures.take(file(written(Image.new("RGBA", (600, 200), "#ff00ff"), "PNG")), "logo")
    saved(conference, strong(BADGE, background="", layout=layout, logo=wide), by=olga)
    card = page(file_of(work(ask("badges")))).crop((413, 0, 826, 584))  # beside the parting card
    _red, green, blue = card.split()
    box = ImageChops.subtract(blue, green).point(lambda level: 255 * (level > 200)).getbbox()
    assert box
    assert box[2] - box[0] == pytest.approx(3 * (box[3] - box[1]), abs=3)


@pytest.mark.parametrize("kind", ["badges-label", "badges-label-blank"])
def test_labels_have_the_logo_and_the_texts_of_the_design_and_no_colour_but_black(
    ask: Ask, work: Work, conference: Conference, olga: User, kind: str
) -> None:
    texts = {**looks.standard(BADGE).texts, "agency": "Cục Thông tin đối ngoại"}
    found = {}
    for logo in ({"logo": ""}, {}):
        saved(conference, strong(BADGE, ink="#5a2b82", texts=texts, **logo), by=olga)
        pdf = file_of(work(ask(kind)))
        colours = page(pdf, 1).getcolors(1 << 24) or []
        found["logo" not in logo] = sum(count for count, one in colours if max(one) - min(one) > 8)
        assert "Cục Thông tin đối ngoại" in reading.text(pdf)
    assert found[False] == 0
    assert found[True] > 100  # the logo itself, which is theirs


@pytest.mark.parametrize(
    ("kind", "grid", "cards"),
    [("badges", (2, 2), ((1, 0), (0, 1), (1, 1))), ("badges-a7", (4, 2), ((1, 0), (2, 0), (3, 0)))],
)
def test_a_background_covers_every_card_of_a_sheet(
    ask: Ask, work: Work, conference: Conference, people: list[Attendee], olga: User,
    kind: str, grid: tuple[int, int], cards: tuple[tuple[int, int], ...],
) -> None:  # fmt: skip
    saved(conference, strong(BADGE, layout="classic"), by=olga)
    picture = page(file_of(work(ask(kind, attendees=people[:3]))))
    wide, high = picture.width / grid[0], picture.height / grid[1]
    edges = {
        picture.getpixel((int(wide * (column + 0.97)), int(high * (row + down))))
        for column, row in cards
        for down in (0.1, 0.5, 0.8)
    }
    bare = tuple(int(CREAM[at : at + 2], 16) for at in (1, 3, 5))
    assert edges & {(255, 255, 255), bare} == set()


def test_a_run_keeps_the_version_with_which_it_was_asked_for(
    ask: Ask, work: Work, conference: Conference, olga: User
) -> None:
    first = saved(conference, strong(BADGE, background=""), by=olga)
    waiting = ask("badges")
    saved(conference, replace(first.look, accent="#5a2b82", ground="#ffffff"), by=olga)
    pdf = file_of(work(waiting))
    assert waiting.design == first
    assert has(pdf, GREEN)
    assert not has(file_of(work(ask("badges"))), GREEN)  # the control: one asked for now


def test_a_run_that_failed_is_made_again_in_its_look(
    ask: Ask, work: Work, conference: Conference, olga: User
) -> None:
    saved(conference, strong(BADGE, background=""), by=olga)
    document = ask("badges")
    document.fail("Hết chỗ trên đĩa.")
    saved(conference, looks.standard(BADGE), by=olga)
    assert requests.retry(document, by=olga)
    assert has(file_of(work(document)), GREEN)


def test_badges_that_complete_a_run_look_as_that_run(
    ask: Ask, work: Work, conference: Conference, people: list[Attendee], olga: User
) -> None:
    first = saved(conference, strong(BADGE, background=""), by=olga)
    run = work(ask("badges"))
    saved(conference, looks.standard(BADGE), by=olga)
    lost = people[0]
    lost.badge_token = "Z" * 16  # as `attendees.renewing` does
    lost.save()
    again = ask("badges", since=run)
    assert again.design == first
    assert has(file_of(work(again)), GREEN)


@pytest.mark.parametrize("layout", [one.slug for one in LAYOUTS[BADGE]])
def test_the_code_of_a_badge_is_read_on_every_ground(
    ask: Ask, work: Work, conference: Conference, people: list[Attendee], olga: User, layout: str
) -> None:
    dark: dict[str, Any] = {"ink": "#ffffff", "ground": "#10243a", "accent": "#ffd54a", "veil": 90}
    saved(conference, strong(BADGE, layout=layout, **dark), by=olga)
    pdf = file_of(work(ask("badges")))
    read = [one.text for number in (1, 2) for one in qr_codes(reading.picture(pdf, number))]
    assert sorted(read) == sorted(badge_code.of(one) for one in people)


# ── Certificates ──────────────────────────────────────────────────────────────────────────────────


def pdf_of(certificate: Certificate, kind: str = CertificateFile.Kind.COPY) -> bytes:
    return storing.path(certificate.files.get(kind=kind).file).read_bytes()


def make_waiting(work: Work) -> None:
    for document in Document.objects.filter(state=Document.State.QUEUED):
        work(document)


def test_a_batch_keeps_the_version_that_was_put_before_the_signer(
    conference: Conference, people: list[Attendee], olga: User, work: Work
) -> None:
    first = saved(conference, strong(CERTIFICATE, background=""), by=olga)
    batch = issuing.draft(conference, Scope(), by=olga)
    saved(conference, looks.standard(CERTIFICATE), by=olga)
    issuing.approve(batch, content_hash(batch.lines.all()), by=olga, paper_reference="12/PTr")
    issuing.issue(batch, by=olga)
    make_waiting(work)
    given = list(Certificate.objects.all())
    assert {one.design for one in given} == {batch.design} == {first}
    assert all(has(pdf_of(one), GREEN) for one in given)


def test_what_is_said_of_the_conference_stays_as_it_was_put_before_the_signer(
    conference: Conference, people: list[Attendee], olga: User, work: Work, ask: Ask
) -> None:
    batch = issuing.draft(conference, Scope(attendees=people[:1]), by=olga)
    conference.place, conference.signer_name = "cố đô Huế", "Trần Văn Khác"
    conference.save()
    issuing.approve(batch, content_hash(batch.lines.all()), by=olga, paper_reference="12/PTr")
    [old] = issuing.issue(batch, by=olga).certificates.all()
    [new] = give(conference, people[1:2], by=olga)
    make_waiting(work)
    work(sealing.ask_for_bases(conference, by=olga))

    def is_new(pdf: bytes) -> list[bool]:
        said = reading.text(pdf)
        return [word in said for word in ("cố đô Huế", "Trần Văn Khác")]

    for kind in (CertificateFile.Kind.COPY, CertificateFile.Kind.BASE):
        assert is_new(pdf_of(old, kind)) == [False, False]
        assert is_new(pdf_of(new, kind)) == [True, True]
    printed = work(ask("certificates"))
    assert printed.parts.count() == printed.pages == 2
    assert is_new(file_of(printed)) == [True, True]
    assert is_new(file_of(work(ask("certificates", attendees=people[:1])))) == [False, False]
    again = certificates.replace(old, "Sai họ tên", by=olga)
    make_waiting(work)
    assert is_new(pdf_of(again)) == [False, False], "nobody has approved the new words for this one"
    certificates.revoke(again, "Sai nơi tổ chức", by=olga)
    [right] = give(conference, people[:1], by=olga)
    make_waiting(work)
    assert is_new(pdf_of(right)) == [True, True]


def test_whatever_is_made_of_a_certificate_later_looks_as_it_was_given(
    conference: Conference, people: list[Attendee], olga: User, work: Work, ask: Ask
) -> None:
    saved(conference, strong(CERTIFICATE, background=""), by=olga)
    [old] = give(conference, people[:1], by=olga)
    saved(conference, looks.standard(CERTIFICATE), by=olga)
    [new] = give(conference, people[1:2], by=olga)
    again = certificates.replace(old, "Sai tên", by=olga)
    make_waiting(work)
    assert again.design == old.design
    assert has(pdf_of(again), GREEN)
    assert not has(pdf_of(new), GREEN)
    printed = work(ask("certificates"))  # both looks in one file, each on its page
    pdf = file_of(printed)
    assert printed.parts.count() == printed.pages == 2
    assert sorted(GREEN in _colours(pdf, number) for number in (0, 1)) == [False, True]


def _colours(pdf: bytes, number: int) -> set[str]:
    found = page(pdf, number).getcolors(1 << 24) or []
    return {"#" + "".join(f"{part:02x}" for part in value) for count, value in found if count > 2000}  # type: ignore[union-attr]  # three bands


@pytest.fixture
def no_verdicts(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody has looked at any template yet. Where verdicts are kept."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(pixel_guard, "_known", {})
    return tmp_path / "stamping"


@pytest.mark.parametrize("layout", [one.slug for one in LAYOUTS[CERTIFICATE]])
def test_certificates_are_stamped_in_every_layout_and_look_as_in_full(
    conference: Conference, issued: list[Certificate], layout: str, caplog: Any, no_verdicts: Path
) -> None:
    full, stamped = _both(conference, issued, strong(CERTIFICATE, layout=layout))
    assert "laid out in full" not in caplog.text
    assert len(full) == len(stamped) == 4
    for one, other in zip(full, stamped, strict=True):
        assert not pixel_guard.differ(one, 0, other, 0)
    assert len(list(no_verdicts.glob("verdict-*"))) == 1


@pytest.mark.parametrize("layout", [one.slug for one in LAYOUTS[BADGE]])
@pytest.mark.parametrize("kind", ["badges", "badges-a7", "badges-label"])
def test_badges_are_stamped_in_every_layout_and_look_as_in_full(
    conference: Conference, people: list[Attendee], olga: User, ask: Ask, layout: str, kind: str, caplog: Any,
    no_verdicts: Path,
) -> None:  # fmt: skip
    saved(conference, strong(BADGE, layout=layout), by=olga)
    document = ask(kind)
    [part] = document.parts.all()
    stamped = producing.together(document, part.subjects)
    content = KINDS[kind].content(document, part.subjects)
    html = producing._full(document, content)
    full = producing._engine(document).render(html, content.images, content.rules)
    assert "laid out in full" not in caplog.text
    assert full.pages == stamped.pages
    assert not [at for at in range(full.pages) if pixel_guard.differ(full.pdf, at, stamped.pdf, at)]
    assert len(list(no_verdicts.glob("verdict-*"))) == 1


def test_each_look_has_a_verdict_of_its_own(
    conference: Conference, issued: list[Certificate], no_verdicts: Path
) -> None:
    for look in (
        strong(CERTIFICATE),
        strong(CERTIFICATE, accent="#5a2b82"),
        strong(CERTIFICATE, logo=""),
        strong(CERTIFICATE, background=""),
    ):
        _both(conference, issued, look)
    assert len(list(no_verdicts.glob("verdict-*"))) == 4


def _both(conference: Conference, issued: list[Certificate], look: Look) -> tuple[list[bytes], list[bytes]]:
    """Each certificate laid out in full, and as it is made."""
    kind, document = KINDS["certificate-files"], Document(conference=conference, kind="certificate-files")
    design = saved(conference, look, by=conference.memberships.get(role="organiser").user)
    Certificate.objects.update(design=design)
    subjects = [one.pk for one in issued]
    content = kind.content(document, subjects)
    engine = producing._engine(document)
    titles = [title for _name, title in content.files]
    html = producing._full(document, content)
    full = [one.pdf for one in engine.render_each(html, titles, content.images, content.rules)]
    return full, [one.pdf for _name, one in producing.each(document, subjects)]


def test_a_certificate_in_a_design_is_archival_and_can_be_read(
    conference: Conference, people: list[Attendee], olga: User, work: Work
) -> None:
    saved(conference, strong(CERTIFICATE), by=olga)
    one, *_others = give(conference, by=olga)
    make_waiting(work)
    pdf = pdf_of(one)
    assert archival(pdf) == []
    [code] = qr_codes(reading.picture(pdf))
    assert code.text.endswith(one.code)
    assert one.full_name.upper() in reading.text(pdf)
    assert reading.overlaps(pdf) == []


def test_a_picture_that_is_gone_is_tried_again_and_never_left_out(
    ask: Ask, conference: Conference, olga: User, caplog: Any
) -> None:
    design = saved(conference, strong(BADGE), by=olga)
    document = ask("badges")
    storing.forget(design.logo)
    [part] = document.parts.all()
    with caplog.at_level(logging.ERROR):
        making.make_part(part.pk)
    part.refresh_from_db()
    assert part.state == part.State.QUEUED
    assert "FileNotFoundError" in caplog.text
