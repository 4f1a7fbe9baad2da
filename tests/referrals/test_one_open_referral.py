"""A child has one open referral, whatever happens at the same moment."""

from uuid import uuid4

import pytest
from django.db import transaction

from hsb.core import clock
from referrals.models import Concern, Person, Referral
from referrals.services import deciding, episodes, intake, police, urgent
from referrals.states import OPEN
from tests import cast
from tests.core.threads import at_once
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=range(3), autouse=True)
def _again(request):
    """Once more: what happens at the same moment happens in another order each time."""


def log(author, child):
    return intake.log_concern(
        author=cast.again(author),
        once=uuid4(),
        people=[intake.Known(person=Person.objects.get(pk=child.pk), roles=("displayed",))],
        what_was_reported="Something was reported.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    )


def protect(who, referral):
    return urgent.record_protection(
        referral.reference,
        actor=cast.again(who),
        once=uuid4(),
        what="The children are apart.",
        done_on=clock.today(),
        who_was_told="The duty manager",
    )


def open_ones(child):
    return Referral.objects.filter(person=child, state__in=OPEN).count()


def well(results):
    assert [result for result in results if isinstance(result, Exception)] == []
    return results


def test_two_concerns_about_one_child_at_once(amara, dot, front_door):
    child = cast.person()

    well(at_once(lambda: log(amara, child), lambda: log(dot, child)))

    assert open_ones(child) == 1


def test_two_old_episodes_reopened_at_once(amara, mo, front_door, willow):
    child = cast.person()
    one, two = (cast.referral(amara, held_by=willow, state="closed", child=child, worker=amara) for _ in "12")

    well(
        at_once(
            lambda: episodes.reopen(one.reference, actor=cast.again(amara), reason="New facts."),
            lambda: episodes.reopen(two.reference, actor=cast.again(mo), reason="New facts."),
        )
    )

    assert open_ones(child) == 1


def test_protection_on_an_old_episode_and_on_the_running_one_at_once(amara, dot, front_door, willow):
    child = cast.person()
    old = cast.referral(amara, held_by=willow, state="closed", child=child, worker=amara)
    running = cast.referral(amara, held_by=front_door, state="received", child=child)

    well(at_once(lambda: protect(amara, old), lambda: protect(dot, running)))

    assert running.protections.count() == 2


def test_a_concern_logged_while_the_referral_is_being_closed(amara, dot, dev, front_door):
    referral, _ = road.awaiting(amara, "0")

    def close():
        return deciding.close_with_advice(
            referral.reference,
            actor=cast.again(dev),
            closed_as="no_service",
            reason="What was weighed.",
            version=referral.version,
        )

    at_once(close, lambda: log(dot, referral.person))

    latest = Concern.objects.order_by("-pk").first()
    assert {part.referral.state for part in latest.involvements.all()} <= set(OPEN)


def test_form_87a_needed_twice_at_once_is_one(amara, dot, front_door):
    referral, _ = road.logged(amara)
    concern = referral.involvements.get().concern

    def need(user):
        with transaction.atomic():
            police.lock_with_siblings(referral.reference)
            return police.need_police_referral(Concern.objects.get(pk=concern.pk), actor=user)

    forms = well(at_once(lambda: need(amara), lambda: need(dot)))

    assert len({form.pk for form in forms}) == 1
