"""The one door, tried with the real referral: how a state changes, and the four ways it does not."""

import contextlib
import re
import threading

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hsb.core import access, door, journal, work
from hsb.core.door import perform
from hsb.core.models import AccessBar, Entry, Recorded
from hsb.core.refusals import AlreadyMoved, AtTheSameMoment, Changed, Denied, NotReady
from hsb.core.states import Because
from hsb.core.timescales import timescale
from hsb.people.states import Role
from referrals.models import Person, Referral, RiskAssessment
from referrals.services import assessing, deciding
from referrals.states import AssessmentState, ClosedAs, ReferralState, Side, Tier
from tests import cast
from tests.core.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(amara, front_door):
    return cast.referral(amara, held_by=front_door)


@pytest.fixture
def awaiting(amara, front_door):
    """Amara's assessment is submitted and waits for a decision."""
    referral = cast.referral(amara, held_by=front_door, state=ReferralState.AWAITING_DECISION)
    cast.submitted(referral, amara)
    return referral


@pytest.fixture
def with_willow(amara, willow, dot):
    """With the statutory team Willow, Amara the allocated worker."""
    return cast.referral(dot, held_by=willow, state=ReferralState.STATUTORY, worker=amara)


def now(referral):
    return Referral.at(referral.reference).get()


def entries(referral):
    return list(Entry.objects.filter(record=referral.pk).order_by("number"))


def nothing_moved(referral):
    """State, version and journal are as the referral was set up."""
    after = now(referral)
    return (after.state, after.version, after.record.entry_count) == (
        referral.state,
        referral.version,
        referral.record.entry_count,
    ) and len(entries(referral)) == referral.record.entry_count


# --- It opens -----------------------------------------------------------------------------------------------------


def test_a_verb_moves_the_state_and_leaves_an_entry(received, dot):
    moved = perform(Referral, received.reference, "begin_assessment", actor=dot)

    last = entries(received)[-1]
    assert moved.state == now(received).state == ReferralState.ASSESSING
    assert (last.verb, last.from_state, last.to_state) == ("begin_assessment", "received", "assessing")
    assert (last.actor, last.reason, last.pathway_version) == (dot, "", "2026.1")
    assert moved.version == now(received).version == 2


def test_what_comes_back_is_a_new_object_and_the_old_one_is_left_alone(received, dot):
    moved = perform(Referral, received.reference, "begin_assessment", actor=dot)

    assert moved is not received
    assert received.state == ReferralState.RECEIVED


def test_since_when_it_waits_is_kept(received, dot, time_machine):
    time_machine.move_to("2030-01-02T10:00:00+00:00", tick=False)

    moved = perform(Referral, received.reference, "begin_assessment", actor=dot)

    assert moved.state_since.isoformat() == "2030-01-02T10:00:00+00:00"


def test_the_entry_keeps_the_reason_the_day_and_the_facts(with_willow, amara, mo):
    cast.assessment(with_willow, amara)
    second = {"state": AssessmentState.SUBMITTED, "submitted_at": with_willow.received_at}
    cast.assessment(with_willow, amara, number=2, **second)
    with_willow.closing_proposals.create(
        proposed_by=amara, proposed_at=with_willow.received_at, closed_as=ClosedAs.PLAN_MET, plan_met=True
    )

    perform(
        Referral,
        with_willow.reference,
        "propose_closing",
        actor=amara,
        reason="The plan is met.",
        happened_on=with_willow.received_at.date(),
        exit="plan_met",
    )

    last = entries(with_willow)[-1]
    assert (last.reason, last.facts) == ("The plan is met.", {"exit": "plan_met"})
    assert last.happened_on == with_willow.received_at.date()
    assert now(with_willow).state_before_closing == ReferralState.STATUTORY


def test_the_journal_is_whole_after_verbs_of_two_nouns(received, dot):
    perform(Referral, received.reference, "begin_assessment", actor=dot)
    made = cast.assessment(now(received), dot, **cast.CATEGORY_0_ANSWERS)
    with door.noted(
        RiskAssessment,
        made.reference,
        "save_page",
        actor=dot,
        may=lambda noun, user: True,
        edits=True,
        page="threshold",
    ) as move:
        move.subject.rationale = "Another rationale."

    last = entries(received)[-1]
    made = RiskAssessment.objects.get()
    assert (last.verb, last.to_state) == ("save_page", "")
    assert last.facts == {"noun": f"{received.reference}-A1", "page": "threshold"}
    assert (made.rationale, made.version) == ("Another rationale.", 2)
    assert journal.faults(now(received).record, entries(received)) == []


