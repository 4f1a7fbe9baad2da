"""On a restricted record only named people count: who holds it, or is asked, is named, and only so long (B15)."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.people.states import Role
from referrals.models import Person, Referral
from referrals.services import deciding, intake, meetings, restricting, working
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road
from tests.referrals.test_own_work import to, written_by

pytestmark = pytest.mark.django_db


def log(author, *people):
    return intake.log_concern(
        author=author,
        once=uuid4(),
        people=people,
        what_was_reported="Something was reported.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    )


def known(person, role="displayed", because=""):
    return intake.Known(
        person=Person.objects.get(pk=person.pk), roles=(role,), attach=not because, separate_because=because
    )


def opens(user, referral):
    return Referral.objects.visible_to(cast.again(user)).filter(pk=referral.pk).exists()


def test_after_the_decision_the_front_door_is_named_no_longer(amara, dot, dev, max, front_door, rowan):
    dov = cast.user("Dov", (front_door, Role.MANAGER))
    referral = log(amara, known(cast.person(restricted=True))).opened[0]
    assert opens(dev, referral)
    written_by(dev, referral, submitted_by=dev)

    deciding.allocate(referral.reference, actor=dov, destination=to(rowan))

    assert [user.name for user in (dev, dov, max) if opens(user, referral)] == ["Max"]


def test_nobody_lets_herself_in_by_logging_a_concern(amara, dev, max, front_door, rowan):
    dov = cast.user("Dov", (front_door, Role.MANAGER))
    child = cast.person()
    restricting.restrict(
        cast.referral(amara, held_by=rowan, state="statutory", child=child).reference, actor=max, reason="Staff family."
    )

    made = log(dev, known(child, because="Another matter.")).opened[0]

    assert not opens(dev, made)
    assert opens(dov, made)
    assert not Person.objects.visible_to(cast.again(dev)).filter(pk=child.pk).exists()


def test_who_is_asked_about_a_meeting_can_decide_and_sees_it_no_longer_then(
    amara, dev, eli, esi, front_door, hazel, willow
):
    referral = road.with_early_help(amara, dev, hazel)
    restricting.restrict(referral.reference, actor=esi, reason="Staff family.", readers=[eli])
    asked = meetings.request_meeting(referral.reference, actor=eli, grounds="Cause to suspect harm.")
    assert opens(dev, referral)

    meetings.decide_meeting(
        asked.reference, actor=cast.again(dev), convene=False, reason="Not this time.", weighed=road.weighed()
    )

    assert not opens(dev, referral)


def test_who_is_asked_to_take_the_child_can_answer(amara, dev, eli, esi, max, front_door, hazel, rowan):
    referral = road.with_early_help(amara, dev, hazel)
    restricting.restrict(referral.reference, actor=esi, reason="Staff family.", readers=[eli])

    offered = working.offer(referral.reference, actor=eli, kind="step_up", to_team=rowan, reason="More is needed.")

    assert opens(max, referral)
    working.refuse_offer(offered.reference, actor=cast.again(max), answer="Not this time.")
    assert not opens(max, referral)


def test_lifting_leaves_the_teams_own_grant(amara, dev, front_door):
    referral = log(amara, known(cast.person(restricted=True))).opened[0]

    restricting.lift_restriction(referral.reference, actor=cast.again(dev), reason="It is over.")

    assert opens(dev, referral)
    assert not referral.record.grants.filter(user=dev, ends_at=None).exists()


@pytest.mark.parametrize("hidden_by", ["bar", "restriction"])
def test_a_child_of_another_borough_is_named_only_to_those_who_may_know(
    amara, dot, dev, max, front_door, rowan, client_of, hidden_by
):
    hidden = cast.person("Zephyrine", "Quill", other_authority="Otherborough")
    old = cast.referral(amara, held_by=rowan, state="statutory", child=hidden)
    if hidden_by == "bar":
        restricting.bar(old.reference, actor=max, user=dev, reason="A neighbour.")
    else:
        restricting.restrict(old.reference, actor=max, reason="Staff family.")
    newcomer = intake.Newcomer(details={"given_name": "Robin", "family_name": "Sample"}, roles=("displayed",))
    referral = log(amara, newcomer, known(hidden, "harmed", because="Another matter.")).opened[0]
    referral = road.assess_displayed(referral, dot, "1")

    shown = client_of(dev).get(road.url(referral, "decide"))

    assert shown.status_code == 200
    assert "Zephyrine" not in page(shown).text
    assert "Another child" in page(shown).text


def test_whoever_is_barred_from_the_child_does_not_open_the_concern_she_logged(amara, mo, front_door, client_of):
    referral, _ = road.logged(amara, harmed=False)
    concern = referral.involvements.get().concern
    browser = client_of(amara)
    assert browser.get(f"/concerns/{concern.reference}/").status_code == 200

    restricting.bar(referral.reference, actor=mo, user=amara, reason="A neighbour.")

    assert browser.get(f"/concerns/{concern.reference}/").status_code == 404


def test_an_earlier_episode_does_not_show_where_a_restricted_child_lives_now(amara, max, front_door, rowan, willow, mo):
    child = cast.person(address="1 Example Road")
    cast.referral(amara, held_by=willow, state="closed", child=child, worker=amara)
    now = cast.referral(max, held_by=rowan, state="statutory", child=child)
    assert Person.objects.visible_to(cast.again(amara)).filter(pk=child.pk).exists()

    restricting.restrict(now.reference, actor=max, reason="Staff family.")

    assert not Person.objects.visible_to(cast.again(amara)).filter(pk=child.pk).exists()
    assert Person.objects.visible_to(cast.again(max)).filter(pk=child.pk).exists()
