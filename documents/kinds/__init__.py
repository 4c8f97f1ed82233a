"""The one list of what can be printed."""

from documents.kinds.agenda import Agenda
from documents.kinds.attendee_list import AttendeeList
from documents.kinds.badges import Badges
from documents.kinds.base import DocumentKind
from documents.kinds.certificates import Certificates

KINDS: dict[str, DocumentKind] = {
    kind.slug: kind for kind in (Agenda(), Badges(), Certificates(), AttendeeList())
}
