"""The list of people, what one page about a person shows, and what each costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hsb.core import clock
from hsb.people.models import User
from hsb.people.services import accounts, roles
from hsb.people.states import Role
from tests import cast

PEOPLE = "/people/"


def names(response):
    return [row[0]["text"] for row in response.context["rows"]]


def queries(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_people_stand_by_name_whatever_the_case(dee, willow, client_of):
    cast.user("de Souza", (willow, Role.PRACTITIONER))
    cast.user("Zadie", (willow, Role.PRACTITIONER))

    assert names(client_of(dee).get(PEOPLE)) == ["de Souza", "Dee", "Zadie"]


def test_a_hundred_and_twenty_people_are_three_pages(dee, willow, client_of):
    for number in range(119):
        cast.user(f"Person {number // 2:03}", (willow, Role.PRACTITIONER), email=f"p{number}@example.org")
    browser = client_of(dee)

    first = browser.get(PEOPLE)
    second = browser.get(first.context["next_url"])
    third = browser.get(second.context["next_url"])

    assert [len(names(page)) for page in (first, second, third)] == [50, 50, 20]
    links = {row[0]["url"] for page in (first, second, third) for row in page.context["rows"]}
    assert len(links) == 120
    assert third.context["next_url"] == ""


def test_no_name_and_no_key_stands_in_the_address_of_the_next_page(dee, willow, client_of):
    for number in range(55):
        cast.user(f"Person {number:03}", (willow, Role.PRACTITIONER))

    next_url = client_of(dee).get(PEOPLE).context["next_url"]

    last = User.objects.get(name="Person 048")
    assert next_url == f"/people/?after={last.reference}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Amara", "Bea", "Carl", "Dee"]),
        ("?team=willow", ["Amara", "Bea"]),
        ("?team=rowan", ["Carl"]),
        ("?state=closed", ["Lea"]),
        ("?state=closed&team=willow", ["Lea"]),
        ("?state=closed&team=rowan", []),
        ("?team=no-such-team", ["Amara", "Bea", "Carl", "Dee"]),
        ("?after=NOSUCHONE", ["Amara", "Bea", "Carl", "Dee"]),
    ],
    ids=["open", "in a team", "in another", "closed", "closed, once in a team", "closed, never in it", "no such team",
         "no such place"],
)  # fmt: skip
def test_filters(query, found, dee, amara, bea, carl, willow, client_of):
    lea = cast.user("Lea", (willow, Role.PRACTITIONER))
    accounts.close_account(lea.reference, actor=dee)

    assert names(client_of(dee).get(PEOPLE + query)) == found


def test_somebody_who_left_the_team_is_not_listed_in_it(dee, amara, bea, client_of):
    roles.end_membership(bea.reference, actor=dee, team="willow", role="practitioner", starts_on=cast.SINCE)

    assert names(client_of(dee).get(f"{PEOPLE}?team=willow")) == ["Amara"]


def test_the_list_costs_the_same_for_one_and_for_fifty(dee, willow, client_of):
    browser = client_of(dee)
    browser.get(PEOPLE)
    few = queries(browser, PEOPLE)
    for number in range(50):
        cast.user(f"Person {number:03}", (willow, Role.PRACTITIONER))

    assert queries(browser, PEOPLE) == few


def test_a_managers_cover_page_costs_the_same_for_one_and_for_fifty(mo, willow, amara, client_of):
    browser = client_of(mo)
    address = reverse("people:team_cover")
    cast.cover(mo, amara)
    browser.get(address)
    few = queries(browser, address)
    for number in range(49):
        cast.cover(amara, cast.user(f"Person {number:03}", (willow, Role.PRACTITIONER)))

    assert queries(browser, address) == few


def test_teams_cost_the_same_for_one_and_for_fifty(dee, client_of):
    browser = client_of(dee)
    browser.get("/people/teams/")
    few = queries(browser, "/people/teams/")
    for number in range(50):
        cast.team(f"Team {number}")

    assert queries(browser, "/people/teams/") == few


def test_a_persons_page_costs_the_same_after_many_changes(dee, amara, bea, rowan, client_of):
    browser, address = client_of(dee), reverse("people:user", args=[amara.reference])
    cast.train(amara)
    cast.cover(bea, amara)
    browser.get(address)
    few = queries(browser, address)
    for number in range(1, 30):
        day = clock.today() - timedelta(days=number * 10)
        cast.join(amara, rowan, Role.MANAGER, starts_on=day, ends_on=day)
        cast.train(amara, trained_on=day)

    assert queries(browser, address) == few
