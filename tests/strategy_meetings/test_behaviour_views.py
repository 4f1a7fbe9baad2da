"""What a meeting says of single behaviours: typed with what is agreed, a view of its own once it is issued."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.people.states import Role, Service
from referrals.models import BehaviourAtMeeting, CategoryDecision
from strategy_meetings import documents
from strategy_meetings.services import sitting
from tests import cast
from tests.pages import assert_well_formed, filled, page
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
WHY = "The ambercroft nurse was asked."


@pytest.fixture
def specialists():
    return cast.team("Juniper", Service.SPECIALIST)


@pytest.fixture
def cho(specialists):
    return cast.user("Cho", (specialists, Role.CHAIR))


@pytest.fixture
def meeting(front_door, dot, dev, mo, amara, willow, cho):
    """A joint meeting of three children, held; Robin, Ash (displayed) and Sky (harmed)."""
    robin, _, _ = meeting_road.allocated(dot, dev, willow, amara)
    planned = meeting_road.planned(meeting_road.convened(robin, mo), cho, starts_at=clock.now())
    meeting_road.held(planned, cho)
    return meeting_road.again(planned)


def test_it_is_typed_for_each_behaviour_and_follows_the_decisions(meeting, cho, client_of):
    robin = meeting.children.get(number=1).referral
    behaviour = robin.behaviours().get()
    where, key = f"/meetings/{meeting.reference}/children/1/agree/", f"each_{behaviour.pk}"
    browser = client_of(cho)
    for number in (1, 2, 3):
        review = {"review": True, "review_on": clock.today() + timedelta(days=28)}
        meeting_road.agreed(meeting, number, cho, **review)

    asked = browser.get(where)
    answers = filled(asked, **{key: "3"})
    refused = browser.post(where, answers)
    sent = browser.post(where, {**answers, f"{key}_reason": [WHY]})
    again = filled(browser.get(where))
    part = page(browser.get(f"/meetings/{meeting.reference}/children/1/")).text

    assert_well_formed(asked)
    assert "Worker: Category" in page(asked).text
    assert (refused.status_code, sent.status_code) == (422, 302)
    assert (again[key], again[f"{key}_reason"]) == (["3"], [WHY])
    assert f"Category of behaviour 1 Category 3: Violent {WHY}" in part
    assert not CategoryDecision.objects.filter(view="meeting").exists()

    sitting.issue_decisions(meeting.reference, actor=cho)

    given = CategoryDecision.objects.get(view="meeting", behaviour=behaviour)
    assert (given.category, given.reason, given.by) == ("3", WHY, cho)
    copy = documents.copy_about(meeting_road.again(meeting).children.get(number=1))
    assert ["Category of behaviour 1", f"Category 3: Violent: {WHY}"] in copy["children"][0]["rows"]


def test_what_is_taken_away_is_not_said(meeting, cho):
    robin = meeting.children.get(number=1).referral
    said = {robin.behaviours().get().pk: ("3", WHY)}
    same = {"actor": cho, "answers": {}}

    sitting.save_child(meeting.reference, 1, behaviours=said, **same)
    sitting.save_child(meeting.reference, 1, **same)
    assert BehaviourAtMeeting.objects.count() == 1
    sitting.save_child(meeting.reference, 1, behaviours={}, **same)
    assert not BehaviourAtMeeting.objects.exists()