def test_rows_written_inside_the_open_door_are_there_for_its_guards(awaiting, dev, front_door):
    with door.opened(Referral, awaiting.reference, "allocate_to_statutory", actor=dev) as move:
        perform(RiskAssessment, f"{awaiting.reference}-A1", "approve", actor=dev)
        move.facts["team"] = "willow"

    assert now(awaiting).state == ReferralState.STATUTORY
    assert entries(awaiting)[-1].facts == {"team": "willow"}


# --- Somebody was first -------------------------------------------------------------------------------------------


def test_a_second_move_is_told_who_was_first_and_when(received, dot, amara):
    perform(Referral, received.reference, "begin_assessment", actor=dot)

    with cast.refused(AlreadyMoved) as refusal:
        perform(Referral, received.reference, "begin_assessment", actor=amara)

    last = entries(received)[-1]
    told = refusal.value
    assert (told.reference, told.state, told.verb) == (received.reference, "Being assessed", "begin_assessment")
    assert (told.who, told.when) == ("Dot", last.recorded_at)
    assert (len(entries(received)), now(received).version) == (2, 2)


@pytest.mark.parametrize(
    "state",
    [ReferralState.EARLY_HELP, ReferralState.CLOSED, ReferralState.ATTACHED],
    ids=["while with Early Help", "when closed", "when attached"],
)
def test_a_verb_of_another_state_is_refused(amara, willow, state):
    referral = cast.referral(amara, held_by=willow, state=state, worker=amara)

    with cast.refused(AlreadyMoved):
        perform(Referral, referral.reference, "begin_assessment", actor=amara)

    assert nothing_moved(referral)


def test_a_verb_that_does_not_exist_is_a_mistake_of_ours(received, dot):
    with cast.refused(ValueError, match="no verb 'vanish'"):
        perform(Referral, received.reference, "vanish", actor=dot)


def test_a_reference_that_does_not_exist_is_said_so(dot):
    with cast.refused(Referral.DoesNotExist):
        perform(Referral, "HSB-1999-00001", "begin_assessment", actor=dot)


# --- Not for this user --------------------------------------------------------------------------------------------


def test_somebody_of_another_team_is_refused(received, carl):
    with cast.refused(Denied) as refusal:
        perform(Referral, received.reference, "begin_assessment", actor=carl)

    assert (refusal.value.record.reference, refusal.value.verb) == (received.reference, "begin_assessment")
    assert nothing_moved(received)


def test_the_administrator_is_refused(received, dee):
    with cast.refused(Denied):
        perform(Referral, received.reference, "begin_assessment", actor=dee)

    assert nothing_moved(received)


def test_somebody_who_cannot_see_it_is_not_told_where_it_is_now(with_willow, carl):
    with cast.refused(Denied):
        perform(Referral, with_willow.reference, "begin_assessment", actor=carl)


def test_seeing_a_record_is_not_yet_leave_to_move_it(received, carl):
    access.grant(received.record, because=Because.NAMED, user=carl)

    with cast.refused(Denied):
        perform(Referral, received.reference, "begin_assessment", actor=carl)

    assert nothing_moved(received)


def test_a_barred_user_is_refused_though_her_team_holds_it(received, dot, dev):
    AccessBar.objects.create(
        user=dot, record=received.person.record, reason="Related.", set_by=dev, set_at=received.received_at
    )

    with cast.refused(Denied):
        perform(Referral, received.reference, "begin_assessment", actor=dot)

    assert nothing_moved(received)


def test_nobody_decides_on_her_own_work(willow, front_door):
    ann = cast.user("Ann", (front_door, Role.PRACTITIONER), (front_door, Role.MANAGER))
    own = cast.referral(ann, held_by=front_door, state=ReferralState.AWAITING_DECISION)

    with cast.refused(Denied):
        perform(Referral, own.reference, "return_to_worker", actor=ann, reason="I disagree with myself.")

    assert nothing_moved(own)


