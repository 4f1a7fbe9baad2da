"""The demo borough: the same from the same seed, in every state, whole; and refused where it has no business.

Building it takes some seconds, so the tests of this module share one borough, inside a transaction of their own.
"""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from hsb.core import clock, settings_in_force
from hsb.core.models import Entry, Place, Task
from hsb.overview.demo import borough, stories
from hsb.overview.demo.accounts import ACCOUNTS, address
from hsb.overview.selectors.tasks import task_rows
from hsb.people.models import User
from referrals.models import (
    AimAssessment,
    CaseNote,
    ConsentAnswer,
    Disclosure,
    MeetingDecision,
    NoteCorrection,
    Offer,
    PaperTelling,
    Plan,
    PoliceReferral,
    Referral,
    Relationship,
    RiskAssessment,
    SignificantEvent,
    WhatFollows,
)
from referrals.states import (
    AssessmentState,
    Category,
    MeetingDecisionState,
    OfferState,
    PoliceReferralState,
    ReferralState,
    Side,
)
from strategy_meetings.models import IntelForm, StrategyMeeting, Theme
from strategy_meetings.states import IntelState, MeetingState

pytestmark = pytest.mark.one_database("embedded", "the service of test_dev_commands builds it on PostgreSQL too")

SEED = 2026


def snapshot():
    """What two boroughs of one seed must agree on: who came, in which order."""
    return list(
        Referral.objects.order_by("record__reference").values_list(
            "record__reference",
            "person__given_name",
            "person__family_name",
            "person__born_on",
            "side",
            "category",
            "brook",
        )
    )


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The borough; and what its first chapters were when they were built before, by themselves."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            borough.build(SEED, chapters=3)
            first = snapshot()
            transaction.set_rollback(True)
        settings_in_force.forget()
        with transaction.atomic():
            borough.build(SEED)
            yield first
            transaction.set_rollback(True)


@pytest.fixture
def demo(built, db):
    return {account: User.objects.get(email=address(account)) for account in ACCOUNTS}


@pytest.mark.parametrize("at", ["2026-11-24T00:20:00+00:00", "2026-11-24T08:00:00+00:00", "2026-11-24T17:00:00+00:00"])
def test_no_story_begins_in_the_future(db, time_machine, at):
    time_machine.move_to(at)

    begun = stories.Story(stories.Borough(defaultdict(lambda: None), seed=1), days_ago=0).moment

    assert begun + timedelta(hours=2) < timezone.now()


def test_the_same_seed_makes_the_same_borough(demo, built):
    assert len(built) > 10
    assert snapshot()[: len(built)] == built


def test_it_is_about_a_hundred_referrals(demo):
    assert 90 <= Referral.objects.count() <= 120


@pytest.mark.parametrize(
    ("model", "field", "values"),
    [
        (Referral, "state", ReferralState.values),
        (Referral, "side", Side.values),
        (Referral, "category", ["", *Category.values]),
        (MeetingDecision, "state", MeetingDecisionState.values),
        (StrategyMeeting, "state", MeetingState.values),
        (PoliceReferral, "state", PoliceReferralState.values),
        (Offer, "state", {OfferState.OFFERED, OfferState.ACCEPTED}),
        (RiskAssessment, "state", set(AssessmentState.values) - {"stale"}),
    ],
    ids=["states", "parts", "categories", "meeting decisions", "meetings", "Forms 87A", "offers", "assessments"],
)
def test_something_is_in_every_state(demo, model, field, values):
    assert set(model.objects.values_list(field, flat=True)) == set(values)


def test_something_is_restricted_attached_and_linked_to_an_earlier_episode(demo):
    assert Referral.objects.filter(record__restricted=True).exists()
    assert Referral.objects.filter(attached_to__isnull=False).exists()
    assert Referral.objects.filter(previous__isnull=False).exists()


def test_nothing_happens_in_the_future(demo):
    assert not Entry.objects.filter(happened_on__gt=clock.today()).exists()
    assert not Entry.objects.filter(recorded_at__gt=clock.now()).exists()


def test_most_dates_are_kept_and_some_are_late(demo):
    late = Task.objects.open().filter(due_on__lt=clock.today()).count()

    assert 5 <= late <= Task.objects.open().count() / 2


def test_every_journal_is_whole(demo, tmp_path, capsys):
    with override_settings(ANCHOR_DIR=tmp_path):
        call_command("verify_record", "--no-anchor")

    assert "whole" in capsys.readouterr().out.lower()


def rows_of(user):
    found = task_rows(user)
    return [*found["own"], *found["decisions"], *found["teams"]]


def test_whoever_has_a_task_may_open_its_referral(demo):
    """A task without a link is one that nobody can do."""
    rows = {account: rows_of(user) for account, user in demo.items()}

    closed = {account: [row for row in found if not row[0].get("url")] for account, found in rows.items()}
    assert {account: found for account, found in closed.items() if found} == {}


@pytest.mark.parametrize("account", ["stranger", "admin", "coordinator"])
def test_a_stranger_and_roles_without_cases_open_nothing(demo, account):
    assert not Referral.objects.visible_to(demo[account]).exists()


def test_the_chair_opens_the_children_of_the_meetings_to_be_held_and_written_up_and_no_others(demo):
    to_be_held = set(Referral.objects.filter(meeting_decisions__state="convened").values_list("pk", flat=True))
    of_them = set(
        Referral.objects.filter(involvements__concern__involvements__referral__in=to_be_held).values_list(
            "pk", flat=True
        )
    )
    running = StrategyMeeting.objects.exclude(state="cancelled")
    in_meetings = set(Referral.objects.filter(considered__meeting__in=running).values_list("pk", flat=True))

    opened = set(Referral.objects.visible_to(demo["chair"]).values_list("pk", flat=True))
    assert to_be_held
    assert to_be_held <= opened <= of_them | in_meetings


