"""Who may come to which address at all: one line for every address, and what has no line is refused.

A line says for reading (GET) and for sending (POST) the widest circle of people who may have business there.
It is the outer wall (`conference.middleware.Policy`); `rows` names the inner one: the model whose
`visible_to(user)` finds what the address names, or whose secret the address is. What a person may do to a row
that is found stands with its model, not here. `conference/checks.py` refuses to start with an address that
has no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest

from conference.guests import SESSION_KEY
from conference.models import Membership

Role = Membership.Role


class Who(Enum):
    """A circle of people. Each is asked of the account and the session as they are now."""

    NOBODY = "nobody"
    ANYBODY = "anybody"
    KNOWN = "signed in, or bearer of a link that this browser has opened"
    SIGNED_IN = "signed in"
    DESK = "has a place at the desk of a conference"
    ORGANISERS = "runs a conference"
    SIGNERS = "runs a conference, or signs its papers"
    DOOR = "runs a conference, or guards its door"
    ADMINISTRATORS = "administers the house"

    def admits(self, request: HttpRequest) -> bool:
        """At most one question to the database, and none that the page would not ask as well."""
        if self in (Who.NOBODY, Who.ANYBODY):
            return self is Who.ANYBODY
        user = request.user
        if not user.is_authenticated:
            return self is Who.KNOWN and bool(request.session.get(SESSION_KEY))
        if user.is_superuser or self in (Who.KNOWN, Who.SIGNED_IN):
            return True
        return not ROLES[self].isdisjoint(user.roles.values())


ROLES: dict[Who, frozenset[str]] = {
    Who.DESK: frozenset(Membership.DESK_ROLES),
    Who.ORGANISERS: frozenset({Role.ORGANISER}),
    Who.SIGNERS: frozenset({Role.ORGANISER, Role.SIGNER}),
    Who.DOOR: frozenset({Role.ORGANISER, Role.DOOR}),
    Who.ADMINISTRATORS: frozenset(),
}


@dataclass(frozen=True)
class Rule:
    """Who may read and who may send. An address at which nobody may do either is as if it were not there."""

    get: Who = Who.NOBODY
    post: Who = Who.NOBODY
    rows: str = ""  # a model with `visible_to`; HOLDER; "" where the address names nothing


HOLDER = "whoever holds the address"
CONFERENCE, DELEGATION, PERSON = "conference.Conference", "attendees.Delegation", "attendees.Attendee"
PAPER = "documents.Document"


def _each(rule: Rule, names: str, room: str) -> dict[str, Rule]:
    return {f"{room}{name}": rule for name in names.split()}


def _reads(who: Who, rows: str = "", *, room: str, names: str) -> dict[str, Rule]:
    return _each(Rule(get=who, rows=rows), names, room)


def _sends(who: Who, rows: str = "", *, room: str, names: str) -> dict[str, Rule]:
    return _each(Rule(post=who, rows=rows), names, room)


def _both(who: Who, rows: str = "", *, room: str, names: str) -> dict[str, Rule]:
    return _each(Rule(who, who, rows), names, room)


# ── The doorstep ──────────────────────────────────────────────────────────────────────────────────
OPEN = {
    **_reads(Who.ANYBODY, room="", names="healthz readyz"),
    **_reads(Who.ANYBODY, HOLDER, room="", names="metrics"),
    **_sends(Who.ANYBODY, room="", names="set_language"),
    **_reads(Who.ANYBODY, room="conference:", names="home components"),
    **_reads(Who.ANYBODY, CONFERENCE, room="conference:", names="public"),
    **_reads(Who.SIGNED_IN, room="conference:", names="start"),
    **_reads(Who.ANYBODY, room="documents:", names="verify_form"),
    **_reads(Who.ANYBODY, HOLDER, room="documents:", names="verify"),
}
# Accounts are given by organisers and their addresses are known: nobody signs up or adds an address, and none
# waits for proof.
ACCOUNTS = {
    **_both(
        Who.ANYBODY, room="account_", names="login logout request_login_code "
        "confirm_login_code reset_password"
    ),
    **_both(Who.ANYBODY, HOLDER, room="account_", names="reset_password_from_key"),
    **_reads(Who.ANYBODY, room="account_", names="inactive reset_password_done reset_password_from_key_done"),
    **_reads(Who.SIGNED_IN, room="account_", names="email"),
    **_both(Who.SIGNED_IN, room="account_", names="change_password set_password reauthenticate"),
    **_each(Rule(), "signup email_verification_sent confirm_email", "account_"),
    **_both(Who.ANYBODY, room="mfa_", names="authenticate login_webauthn"),
    **_reads(Who.SIGNED_IN, room="mfa_", names="index list_webauthn"),
    **_reads(Who.SIGNED_IN, room="mfa_", names="view_recovery_codes download_recovery_codes"),
    **_both(
        Who.SIGNED_IN, room="mfa_",
        names="activate_totp deactivate_totp generate_recovery_codes add_webauthn edit_webauthn "
        "remove_webauthn reauthenticate reauthenticate_webauthn",
    ),
    **_both(Who.SIGNED_IN, room="usersessions_", names="list"),
}  # fmt: skip

# ── The portal of a delegation and the page of a person ───────────────────────────────────────────
PORTAL = {
    **_both(Who.ANYBODY, HOLDER, room="attendees:", names="link"),
    **_sends(Who.ANYBODY, room="attendees:", names="link_leave"),
    **_reads(Who.SIGNED_IN, DELEGATION, room="attendees:", names="delegations"),
    **_reads(
        Who.KNOWN, DELEGATION, room="attendees:", names="delegation changes upload list_marked"
    ),
    **_sends(
        Who.KNOWN, DELEGATION, room="attendees:",
        names="answer_draft uploads delegation_confirm seat_reopen list_template list_take list_drop",
    ),
    **_both(
        Who.KNOWN, DELEGATION, room="attendees:",
        names="delegation_answer delegation_decline person_nominate seat_decline seat_return questions list "
        "list_columns list_preview list_undo",
    ),
    **_sends(Who.KNOWN, PERSON, room="attendees:", names="person_confirm person_head"),
    **_both(
        Who.KNOWN, PERSON, room="attendees:",
        names="person_edit person_replace person_decline person_remove person_questions attendee_notice "
        "attendee_correct attendee_answer",
    ),
    **_reads(Who.KNOWN, PERSON, room="attendees:", names="attendee_page attendee_data attendee_data_file"),
    **_sends(Who.KNOWN, PERSON, room="attendees:", names="attendee_consent attendee_erasure"),
    **_sends(Who.KNOWN, DELEGATION, room="documents:", names="receipt"),
    **_reads(Who.KNOWN, DELEGATION, room="documents:", names="certificates"),
    **_reads(Who.KNOWN, PERSON, room="documents:", names="certificate"),
    **_reads(Who.SIGNED_IN, PAPER, room="documents:", names="papers"),
    **_sends(Who.SIGNED_IN, PAPER, room="documents:", names="ask cancel retry"),
    **_reads(Who.KNOWN, PAPER, room="documents:", names="paper progress download"),
}  # fmt: skip

# ── What happens ──────────────────────────────────────────────────────────────────────────────────
PROGRAMME = {
    **_reads(
        Who.ANYBODY, CONFERENCE, room="thematic:",
        names="programme_calendar programme_schedule programme_feed session_calendar programme_versions "
        "programme_version now now_screen speaker speaker_photo",
    ),
    **_reads(Who.ANYBODY, HOLDER, room="thematic:", names="programme_own self_check_in"),
    **_both(Who.ANYBODY, HOLDER, room="thematic:", names="self_check_in_confirm ballot"),
    **_reads(Who.DESK, CONFERENCE, room="thematic:", names="programme_draft"),
    **_reads(
        Who.KNOWN, PERSON, room="thematic:", names="materials choices feedback speaking speaking_photo"
    ),
    **_sends(
        Who.KNOWN, PERSON, room="thematic:",
        names="choice_take choice_leave material_download feedback_give speaking_confirm",
    ),
    **_both(
        Who.KNOWN, PERSON, room="thematic:",
        names="speaking_introduce speaking_needs speaking_slides speaking_decline",
    ),
    **_both(Who.KNOWN, DELEGATION, room="thematic:", names="delegation_choices"),
    **_reads(Who.DOOR, CONFERENCE, room="thematic:", names="reception sheets"),
    **_sends(Who.DOOR, CONFERENCE, room="thematic:", names="reception_record reception_undo sheet_rows"),
    **_both(Who.DOOR, CONFERENCE, room="thematic:", names="reception_register sheet"),
    **_both(Who.DOOR, DELEGATION, room="thematic:", names="reception_delegation"),
    **_both(Who.DOOR, PERSON, room="thematic:", names="reception_substitute reception_badge"),
}  # fmt: skip
# The app tells nothing. Phones show a token in a header; their views refuse in JSON, a wrong method too.
DOOR = {
    **_reads(Who.ANYBODY, room="checkin:", names="app app_manifest app_worker"),
    **_both(Who.ANYBODY, HOLDER, room="checkin:", names="pair scans relay state day photo"),
}

# ── The desk: its rows are those of the current conference (`access.current`, `DeskAdmin.get_queryset`) ──
PAGES = {
    **_reads(Who.DESK, CONFERENCE, room="admin:", names="index"),
    **_both(Who.DESK, CONFERENCE, room="admin:", names="travel"),
    # Whoever is not signed in is led from the one to our sign-in, from the other to the page that signs out.
    **_both(Who.ANYBODY, room="admin:", names="login logout"),
    **_sends(
        Who.DESK, CONFERENCE, room="admin:", names="switch board_export sign_ups_export feedback_export"
    ),
    **_reads(
        Who.DESK, CONFERENCE, room="admin:",
        names="privacy board board_seats programme sign_ups sign_ups_session presences presences_session "
        "badges signing earning issuing issuing_one issuing_look feedback feedback_whole feedback_session "
        "door door_questions door_decision devices devices_page morning attendees_attendee_picture "
        "thematic_material_file thematic_speakerprofile_photo",
    ),
    **_reads(
        Who.ORGANISERS, CONFERENCE, room="admin:",
        names="signing_manifest documents_letter_invited attendees_importbatch_marked designs "
        "designs_badge_missing designs_certificate_missing",
    ),
    **_sends(
        Who.ORGANISERS, CONFERENCE, room="admin:",
        names="attendees_delegation_invite attendees_attendee_reveal attendees_importbatch_take "
        "attendees_importbatch_drop programme_add programme_shift programme_copy programme_place "
        "sign_ups_add sign_ups_remove presences_freeze badges_print badges_strike signing_sign "
        "signing_export signing_take issuing_letters feedback_days door_phone door_decide door_revise "
        "devices_add devices_edit devices_pair devices_revoke morning_print morning_letter "
        "attendees_question_ask attendees_delegation_link_make attendees_delegation_link_revoke "
        "attendees_attendee_link_make attendees_attendee_link_revoke mailing_message_release "
        "mailing_messagetemplate_preview designs_restore designs_badge_preview designs_certificate_preview",
    ),
    **_both(
        Who.ORGANISERS, CONFERENCE, room="admin:",
        names="privacy_erase devices_scans board_hand_out board_collect board_release "
        "attendees_attendee_photo attendees_importbatch_columns attendees_importbatch_undo "
        "earning_rule issuing_draft issuing_numbers presences_retract "
        "attendees_delegation_remind mailing_message_hold designs_badge designs_certificate",
    ),
    **_each(Rule(Who.DESK, Who.ORGANISERS, CONFERENCE), "badges_handover earning_person", "admin:"),
    **_sends(
        Who.SIGNERS, CONFERENCE, room="admin:", names="issuing_approve issuing_issue issuing_withdraw"
    ),
    **_both(Who.ADMINISTRATORS, room="admin:", names="mailing_message_hold_all account_erase"),
    **_sends(Who.ADMINISTRATORS, room="admin:", names="mailing_message_release_all"),
    # Django's own that the desk makes no use of.
    **_each(
        Rule(),
        "autocomplete jsi18n view_on_site app_list password_change password_change_done",
        "admin:",
    ),
}  # fmt: skip
# Tables of the desk. Which of them can be added to, changed, emptied, and by whom, say their classes.
TABLES = (
    "conference_conference",
    "conference_user",
    "conference_journalentry",
    "conference_unit",
    "conference_organisation",
    "conference_organisationkind",
    "attendees_delegation",
    "attendees_quota",
    "attendees_category",
    "attendees_attendee",
    "attendees_question",
    "attendees_correction",
    "attendees_importbatch",
    "mailing_mailing",
    "mailing_message",
    "mailing_messagetemplate",
    "thematic_session",
    "thematic_participation",
    "thematic_speakerprofile",
    "thematic_material",
    "thematic_hall",
    "thematic_attendance",
    "thematic_testquestion",
    "thematic_release",
    "documents_document",
    "documents_certificate",
    "documents_letter",
)
ON_A_TABLE = {
    "changelist": Rule(Who.DESK, Who.DESK, CONFERENCE),
    "history": Rule(get=Who.DESK, rows=CONFERENCE),
    "change": Rule(Who.DESK, Who.ORGANISERS, CONFERENCE),
    "add": Rule(Who.ORGANISERS, Who.ORGANISERS, CONFERENCE),
    "delete": Rule(Who.ORGANISERS, Who.ORGANISERS, CONFERENCE),
}
DESK_TABLES = {f"admin:{table}_{page}": rule for table in TABLES for page, rule in ON_A_TABLE.items()}

RULES: dict[str, Rule] = {**OPEN, **ACCOUNTS, **PORTAL, **PROGRAMME, **DOOR, **PAGES, **DESK_TABLES}
