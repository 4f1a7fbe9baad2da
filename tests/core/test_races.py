"""Several people, one record, the same moment: nothing moves twice, nothing that was acknowledged is lost.

Each race is also run the naive way, by read, change and save: there something must be lost, or the test would not
notice if our own way lost it.
"""

import itertools
import threading
import time
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from hsb.core import access, clock, door, journal, work
from hsb.core.models import AccessBar, Entry, Record
from hsb.core.refusals import AlreadyMoved, Changed, Denied
from hsb.people.states import Role
from referrals.models import Allocation, Concern, PoliceCall, Protection, Referral, RiskAssessment
from referrals.services import assessing, deciding, episodes, intake, restricting, urgent
from referrals.states import AssessmentState, ReferralState, Tier
from tests import cast
from tests.clients import HouseClient
from tests.core.threads import at_once
from tests.pages import filled, page

pytestmark = pytest.mark.django_db(transaction=True)


def whole(record):
    """What is wrong with the record's journal."""
    fresh = Record.objects.get(pk=record.pk)
    return journal.faults(fresh, list(Entry.objects.filter(record=fresh).order_by("number")))


# --- Two managers allocate the same referral (R1) ---------------------------------------------------------------


ROUNDS = 30
SECONDS = 20


@pytest.fixture
def awaiting(amara, front_door):
    """Referrals that each wait for a manager's decision."""
    made = []
    for _ in range(ROUNDS):
        referral = cast.referral(amara, held_by=front_door, state=ReferralState.AWAITING_DECISION, category="1")
        Referral.objects.filter(pk=referral.pk).update(tier=Tier.COMPLEX)
        cast.submitted(referral, amara, category="1", tier=Tier.COMPLEX)
        made.append(referral)
    return made


@pytest.fixture
def managers(mo, willow):
    """Four managers who may all decide, and all still see it when it is with Willow."""
    return [mo, *(cast.user(name, (willow, Role.MANAGER)) for name in ("Mae", "Mina", "Moss"))]


def test_of_managers_who_allocate_at_once_one_does_and_the_others_are_told_who(awaiting, managers, willow):
    def allocate(manager, reference):
        return lambda: deciding.allocate(
            reference,
            actor=cast.again(manager),
            destination=deciding.Destination(team=willow, reason=f"By {manager.name}."),
        )

    for referral in awaiting:
        results = at_once(*(allocate(manager, referral.reference) for manager in managers))

        won = [result for result in results if isinstance(result, Referral)]
        refused = [result for result in results if isinstance(result, AlreadyMoved)]
        assert (len(won), len(refused)) == (1, 3), results
        winner = managers[results.index(won[0])].name
        assert {refusal.who for refusal in refused} == {winner}
        assert Allocation.objects.get(referral=referral).reason == f"By {winner}."
        assert referral.category_decisions.count() == 1
        verbs = list(Entry.objects.filter(record=referral.record).values_list("verb", flat=True))
        assert (verbs.count("allocate_to_statutory"), verbs.count("approve")) == (1, 1)
        assert referral.record.tasks.open().filter(kind="family_assessment").count() == 1
        assert whole(referral.record) == []


def test_control_by_read_change_and_save_two_managers_both_allocate(awaiting, managers, willow):
    def allocate(reference):
        referral = Referral.at(reference).get()
        if referral.state != ReferralState.AWAITING_DECISION:
            return False
        RiskAssessment.objects.filter(referral=referral).update(state=AssessmentState.APPROVED)
        referral.allocate_to_statutory()
        referral.save()
        return True

    twice = 0
    for referral in awaiting:
        results = at_once(*([lambda reference=referral.reference: allocate(reference)] * len(managers)))
        twice += results.count(True) > 1

    assert twice > 0


# --- Who is barred while she waits for the record --------------------------------------------------------------------


def test_who_is_barred_while_she_waits_at_the_door_is_refused(amara, dot, dev, front_door):
    referral = cast.referral(amara, held_by=front_door)
    held, waits = threading.Event(), threading.Event()

    def bar():
        with transaction.atomic():
            door.lock(referral.reference)
            held.set()
            waits.wait(SECONDS)
            time.sleep(0.3)
            set_by = {"set_by": dev, "set_at": clock.now()}
            AccessBar.objects.create(user=dot, record=referral.person.record, reason="Related.", **set_by)

    def begin():
        held.wait(SECONDS)
        waits.set()
        return assessing.begin_assessment(referral.reference, actor=cast.again(dot))

    _, answer = at_once(bar, begin)

    assert isinstance(answer, Denied), answer
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.RECEIVED
    assert whole(referral.record) == []


# --- What is written on the child's record and on a referral ---------------------------------------------------------


