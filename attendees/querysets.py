"""The words in which delegations and people are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from conference import vietnamese
from conference.models import Conference

if TYPE_CHECKING:
    from attendees.models import Attendee, Delegation  # noqa: F401  (named as strings below)

LONGEST_SEARCH = 200  # characters; every word is a condition, and thousands of them take seconds


def counted(rows: models.QuerySet[Any], group: str, value: models.Aggregate) -> Coalesce:
    """A correlated figure: `value` over the `rows` of one `group`; 0 where there are none."""
    grouped = rows.order_by().values(group).annotate(figure=value).values("figure")
    return Coalesce(Subquery(grouped, output_field=models.IntegerField()), 0)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: Any) -> Self:
        """Delegations on the person's desk, and those for which the person is an officer."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        desks = Conference.objects.on_desk_of(user).values("pk")
        mine = self.model.officers.through.objects.filter(user=user).values("delegation")
        return self.filter(Q(conference__in=desks) | Q(pk__in=mine))

    def answered_by(self, user: Any) -> Self:
        """Delegations for which the person is an officer."""
        return self.filter(officers=user) if user.is_authenticated else self.none()

    def of_units(self) -> Self:
        """Provincial delegations; the others are central."""
        return self.exclude(unit=None)

    def with_counts(self) -> Self:
        """Adds `seats`, `declined_seats`, `nominated` (who takes a seat), `confirmed` and `present`."""
        from attendees.models import Attendee, Quota  # these modules name each other

        people = Attendee.objects.filter(delegation=OuterRef("pk"))
        quotas = Quota.objects.filter(delegation=OuterRef("pk"))
        return self.annotate(
            seats=counted(quotas, "delegation", Sum("seats")),
            declined_seats=counted(quotas, "delegation", Sum("declined")),
            nominated=counted(people.active(), "delegation", Count("pk")),
            confirmed=counted(people.confirmed(), "delegation", Count("pk")),
            present=counted(people.present(), "delegation", Count("pk")),
        )


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def visible_to(self, user: Any) -> Self:
        """People of the delegations that the person may see."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        from attendees.models import Delegation  # these modules name each other

        return self.filter(delegation__in=Delegation.objects.visible_to(user).values("pk"))

    def active(self) -> Self:
        """Who takes a seat: nominated or confirmed."""
        return self.filter(status__in=self.model.ACTIVE)

    def confirmed(self) -> Self:
        return self.filter(status=self.model.Status.CONFIRMED)

    def nominated(self) -> Self:
        """Waiting for a confirmation."""
        return self.filter(status=self.model.Status.NOMINATED)

    def present(self) -> Self:
        """Who was seen in at least one session."""
        attendance = apps.get_model("thematic", "Attendance")  # an upper room, called by name
        return self.filter(Exists(attendance._default_manager.filter(attendee=OuterRef("pk"))))

    def in_order(self) -> Self:
        """By delegation, then tên → đệm → họ."""
        return self.order_by("delegation__position", "delegation__code", "sort_key", "pk")

    def search(self, text: str) -> Self:
        """Every word of `text`, in any order, without regard to marks: name, unit, position, code, contact.

        Rows that hold the text as typed (with its marks) come first.
        """
        text = text[:LONGEST_SEARCH]
        words = vietnamese.fold(text).split()
        if not words:
            return self
        found = self
        for word in words:
            found = found.filter(search_key__contains=word)
        typed = vietnamese.clean(text)
        return found.annotate(
            as_typed=models.Case(models.When(full_name__icontains=typed, then=0), default=1)
        ).order_by("as_typed", *(self.query.order_by or ("sort_key", "pk")))