# --- Something must be true first ---------------------------------------------------------------------------------


def test_all_unmet_guards_are_said_together_and_nothing_is_written(awaiting, dev):
    with cast.refused(NotReady) as refusal:
        perform(Referral, awaiting.reference, "allocate_to_early_help", actor=dev)

    assert refusal.value.sentences == (
        "Approve the assessment first.",
        "Record the family's agreement to Early Help first.",
        "Early Help is below the pathway's default for this child. Choose a statutory team, or give your reason for "
        "going below the default.",
    )
    assert nothing_moved(awaiting)


def test_what_was_written_inside_the_door_goes_when_a_guard_refuses(awaiting, dev):
    with (
        cast.refused(NotReady),
        door.opened(Referral, awaiting.reference, "allocate_to_early_help", actor=dev) as move,
    ):
        move.subject.tier = Tier.EARLY_HELP
        perform(RiskAssessment, f"{awaiting.reference}-A1", "approve", actor=dev)

    assert RiskAssessment.objects.get().state == AssessmentState.SUBMITTED
    assert nothing_moved(awaiting)
    assert now(awaiting).tier is None


@pytest.mark.parametrize("reason", ["", "   ", "\n"], ids=["nothing", "spaces", "an empty line"])
def test_a_reason_is_required_where_the_verb_asks_for_one(awaiting, dev, reason):
    with cast.refused(NotReady) as refusal:
        perform(Referral, awaiting.reference, "return_to_worker", actor=dev, reason=reason)

    assert refusal.value.sentences == ("Say what needs to change before you can approve it.",)
    assert nothing_moved(awaiting)


def test_permission_is_asked_before_the_reason(awaiting, dot):
    with cast.refused(Denied):
        perform(Referral, awaiting.reference, "return_to_worker", actor=dot, reason="")


# --- The form was opened on another version -----------------------------------------------------------------------


def test_a_form_of_this_version_opens_the_door(received, dot):
    moved = perform(Referral, received.reference, "begin_assessment", actor=dot, version="1")

    assert moved.version == 2


def test_a_form_of_an_older_version_is_told_who_changed_it(received, dot, dev):
    with door.noted(Referral, received.reference, "edited", actor=dev, may=lambda noun, user: True, edits=True):
        pass

    with cast.refused(Changed) as refusal:
        perform(Referral, received.reference, "begin_assessment", actor=dot, version="1")

    assert (refusal.value.reference, refusal.value.who) == (received.reference, "Dev")
    assert now(received).state == ReferralState.RECEIVED
    assert [entry.verb for entry in entries(received)] == ["log_concern", "edited"]


def test_an_addition_leaves_the_version_alone(received, dot, dev):
    with door.noted(Referral, received.reference, "added", actor=dev, may=lambda noun, user: True):
        pass

    assert perform(Referral, received.reference, "begin_assessment", actor=dot, version="1").version == 2


# --- A verb that leaves the state alone ---------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "may"), [("carl", True), ("dot", False)], ids=["who cannot see it", "who may not"])
def test_a_note_is_refused_to_one(received, request, who, may):
    with (
        cast.refused(Denied),
        door.noted(
            Referral, received.reference, "noted", actor=request.getfixturevalue(who), may=lambda noun, user: may
        ),
    ):
        raise AssertionError("The door was open.")

    assert nothing_moved(received)


def test_a_note_that_needs_a_reason_asks_for_it(received, dot):
    with (
        cast.refused(NotReady, match="Say why"),
        door.noted(
            Referral, received.reference, "noted", actor=dot, may=lambda noun, user: True, asks="Say why.", reason=" "
        ),
    ):
        raise AssertionError("The door was open.")

    assert nothing_moved(received)


# --- A verb inside a verb -----------------------------------------------------------------------------------------


def test_the_right_is_asked_once_where_a_verb_is_a_part_of_another(awaiting, dev):
    asked = []

    def watched(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watched):
        deciding.return_to_worker(awaiting.reference, actor=dev, reason="Say more.")

    assert len([sql for sql in asked if "core_accessgrant" in sql]) == 1
    assert journal.faults(now(awaiting).record, entries(awaiting)) == []


