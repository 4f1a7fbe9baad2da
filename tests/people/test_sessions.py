"""A session is read with the account it belongs to, in one question; what one browser ends has ended for all."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hsb.core.tasks import clear_leftovers
from hsb.people.models import Session
from hsb.people.sessions import SessionStore, read_with_session
from hsb.people.states import Role
from tests import cast

pytestmark = pytest.mark.django_db
LIST = "/referrals/"


def about(table, captured):
    return [query["sql"] for query in captured if table in query["sql"]]


def test_a_page_asks_once_who_asks(client_of, amara, settings):
    settings.PREPARED_STATEMENTS = 0  # as text, to be read here
    browser = client_of(amara)
    browser.get(LIST)

    with CaptureQueriesContext(connection) as captured:
        assert browser.get(LIST).status_code == 200

    [asked] = [sql for sql in about("people_session", captured) if sql.lstrip().startswith("SELECT")]
    assert "people_membership" in asked
    # Nothing else asks for an account by its key.
    assert not [sql for sql in about("people_user", captured) if sql != asked and "password" in sql]


def test_each_request_reads_anew(client_of, amara, bea, rowan):
    browser = client_of(bea)
    assert "Team work" not in browser.get("/").content.decode()

    cast.join(bea, rowan, Role.MANAGER)

    assert "Team work" in browser.get("/").content.decode()


def test_two_browsers_are_two_accounts(client_of, amara, bea):
    first, second = client_of(amara), client_of(bea)
    for _ in range(2):
        assert amara.name in first.get("/").content.decode()
        assert bea.name in second.get("/").content.decode()


def test_an_account_that_is_closed_is_nobody(client_of, amara):
    browser = client_of(amara)
    assert browser.get(LIST).status_code == 200

    amara.is_active = False
    amara.save()

    assert browser.get(LIST).status_code == 302


def test_a_session_that_is_over_is_nobodys(client_of, amara):
    browser = client_of(amara)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert browser.get(LIST).status_code == 302


def test_a_session_that_was_ended_elsewhere_is_over_at_once(client_of, amara):
    browser = client_of(amara)
    assert browser.get(LIST).status_code == 200

    SessionStore(browser.session.session_key).delete()

    assert browser.get(LIST).status_code == 302


def test_a_session_that_is_ended_while_it_is_used_does_not_come_back(client_of, amara):
    session = SessionStore(client_of(amara).session.session_key)
    session["seen_at"] = "now"
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()

    assert not Session.objects.exists()


def test_a_session_says_whose_it_is(client_of, client, amara):
    client_of(amara)
    client.get("/account/login/")

    assert set(Session.objects.values_list("account", flat=True)) <= {amara.pk, None}
    assert Session.objects.filter(account=amara).count() == 1


def test_a_session_is_whose_its_signed_words_say_not_whose_its_row_says(client_of, amara, bea):
    browser = client_of(amara)
    Session.objects.filter(session_key=browser.session.session_key).update(account=bea)

    page = browser.get("/").content.decode()

    assert amara.name in page
    assert bea.name not in page


def test_a_changed_password_ends_the_other_browsers_sessions(client_of, amara):
    browser = client_of(amara)
    assert browser.get(LIST).status_code == 200

    amara.set_password("another-long-password")
    amara.save()

    assert browser.get(LIST).status_code == 302


def test_who_signs_in_over_another_is_the_new_one(client_of, amara, bea):
    browser = client_of(amara)
    assert browser.get(LIST).status_code == 200
    before = browser.session.session_key

    browser.force_login(bea)

    assert bea.name in browser.get("/").content.decode()
    assert browser.session.session_key != before
    assert not Session.objects.filter(account=amara).exists()


def test_who_signs_out_is_nobody(client_of, amara):
    browser = client_of(amara)
    assert browser.get(LIST).status_code == 200

    browser.logout()

    assert browser.get(LIST).status_code == 302


@pytest.mark.parametrize("key", ['"abcdefghij\\000kl"', "", "x", "no-such-session-of-ours", "é" * 12, "x" * 5000])
def test_a_cookie_that_is_no_key_of_ours_is_nobodys(client, key):
    client.cookies["sessionid"] = key

    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("key", ["abcdefghij\x00kl", "abcdefgh-ij", "unknownunknown"])
def test_what_is_no_key_of_ours_is_an_empty_session(key):
    session = SessionStore(key)

    assert dict(session.items()) == {}
    assert session.session_key is None


def test_nobody_is_known_outside_a_request(client_of, amara):
    client_of(amara).get(LIST)

    assert read_with_session(amara.pk) is None


def test_what_is_over_is_forgotten(client_of, amara, bea):
    client_of(bea)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    client_of(amara)

    clear_leftovers()

    assert list(Session.objects.values_list("account", flat=True)) == [amara.pk]
