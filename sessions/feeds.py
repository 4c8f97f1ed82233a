"""The released programme for other programs: iCalendar, schedule.json, Atom. Always in Vietnamese.

Whatever is in them stands on the public page as well; codes of badges do not.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from icalendar import Calendar, Event, Timezone

from conference.models import Conference
from sessions import announcing
from sessions.release import Published, Version
from sessions.snapshots import Entry

PRODUCT = "-//Hoi Nghi//Programme//VI"
REFRESH = "PT1H"  # how often a calendar asks again
SCHEMA = "https://c3voc.de/schedule/schema.json"
MOST_VERSIONS = 50  # in the Atom feed
_NAMES = uuid.UUID("0b7f6a52-6f0e-5d0e-9a55-3f3a1f2f8c77")


def public_url(conference: Conference, name: str = "conference:public", *more: Any) -> str:
    """A whole address."""
    return settings.SITE_URL + reverse(name, args=(conference.slug, *more))


# ── iCalendar (RFC 5545) ──────────────────────────────────────────────────────────────────────────


def calendar(
    conference: Conference,
    entries: Iterable[Entry],
    cancelled: Iterable[Entry],
    released: Mapping[int, datetime.datetime],
    *,
    name: str = "",
    remarks: Mapping[str, str] | None = None,
) -> bytes:
    """Sessions as events. `released`: when which version was; `remarks`: code → what stands behind a title.

    An event is named by the code of its session, so that a later version moves it instead of adding another;
    its sequence rises only with a version that changed it.
    """
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", name or conference.short_title)
    whole.add("x-wr-timezone", conference.time_zone)
    whole.add("refresh-interval", datetime.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", REFRESH)
    whole.add_component(_zone(conference))
    for entry in entries:
        whole.add_component(_event(conference, entry, released, (remarks or {}).get(entry.code, "")))
    for entry in cancelled:
        event = _event(conference, entry, released, "")
        event.add("status", "CANCELLED")
        whole.add_component(event)
    return whole.to_ical()


def _zone(conference: Conference) -> Timezone:
    """The rules of the conference's zone around its days, by its own name."""
    a_year = datetime.timedelta(days=366)
    return Timezone.from_tzid(
        conference.time_zone, first_date=conference.starts_on - a_year, last_date=conference.ends_on + a_year
    )


