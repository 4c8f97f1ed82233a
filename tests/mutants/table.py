"""The safeguards of the product, one by one, each with what takes it out and the tests that must notice.

They are read by eye, not drawn by a machine: a lock, a fence, a wall, a scope. Who adds a safeguard adds a
mutant. `tests/mutants/test_table.py` holds that every one still applies; `make mutants` that it is caught.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

WORK = [  # Who works on a row, how often, and what stays of it
    Mutant(
        "lease: a row in work is not taken",
        "conference/leases.py",
        "return ~held(now) & ",
        "return ",
        ("tests/documents/test_making.py::test_a_piece_is_claimed_once",),
    ),
    Mutant(
        "fence: who was overtaken finishes nothing",
        "conference/leases.py",
        "rows.filter(pk=pk, token=token).update(token=None",
        "rows.filter(pk=pk).update(token=None",
        ("tests/documents/test_making.py::test_the_finish_of_an_overtaken_worker_is_refused",),
    ),
    Mutant(
        "poison: a row is tried so often and no more",
        "conference/leases.py",
        "rows.filter(free(now), pk=pk, attempts__lt=most)",
        "rows.filter(free(now), pk=pk)",
        ("tests/documents/test_making.py::test_a_piece_that_fell_too_often_is_not_claimed",),
    ),
    Mutant(
        "poison: a hopeless piece ends with a sentence",
        "documents/sweeping.py",
        "    _give_up_hopeless()\n",
        "",
        (
            "tests/documents/test_sweeping.py::test_a_piece_that_kills_its_worker_every_time_ends_with_a_sentence",
        ),
    ),
    Mutant(
        "sweeper: one at a time",
        "conference/sweeping.py",
        "alone = bool(cursor.fetchone()[0])",
        "alone = bool(cursor.fetchone())",
        ("tests/conference/test_sweeping.py::test_only_one_sweeper_is_at_work",),
    ),
    Mutant(
        "disk: flushed before it has its name",
        "conference/stores.py",
        "        os.fsync(content.fileno())\n",
        "",
        ("tests/conference/test_storing.py", "tests/conference/test_stores.py"),
    ),
    Mutant(
        "disk: the folder is flushed after the renaming",
        "conference/stores.py",
        "        _sync(Path(self.path(name)).parent)\n        return kept\n",
        "        return kept\n",
        ("tests/conference/test_storing.py", "tests/conference/test_stores.py"),
    ),
    Mutant(
        "disk: many files are flushed before they have their names",
        "conference/stores.py",
        "        _sync_all(files.values())\n",
        "",
        ("tests/conference/test_storing.py", "tests/conference/test_stores.py"),
    ),
    Mutant(
        "disk: the folders of many files are flushed after the renaming",
        "conference/stores.py",
        "        _sync_all({Path(self.path(name)).parent for name in files})\n",
        "",
        ("tests/conference/test_storing.py", "tests/conference/test_stores.py"),
    ),
    Mutant(
        "disk: half a file is removed",
        "conference/storing.py",
        "        temporary.unlink(missing_ok=True)\n",
        "        pass\n",
        ("tests/conference/test_storing.py::test_what_fails_half_way_leaves_nothing",),
    ),
    Mutant(
        "clock: a lease from before it was put back is over",
        "conference/leases.py",
        "Q(lease_until__gte=now, lease_until__lte=now + 2 * LEASE)",
        "Q(lease_until__gte=now)",
        ("tests/documents/test_sweeping.py::test_a_clock_that_was_put_back_keeps_no_piece_waiting",),
    ),
    Mutant(
        "clock: a ring from before it was put back is forgotten",
        "conference/sweeping.py",
        "Q(rung_at__gte=now - RESEND, rung_at__lte=now + RESEND)",
        "Q(rung_at__gte=now - RESEND)",
        ("tests/documents/test_sweeping.py::test_a_clock_that_was_put_back_keeps_no_piece_waiting",),
    ),
    Mutant(
        "disk of the database: what waits for room loses no attempt",
        "conference/room.py",
        "    return told[0] == DISK_FULL or told[1] == sqlite3.SQLITE_FULL",
        "    return told[1] == sqlite3.SQLITE_FULL",
        (
            "tests/documents/test_making.py"
            "::test_a_full_disk_of_the_database_is_waited_for_and_no_attempt_counts",
            "tests/mailing/test_sending.py"
            "::test_a_letter_whose_link_finds_no_room_waits_and_no_attempt_counts",
        ),
    ),
    Mutant(
        "disk of the database: what cannot be counted is told",
        "conference/shared_cache.py",
        "        if told:\n            raise told[0]\n",
        "",
        ("tests/journeys/test_full_database.py::test_nobody_guesses_a_password_uncounted",),
    ),
    Mutant(
        "disk of the database: who cannot be kept signed in is told",
        "conference/browser_sessions.py",
        "if (context := error.__context__) and room.is_away(context):",
        "if False:",
        ("tests/journeys/test_full_database.py::test_who_cannot_be_kept_signed_in_is_told_so",),
    ),
    Mutant(
        "disk: a line outlives the power cut",
        "conference/stores.py",
        "            os.fsync(handle)\n        if is_new:",
        "        if is_new:",
        ("tests/conference/test_appending.py", "tests/conference/test_stores.py"),
    ),
]

LOCKS = [  # Two at the same moment
    Mutant(
        "lock of a delegation: the last seat once",
        "attendees/holding.py",
        'Delegation.objects.select_for_update(of=("self",)).select_related("conference").get(pk=delegation.pk)',
        'Delegation.objects.select_related("conference").get(pk=delegation.pk)',
        ("tests/attendees/test_races.py::test_the_last_seat_goes_to_one_of_twelve",),
    ),
    Mutant(
        "requests before the delegation: two acts do not wait for each other",
        "attendees/answers.py",
        "    _hold_requests(attendee)\n",
        "",
        (
            "tests/attendees/test_erasing_races.py"
            "::test_who_accepts_a_request_and_who_removes_the_person_do_not_wait_for_each_other",
        ),
    ),
    Mutant(
        "lock of slides: a speaker and an organiser take two numbers",
        "sessions/handing_out.py",
        'Attendee.objects.select_for_update(of=("self",)).filter(offered_materials=material)',
        "Attendee.objects.filter(offered_materials=material)",
        (
            "tests/sessions/test_speaking_races.py"
            "::test_a_speaker_and_an_organiser_who_give_files_at_once_give_one_version_each",
        ),
    ),
    Mutant(
        "look at the time of a file: what is given again stays",
        "conference/stored_files.py",
        "if storing.kept_at(name) < before:",
        "if name:",
        ("tests/conference/test_stored_files.py::test_what_is_given_again_while_names_are_read_stays",),
    ),
    Mutant(
        "lock of the pool: the journal tells each as it was",
        "attendees/pooling.py",
        'Category.objects.select_for_update(of=("self",), no_key=True).filter(',
        "Category.objects.filter(",
        ("tests/attendees/test_pooling_races.py::test_spare_seats_go_to_as_many_as_there_are",),
    ),
    Mutant(
        "pool: no more than there is",
        "attendees/pooling.py",
        "Category.objects.filter(pk=spare.pk, pool__gte=seats)",
        "Category.objects.filter(pk=spare.pk)",
        ("tests/attendees/test_pooling_races.py::test_spare_seats_go_to_as_many_as_there_are",),
    ),
    Mutant(
        "lock of a session: ten places for ten",
        "sessions/signing_up.py",
        'Session.objects.select_for_update(of=("self",), no_key=True).select_related("hall")',
        'Session.objects.select_related("hall")',
        ("tests/sessions/test_signing_up_races.py::test_thirty_people_at_once_for_ten_places",),
    ),
    Mutant(
        "lock of the plan: an hour of a hall once",
        "sessions/planning.py",
        'Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)',
        "Conference.objects.get(pk=conference.pk)",
        ("tests/sessions/test_planning.py::test_a_free_hour_goes_to_one_of_twelve_sessions",),
    ),
    Mutant(
        "lock of a release: a version once",
        "sessions/release.py",
        "Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)",
        "Conference.objects.get(pk=conference.pk)",
        ("tests/sessions/test_release_races.py::test_of_many_organisers_at_once_one_releases",),
    ),
    Mutant(
        "lock of a batch: certificates issued once",
        "documents/issuing.py",
        'CertificateBatch.objects.select_for_update(of=("self",)).select_related("conference")',
        'CertificateBatch.objects.select_related("conference")',
        ("tests/documents/test_issuing.py::test_twelve_presses_at_once_issue_one_batch_once",),
    ),
    Mutant(
        "lock of a series: no number twice",
        "documents/numbering.py",
        'cls.objects.select_for_update(of=("self",)).select_related("conference").get(pk=series.pk)',
        'cls.objects.select_related("conference").get(pk=series.pk)',
        (
            "tests/documents/test_letters.py"
            "::test_twelve_presses_at_once_give_each_delegation_one_letter_and_the_next_number",
        ),
    ),
    Mutant(
        "lock of a conference: not against rows that point to it",
        "documents/inviting.py",
        "Conference.objects.select_for_update(no_key=True).get(",
        "Conference.objects.select_for_update().get(",
        (
            "tests/documents/test_inviting.py"
            "::test_who_answers_meanwhile_and_who_invites_never_wait_in_a_circle",
        ),
    ),
    Mutant(
        "lock of a phone: a pairing code once",
        "checkin/pairing.py",
        '_standing(conference).select_for_update(of=("self",))',
        "_standing(conference)",
        ("tests/checkin/test_pairing.py::test_of_many_phones_with_one_code_exactly_one_is_paired",),
    ),
    Mutant(
        "lock: a scan looks again for a presence that was taken back",
        "sessions/attending.py",
        "later = {pair: later[pair] for pair in later.keys() - held}",
        "later = {}",
        ("tests/sessions/test_retracting.py::test_a_scan_that_arrives_in_between_is_not_lost",),
    ),
    Mutant(
        "lock: a sheet is not closed over a signature that is taken back",
        "sessions/retracting.py",
        "    list(Delegation.objects.select_for_update(no_key=True)",
        "    list(Delegation.objects",
        ("tests/sessions/test_retracting.py::test_a_sheet_is_not_closed_over_a_signature_that_goes",),
    ),
]

AGAIN = [  # The same once more, and what somebody else has changed meanwhile
    Mutant(
        "key of a desk form: taken with its act, or not at all",
        "conference/scoping.py",
        "            with transaction.atomic():\n                if desk_forms.is_repeated(once):\n",
        "            was = desk_forms.is_repeated(once)\n"
        "            with transaction.atomic():\n                if was:\n",
        ("tests/journeys/test_full_database.py::test_neither_the_key_of_a_form_nor_its_act_is_there_alone",),
    ),
    Mutant(
        "key of a paper: one press, one paper",
        "documents/requests.py",
        "    if known := pressed.first():\n        return known\n    try:",
        "    key = uuid.uuid4()\n    try:",
        ("tests/documents/test_requests.py::test_one_press_makes_one_paper",),
    ),
    Mutant(
        "key of letters: one press, one batch",
        "mailing/outbox.py",
        "    if known := _known(conference, key):\n        return known\n    with in_vietnamese",
        "    key = uuid.uuid4()\n    with in_vietnamese",
        ("tests/mailing/test_outbox.py::test_the_same_press_drafts_once",),
    ),
    Mutant(
        "key of a form: one form, one person",
        "attendees/holding.py",
        "    if attendee.request_key is None:\n        return None\n",
        "    attendee.request_key = None\n    return None\n",
        ("tests/attendees/test_answers.py::test_a_form_sent_twice_nominates_one_person",),
    ),
    Mutant(
        "version of a person: no silent overwriting",
        "attendees/answers.py",
        "        if version not in (None, current.version):\n            raise Stale(fresh(current))\n",
        "",
        (
            "tests/attendees/test_answers.py::test_edit_refuses_what_was_changed_since_it_was_shown",
            "tests/attendees/test_views_conflicts.py::test_the_second_editor_sees_both_values_and_chooses",
        ),
    ),
    Mutant(
        "version of a list: confirmed as it was seen",
        "attendees/holding.py",
        "    return version in (None, held.version) or (mine and version == held.version - 1)",
        "    return True",
        (
            "tests/attendees/test_answers.py"
            "::test_confirm_by_another_person_meanwhile_is_shown_and_not_passed_over",
        ),
    ),
    Mutant(
        "version of a session: the older row is refused",
        "sessions/planning.py",
        "    if version not in (None, current.version):\n        raise Stale(current)\n",
        "",
        ("tests/sessions/test_planning.py::test_an_older_row_does_not_write_over_a_newer_one",),
    ),
    Mutant(
        "reception: what is for a session that is gone is written into no other",
        "sessions/desk.py",
        ' and not (code and request.method == "POST")',
        "",
        (
            "tests/sessions/test_views_receiving.py"
            "::test_for_a_session_that_is_gone_nothing_is_written_into_another",
        ),
    ),
    Mutant(
        "form of the desk: its row is held while it is saved",
        "conference/scoping.py",
        "                    self.hold(request, object_id)",
        "                    pass",
        ("tests/journeys/test_side_by_side.py::test_of_many_who_save_one_form_at_once_one_does",),
    ),
    Mutant(
        "form of the desk: what was shown is compared",
        "conference/desk_forms.py",
        "            self._tell_of_others()\n",
        "            pass\n",
        ("tests/journeys/test_side_by_side.py::test_of_many_who_save_one_form_at_once_one_does",),
    ),
    Mutant(
        "hash of a batch: what was seen is approved",
        "documents/issuing.py",
        "    if held.state != State.DRAFT or current != seen:",
        "    if held.state != State.DRAFT:",
        ("tests/documents/test_issuing.py::test_only_what_was_seen_is_approved",),
    ),
    Mutant(
        "scans: other content under a known id",
        "checkin/taking.py",
        "        elif _content(known) != _content(scan):",
        "        elif False:",
        ("tests/checkin/test_taking.py::test_other_content_under_a_known_id_or_number_is_refused",),
    ),
    Mutant(
        "letters: who was reached is not written to again",
        "mailing/sending.py",
        "if one not in message.reached and one not in message.refused]",
        "if one not in message.refused]",
        ("tests/mailing/test_sending.py::test_each_address_has_a_fate_of_its_own",),
    ),
]

WHO = [  # Who may come, see and do
    Mutant(
        "policy: an address without a line is shut",
        "conference/middleware.py",
        "            raise Http404\n        spoken",
        "            return None\n        spoken",
        (
            "tests/journeys/test_access.py"
            "::test_an_address_without_a_line_is_refused_to_everybody_and_stops_the_start",
        ),
    ),
    Mutant(
        "policy: a line admits only its circle",
        "conference/middleware.py",
        "        if spoken[request.method].admits(request):\n            return None\n",
        "        return None\n",
        ("tests/conference/test_middleware.py::test_the_outer_wall_alone_lets_in_only_whom_its_line_names",),
    ),
    Mutant(
        "methods: nothing but reading and sending",
        "conference/middleware.py",
        '        if request.method not in ("GET", "POST"):\n'
        '            return HttpResponseNotAllowed(("GET", "HEAD", "POST"))\n',
        "",
        ("tests/journeys/test_access.py::test_no_other_method_reaches_an_account_or_a_row",),
    ),
    Mutant(
        "scope of delegations: the own ones",
        "attendees/models.py",
        "self.filter(Q(conference__in=desks) | Q(pk__in=mine))",
        "self.filter(Q(conference__in=desks) | Q(conference__delegations__in=mine)).distinct()",
        ("tests/attendees/test_models.py::test_everybody_sees_what_belongs_to_the_own_part",),
    ),
    Mutant(
        "scope of papers: the own ones",
        "documents/models.py",
        "        return self.filter(seen | Q(delegation__in=mine))",
        "        return self.filter(seen | Q(conference__delegations__in=mine)).distinct()",
        ("tests/documents/test_views.py::test_papers_are_seen_only_in_scope",),
    ),
    Mutant(
        "scope of links: no paper with links for onlookers",
        "documents/models.py",
        "Q(conference__in=desks, holds_links=False)",
        "Q(conference__in=desks)",
        ("tests/documents/test_requests.py::test_a_paper_with_links_is_seen_by_who_may_answer",),
    ),
    Mutant(
        "scope of the desk: rows of the current conference",
        "conference/scoping.py",
        'queryset.filter(**{f"{self.conference_path}__in": [one.pk for one in conferences if one]})',
        "queryset",
        ("tests/journeys/test_desk_side_doors.py::test_an_act_on_a_row_of_another_conference_finds_no_row",),
    ),
    Mutant(
        "guest: the link of one delegation opens one",
        "attendees/links.py",
        '    rows = Link.objects.filter(pk__in=held, **about).order_by("-pk")',
        '    rows = Link.objects.filter(pk__in=held).order_by("-pk")',
        ("tests/attendees/test_views_links.py",),
    ),
    Mutant(
        "guest: a withdrawn link opens nothing",
        "attendees/links.py",
        "    link = _rows(held, **about).good().first() if held else None",
        "    link = _rows(held, **about).first() if held else None",
        (
            "tests/attendees/test_views_links.py"
            "::test_a_dead_link_opens_nothing_and_ends_the_session_at_the_next_request",
        ),
    ),
    Mutant(
        "guest: two hours and no more",
        "attendees/links.py",
        "    return {pk: moment for pk, moment in known.items() if moment > oldest}",
        "    return {pk: moment for pk, moment in known.items() if moment != oldest}",
        ("tests/attendees/test_views_links.py::test_the_session_of_a_guest_ends_after_two_hours",),
    ),
    Mutant(
        "scope: at the desk the own press alone is taken back",
        "sessions/retracting.py",
        "recorded_by=by, ",
        "",
        ("tests/sessions/test_retracting.py::test_only_the_own_fresh_press_is_taken_back_at_the_desk",),
    ),
    Mutant(
        "door: the token of a phone",
        "checkin/pairing.py",
        "    found = list(paired.filter(token_hash=codes.hashed(token)).order_by()) if token else []",
        "    found = list(paired.order_by())",
        ("tests/checkin/test_views.py::test_without_a_token_or_with_a_foreign_one_nothing_opens",),
    ),
    Mutant(
        "door: a revoked phone sends nothing",
        "checkin/taking.py",
        "Device.objects.standing().filter(token_hash=device.token_hash) if proved else Device.objects",
        "Device.objects",
        ("tests/checkin/test_taking.py::test_a_device_revoked_or_paired_anew_in_the_meantime_is_refused",),
    ),
    Mutant(
        "door: scans that were changed on the way",
        "checkin/carrying.py",
        "    if may_prove and not any(hmac.compare_digest(_mac(device, text, key), mac) for key in keys):",
        "    if may_prove and not mac:",
        ("tests/checkin/test_carrying.py::test_what_was_changed_on_the_way_is_refused",),
    ),
    Mutant(
        "signing in: the second factor of organisers",
        "conference/middleware.py",
        "        return not Authenticator.objects.filter(user=request.user).exists()",
        "        return False",
        (
            "tests/conference/test_middleware.py"
            "::test_an_organiser_without_a_second_factor_is_sent_to_set_it_up",
        ),
    ),
    Mutant(
        "signing in: a fresh proof before what binds",
        "conference/access.py",
        "        return proof_first(request) or view(*args, **kwargs)",
        "        return view(*args, **kwargs)",
        ("tests/journeys/test_proofs.py::test_an_old_sign_in_is_led_to_the_proof_and_nothing_is_done",),
    ),
    Mutant(
        "signing: approved by the signer, or on paper",
        "documents/issuing.py",
        "    if not signs and not reference:",
        "    if False:",
        ("tests/documents/test_issuing.py::test_the_signer_approves_and_an_organiser_only_with_the_paper",),
    ),
    Mutant(
        "switch of the mail: stops a letter in the hand",
        "mailing/sending.py",
        "    if not mine.not_held().exists():",
        "    if not mine.exists():",
        (
            "tests/mailing/test_sending.py"
            "::test_a_switch_thrown_while_a_letter_is_put_together_still_stops_it",
        ),
    ),
    Mutant(
        "switch of the mail: nothing held is due",
        "mailing/models.py",
        "        return self.not_held().filter(its_hour, state__in=Message.MOVING)",
        "        return self.filter(its_hour, state__in=Message.MOVING)",
        ("tests/mailing/test_sweeping.py::test_a_stopped_letter_is_not_rung_for",),
    ),
    Mutant(
        "demonstration: writes to nobody who exists",
        "mailing/composing.py",
        "    if not message.conference.is_demo:\n        return\n",
        "    return\n",
        ("tests/mailing/test_sending.py::test_a_demonstration_writes_to_nobody_who_exists",),
    ),
]

WALLS = [  # What strangers send, and what goes out
    Mutant(
        "paper: the engine fetches nothing",
        "documents/pdf.py",
        "            self.refused.append(url)\n            raise FatalURLFetchingError(url)\n",
        "            return URLFetcher().fetch(url, headers)\n",
        ("tests/documents/test_pdf.py::test_nothing_outside_the_shelf_is_reached",),
    ),
    Mutant(
        "paper: no letter that the fonts lack",
        "documents/pdf.py",
        "        _refuse_unknown_letters(html)\n",
        "",
        ("tests/documents/test_pdf.py::test_a_letter_without_a_font_stops_the_paper_and_is_named",),
    ),
    Mutant(
        "upload: ten megabytes",
        "attendees/inspecting.py",
        "    if file.size > LARGEST:",
        "    if file.size > 100 * LARGEST:",
        ("tests/attendees/test_uploading.py::test_a_file_over_ten_megabytes_is_refused_unread",),
    ),
    Mutant(
        "upload: points of a picture",
        "attendees/inspecting_child.py",
        "        if picture.width * picture.height > (",
        "        if picture.width > 1000 * (",
        (
            "tests/attendees/test_uploading.py"
            "::test_a_picture_of_too_many_points_is_refused_before_it_is_decoded",
        ),
    ),
    Mutant(
        "upload: a PDF that acts",
        "attendees/inspecting_child.py",
        'verdict = "active" if _acts(pdf) else "PDF"',
        'verdict = "PDF"',
        ("tests/attendees/test_uploading.py::test_a_pdf_that_could_act_is_refused",),
    ),
    Mutant(
        "upload: memory of the child",
        "attendees/workbooks/child.py",
        "        (resource.RLIMIT_AS, memory),\n",
        "",
        ("tests/attendees/workbooks/test_child.py::test_the_child_cannot_make",),
    ),
    Mutant(
        "upload: the child opens and starts nothing",
        "attendees/workbooks/child.py",
        "    sys.addaudithook(_refuse)\n",
        "",
        ("tests/attendees/workbooks/test_child.py::test_the_child_cannot_make",),
    ),
    Mutant(
        "workbook: how steep a zip may grow",
        "attendees/workbooks/walls.py",
        "STEEPEST = 100  #",
        "STEEPEST = 100_000  #",
        ("tests/attendees/workbooks/test_walls.py::test_a_zip_that_grows_two_hundred_times_is_refused",),
    ),
    Mutant(
        "workbook: how many parts a zip may have",
        "attendees/workbooks/walls.py",
        "    if len(entries) > MOST_ENTRIES:\n        raise Unreadable(BOMB)\n",
        "",
        ("tests/attendees/workbooks/test_walls.py::test_more_than_200_parts_are_refused",),
    ),
    Mutant(
        "workbook: no entities",
        "attendees/workbooks/walls.py",
        '    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:\n        raise Unreadable(DECLARATIONS)\n',
        "",
        ("tests/attendees/workbooks/test_walls.py::test_declared_entities_are_refused",),
    ),
    Mutant(
        "export: no text is a formula",
        "attendees/workbook_cells.py",
        '    return f"\'{text}" if text.startswith(_FORMULA) else text',
        "    return text",
        ("tests/attendees/test_workbook_out.py::test_no_text_is_a_formula",),
    ),
    Mutant(
        "letter: only places of its kind",
        "mailing/placeholders.py",
        "        if place is None or place[1] not in allowed:",
        "        if place is None:",
        ("tests/mailing/test_placeholders.py::test_whatever_looks_like_a_place_and_is_none_is_named",),
    ),
    Mutant(
        "letter: what people wrote becomes no link",
        "mailing/placeholders.py",
        '    return _COLON.sub(": ", _DOT.sub(lambda found: f"{found[0]} ", value))',
        "    return value",
        ("tests/mailing/test_placeholders.py::test_what_people_wrote_becomes_no_link",),
    ),
    Mutant(
        "page: what people wrote is no markup",
        "conference/settings.py",
        '        "OPTIONS": {\n            "context_processors": [',
        '        "OPTIONS": {\n            "autoescape": False,\n            "context_processors": [',
        ("tests/conference/test_views.py::test_script_in_a_title_is_shown_as_text",),
    ),
    Mutant(
        "page: no code from elsewhere",
        "conference/settings.py",
        '        "script-src": [SELF],',
        '        "script-src": [SELF, "\'unsafe-inline\'"],',
        ("tests/conference/test_middleware.py::test_no_page_allows_code_or_style_from_elsewhere",),
    ),
    Mutant(
        "page: kept by no cache",
        "conference/middleware.py",
        '            response.headers.setdefault("Cache-Control", "no-store, private")',
        "            pass",
        ("tests/conference/test_middleware.py::test_pages_of_a_signed_in_person_are_kept_by_no_cache",),
    ),
    Mutant(
        "request: how long it may be",
        "conference/middleware.py",
        "        if not length.isdecimal() or int(length) > settings.LARGEST_REQUEST:",
        "        if not length.isdecimal():",
        ("tests/conference/test_middleware.py::test_what_is_too_long_is_not_read",),
    ),
    Mutant(
        "after a press: on to this site only",
        "documents/views.py",
        "if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):",
        "if wanted:",
        ("tests/documents/test_views.py::test_after_a_press_the_page_stays_on_this_site",),
    ),
    Mutant(
        "guessing: links of one address",
        "attendees/views_links.py",
        'if request.method != "POST" or ratelimit.consume(request, action="link"):',
        "if True:",
        (
            "tests/attendees/test_views_links.py::test_three_hundred_from_one_office_come_in_and_the_next_waits",
        ),
    ),
    Mutant(
        "guessing: certificates of one address",
        "documents/views_verify.py",
        "        if _may_ask(request):",
        "        if True:",
        ("tests/documents/test_verify.py::test_who_asks_too_often_waits",),
    ),
    Mutant(
        "guessing: pairing codes of one address",
        "checkin/views.py",
        '    if not ratelimit.consume(request, action="pair"):',
        "    if False:",
        ("tests/checkin/test_views.py::test_who_tries_too_often_waits",),
    ),
    Mutant(
        "log: people and secrets are struck",
        "conference/redacting.py",
        "        if (clean := redact(said)) != said:\n            made.msg, made.args = clean, ()\n",
        "",
        (
            "tests/conference/test_redacting.py"
            "::test_every_logger_strikes_tokens_from_message_arguments_and_trace",
        ),
    ),
]

PROOFS = [  # Codes, numbers, seals: what must hold for years
    Mutant(
        "code: one wrong character is caught",
        "attendees/codes.py",
        "    return reduce(lambda total, char: _double(total) ^ ALPHABET.index(char), characters, 0)",
        "    return reduce(lambda total, char: total ^ ALPHABET.index(char), characters, 0)",
        ("tests/attendees/test_codes.py",),
    ),
    Mutant(
        "code: 80 bits of what opens a page",
        "attendees/codes.py",
        "SECRET_LENGTH = 16",
        "SECRET_LENGTH = 8",
        ("tests/attendees/test_codes.py::test_new_codes_are_of_the_alphabet_and_differ",),
    ),
    Mutant(
        "code: the alphabet that nobody misreads",
        "attendees/codes.py",
        'ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"',
        'ALPHABET = "0123456789ABCDEFGHIJKLMNPQRSTVWX"',
        ("tests/attendees/test_codes.py::test_the_alphabet_has_thirty_two_characters_that_nobody_confuses",),
    ),
    Mutant(
        "badge: signed for its own conference",
        "attendees/badge_code.py",
        'salted_hmac("attendees.badge_code", str(conference), secret=secret, algorithm="sha256")',
        'salted_hmac("attendees.badge_code", "", secret=secret, algorithm="sha256")',
        ("tests/attendees/test_badge_code.py",),
    ),
    Mutant(
        "screen: a code is good for a minute",
        "sessions/self_check_in.py",
        "for one in (step, step - 1))",
        "for one in range(step - 60, step + 1))",
        ("tests/sessions/test_self_check_in.py::test_a_code_is_good_in_its_step_and_the_next_one",),
    ),
    Mutant(
        "paper of a vote: counts once",
        "sessions/voting.py",
        "        key = uuid.UUID(bytes=hashlib.sha256(about.encode()).digest()[:16])",
        "        key = uuid.uuid4()",
        ("tests/sessions/test_feedback.py::test_a_paper_counts_once",),
    ),
    Mutant(
        "paper of a vote: what waits is written anew each time",
        "sessions/urn.py",
        """        rows.filter(pk__in=[one.pk for one in waiting]).delete()
        secrets.SystemRandom().shuffle(waiting)
        for place, one in enumerate(waiting):
            one.is_counted = place < tallying.drawn(len(waiting))
        rows.bulk_create(waiting)
