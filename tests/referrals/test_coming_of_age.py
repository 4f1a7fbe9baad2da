"""What follows at 18 from 17 and a half, a decision at 18; asked for by a sweep (B20)."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hsb.core import clock, door, words
from hsb.core.calendar import add_working_days, months_after, months_before
from hsb.core.models import Entry, Task
from hsb.core.refusals import Changed, Denied, NotReady
from referrals import guards
from referrals import tasks as beat
from referrals.models import DecisionAt18, WhatFollows
from referrals.selectors.case import facts
from referrals.selectors.coming_of_age import turning_in_words
from referrals.services import coming_of_age, working
from tests import cast
from tests.referrals import age_road as ages
from tests.referrals import case_road as road
from tests.referrals.age_road import CLOSE, DECIDE, PLAN, REVIEW, asked, child_of, decided, planned

pytestmark = pytest.mark.django_db


def at(time_machine, day):
    time_machine.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False)


@pytest.fixture
def case_of(front_door, amara, willow):
    """Makes a referral of a child of that age, with Willow and Amara unless told otherwise."""

    def made(years=17, months=6, *, child=None, **fields):
        fields = {"held_by": willow, "state": "statutory", "worker": amara} | fields
        return cast.referral(amara, child=child or child_of(years, months), **fields)

    return made


# --- The days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born_on", "months", "reached_on"),
    [
        (date(2008, 5, 3), 216, date(2026, 5, 3)),
        (date(2008, 5, 3), 210, date(2025, 11, 3)),
        (date(2008, 2, 29), 216, date(2026, 3, 1)),
        (date(2008, 2, 29), 210, date(2025, 8, 29)),
        (date(2008, 8, 31), 210, date(2026, 3, 1)),
        (date(2010, 8, 29), 210, date(2028, 2, 29)),
        (date(2008, 12, 31), 210, date(2026, 7, 1)),
    ],
    ids=[
        "eighteen on the birthday",
        "half a year before",
        "a leap day: 1 March, as an age is counted",
        "half a year before a leap day",
        "no 31 February",
        "onto a leap day",
        "no 31 June",
    ],
)
def test_an_age_is_reached_on_its_day_and_not_the_day_before(born_on, months, reached_on):
    assert months_after(born_on, months) == reached_on
    assert months_before(reached_on, months) >= born_on
    assert months_before(reached_on - timedelta(days=1), months) < born_on


def test_both_ways_of_counting_agree_with_the_age_on_every_day_of_leap_years():
    first = date(2007, 12, 1)
    births = [first + timedelta(days=n) for n in range(0, 500)]

    for born_on in births:
        day = months_after(born_on, 216)
        child = cast.Person(born_on=born_on)
        assert (child.age_on(day), child.age_on(day - timedelta(days=1))) == (18, 17)
        assert months_before(day - timedelta(days=1), 216) < born_on <= months_before(day, 216)


# --- The sweep --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "whose"),
    [("received", "managers"), ("awaiting_decision", "managers"), ("early_help", "worker"), ("statutory", "worker")],
)
def test_at_17_and_a_half_the_worker_is_asked_once(case_of, amara, willow, state, whose):
    worker = amara if whose == "worker" else None
    case = case_of(state=state, worker=worker)

    assert coming_of_age.sweep() == (1, 0)
    assert coming_of_age.sweep() == (0, 0)

    task = asked(case)[PLAN]
    assert task.due_on == add_working_days(clock.today(), 20)
    assert (task.owner, task.team, task.role) == ((amara, None, "") if worker else (None, willow, "manager"))
    assert road.again(case).next_due_on == task.due_on


@pytest.mark.parametrize("state", ["closing_proposed", "closed"])
def test_where_closing_is_proposed_or_done_nobody_is_asked(case_of, state):
    case_of(state=state)
    case_of(18, 0, state=state)

    assert coming_of_age.sweep() == (0, 0)


def test_the_days_are_kept_to_the_day(case_of, time_machine):
    child = cast.person(born_on=date(2009, 8, 31))  # 17½ on 1 March 2027, 18 on 31 August 2027
    at(time_machine, date(2027, 1, 4))
    case = case_of(child=child)

    def on(day):
        at(time_machine, day)
        coming_of_age.sweep()
        return sorted(asked(case))

    assert on(date(2027, 2, 28)) == []
    assert on(date(2027, 3, 1)) == [PLAN]
    assert on(date(2027, 8, 30)) == [PLAN]
    assert on(date(2027, 8, 31)) == [DECIDE, PLAN]
    assert asked(case)[DECIDE].due_on == add_working_days(date(2027, 8, 31), 10)


def test_a_leap_day_birth_is_18_on_the_first_of_march(case_of, time_machine):
    at(time_machine, date(2026, 2, 28))
    case = case_of(child=cast.person(born_on=date(2008, 2, 29)))

    coming_of_age.sweep()
    before = sorted(asked(case))
    at(time_machine, date(2026, 3, 1))
    coming_of_age.sweep()

    assert before == [PLAN]
    assert sorted(asked(case)) == [DECIDE, PLAN]


@pytest.mark.parametrize(
    "child",
    [
        {"born_on": None},
        {"born_on": date(1980, 1, 1), "is_adult": True},
        {"born_on": date(2030, 1, 1), "birth_precision": "expected"},
    ],
    ids=["unknown", "an adult", "not born yet"],
)
def test_of_whom_nothing_is_asked(case_of, child):
    case_of(child=cast.person(**child))

    assert coming_of_age.sweep() == (0, 0)


def test_an_estimated_date_of_birth_is_asked_for_and_said_so(case_of):
    case = case_of(child=child_of(17, 7, birth_precision="estimated"))

    assert coming_of_age.sweep() == (1, 0)
    assert turning_in_words(case).endswith(", estimated")


@pytest.mark.parametrize(
    ("years", "months", "said"),
    [(17, 5, ""), (17, 6, "Turns 18 on "), (17, 11, "Turns 18 on "), (18, 0, "18 since "), (19, 2, "18 since ")],
)
def test_the_line_in_the_frame(case_of, years, months, said):
    case = case_of(years, months)

    line = turning_in_words(case)

    assert line == (said and said + words.day(months_after(case.person.born_on, 216)))
    assert not line or line in facts(case)
    assert turning_in_words(case_of(years, months, state="closed")) == ""


def test_who_is_18_already_when_the_referral_opens_is_only_decided_on(case_of, willow):
    case = case_of(18, 3)

    assert coming_of_age.sweep() == (1, 0)

    assert sorted(asked(case)) == [DECIDE]
    assert (asked(case)[DECIDE].team, asked(case)[DECIDE].role) == (willow, "manager")


def test_a_date_of_birth_that_is_corrected_takes_the_task_back_and_asks_again(case_of):
    case = case_of(18, 0)
    coming_of_age.sweep()
    person = case.person
    right, person.born_on = person.born_on, months_before(clock.today(), 12 * 12)
    person.save()

    assert coming_of_age.sweep() == (0, 1)
    assert asked(case) == {}
    assert "date of birth" in Task.objects.get(record=case.record, kind=DECIDE).cancelled_reason
    assert road.again(case).next_due_on is None

    person.born_on = right
    person.save()
    assert coming_of_age.sweep() == (1, 0)


def test_a_date_of_birth_that_is_not_known_any_more_takes_both_back(case_of):
    case = case_of(17, 6)
    coming_of_age.sweep()
    planned(case, case.worker, review_on=clock.today() + timedelta(days=9))
    cast.Person.objects.filter(pk=case.person_id).update(born_on=None, birth_precision="unknown")

    assert coming_of_age.sweep() == (0, 1)
    assert asked(case) == {}


def test_a_task_ends_with_closing_and_a_case_closed_before_gets_none(case_of, amara, mo, willow):
    case = case_of(18, 0)
    coming_of_age.sweep()
    working.deciding.end(case, "plan_met", actor=mo)

    assert asked(case) == {}


def test_whoever_has_the_child_next_has_the_tasks(front_door, willow, amara, bea, mo):
    case = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=child_of(17, 6))
    coming_of_age.sweep()

    working.name_worker(case.reference, actor=mo, worker=bea, reason="Amara is away.")

    assert asked(case)[PLAN].owner == bea


def test_it_asks_as_much_for_many_as_for_none(case_of):
    def count():
        with CaptureQueriesContext(connection) as questions:
            done = coming_of_age.sweep()
        return len(questions), done

    case_of(17, 6)
    count()
    idle = count()
    case_of(17, 6)
    one = count()
    for _ in range(5):
        case_of(17, 6)
        case_of(18, 0)
    many = count()
    again = count()

    assert idle == again == (4, (0, 0))
    # Of each kind of which there is any: the lock, the question again, the tasks, the due dates, in one transaction.
    assert one == (10, (1, 0))
    assert many == (16, (10, 0))


def test_batches_meet_every_referral(case_of, monkeypatch):
    monkeypatch.setattr(coming_of_age, "BATCH", 2)
    for _ in range(5):
        case_of(17, 6)

    assert coming_of_age.sweep() == (5, 0)


def test_two_sweeps_at_once_write_one_task(case_of):
    case = case_of(17, 6)
    rows = [(case.pk, case.worker_id, case.record.holding_team_id)]

    coming_of_age._open(PLAN, rows)
    coming_of_age._open(PLAN, rows)

    assert Task.objects.filter(record=case.record, kind=PLAN).count() == 1


def test_the_clock_and_the_command_do_it(case_of, capsys):
    case_of(17, 6)
    beat.ask_at_18()
    call_command("ask_at_18")

    assert Task.objects.filter(kind=PLAN).count() == 1
    assert capsys.readouterr().out == "0 not needed any more.\n0 tasks.\n"


# --- What follows -----------------------------------------------------------------------------------------------------


def test_planning_answers_the_task_and_a_later_version_replaces_the_earlier(case_of, amara):
    case = case_of(17, 6)
    coming_of_age.sweep()
    again_on = clock.today() + timedelta(days=40)

    first = planned(case, amara, review_on=again_on)

    assert sorted(asked(case)) == [REVIEW]
    assert (asked(case)[REVIEW].owner, asked(case)[REVIEW].due_on) == (amara, again_on)
    assert coming_of_age.sweep() == (0, 0)
    entry = road.last_entry(case, "plan_at_18")
    assert (entry.facts["noun"], entry.facts["text"]) == (first.reference, first.vouched_for()[1])
    assert ages.SAYS not in str(entry.facts)

    second = planned(case, amara, goes_on=False, where=[], asked="", asked_on=None, not_needed_because="All is well.")

    assert asked(case) == {}
    assert [each.pk for each in WhatFollows.objects.standing()] == [second.pk]
    assert (second.number, WhatFollows.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"where": []}, "Choose where the work goes on."),
        ({"where": ["elsewhere"]}, "Choose where the work goes on."),
        ({"asked": " "}, "Say who was asked there, and when."),
        ({"asked_on": date(2099, 1, 1)}, "The day on which they were asked cannot be in the future."),
        ({"goes_on": False, "where": []}, "Say why nothing further is needed."),
        ({"goes_on": False, "not_needed_because": "Well."}, "Say where the work goes on, or that nothing"),
        ({"young_person_says": ""}, "Say what the young person says, and what the plan is."),
        ({"plan": " "}, "Say what the young person says, and what the plan is."),
        ({"review_on": date(2020, 1, 1)}, "The day on which it is looked at again must be in the future."),
    ],
)
def test_what_is_refused_of_what_follows(case_of, amara, fields, sentence):
    case = case_of()

    with pytest.raises(NotReady, match=sentence):
        planned(case, amara, **fields)

    assert not WhatFollows.objects.exists()


def test_too_young_too_late_and_not_theirs(case_of, amara, carl, mo):
    young, ended, case = case_of(17, 5), case_of(17, 6, state="closed"), case_of()

    with pytest.raises(NotReady, match="not that old"):
        planned(young, amara)
    with pytest.raises(NotReady, match="has ended"):
        planned(ended, amara)
    with pytest.raises(Denied):
        planned(case, carl)
    assert planned(case, mo).by == mo


def test_the_same_page_twice_is_one_and_with_other_words_refused(case_of, amara, bea):
    case, once = case_of(), uuid4()

    assert planned(case, amara, once=once) == planned(case, amara, once=once)
    with pytest.raises(NotReady, match="says something else"):
        planned(case, amara, once=once, plan="Another plan.")

    assert WhatFollows.objects.count() == 1


def test_a_page_that_was_opened_before_somebody_elses_version_is_stale(case_of, amara, mo):
    case = case_of()
    planned(case, mo, version=0)

    with pytest.raises(Changed) as refused:
        planned(case, amara, version=0)

    assert (refused.value.version, refused.value.who) == (1, "Mo")
    assert refused.value.now["plan"] == ages.THE_PLAN


# --- The decision -----------------------------------------------------------------------------------------------------


def test_closing_is_left_to_closing_and_asked_of_whoever_works_with_the_child(case_of, amara, mo):
    case = case_of(18, 0)
    coming_of_age.sweep()

    made = decided(case, mo)

    assert sorted(asked(case)) == [CLOSE]
    assert asked(case)[CLOSE].owner == amara
    assert road.again(case).state == "statutory"
    entry = road.last_entry(case, "decide_at_18")
    assert (entry.reason, entry.facts["outcome"], entry.facts["noun"]) == (made.reason, "close", made.reference)
    assert coming_of_age.sweep() == (0, 0)


def test_proposing_to_close_answers_it_and_a_return_asks_again(front_door, willow, amara, mo):
    child = road.with_statutory(amara, cast.user("Dana", (front_door, "manager")), willow, amara)
    case = road.at_work(child, amara)
    cast.Person.objects.filter(pk=case.person_id).update(
        born_on=months_before(clock.today(), 216), birth_precision="known"
    )
    decided(road.again(case), mo)
    plain = road.closing_proposed(case, amara)

    assert asked(plain) == {}
    working.return_to_service(case.reference, actor=mo, reason="Not yet.")
    assert coming_of_age.sweep() == (1, 0)
    assert sorted(asked(plain)) == [CLOSE]


def test_closed_because_the_young_person_is_18_where_a_manager_decided_so(front_door, willow, amara, mo):
    child = road.with_statutory(amara, cast.user("Dana", (front_door, "manager")), willow, amara)
    case = road.at_work(child, amara)
    cast.Person.objects.filter(pk=case.person_id).update(
        born_on=months_before(clock.today(), 216), birth_precision="known"
    )
    road.reassessed(road.again(case), amara, case.category)
    told = {"closed_as": "adult", "plan_met": False, "what_changed": "The exams are over.", "reason": "Turned 18."}

    with pytest.raises(NotReady, match="A manager decides first what happens now"):
        working.propose_closing(case.reference, actor=amara, **told)
    decided(road.again(case), mo)
    plain = working.propose_closing(case.reference, actor=amara, **told)

    assert plain.closing_proposals.get().closed_as == "adult"
    assert guards.plan_is_met(plain)


def test_passed_to_adult_services_says_to_whom_and_by_whom_accepted(case_of, mo):
    case = case_of(18, 0)
    fields = {"outcome": "pass", "passed_to": "Adult social care", "passed_on": clock.today()}

    with pytest.raises(NotReady, match="who there accepted it"):
        decided(case, mo, **fields)
    with pytest.raises(NotReady, match="once it has come"):
        decided(case, mo, **fields | {"accepted_by": "Their manager", "passed_on": clock.today() + timedelta(days=1)})
    made = decided(case, mo, accepted_by="Their manager", **fields)

    assert (made.accepted_by, sorted(asked(case))) == ("Their manager", [CLOSE])


def test_going_on_until_a_day_asks_again_on_that_day(case_of, mo, time_machine):
    at(time_machine, date(2027, 3, 1))
    case = case_of(18, 0)
    coming_of_age.sweep()
    with pytest.raises(NotReady, match="in the future"):
        decided(case, mo, outcome="go_on", until_on=date(2027, 3, 1))

    decided(case, mo, outcome="go_on", until_on=date(2027, 4, 6), reason="The enquiry runs.")
    at(time_machine, date(2027, 4, 5))
    day_before = coming_of_age.sweep()
    at(time_machine, date(2027, 4, 6))

    assert (day_before, coming_of_age.sweep()) == ((0, 0), (1, 0))
    assert asked(case)[DECIDE].started_on == date(2027, 4, 6)
    decided(case, mo, reason="The enquiry is over.")
    assert sorted(asked(case)) == [CLOSE]


def test_a_decision_ends_what_was_still_to_be_planned(case_of, mo, time_machine):
    case = case_of(17, 6)
    coming_of_age.sweep()
    at(time_machine, months_after(case.person.born_on, 216))
    coming_of_age.sweep()

    decided(case, mo)

    assert sorted(asked(case)) == [CLOSE]


def test_who_decides(case_of, amara, bea, carl, mo, max, willow):
    case = case_of(18, 0)

    refused = [pytest.raises(Denied, decided, case, nobody) for nobody in (amara, bea, carl, max)]
    planned(case, mo)
    with pytest.raises(Denied):
        decided(case, cast.again(mo))
    second = cast.user("Mia", (willow, "manager"))

    assert len(refused) == 4
    assert decided(case, second).by == second


def test_a_manager_does_not_decide_on_her_own_case(case_of, mo, willow):
    case = case_of(18, 0, worker=mo)

    with pytest.raises(Denied):
        decided(case, mo)


def test_what_is_refused_of_the_decision(case_of, mo):
    case, young, ended = case_of(18, 0), case_of(17, 11), case_of(18, 0, state="closed")

    with pytest.raises(NotReady, match="Give the reason"):
        decided(case, mo, reason=" ")
    with pytest.raises(NotReady, match="Choose what you decide"):
        decided(case, mo, outcome="wait")
    with pytest.raises(NotReady, match="not that old"):
        decided(young, mo)
    with pytest.raises(NotReady, match="has ended"):
        decided(ended, mo)

    assert not DecisionAt18.objects.exists()
    assert not Entry.objects.filter(verb="decide_at_18").exists()


def test_the_same_decision_twice_is_one_and_a_stale_one_is_told(case_of, mo, willow):
    case, once = case_of(18, 0), uuid4()
    second = cast.user("Mia", (willow, "manager"))

    assert decided(case, mo, once=once, version=0) == decided(case, mo, once=once, version=0)
    with pytest.raises(Changed):
        decided(case, second, version=0)

    assert DecisionAt18.objects.count() == 1
    assert door.last_moved(case.record)["who"] == "Mo"
