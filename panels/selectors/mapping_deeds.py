"""What can be done on a mapping meeting, by whom, when: one row a deed. A link that shows is a page that opens."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from hsb.core import door
from panels import permissions
from panels.states import MAPPABLE, MAPPING_ARRANGEABLE, MappingState


@dataclass(frozen=True)
class Deed:
    """One page on which something is done. `code` is its URL name; `verb` the door's, where it moves the meeting."""

    code: str
    words: str
    verb: str = ""
    states: tuple = ()
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


MAPPED = (MappingState.HELD, MappingState.CLOSED)
DEEDS = {
    deed.code: deed
    for deed in (
        Deed("hold_mapping", "Record that it was held", verb="hold"),
        Deed("plan_mapping_again", "Set its new day", verb="plan_again"),
        Deed("map_person", "Add a person", states=MAPPABLE, may=permissions.can_map),
        Deed("map_place", "Add a place", states=MAPPABLE, may=permissions.can_map),
        Deed("map_group", "Add a group", states=MAPPABLE, may=permissions.can_map),
        Deed("map_link", "Add a link", states=MAPPABLE, may=permissions.can_map),
        Deed("mapping_intel", "Make an intel form", states=MAPPED, may=permissions.can_map),
        Deed("close_mapping", "Close the meeting and freeze the map", verb="close"),
        Deed(
            "arrange_mapping",
            "Change its day and people",
            states=MAPPING_ARRANGEABLE,
            may=permissions.can_lead_mapping,
        ),
        Deed("postpone_mapping", "Postpone the meeting", verb="postpone"),
        Deed("cancel_mapping", "Cancel the meeting", verb="cancel"),
    )
}
# What belongs beside the map itself; the others stand in the list of deeds.
ON_THE_MAP = ("map_person", "map_place", "map_group", "map_link")
# State -> the deed that comes next, by whomever it is.
NEXT = {
    MappingState.PLANNED: "hold_mapping",
    MappingState.POSTPONED: "plan_mapping_again",
    MappingState.HELD: "close_mapping",
}


def standing(meeting, user, code):
    """How the deed `code` stands for `user`. Raises KeyError for one that never was."""
    return _standing(meeting, user, DEEDS[code], _doors(meeting, user))


def standings(meeting, user):
    """Every deed that shows, in the order of DEEDS."""
    found = _doors(meeting, user)
    every = (_standing(meeting, user, deed, found) for deed in DEEDS.values())
    return [each for each in every if each.shows]


def url_of(code, meeting):
    return reverse(f"panels:{code}", args=[meeting.reference])


def _doors(meeting, user):
    return {found.verb: found for found in door.doors(meeting, user)}


def _standing(meeting, user, deed, found):
    if deed.may is not None:
        in_time = meeting.state in deed.states
        return Standing(deed, in_time=in_time, allowed=in_time and deed.may(meeting, user))
    verbs = {t.name for t in meeting.get_available_state_transitions_whatever_the_guards()}
    if deed.verb not in verbs:
        return Standing(deed, in_time=False, allowed=False)
    if deed.verb not in found:
        return Standing(deed, in_time=True, allowed=False)
    return Standing(deed, in_time=True, allowed=True, unmet=found[deed.verb].unmet)
