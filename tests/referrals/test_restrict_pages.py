"""Who may open a record: restrict, lift, name a reader, bar, lift a bar: through a browser."""

from datetime import timedelta

import pytest

from hsb.core import clock, work
from hsb.core.forms import date_parts
from hsb.core.models import AccessBar, AccessGrant
from referrals.services import restricting
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db
WHY = {"reason": "A relative works in the team."}
VERBS = ["restrict", "lift-restriction", "name-reader", "bar", "lift-bar"]


@pytest.fixture
def referral(front_door, amara, bea, mo, willow):
    """A child with Willow; Bea works with them, Mo manages."""
    return cast.referral(amara, held_by=willow, state="statutory", worker=bea, tier=3)


def opens(client_of, user, referral):
    return client_of(user).get(f"/referrals/{referral.reference}/").status_code == 200


# --- Restrict and lift ----------------------------------------------------


def test_restricting_leaves_it_to_named_people(referral, client_of, mo, bea, cho, aud, willow):
    other = cast.user("Ott", (willow, "manager"))

    answer = client_of(mo).post(road.url(referral, "restrict"), WHY | {"readers": cho.email.upper()})

    assert answer.url == f"/referrals/{referral.reference}/"
    assert road.again(referral).record.restricted
    assert road.last_entry(referral, "restrict").reason == WHY["reason"]
    assert [opens(client_of, u, referral) for u in (mo, bea, cho, other, aud)] == [True, True, True, False, False]


def test_addresses_that_nobody_has_are_named_and_all_is_kept(referral, client_of, mo, dee):
    answer = client_of(mo).post(road.url(referral, "restrict"), WHY | {"readers": f"nobody@example.org\n{dee.email}"})

    assert answer.status_code == 422
    assert "Nobody who uses this service has the address nobody@example.org" in road.text(answer)
    assert "Dee has no role that reads case records" in road.text(answer)
    assert WHY["reason"] in road.text(answer)
    assert not road.again(referral).record.restricted


def test_lifting_ends_what_was_only_named(referral, client_of, mo, cho):
    client_of(mo).post(road.url(referral, "restrict"), WHY | {"readers": cho.email})

    answer = client_of(mo).post(road.url(referral, "lift-restriction"), {"reason": "The relative has left."})

    assert answer.status_code == 302
    assert not road.again(referral).record.restricted
    assert not opens(client_of, cho, referral)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_restricted_is_not_restricted_again(referral, client_of, mo, method):
    restricting.restrict(referral.reference, actor=mo, reason="A relative works here.")

    assert getattr(client_of(mo), method)(road.url(referral, "restrict"), WHY).status_code == 409
    assert client_of(mo).get(road.url(referral, "lift-restriction")).status_code == 200


# --- Name a reader ----------------------------------------------------


def test_a_named_reader_opens_it_until_the_day_that_was_said(referral, client_of, mo, carl):
    last = clock.today() + timedelta(days=3)

    answer = client_of(mo).post(
        road.url(referral, "name-reader"), WHY | {"reader": carl.email, **date_parts("until", last)}
    )

    grant = AccessGrant.objects.get(record=referral.record, user=carl)
    assert answer.status_code == 302
    assert grant.ends_at.date() == last
    assert opens(client_of, carl, referral)
    assert road.last_entry(referral, "name_reader").facts["reader"] == carl.reference


def test_somebody_who_is_barred_is_not_named(referral, client_of, mo, carl):
    restricting.bar(referral.reference, actor=mo, user=carl, reason="A cousin.")

    answer = client_of(mo).post(road.url(referral, "name-reader"), WHY | {"reader": carl.email})

    assert answer.status_code == 422
    assert "Carl cannot be given access to this record." in road.text(answer)


# --- Bar and lift a bar ----------------------------------------------------


def test_a_bar_beats_every_other_leave(referral, client_of, mo, willow):
    other = cast.user("Ott", (willow, "manager"))
    before = opens(client_of, other, referral)

    answer = client_of(mo).post(road.url(referral, "bar"), {"user": other.email, "reason": "A cousin."})

    assert answer.status_code == 302
    assert (before, opens(client_of, other, referral)) == (True, False)
    assert road.last_entry(referral, "bar").facts["user"] == other.reference


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        pytest.param("mo", "You cannot bar yourself: ask another manager.", id="oneself"),
        pytest.param("bea", "Bea is the allocated worker: name another worker first.", id="the allocated worker"),
    ],
)
def test_who_cannot_be_barred_is_said(referral, request, client_of, mo, who, sentence):
    answer = client_of(mo).post(
        road.url(referral, "bar"), {"user": request.getfixturevalue(who).email, "reason": "A cousin."}
    )

    assert answer.status_code == 422
    assert sentence in road.text(answer)
    assert not AccessBar.objects.exists()


