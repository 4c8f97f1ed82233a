"""Who is sent: the seven components of every province, those of the centre, and the posts that fill them."""

from __future__ import annotations

from typing import NamedTuple

from attendees.models import Attendee, Band

CHIEFS, MIDDLE, YOUNG = (1965, 1978), (1972, 1986), (1980, 1998)
COMRADE = Attendee.Honorific.COMRADE


class Post(NamedTuple):
    """A kind of official: how often, born when, of which body (a kind, or a name for the centre)."""

    position: str
    weight: int
    born: tuple[int, int]
    body: str
    ranks: tuple[str, ...] = ()


class Component(NamedTuple):
    """One thành phần. `attending`: how many of 323 people, or beside them; `host`: more seats there."""

    slug: str
    name: str
    short_name: str
    band: Band
    attending: int
    female: float
    posts: tuple[Post, ...]
    kind: str
    host: int = 0
    needs_border_guard: bool = False
    delegation: str = ""  # of the centre
    honorific: str = ""


_BORDER, _POLICE, _DEPARTMENT, _PROPAGANDA = "border-guard", "police", "information-department", "propaganda"
PROVINCIAL = (
    Component(
        "people-committee", "Lãnh đạo UBND cấp tỉnh", "UBND", Band.DELEGATE, 35, 0.15,
        (
            Post("Phó Chủ tịch", 25, CHIEFS, "people-committee"),
            Post("Phó Chánh Văn phòng", 10, MIDDLE, "committee-office"),
        ),
        "people-committee", host=1,
    ),
    Component(
        "propaganda", "Ban Tuyên giáo Tỉnh ủy, Thành ủy", "Ban Tuyên giáo", Band.DELEGATE, 54, 0.3,
        (
            Post("Phó Trưởng ban", 3, CHIEFS, _PROPAGANDA),
            Post("Trưởng phòng Tuyên truyền - Báo chí - Xuất bản", 2, MIDDLE, _PROPAGANDA),
        ),
        _PROPAGANDA, host=1,
    ),
    Component(
        "department", "Lãnh đạo Sở Thông tin và Truyền thông", "Sở TTTT", Band.DELEGATE, 60, 0.25,
        (Post("Giám đốc", 2, CHIEFS, _DEPARTMENT), Post("Phó Giám đốc", 3, CHIEFS, _DEPARTMENT)),
        _DEPARTMENT, host=2,
    ),
    Component(
        "foreign-information", "Cán bộ phụ trách thông tin đối ngoại", "Cán bộ TTĐN", Band.DELEGATE, 45, 0.5,
        (
            Post("Trưởng phòng Thông tin - Báo chí - Xuất bản", 2, MIDDLE, _DEPARTMENT),
            Post("Phó Trưởng phòng Thông tin - Báo chí - Xuất bản", 2, MIDDLE, _DEPARTMENT),
            Post("Chuyên viên Phòng Thông tin - Báo chí - Xuất bản", 3, YOUNG, _DEPARTMENT),
        ),
        _DEPARTMENT, host=1,
    ),
    Component(
        _BORDER, "Bộ Chỉ huy Bộ đội Biên phòng", "Biên phòng", Band.DELEGATE, 35, 0.02,
        (
            Post("Phó Chính ủy", 3, CHIEFS, _BORDER, ("Đại tá", "Thượng tá")),
            Post("Chủ nhiệm Chính trị", 2, CHIEFS, _BORDER, ("Thượng tá", "Trung tá")),
        ),
        _BORDER, needs_border_guard=True, honorific=COMRADE,
    ),
    Component(
        _POLICE, "Công an tỉnh, thành phố", "Công an", Band.DELEGATE, 48, 0.1,
        (
            Post("Phó Giám đốc", 2, CHIEFS, _POLICE, ("Đại tá", "Thượng tá")),
            Post("Trưởng phòng An ninh chính trị nội bộ", 2, MIDDLE, _POLICE, ("Thượng tá", "Trung tá")),
            Post("Phó Trưởng phòng An ninh đối ngoại", 2, MIDDLE, _POLICE, ("Trung tá", "Thiếu tá")),
        ),
        _POLICE, honorific=COMRADE,
    ),
    Component(
        "press", "Báo, Đài của tỉnh, thành phố", "Báo, Đài", Band.PRESS, 20, 0.45,
        (
            Post("Phó Tổng Biên tập", 1, CHIEFS, "newspaper"),
            Post("Phóng viên", 3, YOUNG, "newspaper"),
            Post("Biên tập viên", 2, YOUNG, "broadcaster"),
        ),
        "newspaper", host=1,
    ),
)  # fmt: skip

