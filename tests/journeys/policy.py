"""Who may do what at which address, a line each. Names are those of the cast.

Written apart from `conference/policy.py`, and finer: there stand the widest circles, here what each person of
the cast gets in the end, whatever wall decides it. Two that agree are worth more than one asked twice.

Otto organises elsewhere, Tâm signs what Olga issues; Gus has no account and came by the link of Dan's
delegation, Pia by the link of one person of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.journeys.world import Route

NOBODY, OTTO, GUS, PIA, TAM = "nobody", "otto", "gus", "pia", "tam"
WITHOUT_ACCOUNT = frozenset({NOBODY, GUS, PIA})
SIGNED_IN = frozenset({"sam", "dan", "mai", "greta", "victor", TAM, "olga", "ada", OTTO})
EVERYBODY = SIGNED_IN | WITHOUT_ACCOUNT
NONE: frozenset[str] = frozenset()
DESK = frozenset({"victor", TAM, "olga", "ada"})
EDIT = frozenset({"olga", "ada"})
ADMINISTRATOR = frozenset({"ada"})
ANSWER = EDIT | {"dan", GUS}
SEES_DELEGATION = DESK | {"dan", GUS}
LOOKS_AT_PERSON = EDIT | {"dan", PIA}
SEES_PERSON = DESK | {"dan", PIA}
INSIDE = DESK | {"dan", "mai", "greta"}


@dataclass(frozen=True)
class Rule:
    """Who gets an answer to GET and to POST for the own thing. `sees`: who knows that the thing is there."""

    get: frozenset[str]
    post: frozenset[str] = NONE
    sees: frozenset[str] = NONE
    is_public: bool = False  # the same for everybody, also of other conferences


@dataclass(frozen=True)
class Table:
    """A table of the desk: who sees its rows, changes, adds and removes them."""

    view: frozenset[str]
    change: frozenset[str] = NONE
    add: frozenset[str] = NONE
    delete: frozenset[str] = NONE
    is_shared: bool = False  # its rows belong to no conference


def _full(who: frozenset[str]) -> Table:
    return Table(DESK, who, who, who)


CATALOGUE = Table(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, is_shared=True)
TABLES = {
    "conference_conference": Table(DESK, EDIT, ADMINISTRATOR, ADMINISTRATOR),
    "conference_user": Table(DESK, ADMINISTRATOR, EDIT),
    "conference_journalentry": Table(DESK),
    "conference_unit": Table(ADMINISTRATOR, is_shared=True),
    "conference_organisation": CATALOGUE,
    "conference_organisationkind": CATALOGUE,
    "attendees_delegation": _full(EDIT),
    "attendees_quota": _full(EDIT),
    "attendees_category": _full(EDIT),
    "attendees_attendee": _full(EDIT),
    "attendees_question": _full(EDIT),
    "attendees_correction": Table(DESK),
    "attendees_importbatch": Table(EDIT, EDIT, EDIT),
    "mailing_mailing": Table(DESK, add=EDIT),
    "mailing_message": Table(DESK),
    "mailing_messagetemplate": _full(EDIT),
    "thematic_session": _full(EDIT),
    "thematic_participation": _full(EDIT),
    "thematic_speakerprofile": Table(DESK),
    "thematic_material": Table(DESK, EDIT, EDIT),
    "thematic_hall": _full(EDIT),
    "thematic_attendance": Table(DESK),
    "thematic_testquestion": _full(EDIT),
    "thematic_release": Table(DESK, add=EDIT),
    "documents_document": Table(DESK, add=EDIT),
    "documents_certificate": Table(DESK),
    "documents_letter": Table(DESK, add=EDIT),
}
AT_DESK = DESK | {OTTO}
PUBLIC = Rule(EVERYBODY, is_public=True)
RULES = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": Rule(NONE),  # whoever shows the token, which is nobody of the cast
    "set_language": Rule(NONE, EVERYBODY, is_public=True),
    "conference:home": PUBLIC,
    "conference:public": PUBLIC,
    "conference:components": PUBLIC,
    "conference:start": Rule(SIGNED_IN),
    "admin:switch": Rule(NONE, NONE),
    "admin:index": Rule(AT_DESK),
    "admin:login": Rule(AT_DESK, AT_DESK),
    "admin:logout": Rule(AT_DESK | WITHOUT_ACCOUNT, AT_DESK | WITHOUT_ACCOUNT),
    # Django's own, of which the desk makes no use.
    **{
        f"admin:{name}": Rule(NONE)
        for name in ("password_change", "password_change_done", "autocomplete", "jsi18n", "app_list",
                     "view_on_site")
    },
    "admin:board": Rule(AT_DESK),
    "admin:privacy": Rule(AT_DESK),
    "admin:privacy_erase": Rule(EDIT, EDIT, sees=DESK),
    "admin:devices_scans": Rule(EDIT | {OTTO}, EDIT | {OTTO}),
    "admin:board_export": Rule(NONE, AT_DESK),
    "admin:board_hand_out": Rule(EDIT | {OTTO}, EDIT | {OTTO}),
    "admin:board_collect": Rule(EDIT | {OTTO}, EDIT | {OTTO}),
    "admin:board_seats": Rule(DESK, sees=DESK),
    "admin:board_release": Rule(EDIT, EDIT, sees=EDIT),
    "admin:attendees_delegation_invite": Rule(NONE, EDIT | {OTTO}),
    "admin:attendees_attendee_reveal": Rule(NONE, EDIT, sees=DESK),
    "admin:attendees_attendee_photo": Rule(EDIT, EDIT, sees=DESK),
    "admin:attendees_attendee_picture": Rule(DESK, sees=DESK),
    **{f"admin:attendees_importbatch_{step}": Rule(EDIT, EDIT, sees=EDIT) for step in ("columns", "undo")},
    **{f"admin:attendees_importbatch_{step}": Rule(NONE, EDIT, sees=EDIT) for step in ("take", "drop")},
    "admin:attendees_importbatch_marked": Rule(EDIT, sees=EDIT),
    "admin:travel": Rule(AT_DESK, AT_DESK),
    "admin:programme": Rule(AT_DESK),
    **{f"admin:programme_{act}": Rule(NONE, EDIT | {OTTO}) for act in ("add", "shift", "copy")},
    "admin:programme_place": Rule(NONE, EDIT, sees=DESK),
    "admin:sign_ups": Rule(AT_DESK),
    "admin:sign_ups_export": Rule(NONE, AT_DESK),
    "admin:sign_ups_session": Rule(DESK, sees=DESK),
    "admin:sign_ups_add": Rule(NONE, EDIT, sees=DESK),
    "admin:sign_ups_remove": Rule(NONE, NONE, sees=DESK),  # an empty form names nobody
    "admin:presences": Rule(AT_DESK),
    "admin:presences_session": Rule(DESK, sees=DESK),
    "admin:presences_freeze": Rule(NONE, EDIT, sees=DESK),
    "admin:presences_retract": Rule(EDIT, EDIT, sees=EDIT),
    "admin:badges": Rule(AT_DESK),
    "admin:badges_print": Rule(NONE, EDIT | {OTTO}),
    "admin:badges_handover": Rule(DESK, EDIT, sees=DESK),
    "admin:badges_strike": Rule(NONE, EDIT, sees=DESK),
    "admin:signing": Rule(AT_DESK),
    "admin:signing_manifest": Rule(EDIT | {OTTO}),
    **{f"admin:signing_{act}": Rule(NONE, EDIT | {OTTO}) for act in ("sign", "export", "take")},
    "admin:earning": Rule(AT_DESK),
    "admin:earning_rule": Rule(EDIT | {OTTO}, EDIT | {OTTO}),
    "admin:earning_person": Rule(DESK, EDIT, sees=DESK),
    "admin:designs": Rule(EDIT | {OTTO}),
    **{
        f"admin:designs_{paper}{page}": Rule(get, post)
        for paper in ("badge", "certificate")
        for page, get, post in (
            ("", EDIT | {OTTO}, EDIT | {OTTO}),
            ("_missing", EDIT | {OTTO}, NONE),
            ("_preview", NONE, EDIT | {OTTO}),
        )
    },
    "admin:designs_restore": Rule(NONE, EDIT, sees=EDIT),
    "admin:issuing": Rule(AT_DESK),
    **{f"admin:issuing_{page}": Rule(EDIT | {OTTO}, EDIT | {OTTO}) for page in ("draft", "numbers")},
    "admin:issuing_one": Rule(DESK, sees=DESK),
    "admin:issuing_look": Rule(DESK, sees=DESK),
    # Sessions of tests are old: who runs a conference is asked who they are before anything is looked up.
    **{f"admin:issuing_{act}": Rule(NONE, EDIT | {OTTO, TAM}, sees=DESK) for act in ("approve", "issue")},
    "admin:issuing_withdraw": Rule(NONE, EDIT | {TAM}, sees=DESK),
    "admin:issuing_letters": Rule(NONE, EDIT, sees=DESK),
    "admin:feedback": Rule(AT_DESK),
    "admin:feedback_whole": Rule(AT_DESK),
    "admin:feedback_session": Rule(DESK, sees=DESK),
    "admin:feedback_export": Rule(NONE, AT_DESK),
    "admin:feedback_days": Rule(NONE, EDIT | {OTTO}),
    "admin:door": Rule(AT_DESK),
    "admin:door_phone": Rule(NONE, EDIT, sees=DESK),
    "admin:door_questions": Rule(AT_DESK),
    "admin:door_decide": Rule(NONE, EDIT | {OTTO}),
    "admin:door_decision": Rule(DESK, sees=DESK),
    "admin:door_revise": Rule(NONE, EDIT, sees=DESK),
    "admin:devices": Rule(AT_DESK),
    "admin:devices_add": Rule(NONE, EDIT | {OTTO}),
    "admin:devices_page": Rule(DESK, sees=DESK),
    **{f"admin:devices_{act}": Rule(NONE, EDIT, sees=DESK) for act in ("edit", "pair", "revoke")},
    "admin:morning": Rule(AT_DESK),
    **{f"admin:morning_{act}": Rule(NONE, EDIT | {OTTO}) for act in ("print", "letter")},
    "admin:attendees_question_ask": Rule(NONE, EDIT | {OTTO}),
    **{
        f"admin:attendees_{name}_link_{act}": Rule(NONE, who, sees=DESK)
        for name in ("delegation", "attendee")
        for act, who in (("make", EDIT), ("revoke", NONE))  # an empty form names no link
    },
    "admin:attendees_delegation_remind": Rule(EDIT | {OTTO}, EDIT | {OTTO}),
    "admin:mailing_message_hold": Rule(EDIT | {OTTO}, EDIT | {OTTO}),
    "admin:mailing_message_release": Rule(NONE, EDIT | {OTTO}),
    "admin:mailing_message_hold_all": Rule(ADMINISTRATOR, ADMINISTRATOR),
    "admin:account_erase": Rule(ADMINISTRATOR, ADMINISTRATOR),
    "admin:mailing_message_release_all": Rule(NONE, ADMINISTRATOR),
    "admin:mailing_messagetemplate_preview": Rule(NONE),  # a preview of nothing is not there
    **{
        f"account_{name}": Rule(EVERYBODY, EVERYBODY, is_public=True)
        for name in ("login", "logout", "request_login_code", "reset_password", "reset_password_from_key")
    },
    **{
        f"account_{name}": PUBLIC
        for name in ("inactive", "reset_password_done", "reset_password_from_key_done")
    },
    **{
        name: Rule(SIGNED_IN, SIGNED_IN)
        for name in ("account_reauthenticate", "account_change_password",
                     "account_set_password", "account_confirm_login_code", "mfa_authenticate",
                     "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
                     "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn",
                     "mfa_edit_webauthn", "mfa_remove_webauthn", "usersessions_list")
    },
    **{name: Rule(SIGNED_IN) for name in ("account_email", "mfa_index", "mfa_list_webauthn")},
    # Nobody of this world has a second factor to look at or to put away.
    **{
        f"mfa_{name}": Rule(NONE)
        for name in ("deactivate_totp", "view_recovery_codes", "download_recovery_codes")
    },
    # Accounts are given, and an address given by an organiser waits for no proof.
    **{
        f"account_{name}": Rule(NONE) for name in ("signup", "email_verification_sent", "confirm_email")
    },
    "documents:verify_form": PUBLIC,
    "documents:verify": PUBLIC,
    # The certificate of this world has no file yet.
    "documents:certificate": Rule(NONE),
    "documents:certificates": Rule(NONE),
    "documents:papers": Rule(INSIDE, sees=INSIDE),  # each with the own papers; for the door there are none
    "documents:ask": Rule(NONE, INSIDE, sees=INSIDE),
    "documents:paper": Rule(DESK | {"dan"}, sees=DESK | {"dan"}),
    "documents:progress": Rule(DESK | {"dan"}, sees=DESK | {"dan"}),
    "documents:download": Rule(NONE),  # the paper of this world is not made yet
    "admin:documents_letter_invited": Rule(EDIT, sees=EDIT),
    "documents:receipt": Rule(NONE, SEES_DELEGATION, sees=SEES_DELEGATION),
    "documents:cancel": Rule(NONE, EDIT, sees=DESK | {"dan"}),
    "documents:retry": Rule(NONE, EDIT, sees=DESK | {"dan"}),
    "thematic:programme_calendar": PUBLIC,
    "thematic:programme_schedule": PUBLIC,
    "thematic:programme_feed": PUBLIC,
    "thematic:session_calendar": PUBLIC,
    "thematic:programme_own": PUBLIC,  # whoever holds the address
    "thematic:programme_draft": Rule(DESK, sees=DESK),
    "thematic:programme_versions": PUBLIC,
    "thematic:programme_version": PUBLIC,
    "thematic:now": PUBLIC,
    "thematic:now_screen": PUBLIC,
    **{f"checkin:{name}": PUBLIC for name in ("app", "app_manifest", "app_worker")},  # tell nothing
    # For devices, not for people.
    **{f"checkin:{name}": Rule(NONE) for name in ("pair", "scans", "relay", "state", "day", "photo")},
    "thematic:reception": Rule(EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:reception_record": Rule(NONE, EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:reception_delegation": Rule(EDIT | {"greta"}, EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:reception_badge": Rule(EDIT | {"greta"}, EDIT | {"greta"}, sees=EDIT | {"greta"}),
    # The door registers people only where the conference says so; else its page tells who does.
    **{
        f"thematic:reception_{act}": Rule(EDIT | {"greta"}, EDIT, sees=EDIT | {"greta"})
        for act in ("register", "substitute")
    },
    "thematic:sheets": Rule(EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:reception_undo": Rule(NONE, EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:sheet_rows": Rule(NONE, EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:sheet": Rule(EDIT | {"greta"}, EDIT | {"greta"}, sees=EDIT | {"greta"}),
    "thematic:self_check_in": PUBLIC,  # an old code says that it has changed
    "thematic:self_check_in_confirm": Rule(EVERYBODY, EVERYBODY, is_public=True),
    "thematic:materials": Rule(LOOKS_AT_PERSON, sees=SEES_PERSON),
    "thematic:choices": Rule(LOOKS_AT_PERSON, sees=SEES_PERSON),
    "thematic:choice_take": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "thematic:choice_leave": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "thematic:delegation_choices": Rule(ANSWER, ANSWER, sees=SEES_DELEGATION),
    "thematic:material_download": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "admin:thematic_material_file": Rule(DESK, sees=DESK),
    "thematic:feedback": Rule(frozenset({PIA}), sees=SEES_PERSON),
    "thematic:feedback_give": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "thematic:ballot": Rule(EVERYBODY, EVERYBODY, is_public=True),  # whoever holds the paper
    "thematic:speaker": PUBLIC,
    "thematic:speaker_photo": PUBLIC,
    "thematic:speaking": Rule(LOOKS_AT_PERSON, sees=SEES_PERSON),
    "thematic:speaking_photo": Rule(LOOKS_AT_PERSON, sees=SEES_PERSON),
    **{
        f"thematic:speaking_{name}": Rule(frozenset({PIA}), frozenset({PIA}), sees=SEES_PERSON)
        for name in ("introduce", "needs", "decline", "slides")
    },
    "thematic:speaking_confirm": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "admin:thematic_speakerprofile_photo": Rule(DESK, sees=DESK),
    "attendees:delegations": Rule(DESK | {"dan", "mai"}, sees=DESK | {"dan", "mai"}),
    "attendees:link": Rule(EVERYBODY, EVERYBODY, is_public=True),  # whoever holds the letter
    "attendees:link_leave": Rule(NONE, EVERYBODY, is_public=True),
    "attendees:attendee_page": Rule(LOOKS_AT_PERSON, sees=SEES_PERSON),
    "attendees:attendee_notice": Rule(LOOKS_AT_PERSON, frozenset({PIA}), sees=SEES_PERSON),
    **{f"attendees:attendee_data{more}": Rule(frozenset({PIA}), sees=SEES_PERSON) for more in ("", "_file")},
    "attendees:attendee_consent": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "attendees:attendee_erasure": Rule(NONE, frozenset({PIA}), sees=SEES_PERSON),
    "attendees:attendee_correct": Rule(frozenset({PIA}), frozenset({PIA}), sees=SEES_PERSON),
    "attendees:attendee_answer": Rule(frozenset({PIA}), frozenset({PIA}), sees=SEES_PERSON),
    "attendees:changes": Rule(EDIT | {"dan"}, sees=DESK | {"dan"}),
    "attendees:delegation_answer": Rule(ANSWER, ANSWER, sees=SEES_DELEGATION),
    "attendees:answer_draft": Rule(NONE, ANSWER - EDIT, sees=SEES_DELEGATION),  # not the organisers'
    "attendees:uploads": Rule(NONE, ANSWER, sees=SEES_DELEGATION),
    "attendees:upload": Rule(SEES_DELEGATION, sees=SEES_DELEGATION),
    "attendees:delegation": Rule(SEES_DELEGATION, sees=SEES_DELEGATION),
    # Answered to whoever sees the delegation; who may really act: `test_nobody_sends_what_another_may`.
    **{
        f"attendees:{name}": Rule(NONE, SEES_DELEGATION, sees=SEES_DELEGATION)
        for name in ("delegation_confirm", "seat_reopen", "person_confirm", "person_head")
    },
    **{
        f"attendees:{name}": Rule(ANSWER, ANSWER, sees=SEES_DELEGATION)
        for name in ("delegation_decline", "person_nominate", "seat_decline", "seat_return", "person_edit",
                     "person_replace", "person_decline", "person_remove", "questions", "person_questions",
                     "list", "list_columns", "list_preview", "list_undo")
    },
    **{
        f"attendees:{name}": Rule(NONE, ANSWER, sees=SEES_DELEGATION)
        for name in ("list_template", "list_take", "list_drop")
    },
    "attendees:list_marked": Rule(ANSWER, sees=SEES_DELEGATION),
}  # fmt: skip
# Acts of the organisers that others at the desk may do as well: (who, pattern of the address).
MAY_TOO = {
    *(
        (who, f"admin/{page}/export/")
        for who in ("victor", TAM)
        for page in ("board", "sign-ups", "feedback")
    ),
    (TAM, "admin/issuing/<int:lot>/withdraw/"),
}
OWN_PAGES = {GUS: "/da-lat-2024/delegations/lam-dong/"}  # the desk leads organisers there as well


def rule_of(route: Route) -> Rule | None:
    """The line for an address; None where nobody wrote one."""
    if route.name in RULES:
        return RULES[route.name]
    label, _, action = route.name.removeprefix("admin:").rpartition("_")
    table = TABLES.get(label) if route.name.startswith("admin:") else None
    if table is None:
        return None
    elsewhere = frozenset({OTTO}) if not table.is_shared else NONE  # the own list of another organiser

    def of_list(who: frozenset[str]) -> frozenset[str]:
        return who | elsewhere if who - ADMINISTRATOR else who

    sees = EVERYBODY if table.is_shared else table.view
    return {
        "changelist": Rule(of_list(table.view), of_list(table.view)),
        "add": Rule(of_list(table.add), of_list(table.add)),
        # Every desk may read the history of what belongs to no conference.
        "history": Rule(AT_DESK, NONE, sees, True) if table.is_shared else Rule(table.view, NONE, sees),
        "delete": Rule(table.delete, table.delete, sees, table.is_shared),
        "change": Rule(table.view, table.change, sees, table.is_shared),
    }.get(action)
