"""The programme: the topics word for word as the conference had them, the times as supposed.

Only the opening speaker is known by name. Who spoke on which topic is not known: those are marked as assumed.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from attendees.models import Attendee, Band
from conference.models import Conference
from documents.demo.components import BUREAU, INSTITUTE, MINISTRY, PARTY_BUREAU
from sessions import release
from sessions.models import Hall, Participation, Session

Kind, Role = Session.Kind, Participation.Role

HALLS = (("Hội trường lớn", 400), ("Phòng họp số 1", 120), ("Phòng họp số 2", 120), ("Sảnh đón tiếp", None))
MAIN, LOBBY = 0, 3
TOPICS = (
    "Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ về Chương trình hành động của Chính phủ đến năm "
    "2030 thực hiện Kết luận số 57-KL/TW của Bộ Chính trị về tiếp tục nâng cao chất lượng, hiệu quả trong "
    "công tác thông tin đối ngoại trong tình hình mới",
    "Nâng cao hiệu quả công tác thông tin đối ngoại của Đảng trong tình hình mới",
    "Tình hình thế giới, khu vực hiện nay và chính sách đối ngoại của Việt Nam",
    "Hướng dẫn truyền thông quảng bá hình ảnh quốc gia, địa phương theo cách làm mới",
)
SKILLS = "Kỹ năng xây dựng thông điệp và nội dung số bằng tiếng nước ngoài cho địa phương"
EXPERIENCE = "Kinh nghiệm của một số địa phương trong quảng bá hình ảnh"
TALKS_BY = {"quang-ninh": "tỉnh Quảng Ninh", "da-nang": "thành phố Đà Nẵng", "can-tho": "thành phố Cần Thơ"}


class Part(NamedTuple):
    """Somebody's part in an item: by name, by office, or (`of`) whichever speaker the institution sends."""

    role: Participation.Role
    organisation: str
    name: str = ""
    title: str = ""
    of: str = ""
    is_assumed: bool = True


class Item(NamedTuple):
    """A line of the programme; `day` counts from the reception on the eve."""

    code: str
    day: int
    starts: str
    ends: str
    kind: Session.Kind
    title: str
    hall: int | None = MAIN
    number: int | None = None
    parts: tuple[Part, ...] = ()
    note: str = ""


_HOST_LEADER = Part(Role.SPEECH, "UBND tỉnh Lâm Đồng", title="Lãnh đạo UBND tỉnh Lâm Đồng", is_assumed=False)
_OPENER = Part(Role.OPENING, MINISTRY, name="Nguyễn Thanh Lâm", title="Thứ trưởng", is_assumed=False)
_MINISTRY = Part(Role.MODERATOR, BUREAU)
_BREAK = "Giải lao"
PROGRAMME = (
    Item("don-tiep", 0, "14:00", "21:00", Kind.RECEPTION, "Đón tiếp đại biểu, nhận tài liệu, nhận phòng",
         LOBBY, note="Ban Tổ chức"),
    Item("diem-danh", 1, "07:30", "08:00", Kind.RECEPTION, "Điểm danh, ổn định tổ chức", LOBBY,
         note="Ban Tổ chức"),
    Item("chao-co", 1, "08:00", "08:15", Kind.CEREMONY, "Chào cờ; tuyên bố lý do, giới thiệu đại biểu",
         note="Ban Tổ chức"),
    Item("chao-mung", 1, "08:15", "08:25", Kind.SPEECH, "Phát biểu chào mừng của lãnh đạo UBND tỉnh Lâm Đồng",
         parts=(_HOST_LEADER,)),
    Item("khai-mac", 1, "08:25", "08:50", Kind.SPEECH, "Phát biểu khai mạc Hội nghị", parts=(_OPENER,)),
    Item("chuyen-de-1", 1, "08:50", "10:10", Kind.TOPIC, TOPICS[0], number=1,
         parts=(Part(Role.SPEAKER, MINISTRY, of=BUREAU),)),
    Item("giai-lao-1", 1, "10:10", "10:30", Kind.BREAK, _BREAK, LOBBY),
    Item("chuyen-de-2", 1, "10:30", "11:30", Kind.TOPIC, TOPICS[1], number=2,
         parts=(Part(Role.SPEAKER, PARTY_BUREAU, of=PARTY_BUREAU),)),
    Item("nghi-trua-1", 1, "11:30", "14:00", Kind.BREAK, "Nghỉ trưa", None),
    Item("chuyen-de-3", 1, "14:00", "15:30", Kind.TOPIC, TOPICS[2], number=3,
         parts=(Part(Role.SPEAKER, INSTITUTE, of=INSTITUTE),)),
    Item("giai-lao-2", 1, "15:30", "15:50", Kind.BREAK, _BREAK, LOBBY),
    Item("trao-doi", 1, "15:50", "17:00", Kind.DISCUSSION, "Trao đổi, hỏi đáp", parts=(_MINISTRY,)),
    Item("ket-thuc-ngay-1", 1, "17:00", "17:10", Kind.OTHER, "Kết thúc ngày làm việc thứ nhất",
         note="Ban Tổ chức"),
    Item("giao-luu", 1, "18:30", "21:00", Kind.SOCIAL, "Giao lưu", LOBBY, note="Ban Tổ chức"),
    Item("chuyen-de-4", 2, "08:00", "09:40", Kind.TOPIC, TOPICS[3], number=4,
         parts=(Part(Role.SPEAKER, MINISTRY, of=MINISTRY),)),
    Item("giai-lao-3", 2, "09:40", "10:00", Kind.BREAK, _BREAK, LOBBY),
    Item("ky-nang", 2, "10:00", "10:50", Kind.TALK, SKILLS, parts=(Part(Role.SPEAKER, BUREAU, of=BUREAU),)),
    Item("kinh-nghiem", 2, "10:50", "11:30", Kind.TALK, EXPERIENCE, note="Tham luận, mỗi địa phương 10 phút",
         parts=tuple(Part(Role.SPEAKER, f"Đại biểu {unit}", of=code) for code, unit in TALKS_BY.items())),
    Item("nghi-trua-2", 2, "11:30", "14:00", Kind.BREAK, "Nghỉ trưa", None),
    Item("thao-luan", 2, "14:00", "15:30", Kind.DISCUSSION,
         "Thảo luận nhóm: mô hình, giải pháp quảng bá hình ảnh quốc gia", parts=(_MINISTRY,)),
    Item("khao-sat", 2, "15:30", "15:45", Kind.OTHER, "Phiếu khảo sát", note="Ban Tổ chức"),
    Item("trao-giay", 2, "15:45", "16:15", Kind.CEREMONY, "Trao giấy chứng nhận", note="Ban Tổ chức"),
    Item("be-mac", 2, "16:15", "17:00", Kind.SPEECH, "Tổng kết, bế mạc Hội nghị",
         parts=(Part(Role.CLOSING, MINISTRY, title="Lãnh đạo Bộ"),)),
)  # fmt: skip


