"""Calls to the police, and what became of Form 87A: through a browser."""

from uuid import uuid4

import pytest

from hsb.core import clock, drafts
from hsb.core.forms import date_parts
from referrals.models import Disclosure, PoliceCall, PoliceReferral
from referrals.services import urgent
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


def call(**answers):
    return {
        "once": str(uuid4()),
        "emergency": "no",
        "spoke_to": "PC 1234, duty desk",
        "what_was_said": "What the school reported.",
        **date_parts("called", clock.today(), at=""),
    } | answers


def sent(form, **answers):
    return {
        "version": form.version,
        "about": form.reference,
        "decision": "sent",
        "sent_to": "Child abuse team, Exampleborough",
        "sent_how": "Secure e-mail",
        **date_parts("sent", clock.today(), at=""),
    } | answers


@pytest.fixture
def needed(front_door, amara, willow, mo):
    """A referral of category 2: its Form 87A is needed."""
    referral, _ = road.awaiting(amara, "2")
    return referral


# --- The call ----------------------------------------------------


@pytest.mark.parametrize("state", ["received", "statutory", "closing_proposed"])
def test_a_call_is_recorded_as_something_shared(front_door, client_of, amara, willow, state):
    worker = None if state == "received" else amara
    referral = cast.referral(amara, held_by=willow, state=state, worker=worker)

    answer = client_of(amara).post(road.url(referral, "police-call"), call(emergency="yes", police_reference="CAD 77"))

    row = PoliceCall.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/"
    assert (row.emergency, row.spoke_to, row.police_reference) == (True, "PC 1234, duty desk", "CAD 77")
    assert Disclosure.objects.get(record=referral.record).to_whom == "Police: PC 1234, duty desk"
    assert road.last_entry(referral, "record_police_call").actor == amara


def test_a_second_click_makes_no_second_call(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    form = call()

    for _ in range(2):
        client_of(amara).post(road.url(referral, "police-call"), form)

    assert PoliceCall.objects.count() == 1


def test_a_call_about_a_closed_referral_opens_a_new_episode(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    client_of(amara).post(road.url(referral, "police-call"), call())

    assert PoliceCall.objects.get().referral.previous == referral


def test_what_is_missing_is_asked_for_and_the_rest_is_kept(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)

    answer = client_of(amara).post(road.url(referral, "police-call"), call(spoke_to=""))

    assert answer.status_code == 422
    assert "Enter who you spoke to" in road.text(answer)
    assert "What the school reported." in road.text(answer)


# --- Form 87A ----------------------------------------------------


def test_it_is_recorded_as_sent_by_whoever_works_with_the_case(needed, client_of, amara):
    form = PoliceReferral.objects.get()

    answer = client_of(amara).post(road.url(needed, "police-referral"), sent(form, consent="Not asked: police advice."))

    form = PoliceReferral.objects.get(pk=form.pk)
    assert answer.status_code == 302
    assert (form.state, form.sent_to, form.resolved_by) == ("sent", "Child abuse team, Exampleborough", amara)
    assert road.again(needed).police_outstanding is False
    assert not needed.record.tasks.open().filter(kind="police_referral").exists()
    assert Disclosure.objects.get(record=needed.record).consent == "Not asked: police advice."


@pytest.mark.parametrize(
    ("decision", "field", "state"),
    [
        ("not_sent_because", "not_sent_reason", "not_sent"),
        ("no_longer_needed_because", "not_needed_reason", "no_longer_needed"),
    ],
)
def test_a_manager_decides_that_it_is_not_sent(needed, client_of, mo, decision, field, state):
    form = PoliceReferral.objects.get()
    typed = {"version": form.version, "about": form.reference, "decision": decision}

    asked = client_of(mo).post(road.url(needed, "police-referral"), typed)
    done = client_of(mo).post(road.url(needed, "police-referral"), typed | {field: "The police have it already."})

    form = PoliceReferral.objects.get(pk=form.pk)
    assert asked.status_code == 422
    assert done.status_code == 302
    assert (form.state, form.reason) == (state, "The police have it already.")
    assert Disclosure.objects.get(record=needed.record).shared is False


def test_a_worker_cannot_decide_that_it_is_not_sent(needed, client_of, amara):
    form = PoliceReferral.objects.get()

    page = road.text(client_of(amara).get(road.url(needed, "police-referral")))
    forged = client_of(amara).post(
        road.url(needed, "police-referral"),
        {"version": form.version, "decision": "not_sent_because", "not_sent_reason": "No."},
    )

    form = PoliceReferral.objects.get(pk=form.pk)
    assert "It is not sent" not in page
    assert "Only a manager can decide" in page
    assert forged.status_code == 422
    assert form.state == "needed"


def test_the_second_to_record_it_is_told_who_was_first(needed, client_of, amara, mo):
    form = PoliceReferral.objects.get()
    client_of(amara).post(road.url(needed, "police-referral"), sent(form))

    second = client_of(mo).post(road.url(needed, "police-referral"), sent(form))

    assert second.status_code == 409
    assert "Amara changed this record" in road.text(second)


def test_of_two_forms_the_one_on_the_page_is_meant(front_door, client_of, amara, mo, willow):
    referral, _ = road.awaiting(amara, "2")
    other = cast.concern(amara)
    cast_part = referral.involvements.get()
    referral.involvements.create(concern=other, person=referral.person, role=cast_part.role)
    urgent.need_police_referral(other, actor=amara)
    first, second = PoliceReferral.objects.order_by("needed_since")

    client_of(amara).post(road.url(referral, "police-referral"), sent(second))

    first = PoliceReferral.objects.get(pk=first.pk)
    second = PoliceReferral.objects.get(pk=second.pk)
    assert (first.state, second.state) == ("needed", "sent")
    assert road.again(referral).police_outstanding is True


def test_what_was_typed_about_another_87a_is_not_put_into_this_one(needed, client_of, amara):
    path, typed = road.url(needed, "police-referral"), {"sent_to": ["Somebody else"]}
    browser = client_of(amara)

    drafts.keep(amara, drafts.PAGE, path, typed | {"about": ["POL-2026-99999"]})
    of_another = road.text(browser.get(path))
    drafts.keep(amara, drafts.PAGE, path, typed | {"about": [PoliceReferral.objects.get().reference]})
    of_this = road.text(browser.get(path))

    assert "Somebody else" not in of_another
    assert "Somebody else" in of_this


@pytest.mark.parametrize("method", ["get", "post"])
def test_where_none_is_needed_there_is_nothing_to_record(front_door, client_of, amara, willow, method):
    referral, _ = road.logged(amara)

    assert getattr(client_of(amara), method)(road.url(referral, "police-referral")).status_code == 409


# --- Who may not ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        *((who, verb, 404) for who in ("carl", "dee", "coo", "cho") for verb in ("police-call", "police-referral")),
        ("aud", "police-call", 403),
        ("aud", "police-referral", 404),
    ],
)
def test_who_does_not_work_with_it_records_nothing(needed, request, client_of, who, verb, status, method):
    written = road.entries(needed)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(needed, verb), call())

    assert answer.status_code == status
    assert road.entries(needed) == written
    assert PoliceReferral.objects.get().state == "needed"
