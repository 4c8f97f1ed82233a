"""How the invented people travel, sleep and eat: answers to the ready questions, as people give them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random

from attendees import travel
from attendees.models import Attendee
from attendees.question_values import CONSENT
from conference.models import Conference
from documents.demo import names
from documents.demo.plan import HOST, TRIAL

ANSWERED, FIRST_DAY_ONLY, EATS_OTHERWISE, SHARES = 0.82, 0.08, 0.07, 0.55
# Regions from which one flies; the others come by road.
BY_AIR = ("TDMNPB", "DBSH", "BTB_DHTB")
FLIGHTS = (("VN 1575", "09:05"), ("VJ 403", "11:20"), ("VN 1577", "13:40"), ("QH 1425", "16:15"))
ROAD_HOURS = ("10:30", "13:00", "15:30", "17:00", "19:30")
AGREED_AT = "2024-05-29T10:00:00+07:00"
# As often as they stand here.
MEALS = ("Ăn chay", "Ăn chay", "Ăn chay", "Không hải sản", "Không thịt bò", "Ít muối, ít đường")


def ask(conference: Conference, until: datetime.datetime) -> None:
    """The questions, open until a moment that the clock of the demonstration has not reached."""
    travel.ask(conference, by=None)
    conference.questions.filter(slug__in=[each["slug"] for each in travel.READY]).update(answer_by=until)


def answer(conference: Conference, people: Sequence[Attendee], seed: int) -> None:
    """Most have answered. The delegation to be tried has not, but for one; nobody comes to the own town."""
    rng, tried = names.seeded(f"travel {seed}"), False
    for person in people:
        place = person.delegation.code
        if not person.is_active or person.delegation.unit is None or place == HOST:
            continue
        if place == TRIAL:
            is_first, tried = not tried, True
            person.extra = _answers(conference, person, rng) if is_first else {}
        elif rng.random() < ANSWERED:
            person.extra = _answers(conference, person, rng)


def _answers(conference: Conference, person: Attendee, rng: Random) -> dict[str, object]:
    eve = conference.starts_on - datetime.timedelta(days=1)
    comes = conference.starts_on if rng.random() < FIRST_DAY_ONLY else eve
    goes = conference.ends_on + datetime.timedelta(days=rng.random() < 0.4)
    unit = person.delegation.unit
    flies = unit is not None and unit.region_code in BY_AIR
    number, hour = rng.choice(FLIGHTS) if flies else ("", rng.choice(ROAD_HOURS))
    said: dict[str, object] = {
        travel.ARRIVAL_DAY: comes.isoformat(),
        travel.ARRIVAL_TIME: hour if comes == eve else "06:45",
        travel.VEHICLE: "Máy bay"
        if flies
        else rng.choice(("Ô tô của cơ quan", "Ô tô của cơ quan", "Xe khách")),
        travel.RETURN_DAY: goes.isoformat(),
        travel.ROOM: "Ghép hai người" if rng.random() < SHARES else "Phòng đơn",
    }
    if number:
        said[travel.NUMBER] = number
    if rng.random() < EATS_OTHERWISE:
        said[travel.DIET] = [rng.choice(MEALS)]
        said[CONSENT + travel.DIET] = AGREED_AT
    return said