def test_the_minute_taker_opens_the_children_of_her_meetings_and_no_others(demo):
    hers = Referral.objects.filter(considered__meeting__minute_taker=demo["minutes"])

    opened = Referral.objects.visible_to(demo["minutes"])
    assert opened.exists()
    assert not opened.exclude(pk__in=hers.values("pk")).exists()


def test_everybody_who_works_with_cases_has_something_to_do(demo):
    having = {account for account, user in demo.items() if rows_of(user)}

    assert {"practitioner", "practitioner2", "duty", "dutymanager", "earlyhelp", "ehmanager", "manager"} <= having
    assert {"chair", "minutes"} <= having


def test_there_is_an_intel_form_in_every_state(demo):
    assert set(IntelForm.objects.values_list("state", flat=True)) == set(IntelState)


def test_one_park_and_one_group_run_through_three_forms_that_wait_for_the_panel(demo):
    park, group = Place.objects.get(name="Lantern Park"), Theme.objects.get(name="The bandstand group")

    waiting = {entry.form for entry in group.intel.filter(form__state="submitted").select_related("form")}

    assert len(waiting) == 3
    assert waiting <= {entry.form for entry in park.intel.select_related("form")}


def test_no_two_children_are_called_the_same(demo):
    names = Counter(Referral.objects.values_list("person__given_name", "person__family_name", "person"))

    assert max(Counter((given, family) for given, family, _ in names).values()) == 1


# --- Where it refuses ---------------------------------------------------------------------------------------------


@pytest.fixture
def never(monkeypatch):
    """Building fails the test."""
    monkeypatch.setattr(borough, "build", lambda *a, **k: pytest.fail("The borough was built."))


@pytest.mark.django_db
def test_it_refuses_in_production(never, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never built in production"):
        call_command("seed_demo")


def test_it_refuses_a_database_with_users_it_did_not_make(demo, never):
    User.objects.create_user("somebody@example.org", name="Somebody")

    with pytest.raises(CommandError, match="users that the demo did not make"):
        call_command("seed_demo")


def test_somebody_added_to_the_demo_does_not_stop_it_from_starting(demo, never, capsys):
    User.objects.create_user("somebody@example.org", name="Somebody")

    call_command("seed_demo", "--if-empty")

    assert "stands already" in capsys.readouterr().out


def test_it_refuses_to_build_twice(demo, never):
    with pytest.raises(CommandError, match="stands already"):
        call_command("seed_demo")


def test_where_it_stands_already_it_says_so_and_changes_nothing(demo, never, capsys):
    before = snapshot()

    call_command("seed_demo", "--if-empty")

    assert "stands already" in capsys.readouterr().out
    assert snapshot() == before


@pytest.mark.django_db
def test_the_demo_accounts_are_not_told_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="no demo accounts in production"):
        call_command("demo_accounts")


def test_the_demo_accounts_are_told(capsys):
    call_command("demo_accounts")

    told = capsys.readouterr().out
    assert "practitioner@example.org" in told
    assert "Practitioner, Willow social work team" in told


def test_two_children_have_case_notes_one_with_oversight_one_with_a_correction(demo):
    written = CaseNote.objects.values_list("referral", flat=True)

    assert len(set(written)) == 2
    assert {note.kind for note in CaseNote.objects.all()} == {"visit", "call", "oversight"}
    assert CaseNote.objects.filter(do_not_disclose=True).count() == 1
    events = [(event.about_then, event.corrections.count()) for event in SignificantEvent.objects.all()]
    assert events == [(True, 1), (False, 0)]
    assert NoteCorrection.objects.count() == 1
    assert AimAssessment.objects.get().recorded_by == demo["practitioner2"]
    assert Task.objects.open().filter(kind="read_note", owner=demo["manager"]).count() == 1


def test_two_children_have_a_plan_one_was_reviewed_and_has_a_sheet(demo):
    plans = Plan.objects.order_by("kind")

    found = [(plan.kind, plan.state, plan.reviews.count(), plan.documents.count()) for plan in plans]
    assert found == [("child_in_need", "draft", 0, 0), ("safety", "agreed", 1, 1)]


def test_one_child_has_answers_about_consent_and_a_manager_decides_again(demo):
    said = ConsentAnswer.objects.values_list("answer", flat=True)

    assert sorted(said) == ["agreed", "agreed", "agreed", "not_asked", "refused", "withdrew"]
    assert Task.objects.open().filter(kind="decide_help").count() == 1


def test_one_child_has_what_was_shared_by_hand_and_another_an_assessment_that_is_held_back(demo):
    by_hand = Disclosure.objects.filter(reference__isnull=False).order_by("pk")
    assert [(row.recipient, row.shared) for row in by_hand] == [("parent", True), ("health", False)]
    assert PaperTelling.objects.get().held_back


def test_two_young_people_have_a_plan_for_18_and_one_waits_for_the_decision(demo):
    assert [each.by for each in WhatFollows.objects.all()] == [demo["practitioner2"]] * 2
    asked = Task.objects.open().filter(kind__in=["plan_at_18", "review_at_18", "decide_at_18"])
    assert sorted(asked.values_list("kind", flat=True)) == ["decide_at_18", "review_at_18"]


def test_some_children_have_a_family_and_one_relationship_was_a_mistake(demo):
    standing = Relationship.objects.open()

    assert {"mother", "sibling", "grandparent", "schoolmate"} <= set(standing.values_list("kind", flat=True))
    assert sorted(Relationship.objects.exclude(ended_at=None).values_list("by_mistake", flat=True)) == [False, True]
