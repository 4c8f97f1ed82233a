"""Giấy mời and công văn cử đại biểu: a letter to each delegation, under its number or as a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.models import Delegation
from documents import layouts, reaching
from documents.kinds.base import Content, DocumentKind, Subject, delegation_file
from documents.layouts import Signer
from documents.letters import series_of
from documents.models import Document, Letter
from documents.wording import BLANK, Said, Writer, read_along


class LetterKind(DocumentKind):
    """A subject is a delegation's id: its current letter as it was issued, else a draft without a number.

    Printing takes no number; `letters.issue` does.
    """

    letter: ClassVar[Letter.Kind]
    stylesheets = ("base.css", "official.css", "letter.css")
    chunk = 25
    may_be_each = True
    alone = True
    each_title = gettext_lazy("mỗi đoàn một tệp")
    each_is_delegation = True
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        return list(self.delegations(document).values_list("pk", flat=True))

    def nobody(self, document: Document) -> str:
        return _("Chưa có đoàn nào trong phạm vi đã chọn. Mời các đơn vị rồi lập lại.")

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        rows = Delegation.objects.filter(pk__in=subjects).select_related("unit")
        delegations = rows.in_bulk()
        chosen = [delegations[pk] for pk in subjects if pk in delegations]
        current = Letter.objects.current().filter(kind=self.letter, delegation__in=subjects)
        letters = {letter.delegation_id: letter for letter in current}
        drafts = self._drafts(document, [pk for pk in subjects if pk not in letters])
        said = [
            Said.from_json(letters[one.pk].content) if one.pk in letters else drafts[one.pk] for one in chosen
        ]
        images: dict[str, str] = {}
        context = {
            "paper": self.paper(document, at=self._made_at(chosen, letters), author=said[0].agency),
            "letters": list(self._laid_out(chosen, said, images)),
        }
        return Content(context, images, tuple(map(self._file, chosen, said)))

    def _drafts(self, document: Document, missing: Sequence[int]) -> dict[int, Said]:
        """What the letters would say that have no number yet."""
        if not missing:
            return {}
        conference = document.conference
        writer = Writer(conference, self.letter)
        number = series_of(conference, self.letter, conference.today().year).show(BLANK)
        rows = read_along(Delegation.objects.filter(pk__in=missing)).in_bulk()
        return {pk: writer.write(one, number=number, day=None) for pk, one in rows.items()}

    @staticmethod
    def _made_at(delegations: Sequence[Delegation], letters: dict[int, Letter]) -> Any:
        """The moment in the file: a letter by itself has the same bytes whenever it is made."""
        alone = letters.get(delegations[0].pk) if len(delegations) == 1 else None
        return alone.issued_at if alone else None

    def _laid_out(
        self, delegations: Sequence[Delegation], said: Sequence[Said], images: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        """What the template shows of each letter."""
        for one in said:
            yield {"said": one, "heading": self.heading(one), "signer": Signer(one.role, one.signer)}

    def heading(self, said: Said) -> layouts.Heading:
        return layouts.heading(
            said.agency,
            "GIẤY MỜI",
            said.about,
            number=f"Số: {said.number}",
            place_and_date=said.place_and_date,
            parent=said.parent,
        )

    def _file(self, delegation: Delegation, said: Said) -> tuple[str, str]:
        title = (
            f"{self.letter.label} {said.number}" if not said.is_draft else f"{self.letter.label} (dự thảo)"
        )
        return delegation_file(delegation, title)


class Invitation(LetterKind):
    slug = "invitation"
    title = gettext_lazy("Giấy mời")
    about = gettext_lazy("Mỗi đoàn một giấy; chưa cấp số thì là bản thảo.")
    letter = Letter.Kind.INVITATION
    template = "documents/pdf/invitation.html"


class NominationRequest(LetterKind):
    """With the form to fill in as its annex, and the code that answers online where a link is good."""

    slug = "nomination-request"
    title = gettext_lazy("Công văn cử đại biểu")
    about = gettext_lazy("Mỗi đoàn một công văn, kèm mẫu điền và mã để trả lời trực tuyến.")
    letter = Letter.Kind.REQUEST
    template = "documents/pdf/nomination_request.html"
    holds_links = True

    def heading(self, said: Said) -> layouts.Heading:
        return layouts.heading(
            said.agency,
            "",
            said.about,
            number=f"Số: {said.number}",
            place_and_date=said.place_and_date,
            parent=said.parent,
        )

    def _laid_out(
        self, delegations: Sequence[Delegation], said: Sequence[Said], images: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        links = reaching.answer_links(delegations)
        laid = super()._laid_out(delegations, said, images)
        for delegation, one, shown in zip(delegations, said, laid, strict=True):
            link = links.get(delegation.pk)
            if link is not None:
                images[f"link-{delegation.pk}.png"] = link.address
                shown |= {"link": link, "qr": f"link-{delegation.pk}.png"}
            yield shown | {"form": form_rows(one), "source": _source(one)}


def form_rows(said: Said) -> list[tuple[str, str]]:
    """A line of the form for each seat: number, component."""
    names = [name for name, count in said.seats for _seat in range(count)]
    return [(f"{number:02}", name) for number, name in enumerate(names, start=1)]


def _source(said: Said) -> str:
    """(Kèm theo Công văn số 12/BTTTT-TTĐN ngày 20 tháng 5 năm 2024 của Bộ Thông tin và Truyền thông)"""
    day = said.place_and_date[said.place_and_date.index("ngày ") :]
    return f"(Kèm theo Công văn số {said.number} {day} của {said.agency})"


SLUGS = {kind.letter: kind.slug for kind in (Invitation, NominationRequest)}
