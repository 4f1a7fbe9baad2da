"""Signing in with address and password; the first time with a one-time password."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from hsb.core import clock
from hsb.people import selectors
from hsb.people.services import accounts
from tests import cast

LOGIN = "/account/login/"
CHOOSE = "/people/choose-password/"
OWN = "three plain garden words"


def sign_in(browser, email, password):
    return browser.post(LOGIN, {"login": email, "password": password})


def is_in(browser):
    return "_auth_user_id" in browser.session


@pytest.mark.parametrize(
    "email",
    ["amara@example.org", "AMARA@EXAMPLE.ORG", "Amara@Example.org", " amara@example.org "],
    ids=["as it is kept", "in capitals", "as a name", "with spaces"],
)
def test_the_address_is_accepted_in_any_case(email, amara, client):
    sign_in(client, email, cast.PASSWORD)

    assert is_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [("amara@example.org", "not-her-password"), ("nobody@example.org", cast.PASSWORD)],
    ids=["a wrong password", "an unknown address"],
)
def test_what_is_wrong_is_refused_with_the_same_sentence(email, password, amara, client):
    response = sign_in(client, email, password)

    assert not is_in(client)
    assert "The email address and/or password you specified are not correct." in response.content.decode()


def test_a_closed_account_is_refused(dee, amara, client):
    accounts.close_account(amara.reference, actor=dee)

    sign_in(client, "amara@example.org", cast.PASSWORD)

    assert not is_in(client)


def test_a_closed_account_that_is_reopened_signs_in_again(dee, amara, client):
    accounts.close_account(amara.reference, actor=dee)
    accounts.reopen_account(amara.reference, actor=dee)

    sign_in(client, "amara@example.org", cast.PASSWORD)

    assert is_in(client)


# --- With a one-time password ----------------------------------------------------------------------------


def test_a_one_time_password_opens_nothing_until_another_is_chosen(dee, amara, client):
    password = accounts.reset_password(amara.reference, actor=dee)

    response = sign_in(client, "amara@example.org", password)

    assert response.url == CHOOSE
    assert not is_in(client)
    assert client.get(reverse("people:account")).status_code == 302
    assert client.get(CHOOSE).status_code == 200


def test_choosing_signs_in_and_ends_the_one_time_password(dee, amara, client):
    password = accounts.reset_password(amara.reference, actor=dee)
    sign_in(client, "amara@example.org", password)

    client.post(CHOOSE, {"password1": OWN, "password2": OWN})

    changed = cast.again(amara)
    assert is_in(client)
    assert changed.check_password(OWN)
    assert not changed.check_password(password)
    assert selectors.one_time_password_given_at(changed) is None
    newest = amara.history.order_by("-history_id").first()
    assert (newest.history_user, newest.history_change_reason) == (amara, "password_chosen")


def test_afterwards_the_chosen_one_signs_in_directly(dee, amara, client):
    accounts.reset_password(amara.reference, actor=dee)
    accounts.choose_password(cast.again(amara), password=OWN)

    sign_in(client, "amara@example.org", OWN)

    assert is_in(client)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "", "Enter new password"),
        (OWN, "another thing altogether", "The two passwords are not the same"),
        ("short", "short", "at least 12 characters"),
        ("amara@example.org", "amara@example.org", "too similar to the"),
    ],
    ids=["nothing", "two different ones", "too short", "the address"],
)
def test_a_password_that_will_not_do_gets_a_sentence(first, second, sentence, dee, amara, client):
    password = accounts.reset_password(amara.reference, actor=dee)
    sign_in(client, "amara@example.org", password)

    response = client.post(CHOOSE, {"password1": first, "password2": second})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not is_in(client)
    assert cast.again(amara).check_password(password)


def test_the_one_time_password_is_not_chosen_again(dee, amara, client):
    password = accounts.reset_password(amara.reference, actor=dee)
    sign_in(client, "amara@example.org", password)

    response = client.post(CHOOSE, {"password1": password, "password2": password})

    assert "Choose another password than the one you were given" in response.content.decode()
    assert not is_in(client)


def test_a_one_time_password_is_good_for_seven_days(dee, amara, client):
    with clock.moved_to(clock.now() - timedelta(days=8)):
        password = accounts.reset_password(amara.reference, actor=dee)

    response = sign_in(client, "amara@example.org", password)

    assert not is_in(client)
    assert response.url == LOGIN
    assert "Ask your administrator for a new one" in client.get(LOGIN).content.decode()


def test_closed_between_the_password_and_the_choice_opens_nothing(dee, amara, client):
    password = accounts.reset_password(amara.reference, actor=dee)
    sign_in(client, "amara@example.org", password)
    accounts.close_account(amara.reference, actor=dee)

    client.post(CHOOSE, {"password1": OWN, "password2": OWN})

    assert client.get(reverse("people:account")).status_code == 302
    assert not cast.again(amara).check_password(OWN)


def test_without_a_one_time_password_the_page_leads_to_signing_in(client):
    response = client.get(CHOOSE)

    assert (response.status_code, response.url) == (302, LOGIN)


def test_the_second_factor_is_asked_for_before_the_choice(dee, amara, client):
    secret = generate_totp_secret()
    TOTP.activate(amara, secret)
    password = accounts.reset_password(amara.reference, actor=dee)

    response = sign_in(client, "amara@example.org", password)

    assert response.url == reverse("mfa_authenticate")
    assert client.get(CHOOSE).status_code == 302
    counter = next(yield_hotp_counters_from_time())
    response = client.post(reverse("mfa_authenticate"), {"code": format_hotp_value(hotp_value(secret, counter))})
    assert response.url == CHOOSE


def test_changing_ones_own_password_leaves_an_old_version_that_says_so(amara, client_of):
    browser = client_of(amara)

    browser.post(reverse("account_change_password"), {"oldpassword": cast.PASSWORD, "password1": OWN, "password2": OWN})

    assert cast.again(amara).check_password(OWN)
    assert amara.history.order_by("-history_id").first().history_change_reason == "password_chosen"
