"""Team work: what waits for a manager's decision, who carries how many, what is late; each number opens its list."""

from datetime import timedelta

import pytest

from hsb.core import clock, work
from hsb.core.models import AccessGrant
from referrals.models import Referral
from tests import cast
from tests.overview import a_borough
from tests.pages import assert_same_queries, assert_well_formed, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("what is found, counted and sorted is the database's"),
]


@pytest.fixture
def borough(amara, dot, willow, front_door, bea):
    """Willow's own, and what Amara of Willow logged and the front door holds."""
    return a_borough.build(amara, willow, worker=bea) + [
        cast.referral(amara, held_by=front_door, state="awaiting_decision", category="2", tier=4),
        cast.referral(amara, held_by=willow, state="statutory", category="1", tier=3),
    ]


def shown(browser):
    return browser.get("/team-work/").context


def numbered(rows):
    """Every (number, address) of a table's cells."""
    return [(int(cell["text"]), cell["url"]) for row in rows for cell in row if cell.get("url")]


def lists_of(browser, numbers):
    return [(len(browser.get(url).context["found"]["rows"]), url) for _, url in numbers]


@pytest.mark.parametrize("table", ["deciding", "allocating"])
def test_every_number_of_what_waits_opens_a_list_of_that_many(borough, mo, client_of, table):
    browser = client_of(mo)

    numbers = numbered(shown(browser)[table]["rows"])

    assert numbers
    assert lists_of(browser, numbers) == numbers


def test_every_number_of_a_caseload_opens_a_list_of_that_many(borough, mo, client_of):
    browser = client_of(mo)

    numbers = numbered(shown(browser)["caseloads"])

    assert [number for number, _ in numbers] == [6, 1]
    assert lists_of(browser, numbers) == numbers


def test_every_tile_opens_a_list_of_that_many(borough, mo, client_of):
    browser = client_of(mo)

    tiles = [(tile["number"], tile["url"]) for tile in shown(browser)["tiles"]]

    assert [number for number, _ in tiles] == [4, 1, 3, 1]
    assert lists_of(browser, tiles) == tiles


def test_what_waits_is_told_by_category_and_by_how_long(amara, mo, willow, client_of):
    waiting = [cast.referral(amara, held_by=willow, state="awaiting_decision", category="1", tier=3) for _ in range(2)]
    Referral.objects.filter(pk=waiting[0].pk).update(state_since=clock.now() - timedelta(days=8))

    found = shown(client_of(mo))["deciding"]

    assert [[cell["text"] for cell in row] for row in found["rows"]] == [
        ["Category 1: Problematic", "1", "0", "1", "2"]
    ]
    assert found["caption"] == "2 referrals waiting for a decision, none late"


def test_the_heaviest_caseload_stands_first_and_a_worker_without_any_is_there(amara, bea, mo, willow, client_of):
    cast.referral(amara, held_by=willow, state="statutory", worker=bea)

    rows = shown(client_of(mo))["caseloads"]

    assert [(row[0]["text"], row[1]["text"]) for row in rows] == [("Bea", "1"), ("Amara", "0")]


def test_another_teams_work_is_not_counted(borough, max, client_of):
    found = shown(client_of(max))

    assert [tile["number"] for tile in found["tiles"]] == [0, 0, 0, 0]
    assert found["late"]["rows"] == []
    assert found["team_tasks"] == {"rows": [], "number": 0, "late": 0}


# --- Form 87A and the team's tasks --------------------------------------------------------------------------------


def test_form_87a_that_is_not_sent_stands_there_in_red_and_opens_its_list(amara, mo, willow, client_of):
    referral = cast.referral(amara, held_by=willow, state="statutory", category="2")
    Referral.objects.filter(pk=referral.pk).update(police_outstanding=True)
    browser = client_of(mo)

    tile = shown(browser)["tiles"][-1]

    assert (tile["number"], tile["label"], tile["meaning"]) == (1, "87A not sent", "late")
    assert len(browser.get(tile["url"]).context["found"]["rows"]) == 1


