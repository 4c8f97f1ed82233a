"""Why a paper could not be made, as a sentence for the people who asked for it."""

from django.utils.translation import gettext as _


class PaperError(Exception):
    """The paper cannot be made as asked; `str()` is a sentence for people, in their language."""


class DoesNotFit(PaperError):
    """A text is too long for its place even at the smallest size; it is never cut."""

    def __init__(self, text: str, place: str = "") -> None:
        self.text = text
        self.place = place
        shown = text if len(text) <= 80 else f"{text[:80]}…"
        super().__init__(
            _("Chưa lập được giấy: “%(text)s” quá dài, không in vừa chỗ. Rút ngắn rồi lập lại.")
            % {"text": shown}
        )
