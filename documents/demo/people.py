"""Names, posts and contacts for the seats of a plan, with the cases that a conference always brings."""

from __future__ import annotations

import datetime
from collections import Counter
from random import Random
from zoneinfo import ZoneInfo

from attendees import codes
from attendees.models import Attendee, Delegation
from conference import vietnamese
from conference.models import Conference, Unit
from documents.demo import bodies, names
from documents.demo.components import Component, Post
from documents.demo.plan import Draft, Place, share

# Names that defy simple rules, where they are at home. All invented.
LOCAL_NAMES = {
    "dak-lak": ("H' Xuân Êban", True),
    "gia-lai": ("Y Ngân Niê", False),
    "lam-dong": ("K' Thuận", False),
    "son-la": ("Lò Thị Nương", True),
    "lao-cai": ("Giàng A Chinh", False),
    "soc-trang": ("Thạch Sô Thơm", False),
    "thua-thien-hue": ("Công Tằng Tôn Nữ Diệu Hoài", True),
}
NAMESAKES = {"ha-noi": "Nguyễn Thị Thu Hương", "nghe-an": "Nguyễn Thị Thu Hương"}
SUBSTITUTED, ONE_PHONE, WALK_IN, LONG_POSITION = "thanh-hoa", "nghe-an", "can-tho", "quang-ninh"
DECLINED_PERSON = "da-nang"
THREE_LINES = (
    "Phó Trưởng phòng phụ trách Phòng Thông tin - Báo chí - Xuất bản, Ủy viên kiêm Thư ký Tổ giúp việc Ban "
    "Chỉ đạo công tác thông tin đối ngoại và hội nhập quốc tế về văn hóa của tỉnh"
)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
INVITED_AT = datetime.datetime(2024, 5, 13, 8, tzinfo=VIETNAM)
WALKED_IN_AT = datetime.datetime(2024, 6, 6, 7, 52, tzinfo=VIETNAM)
ANSWER_DAYS = 18


class Deck:
    """Posts of every component in their proportions, dealt one by one."""

    def __init__(self, drafts: list[Draft], rng: Random) -> None:
        taken = Counter(place.component for draft in drafts for place in draft.places)
        self._posts: dict[Component, list[Post]] = {}
        for component, count in taken.items():
            shares = share(count, [post.weight for post in component.posts])
            posts = [post for post, times in zip(component.posts, shares, strict=True) for _ in range(times)]
            rng.shuffle(posts)
            self._posts[component] = posts

    def deal(self, component: Component) -> Post:
        posts = self._posts[component]
        return posts.pop() if posts else component.posts[-1]