@pytest.fixture
def barred(front_door, awaiting, dot):
    """A manager who might decide, and may not know of it."""
    ann = cast.user("Ann", (front_door, Role.MANAGER))
    AccessBar.objects.create(
        user=ann, record=awaiting.person.record, reason="Related.", set_by=dot, set_at=awaiting.received_at
    )
    return ann


def test_the_right_is_asked_inside_where_somebody_else_acts_there(awaiting, dev, barred):
    with (
        cast.refused(Denied),
        door.noted(Referral, awaiting.reference, "noted", actor=dev, may=lambda noun, user: True),
    ):
        perform(RiskAssessment, f"{awaiting.reference}-A1", "return_to_worker", actor=barred, reason="Say more.")

    assert nothing_moved(awaiting)


def test_the_right_is_asked_inside_where_another_rule_let_somebody_in(awaiting, barred):
    with (
        cast.refused(Denied),
        door.noted(Referral, awaiting.reference, "noted", actor=barred, may=lambda noun, user: True, known=True),
    ):
        perform(RiskAssessment, f"{awaiting.reference}-A1", "return_to_worker", actor=barred, reason="Say more.")

    assert nothing_moved(awaiting)


def test_the_right_is_asked_inside_where_the_verb_around_stands_on_another_record(awaiting, received, barred):
    with (
        cast.refused(Denied),
        door.noted(Referral, received.reference, "noted", actor=barred, may=lambda noun, user: True),
    ):
        perform(RiskAssessment, f"{awaiting.reference}-A1", "return_to_worker", actor=barred, reason="Say more.")

    assert nothing_moved(awaiting)


def test_what_was_read_under_the_lock_is_not_read_again(awaiting, dev):
    with door.opened(Referral, awaiting.reference, "return_to_worker", actor=dev, reason="Say more.") as around:
        read = around.subject.latest_assessment()
        said = {"actor": dev, "reason": "Say more.", "read": read}
        with (
            CaptureQueriesContext(connection) as asked,
            door.opened(RiskAssessment, read.reference, "return_to_worker", **said) as move,
        ):
            assert move.subject is read and read.record is around.subject.record

    assert not any(query["sql"].startswith("SELECT") for query in asked)
    assert RiskAssessment.objects.get(pk=read.pk).state == AssessmentState.RETURNED


@pytest.mark.parametrize("around", ["none", "somebody else's", "another record's"])
def test_what_was_read_without_the_lock_opens_no_door(awaiting, received, dev, dot, around):
    read = awaiting.latest_assessment()
    with cast.refused(ValueError), contextlib.ExitStack() as doors:
        if around == "somebody else's":
            doors.enter_context(door.noted(Referral, awaiting.reference, "noted", actor=dot, may=lambda *_: True))
        elif around == "another record's":
            doors.enter_context(door.noted(Referral, received.reference, "noted", actor=dev, may=lambda *_: True))
        with door.opened(RiskAssessment, read.reference, "return_to_worker", actor=dev, reason="Say more.", read=read):
            pass

    assert RiskAssessment.objects.get().state == AssessmentState.SUBMITTED


def test_permission_is_asked_inside_too(awaiting, dev, dot):
    with (
        cast.refused(Denied),
        door.noted(Referral, awaiting.reference, "noted", actor=dot, may=lambda noun, user: True),
    ):
        perform(RiskAssessment, f"{awaiting.reference}-A1", "approve", actor=dot)

    assert RiskAssessment.objects.get().state == AssessmentState.SUBMITTED
    assert nothing_moved(awaiting)


def test_nobody_goes_on_with_half_a_verb(awaiting, dev):
    """Whoever catches a refusal inside an open door has nothing to go on with: all of it is taken back."""
    with (
        cast.refused(transaction.TransactionManagementError),
        door.noted(Referral, awaiting.reference, "noted", actor=dev, may=lambda noun, user: True),
    ):
        with contextlib.suppress(NotReady):
            perform(RiskAssessment, f"{awaiting.reference}-A1", "return_to_worker", actor=dev, reason="")
        work.ask(awaiting.record, "decide", owner=dev)

    assert nothing_moved(awaiting)