@pytest.fixture
def restricting_verbs(amara, mo, bea, carl, willow):
    """{name: what restricts or bars}, on a referral of a child of whom Carl is barred, and the referral."""
    referral = cast.referral(amara, held_by=willow, state=ReferralState.STATUTORY, worker=amara)
    restricting.bar(referral.reference, actor=cast.again(mo), user=carl, reason="Related.")

    def by_mo(verb, **more):
        return lambda: verb(referral.reference, actor=cast.again(mo), reason="Related.", **more)

    return referral, {
        "restrict": by_mo(restricting.restrict),
        "lift_restriction": by_mo(restricting.lift_restriction),
        "bar": by_mo(restricting.bar, user=bea),
        "lift_bar": by_mo(restricting.lift_bar, user=carl),
    }


@pytest.mark.parametrize("verb", ["restrict", "lift_restriction", "bar", "lift_bar"])
def test_who_restricts_while_a_concern_is_logged_about_the_child_waits_for_it(restricting_verbs, verb):
    referral, verbs = restricting_verbs
    if verb == "lift_restriction":
        verbs["restrict"]()
    held = threading.Event()

    def log():
        with transaction.atomic():
            episodes.hold_children(referral.person)
            held.set()
            time.sleep(0.5)
            door.lock(referral.reference)

    def restrict():
        held.wait(SECONDS)
        return verbs[verb]()

    results = at_once(log, restrict)

    assert [each for each in results if isinstance(each, Exception)] == []
    assert Entry.objects.filter(record=referral.record, verb=verb).exists()


# --- The same work is asked for by several at once -------------------------------------------------------------------


@pytest.mark.both_databases("one statement on each, by an index that holds for open work alone")
def test_work_that_is_asked_for_at_once_is_one_task(amara, dot, front_door):
    record = cast.referral(amara, held_by=front_door).record

    def ask(owner):
        return lambda: work.ask(record, "decide", owner=owner)

    for done in range(10):
        # The first to come opens it; those that find it open pass it on, or it was finished between.
        results = at_once(ask(amara), ask(dot), ask(amara), lambda: work.finish(record, "decide", by=dot))

        assert [each for each in results[:3] if each] == [] and results[3] in (0, 1), (done, results)
        assert record.tasks.open().count() <= 1
        work.ask(record, "decide", owner=dot)
        assert record.tasks.open().get().owner == dot
        work.finish(record, "decide", by=dot)


# --- Two workers write on one page of an assessment (R2) ------------------------------------------------------------


WRITERS, TRIES = 4, 30


@pytest.fixture
def assessment(dot, front_door):
    """An unfinished assessment, on which four workers of the front door write."""
    referral = cast.referral(dot, held_by=front_door, state=ReferralState.ASSESSING)
    return cast.assessment(referral, dot)


@pytest.fixture
def writers(dot, front_door):
    return [dot, *(cast.user(name, (front_door, Role.PRACTITIONER)) for name in ("Dan", "Dora", "Duke"))]


def write_on(assessment, writers, *, with_version):
    """Everybody opens the page, thinks, adds a line, and saves. Returns (lines acknowledged, lines refused)."""
    saved, refused = [], []

    def work(writer):
        for number in range(TRIES):
            opened = RiskAssessment.objects.get(pk=assessment.pk)
            time.sleep(0.002)
            line = f"{writer.name}{number}"
            try:
                assessing.save_page(
                    assessment.reference,
                    actor=writer,
                    page="threshold",
                    answers={"rationale": f"{opened.rationale}{line}\n"},
                    version=opened.version if with_version else None,
                )
                saved.append(line)
            except Changed:
                refused.append(line)

    problems = [each for each in at_once(*(lambda writer=w: work(cast.again(writer)) for w in writers)) if each]
    assert problems == []
    return saved, refused


def test_no_line_that_was_saved_is_lost_and_every_other_is_refused(assessment, writers):
    saved, refused = write_on(assessment, writers, with_version=True)

    now = RiskAssessment.objects.get()
    assert sorted(now.rationale.split()) == sorted(saved)
    assert len(saved) + len(refused) == WRITERS * TRIES
    assert len(refused) > 0
    assert now.version == 1 + len(saved)
    assert Entry.objects.filter(verb="save_page").count() == len(saved)
    assert whole(assessment.record) == []


def test_control_with_the_lock_alone_saved_lines_are_lost(assessment, writers):
    saved, refused = write_on(assessment, writers, with_version=False)

    assert refused == []
    assert len(RiskAssessment.objects.get().rationale.split()) < len(saved)


