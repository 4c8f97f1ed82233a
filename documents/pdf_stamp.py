"""Cards stamped, not laid out: each template is laid out once, and no content of a slot more than once.

What all cards of a template have becomes one form object. The contents of the slots are laid out on sheets of
their own, in the same document and so with the same fonts, each at the place it has on its page; their
painting operators are cut out of the sheets and put together again, card by card. A card of which a text
does not stand in its box is laid out in full, in the same document. Where several cards stand on a sheet,
they are moved to their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pydyf

from documents import pdf_faces, pdf_lines
from documents.pdf import Images, Rendered, Renderer
from documents.pdf_art import Code
from documents.pdf_faces import NoSlots
from documents.pdf_slots import END, Slots
from documents.pdf_split import Content, number, only_used, operators, split, used_names
from documents.stamping import Deck, picture_in


class Stamped:
    """The cards of a deck as stamps. `unfit` are those of which a text does not stand in its box."""

    def __init__(self, renderer: Renderer, deck: Deck, images: Images, rules: str = "") -> None:
        self._deck, self._images = deck, images
        self._codes = {name: Code(text) for name, text in images.items() if isinstance(text, str)}
        firsts = deck.firsts()
        pages = [(deck.alone(first), deck.stamps[first]) for first in firsts.values()]
        self._head = pdf_faces.head(pages[0][0])
        self._faces = [pdf_faces.face(renderer, page, stamps, images, rules) for page, stamps in pages]
        if len({(face.width, face.height) for face in self._faces}) > 1:
            raise NoSlots("cards of several sizes")
        # Which form object holds what is common: by the names of its slots, or of a card in full.
        self._form_of = {names: at for at, names in enumerate(firsts)}
        self._in_full: dict[int, int] = {}
        self._sheet_height, self._places = 0.0, [(0.0, 0.0, 0.0, 0.0)]
        if deck.sheet:
            self._sheet_height, self._places = pdf_faces.places(renderer, deck.sheet, images, rules)
        stamps = [one.html for card in deck.stamps for one in card.values()]
        pictures = {html for html in stamps if picture_in(html) in self._codes}
        self._slots = Slots(self._faces, deck, pictures)
        self.unfit: frozenset[int] = frozenset()
        while not self._lay_out(renderer, rules):
            pass  # each time with what the time before has taught: cards that do not fit, shapes to lay out

    def joined(self, chosen: Sequence[int]) -> Rendered:
        """These cards in one file, as many on a page as its sheet has places."""
        cards = [card for card in chosen for _face in range(self._deck.faces)]
        size = len(self._places)
        pages = [cards[start : start + size] for start in range(0, len(cards), size)]
        self._compose(pages)
        target = BytesIO()
        self._pdf.write(target, compress=True, identifier="Metadata" in self._pdf.catalog)
        return Rendered(target.getvalue(), len(pages))

    def each(self, chosen: Sequence[int], titles: Sequence[str]) -> Iterator[Rendered]:
        """A file for each of these cards."""
        self._compose([[card] for card in chosen])
        for part in split(self._pdf, [[index] for index in range(len(chosen))], titles):
            yield Rendered(part, 1)

    # ── Laying out ────────────────────────────────────────────────────────────────────────────────

    def _lay_out(self, renderer: Renderer, rules: str) -> bool:
        """Lay out and cut everything; False where it has to be done again."""
        slots, statics, face = self._slots, self._statics(), self._faces[0]
        rules += ".stamp-page{break-after:page}.stamp-page>*{break-after:auto!important}"
        rules += ".stamp-page:last-child{break-after:auto}" + slots.rules(face.width, face.height)
        common = "".join(f'<div class="stamp-page">{static}</div>' for static in statics)
        html = f"{self._head}<body>{common}{''.join(slots.sheets)}</body></html>"
        with renderer.laid_out(html, self._images, rules) as document:
            if len(document.pages) != len(statics) + len(slots.sheets):
                raise NoSlots(
                    f"{len(document.pages)} pages for {len(statics)} and {len(slots.sheets)} sheets"
                )
            sheets = document.pages[len(statics) :]
            unfit = slots.unfit([one[2][1] for sheet in sheets for one in sheet.bookmarks if one[1] == END])
            if unfit != self.unfit:
                self.unfit = unfit
                self._in_full = {card: len(self._faces) + at for at, card in enumerate(sorted(unfit))}
                return False
            for laid in document.pages:
                laid.anchors.clear()
                laid.bookmarks.clear()
            self._pdf = renderer.painted(document)
        if self._cut(len(statics)):
            return True
        slots.choose()
        return False

    def _statics(self) -> list[str]:
        """What becomes a form object each: the faces, the cards in full, the sheet."""
        found = [face.static for face in self._faces]
        found += [pdf_faces.content(self._deck.alone(card)) for card in self._in_full]
        return [*found, pdf_faces.content(self._deck.sheet)] if self._deck.sheet else found

    # ── Cutting and putting together ──────────────────────────────────────────────────────────────

    def _cut(self, statics: int) -> bool:
        pdf = self._pdf
        pages = [pdf.objects[at] for at in pdf.pages["Kids"][::3]]
        contents = [pdf.objects[number(page["Contents"])] for page in pages]
        resources = pdf.objects[number(pages[0]["Resources"])]
        fonts = pdf.objects[number(resources["Font"])]
        faces = {
            name.encode(): pdf_lines.face_of(pdf.objects[number(font)]["BaseFont"])
            for name, font in fonts.items()
        }
        if not self._slots.take([content.stream for content in contents[statics:]], faces):
            return False
        self._page = pydyf.Dictionary(pages[statics - 1 if self._deck.sheet else 0])
        self._unused = [page.number for page in pages] + [content.number for content in contents[statics:]]
        self._kept = len(pdf.objects)
        forms = {}
        for at, (page, stream) in enumerate(zip(pages[:statics], contents, strict=False)):
            form = {"Type": "/XObject", "Subtype": "/Form", "BBox": page["MediaBox"]}
            form["Resources"] = only_used(resources, used_names(operators(stream)))
            stream.extra.update(form)
            forms[f"common-{at}"] = stream.reference
        resources["XObject"].update(forms)
        return True

    def _compose(self, pages: Sequence[Sequence[int]]) -> None:
        pdf = self._pdf
        del pdf.objects[self._kept :]  # of the file before, and what writing it has added
        pdf.current_position = 0
        self._free = list(self._unused)
        for at in self._free:
            pdf.objects[at] = pydyf.Dictionary()
            pdf.objects[at].number = at
        pdf.pages["Kids"], pdf.pages["Count"] = pydyf.Array(), len(pages)
        for cards in pages:
            painted = [self._card(card) for card in cards]
            content = self._put(Content([self._imposed(painted)]))
            page = self._put(pydyf.Dictionary({**self._page, "Contents": content.reference}))
            pdf.pages["Kids"] += [page.number, 0, "R"]

    def _put(self, item: Any) -> Any:
        """Give the object the number of one that is not wanted any more, or a new one."""
        if self._free:
            item.number = self._free.pop()
            self._pdf.objects[item.number] = item
        else:
            self._pdf.add_object(item)
        return item

    def _imposed(self, painted: Sequence[bytes]) -> bytes:
        """A page: the one card, or the sheet with the cards at their places."""
        if not self._deck.sheet:
            return painted[0]
        parts = []
        for (left, _top, right, bottom), card in zip(self._places, painted, strict=False):
            scale = (right - left) / self._faces[0].width
            place = (scale, scale, left * 0.75, (self._sheet_height - bottom) * 0.75)
            parts.append(b"q %.6f 0 0 %.6f %.6f %.6f cm\n%b\nQ" % (*place, card))
        # Where to cut stands on top of the cards.
        return b"\n".join([*parts, b"/common-%d Do" % (len(self._faces) + len(self._in_full))])

    def _card(self, index: int) -> bytes:
        if index in self._in_full:
            return b"/common-%d Do" % self._in_full[index]
        card = self._deck.stamps[index]
        height = self._faces[0].height * 0.75
        parts = [b"/common-%d Do" % self._form_of[frozenset(card)]]
        parts.append(b"1 0 0 -1 0 %f cm\n.75 0 0 .75 0 0 cm" % height)
        for name, one in card.items():
            if code := self._codes.get(picture_in(one.html)):
                left, top, right, bottom = self._slots.boxes[name]
                drawn = code.operators(right - left, bottom - top)
                parts.append(b"q 1 0 0 1 %f %f cm\n%b\nQ" % (left, top, drawn))
            elif one.html:
                parts.append(self._slots.painted(name, one))
        return b"\n".join(parts)
