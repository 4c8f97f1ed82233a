"""The same people and doors in pretix, for `python -m bench doors`: run by the Python that has pretix.

It reads its database from PRETIX_DATABASE_… and makes one live event with paid tickets, a check-in list and a
device for each door; prints their secrets as JSON.
"""

import datetime
import json
import os
import sys
from decimal import Decimal

DOORS = 4
SLUG = "bench"
DAY = datetime.datetime(2024, 6, 6, 1, tzinfo=datetime.UTC)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "pretix.settings"
    import django

    django.setup()
    from django_scopes import scopes_disabled

    with scopes_disabled():
        print(json.dumps(_load(int(sys.argv[1]))))


def _load(badges: int) -> dict[str, object]:
    from django.utils.timezone import now
    from pretix.base.models import Device, Event, Order, OrderPosition, Organizer

    organiser = Organizer.objects.create(name="Bench", slug=SLUG)
    event = Event.objects.create(
        organizer=organiser, name="Bench", slug=SLUG, live=True, date_from=DAY, currency="VND",
        plugins="pretix.plugins.banktransfer",
    )  # fmt: skip
    item = event.items.create(name="Đại biểu", default_price=0, admission=True)
    order = None
    secrets = []
    for number in range(badges):
        if number % 5 == 0:  # a delegation of five orders together
            order = Order.objects.create(
                code=f"B{number:05}", event=event, email="bench@hoinghi.example", status=Order.STATUS_PAID,
                datetime=now(), expires=now() + datetime.timedelta(days=10), total=Decimal(0),
                sales_channel=organiser.sales_channels.get(identifier="web"),
            )  # fmt: skip
        position = OrderPosition.objects.create(
            order=order, item=item, price=Decimal(0), positionid=number % 5 + 1,
            attendee_name_parts={"_scheme": "full", "full_name": f"Nguyễn Văn {number}"},
        )  # fmt: skip
        secrets.append(position.secret)
    checkin = event.checkin_lists.create(name="Cửa", all_products=True)
    tokens = []
    for number in range(DOORS):
        device = Device.objects.create(
            organizer=organiser, name=f"Cửa {number}", all_events=True, initialized=now(),
            hardware_brand="x", hardware_model="x", software_brand="x", software_version="1",
        )  # fmt: skip
        device.api_token = f"token{number}" + "x" * 40
        device.save()
        tokens.append(device.api_token)
    return {"badges": secrets, "tokens": tokens, "list": checkin.pk}


if __name__ == "__main__":
    main()
