"""Handing on a whole caseload: the preview, row by row by the queue, whoever is killed when."""

from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest

from hsb.core import clock, work
from hsb.core.models import Message, Task
from hsb.core.models.messages import What
from hsb.core.refusals import NotReady
from hsb.people.services import accounts
from hsb.people.states import Role
from referrals.models import Reassignment, ReassignmentRow, Referral
from referrals.selectors import reassigning as shown
from referrals.services import reassigning, restricting
from tests import cast
from tests.pages import assert_same_queries, filled, page

pytestmark = pytest.mark.django_db

WHY = "Bea leaves the council."


@pytest.fixture
def cyd(willow):
    return cast.user("Cyd", (willow, Role.PRACTITIONER))


@pytest.fixture
def caseload(amara, bea, cyd, mo, willow):
    """Three children of Bea's, each with a task in her name."""
    made = [
        cast.referral(amara, held_by=willow, state="statutory", worker=bea, child=cast.person(name, "Sample"))
        for name in ("Robin", "Sky", "Terry")
    ]
    for referral in made:
        work.ask(referral.record, "family_assessment", owner=bea)
    return made


def ordered(mo, bea, to, **more):
    more = {"once": uuid4(), "reason": WHY} | more
    return reassigning.order(actor=mo, leaver=bea, to={r.reference: worker for r, worker in to.items()}, **more)


def workers(*referrals):
    return [Referral.objects.get(pk=referral.pk).worker.name for referral in referrals]


# --- The preview ----------------------------------------------------------------------------------------------------


def test_the_preview_spreads_the_children_and_says_why_somebody_is_left_out(caseload, amara, bea, cyd, mo, willow):
    robin, sky, terry = caseload
    restricting.bar(robin.reference, actor=mo, user=amara, reason="A cousin.")
    restricting.restrict(sky.reference, actor=mo, reason="A relative works here.", readers=[cyd])

    rows = {row["reference"]: row for row in shown.preview(shown.Held(bea, cast.again(mo)))}

    assert {worker["name"] for worker in rows[robin.reference]["workers"]} == {"Cyd", "Mo"}
    assert {worker["name"] for worker in rows[sky.reference]["workers"]} == {"Cyd", "Mo"}
    assert rows[terry.reference]["tasks"][0].startswith("Complete the Child and Family assessment")
    # Each gets one before anybody gets two, and a manager none: Amara may not have Robin, nor Sky.
    suggested = [rows[referral.reference]["suggested"] for referral in caseload]
    assert suggested == [cyd.reference, cyd.reference, amara.reference]


def test_nobody_is_suggested_for_both_sides_of_a_concern(amara, bea, cyd, mo, willow):
    concern = cast.concern(amara)
    sides = [
        cast.referral(
            amara, held_by=willow, state="statutory", worker=bea, side=side, about=concern, child=cast.person(name)
        )
        for side, name in (("displayed", "Robin"), ("harmed", "Sky"))
    ]

    rows = shown.preview(shown.Held(bea, mo))

    assert {row["reference"] for row in rows} == {side.reference for side in sides}
    assert rows[0]["suggested"] != rows[1]["suggested"] != ""


def test_the_preview_asks_as_much_for_many_children_as_for_few(caseload, client_of, amara, bea, mo, willow):
    url = f"/caseloads/{bea.reference}/hand-on/"

    def grow():
        for number in range(5):
            child = cast.person(f"Kit{number}", "Sample")
            cast.referral(amara, held_by=willow, state="statutory", worker=bea, child=child)
            closed = cast.referral(amara, held_by=willow, state="closed", worker=bea, child=child)
            assert closed.pk

    assert_same_queries(client_of(mo), url, grow)


# --- Ordering and doing ---------------------------------------------------------------------------------------------


def test_a_manager_orders_it_on_one_page_and_finds_it_again(caseload, client_of, amara, bea, cyd, mo, max):
    robin, sky, terry = caseload
    browser, url = client_of(mo), f"/caseloads/{bea.reference}/hand-on/"

    asked = browser.get(url)
    empty = browser.post(url, filled(asked, reason=""))
    choice = {f"to-{robin.reference}": amara.reference, f"to-{sky.reference}": cyd.reference}
    form = filled(asked, reason=WHY, **choice, **{f"to-{terry.reference}": ""})
    answer = browser.post(url, form)
    again = browser.post(url, form)

    assert "Robin Sample" in page(asked).text and "Complete the Child and Family assessment" in page(asked).text
    assert empty.status_code == 422
    assert answer.status_code == 302 and again.url == answer.url
    assert workers(*caseload) == ["Bea", "Bea", "Bea"]
    assert "0 of 2 handed on, 2 waiting" in page(browser.get(answer.url)).text

    assert reassigning.carry_on() == 2
    assert workers(*caseload) == ["Amara", "Cyd", "Bea"]
    assert Task.objects.open().get(record=robin.record, kind="family_assessment").owner == amara
    assert [spell.worker.name for spell in robin.allocations.all()] == ["Bea", "Amara"]
    progress = page(browser.get(answer.url)).text
    assert "2 of 2 handed on" in progress and "Look again" not in progress
    team = page(browser.get("/team-work/"))
    assert answer.url in str(team.links) and "2 done" in team.text and url in str(team.links)
    assert reassigning.carry_on() == 0
    assert client_of(max).get(answer.url).status_code == 404
    assert client_of(max).get(url).status_code == 404


