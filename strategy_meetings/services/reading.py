"""Who opens a meeting and its children's referrals, until when; worked out again whenever one of them moves (B7, A12).

Chair and minute taker open them by name, from planning until some working days after circulation, and no longer. The
other chairs may open the meeting, so that one of them can take over; children's referrals only while one waits to be
planned.
"""

from datetime import datetime, time

from django.utils import timezone

from hsb.core import access, clock, settings_in_force
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessGrant
from hsb.core.states import Because
from hsb.people.states import Role
from referrals.services import holders, meetings
from strategy_meetings.models import ChildConsidered
from strategy_meetings.selectors import plans
from strategy_meetings.states import MeetingState


def settle(meeting, *, given_by):
    """Works out who opens the meeting, and each of its children's referrals, those left out too. Call in a
    transaction, with the referrals locked."""
    settle_meeting(meeting, given_by=given_by)
    for child in meeting.children.filter(referral__isnull=False).select_related("referral__record"):
        settle_referral(child.referral, given_by=given_by)


def settle_referral(referral, *, given_by):
    """Who reads the referral for the meetings the child is in; for which it waits."""
    meetings.read_for_meetings(
        referral, readers_of(referral), actor=given_by, chairs_wait=plans.chairs_wait_for(referral)
    )


def settle_meeting(meeting, *, given_by):
    """Who opens the meeting itself. What is still to be done on it keeps it open to the specialist team's chairs."""
    until = readable_until(meeting)
    team = meetings.specialist_team()
    named = set(meeting.readers)
    if meeting.is_restricted:
        # Only who is named opens it then: a chair who could take over is named.
        named |= set(holders.holding_role(team, Role.CHAIR))
    standing = AccessGrant.objects.filter(access.live(), record=meeting.record, because=Because.CONVENED)
    standing.filter(user__isnull=False).exclude(user__in=named).update(ends_at=clock.now())
    for user in named:
        _grant(meeting.record, until, given_by, user=user)
    _grant(meeting.record, None if _is_owed(meeting) else until, given_by, team=team, role=Role.CHAIR)


def _is_owed(meeting):
    """Something that was agreed is still to be done on the meeting's own record."""
    owed = meeting.record.tasks.open().exclude(kind="close_meeting")
    return meeting.state != MeetingState.CANCELLED and owed.exists()


def _grant(record, until, given_by, **whom):
    if until is None or until > clock.now():
        access.grant(record, because=Because.CONVENED, until=until, given_by=given_by, **whom)
    else:
        access.end_grants(record, Because.CONVENED, **whom)


def readable_until(meeting):
    """The instant until which chair and minute taker read for the meeting: None while it runs."""
    if meeting.state == MeetingState.CANCELLED:
        return meeting.state_since  # it was not held: nothing is left to read
    if meeting.circulated_at is None:
        return None
    days = settings_in_force.value("meeting_access_working_days")
    last_day = add_working_days(timezone.localdate(meeting.circulated_at), days)
    return timezone.make_aware(datetime.combine(last_day, time(23, 59, 59)))


def readers_of(referral):
    """{user: instant, None while it runs}: chairs and minute takers of every meeting about the child that was not
    cancelled, each until their last one lets them."""
    parts = ChildConsidered.objects.filter(referral=referral, taking_part=True)
    found = {}
    for part in parts.exclude(meeting__state=MeetingState.CANCELLED).select_related(
        "meeting__chair", "meeting__minute_taker"
    ):
        until = readable_until(part.meeting)
        for user in part.meeting.readers:
            found[user] = _later(found[user], until) if user in found else until
    return found


def _later(one, other):
    return None if one is None or other is None else max(one, other)
