"""Nobody decides on their own work: not who logged any of the concerns, not who wrote on the assessment (B6)."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.refusals import Denied
from referrals.services import assessing, behaviours, deciding, intake
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


def to(team):
    return deciding.Destination(team=team, reason="What was weighed.")


def written_by(writer, referral, *, submitted_by):
    assessment = assessing.begin_assessment(referral.reference, actor=writer)
    for part in referral.involvements.all():
        behaviours.add_behaviour(
            assessment.reference, actor=writer, concern=part.concern, description="What was seen.", category="1"
        )
    road.answer(assessment, writer, "1")
    assessing.submit(assessment.reference, actor=submitted_by)


def another_concern(author, person):
    intake.log_concern(
        author=author,
        once=uuid4(),
        people=[intake.Known(person=person, roles=("displayed",))],
        what_was_reported="Something else was reported.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    )


def test_a_manager_who_wrote_what_a_colleague_submitted(amara, dot, dev, front_door, rowan):
    referral, _ = road.logged(amara, harmed=False)
    written_by(dev, referral, submitted_by=dot)

    with pytest.raises(Denied):
        deciding.allocate(referral.reference, actor=dev, destination=to(rowan))

    assert road.again(referral).state == "awaiting_decision"


def test_a_manager_who_logged_a_further_concern_of_the_child(amara, dev, front_door, rowan):
    referral, _ = road.logged(amara, harmed=False)
    another_concern(dev, referral.person)
    written_by(amara, road.again(referral), submitted_by=amara)

    with pytest.raises(Denied):
        deciding.allocate(referral.reference, actor=dev, destination=to(rowan))

    assert road.again(referral).state == "awaiting_decision"


def test_a_manager_of_the_team_who_did_neither(amara, dot, dev, front_door, rowan):
    referral, _ = road.logged(amara, harmed=False)
    written_by(amara, referral, submitted_by=dot)

    deciding.allocate(referral.reference, actor=dev, destination=to(rowan))

    assert road.again(referral).state == "statutory"