def test_a_bar_is_lifted_by_its_name(referral, client_of, mo, carl, dot):
    for user in (carl, dot):
        restricting.bar(referral.reference, actor=mo, user=user, reason="A cousin.")

    answer = client_of(mo).post(road.url(referral, "lift-bar"), {"user": carl.reference, "reason": "No relative."})

    assert answer.status_code == 302
    assert list(AccessBar.objects.filter(lifted_at=None).values_list("user__name", flat=True)) == ["Dot"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_bar_there_is_none_to_lift(referral, client_of, mo, method):
    assert getattr(client_of(mo), method)(road.url(referral, "lift-bar"), WHY).status_code == 409


# --- Who may not ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["restrict", "name-reader", "bar"])
def test_a_worker_does_not_decide_who_opens_it(referral, client_of, bea, carl, verb, method):
    written = road.entries(referral)

    answer = getattr(client_of(bea), method)(road.url(referral, verb), WHY | {"reader": carl.email, "user": carl.email})

    assert answer.status_code == 403
    assert road.entries(referral) == written


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["carl", "max", "dee", "coo", "cho", "aud"])
def test_strangers_find_nothing(referral, request, client_of, who, verb, method):
    written = road.entries(referral)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(referral, verb), WHY)

    assert answer.status_code == 404
    assert road.entries(referral) == written


def test_a_reader_is_named_by_name_and_chosen_where_two_are_called_so(referral, client_of, mo, carl, rowan, willow):
    other = cast.user("Carl", (willow, "practitioner"), email="carl2@example.org")
    path = road.url(referral, "name-reader")
    assert "Carl, Willow" in client_of(mo).get("/colleagues/").json()["names"]

    asked = client_of(mo).post(path, WHY | {"reader": "carl"})
    done = client_of(mo).post(path, WHY | {"reader": "carl", "reader_for_0": "carl", "reader_which_0": other.reference})

    assert asked.status_code == 422
    assert "2 people may be meant by “carl”" in road.text(asked)
    assert WHY["reason"] in road.text(asked)
    assert done.status_code == 302
    assert opens(client_of, other, referral)
    assert not opens(client_of, carl, referral)


# --- Why, and what is left of it ----------------------------------------------------


def test_why_is_read_by_managers_and_auditors_alone_as_the_form_says(referral, client_of, mo, bea, aud, carl):
    restricting.bar(referral.reference, actor=mo, user=carl, reason="An uncle of zebra.")
    addresses = [road.url(referral, "chronology"), road.url(referral, "chronology/print")]

    for address in addresses:
        assert all("An uncle of zebra." in road.text(client_of(user).get(address)) for user in (mo, aud))
        shown = road.text(client_of(bea).get(address))
        assert "Barred from this child's records: Carl" in shown
        assert "zebra" not in shown
        assert "Why is read by the team's managers and by auditors" in shown


def test_nobody_who_is_barred_is_named_while_restricting(referral, client_of, mo, carl):
    restricting.bar(referral.reference, actor=mo, user=carl, reason="A cousin.")

    answer = client_of(mo).post(road.url(referral, "restrict"), WHY | {"readers": carl.email})

    assert answer.status_code == 422
    assert "Carl cannot be given access to this record." in road.text(answer)
    assert not road.again(referral).record.restricted


def test_a_manager_does_not_end_her_own_leave(referral, client_of, mo):
    restricting.restrict(referral.reference, actor=mo, reason="A relative works here.")

    answer = client_of(mo).post(
        road.url(referral, "name-reader"), WHY | {"reader": mo.email, **date_parts("until", clock.today())}
    )

    assert answer.status_code == 422
    assert "You cannot set a last day for yourself: ask another manager." in road.text(answer)
    assert AccessGrant.objects.get(record=referral.record, user=mo, because="named").ends_at is None


def test_what_was_asked_of_whoever_is_barred_is_asked_of_who_has_the_child(referral, mo, bea, willow):
    ann = cast.user("Ann", (willow, "manager"))
    work.ask(referral.record, "confirm_marker", owner=ann, about="x-1")
    work.ask(referral.record, "protection", owner=ann)
    work.ask(referral.record, "read_note", owner=ann, about="x-1")

    restricting.bar(referral.reference, actor=mo, user=ann, reason="A cousin.")

    tasks = {task.kind: (task.owner, task.team) for task in referral.record.tasks.open()}
    assert tasks == {"confirm_marker": (None, willow), "protection": (bea, None), "read_note": (ann, None)}