""",
        """        secrets.SystemRandom().shuffle(waiting)
        for place, one in enumerate(waiting):
            one.is_counted = place < tallying.drawn(len(waiting))
        rows.bulk_update([one for one in waiting if one.is_counted], ["is_counted"])
""",
        ("tests/sessions/test_feedback_races.py::test_what_waits_lies_in_no_order_under_one_transaction",),
    ),
    Mutant(
        "number: gapless, in the transaction that uses it",
        "documents/numbering.py",
        "        if not transaction.get_connection().in_atomic_block:\n"
        '            raise RuntimeError("A number is taken inside the transaction that uses it.")\n',
        "",
        ("tests/documents/test_numbering.py",),
    ),
    Mutant(
        "number: known outside the database",
        "documents/numbering.py",
        "        self.mark()\n",
        "",
        ("tests/documents/test_restoring.py::test_no_number_is_given_again_and_endings_hold",),
    ),
    Mutant(
        "restore: counters go up to the mark",
        "documents/restoring.py",
        "        if series.last < one.mark:",
        "        if series.last > one.mark:",
        ("tests/documents/test_restoring.py::test_no_number_is_given_again_and_endings_hold",),
    ),
    Mutant(
        "restore: no old letter leaves",
        "documents/restoring.py",
        "    outbox.hold(None, by=None, reason=REASON)\n",
        "",
        ("tests/documents/test_restoring.py::test_it_says_what_it_would_do_and_does_it_once",),
    ),
    Mutant(
        "journal: each seal holds the one before",
        "conference/sealing.py",
        "    return _sha256([before, *plain, *told, one.personal])",
        "    return _sha256([*plain, *told, one.personal])",
        ("tests/conference/test_sealing.py::test_of_ten_thousand_entries_no_hand_goes_unseen",),
    ),
    Mutant(
        "journal: a cut tail is seen",
        "conference/proving.py",
        "            if most > last:\n",
        "            if most > last + 100_000:\n",
        ("tests/conference/test_sealing.py::test_of_ten_thousand_entries_no_hand_goes_unseen",),
    ),
    Mutant(
        "journal: what is left of an entry without its account is proved",
        "conference/proving.py",
        "            if said != sealing.rests(left):\n",
        "            if not said:\n",
        (
            "tests/journeys/test_account_erasure.py"
            "::test_what_is_left_of_an_entry_is_sealed_anew_and_every_hand_is_found",
        ),
    ),
    Mutant(
        "journal: two sealers take turns",
        "conference/sealing.py",
        '            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))',
        '            cursor.execute("SELECT %s", (_LOCK,))',
        ("tests/conference/test_sealing.py::test_two_sealers_take_turns",),
    ),
    Mutant(
        "journal: erasing opens the tables for itself alone",
        "conference/sealing.py",
        "        cursor.execute(\"SET LOCAL hoi_nghi.erasing = 'off'\")\n",
        "",
        (
            "tests/conference/test_sealing.py"
            "::test_erasing_opens_only_what_tells_of_people_and_only_for_itself",
        ),
    ),
    Mutant(
        "backup: a file that is not as it was",
        "conference/backups.py",
        'return "" if found == facts else',
        'return "" if found[0] == facts[0] else',
        ("tests/conference/test_backups.py::test_whatever_is_not_as_it_was_is_named",),
    ),
]

TABLES = [  # What the database itself refuses, whatever the code does
    Mutant(
        "constraint: one presence in a session",
        "sessions/migrations/0001_initial.py",
        """        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("session", "attendee"), name="attendance_once"),
        ),
