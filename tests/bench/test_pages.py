"""What the rows read off the product's own pages; and that the control is the bench's alone."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from bench import pages, walks
from bench.crawl import of_the_page, shape
from bench.database import fingerprint
from bench.rows.p05 import asks_otherwise
from hsb.core import clock
from referrals.models import Referral
from tests import cast


@pytest.fixture
def many(amara, front_door):
    today = clock.today()
    for number in range(110):
        cast.referral(amara, held_by=front_door, next_due_on=today + timedelta(days=number % 10))
    return amara


def test_a_list_says_its_rows_its_filters_and_its_next_page(many, client_of):
    browser = client_of(many)

    first = browser.get(pages.LIST).content.decode()
    second = browser.get(pages.next_page(first)).content.decode()

    assert [len(pages.references(html)) for html in (first, second)] == [pages.SIZE] * 2
    assert not set(pages.references(first)) & set(pages.references(second))
    assert "received" in pages.choices(first)["state"]


def test_nothing_is_skipped_or_repeated_while_rows_come_in_and_offset_would_repeat(many, client_of, monkeypatch):
    browser = client_of(many)
    asked = []

    def cookie(email):
        asked.append((email, len(connection.savepoint_ids)))

    def page(user, url):
        # Whoever signs in inside, with Django's own browser, has the connection closed under the walk.
        [(signed_in, outside)] = asked
        assert signed_in == user and outside < len(connection.savepoint_ids)
        house.signed_in["of this walk"] = "a session that is taken back with the rest"
        answer = browser.get(url)
        return {"status": answer.status_code, "body": answer.content.decode()}

    house = SimpleNamespace(page=page, cookie=cookie, signed_in={"of before": "a session"})
    monkeypatch.setattr(walks, "house", lambda: house)

    found = walks.walk(many.email, pages.LIST, most=10)

    assert list(house.signed_in) == ["of before"]

    assert (found["skipped"], found["repeated"]) == (0, 0)
    assert (found["pages"], found["came"]) == (3, 9)
    assert found["offset_repeated"] > 0
    assert Referral.objects.count() == 110


def test_a_statement_is_told_by_its_question_not_by_its_values():
    one = shape("SELECT a FROM b WHERE c = 'it''s' AND d IN (1, 2, 3) AND e > '2026-06-01'::date")

    assert one == shape("SELECT a FROM b WHERE c = 'x' AND d IN (4) AND e > '2025-01-01'::date")
    assert one != shape("SELECT a FROM b WHERE c = 'x' AND d IN (4)")


def test_what_is_done_once_a_minute_is_not_the_pages_own():
    kept = 'UPDATE "people_session" SET "expire_date" = 1', 'SELECT "core_setting"."key" FROM "core_setting"'
    own = 'SELECT "people_session"."account_id" FROM "people_session"', 'UPDATE "core_draft" SET "saved_at" = 1'

    assert of_the_page([own[0], kept[0], own[1], kept[1]]) == list(own)


@pytest.mark.parametrize(
    ("small", "large", "otherwise"),
    [
        pytest.param({"rows": 1, "names": 1}, {"rows": 1, "names": 1}, False, id="the same"),
        pytest.param({"rows": 1}, {"rows": 1, "meetings": 1}, False, id="the small one has no meeting"),
        pytest.param({"rows": 1, "names": 1}, {"rows": 1, "names": 50}, True, id="for each row"),
        pytest.param({"rows": 1}, {"rows": 1, "meetings": 2}, True, id="for each of what the small one has none of"),
    ],
)
def test_a_page_asks_otherwise_where_it_asks_more_often(small, large, otherwise):
    asked = [[list(each) for each in borough.items()] for borough in (small, large)]

    assert asks_otherwise(*asked) == asks_otherwise(*reversed(asked)) == otherwise


def test_the_admin_is_not_part_of_the_product(client_of, amara):
    assert not apps.is_installed("django.contrib.admin")
    assert client_of(amara).get(pages.CONTROL).status_code == 404


def test_a_borough_is_made_anew_when_what_decides_it_changes(tmp_path):
    folder = tmp_path / "referrals" / "migrations"
    folder.mkdir(parents=True)
    before = fingerprint(tmp_path)

    (folder / "0001_beginning.py").write_text("tables", encoding="utf-8")

    assert fingerprint(tmp_path) != before == fingerprint(tmp_path / "referrals" / "migrations")
