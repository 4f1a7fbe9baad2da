"""What can be done on a strategy meeting, by whom, when: one row a deed. A link that shows is a page that opens."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from hsb.core import door
from strategy_meetings import permissions
from strategy_meetings.states import (
    AMENDABLE,
    ARRANGEABLE,
    BEFORE_DECISIONS,
    LETTERS_CAN_GO,
    MINUTES_WRITABLE,
    NOT_HELD,
    NOT_ISSUED,
    READ_NO_MORE,
    MeetingState,
)


@dataclass(frozen=True)
class Deed:
    """One page on which something is done. `code` is its URL name and, where it moves the meeting, the door's verb."""

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


NOT_CIRCULATED = tuple(state for state in MeetingState if state not in READ_NO_MORE)
WAS_HELD = tuple(state for state in MeetingState if state not in (*NOT_HELD, MeetingState.CANCELLED))

DEEDS = {
    deed.code: deed
    for deed in (
        Deed("arrange", "Set the day, place and people", ARRANGEABLE, permissions.can_arrange),
        Deed("change_children", "Change which children take part", BEFORE_DECISIONS, permissions.can_chair),
        Deed("add_seat", "Ask somebody further to the meeting", NOT_ISSUED, permissions.can_invite),
        Deed("invite", "Record that the invitations are out"),
        Deed("hold", "Record who came, and begin"),
        Deed("adjourn", "Adjourn the meeting"),
        Deed("issue_decisions", "Issue the decisions"),
        Deed("write_minutes", "Write the minutes", MINUTES_WRITABLE, permissions.can_take_minutes),
        Deed("submit_minutes", "Send the minutes to the chair"),
        Deed("approve_minutes", "Confirm the minutes"),
        Deed("return_minutes", "Return the minutes"),
        Deed("circulate", "Record that the minutes are circulated"),
        Deed("close", "Close the meeting"),
        Deed("begin_intel", "Begin the intel form, or go on with it", WAS_HELD, permissions.can_begin_intel),
        Deed("amend", "Amend the minutes", AMENDABLE, permissions.can_take_minutes),
        Deed("make_paper", "Make a document", LETTERS_CAN_GO, permissions.can_take_minutes),
        Deed("papers", "Record how the documents went out", LETTERS_CAN_GO, permissions.can_take_minutes),
        Deed("take_over", "Have somebody else take over", NOT_CIRCULATED, permissions.can_arrange),
        Deed("postpone", "Postpone the meeting"),
        Deed("cancel", "Cancel the meeting"),
    )
}
# State -> the deed that comes next, by whomever it is: "Next" shows it.
NEXT = {
    MeetingState.PLANNED: ("invite", "arrange", "hold"),
    MeetingState.POSTPONED: ("arrange",),
    MeetingState.INVITED: ("hold",),
    MeetingState.ADJOURNED: ("hold",),
    MeetingState.HELD: ("issue_decisions",),
    MeetingState.DECISIONS_ISSUED: ("write_minutes", "submit_minutes"),
    MeetingState.RETURNED: ("write_minutes", "submit_minutes"),
    MeetingState.MINUTES_DRAFTED: ("approve_minutes",),
    MeetingState.APPROVED: ("make_paper", "papers", "circulate"),
    MeetingState.CIRCULATED: ("close",),
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
    return reverse(f"strategy_meetings:{code}", args=[meeting.reference])


def _doors(meeting, user):
    return {found.verb: found for found in door.doors(meeting, user)}


def _standing(meeting, user, deed, found):
    if deed.may is not None:
        in_time = meeting.state in deed.states
        return Standing(deed, in_time=in_time, allowed=in_time and deed.may(meeting, user))
    verbs = {t.name for t in meeting.get_available_state_transitions_whatever_the_guards()}
    if deed.code not in verbs:
        return Standing(deed, in_time=False, allowed=False)
    if deed.code not in found:
        return Standing(deed, in_time=True, allowed=False)
    return Standing(deed, in_time=True, allowed=True, unmet=found[deed.code].unmet)
