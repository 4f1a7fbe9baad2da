"""Each page of the ground floor: open to whom its rule names, and not there for anybody else."""

from datetime import date

import pytest
from django.urls import reverse

from tests import cast

OF_THE_BOROUGH = ("users", "add_user", "teams", "add_team", "agencies", "add_agency", "words", "add_word")
OF_A_PERSON = (
    "user",
    "edit_user",
    "changes",
    "close_account",
    "reopen_account",
    "reset_password",
    "remove_second_factor",
    "one_time_password",
    "add_membership",
    "record_training",
)
OF_A_TEAM = ("edit_team", "close_team", "reopen_team")
OTHERS = ("amara", "mo", "cho", "min", "coo", "aud")


@pytest.fixture
def pages(bea, willow):
    """{name: address} of every administration page, about Bea and about Willow."""
    found = {name: reverse(f"people:{name}") for name in OF_THE_BOROUGH}
    found |= {name: reverse(f"people:{name}", args=[bea.reference]) for name in OF_A_PERSON}
    found |= {name: reverse(f"people:{name}", args=[willow.slug]) for name in OF_A_TEAM}
    seat = [bea.reference, "willow", "practitioner", "2020-01-01"]
    found |= {"end_word": reverse("people:end_word", args=[1])}
    return found | {"end_membership": reverse("people:end_membership", args=seat)}


ALL = (*OF_THE_BOROUGH, *OF_A_PERSON, *OF_A_TEAM, "end_membership", "end_word")


@pytest.mark.parametrize("name", ALL)
def test_the_administrator_opens(name, pages, dee, client_of):
    response = client_of(dee).get(pages[name])

    assert response.status_code == 200


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("name", ALL)
def test_nobody_else_finds(name, who, pages, client_of, request):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(pages[name]).status_code == 404
    assert browser.post(pages[name], {}).status_code == 404


@pytest.mark.parametrize("name", ALL)
def test_a_visitor_is_asked_to_sign_in_for(name, pages, client):
    response = client.get(pages[name])

    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("who", ("dee", *OTHERS))
def test_my_account_opens_for(who, client_of, request):
    user = request.getfixturevalue(who)

    response = client_of(user).get(reverse("people:account"))

    assert response.status_code == 200
    assert user.email in response.content.decode()


def test_my_account_is_nobody_elses(amara, bea, client_of):
    page = client_of(amara).get(reverse("people:account")).content.decode()

    assert "bea@example.org" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("mo", 200), ("amara", 404), ("dee", 404), ("aud", 404)],
    ids=["a manager opens", "a practitioner does not", "the administrator does not", "an auditor does not"],
)
def test_cover_in_my_teams(who, status, client_of, request):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(reverse("people:team_cover")).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("amara", 200), ("mo", 200), ("dee", 200), ("bea", 404), ("carl", 404), ("max", 404), ("cho", 404), ("aud", 404)],
    ids=[
        "she herself",
        "her manager",
        "the administrator",
        "not a team-mate",
        "not another team's practitioner",
        "not another team's manager",
        "not a chair",
        "not an auditor",
    ],
)
def test_who_opens_the_page_that_arranges_cover_for_amara(who, status, amara, client_of, request):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(reverse("people:arrange_cover", args=[amara.reference])).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("amara", 200), ("mo", 200), ("dee", 200), ("bea", 404), ("carl", 404), ("max", 404), ("aud", 404)],
    ids=[
        "she herself",
        "her manager",
        "the administrator",
        "not the one who covers",
        "not another team's practitioner",
        "not another team's manager",
        "not an auditor",
    ],
)
def test_who_opens_the_page_that_ends_amaras_cover(who, status, amara, bea, client_of, request):
    cover = cast.cover(bea, amara)
    address = reverse("people:end_cover", args=[amara.reference, bea.reference, cover.starts_on.isoformat()])

    assert client_of(request.getfixturevalue(who)).get(address).status_code == status


@pytest.mark.parametrize(
    "address",
    [
        "/people/users/NOSUCHONE/",
        "/people/users/NOSUCHONE/change/",
        "/people/users/NOSUCHONE/close/",
        "/people/teams/no-such-team/change/",
    ],
    ids=["a page", "a form", "a verb", "a team"],
)
def test_a_reference_that_names_nobody_is_not_found(address, dee, client_of):
    assert client_of(dee).get(address).status_code == 404


def test_a_day_that_is_none_is_not_found(dee, amara, client_of):
    address = f"/people/users/{amara.reference}/roles/willow/practitioner/2026-02-31/end/"

    assert client_of(dee).get(address).status_code == 404


def test_the_administrators_page_of_a_worker_names_no_child(dee, amara, willow, client_of):
    child = cast.person("Robin", "Wintergreen", born_on=date(2012, 5, 14))
    referral = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=child)

    page = client_of(dee).get(reverse("people:user", args=[amara.reference])).content.decode()

    assert "Wintergreen" not in page
    assert referral.reference not in page
