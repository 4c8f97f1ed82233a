"""What stands where on a certificate, measured. As `documents.layouts`: no database, no engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, fit, fit_together, sizes
from documents.layouts import Place, capitals, joined, plain
from documents.typefaces import SERIF, SERIF_BOLD, SERIF_ITALIC

_CERT_NAME = Style(SERIF_BOLD, 1.3)
_CERT_NAME_LADDER = (Step(1, 32, 22), Step(2, 26, 20), Step(5, 20, 12, last_resort=True))
_CERT_JOB = Style(SERIF, 1.35)
_CERT_JOB_LADDER = (Step(2, 15, 13), Step(3, 14, 12), Step(6, 12, 9, last_resort=True))
_CERT_EVENT = Style(SERIF_BOLD, 1.32)
_CERT_EVENT_LADDER = (Step(2, 18, 14), Step(3, 17, 14), Step(5, 13.5, 10, 0.5, last_resort=True))
_CERT_WHEN = Style(SERIF, 1.3)
_CERT_WHEN_LADDER = (Step(1, 15, 13), Step(2, 14, 12), Step(4, 12, 9, last_resort=True))
_CERT_AGENCY_LADDER = (Step(1, 14, 12), Step(2, 13, 10), Step(4, 10, 8, last_resort=True))
_CERT_HEADING = Style(SERIF_BOLD, 1.25, 0.06)
_CERT_HEADING_LADDER = (Step(1, 35, 16),)
_CERT_WORDS = Style(SERIF_ITALIC, 1.3)
_CERT_WORDS_LADDER = (Step(1, 15, 9),)
_CERT_ROLE_LADDER = (Step(1, 13.5, 11, 0.5), Step(3, 11, 8, 0.5, last_resort=True))
_CERT_MARK = Style(SERIF, 1.4)
_CERT_MARK_LADDER = (Step(1, 9.5, 8, 0.5), Step(2, 8, 7, 0.5))
# From 23 mm to 142 mm of the page, less what always stands there (nation, motto, heading, gaps).
_CERT_FIXED = (13 + 14) * 1.3 + 35 * 1.25 + 15 * 1.3 * 2 + (3.4 + 1 + 1 + 0.5 + 0.6 + 1.5 + 0.8 + 1.2) * MM
_CERT_HEIGHT = 119 * MM - _CERT_FIXED


@dataclass(frozen=True)
class CertificateEvent:
    """What all certificates of a conference say."""

    agency: str
    title: str
    when: str
    did: str
    heading: str = "GIẤY CHỨNG NHẬN"


@dataclass(frozen=True)
class Certificate:
    """One sheet."""

    agency: Fitted
    heading: Fitted
    intro: Fitted
    name: Fitted
    job: Fitted
    did: Fitted
    event: Fitted
    when: Fitted
    number: str
    code: str
    qr: str
    place_and_date: str
    agency_at: Place
    heading_at: Place
    name_at: Place
    job_at: Place
    event_at: Place


def certificate(
    event: CertificateEvent,
    intro: str,
    name: str,
    job: str,
    *,
    number: str,
    code: str,
    qr: str,
    place_and_date: str,
) -> Certificate:
    """`intro` stands before the name; `job` may hold one line break; `code` is shown as given."""
    room = 237 * MM
    try:
        fitted = fit_together(
            [
                _settings(capitals(event.agency), _CERT_NAME, _CERT_AGENCY_LADDER, room),
                sizes(capitals(name), _CERT_NAME, _CERT_NAME_LADDER, room),
                sizes(job, _CERT_JOB, _CERT_JOB_LADDER, room),
                _settings(_kept(event.title), _CERT_EVENT, _CERT_EVENT_LADDER, 245 * MM),
                _settings(_kept(event.when), _CERT_WHEN, _CERT_WHEN_LADDER, room),
            ],
            _CERT_HEIGHT,
        )
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None
    heading, before, did = (
        _one_line(event.heading, _CERT_HEADING, _CERT_HEADING_LADDER, room),
        _one_line(intro, _CERT_WORDS, _CERT_WORDS_LADDER, room),
        _one_line(event.did, _CERT_WORDS, _CERT_WORDS_LADDER, room),
    )
    agency, shown, fitted_job, title, when = fitted
    places = _certificate_places(agency, shown, fitted_job, title, when)
    place = plain(place_and_date)
    return Certificate(
        agency, heading, before, shown, fitted_job, did, title, when, number, code, qr, place, *places
    )


def _certificate_places(
    agency: Fitted, name: Fitted, job: Fitted, event: Fitted, when: Fitted
) -> list[Place]:
    """Agency, heading, name, position, event: one under another below nation and motto."""
    boxes = (
        (3.4, agency.height),
        (1, 35 * 1.25 + 1 * MM + 15 * 1.3),
        (0.5, name.height),
        (0.6 if job.lines else 0, job.height),
        (1.5, 15 * 1.3 + 0.8 * MM + event.height + 1.2 * MM + when.height),
    )
    places, top = [], (13 + 14) * 1.3
    for gap, height in boxes:
        places.append(Place(top + gap * MM, height))
        top += gap * MM + height
    return places


def certificate_roles(role: Sequence[str]) -> list[Fitted]:
    """The lines of the signer's capacity, each within 100 mm."""
    return [fit(capitals(line), _CERT_NAME, _CERT_ROLE_LADDER, 100 * MM) for line in role]


def _settings(text: str, style: Style, ladder: tuple[Step, ...], room: float) -> Iterator[Fitted]:
    """Like `sizes`, remembered: the same for every certificate of a conference."""
    return iter(_remembered(text, style, ladder, room))


def _kept(text: str) -> str:
    return joined(text.splitlines(), "\n")


def _one_line(text: str, style: Style, ladder: tuple[Step, ...], room: float) -> Fitted:
    """A short text that most certificates have alike; the room that is kept for it is that of the largest."""
    fitted = _remembered(plain(text), style, ladder, room)
    if not fitted:
        raise DoesNotFit(plain(text))
    return fitted[0]


@lru_cache(maxsize=64)
def _remembered(text: str, style: Style, ladder: tuple[Step, ...], room: float) -> tuple[Fitted, ...]:
    return tuple(sizes(text, style, ladder, room))


def signature_mark(text: str, short: str) -> Fitted:
    """What the sheet says of its digital signature; in short where the signer's name has no room."""
    try:
        return fit(text, _CERT_MARK, _CERT_MARK_LADDER, 80 * MM)
    except DoesNotFit:
        return fit(short, _CERT_MARK, _CERT_MARK_LADDER, 80 * MM)