class Writer:
    """Makes the rows of attendees of one conference, not yet saved."""

    def __init__(self, conference: Conference, drafts: list[Draft], seed: int) -> None:
        self.conference = conference
        self.categories = {category.slug: category for category in conference.categories.all()}
        self.rng = names.seeded(f"people {seed}")
        self.code_rng = names.seeded(f"codes {seed} {conference.slug}")
        self.deck = Deck(drafts, self.rng)
        self.codes: set[str] = set()
        self.addresses: Counter[str] = Counter()
        self.phones = 0

    def person(
        self,
        draft: Draft,
        delegation: Delegation,
        place: Place,
        name: names.Name | None = None,
        post: Post | None = None,
    ) -> Attendee:
        """One invented person on one seat; name and post may be given."""
        component, rng = place.component, self.rng
        post = post or self.deck.deal(component)
        region = draft.unit.region_code if draft.unit else ""
        name = name or names.draw(rng, region=region, female_share=component.female)
        honorific = Attendee.Honorific.MRS if name.is_female else Attendee.Honorific.MR
        return self.keyed(
            Attendee(
                conference=self.conference,
                delegation=delegation,
                category=self.categories[component.slug],
                status=place.status,
                honorific=component.honorific or honorific,
                full_name=name.full_name,
                birth_year=rng.randint(*post.born),
                position=post.position,
                rank=rng.choice(post.ranks) if post.ranks else "",
                organisation_name=_body(post, draft.unit),
                phone=self._phone() if rng.random() < 0.9 else "",
                email=self._address(name.full_name, draft.code) if rng.random() < 0.7 else "",
                created_at=INVITED_AT + datetime.timedelta(minutes=rng.randrange(ANSWER_DAYS * 24 * 60)),
            )
        )

    def keyed(self, attendee: Attendee) -> Attendee:
        """Fills what `Attendee.save` would: the code, the token, the keys for order and search."""
        attendee.code = attendee.code or self._code()
        attendee.badge_token = codes.new_token()  # a secret, different in every installation
        attendee.normalise()
        return attendee

    def _phone(self) -> str:
        """Of a range that no network holds (050): nobody's telephone rings."""
        self.phones += 1
        return f"+8450{self.phones * 7919 % 10_000_000:07}"

    def _address(self, full_name: str, code: str) -> str:
        address = f"{'.'.join(vietnamese.fold(full_name).split())}{{}}@{code}.example"
        self.addresses[address] += 1
        times = self.addresses[address]
        return address.format(times if times > 1 else "")

    def _code(self) -> str:
        """The same codes for the same seed, no code twice."""
        while (code := codes.new_code(self.code_rng.choice)) in self.codes:
            pass
        self.codes.add(code)
        return code

    def avoid_known_codes(self, people: list[Attendee]) -> None:
        """Draws again while another conference already holds a code."""
        known = set(Attendee.objects.filter(code__in=self.codes).values_list("code", flat=True))
        for attendee in people:
            if attendee.code in known:
                attendee.code = ""
                self.keyed(attendee)


def _body(post: Post, unit: Unit | None) -> str:
    return bodies.name_of(post.body, unit) if unit else post.body


def write(
    conference: Conference, drafts: list[Draft], delegations: dict[str, Delegation], seed: int
) -> tuple[list[Attendee], list[Attendee]]:
    """The people who hold the seats of the drafts, and those who gave theirs up: these are saved first."""
    writer = Writer(conference, drafts, seed)
    seated: list[Attendee] = []
    gone: list[Attendee] = []
    for draft in drafts:
        delegation = delegations[draft.code]
        people = [
            writer.person(draft, delegation, place, _fixed_name(draft.code) if i == 0 else None)
            for i, place in enumerate(draft.places)
        ]
        if people:
            gone += _bring_case(writer, draft, people)
        seated += people
    writer.avoid_known_codes(seated + gone)
    return seated, gone


def _fixed_name(code: str) -> names.Name | None:
    if code in NAMESAKES:
        return names.Name(NAMESAKES[code], is_female=True)
    return names.Name(*LOCAL_NAMES[code]) if code in LOCAL_NAMES else None


def _bring_case(writer: Writer, draft: Draft, people: list[Attendee]) -> list[Attendee]:
    """Changes the people of the delegations with a deliberate case; returns who gave up a seat there."""
    first = people[0]
    if draft.code == ONE_PHONE:
        for attendee in people[:2]:
            attendee.phone = "+84500000000"
            writer.keyed(attendee)
    elif draft.code == LONG_POSITION:
        first.position = THREE_LINES
        writer.keyed(first)
    elif draft.code == WALK_IN:
        people[-1].is_walk_in, people[-1].created_at = True, WALKED_IN_AT
    elif draft.code == SUBSTITUTED:
        leaving = _left(writer, draft, first, Attendee.Status.REPLACED, "Được cử đi công tác nước ngoài")
        leaving.replaced_at, leaving.replaced_by_name = first.created_at, "Cán bộ đầu mối"
        first.substitute_for = first.seat_first = leaving
        return [leaving]
    elif draft.code == DECLINED_PERSON:
        return [_left(writer, draft, first, Attendee.Status.DECLINED, "Bận công tác đột xuất")]
    return []


def _left(writer: Writer, draft: Draft, like: Attendee, status: str, reason: str) -> Attendee:
    """Somebody of the same component who does not come."""
    place = next(place for place in draft.places if place.component.slug == like.category.slug)
    attendee = writer.person(
        draft, like.delegation, Place(place.component, status), post=place.component.posts[0]
    )
    attendee.decline_reason = reason
    return attendee