def test_the_teams_tasks_stand_there_oldest_first_a_managers_own_leads_to_where_it_is_done_a_colleagues_to_the_child(
    amara, bea, mo, willow, client_of
):
    referral = cast.referral(amara, held_by=willow, state="statutory", worker=bea)
    work.ask(referral.record, "start_work", owner=bea, due_on=clock.today())
    work.ask(referral.record, "decide", team=willow, role="manager", due_on=clock.today() - timedelta(days=5))
    browser = client_of(mo)

    found = shown(browser)

    assert found["team_tasks_caption"] == "What my teams have to do: 2 tasks, 1 late"
    assert [(row[0]["text"], row[2]["text"]) for row in found["team_tasks"]["rows"]] == [
        ("Decide and allocate", "Managers of Willow"),
        ("Start work with the child", "Bea"),
    ]
    managers, colleagues = found["team_tasks"]["rows"]
    assert managers[0]["url"] == f"/referrals/{referral.reference}/decide/"
    assert "url" not in colleagues[0]
    assert colleagues[1]["url"] == f"/referrals/{referral.reference}/"


def test_a_colleagues_task_on_what_the_manager_may_not_open_has_neither_name_nor_link(
    amara, bea, mo, willow, rowan, client_of
):
    elsewhere = cast.referral(amara, held_by=rowan, state="statutory", worker=bea, child=cast.person("Quillon"))
    AccessGrant.objects.filter(record=elsewhere.record).update(ends_at=clock.now())
    work.ask(elsewhere.record, "start_work", owner=bea)

    row = shown(client_of(mo))["team_tasks"]["rows"][0]

    assert "Quillon" not in str(row)
    assert "url" not in row[0]
    assert "url" not in row[1]


def test_a_task_on_a_restricted_record_is_told_to_a_named_manager_alone(amara, bea, mo, willow, client_of):
    referral = cast.referral(amara, held_by=willow, state="statutory", worker=bea, restricted=True)
    work.ask(referral.record, "start_work", owner=bea)

    assert shown(client_of(mo))["team_tasks"]["number"] == 0


def test_what_is_restricted_is_counted_for_a_named_manager_alone(amara, bea, mo, willow, client_of):
    cast.referral(amara, held_by=willow, state="statutory", worker=bea, restricted=True)

    rows = shown(client_of(mo))["caseloads"]

    assert [row[1]["text"] for row in rows] == ["0", "0"]


def test_a_manager_with_nothing_waiting_is_told_so(max, client_of):
    found = page(client_of(max).get("/team-work/")).text

    assert "No referral is waiting for a decision." in found
    assert "Every allocated referral has a worker." in found
    assert "Nothing is late." in found


def test_a_long_list_of_what_is_late_is_cut_and_leads_on(amara, mo, willow, client_of):
    a_borough.more(amara, willow, 12, state="statutory", next_due_on=clock.today() - timedelta(days=3))

    response = client_of(mo).get("/team-work/")

    assert len(response.context["late"]["rows"]) == 10
    assert ["/referrals/?late=1", "All 12 that are late"] in page(response).links


@pytest.mark.parametrize("who", ["amara", "cho", "aud", "dee", "coo", "min"])
def test_who_manages_nobody_has_no_such_page(request, client_of, who):
    assert client_of(request.getfixturevalue(who)).get("/team-work/").status_code == 404


def test_it_is_well_formed(borough, mo, client_of):
    assert_well_formed(client_of(mo).get("/team-work/"))


def test_it_asks_as_much_for_many_rows_as_for_one(amara, bea, mo, willow, client_of):
    late = clock.today() - timedelta(days=3)

    def grow(number=25):
        a_borough.more(amara, willow, number, state="statutory", worker=bea, next_due_on=late)
        a_borough.more(amara, willow, number, state="awaiting_decision", category="1", next_due_on=late)
        a_borough.more(amara, willow, number, state="statutory", next_due_on=late)
        for referral in Referral.objects.filter(state="statutory", worker=bea).select_related("record"):
            work.ask(referral.record, "start_work", owner=bea)

    grow(1)

    assert assert_same_queries(client_of(mo), "/team-work/", grow) == 3
