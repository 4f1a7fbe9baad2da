"""Immediate protection and its follow-up: through a browser, in any state, once."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from referrals.models import Protection, Referral
from referrals.states import ReferralState
from tests import cast
from tests.pages import filled
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


def typed(**answers):
    return {
        "once": str(uuid4()),
        "what": "An adult stays with them.",
        "who_was_told": "The duty manager.",
        **date_parts("done", clock.today(), at=""),
    } | answers


def holder_of(state, amara):
    return None if state in ("received", "assessing", "awaiting_decision") else amara


OPEN_STATES = [s for s in ReferralState.values if s not in ("closed", "attached")]


@pytest.mark.parametrize("state", OPEN_STATES)
def test_protection_is_recorded_in_every_open_state(front_door, client_of, amara, willow, state):
    referral = cast.referral(amara, held_by=willow, state=state, worker=holder_of(state, amara))

    answer = client_of(amara).post(road.url(referral, "protection"), typed(done_time="12:01am"))

    after = road.again(referral)
    protection = Protection.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/"
    assert after.state == state
    assert (protection.referral, protection.what) == (after, "An adult stays with them.")
    assert protection.done_at.isoformat() == "00:01:00"
    assert road.last_entry(after, "record_protection").actor == amara
    assert after.record.tasks.open().get(kind="protection").due_on == clock.today()


@pytest.mark.parametrize("state", ["closed", "attached"])
def test_an_ended_referral_gets_a_new_linked_episode_and_says_so(front_door, client_of, amara, willow, state):
    referral = cast.referral(amara, held_by=willow, state=state, worker=amara)
    browser = client_of(amara)

    page = browser.get(road.url(referral, "protection"))
    answer = browser.post(road.url(referral, "protection"), typed())

    episode = Referral.objects.get(previous=referral)
    assert "opens a new linked episode" in road.text(page)
    assert answer.url == f"/referrals/{episode.reference}/"
    assert episode.protections.get().what == "An adult stays with them."
    assert road.again(referral).state == state
    assert f"which follows {referral.reference}" in road.text(browser.get(answer.url))


def test_a_chair_who_was_named_can_record_it_on_a_closed_one(front_door, client_of, amara, mo, cho, willow):
    referral = cast.referral(amara, held_by=willow, state="closed", worker=amara)
    client_of(mo).post(road.url(referral, "name-reader"), {"reader": cho.email, "reason": "Chairs its meeting."})

    answer = client_of(cho).post(road.url(referral, "protection"), typed())

    assert answer.status_code == 302
    assert Referral.objects.get(previous=referral).protections.get().recorded_by == cho


def test_a_second_click_makes_no_second_row(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    form = typed()
    browser = client_of(amara)

    answers = [browser.post(road.url(referral, "protection"), form) for _ in range(2)]

    assert [a.status_code for a in answers] == [302, 302]
    assert Protection.objects.count() == 1


def test_what_is_missing_is_asked_for_and_the_rest_is_kept(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)

    answer = client_of(amara).post(road.url(referral, "protection"), typed(who_was_told=""))

    assert answer.status_code == 422
    assert "Say who was told" in road.text(answer)
    assert "An adult stays with them." in road.text(answer)
    assert not Protection.objects.exists()


def test_a_day_that_has_not_come_is_refused(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)

    answer = client_of(amara).post(road.url(referral, "protection"), typed(done_year="2190"))

    assert answer.status_code == 422
    assert "The day it was done must be today or in the past" in road.text(answer)


# --- Follow up ----------------------------------------------------


def protected(amara, willow, times=1):
    referral = cast.referral(amara, held_by=willow)
    rows = [
        Protection.objects.create(
            referral=referral,
            what=f"Step {number}.",
            done_on=clock.today(),
            who_was_told="All.",
            recorded_by=amara,
            recorded_at=clock.now(),
            once=uuid4(),
        )
        for number in range(times)
    ]
    return referral, rows


def follow_up(protection, **answers):
    return {
        "protection": str(protection.once),
        "follow_up": "Seen at home, calm.",
        **date_parts("followed_up_on", clock.today()),
    } | answers


def test_the_follow_up_is_recorded_and_its_task_done(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    browser = client_of(amara)
    browser.post(road.url(referral, "protection"), typed())

    answer = browser.post(road.url(referral, "follow-up-protection"), follow_up(Protection.objects.get()))

    row = Protection.objects.get()
    assert answer.status_code == 302
    assert (row.followed_up_on, row.followed_up_by, row.follow_up) == (clock.today(), amara, "Seen at home, calm.")
    assert not referral.record.tasks.open().filter(kind="protection").exists()
    assert road.last_entry(referral, "follow_up_protection").actor == amara


def test_of_two_protections_the_one_that_is_meant_is_followed_up(front_door, client_of, amara, willow):
    referral, (first, second) = protected(amara, willow, times=2)

    client_of(amara).post(road.url(referral, "follow-up-protection"), follow_up(second))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.followed_up_on, second.followed_up_on) == (None, clock.today())


def test_another_referrals_protection_cannot_be_smuggled_in(front_door, client_of, amara, willow):
    mine, _ = protected(amara, willow)
    _, (theirs,) = protected(amara, willow)

    answer = client_of(amara).post(road.url(mine, "follow-up-protection"), follow_up(theirs))

    theirs.refresh_from_db()
    assert answer.status_code == 422
    assert theirs.followed_up_on is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_protection_there_is_nothing_to_follow_up(front_door, client_of, amara, willow, method):
    referral = cast.referral(amara, held_by=willow)

    assert getattr(client_of(amara), method)(road.url(referral, "follow-up-protection")).status_code == 409


# --- Days that are usually today ---


@pytest.mark.parametrize(
    ("verb", "field"), [("protection", "done"), ("follow-up-protection", "followed_up_on"), ("police-call", "called")]
)
def test_the_day_starts_as_today(front_door, client_of, amara, willow, verb, field):
    referral, _ = protected(amara, willow)

    typed_for_me = filled(client_of(amara).get(road.url(referral, verb)))

    today = date_parts(field, clock.today())
    assert {name: "".join(typed_for_me[name]) for name in today} == today


# --- Who may not ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["protection", "follow-up-protection"])
@pytest.mark.parametrize(
    ("who", "status"), [("carl", 404), ("max", 404), ("dee", 404), ("coo", 404), ("cho", 404), ("aud", 403)]
)
def test_who_does_not_work_with_it_records_nothing(
    front_door, request, client_of, amara, willow, who, status, verb, method
):
    referral, _ = protected(amara, willow)
    written = road.entries(referral)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(referral, verb), typed())

    assert answer.status_code == status
    assert road.entries(referral) == written
    assert Protection.objects.count() == 1