MINISTRY = "Bộ Thông tin và Truyền thông"
BUREAU = "Cục Thông tin đối ngoại, Bộ Thông tin và Truyền thông"
PARTY_BUREAU = "Ban Đối ngoại Trung ương"
INSTITUTE = "Viện nghiên cứu chiến lược Bộ Ngoại giao"
CENTRE, SPEAKERS, COMMITTEE, MEDIA = (
    "bo-nganh-trung-uong",
    "bao-cao-vien",
    "ban-to-chuc",
    "bao-chi-trung-uong",
)
CENTRAL_DELEGATIONS = {
    CENTRE: "Các bộ, ban, ngành Trung ương",
    SPEAKERS: "Báo cáo viên",
    COMMITTEE: "Ban Tổ chức và phục vụ",
    MEDIA: "Báo chí Trung ương",
}
CENTRAL = (
    Component(
        "chair", "Lãnh đạo chủ trì", "Chủ trì", Band.LEADER, 2, 0.0,
        (Post("Phó Cục trưởng", 1, CHIEFS, BUREAU),),
        "ministry", delegation=CENTRE,
    ),
    Component(
        "ministry", "Bộ, ban, ngành Trung ương", "Trung ương", Band.DELEGATE, 14, 0.35,
        (
            Post("Phó Vụ trưởng Vụ Thông tin Báo chí", 1, CHIEFS, "Bộ Ngoại giao"),
            Post("Phó Vụ trưởng Vụ Tuyên truyền", 1, CHIEFS, "Ban Tuyên giáo Trung ương"),
            Post("Phó Cục trưởng Cục Tuyên huấn", 1, CHIEFS, "Bộ Quốc phòng", ("Đại tá",)),
            Post("Trưởng phòng", 1, MIDDLE, "Bộ Công an", ("Thượng tá",)),
            Post("Phó Trưởng phòng", 1, MIDDLE, "Bộ Văn hóa, Thể thao và Du lịch"),
            Post("Chuyên viên chính", 2, YOUNG, MINISTRY),
        ),
        "ministry", delegation=CENTRE,
    ),
    Component(
        "guest", "Khách mời", "Khách mời", Band.GUEST, 4, 0.4,
        (
            Post("Phó Tổng Thư ký", 1, CHIEFS, "Hội Nhà báo Việt Nam"),
            Post("Giảng viên cao cấp", 1, CHIEFS, "Học viện Báo chí và Tuyên truyền"),
        ),
        "ministry", delegation=CENTRE,
    ),
    Component(
        "speaker", "Báo cáo viên", "Báo cáo viên", Band.SPEAKER, 6, 0.35,
        (
            Post("Phó Cục trưởng", 1, CHIEFS, BUREAU),
            Post("Phó Vụ trưởng", 1, CHIEFS, PARTY_BUREAU),
            Post("Phó Viện trưởng", 1, CHIEFS, INSTITUTE),
            Post("Trưởng phòng", 1, MIDDLE, BUREAU),
            Post("Giảng viên", 1, MIDDLE, "Học viện Báo chí và Tuyên truyền"),
            Post("Chuyên gia truyền thông", 1, MIDDLE, MINISTRY),
        ),
        "ministry", delegation=SPEAKERS,
    ),
)  # fmt: skip
# Beside the people who are counted.
BESIDE = (
    Component(
        "organiser", "Ban Tổ chức", "Ban Tổ chức", Band.STAFF, 18, 0.5,
        (
            Post("Chuyên viên", 3, YOUNG, BUREAU),
            Post("Chuyên viên Văn phòng", 1, YOUNG, MINISTRY),
            Post("Tổ lễ tân", 1, YOUNG, "Sở Thông tin và Truyền thông tỉnh Lâm Đồng"),
        ),
        "ministry", delegation=COMMITTEE,
    ),
    Component(
        "service", "Phục vụ, kỹ thuật, lái xe", "Phục vụ", Band.SERVICE, 12, 0.1,
        (
            Post("Lái xe", 3, MIDDLE, MINISTRY),
            Post("Kỹ thuật viên âm thanh, ánh sáng", 2, YOUNG, "Tổ kỹ thuật"),
            Post("Nhân viên y tế", 1, YOUNG, "Tổ y tế"),
        ),
        "ministry", delegation=COMMITTEE,
    ),
    Component(
        "central-press", "Báo chí Trung ương", "Báo chí TW", Band.PRESS, 12, 0.45,
        (
            Post("Phóng viên", 3, YOUNG, "Báo chí Trung ương (giả định)"),
            Post("Biên tập viên", 1, YOUNG, "Báo chí Trung ương (giả định)"),
            Post("Quay phim", 1, YOUNG, "Đài truyền hình Trung ương (giả định)"),
        ),
        "central-press", delegation=MEDIA,
    ),
)  # fmt: skip
COUNTED = PROVINCIAL + CENTRAL
ALL = COUNTED + BESIDE
FULL_HOUSE = sum(component.attending for component in COUNTED)  # 323
