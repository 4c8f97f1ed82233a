"""The cast of the tests and the smallest conference in which each of them has a part.

Ada administers, Olga organises, Victor looks on, Greta guards the door, Dan is the officer of Lâm Đồng, Mai
of Quảng Nam, Sam is a stranger. A delegation of another conference is there to be kept out.
"""

import datetime
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Category, Delegation, Quota
from conference import units
from conference.models import Conference, Membership, Unit, UnitSet, UnitSuccession, User
from sessions import release
from sessions.models import Release
from tests import browsers, servers
from tests.installation import migrated
from tests.patience import until

VN = ZoneInfo("Asia/Ho_Chi_Minh")
# How long an example takes says something of the machine alone.
hypothesis.settings.register_profile(
    "house", deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
MakeAttendee = Callable[..., Attendee]
EMPTIED = "DELETE FROM {}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long forms too, as CI runs them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long forms are left out unless asked for; files with slow tests come first.

    Started last, one of them would run alone while others wait.
    """
    if not config.getoption("--long"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    marks = ("slow", "browser")
    slow = {item.path for item in items if any(map(item.get_closest_marker, marks))}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What is loaded stays to the end: the search for garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files come from their folders (the journeys use the collected copy), passwords cost nothing."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        NUMBERS_FILE=tmp_path_factory.mktemp("numbers") / "numbers.jsonl",
        HEADS_FILE=tmp_path_factory.mktemp("heads") / "heads.jsonl",
        ERASED_FILE=tmp_path_factory.mktemp("erased") / "erased.jsonl",
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The database of each process is copied from the one that was migrated for all of them."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture(scope="module", autouse=True)
def browser_ends_with_its_file() -> Iterator[None]:
    yield
    browsers.close()


@pytest.fixture(autouse=True)
def language_of_nobody() -> Iterator[None]:
    """The language of a page is left behind in this thread, until the next request chooses one."""
    yield
    translation.deactivate()


@pytest.fixture
def media(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of its own for the files that a test keeps."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(scope="session", autouse=True)
def units_outlive_a_flush() -> Iterator[None]:
    """A test with transactions of its own empties every table; what a migration wrote is written again.

    What was counted in the table of the cache, which belongs to no model, is forgotten here, and so are
    messages for workers: of rows that are gone, through which the next worker would have to go first.
    """

    def load(**_: object) -> None:
        units.load(Unit, UnitSuccession)
        cache.clear()
        servers.forget_messages()

    flushed = apps.get_app_config("conference")
    post_migrate.connect(load, sender=flushed)
    yield
    post_migrate.disconnect(load, sender=flushed)


@pytest.fixture(scope="session", autouse=True)
def a_flush_takes_rows_not_files() -> None:
    """TRUNCATE makes the files of 83 tables and their indexes anew: half a second, where few rows are to go.

    As there, whoever is at work on a table is waited for; keys and guards of the journal look away.
    """

    def statements(style: object, tables: list[str], **_: object) -> list[str]:
        names = [connection.ops.quote_name(table) for table in tables]
        return [
            f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
            "SET LOCAL session_replication_role = replica",
            ";".join(map(EMPTIED.format, names)),
        ]

    connection.ops.sql_flush = statements


@pytest.fixture(scope="module")
def shared_rows(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """For rows that every test of a file begins with: made once, in a transaction around those of the tests.

    What a test changes is undone after it, as ever; it takes a copy (`deepcopy`) of the objects. A file that
    uses it has no test with transactions of its own, and none that begins with empty tables.
    """
    for item in request.session.items:
        if item.path == request.path:
            mark, names = item.get_closest_marker("django_db"), getattr(item, "fixturenames", ())
            alone = {"transactional_db", "live_server"} & {*names}
            assert not alone, f"{item.name} has transactions of its own"
            assert not (mark and mark.kwargs.get("transaction")), f"{item.name} has transactions of its own"
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def live_server(live_server: LiveServer, transactional_db: None) -> Iterator[LiveServer]:
    """Whose last requests are through before the tables are emptied: the two would wait for each other."""
    yield live_server
    until(_nobody_is_at_work, "requests that are still under way")


def _nobody_is_at_work() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
        )
        return cursor.fetchone() == (0,)


def make_user(email: str, full_name: str, **fields: object) -> User:
    return User.objects.create_user(
        f"{email}@hoinghi.example", "mat-khau-de-thu-nghiem", full_name=full_name, **fields
    )


def make_conference(slug: str, **fields: object) -> Conference:
    return Conference.objects.create(
        **{
            "slug": slug,
            "title": "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao "
            "chất lượng hiệu quả công tác thông tin đối ngoại trong tình hình mới",
            "short_title": "tập huấn truyền thông quảng bá hình ảnh Việt Nam",
            "status": Conference.Status.REGISTERING,
            "unit_set": UnitSet.SIXTY_THREE,
            "starts_on": datetime.date(2024, 6, 6),
            "ends_on": datetime.date(2024, 6, 7),
            "place": "thành phố Đà Lạt, tỉnh Lâm Đồng",
            "confirm_by": datetime.datetime(2024, 5, 31, 17, tzinfo=VN),
            "issuing_agency": "Bộ Thông tin và Truyền thông",
            "symbol": "BTTTT",
            "is_demo": True,
            "demo_now": datetime.datetime(2024, 5, 30, 16, tzinfo=VN),
            **fields,
        }
    )


def make_delegation(conference: Conference, slug: str, seats: int = 3) -> Delegation:
    """A delegation of one unit with `seats` seats for delegates and one for the press."""
    unit = Unit.objects.valid_on(conference.starts_on).get(slug=slug, unit_set=conference.unit_set)
    delegation = Delegation.objects.create(
        conference=conference, unit=unit, code=slug, name=unit.full_name, position=int(unit.code)
    )
    for category in conference.categories.all():
        Quota.objects.create(
            delegation=delegation, category=category, seats=1 if category.slug == "press" else seats
        )
    return delegation


def make_categories(conference: Conference) -> None:
    Category.objects.create(
        conference=conference,
        slug="department",
        name="Sở Thông tin và Truyền thông",
        short_name="Sở TTTT",
        position=1,
    )
    Category.objects.create(
        conference=conference,
        slug="press",
        name="Báo, Đài tỉnh",
        short_name="Báo, Đài",
        band="press",
        position=2,
    )


@pytest.fixture
def conference(db: None) -> Conference:
    conference = make_conference("da-lat-2024")
    make_categories(conference)
    return conference


@pytest.fixture
def department(conference: Conference) -> Category:
    return conference.categories.get(slug="department")


@pytest.fixture
def delegation(conference: Conference, dan: User) -> Delegation:
    """Lâm Đồng, answered by Dan: three seats for the department, one for the press."""
    delegation = make_delegation(conference, "lam-dong")
    delegation.officers.add(dan)
    return delegation


@pytest.fixture
def other_delegation(conference: Conference, mai: User) -> Delegation:
    """Quảng Nam, answered by Mai."""
    delegation = make_delegation(conference, "quang-nam")
    delegation.officers.add(mai)
    return delegation


@pytest.fixture
def foreign_delegation(db: None) -> Delegation:
    """A delegation of another conference, which nobody of the cast may see but Ada."""
    conference = make_conference("ha-long-2022", short_title="Hội nghị khác")
    make_categories(conference)
    return make_delegation(conference, "quang-ninh")


@pytest.fixture
def make_attendee(conference: Conference) -> MakeAttendee:
    """`make_attendee(delegation, "Nguyễn Văn An", status=…)` puts a person on a seat of the department."""

    def make(delegation: Delegation, full_name: str = "Nguyễn Văn An", **fields: object) -> Attendee:
        fields.setdefault("category", delegation.conference.categories.get(slug="department"))
        return Attendee.objects.create(
            conference=delegation.conference, delegation=delegation, full_name=full_name, **fields
        )

    return make


def publish(conference: Conference, note: str = "") -> Release:
    """What is planned becomes the next version, as everybody reads it."""
    return release.release(conference, by=None, note=note, tell=False)


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada@hoinghi.example", "mat-khau-de-thu-nghiem", full_name="Ada")


def member(conference: Conference, email: str, full_name: str, role: str) -> User:
    user = make_user(email, full_name)
    Membership.objects.create(conference=conference, user=user, role=role)
    return user


@pytest.fixture
def olga(conference: Conference) -> User:
    return member(conference, "olga", "Olga", Membership.Role.ORGANISER)


@pytest.fixture
def victor(conference: Conference) -> User:
    return member(conference, "victor", "Victor", Membership.Role.VIEWER)


@pytest.fixture
def greta(conference: Conference) -> User:
    return member(conference, "greta", "Greta", Membership.Role.DOOR)


@pytest.fixture
def dan(db: None) -> User:
    return make_user("dan", "Dan")


@pytest.fixture
def mai(db: None) -> User:
    return make_user("mai", "Mai")


@pytest.fixture
def sam(db: None) -> User:
    return make_user("sam", "Sam")