def _event(
    conference: Conference, entry: Entry, released: Mapping[int, datetime.datetime], remark: str
) -> Event:
    event = Event()
    at = released.get(entry.since)
    title = f"{entry.headline} ({remark})" if remark else entry.headline
    event.add("uid", f"{entry.code}@{conference.slug}.{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", (at or conference.now()).astimezone(datetime.UTC))
    if at is not None:
        event.add("last-modified", at.astimezone(datetime.UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", datetime.datetime.combine(entry.day, entry.starts, conference.zone))
    event.add("dtend", datetime.datetime.combine(entry.day, entry.ends, conference.zone))
    event.add("summary", title)
    event.add("location", ", ".join(filter(None, (entry.hall or conference.venue, conference.place))))
    if said := "\n".join(filter(None, (*(part.words for part in entry.people), entry.note))):
        event.add("description", said)
    event.add("categories", [entry.get_kind_display()])
    event.add("url", f"{public_url(conference)}#{anchor(entry)}")
    if entry.is_break:
        event.add("transp", "TRANSPARENT")
    return event


def anchor(entry: Entry) -> str:
    """Where the session stands on the public page."""
    return f"phien-{entry.code}"


# ── schedule.json (frab, c3voc) ───────────────────────────────────────────────────────────────────


def schedule(conference: Conference, found: Published | None) -> bytes:
    """The programme in the form that apps for conferences read."""
    entries = found.entries if found else ()
    names = list(dict.fromkeys(_room(conference, entry) for entry in entries))
    days = [(day, list(rows)) for day, rows in groupby(entries, key=lambda entry: entry.day)]
    content = {
        "$schema": SCHEMA,
        "generator": {"name": str(settings.SITE_NAME), "version": "1"},
        "schedule": {
            "version": str(found.release.number) if found else "0",
            "base_url": public_url(conference),
            "conference": {
                "acronym": conference.slug.replace("-", "_"),  # the schema knows no hyphen here
                "title": conference.title,
                "start": conference.starts_on.isoformat(),
                "end": conference.ends_on.isoformat(),
                "daysCount": len(days),
                "timeslot_duration": "00:05",
                "time_zone_name": conference.time_zone,
                "url": public_url(conference),
                "rooms": [{"name": name, "guid": _name(conference, "room", name)} for name in names],
                "tracks": [],
                "days": [_day(conference, index, *day) for index, day in enumerate(days, start=1)],
            },
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _day(conference: Conference, index: int, day: datetime.date, entries: Sequence[Entry]) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        rooms.setdefault(_room(conference, entry), []).append(_talk(conference, entry))
    return {
        "index": index,
        "date": day.isoformat(),
        "day_start": _iso(conference, day, min(entry.starts for entry in entries)),
        "day_end": _iso(conference, day, max(entry.ends for entry in entries)),
        "rooms": rooms,
    }


def _talk(conference: Conference, entry: Entry) -> dict[str, Any]:
    midnight = datetime.date.min
    length = datetime.datetime.combine(midnight, entry.ends) - datetime.datetime.combine(
        midnight, entry.starts
    )
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return {
        "guid": _name(conference, "session", entry.code),
        "id": entry.row,
        "logo": None,
        "date": _iso(conference, entry.day, entry.starts),
        "start": f"{entry.starts:%H:%M}",
        "end": _iso(conference, entry.day, entry.ends),
        "duration": f"{hours:02}:{minutes:02}",
        "room": _room(conference, entry),
        "slug": f"{conference.slug}-{entry.code}",
        "url": f"{public_url(conference)}#{anchor(entry)}",
        "title": entry.headline,
        "subtitle": "",
        "track": None,
        "type": entry.get_kind_display(),
        "language": "vi",
        "abstract": entry.note,
        "description": "\n".join(part.words for part in entry.people),
        "recording_license": "",
        "do_not_record": False,
        "persons": [_person(conference, part) for part in entry.people if part.full_name],
        "links": [],
        "attachments": [],
    }


def _person(conference: Conference, part: Any) -> dict[str, Any]:
    return {
        "guid": _name(conference, "person", f"{part.full_name}\n{part.organisation_name}"),
        "name": part.full_name,
        "public_name": part.full_name,
        "biography": ", ".join(filter(None, (part.title, part.organisation_name))),
    }


def _room(conference: Conference, entry: Entry) -> str:
    return entry.hall or conference.venue or conference.place


def _iso(conference: Conference, day: datetime.date, clock: datetime.time) -> str:
    return datetime.datetime.combine(day, clock, conference.zone).isoformat()


def _name(conference: Conference, kind: str, name: str) -> str:
    """A name for a thing that stays the same from version to version."""
    return str(uuid.uuid5(_NAMES, f"{conference.slug}\n{kind}\n{name}"))


# ── Atom ──────────────────────────────────────────────────────────────────────────────────────────


def versions(conference: Conference, told: Sequence[Version]) -> bytes:
    """The versions, the newest first: what each changed, in words."""
    feed = Atom1Feed(
        title=f"Chương trình: {conference.short_title}",
        link=public_url(conference, "thematic:programme_versions"),
        description="",
        language="vi",
        feed_url=public_url(conference, "thematic:programme_feed"),
        author_name=conference.issuing_agency,
    )
    for made, diff in told[:MOST_VERSIONS]:
        lines = announcing.lines(diff.changes) if diff else ["Phiên bản đầu tiên được công bố."]
        said = [made.note, diff.sentence if diff else "", *lines]
        place = public_url(conference, "thematic:programme_version", made.number)
        feed.add_item(
            title=str(made),
            link=place,
            unique_id=place,
            description="<br>".join(escape(line) for line in said if line),
            pubdate=made.released_at,
            updateddate=made.released_at,
        )
    return feed.writeString("utf-8").encode()
