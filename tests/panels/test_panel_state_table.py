"""The panel's table, typed by hand from practice.md B23 and docs/house.md."""

from datetime import date, datetime

import pytest
from django.db import transaction
from django.utils import timezone

from hsb.core.door import perform
from hsb.core.refusals import AlreadyMoved
from panels.models import Panel
from tests.panels import panel_road as road

# verb: (states it leaves, states it reaches)
PANEL = {
    "collect": (["planned"], ["collecting"]),
    "publish": (["collecting"], ["published"]),
    "hold": (["published"], ["held"]),
    "issue_actions": (["held"], ["actions_issued"]),
    "close": (["actions_issued"], ["closed"]),
    "postpone": (["planned", "collecting", "published"], ["postponed"]),
    "resume": (["postponed"], ["planned", "collecting", "published"]),
    "cancel": (["planned", "collecting", "published", "postponed"], ["cancelled"]),
}
STATES = [
    "planned",
    "collecting",
    "published",
    "held",
    "actions_issued",
    "closed",
    "postponed",
    "cancelled",
]
FORBIDDEN = [(state, verb) for verb, (sources, _) in PANEL.items() for state in STATES if state not in sources]


def reaches(target):
    return [str(state) for state in getattr(target, "allowed_states", [target])]


def test_the_machine_is_the_table():
    found = {}
    for transition in Panel().get_all_state_transitions():
        sources, _ = found.setdefault(transition.name, ([], reaches(transition.target)))
        sources.append(str(transition.source))

    assert {verb: (sorted(sources), to) for verb, (sources, to) in found.items()} == {
        verb: (sorted(sources), to) for verb, (sources, to) in PANEL.items()
    }


@pytest.mark.django_db
def test_a_verb_does_nothing_from_any_other_state(coo):
    panel, moved = road.planned(coo), []
    for state, verb in FORBIDDEN:
        Panel.objects.filter(pk=panel.pk).update(
            state=state,
            state_before="planned",
            held_on=date(2026, 11, 24),
            published_at=timezone.make_aware(datetime(2026, 11, 20)),
        )
        try:
            with transaction.atomic():
                perform(Panel, panel.reference, verb, actor=coo, reason="A reason.")
        except AlreadyMoved:
            continue
        moved.append((state, verb))

    assert moved == []


def test_what_stops_a_panel_asks_for_a_reason():
    asks = {t.name for t in Panel().get_all_state_transitions() if t.custom.get("reason")}

    assert asks == {"postpone", "cancel"}
