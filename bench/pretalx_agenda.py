"""The same programme in pretalx, for `python -m bench agenda`: run by the Python that has pretalx.

It reads its database from PRETALX_DB_… and makes one public event: 60 talks in 3 rooms over two days, two
speakers each, released as its first version.
"""

import datetime
import os

SESSIONS, ROOMS = 60, 3
SLUG = "bench"
DAY = datetime.date(2024, 6, 6)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "pretalx.settings"
    import django

    django.setup()
    from django_scopes import scopes_disabled

    with scopes_disabled():
        _load()


def _load() -> None:
    from pretalx.event.models import Event, Organiser
    from pretalx.person.models import SpeakerProfile, User
    from pretalx.submission.models import Submission

    organiser = Organiser.objects.create(name="Bench", slug=SLUG)
    event = Event.objects.create(
        name="Bench", slug=SLUG, organiser=organiser, is_public=True, email="bench@hoinghi.example",
        date_from=DAY, date_to=DAY + datetime.timedelta(days=1), timezone="Asia/Ho_Chi_Minh", locale="vi",
        locale_array="vi", content_locale_array="vi",
    )  # fmt: skip
    event.build_initial_data()
    rooms = [event.rooms.create(name=f"Phòng {n}", position=n) for n in range(ROOMS)]
    for n in range(SESSIONS):
        talk = Submission.objects.create(
            event=event, state="confirmed", submission_type=event.cfp.default_type, content_locale="vi",
            title=f"Chuyên đề {n + 1}: hướng dẫn truyền thông quảng bá hình ảnh quốc gia, địa phương",
        )  # fmt: skip
        for m in range(2):
            user = User.objects.create_user(
                email=f"s{n}-{m}@hoinghi.example", password="x" * 20, name=f"Nguyễn Văn {n}"
            )
            SpeakerProfile.objects.create(user=user, event=event)
            talk.speakers.add(user)
        rest = n // ROOMS
        begins = datetime.datetime.combine(
            DAY + datetime.timedelta(days=rest % 2), datetime.time(7 + rest // 2), tzinfo=event.tz
        )
        event.wip_schedule.talks.update_or_create(
            submission=talk,
            defaults={
                "room": rooms[n % ROOMS], "start": begins, "end": begins + datetime.timedelta(minutes=50),
                "is_visible": True,
            },
        )  # fmt: skip
    event.release_schedule(name="1", notify_speakers=False)


if __name__ == "__main__":
    main()