def test_who_goes_on_after_a_refusal_puts_a_transaction_around_what_may_be_refused(awaiting, dev):
    with door.noted(Referral, awaiting.reference, "noted", actor=dev, may=lambda noun, user: True):
        with contextlib.suppress(Denied), transaction.atomic():
            perform(RiskAssessment, f"{awaiting.reference}-A1", "return_to_worker", actor=dev, reason="Say more.")
            raise Denied
        perform(RiskAssessment, f"{awaiting.reference}-A1", "approve", actor=dev)

    assert [entry.verb for entry in entries(awaiting)][-2:] == ["approve", "noted"]
    assert journal.faults(now(awaiting).record, entries(awaiting)) == []


HANGING = [model for model in apps.get_models() if issubclass(model, door.Doored) and not issubclass(model, Recorded)]


@pytest.mark.parametrize("model", HANGING, ids=lambda model: model.__name__)
def test_what_has_no_record_of_its_own_opens_with_what_it_hangs_on(model):
    whole = model._meta.get_field(model.hangs_on).related_model

    assert issubclass(whole, Recorded)
    assert type(model.objects.all()).visible_to is access.HangsOnQuerySet.visible_to


# --- The buttons --------------------------------------------------------------------------------------------------


def verbs(referral, user):
    return [each.verb for each in door.doors(now(referral), user)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("dot", ["begin_assessment"]),
        ("dev", ["attach", "begin_assessment"]),
        ("amara", ["begin_assessment"]),
        ("mo", []),
        ("carl", []),
        ("dee", []),
        ("cho", []),
    ],
)
def test_the_buttons_of_a_received_referral(received, request, who, expected):
    assert verbs(received, request.getfixturevalue(who)) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (
            "dev",
            [
                "accept_not_hsb",
                "allocate_to_early_help",
                "allocate_to_statutory",
                "close_with_advice",
                "return_to_worker",
            ],
        ),
        (
            "mo",
            [
                "accept_not_hsb",
                "allocate_to_early_help",
                "allocate_to_statutory",
                "close_with_advice",
                "return_to_worker",
            ],
        ),
        ("amara", []),
        ("dot", []),
    ],
)
def test_the_buttons_of_a_referral_that_awaits_a_decision(awaiting, request, who, expected):
    assert verbs(awaiting, request.getfixturevalue(who)) == expected


def test_a_button_says_what_stands_in_the_way_except_what_its_own_form_asks(received, dev, awaiting):
    attach = next(each for each in door.doors(now(received), dev) if each.verb == "attach")
    allocate = next(each for each in door.doors(now(awaiting), dev) if each.verb == "allocate_to_early_help")

    assert attach.unmet == ("This child has no other open referral to attach this one to.",)
    assert not attach.opens
    assert allocate.unmet == ()
    assert allocate.opens


def test_a_button_that_shows_is_a_door_that_opens(received, dot):
    for each in door.doors(now(received), dot):
        perform(Referral, received.reference, each.verb, actor=dot)

    assert now(received).state == ReferralState.ASSESSING


@pytest.mark.parametrize(
    ("verb", "who", "expected"),
    [
        ("begin_assessment", "dot", True),
        ("begin_assessment", "carl", False),
        ("submit", "dot", False),
        ("attach", "dot", False),
        ("attach", "dev", True),
    ],
)
def test_may_asks_state_and_permission_and_no_guard(received, request, verb, who, expected):
    assert door.may(now(received), verb, request.getfixturevalue(who)) is expected


# --- The lock -----------------------------------------------------------------------------------------------------


def test_the_record_is_locked_before_the_noun_is_read(received, dot, settings):
    settings.PREPARED_STATEMENTS = 0  # as text, to be read here
    with CaptureQueriesContext(connection) as asked:
        perform(Referral, received.reference, "begin_assessment", actor=dot)

    reads = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    assert '"core_record"' in reads[0]
    assert "referrals_referral" not in reads[0]
    if connection.features.has_select_for_update:
        assert reads[0].endswith("FOR NO KEY UPDATE")


def test_the_right_is_asked_after_the_lock(received, dot, settings):
    settings.PREPARED_STATEMENTS = 0  # as text, to be read here
    with CaptureQueriesContext(connection) as asked:
        perform(Referral, received.reference, "begin_assessment", actor=dot)

    said = [query["sql"] for query in asked.captured_queries]
    lock = next(n for n, sql in enumerate(said) if sql.startswith("SELECT") and '"core_record"' in sql)
    right = [n for n, sql in enumerate(said) if "core_accessgrant" in sql or "people_membership" in sql]
    assert right
    assert min(right) > lock