def test_what_cannot_be_done_says_why_and_stops_nothing(caseload, amara, bea, carl, cyd, mo):
    robin, sky, terry = caseload
    order = ordered(mo, bea, {robin: amara, sky: cyd, terry: carl})
    restricting.bar(robin.reference, actor=mo, user=amara, reason="A cousin.")

    reassigning.carry_on()

    said = {row.referral_id: (row.outcome, row.said) for row in order.rows.all()}
    assert said[robin.pk] == ("refused", "Amara cannot be given this referral. Choose somebody else.")
    assert said[sky.pk] == ("done", "")
    assert said[terry.pk][1] == "Carl does not work in Willow today: choose somebody who does."
    assert workers(*caseload) == ["Bea", "Cyd", "Bea"]
    rows = shown.progress(order, mo)
    assert (rows["done"], rows["refused"], rows["waiting"]) == (1, 2, 0)


def test_only_tasks_are_handed_on_where_somebody_else_has_the_child(amara, bea, mo, willow):
    referral = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    work.ask(referral.record, "tell_referrer", owner=bea)

    (row,) = shown.preview(shown.Held(bea, mo))
    order = ordered(mo, bea, {referral: amara})
    reassigning.carry_on()

    assert (row["is_worker"], row["suggested"]) == (False, amara.reference)
    assert order.rows.get().outcome == "done"
    assert Task.objects.open().get(record=referral.record).owner == amara
    assert referral.allocations.count() == 1


def test_a_managers_review_is_not_handed_to_a_worker(amara, bea, carl, mo, willow):
    mop = cast.user("Mop", (willow, Role.MANAGER))
    case = cast.referral(amara, held_by=willow, state="statutory", worker=bea)
    work.ask(case.record, "review_break_glass", owner=mop, about="1")

    assert shown.preview(shown.Held(mop, mo)) == []


def test_killed_in_the_middle_nothing_is_half_and_the_next_goes_on(caseload, amara, bea, cyd, mo):
    robin, sky, terry = caseload
    order = ordered(mo, bea, {robin: amara, sky: cyd})

    # The worker of the queue dies after the child was given, before anything was committed.
    with mock.patch.object(reassigning, "_tasks", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        reassigning.carry_on()

    assert workers(robin, sky) == ["Bea", "Bea"]
    assert set(order.rows.values_list("outcome", flat=True)) == {"waiting"}
    # The row that was in hand is free when its lease is over; the other at once.
    assert reassigning.carry_on() == 1
    with clock.moved_to(clock.now() + reassigning.LEASE + timedelta(seconds=1)):
        assert reassigning.carry_on() == 1
    assert workers(robin, sky) == ["Amara", "Cyd"]
    assert robin.allocations.count() == 2


def test_an_order_is_one_and_of_ones_own_teams(caseload, amara, bea, mo, max):
    robin, *_ = caseload
    once = uuid4()

    assert ordered(mo, bea, {robin: amara}, once=once) == ordered(mo, bea, {robin: amara}, once=once)
    with pytest.raises(NotReady, match="no longer in this caseload"):
        ordered(max, bea, {robin: amara})
    with pytest.raises(NotReady, match="at least one"):
        ordered(mo, bea, {})
    assert (Reassignment.objects.count(), ReassignmentRow.objects.count()) == (1, 1)


# --- Closing an account ---------------------------------------------------------------------------------------------


def test_closing_an_account_tells_the_managers_and_shows_numbers_alone(caseload, client_of, bea, dee, mo, max):
    asked = page(client_of(dee).get(f"/people/users/{bea.reference}/close/"))
    accounts.close_account(bea.reference, actor=dee)

    assert "3 open referrals and 3 open tasks stand in their name" in asked.text
    assert "Robin" not in asked.text and caseload[0].reference not in asked.text
    assert [message.user for message in Message.objects.filter(what=What.LEAVER)] == [mo]
    browser = client_of(mo)
    team = page(browser.get("/team-work/"))
    assert "Who has left and still has referrals" in team.text
    assert f"/caseloads/{bea.reference}/hand-on/" in str(page(browser.get("/messages/")).links)
    assert browser.get(f"/caseloads/{bea.reference}/hand-on/").status_code == 200
