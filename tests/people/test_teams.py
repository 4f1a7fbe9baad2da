"""Teams and agencies."""

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from hsb.people import selectors
from hsb.people.models import Agency, Membership, Team
from hsb.people.services import teams
from hsb.people.states import AgencyKind, Service
from tests import cast


def test_adding_a_team_names_it_for_addresses_and_keeps_who_did_it(dee, client_of):
    client_of(dee).post("/people/teams/add/", {"name": "Silver Birch", "service": "statutory", "telephone": ""})

    team = Team.objects.get(name="Silver Birch")
    assert (team.slug, team.service, team.closed_on) == ("silver-birch", "statutory", None)
    assert team.history.get().history_user == dee


@pytest.mark.parametrize("name", ["Willow", "WILLOW", " willow "], ids=["same", "capitals", "spaces"])
def test_a_name_that_is_taken_is_refused(name, dee, willow, client_of):
    response = client_of(dee).post("/people/teams/add/", {"name": name, "service": "statutory"})

    assert response.status_code == 422
    assert "There is already a team with this name" in response.content.decode()
    assert Team.objects.filter(name__iexact="willow").count() == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Willow!", "willow-2"), ("柳", "team"), ("W" * 120, "w" * 56)],
    ids=["like another's", "without a letter for an address", "very long"],
)
def test_every_team_gets_a_name_for_addresses(name, slug, dee, willow):
    assert teams.add_team(actor=dee, name=name, service=Service.STATUTORY).slug == slug


def test_correcting_a_team_keeps_its_address(dee, willow, client_of):
    answers = {
        "name": "Weeping Willow",
        "service": "statutory",
        "telephone": "",
        "version": selectors.version_of(willow),
    }

    response = client_of(dee).post(reverse("people:edit_team", args=["willow"]), answers)

    assert response.status_code == 302
    assert Team.objects.get(slug="willow").name == "Weeping Willow"


def test_a_team_has_a_mailbox_and_a_telephone_number(dee, willow, client_of):
    browser, url = client_of(dee), reverse("people:edit_team", args=["willow"])
    answers = {
        "name": "Willow",
        "service": "statutory",
        "telephone": "01632 960101",
        "mailbox": "Willow@Example.org",
        "version": selectors.version_of(willow),
    }

    browser.post(url, answers)

    team = Team.objects.get(slug="willow")
    assert (team.telephone, team.mailbox) == ("01632 960101", "willow@example.org")
    assert "willow@example.org" in browser.get(url).content.decode()
    assert "willow@example.org" in browser.get("/people/teams/").content.decode()


def test_a_mailbox_is_an_address(dee, willow, client_of):
    response = client_of(dee).post("/people/teams/add/", {"name": "Elm", "service": "statutory", "mailbox": "elm"})

    assert response.status_code == 422
    assert "mailbox" in response.content.decode()


def test_a_stale_form_is_shown_both_versions(dee, dan, willow, client_of):
    version = selectors.version_of(willow)
    teams.edit_team("willow", actor=dan, version=version, name="White Willow", service=Service.STATUTORY)

    answers = {"name": "Weeping Willow", "service": "statutory", "telephone": "", "version": version}
    response = client_of(dee).post(reverse("people:edit_team", args=["willow"]), answers)

    assert response.status_code == 409
    assert "White Willow" in response.content.decode()
    assert "Weeping Willow" in response.content.decode()


def test_a_team_with_members_is_not_closed(dee, amara, bea, client_of):
    response = client_of(dee).post(reverse("people:close_team", args=["willow"]))

    assert response.status_code == 422
    assert "2 roles in this team have not ended. End each first." in response.content.decode()
    assert Team.objects.get(slug="willow").closed_on is None


def test_an_empty_team_is_closed_and_reopened(dee, willow, client_of):
    browser = client_of(dee)

    browser.post(reverse("people:close_team", args=["willow"]))
    closed_on = Team.objects.get(slug="willow").closed_on
    browser.post(reverse("people:reopen_team", args=["willow"]))

    assert closed_on == clock.today()
    assert Team.objects.get(slug="willow").closed_on is None
    assert willow.history.count() == 3


def test_the_only_front_door_stays_open(dee, front_door):
    with pytest.raises(NotReady, match="Concerns arrive at this team"):
        teams.close_team("front-door", actor=dee)
    with pytest.raises(NotReady, match="Concerns arrive at this team"):
        teams.edit_team(
            "front-door", actor=dee, version=selectors.version_of(front_door), name="F", service=Service.STATUTORY
        )


def test_one_of_two_front_doors_may_close(dee, front_door):
    cast.team("Night desk", Service.FRONT_DOOR)

    teams.close_team("front-door", actor=dee)

    assert Team.objects.get(slug="front-door").closed_on == clock.today()


def test_only_an_administrator_changes_teams(mo, willow):
    with pytest.raises(Denied):
        teams.add_team(actor=mo, name="Oak", service=Service.STATUTORY)
    with pytest.raises(Denied):
        teams.close_team("willow", actor=mo)
    with pytest.raises(Denied):
        teams.add_agency(actor=mo, name="Oak School", kind=AgencyKind.EDUCATION)


def test_the_list_counts_whoever_is_in_the_team_today(dee, amara, bea, client_of):
    Membership.objects.filter(user=bea).update(ends_on=cast.SINCE)

    page = client_of(dee).get("/people/teams/").content.decode()

    assert "1 person" in page


def test_adding_an_agency_twice_makes_one(dee, client_of):
    browser = client_of(dee)

    browser.post("/people/agencies/add/", {"name": "Oak School", "kind": "education"})
    second = browser.post("/people/agencies/add/", {"name": "oak school", "kind": "education"})

    assert Agency.objects.count() == 1
    assert second.status_code == 422
    assert "There is already an agency with this name" in second.content.decode()


def test_agencies_are_shown_page_by_page(dee, client_of):
    Agency.objects.bulk_create(Agency(name=f"School {n:03}", kind="education") for n in range(120))
    browser = client_of(dee)

    first = browser.get("/people/agencies/?kind=education")
    second = browser.get(first.context["next_url"])
    third = browser.get(second.context["next_url"])

    names = [row[0] for page in (first, second, third) for row in page.context["rows"]]
    assert names == [f"School {n:03}" for n in range(120)]
    assert third.context["next_url"] == ""


@pytest.mark.parametrize("after", ["nonsense", "WyIx:abc:def", "%00"])
def test_a_forged_place_in_the_list_begins_at_the_start(after, dee, client_of):
    Agency.objects.create(name="Oak School", kind="education")

    response = client_of(dee).get(f"/people/agencies/?after={after}")

    assert response.status_code == 200
    assert "Oak School" in response.content.decode()


@pytest.mark.parametrize("asked", ["team=wil%00low", "team=wil%0%000low"])
def test_a_nul_in_what_an_address_asks_is_left_out(asked, dee, willow, client_of):
    response = client_of(dee).get(f"/people/?{asked}")

    assert response.status_code == 200
    assert response.wsgi_request.GET["team"] == "willow"


def test_teams_stand_by_name(dee, willow, rowan, hazel, client_of):
    rows = client_of(dee).get("/people/teams/").context["rows"]

    assert [row[0]["text"] for row in rows] == ["Hazel", "Linden", "Rowan", "Willow"]
