"""What can be wrong with papers and certificates. Named in `EXAMINATIONS`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from conference.examining import Finding
from documents import restoring, sealing, signing, signing_keys, typefaces
from documents.errors import PaperError, SignatureRefused
from documents.models import Document
from documents.signing_keys import KeyRefused

PAGE = "<!doctype html><html lang=vi><title>Thử</title><p>Thử</p></html>"
SOON = timedelta(days=60)


def papers() -> Iterator[Finding]:
    """The engine makes a page with our fonts; papers that it could not make."""
    try:
        for face in typefaces.ALL:
            face.path  # noqa: B018 - which of them is missing is said here
        from documents.pdf import renderer  # here: without the libraries the import itself fails

        renderer("base.css").render(PAGE)
    except (PaperError, OSError, ImportError) as error:
        mend = "Run make run once: it installs the libraries and fonts, or says which are missing."
        yield Finding("papers", f"No page can be made: {error}", mend)
    if failed := Document.objects.filter(state=Document.State.FAILED).count():
        mend = "The desk tells why, and makes them again."
        yield Finding("papers", f"{failed} papers could not be made.", mend, is_serious=False)


def numbers() -> Iterator[Finding]:
    """A restored database that nobody compared with the files that outlive it."""
    found = restoring.findings()
    mend = "Run manage.py after_restore, then with --apply, before anything is issued."
    for one in found.counters:
        series = f"{one.conference}, {one.kind} {one.year}"
        if one.is_given:
            says = f"{series}: numbers up to {one.mark} are on paper, here only up to {one.last}."
            yield Finding("numbers", says, mend)
        else:
            says = f"{series}: numbers up to {one.mark} were begun, and nobody wrote that they were given."
            cause = f"Where no backup was restored a transaction failed: {one.last + 1} is given next. Else: "
            yield Finding("numbers", says, cause + mend, is_serious=False)
    if found.endings:
        yield Finding("numbers", f"{len(found.endings)} certificates that were ended are valid here.", mend)
    if found.erased:
        says = f"{len(found.erased)} people and accounts that were erased are here again."
        yield Finding("numbers", says, mend)
    for begun, what, option in (
        (found.uncertain, "The ending of {} certificates", "--end"),
        (found.unsure, "The erasing of {} people and accounts", "--erase"),
    ):
        if begun:
            says = f"{what.format(len(begun))} was begun, and nobody wrote that it came through."
            mend = f"manage.py after_restore lists them; where you know that it did: --apply {option} CODE."
            yield Finding("numbers", says, mend, is_serious=False)


def signatures() -> Iterator[Finding]:
    """The roots that are trusted, and the key of the house, where it has one."""
    try:
        signing.roots()
    except SignatureRefused:
        says = "SIGNING_TRUST_FILE names no file of roots (PEM): no signed file can be taken back."
        yield Finding("signatures", says, "Put the file where it says, readable to every process.")
    if not sealing.has_key():
        return
    try:
        until = signing_keys.key().until
    except KeyRefused as refusal:
        yield Finding("signatures", f"The key cannot sign: {refusal}", "See manage.py signing_key.")
        return
    if until - timezone.now() < SOON:
        says = f"The certificate of the key ends on {until:%Y-%m-%d}."
        yield Finding("signatures", says, "Order the next one.", is_serious=False)


ALL = (papers, numbers, signatures)