def test_through_the_browser_every_line_is_kept_or_shown_back(assessment, writers):
    """As above, through the page: 302 acknowledges, 409 shows what was typed."""
    path = f"/referrals/{assessment.referral.reference}/assessment/threshold/"
    acknowledged, shown_back, lost = [], [], []

    def work(writer):
        laptop = HouseClient()
        laptop.force_login(writer)
        for number in range(8):
            form = laptop.get(path)
            line = f"{writer.name}{number}"
            before = filled(form).get("rationale", [""])[0]
            typed = filled(form, tier="2", rationale=f"{before} {line}".strip())
            answer = laptop.post(path, typed)
            if answer.status_code == 302:
                acknowledged.append(line)
            elif answer.status_code == 409 and line in page(answer).text:
                shown_back.append(line)
                laptop.post(path, {"throw_away_draft": "1"})
            else:
                lost.append((line, answer.status_code))

    problems = [each for each in at_once(*(lambda writer=w: work(writer) for w in writers)) if each]

    assert (problems, lost) == ([], [])
    assert sorted(RiskAssessment.objects.get().rationale.split()) == sorted(acknowledged)
    assert len(acknowledged) + len(shown_back) == WRITERS * 8
    assert shown_back


# --- The same form sent twice at once (R7) --------------------------------------------------------------------------


def twice_at_once(act, rounds=15):
    """Runs `act(once)` from two threads at the same moment, `rounds` times; returns the results in pairs."""
    return [at_once(*([lambda once=once: act(once)] * 2)) for once in (uuid4() for _ in range(rounds))]


def all_went_well(pairs):
    return [result for result in itertools.chain(*pairs) if isinstance(result, Exception)] == []


def test_a_concern_sent_twice_is_logged_once(amara, front_door):
    def log(once):
        return intake.log_concern(
            author=cast.again(amara),
            once=once,
            people=[intake.Newcomer(details={"given_name": "Robin", "family_name": "Sample"}, roles=("displayed",))],
            what_was_reported="Something was reported at school.",
            source="2A",
            reported_on=clock.today(),
            place_kind="school",
            protection_needed="no",
        )

    pairs = twice_at_once(log)

    assert all_went_well(pairs), pairs
    assert Concern.objects.count() == Referral.objects.count() == 15
    assert all(one.concern == other.concern for one, other in pairs)
    assert all([r.reference for r in one.opened] == [r.reference for r in other.opened] for one, other in pairs)


@pytest.mark.parametrize(
    ("model", "act"),
    [
        pytest.param(
            Protection,
            lambda reference, actor, once: urgent.record_protection(
                reference,
                actor=actor,
                once=once,
                what="Stayed with an aunt.",
                done_on=clock.today(),
                who_was_told="The school",
            ),
            id="immediate protection",
        ),
        pytest.param(
            PoliceCall,
            lambda reference, actor, once: urgent.record_police_call(
                reference,
                actor=actor,
                once=once,
                emergency=False,
                called_on=clock.today(),
                spoke_to="The duty sergeant",
                what_was_said="What had been reported.",
            ),
            id="a call to the police",
        ),
    ],
)
def test_what_waits_for_nothing_is_recorded_once_though_it_was_sent_twice(dot, front_door, model, act):
    referral = cast.referral(dot, held_by=front_door)

    pairs = twice_at_once(lambda once: act(referral.reference, cast.again(dot), once))

    assert all_went_well(pairs), pairs
    assert model.objects.count() == 15
    assert whole(referral.record) == []


# --- Eight writers (R10) --------------------------------------------------------------------------------------------


def test_eight_writers_never_hear_that_the_database_is_locked(amara, front_door):
    referrals = [cast.referral(amara, held_by=front_door) for _ in range(4)]

    def write(number):
        actor = cast.again(amara)
        for turn in range(15):
            reference = referrals[(number + turn) % 4].reference
            with door.noted(Referral, reference, "noted", actor=actor, may=lambda noun, user: True):
                pass

    problems = [each for each in at_once(*(lambda number=n: write(number) for n in range(8))) if each]

    assert [each for each in problems if isinstance(each, OperationalError)] == []
    assert problems == []
    assert Entry.objects.filter(verb="noted").count() == 120
    assert [whole(referral.record) for referral in referrals] == [[]] * 4


def test_two_verbs_that_lock_two_records_in_opposite_order_do_not_block_each_other(amara, front_door):
    one, other = (cast.referral(amara, held_by=front_door).reference for _ in range(2))

    def lock_both(*references):
        for _ in range(20):
            with transaction.atomic():
                door.lock(*references)
                time.sleep(0.001)

    assert at_once(lambda: lock_both(one, other), lambda: lock_both(other, one)) == [None, None]


# --- Who looks while somebody writes ------------------------------------------------------------------------------


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="one writes at a time there")
def test_a_look_need_not_wait_for_the_verb_that_holds_the_record(amara, front_door):
    referral = cast.referral(amara, held_by=front_door)

    def look():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            access.look(amara, referral.record, "case")

    with transaction.atomic():
        door.lock(referral.reference)
        assert at_once(look) == [None]
    assert referral.record.looks.count() == 1
