"""The mapping meeting's table, typed by hand (docs/decisions/0019-mapping-meetings.md)."""

import pytest

from hsb.core.door import perform
from hsb.core.refusals import AlreadyMoved
from panels.models import MappingMeeting
from tests.panels import mapping_road as road

# verb: (states it leaves, state it reaches)
MAPPING = {
    "postpone": (["planned"], "postponed"),
    "plan_again": (["postponed"], "planned"),
    "cancel": (["planned", "postponed"], "cancelled"),
    "hold": (["planned"], "held"),
    "close": (["held"], "closed"),
}
STATES = ["planned", "postponed", "held", "closed", "cancelled"]
FORBIDDEN = [(state, verb) for verb, (sources, _) in MAPPING.items() for state in STATES if state not in sources]


def table():
    found = {}
    for transition in MappingMeeting(state="planned").get_all_state_transitions():
        sources, _ = found.setdefault(transition.name, ([], str(transition.target)))
        sources.append(str(transition.source))
    return {verb: (sorted(sources), target) for verb, (sources, target) in found.items()}


def test_the_machine_is_the_table():
    assert table() == MAPPING


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "verb"), FORBIDDEN)
def test_a_verb_does_nothing_from_any_other_state(cho, juniper, state, verb):
    meeting = road.called(cho)
    MappingMeeting.objects.filter(pk=meeting.pk).update(
        state=state, held_on="2026-11-24", closed_at="2026-11-24T10:00Z"
    )

    with pytest.raises(AlreadyMoved):
        perform(MappingMeeting, meeting.reference, verb, actor=cho, reason="A reason.")


def test_every_transition_asks_for_a_permission():
    assert all(callable(transition.permission) for transition in MappingMeeting().get_all_state_transitions())


def test_what_stops_a_meeting_asks_for_a_reason():
    asks = {t.name for t in MappingMeeting().get_all_state_transitions() if t.custom.get("reason")}

    assert asks == {"postpone", "cancel"}
