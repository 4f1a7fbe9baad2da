"""The meeting's table and the enquiry's, typed by hand from practice.md B23 and docs/house.md."""

import pytest
from django.db import transaction

from hsb.core.door import perform
from hsb.core.refusals import AlreadyMoved
from referrals.models import Section47
from strategy_meetings.models import StrategyMeeting
from tests.strategy_meetings import meeting_road as road

# verb: (states it leaves, state it reaches)
MEETING = {
    "invite": (["planned", "postponed"], "invited"),
    "postpone": (["planned", "invited"], "postponed"),
    "cancel": (["planned", "invited", "postponed", "adjourned"], "cancelled"),
    "hold": (["planned", "invited", "adjourned"], "held"),
    "adjourn": (["held"], "adjourned"),
    "issue_decisions": (["held"], "decisions_issued"),
    "submit_minutes": (["decisions_issued", "returned"], "minutes_drafted"),
    "return_minutes": (["minutes_drafted"], "returned"),
    "approve_minutes": (["minutes_drafted"], "approved"),
    "circulate": (["approved"], "circulated"),
    "close": (["circulated"], "closed"),
}
SECTION_47 = {
    "not_substantiated": (["open"], "not_substantiated"),
    "no_continuing_risk": (["open"], "no_continuing_risk"),
    "continuing_risk": (["open"], "continuing_risk"),
}
STATES = [
    "planned",
    "invited",
    "postponed",
    "held",
    "adjourned",
    "decisions_issued",
    "minutes_drafted",
    "returned",
    "approved",
    "circulated",
    "closed",
    "cancelled",
]
FORBIDDEN = [(state, verb) for verb, (sources, _) in MEETING.items() for state in STATES if state not in sources]


def table_of(model):
    found = {}
    for transition in model(state=model._meta.get_field("state").default).get_all_state_transitions():
        sources, _ = found.setdefault(transition.name, ([], str(transition.target)))
        sources.append(str(transition.source))
    return {verb: (sorted(sources), target) for verb, (sources, target) in found.items()}


@pytest.mark.parametrize(
    ("model", "expected"), [(StrategyMeeting, MEETING), (Section47, SECTION_47)], ids=["meeting", "section 47"]
)
def test_the_machine_is_the_table(model, expected):
    assert table_of(model) == {verb: (sorted(sources), target) for verb, (sources, target) in expected.items()}


@pytest.fixture
def meeting(amara, mo, willow, front_door, juniper, cho, min):
    displayed, *_ = road.allocated(amara, mo, willow, amara)
    return road.planned(road.convened(displayed, mo), cho, min)


@pytest.mark.django_db
def test_a_verb_does_nothing_from_any_other_state(meeting, cho):
    moved = []
    for state, verb in FORBIDDEN:
        StrategyMeeting.objects.filter(pk=meeting.pk).update(
            state=state, held_on="2026-11-24", circulated_at="2026-11-24T10:00Z"
        )
        try:
            with transaction.atomic():
                perform(StrategyMeeting, meeting.reference, verb, actor=cho, reason="A reason.")
        except AlreadyMoved:
            continue
        moved.append((state, verb))

    assert moved == []


@pytest.mark.parametrize("model", [StrategyMeeting, Section47])
def test_every_transition_asks_for_a_permission(model):
    assert all(callable(transition.permission) for transition in model().get_all_state_transitions())


def test_what_stops_a_meeting_or_sends_it_back_asks_for_a_reason():
    asks = {t.name for t in StrategyMeeting().get_all_state_transitions() if t.custom.get("reason")}

    assert asks == {"postpone", "cancel", "adjourn", "return_minutes"}
