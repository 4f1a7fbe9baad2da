"""Significant events: recorded and corrected once, never changed; a chronology's kinds, and how it stood on a day."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from hsb.core import append_only, clock, journal
from hsb.core.models import Record
from hsb.core.refusals import Changed, Denied, NotReady
from referrals.codes import LegalStatus
from referrals.models import CategoryDecision, EventCorrection, Referral, SignificantEvent
from referrals.selectors.as_it_stood import HIDDEN, NOT_RECEIVED, as_it_stood
from referrals.selectors.chronology import SENTENCES
from referrals.selectors.chronology_kinds import KINDS
from referrals.selectors.significant import episodes, significant_events
from referrals.services import deciding, intake, restricting, working
from tests import cast
from tests.referrals import case_road as road
from tests.referrals.events_road import MEANING, TEXT, corrected, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    """Amara's case."""
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def ends(referral):
    """Closes it, whatever was to be done."""
    Referral.objects.filter(pk=referral.pk).update(state="closed", closed_on=clock.today(), closed_as="plan_met")
    return road.again(referral)


# --- Recording and correcting ---


def test_an_event_is_recorded_once_and_corrected_underneath(case, amara, mo):
    key, again = uuid4(), uuid4()

    event = recorded(case, amara, once=key, about_then=True)
    assert recorded(case, amara, once=key, about_then=True) == event
    with pytest.raises(NotReady, match="says something else"):
        recorded(case, amara, once=key, text="Something else.")
    correction = corrected(event, mo, once=again, version=0)
    assert corrected(event, mo, once=again) == correction
    with pytest.raises(Changed) as refused:
        corrected(event, amara, version=0)

    assert (event.reference, correction.reference) == (f"{case.reference}-E1", f"{case.reference}-E1-C1")
    assert (refused.value.version, refused.value.who) == (1, "Mo")
    assert road.again(case).version == case.version
    entry = road.last_entry(case, "record_event")
    assert entry.facts["noun"] == event.reference
    assert TEXT not in str(entry.facts)
    with pytest.raises(NotReady) as unmet:
        recorded(case, amara, text=" ", meaning="", source="", basis="x", happened_on=clock.today() + timedelta(days=1))
    assert len(unmet.value.sentences) == 5


def test_who_may_record_and_correct(request, case, amara):
    event = recorded(case, amara)
    done = {"record": set(), "correct": set()}

    for who in ("amara", "bea", "carl", "mo", "max", "dev", "cho", "coo", "aud"):
        user = request.getfixturevalue(who)
        for verb, deed in (("record", lambda u: recorded(case, u)), ("correct", lambda u: corrected(event, u))):
            try:
                with transaction.atomic():
                    deed(user)
                done[verb].add(who)
            except Denied:
                pass

    assert done == {"record": {"amara", "mo"}, "correct": {"amara", "mo"}}


def test_after_the_end_none_is_recorded_and_only_the_author_corrects(case, amara, mo):
    event = recorded(case, amara)
    ends(case)

    with pytest.raises(NotReady, match="reopen it first"):
        recorded(case, amara)
    with pytest.raises(NotReady, match="reopen it first"):
        corrected(event, mo)
    assert corrected(event, amara).by == amara


def test_an_entry_of_the_journal_is_taken_in_once(case, amara, willow):
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara)

    event = recorded(case, amara, entry_number=1)

    assert event.entry == case.record.entries.get(number=1)
    assert road.last_entry(case, "record_event").facts["taken_in"] == 1
    with pytest.raises(NotReady, match="taken in already"):
        recorded(case, amara, entry_number=1)
    with pytest.raises(NotReady, match="no such entry"):
        recorded(case, amara, entry_number=999)
    assert recorded(other, amara, entry_number=1).entry != event.entry


def test_the_database_only_adds_and_the_journal_vouches(case, amara, settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path
    event = recorded(case, amara)
    corrected(event, amara)
    for change in (
        lambda: SignificantEvent.objects.update(text="Nothing."),
        lambda: EventCorrection.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        again = SignificantEvent.objects.get()
        again.pk, again.number, again.reference, again.once, again.text = None, 2, "x", uuid4(), ""
        again.save()

    call_command("verify_record", case.reference, stdout=StringIO())
    connection.check_constraints()
    append_only.remove(connection)
    try:
        SignificantEvent.objects.update(meaning="Nothing.")
        EventCorrection.objects.update(text="Nothing.")
        told = StringIO()
        with pytest.raises(CommandError):
            call_command("verify_record", case.reference, stdout=StringIO(), stderr=told)
    finally:
        append_only.install(connection)
    for reference in (event.reference, f"{event.reference}-C1"):
        assert f"{reference}: what it says is not what the journal vouched for." in told.getvalue()


def test_the_childs_episodes_stand_together_for_who_may_open_them(case, amara, mo, carl, willow):
    earlier = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=case.person)
    today = clock.today()
    recorded(earlier, amara, text="The first.", happened_on=today - timedelta(days=9))
    recorded(case, amara, text="The second.", happened_on=today - timedelta(days=5))
    recorded(earlier, amara, text="The third.", happened_on=today - timedelta(days=2))
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="Helps with it.")

    def told(user):
        return [row["text"] for row in significant_events(case, user, episodes(case, user))["rows"]]

    assert told(amara) == ["The first.", "The second.", "The third."]
    assert told(carl) == ["The second."]


