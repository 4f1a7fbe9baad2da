"""After logging: the part a child had, attaching to the open referral, telling the referrer."""

import html as entities
from datetime import UTC, date, datetime

import pytest

from hsb.core import work
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord, Entry, Task
from referrals.models import Concern, Involvement, Protection, Referral
from referrals.services import joining, police, urgent
from referrals.states import ReferralState
from tests import cast

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


def shown(response):
    return entities.unescape(response.content.decode())


def now(referral):
    return Referral.objects.select_related("record").get(pk=referral.pk)


# --- The part a child had ---


@pytest.fixture
def unknown(amara, willow):
    """Received, held by Amara's team; the part is not yet known."""
    return cast.referral(amara, held_by=willow, side="not_yet_known")


def set_roles(browser, referral, *roles, **more):
    return browser.post(
        f"/referrals/{referral.reference}/set-roles/", {"version": referral.version, "roles": list(roles), **more}
    )


def test_a_part_that_becomes_known_decides_the_questions(laptop, unknown, amara):
    response = set_roles(laptop, unknown, "displayed", "harmed")

    assert response.url == f"/referrals/{unknown.reference}/"
    assert now(unknown).side == "both"
    assert sorted(unknown.involvements.values_list("role", flat=True)) == ["displayed", "harmed"]
    entry = Entry.objects.get(record=unknown.record, verb="set_roles")
    assert (entry.actor, entry.facts["was"], entry.facts["now"]) == (amara, ["not_yet_known"], ["displayed", "harmed"])


def test_a_part_that_no_longer_holds_stays_as_unfounded(laptop, unknown):
    set_roles(laptop, unknown, "displayed")
    set_roles(laptop, now(unknown), "harmed")

    parts = unknown.involvements.order_by("pk").values_list("role", "status")
    assert list(parts) == [("displayed", "unfounded"), ("harmed", "alleged")]


def test_the_page_shows_the_part_that_stands(laptop, unknown):
    html = shown(laptop.get(f"/referrals/{unknown.reference}/set-roles/"))

    assert 'value="not_yet_known" checked' in html
    assert "Which concern?" not in html


def test_with_several_concerns_one_is_chosen(laptop, amara, willow, unknown):
    other = cast.concern(amara, reported_on=date(2026, 11, 20))
    Involvement.objects.create(concern=other, person=unknown.person, role="not_yet_known", referral=unknown)

    page = shown(laptop.get(f"/referrals/{unknown.reference}/set-roles/"))
    refused = set_roles(laptop, unknown, "harmed")
    set_roles(laptop, unknown, "harmed", concern=other.reference)

    assert "Reported on 20 November 2026: School" in page
    assert "Choose the concern" in shown(refused)
    assert Involvement.objects.get(concern=other).role == "harmed"
    assert now(unknown).side == "harmed"


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        pytest.param((), "Choose what part this child had in it", id="none"),
        pytest.param(("harmed", "not_yet_known"), "Choose either 'role not yet known'", id="two at odds"),
        pytest.param(("witness",), "choose from the answers shown", id="one that is not offered"),
    ],
)
def test_a_part_that_cannot_be_is_refused(laptop, unknown, roles, sentence):
    response = set_roles(laptop, unknown, *roles)

    assert response.status_code == 422
    assert sentence in shown(response)


def test_a_double_click_is_one_entry(laptop, unknown):
    first, second = set_roles(laptop, unknown, "harmed"), set_roles(laptop, unknown, "harmed")

    assert (first.status_code, second.status_code) == (302, 302)
    assert Entry.objects.filter(verb="set_roles").count() == 1


def test_whoever_was_overtaken_sees_it(laptop, client_of, bea, unknown):
    set_roles(client_of(bea), unknown, "displayed")

    response = set_roles(laptop, unknown, "harmed")

    assert response.status_code == 409
    assert now(unknown).side == "displayed"


def test_an_ended_referral_keeps_its_part(laptop, amara, willow):
    closed = cast.referral(amara, held_by=willow, state=ReferralState.CLOSED, worker=amara)

    assert set_roles(laptop, closed, "harmed").status_code == 422
    assert now(closed).side == "displayed"


# --- Telling the referrer ---


@pytest.fixture
def decided(mo, willow, amara):
    referral = cast.referral(mo, held_by=willow, state=ReferralState.STATUTORY, worker=amara)
    work.ask(referral.record, "tell_referrer", owner=amara)
    return referral


def tell(browser, referral, told_on=TODAY, how="By telephone, who is in touch."):
    return browser.post(
        f"/referrals/{referral.reference}/tell-referrer/", {"how": how, **date_parts("told_on", told_on)}
    )


def test_telling_the_referrer_ends_the_task(laptop, decided, amara):
    response = tell(laptop, decided)

    entry = Entry.objects.get(verb="tell_referrer")
    assert response.url == f"/referrals/{decided.reference}/"
    assert Concern.objects.get().referrer_told_on == TODAY
    assert Task.objects.get(kind="tell_referrer").done_by == amara
    assert (entry.actor, entry.reason, entry.happened_on) == (amara, "By telephone, who is in touch.", TODAY)
    assert "It is recorded that the referrer was told." in shown(laptop.get(response.url))


