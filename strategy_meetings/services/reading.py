"""Who opens a meeting: its chair and minute taker by name, and the other chairs, who may stand in (A12, B7)."""

from datetime import datetime, time

from django.utils import timezone

from hsb.core import access, clock, settings_in_force
from hsb.core.calendar import add_working_days
from hsb.core.states import Because
from hsb.people.states import Role
from referrals.services import meetings
from strategy_meetings.models import ChildConsidered
from strategy_meetings.states import READ_NO_MORE


def let_read(meeting, *, given_by):
    """Chair, minute taker, and the specialist team's chairs; whoever was it before, no longer."""
    access.end_grants(meeting.record, Because.CONVENED)
    for user in meeting.readers:
        access.grant(meeting.record, because=Because.CONVENED, user=user, given_by=given_by)
    access.grant(
        meeting.record, because=Because.CONVENED, team=meetings.specialist_team(), role=Role.CHAIR, given_by=given_by
    )


def let_read_child(referral, *, given_by):
    """The child is in a meeting: chairs and minute takers of all its running meetings may open the referral."""
    meetings.scheduled(referral, actor=given_by, readers=readers_of(referral))


def readers_of(referral, *, without=None):
    """Chairs and minute takers of the child's meetings that are not circulated yet; `without`: one left aside."""
    parts = ChildConsidered.objects.filter(referral=referral, taking_part=True)
    running = parts.exclude(meeting__state__in=READ_NO_MORE).exclude(meeting=without)
    people = {
        user.pk: user
        for part in running.select_related("meeting__chair", "meeting__minute_taker")
        for user in part.meeting.readers
    }
    return list(people.values())


def end_reading(meeting, *, at_once=False):
    """Meeting and referrals stay open to them for some working days more, and no longer (docs/house.md, Access).

    Where another meeting about the same child needs them, a review for instance, they go on. `at_once`: the meeting was
    not held, and nothing is left to read.
    """
    until = clock.now() if at_once else _last_instant()
    access.end_grants(meeting.record, Because.CONVENED, at=until)
    for child in meeting.children_in():
        if child.referral is not None:
            needed = readers_of(child.referral, without=meeting)
            meetings.no_longer_read(child.referral, until=until, but_for=needed)


def _last_instant():
    last_day = add_working_days(clock.today(), settings_in_force.value("meeting_access_working_days"))
    return timezone.make_aware(datetime.combine(last_day, time(23, 59, 59)))