# --- The kinds ---


def test_every_verb_stands_in_exactly_one_kind():
    """A new sentence fails here until its verb is placed."""
    placed = [verb for _, verbs in KINDS.values() for verb in verbs]

    assert sorted(placed) == sorted(SENTENCES)


# --- As it stood ---


def stood(referral, day, user):
    return {row["label"]: row["value"] for row in as_it_stood(road.again(referral), day, user)["rows"]}


def test_state_team_worker_and_judgements_as_they_stood(front_door, dot, dev, amara, bea, mo, willow, time_machine):
    def on(day):
        time_machine.move_to(f"2026-03-{day:02}T10:00:00+00:00", tick=False)

    on(2)
    referral = road.logged(dot, harmed=False)[0]
    on(4)
    road.assess_displayed(referral, dot, "1")
    on(6)
    there = deciding.Destination(team=willow, reason="Social work is needed.")
    deciding.allocate(referral.reference, actor=dev, destination=there)
    on(9)
    working.name_worker(referral.reference, actor=mo, worker=amara)
    on(11)
    working.name_worker(referral.reference, actor=mo, worker=bea, reason="Amara is away.")
    on(16)
    CategoryDecision.objects.create(
        referral=referral,
        category="2",
        view="meeting",
        by=mo,
        decided_on=clock.today(),
        recorded_at=clock.now(),
        pathway_version=referral.pathway_version,
    )
    ends(referral)
    referral.allocations.filter(ends_on=None).update(ends_on=clock.today())
    journal.write(referral.record, "close", actor=mo, from_state="statutory", to_state="closed")
    on(20)

    def told(day):
        return stood(referral, clock.today().replace(day=day), mo)

    assert told(1) == {"State": NOT_RECEIVED}
    assert (told(2)["State"], told(2)["Category"], told(2)["Tier"]) == ("Received", "None yet", "None yet")
    assert told(2)["Team and worker"] == "Not allocated to a team"
    assert (told(5)["State"], told(5)["Category"][:10]) == ("Awaiting decision", "Category 1")
    assert (told(6)["Team"], told(8)["Worker"]) == ("Willow", "No worker named yet")
    assert (told(9)["Worker"], told(10)["Worker"], told(11)["Worker"]) == ("Amara", "Amara", "Bea")
    assert "manager" in told(15)["Category"]
    assert (told(16)["State"], told(16)["Category"][:10]) == ("Closed", "Category 2")
    assert told(17)["Team and worker"] == "None: it had ended. Last with Willow: Bea"


def test_the_part_in_a_concern_and_the_details_as_they_stood(front_door, dot, dev, time_machine):
    time_machine.move_to("2026-03-02T10:00:00+00:00", tick=False)
    referral = road.logged(dot, harmed=False)[0]
    child, concern = referral.person, referral.involvements.get().concern
    child.legal_status, child.address = LegalStatus.values[0], "1 Sample Street"
    child.save()
    time_machine.move_to("2026-03-05T10:00:00+00:00", tick=False)
    intake.set_roles(referral.reference, actor=dot, concern=concern, roles=["harmed"])
    child.address, child.address_confidential = "2 Sample Street", True
    child.save()
    time_machine.move_to("2026-03-09T10:00:00+00:00", tick=False)
    before, after = (stood(referral, clock.today().replace(day=day), dev) for day in (4, 5))
    told_to_dot = stood(referral, clock.today().replace(day=4), dot)

    assert before["Part in the concern"] == "Child who displayed the behaviour"
    assert after["Part in the concern"] == "Child who was harmed"
    assert ("Category" in before, "Category" in after) == (True, False)
    assert before["Legal status"] == LegalStatus(LegalStatus.values[0]).label
    assert (before["Address"], after["Address"]) == ("1 Sample Street", "2 Sample Street")
    assert "Confidential address" in told_to_dot["Address"]


def test_of_a_child_who_may_not_be_opened_no_detail_is_told(case, amara):
    Record.objects.filter(pk=case.person_id).update(restricted=True)

    assert stood(case, clock.today(), amara)["Address"] == HIDDEN


def test_nothing_that_was_written_is_in_it(case, amara):
    recorded(case, amara)
    journal.write(case.record, "tell_referrer", actor=amara, reason="quibblegreen")

    said = str(as_it_stood(case, clock.today(), amara))

    assert not any(word in said for word in (TEXT, MEANING, "quibblegreen"))
