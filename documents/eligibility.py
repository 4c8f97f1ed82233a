"""Who earns a certificate; and if not, exactly why not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from attendees.models import Attendee, AttendeeQuerySet
from conference.models import Conference


def eligible(conference: Conference, people: AttendeeQuerySet) -> AttendeeQuerySet:
    """Who of the people earns a certificate: confirmed, and seen in a session where the rule asks for it."""
    people = people.filter(conference=conference).confirmed()
    return people.present() if conference.certificate_needs_attendance else people


def reason_against(attendee: Attendee) -> str:
    """Why this person earns none, as a sentence; empty if the certificate is earned."""
    if attendee.status != Attendee.Status.CONFIRMED:
        return _("%(name)s chưa được xác nhận tham dự.") % {"name": attendee.full_name}
    if attendee.conference.certificate_needs_attendance and not attendee.attendances.exists():
        return _("%(name)s chưa có mặt ở phiên nào.") % {"name": attendee.full_name}
    return ""
