"""After the meeting: the minute taker types, the chair confirms, each recipient gets the copy that is theirs (B10)."""

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import check_version, lock, noted, opened
from hsb.core.refusals import NotReady
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.permissions import can_take_minutes
from strategy_meetings.services import planning, reading
from strategy_meetings.states import MINUTES_WRITABLE


@transaction.atomic
def write_minutes(reference, *, actor, shared, closed=None, version=None):
    """The shared part, and each child's closed part: `closed` maps the child's number to its text, or to the text and
    the version of the child's part on which it was typed. Returns the meeting.
    """
    with noted(
        StrategyMeeting,
        reference,
        "write_minutes",
        actor=actor,
        may=can_take_minutes,
        version=version,
        edits=True,
        fields=("shared_minutes",),
    ) as move:
        meeting = move.subject
        if meeting.state not in MINUTES_WRITABLE:
            raise NotReady("The minutes cannot be changed now.")
        meeting.shared_minutes, meeting.minutes_by = shared, actor
        for child in meeting.children_in().filter(number__in=closed or {}):
            _write_closed_part(child, meeting, closed[child.number])
    return meeting


def _write_closed_part(child, meeting, typed):
    text, version = typed if isinstance(typed, tuple) else (typed, None)
    if text == child.closed_minutes:
        return
    child.record = meeting.record
    check_version(child, version, ("closed_minutes",))
    child.closed_minutes = text
    child.version += 1
    child.save(update_fields=["closed_minutes", "version"])


@transaction.atomic
def submit_minutes(reference, *, actor, version=None):
    """The minutes go to the chair. Returns the meeting."""
    with opened(StrategyMeeting, reference, "submit_minutes", actor=actor, version=version) as move:
        meeting = move.subject
        work.finish(meeting.record, "write_minutes", by=actor)
        work.ask(meeting.record, "approve_minutes", owner=meeting.chair, started_on=meeting.held_on)
    return meeting


@transaction.atomic
def return_minutes(reference, *, actor, reason, version=None):
    """The chair sends them back. Returns the meeting."""
    with opened(StrategyMeeting, reference, "return_minutes", actor=actor, reason=reason, version=version) as move:
        meeting = move.subject
        work.cancel(meeting.record, "approve_minutes", reason="Returned to the minute taker.")
        owner = meeting.minute_taker or meeting.chair
        work.ask(meeting.record, "write_minutes", owner=owner, started_on=meeting.held_on)
    return meeting


@transaction.atomic
def approve_minutes(reference, *, actor, version=None):
    """The chair confirms them. Returns the meeting."""
    with opened(StrategyMeeting, reference, "approve_minutes", actor=actor, version=version) as move:
        meeting = move.subject
        meeting.approved_at = clock.now()
        work.finish(meeting.record, "approve_minutes", by=actor)
        owner = meeting.minute_taker or meeting.chair
        work.ask(meeting.record, "circulate_minutes", owner=owner, started_on=meeting.held_on)
    return meeting


@transaction.atomic
def circulate(reference, *, actor, version=None):
    """Everybody has their copy; chair and minute taker open it for some working days more. Returns the meeting."""
    lock(reference, *planning.referrals_in(reference))
    with opened(StrategyMeeting, reference, "circulate", actor=actor, version=version) as move:
        meeting = move.subject
        meeting.circulated_at = clock.now()
        work.finish(meeting.record, "circulate_minutes", by=actor)
        work.ask(meeting.record, "close_meeting", owner=meeting.chair)
    reading.settle(meeting, given_by=actor)
    return meeting


@transaction.atomic
def close_meeting(reference, *, actor, version=None):
    """Nothing is left to do for the meeting itself. Returns the meeting."""
    with opened(StrategyMeeting, reference, "close", actor=actor, version=version) as move:
        work.finish(move.subject.record, "close_meeting", by=actor)
    return move.subject
