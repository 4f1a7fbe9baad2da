"""A short strategy discussion by telephone, of a social work manager with the police: it can start an enquiry."""

from django.db import transaction
from django.utils import timezone

from hsb.core import clock, journal, work
from hsb.core.door import noted
from hsb.core.models import Record
from hsb.core.refusals import NotReady
from hsb.core.states import RecordKind
from referrals.models import Referral
from referrals.permissions import can_decide_meeting
from referrals.services import holders, meetings, police, section47
from strategy_meetings.models import ChildConsidered, Seat, StrategyMeeting
from strategy_meetings.selectors import plans
from strategy_meetings.states import MeetingKind, MeetingState, SeatRole, SeatState


@transaction.atomic
def record_discussion(
    reference,
    *,
    actor,
    once,
    held_on,
    spoke_to,
    shared,
    section_47=False,
    immediate_what="",
    meeting_follows=True,
    no_meeting_because="",
):
    """What a manager and the police agreed for one child; `reference` is the referral's. Returns the StrategyMeeting.

    `shared`: what was shared and weighed. A meeting of the network follows, or a reason is given why none does (B9).
    The same form twice is one discussion.
    """
    before = StrategyMeeting.objects.visible_to(actor).filter(once=once).first()
    if before is not None:
        return before
    police.lock_with_siblings(reference)
    with noted(
        Referral,
        reference,
        "record_discussion",
        actor=actor,
        may=lambda referral, user: can_decide_meeting(None, user),
        reason=shared,
        asks="Say what was shared and weighed.",
        happened_on=held_on,
    ) as move:
        referral = move.subject
        _refuse(referral, held_on, spoke_to, meeting_follows, no_meeting_because)
        meeting = _discussion(referral, actor, once, held_on, spoke_to, shared)
        ChildConsidered.objects.create(
            meeting=meeting,
            number=1,
            person=referral.person,
            referral=referral,
            side=referral.side,
            section_47=section_47,
            immediate_action=bool(immediate_what),
            immediate_what=immediate_what,
            outcome_reason=no_meeting_because or "A meeting of the network follows.",
        )
        move.facts["meeting"] = meeting.reference
    if section_47:
        section47.open_section_47(referral, actor=actor, started_on=held_on)
    if immediate_what:
        about = meeting.reference
        work.ask(referral.record, "immediate_action", about=about, started_on=held_on, **holders.holder(referral))
    if meeting_follows:
        meetings.meeting_follows(referral, actor=actor, grounds=shared)
    holders.refresh_due(referral)
    return meeting


def _refuse(referral, held_on, spoke_to, meeting_follows, no_meeting_because):
    refused = []
    if not referral.is_open:
        refused.append("This referral has ended: reopen it with the new information first.")
    if held_on > clock.today() or held_on < timezone.localdate(referral.received_at):
        refused.append("Enter a day from the day of the referral until today.")
    if not spoke_to.strip():
        refused.append("Say who of the police took part.")
    if not meeting_follows and not no_meeting_because.strip():
        refused.append("Say why no meeting of the network follows.")
    if plans.concern_of(referral) is None:
        refused.append("Every part of this child in a concern was unfounded: nothing is left to discuss.")
    if refused:
        raise NotReady(*refused)


def _discussion(referral, actor, once, held_on, spoke_to, shared):
    now = clock.now()
    meeting = StrategyMeeting.objects.create(
        record=Record.objects.open(RecordKind.MEETING, at=now, holding_team=referral.record.holding_team),
        kind=MeetingKind.TELEPHONE,
        state=MeetingState.CLOSED,
        state_since=now,
        concern=plans.concern_of(referral),
        planned_on=held_on,
        held_on=held_on,
        chair=actor,
        shared_minutes=shared,
        minutes_by=actor,
        approved_at=now,
        circulated_at=now,
        once=once,
    )
    journal.write(meeting.record, "record_discussion", actor=actor, to_state=MeetingState.CLOSED, happened_on=held_on)
    both = ((SeatRole.SOCIAL_WORK_MANAGER, {"user": actor}), (SeatRole.POLICE, {"name": spoke_to}))
    Seat.objects.bulk_create(
        Seat(meeting=meeting, number=number, role=role, state=SeatState.FILLED, **who)
        for number, (role, who) in enumerate(both, start=1)
    )
    return meeting