def test_told_twice_by_a_double_click_is_one_entry(laptop, decided):
    tell(laptop, decided)
    tell(laptop, decided)

    assert Entry.objects.filter(verb="tell_referrer").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param({"how": ""}, "Say how they were told, and what", id="not said how"),
        pytest.param({"told_on": date(2026, 11, 24)}, "must be today or in the past", id="tomorrow"),
        pytest.param(
            {"told_on": date(2026, 11, 22)},
            "must be on or after the day the concern was reported, 23 November 2026",
            id="before it was reported",
        ),
    ],
)
def test_what_is_missing_is_said(laptop, decided, typed, sentence):
    response = tell(laptop, decided, **typed)

    assert response.status_code == 422
    assert sentence in shown(response)


def test_do_not_disclose_warns_before_telling(laptop, decided):
    Concern.objects.update(do_not_disclose=True)

    html = shown(laptop.get(f"/referrals/{decided.reference}/tell-referrer/"))

    assert "Do not disclose yet stands on this concern" in html


# --- Attaching ---


@pytest.fixture
def twins(amara, mo, willow, max, rowan):
    """(a new referral held by Willow, the open one of the same child with Rowan): a late discovery."""
    child = cast.person("Robin")
    open_one = cast.referral(max, held_by=rowan, child=child, side="harmed", state=ReferralState.STATUTORY, worker=max)
    return cast.referral(amara, held_by=willow, child=child), open_one


def attach(browser, new, to, reason="Found by date of birth."):
    return browser.post(
        f"/referrals/{new.reference}/attach/", {"version": new.version, "to_reference": to.reference, "reason": reason}
    )


def test_a_manager_attaches_to_the_open_referral_of_the_same_child(client_of, mo, max, twins):
    new, open_one = twins
    page = shown(client_of(mo).get(f"/referrals/{new.reference}/attach/"))
    response = attach(client_of(mo), new, open_one)

    assert f"{open_one.reference}, with statutory social work, with Rowan: Max" in page
    assert response.status_code == 302
    assert (now(new).state, now(new).attached_to) == ("attached", open_one)
    assert Entry.objects.get(record=new.record, verb="attach").actor == mo
    assert Involvement.objects.filter(referral=open_one).count() == 2
    assert Task.objects.get(kind="new_concern").owner == max


def test_the_open_referral_asks_from_then_on_what_both_concerns_ask(client_of, mo, twins):
    new, open_one = twins
    police.need_police_referral(new.involvements.get().concern, actor=mo)

    attach(client_of(mo), now(new), open_one)

    assert (now(open_one).side, now(open_one).police_outstanding) == ("both", True)
    assert Task.objects.open().filter(record=open_one.record, kind="police_referral").count() == 1


def test_protection_that_waits_for_its_follow_up_goes_along(client_of, mo, twins):
    new, open_one = twins
    urgent.record_protection(
        new.reference,
        actor=mo,
        once="1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        what="Kept apart.",
        done_on=TODAY,
        who_was_told="The school.",
    )

    attach(client_of(mo), now(new), open_one)

    assert Protection.objects.get().referral == open_one
    assert Task.objects.open().filter(record=open_one.record, kind="protection").count() == 1


def test_a_restricted_one_that_the_manager_may_not_open_is_not_offered(client_of, mo, twins):
    new, open_one = twins
    open_one.record.restricted = True
    open_one.record.save(update_fields=["restricted"])

    response = attach(client_of(mo), new, open_one)

    assert response.status_code == 422
    assert open_one.reference not in shown(client_of(mo).get(f"/referrals/{new.reference}/attach/"))
    assert now(new).state == "received"


def test_attaching_needs_a_reason(client_of, mo, twins):
    response = attach(client_of(mo), *twins, reason="")

    assert response.status_code == 422
    assert "Say why this belongs to the referral that is already open" in shown(response)


def test_a_worker_does_not_attach(laptop, twins):
    assert laptop.get(f"/referrals/{twins[0].reference}/attach/").status_code == 403


def test_a_child_with_one_referral_has_nothing_to_attach_to(client_of, mo, amara, willow):
    referral = cast.referral(amara, held_by=willow)

    response = client_of(mo).get(f"/referrals/{referral.reference}/attach/")

    assert response.status_code == 409
    assert "no other open referral to attach this one to" in shown(response)


# --- Who may ---


@pytest.mark.parametrize("who", ["carl", "dee"])
@pytest.mark.parametrize("page", ["set-roles", "tell-referrer", "attach"])
def test_strangers_get_nothing(request, client_of, unknown, who, page):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(f"/referrals/{unknown.reference}/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["set-roles", "tell-referrer"])
def test_looking_is_recorded_on_the_referral(laptop, unknown, page):
    laptop.get(f"/referrals/{unknown.reference}/{page}/")

    looked = AccessRecord.objects.get()
    assert (looked.record, looked.page) == (unknown.record, page.replace("-", "_"))


def test_a_child_known_by_a_first_name_joins_the_open_referral_when_named(amara, max, rowan, front_door):
    child = cast.person("Cy", "")
    about = cast.concern(amara)
    Involvement.objects.create(concern=about, person=child, role="harmed")
    open_one = cast.referral(max, held_by=rowan, child=child, state=ReferralState.STATUTORY, worker=max)
    child.family_name = "Example"
    child.save()

    joined = joining.open_now_named(child, actor=amara)

    assert joined == open_one
    assert now(open_one).side == "both"
    assert Involvement.objects.get(concern=about).referral == open_one
    assert Task.objects.get(kind="new_concern").owner == max
