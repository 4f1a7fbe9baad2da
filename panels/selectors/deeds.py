"""What can be done on a panel, by whom, when: one row a deed. A link that shows is a page that opens."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from hsb.core import clock, door
from hsb.core.asked_once import asked_once, foresee, only_shown
from hsb.core.fetched import fetch
from panels import guards, permissions
from panels.models import Panel
from panels.states import AGENDA_STANDS, COMPILABLE, OUTCOMES_STAND, PANEL_ARRANGEABLE, SEATABLE, PanelState


@dataclass(frozen=True)
class Deed:
    """One page on which something is done. `code` is its URL name and, where it moves the panel, the door's verb."""

    code: str
    words: str
    states: tuple = ()  # of a deed that leaves the state as it is; the others are asked of the door
    may: Callable | None = None


@dataclass(frozen=True)
class Standing:
    """How a deed stands for one reader now: in time, allowed, and what must be true first (sentences)."""

    deed: Deed
    in_time: bool
    allowed: bool
    unmet: tuple = ()

    @property
    def shows(self):
        return self.in_time and self.allowed

    @property
    def opens(self):
        return self.shows and not self.unmet


DEEDS = {
    deed.code: deed
    for deed in (
        Deed("arrange", "Set the day, cut-off, place and chairs", PANEL_ARRANGEABLE, permissions.can_coordinate),
        Deed("collect", "Begin to collect forms"),
        Deed("compile", "Compile the agenda", COMPILABLE, permissions.can_coordinate),
        Deed("publish", "Publish the agenda"),
        Deed("circulate", "Send the agenda round", (PanelState.PUBLISHED,), permissions.can_coordinate),
        Deed("hold", "Record who came, and begin"),
        Deed("issue_actions", "Issue the actions"),
        Deed("circulate_minutes", "Send the minutes round", OUTCOMES_STAND, permissions.can_coordinate),
        Deed("close", "Close the panel"),
        Deed("add_seat", "Ask somebody to the panel", SEATABLE, permissions.can_coordinate),
        Deed("make_paper", "Make a paper", AGENDA_STANDS, permissions.can_coordinate),
        Deed("resume", "Set a new day"),
        Deed("postpone", "Postpone the panel"),
        Deed("cancel", "Cancel the panel"),
    )
}
# Deed -> the kind of task that asks for it.
TASK_OF = {
    "publish": "publish_agenda",
    "circulate": "circulate_agenda",
    "hold": "hold_panel",
    "issue_actions": "issue_panel_actions",
    "circulate_minutes": "circulate_panel_minutes",
}
# State -> the deed that comes next, where nothing is to go round first.
NEXT = {
    PanelState.PLANNED: "collect",
    PanelState.COLLECTING: "publish",
    PanelState.PUBLISHED: "hold",
    PanelState.HELD: "issue_actions",
    PanelState.ACTIONS_ISSUED: "close",
    PanelState.POSTPONED: "resume",
}


def read_ahead(panel):
    """Reads what the frame of every page of a panel says, in one statement, where a page only shows."""
    if not only_shown(panel):
        return
    stands, issued = panel.state in OUTCOMES_STAND, panel.state == PanelState.ACTIONS_ISSUED
    actions, forms = panel.actions_to_tell().values("pk")[:1], panel.forms_to_hear().values("pk")[:1]
    seats, versions, tasks, amended, actions, forms = fetch(
        panel.asking_of_seats(),
        panel.asking_of_versions(),
        panel.asking_of_open_tasks(),
        panel.asking_of_amended() if stands else panel.items.none().values_list("pk"),
        actions if stands else actions.none(),
        forms if issued else forms.none(),
    )
    foresee(panel, {Panel.seated: list(seats), Panel.versions: list(versions), Panel.open_tasks: list(tasks)})
    if stands:
        foresee(panel, {Panel.amended: list(amended), Panel.has_actions_to_tell: bool(actions)})
    if issued:
        foresee(panel, {Panel.has_forms_to_hear: bool(forms)})


@asked_once
def coming(panel):
    """The code of the deed that comes next, or None: what is new goes round first, the agenda until the panel's day."""
    if panel.state == PanelState.PUBLISHED and clock.today() <= panel.planned_on and panel.seats_to_tell():
        return "circulate"
    if panel.state in OUTCOMES_STAND:
        went_round = guards.minutes_went_round(panel) and guards.agencies_know_their_actions(panel)
        if not went_round:
            return "circulate_minutes"
    return NEXT.get(panel.state)


def standing(panel, user, code):
    """How the deed `code` stands for `user`. Raises KeyError for one that never was."""
    return _standing(panel, user, DEEDS[code], _doors(panel, user))


def standings(panel, user):
    """Every deed that shows, in the order of DEEDS."""
    found = _doors(panel, user)
    every = (_standing(panel, user, deed, found) for deed in DEEDS.values())
    return [each for each in every if each.shows]


def url_of(code, panel):
    return reverse(f"panels:{code}", args=[panel.reference])


def _doors(panel, user):
    return {found.verb: found for found in door.doors(panel, user)}


def _standing(panel, user, deed, found):
    if deed.may is not None:
        in_time = panel.state in deed.states
        return Standing(deed, in_time=in_time, allowed=in_time and deed.may(panel, user))
    verbs = {t.name for t in panel.get_available_state_transitions_whatever_the_guards()}
    if deed.code not in verbs:
        return Standing(deed, in_time=False, allowed=False)
    if deed.code not in found:
        return Standing(deed, in_time=True, allowed=False)
    return Standing(deed, in_time=True, allowed=True, unmet=found[deed.code].unmet)