def load(
    conference: Conference, people: Sequence[Attendee], released: datetime.datetime
) -> dict[str, Session]:
    """Halls, sessions and who has a part in them, released as version 1; the sessions by code."""
    halls = Hall.objects.bulk_create(
        Hall(conference=conference, name=name, capacity=capacity, position=i)
        for i, (name, capacity) in enumerate(HALLS)
    )
    eve = conference.starts_on - datetime.timedelta(days=1)
    sessions = Session.objects.bulk_create(_session(conference, item, eve, halls) for item in PROGRAMME)
    speakers = _speakers(people)
    Participation.objects.bulk_create(
        _participation(session, part, order, speakers)
        for session, item in zip(sessions, PROGRAMME, strict=True)
        for order, part in enumerate(item.parts)
    )
    release.release(conference, by=None, at=released, tell=False)
    return {session.code: session for session in sessions}


def _session(conference: Conference, item: Item, eve: datetime.date, halls: Sequence[Hall]) -> Session:
    starts = datetime.time.fromisoformat(item.starts)
    return Session(
        conference=conference,
        code=item.code,
        kind=item.kind,
        title=item.title,
        number=item.number,
        day=eve + datetime.timedelta(days=item.day),
        part=Session.part_of_day(starts),
        starts=starts,
        ends=datetime.time.fromisoformat(item.ends),
        hall=None if item.hall is None else halls[item.hall],
        note=item.note,
    )


def _speakers(people: Sequence[Attendee]) -> dict[str, list[Attendee]]:
    """Who can speak for an institution (speakers) or a province (its delegation), in their order."""
    found: dict[str, list[Attendee]] = {}
    for person in people:
        is_speaker = person.category.band == Band.SPEAKER
        key = person.organisation_name if is_speaker else person.delegation.code
        found.setdefault(key, []).append(person)
    return found


def _participation(
    session: Session, part: Part, order: int, speakers: dict[str, list[Attendee]]
) -> Participation:
    """The part as it is printed. Nobody has two topics; without a person the institution stands alone."""
    person = speakers[part.of].pop(0) if speakers.get(part.of) else None
    return Participation(
        session=session,
        attendee=person,
        role=part.role,
        full_name=person.full_name if person else part.name,
        title=person.title if person else part.title,
        organisation_name=person.organisation_name if person else part.organisation,
        is_assumed=part.is_assumed,
        order=order,
    )
