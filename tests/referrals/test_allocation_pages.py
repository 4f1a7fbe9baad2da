"""Name a worker, record that work has started, send an allocation back: through a browser."""

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessBar
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def allocated(front_door, amara, mo, willow):
    """A referral that Willow has, without a worker yet."""
    return road.with_statutory(amara, mo, willow)


def send(browser, referral, verb, **answers):
    return browser.post(road.url(referral, verb), {"version": referral.version} | answers)


# --- Name a worker ----------------------------------------------------


def test_the_manager_names_a_worker(allocated, client_of, mo, bea):
    answer = send(client_of(mo), allocated, "name-worker", worker=bea.reference)

    after = road.again(allocated)
    assert answer.url == f"/referrals/{allocated.reference}/"
    assert after.worker == bea
    assert road.last_entry(after, "name_worker").facts["worker"] == bea.reference
    assert after.record.tasks.open().get(kind="start_work").owner == bea
    assert client_of(bea).get(answer.url).status_code == 200


def test_a_change_of_worker_needs_its_reason(allocated, client_of, mo, bea, amara):
    send(client_of(mo), allocated, "name-worker", worker=bea.reference)
    named = road.again(allocated)

    asked = send(client_of(mo), named, "name-worker", worker=amara.reference)
    done = send(client_of(mo), named, "name-worker", worker=amara.reference, reason="Bea is on leave.")

    assert asked.status_code == 422
    assert "Say why the worker changes" in road.text(asked)
    assert done.status_code == 302
    assert road.again(allocated).worker == amara
    assert road.again(allocated).allocations.count() == 2


def test_only_workers_of_the_team_are_offered_without_those_who_are_barred(allocated, client_of, mo, bea, carl, dot):
    AccessBar.objects.create(user=bea, record_id=allocated.person_id, reason="A cousin.", set_by=mo, set_at=clock.now())

    page = road.text(client_of(mo).get(road.url(allocated, "name-worker")))
    forged = send(client_of(mo), allocated, "name-worker", worker=carl.reference)

    assert "Amara, no open referrals" in page
    assert not {"Bea,", "Carl,", "Dot,"} & set(page.split())
    assert forged.status_code == 422
    assert road.again(allocated).worker is None


def test_the_same_worker_on_both_sides_is_questioned(front_door, client_of, amara, bea, mo, willow):
    displayed, harmed = road.awaiting(amara, "1", harmed=True)
    road.assess_harmed(harmed, amara, tier=3)
    for referral in (displayed, harmed):
        client_of(mo).post(
            road.url(referral, "decide"),
            {
                "version": road.again(referral).version,
                "agrees": "yes",
                "decision": "statutory",
                "statutory_team": "willow",
                "reason": "It fits.",
            },
        )
    send(client_of(mo), road.again(displayed), "name-worker", worker=bea.reference)

    asked = send(client_of(mo), road.again(harmed), "name-worker", worker=bea.reference)
    done = send(
        client_of(mo), road.again(harmed), "name-worker", worker=bea.reference, same_worker_reason="Both know Bea."
    )

    assert asked.status_code == 422
    assert "Why the same worker is right for both children" in road.text(asked)
    assert done.status_code == 302
    assert road.again(harmed).worker == bea


# --- Start work ----------------------------------------------------


def test_the_worker_records_that_work_has_started(allocated, client_of, mo, bea):
    send(client_of(mo), allocated, "name-worker", worker=bea.reference)

    answer = send(client_of(bea), road.again(allocated), "start-work", **date_parts("started_on", clock.today()))

    assert answer.status_code == 302
    assert road.again(allocated).open_allocation().work_started_on == clock.today()
    assert not allocated.record.tasks.open().filter(kind="start_work").exists()


def test_work_cannot_have_started_before_the_team_had_it(allocated, client_of, mo, bea):
    send(client_of(mo), allocated, "name-worker", worker=bea.reference)
    too_early = date_parts("started_on", cast.SINCE)

    answer = send(client_of(bea), road.again(allocated), "start-work", **too_early)

    assert answer.status_code == 422
    assert "must be on or after the day the team got the referral" in road.text(answer)
    assert 'value="2020"' in road.text(answer), "what was typed is kept"


def test_without_a_worker_the_page_says_what_must_be_first(allocated, client_of, mo):
    page = client_of(mo).get(road.url(allocated, "start-work"))
    forged = send(client_of(mo), allocated, "start-work", **date_parts("started_on", clock.today()))

    assert page.status_code == 409
    assert "Name a worker first." in road.text(page)
    assert forged.status_code == 422
    assert "Name a worker first." in road.text(forged)


# --- Send back ----------------------------------------------------


def test_the_receiving_manager_sends_it_back(front_door, client_of, amara, mo, esi, hazel, dev):
    referral = road.with_early_help(amara, mo, hazel)

    answer = send(client_of(esi), referral, "refuse-allocation", reason="No room this month.")

    after = road.again(referral)
    assert (after.state, after.record.holding_team.slug) == ("awaiting_decision", "front-door")
    assert road.last_entry(after, "refuse_allocation").reason == "No room this month."
    assert after.record.tasks.open().get(kind="decide").team.slug == "front-door"
    assert answer.url == "/my-work/"
    assert client_of(dev).get(f"/referrals/{referral.reference}/").status_code == 200


def test_after_work_has_started_it_cannot_be_sent_back(front_door, client_of, amara, mo, esi, eli, hazel):
    referral = road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)

    page = client_of(esi).get(road.url(referral, "refuse-allocation"))
    forged = send(client_of(esi), referral, "refuse-allocation", reason="No room.")

    assert page.status_code == 409
    assert "Work has already started" in road.text(page)
    assert forged.status_code == 422
    assert road.again(referral).state == "early_help"


def test_a_reason_is_asked_for(allocated, client_of, mo):
    answer = send(client_of(mo), allocated, "refuse-allocation", reason=" ")

    assert answer.status_code == 422
    assert "Say why your team cannot take this referral" in road.text(answer)
    assert "It will be read by the manager who allocated it to you." in road.text(answer)


# --- Who may not, and when not ----------------------------------------------------

VERBS = ["name-worker", "start-work", "refuse-allocation"]
TYPED = {"reason": "No room.", "worker": "XXXXXXXX", "started_on_day": "1"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["carl", "max", "dee", "coo"])
def test_strangers_find_nothing(allocated, request, client_of, who, verb, method):
    written = road.entries(allocated)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(allocated, verb), TYPED)

    assert answer.status_code == 404
    assert road.entries(allocated) == written


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["name-worker", "refuse-allocation"])
def test_a_worker_is_no_manager(allocated, client_of, mo, bea, verb, method):
    send(client_of(mo), allocated, "name-worker", worker=bea.reference)
    written = road.entries(allocated)

    answer = getattr(client_of(bea), method)(road.url(allocated, verb), TYPED)

    assert answer.status_code == 403
    assert road.entries(allocated) == written


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
def test_before_an_allocation_it_is_too_early(front_door, client_of, amara, dev, verb, method):
    referral, _ = road.awaiting(amara)
    written = road.entries(referral)

    answer = getattr(client_of(dev), method)(road.url(referral, verb), TYPED)

    assert answer.status_code == 409
    assert road.entries(referral) == written