""",
        "",
        ("tests/checkin/test_races.py::test_of_twelve_doors_exactly_one_says_welcome",),
    ),
    Mutant(
        "trigger: the database keeps the journal",
        "conference/migrations/0010_journal_guard.py",
        "    IF was <> becomes THEN",
        "    IF was <> was THEN",
        ("tests/conference/test_sealing.py::test_around_our_code_nothing_is_changed_either",),
    ),
    Mutant(
        "constraint: one current letter of a kind",
        "documents/migrations/0003_letters_and_papers_with_links.py",
        """                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("delegation", "kind"),
                        name="letter_one_current",
                    ),
""",
        "",
        (
            "tests/documents/test_letters.py"
            "::test_the_database_itself_refuses_a_second_current_letter_and_a_second_use_of_a_number",
        ),
    ),
    Mutant(
        "constraint: nothing leaves unapproved",
        "mailing/migrations/0001_initial.py",
        """                    ("approved_at__isnull", False),
                    _connector="OR",
""",
        """                    ("state__in", ("approved", "sending", "sent", "failed")),
                    _connector="OR",
""",
        ("tests/mailing/test_outbox.py::test_a_letter_in_an_impossible_state_is_refused_by_the_database",),
    ),
    Mutant(
        "constraint: one paper of a vote for a person",
        "sessions/migrations/0008_feedback.py",
        """                    models.UniqueConstraint(
                        condition=models.Q(("session", None)),
                        fields=("attendee", "kind"),
                        name="slip_once_for_the_whole",
                    ),
""",
        "",
        ("tests/sessions/test_feedback.py::test_the_database_itself_gives_one_slip",),
    ),
]

MUTANTS: list[Mutant] = [*WORK, *LOCKS, *AGAIN, *WHO, *WALLS, *PROOFS, *TABLES]
