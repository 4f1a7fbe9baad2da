"""My work: my tasks, my team's, what I have not finished; a link only where the reader may open the referral."""

from datetime import timedelta

import pytest
from django.urls import resolve

from hsb.core import access, clock, work
from hsb.core.models import Task
from hsb.core.states import Because
from hsb.core.timescales import ALL
from hsb.overview.selectors.tasks import SHOWN, task_rows, tasks_due
from hsb.people.states import Role
from hsb.url_rules import RULES
from referrals.selectors.following import DONE_ABOUT, DONE_ABOVE, DONE_AT, task_url
from tests import cast
from tests.overview import a_borough
from tests.pages import assert_same_queries, assert_well_formed, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("what is found, counted and sorted is the database's"),
]


@pytest.fixture
def case(amara, bea, willow):
    """Amara logged it, Bea has it, Mo manages the team."""
    return cast.referral(amara, held_by=willow, state="statutory", worker=bea, child=cast.person("Robin", "Sample"))


def told(rows):
    """(what, link or "", child) of each row."""
    return [(title["text"], title.get("url", ""), child["text"]) for title, child, _ in rows]


def nothing(found):
    return not (found["own"] or found["decisions"] or found["teams"])


# --- Whose tasks -----------------------------------------------------------------------------------------------------


def test_a_task_of_my_own_leads_to_where_it_is_done(case, bea):
    work.ask(case.record, "start_work", owner=bea)

    found = task_rows(bea)

    assert told(found["own"]) == [
        ("Start work with the child", f"/referrals/{case.reference}/start-work/", "Robin Sample")
    ]
    assert (found["teams"], found["decisions"], found["more"]) == ([], [], False)


def test_a_task_of_a_role_in_my_team_stands_apart(case, mo, willow, bea):
    work.ask(case.record, "name_worker", team=willow, role=Role.MANAGER)

    found = task_rows(mo)

    assert found["own"] == []
    assert told(found["teams"]) == [("Name a worker", f"/referrals/{case.reference}/name-worker/", "Robin Sample")]
    assert task_rows(bea)["teams"] == []


def test_a_manager_finds_the_decisions_that_wait_also_those_the_front_door_is_asked_for(
    amara, mo, willow, front_door, client_of
):
    logged = cast.referral(amara, held_by=front_door, state="awaiting_decision", child=cast.person("Sky", "Other"))
    work.ask(logged.record, "decide", team=front_door, role=Role.MANAGER)

    assert told(task_rows(mo)["decisions"]) == [
        ("Decide and allocate", f"/referrals/{logged.reference}/decide/", "Sky Other")
    ]
    found = page(client_of(mo).get("/my-work/"))
    assert "What my teams wait for me to decide" in found.text
    assert ["/team-work/", "Team work"] in found.links
    assert nothing(task_rows(amara))


def test_the_number_in_the_header_counts_what_the_list_shows(amara, mo, willow, front_door):
    logged = cast.referral(amara, held_by=front_door, state="awaiting_decision")
    work.ask(logged.record, "decide", team=front_door, role=Role.MANAGER, started_on=clock.today() - timedelta(days=7))

    assert len(task_rows(mo)["decisions"]) == 1
    assert tasks_due(mo) == 1


def test_another_teams_manager_has_nothing_to_decide_on_it(amara, max, willow, front_door):
    logged = cast.referral(amara, held_by=front_door, state="awaiting_decision")
    work.ask(logged.record, "decide", team=front_door, role=Role.MANAGER)

    assert nothing(task_rows(max))


def test_a_task_of_another_team_is_not_mine(case, carl, max, willow):
    work.ask(case.record, "name_worker", team=willow, role=Role.MANAGER)

    assert nothing(task_rows(carl))
    assert nothing(task_rows(max))


@pytest.mark.parametrize("ended", ["done", "cancelled"])
def test_a_task_that_is_over_is_not_shown(case, bea, ended):
    work.ask(case.record, "start_work", owner=bea)
    if ended == "done":
        work.finish(case.record, "start_work", by=bea)
    else:
        work.cancel(case.record, reason="No longer asked for.")

    assert task_rows(bea)["own"] == []
    assert tasks_due(bea) == 0


def test_a_task_on_a_referral_i_may_no_longer_open_has_no_link_and_no_name(case, bea):
    work.ask(case.record, "tell_referrer", owner=bea)
    access.end_grants(case.record, Because.ALLOCATED)

    assert told(task_rows(bea)["own"]) == [
        ("Tell the referrer what was decided", "", "Restricted or not yours to open")
    ]


def test_a_restricted_referrals_task_is_told_to_those_named_on_it_alone(amara, bea, mo, willow):
    private = cast.referral(amara, held_by=willow, state="statutory", worker=bea, restricted=True)
    work.ask(private.record, "decide", team=willow, role=Role.MANAGER)
    assert task_rows(mo)["decisions"] == []

    access.grant(private.record, because=Because.NAMED, user=mo)

    assert len(task_rows(cast.again(mo))["decisions"]) == 1


