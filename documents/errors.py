"""Why a paper could not be made, as a sentence for the people who asked for it."""

from django.utils.translation import gettext as _


class PaperError(Exception):
    """The paper cannot be made as asked; `str()` is a sentence for people, in their language."""


class Unanswered(Exception):
    """A service that the paper needs gave no answer: it is tried again. `str()` is a sentence for people."""


class Overtaken(Exception):
    """What was made is not true any more by what others did meanwhile: it is made again."""


class SignatureRefused(Exception):
    """A signed file that is not taken; `str()` is a sentence for people."""


class DoesNotFit(PaperError):
    """A text is too long for its place even at the smallest size; it is never cut. `whose` paper it is."""

    def __init__(self, text: str, whose: str = "") -> None:
        self.text = text
        facts = {"text": _short(text), "whose": _short(whose)}
        sentence = _("Chưa lập được giấy: “%(text)s” quá dài, không in vừa chỗ. Rút ngắn rồi lập lại.")
        if whose and whose != text:
            sentence = _(
                "Chưa lập được giấy của %(whose)s: “%(text)s” quá dài, không in vừa chỗ. "
                "Rút ngắn rồi lập lại."
            )
        super().__init__(sentence % facts)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"
