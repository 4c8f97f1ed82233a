"""The one list of what can be printed."""

from documents.kinds.agenda import Agenda
from documents.kinds.agenda_delegation import DelegationAgendas
from documents.kinds.agenda_grid import AgendaGrid
from documents.kinds.attendee_list import AttendeeList
from documents.kinds.badges import (
    Badges,
    BlankBadges,
    BlankLabels,
    FoldedBadges,
    LabelBadges,
    SmallBadges,
)
from documents.kinds.base import DocumentKind
from documents.kinds.certificate_files import CertificateFiles
from documents.kinds.certificate_signing import CertificateBases, CertificateSigning
from documents.kinds.certificates import Certificates
from documents.kinds.erratum import Erratum
from documents.kinds.handover import Handovers
from documents.kinds.letters import Invitation, NominationRequest
from documents.kinds.morning import MorningPaper
from documents.kinds.personal import PersonalInvitations
from documents.kinds.plates import DelegationSigns, MealTickets, NameTents, SeatCards
from documents.kinds.receipts import Receipts
from documents.kinds.sign_in import SignInSheets

KINDS: dict[str, DocumentKind] = {
    kind.slug: kind
    for kind in (
        Invitation(),
        NominationRequest(),
        PersonalInvitations(),
        Receipts(),
        Agenda(),
        AgendaGrid(),
        DelegationAgendas(),
        Erratum(),
        Badges(),
        SmallBadges(),
        FoldedBadges(),
        LabelBadges(),
        BlankBadges(),
        BlankLabels(),
        Certificates(),
        CertificateFiles(),
        CertificateBases(),
        CertificateSigning(),
        AttendeeList(),
        MorningPaper(),
        SignInSheets(),
        Handovers(),
        NameTents(),
        DelegationSigns(),
        SeatCards(),
        MealTickets(),
    )
}