def test_an_administrators_membership_gives_no_tasks(case, dee, linden):
    work.ask(case.record, "decide", team=linden, role=Role.ADMINISTRATOR)

    assert nothing(task_rows(dee))


# --- By when ---------------------------------------------------------------------------------------------------------


def due(case, owner, days, about):
    work.ask(case.record, "assess", owner=owner, about=about)
    Task.objects.filter(record=case.record, kind="assess", about=about).update(
        due_on=clock.today() + timedelta(days=days)
    )


def test_tasks_stand_oldest_first_and_late_ones_say_so(case, bea):
    due(case, bea, 7, "c")
    due(case, bea, -7, "a")
    due(case, bea, 0, "b")

    cells = [by_when for _, _, by_when in task_rows(bea)["own"]]

    assert cells[0]["tags"] == [{"text": "5 working days late", "meaning": "late"}]
    assert [cell["text"] for cell in cells] == ["", "Due today", "Due in 5 working days"]


def test_the_headers_number_counts_what_is_due_today_or_late(case, bea, client_of):
    due(case, bea, -7, "a")
    due(case, bea, 0, "b")
    due(case, bea, 7, "c")

    assert tasks_due(bea) == 2
    assert "Tasks due 2" in page(client_of(bea).get("/")).text


def test_more_tasks_than_are_shown_are_said_to_be_there(case, bea, client_of):
    for number in range(SHOWN + 1):
        work.ask(case.record, "assess", owner=bea, about=str(number))

    found = task_rows(bea)

    assert (len(found["own"]), found["more"]) == (SHOWN, True)
    assert "These are the 100 tasks that are due first." in page(client_of(bea).get("/my-work/")).text


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_of_task_leads_to_a_page_that_has_a_rule(kind):
    found = resolve(task_url(kind, "HSB-2026-00001", "MTG-2026-00001-1"))

    assert found.view_name in RULES
    assert found.view_name != "referrals:case"


def test_every_page_of_a_task_is_of_a_kind_there_is():
    assert {*DONE_AT, *DONE_ABOVE, *DONE_ABOUT} == set(ALL)


# --- The page -------------------------------------------------------------------------------------------------


def test_a_worker_with_nothing_to_do_is_told_so(carl, client_of):
    found = page(client_of(carl).get("/my-work/")).text

    assert "Nothing is waiting for you by name." in found
    assert "No referral is allocated to you." in found


def test_what_i_began_and_did_not_submit_is_there(amara, bea, front_door, client_of):
    received = cast.referral(amara, held_by=front_door, state="assessing", child=cast.person("Robin", "Sample"))
    cast.assessment(received, amara)

    links = page(client_of(amara).get("/my-work/")).links

    assert [f"/referrals/{received.reference}/assessment/", "Short form"] in links


def test_what_a_colleague_began_is_not_mine(amara, dot, front_door, client_of):
    received = cast.referral(amara, held_by=front_door, state="assessing")
    cast.assessment(received, amara)

    assert "Assessments not submitted yet" not in page(client_of(dot).get("/my-work/")).text


def test_my_referrals_are_those_i_am_allocated(case, amara, bea, client_of):
    assert [f"/referrals/{case.reference}/", "Robin Sample"] in page(client_of(bea).get("/my-work/")).links
    assert "Robin Sample" not in page(client_of(amara).get("/my-work/")).text


@pytest.mark.parametrize("who", ["aud", "dee"])
def test_roles_that_carry_no_cases_have_no_such_page(request, client_of, who):
    assert client_of(request.getfixturevalue(who)).get("/my-work/").status_code == 404


def test_it_is_well_formed(case, bea, client_of):
    work.ask(case.record, "start_work", owner=bea)

    assert_well_formed(client_of(bea).get("/my-work/"))


def test_it_asks_as_much_for_many_rows_as_for_one(amara, bea, willow, client_of):
    def grow(number=40):
        for made in a_borough.more(amara, willow, number, state="statutory", worker=bea):
            work.ask(made.record, "start_work", owner=bea)
            work.ask(made.record, "assess", team=willow, role=Role.PRACTITIONER)
            cast.assessment(made, bea)

    grow(1)

    assert assert_same_queries(client_of(bea), "/my-work/", grow) == 6


def test_what_a_colleague_is_asked_for_by_name_is_not_called_the_authors_own(amara, bea, willow):
    referral = cast.referral(amara, held_by=willow, state="statutory", worker=bea, police_outstanding=True)
    access.grant(referral.record, because=Because.AUTHOR, user=amara, given_by=amara)
    work.ask(referral.record, "police_referral", owner=bea)

    rows = task_rows(amara)

    assert [row[0]["text"] for row in rows["teams"]] == ["Send Form 87A to the police"]
    assert rows["own"] == []
