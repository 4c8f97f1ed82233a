"""The conferences of `python -m bench papers`: as many people as wanted, from 63 provinces, and their papers.

Run in a process of its own: it makes a database, and in it for each size a conference whose people all have
a certificate, with the papers asked for and not made. What other engines are to print of the same people it
writes into the folder.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REFERENCE = "Phiếu trình số 1/PTr"


def main(folder: str, *sizes: str) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False)
    here = urlsplit(os.environ["DATABASE_URL"])
    database = here._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl()
    made = {size: _conference(int(size), Path(folder)) for size in sizes}
    print(json.dumps({"database": database, "sizes": made}))


def _conference(people: int, folder: Path) -> dict[str, Any]:
    from bench import papers_drawn
    from documents import requests
    from documents.kinds.certificate_files import FILES
    from documents.kinds.certificate_signing import SIGNING
    from documents.models import Certificate, Document
    from documents.requests import Scope

    conference = populated(f"hoi-nghi-{people}", people)
    begun = _cpu()
    given = _issued(conference)
    issuing = _cpu() - begun
    certificates = list(Certificate.objects.filter(series__conference=conference).order_by("number"))
    scope = Scope(subjects=[one.pk for one in certificates])
    papers = {"certificates": given}
    papers["signed"] = requests.begin(SIGNING, conference, by=None, scope=scope, each=True)
    papers["badges"] = requests.begin("badges", conference, by=None, scope=Scope())
    # The same once more, to be laid out in full.
    papers["certificates-full"] = requests.begin(FILES, conference, by=None, scope=scope, each=True)
    papers["badges-full"] = requests.begin("badges", conference, by=None, scope=Scope())
    for name in ("certificates", "badges"):
        papers_drawn.write(Document.objects.get(pk=papers[name].pk), folder / f"{name}-{people}")
    return {"issuing": issuing, "papers": {name: one.pk for name, one in papers.items()}}


def populated(slug: str, people: int) -> Any:
    """A conference of 63 delegations with so many people, each with a name, a post and a body."""
    from attendees.models import Attendee
    from documents.demo import components, names
    from documents.demo.load import load_uninvited
    from documents.demo.people import write
    from documents.demo.plan import Draft, Place
    from documents.models import CertificateRule

    conference = load_uninvited(slug)
    CertificateRule.objects.create(conference=conference, must_come=False)
    delegations = {one.code: one for one in conference.delegations.select_related("unit")}
    drafts = [Draft(code, one.unit) for code, one in delegations.items()]
    rng = names.seeded(slug)
    parts = rng.choices(components.PROVINCIAL, [part.attending for part in components.PROVINCIAL], k=people)
    for number, part in enumerate(parts):
        drafts[number % len(drafts)].places.append(Place(part))
    seated, gone = write(conference, drafts, delegations, seed=1)
    Attendee.objects.bulk_create(gone)
    Attendee.objects.bulk_create(seated)
    return conference


def _issued(conference: Any) -> Any:
    """Everybody's certificate by the acts of the desk; gives the paper that makes their files."""
    from documents import issuing
    from documents.batches import content_hash
    from documents.models import Document
    from documents.requests import Scope

    batch = issuing.draft(conference, Scope(), by=None)
    issuing.approve(batch, content_hash(batch.lines.all()), by=None, paper_reference=REFERENCE)
    issued: Any = issuing.issue(batch, by=None)
    return Document.objects.get(request_key=issued.issue_key)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