def test_a_verb_asks_little_more_than_it_writes(received, awaiting, dot, dev):
    """Beside its rows: the lock, seats and cover, the row with the right to it, who wrote, and four for savepoints."""
    timescale("assess")  # what is kept for the process is read by now
    first, second = cast.again(dot), cast.again(dev)

    with CaptureQueriesContext(connection) as begun:
        assessing.begin_assessment(received.reference, actor=first)
    with CaptureQueriesContext(connection) as returned:
        deciding.return_to_worker(awaiting.reference, actor=second, reason="Say more.")

    assert len(begun) <= 14
    assert len(returned) <= 24


@pytest.mark.both_databases("SQLite writes one table in a statement")
def test_the_noun_its_entry_and_the_head_are_one_statement(received, amara, settings):
    settings.PREPARED_STATEMENTS = 0  # as text, to be read here
    with CaptureQueriesContext(connection) as asked:
        perform(Referral, received.reference, "begin_assessment", actor=amara)

    said = [query["sql"] for query in asked.captured_queries]
    written = [re.findall(r'(?:INSERT INTO|UPDATE) "(\w+)"', sql) for sql in said if sql.startswith(("I", "U", "W"))]
    if settings.EMBEDDED:
        assert written == [["referrals_referral"], ["core_record"], ["core_entry"]]
    else:
        assert written == [["core_record", "referrals_referral", "core_entry"]]


def test_a_noun_that_is_gone_is_not_entered_as_moved(received, amara):
    gone = Referral.objects.get(pk=received.pk)
    gone.pk = gone.record_id = 0

    with pytest.raises((RuntimeError, DatabaseError)), transaction.atomic():
        journal.write(received.record, "x", actor=amara, saving=gone)

    assert nothing_moved(received)


def test_what_a_noun_keeps_of_its_versions_is_kept_with_its_entry(received, amara):
    person = received.person
    with door.noted(
        Person, person.reference, "x", actor=amara, may=lambda subject, actor: True, edits=True, known=True
    ) as move:
        move.subject.preferred_name = "Rob"

    was, stands = person.history.order_by("-history_id")[0], Person.objects.get(pk=person.pk)
    assert (stands.preferred_name, stands.version) == (was.preferred_name, was.version) == ("Rob", person.version + 1)
    assert person.history.count() == 2


def test_a_verb_inside_a_verb_works_on_the_record_that_is_locked(awaiting, dev):
    with door.noted(Referral, awaiting.reference, "x", actor=dev, may=lambda subject, actor: True) as outer:
        awaiting_too = door.held(Referral, awaiting.reference)

    assert awaiting_too.record is outer.subject.record


@pytest.mark.skipif(settings.EMBEDDED, reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_held_however_often_it_was(amara, front_door):
    referral = cast.referral(amara, held_by=front_door)
    with transaction.atomic():
        assert door.held(Referral, referral.reference) == referral

    with pytest.raises(transaction.TransactionManagementError):
        door.held(Referral, referral.reference)


def test_several_records_are_locked_in_one_order(received, with_willow):
    here, there = received.reference, with_willow.reference

    assert door.lock(here, there) == door.lock(there, f"{here}-A1")


def test_a_child_who_was_harmed_has_no_category_whatever_is_written(amara, front_door):
    harmed = cast.referral(amara, held_by=front_door, side=Side.HARMED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=harmed.pk).update(category="2")


@pytest.mark.skipif(settings.EMBEDDED, reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "second", [door.lock, lambda reference: door.held(Referral, reference)], ids=["several", "one"]
)
def test_of_two_verbs_that_wait_for_each_other_one_wins_and_the_other_is_told(amara, front_door, second):
    one, other = (cast.referral(amara, held_by=front_door).reference for _ in range(2))
    both_hold = threading.Barrier(2)

    def crosswise(first, then):
        def run():
            with transaction.atomic():
                door.lock(first)
                both_hold.wait(10)
                second(then)
                return "won"

        return run

    found = at_once(crosswise(one, other), crosswise(other, one))

    assert sorted(map(str, found)) == sorted(["won", str(AtTheSameMoment())])
