"""Giving and ending a role."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.refusals import Denied, NotReady
from hsb.people.models import Membership
from hsb.people.services import accounts, roles
from hsb.people.states import Role
from tests import cast


@pytest.fixture
def today():
    return clock.today()


def given(today, **changed):
    return {"team": "rowan", "role": "practitioner", **date_parts("starts_on", today)} | changed


def test_giving_a_role_keeps_who_gave_it(dee, amara, rowan, today, client_of):
    client_of(dee).post(reverse("people:add_membership", args=[amara.reference]), given(today))

    seat = amara.memberships.get(team=rowan)
    assert (seat.role, seat.starts_on, seat.ends_on) == ("practitioner", today, None)
    assert seat.history.get().history_user == dee


def test_the_same_form_twice_is_one_role(dee, amara, rowan, today, client_of):
    browser, address = client_of(dee), reverse("people:add_membership", args=[amara.reference])

    browser.post(address, given(today))
    second = browser.post(address, given(today))

    assert second.status_code == 302
    assert amara.memberships.filter(team=rowan).count() == 1


def test_the_same_role_twice_at_once_is_refused(dee, amara, today):
    with pytest.raises(NotReady, match="Amara already has the role Practitioner, Willow, from 1 January 2020"):
        roles.add_membership(amara.reference, actor=dee, team="willow", role=Role.PRACTITIONER, starts_on=today)

    assert amara.memberships.count() == 1


def test_after_one_has_ended_the_same_can_begin_again(dee, amara, willow, today):
    Membership.objects.filter(user=amara).update(ends_on=today - timedelta(days=1))

    roles.add_membership(amara.reference, actor=dee, team="willow", role=Role.PRACTITIONER, starts_on=today)

    assert amara.memberships.count() == 2


def test_nobody_gives_a_role_to_themselves(dee, dan, willow, today, client_of):
    response = client_of(dee).post(reverse("people:add_membership", args=[dee.reference]), given(today, team="willow"))

    assert response.status_code == 422
    assert "Nobody gives a role to themselves" in response.content.decode()
    assert dee.memberships.count() == 1


@pytest.mark.parametrize("role", ["practitioner", "manager", "chair", "minute_taker", "coordinator", "auditor"])
def test_an_administrator_holds_no_other_role(role, dee, dan, today):
    with pytest.raises(NotReady, match="An administrator reads no case content"):
        roles.add_membership(dan.reference, actor=dee, team="linden", role=role, starts_on=today)


def test_somebody_with_cases_does_not_become_administrator_beside_it(dee, amara, today):
    with pytest.raises(NotReady, match="never held beside another one"):
        roles.add_membership(amara.reference, actor=dee, team="linden", role=Role.ADMINISTRATOR, starts_on=today)


def test_a_closed_account_gets_no_role(dee, amara, rowan, today):
    accounts.close_account(amara.reference, actor=dee)

    with pytest.raises(NotReady, match="This account is closed"):
        roles.add_membership(amara.reference, actor=dee, team="rowan", role=Role.MANAGER, starts_on=today)


def test_a_closed_team_gives_no_role(dee, amara, rowan, today):
    rowan.closed_on = today
    rowan.save()

    with pytest.raises(NotReady, match="This team has been closed"):
        roles.add_membership(amara.reference, actor=dee, team="rowan", role=Role.MANAGER, starts_on=today)


def test_the_last_day_is_not_before_the_first(dee, amara, rowan, today, client_of):
    typed = given(today) | date_parts("ends_on", today - timedelta(days=1))

    response = client_of(dee).post(reverse("people:add_membership", args=[amara.reference]), typed)

    assert response.status_code == 422
    assert "Last day must be on or after the first day" in response.content.decode()


@pytest.mark.parametrize("who", ["mo", "aud", "amara"])
def test_only_an_administrator_gives_a_role(who, bea, today, request):
    with pytest.raises(Denied):
        roles.add_membership(
            bea.reference, actor=request.getfixturevalue(who), team="willow", role=Role.MANAGER, starts_on=today
        )


def test_an_administrator_whose_role_ended_meanwhile_gives_nothing(dee, bea, today):
    assert dee.has_role(Role.ADMINISTRATOR)  # as this request knew it
    Membership.objects.filter(user=dee).update(ends_on=today - timedelta(days=1))

    with pytest.raises(Denied):
        roles.add_membership(bea.reference, actor=dee, team="willow", role=Role.MANAGER, starts_on=today)


# --- Ending ----------------------------------------------------------------------------


def end_page(person, team, role, starts_on=cast.SINCE):
    return reverse("people:end_membership", args=[person.reference, team, role, starts_on.isoformat()])


def test_ending_at_once_closes_from_the_next_request_on(dee, amara, today, client_of):
    client_of(dee).post(end_page(amara, "willow", "practitioner"), {"when": "now"})

    seat = amara.memberships.get()
    assert seat.ends_on == today - timedelta(days=1)
    assert not cast.again(amara).has_role(Role.PRACTITIONER)
    assert seat.history.order_by("-history_id").first().history_user == dee


def test_ending_after_a_last_day_keeps_the_role_until_then(dee, amara, today, client_of):
    last = today + timedelta(days=10)

    client_of(dee).post(end_page(amara, "willow", "practitioner"), {"when": "day"} | date_parts("last_day", last))

    assert amara.memberships.get().ends_on == last
    assert cast.again(amara).has_role(Role.PRACTITIONER)


def test_a_role_given_today_by_mistake_can_end_at_once(dee, amara, rowan, today, client_of):
    roles.add_membership(amara.reference, actor=dee, team="rowan", role=Role.MANAGER, starts_on=today)

    client_of(dee).post(end_page(amara, "rowan", "manager", today), {"when": "now"})

    assert not cast.again(amara).has_role(Role.MANAGER)
    assert amara.memberships.count() == 2


def test_ending_twice_says_that_it_has_ended(dee, amara, client_of):
    browser, address = client_of(dee), end_page(amara, "willow", "practitioner")
    browser.post(address, {"when": "now"})

    response = browser.post(address, {"when": "now"})

    assert response.status_code == 422
    assert "This role has already ended" in response.content.decode()
    assert amara.memberships.get().history.count() == 2


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({}, "Choose when this role ends"),
        ({"when": "day"}, "Enter the last day in this role"),
        (
            {"when": "day", "last_day_day": "1", "last_day_month": "1", "last_day_year": "2021"},
            "today or in the future",
        ),
    ],
    ids=["nothing chosen", "no day", "a day in the past"],
)
def test_a_wrong_end_gets_a_sentence(answer, sentence, dee, amara, client_of):
    response = client_of(dee).post(end_page(amara, "willow", "practitioner"), answer)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert amara.memberships.get().ends_on is None


def test_nobody_ends_their_own_last_administrator_role(dee, dan, client_of):
    response = client_of(dee).post(end_page(dee, "linden", "administrator"), {"when": "now"})

    assert response.status_code == 422
    assert "You cannot end your own last administrator role" in response.content.decode()
    assert cast.again(dee).has_role(Role.ADMINISTRATOR)


def test_of_two_administrator_roles_one_may_be_ended(dee, front_door):
    cast.join(dee, front_door, Role.ADMINISTRATOR)

    roles.end_membership(dee.reference, actor=dee, team="front-door", role="administrator", starts_on=cast.SINCE)

    assert cast.again(dee).has_role(Role.ADMINISTRATOR)


def test_another_administrators_role_may_be_ended(dee, dan):
    roles.end_membership(dan.reference, actor=dee, team="linden", role="administrator", starts_on=cast.SINCE)

    assert not cast.again(dan).has_role(Role.ADMINISTRATOR)


def test_somebody_stays_administrator_without_an_end(dee, dan, today):
    Membership.objects.filter(user=dee).update(ends_on=today + timedelta(days=5))

    with pytest.raises(NotReady, match="Nobody would be an administrator any more"):
        roles.end_membership(dan.reference, actor=dee, team="linden", role="administrator", starts_on=cast.SINCE)
    with pytest.raises(NotReady, match="Nobody would be an administrator any more"):
        accounts.close_account(dan.reference, actor=dee)

    assert cast.again(dan).is_active
    assert cast.again(dan).has_role(Role.ADMINISTRATOR)
