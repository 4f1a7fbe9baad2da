"""Adding, correcting, closing and reopening an account; one-time passwords."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from hsb.people import selectors
from hsb.people.models import Membership, User
from hsb.people.services import accounts
from hsb.people.states import Role
from tests import cast

ADD = "/people/add/"
UUID = uuid4()


def shown_password(page):
    found = re.search(r"<code>([^<]+)</code>", page.content.decode())
    return found.group(1) if found else ""


# --- Adding ----------------------------------------------------------------------------


def test_adding_a_person_makes_an_account_with_its_first_role(dee, typed_person, client_of):
    client_of(dee).post(ADD, typed_person())

    nia = User.objects.get(email="nia.newcomer@example.org")
    assert (nia.name, nia.job_title, nia.is_active) == ("Nia Newcomer", "Social worker", True)
    seat = nia.memberships.get()
    assert (seat.team.slug, seat.role, seat.starts_on, seat.ends_on) == ("willow", "practitioner", clock.today(), None)
    assert nia.history.get().history_user == dee
    assert seat.history.get().history_user == dee


def test_the_password_is_shown_once_and_signs_in(dee, typed_person, client_of):
    browser = client_of(dee)

    response = browser.post(ADD, typed_person())
    password = shown_password(browser.get(response.url))
    again = browser.get(response.url)

    nia = User.objects.get(email="nia.newcomer@example.org")
    assert nia.check_password(password)
    assert shown_password(again) == ""
    assert "Reset the password" in again.content.decode()


def test_the_password_is_written_nowhere_in_clear(dee, typed_person, client_of, caplog):
    browser = client_of(dee)

    response = browser.post(ADD, typed_person())
    kept = str(dict(browser.session))
    password = shown_password(browser.get(response.url))

    assert len(password) == 19
    assert password not in kept
    assert password not in caplog.text
    assert password not in response.url


def test_another_administrator_is_not_shown_it(dee, dan, typed_person, client_of):
    response = client_of(dee).post(ADD, typed_person())

    assert shown_password(client_of(dan).get(response.url)) == ""


def test_sending_the_form_twice_makes_one_account(dee, typed_person, client_of):
    browser, typed = client_of(dee), typed_person()

    first = browser.post(ADD, typed)
    second = browser.post(ADD, typed)

    assert User.objects.filter(email="nia.newcomer@example.org").count() == 1
    assert Membership.objects.filter(user__email="nia.newcomer@example.org").count() == 1
    assert first.url == second.url
    assert shown_password(browser.get(second.url)) != ""


@pytest.mark.parametrize(
    "email", ["amara@example.org", "AMARA@example.org", " Amara@Example.ORG "], ids=["same", "capitals", "spaces"]
)
def test_an_address_that_is_taken_is_refused_in_any_case(email, dee, amara, typed_person, client_of):
    response = client_of(dee).post(ADD, typed_person(email=email))

    assert response.status_code == 422
    assert "Somebody already has an account with this e-mail address" in response.content.decode()
    assert User.objects.filter(name="Nia Newcomer").count() == 0


def test_going_back_and_changing_the_address_makes_another_person(dee, typed_person, client_of):
    browser, typed = client_of(dee), typed_person()
    browser.post(ADD, typed)

    response = browser.post(ADD, typed | {"email": "nora.newcomer@example.org", "name": "Nora Newcomer"})

    assert response.status_code == 302
    assert User.objects.filter(name__in=["Nia Newcomer", "Nora Newcomer"]).count() == 2


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"name": ""}, "Enter their full name"),
        ({"name": "N" * 121}, "Full name must be 120 characters or fewer"),
        ({"name": "Nia\x00"}, "Full name has a character that cannot be kept"),
        ({"email": "nia"}, "E-mail address must be an e-mail address, like name@example.org"),
        ({"team": "no-such-team"}, "Choose a team"),
        ({"role": "king"}, "Choose a role"),
        ({"starts_on_month": "13"}, "First day in this role must be a real date"),
        ({"starts_on_day": "", "starts_on_month": "", "starts_on_year": ""}, "Enter the first day in this role"),
    ],
    ids=["no name", "a name too long", "an unstorable name", "no address", "no team", "no role", "no date", "no day"],
)
def test_a_wrong_answer_gets_a_sentence_and_makes_nobody(answer, sentence, dee, typed_person, client_of):
    before = User.objects.count() + 1

    response = client_of(dee).post(ADD, typed_person(**answer))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert User.objects.count() == before - 1


def test_a_team_that_closed_meanwhile_makes_nobody(dee, typed_person, willow):
    willow.closed_on = clock.today()
    willow.save()
    typed = {"name": "Nia", "email": "nia@example.org", "team": "willow", "role": Role.PRACTITIONER}

    with pytest.raises(NotReady, match="This team has been closed"):
        accounts.add_user(actor=dee, once=UUID, starts_on=clock.today(), **typed)

    assert not User.objects.filter(email="nia@example.org").exists()


def test_only_an_administrator_adds(amara):
    with pytest.raises(Denied):
        accounts.add_user(
            actor=amara, once=UUID, name="N", email="n@example.org", team="willow", role="manager", starts_on=cast.SINCE
        )


# --- Correcting ----------------------------------------------------------------------------


def edited(**changed):
    return {"name": "Amara", "email": "amara@example.org", "job_title": "", "telephone": ""} | changed


def test_correcting_keeps_the_old_version_and_who_did_it(dee, amara, client_of):
    version = selectors.version_of(amara)

    response = client_of(dee).post(
        reverse("people:edit_user", args=[amara.reference]), edited(name="Amara Osei", version=version)
    )

    newest, oldest = amara.history.order_by("-history_id")
    assert response.status_code == 302
    assert (oldest.name, newest.name, newest.history_user) == ("Amara", "Amara Osei", dee)


def test_a_stale_form_is_shown_both_versions(dee, dan, amara, client_of):
    version = selectors.version_of(amara)
    accounts.edit_user(amara.reference, actor=dan, version=version, **edited(name="Amara Osei"))

    response = client_of(dee).post(
        reverse("people:edit_user", args=[amara.reference]), edited(name="Amara O.", version=version)
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Amara Osei" in page
    assert "Amara O." in page
    assert "Dan" in page
    assert cast.again(amara).name == "Amara Osei"


def test_correcting_to_an_address_that_is_taken_is_refused(dee, amara, bea):
    with pytest.raises(NotReady, match="already has an account"):
        accounts.edit_user(
            amara.reference, actor=dee, version=selectors.version_of(amara), **edited(email="BEA@example.org")
        )


# --- Closing and reopening ----------------------------------------------------------------------------


def test_closing_ends_every_role_at_once(dee, amara, client_of):
    client_of(dee).post(reverse("people:close_account", args=[amara.reference]), {"reason": "Left the council"})

    closed = cast.again(amara)
    assert not closed.is_active
    assert cast.again(closed).current_memberships() == []
    assert closed.current_memberships() == []
    newest = closed.history.order_by("-history_id").first()
    assert (newest.history_user, newest.history_change_reason) == (dee, "Reason: Left the council")


def test_a_role_that_had_not_begun_never_begins(dee, amara, rowan):
    later = clock.today() + timedelta(days=30)
    coming = cast.join(amara, rowan, Role.MANAGER, starts_on=later)

    accounts.close_account(amara.reference, actor=dee)

    coming = Membership.objects.get(pk=coming.pk)
    yesterday = clock.today() - timedelta(days=1)
    assert (coming.starts_on, coming.ends_on) == (yesterday, yesterday)


def test_a_role_that_was_over_stays_as_it_was(dee, amara, rowan):
    past = cast.join(amara, rowan, Role.MANAGER, starts_on=cast.SINCE, ends_on=clock.today() - timedelta(days=9))

    accounts.close_account(amara.reference, actor=dee)

    assert Membership.objects.get(pk=past.pk).ends_on == clock.today() - timedelta(days=9)
    assert past.history.count() == 1


def test_a_session_of_a_closed_account_ends_at_its_next_request(dee, amara, client_of):
    browser = client_of(amara)
    assert browser.get(reverse("people:account")).status_code == 200

    accounts.close_account(amara.reference, actor=dee)
    response = browser.get(reverse("people:account"))

    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_closing_twice_leaves_one_old_version(dee, amara):
    accounts.close_account(amara.reference, actor=dee)
    accounts.close_account(amara.reference, actor=dee)

    assert amara.history.count() == 2


def test_nobody_closes_their_own_account(dee, dan, client_of):
    response = client_of(dee).post(reverse("people:close_account", args=[dee.reference]), {"reason": ""})

    assert response.status_code == 422
    assert "You cannot close your own account" in response.content.decode()
    assert cast.again(dee).is_active


def test_reopening_lets_in_without_the_roles(dee, amara, client_of):
    accounts.close_account(amara.reference, actor=dee)

    client_of(dee).post(reverse("people:reopen_account", args=[amara.reference]))

    opened = cast.again(amara)
    assert opened.is_active
    assert opened.current_memberships() == []


# --- Passwords ----------------------------------------------------------------------------


def test_a_reset_ends_the_old_password_and_open_sessions(dee, amara, client_of):
    hers, browser = client_of(amara), client_of(dee)

    response = browser.post(reverse("people:reset_password", args=[amara.reference]))
    password = shown_password(browser.get(response.url))

    assert cast.again(amara).check_password(password)
    assert not cast.again(amara).check_password(cast.PASSWORD)
    assert hers.get(reverse("people:account")).status_code == 302
    newest = amara.history.order_by("-history_id").first()
    assert (newest.history_user, newest.history_change_reason) == (dee, "password_given")


def test_one_does_not_reset_ones_own(dee, client_of):
    assert client_of(dee).post(reverse("people:reset_password", args=[dee.reference])).status_code == 404
    with pytest.raises(NotReady, match="My account"):
        accounts.reset_password(dee.reference, actor=dee)


def test_a_closed_account_gets_no_password(dee, amara):
    accounts.close_account(amara.reference, actor=dee)

    with pytest.raises(NotReady, match="Reopen it first"):
        accounts.reset_password(amara.reference, actor=dee)


def test_no_password_is_kept_in_an_old_version(dee, amara):
    accounts.reset_password(amara.reference, actor=dee)

    assert not hasattr(amara.history.first(), "password")


def test_a_lost_second_factor_is_removed(dee, amara, client_of):
    Authenticator.objects.create(user=amara, type=Authenticator.Type.TOTP, data={"secret": "sealed"})

    client_of(dee).post(reverse("people:remove_second_factor", args=[amara.reference]))

    assert not Authenticator.objects.filter(user=amara).exists()
    assert amara.history.order_by("-history_id").first().history_change_reason == "second_factor_removed"
