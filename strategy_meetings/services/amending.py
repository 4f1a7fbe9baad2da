"""Confirmed minutes are corrected by an amendment that a second person agrees; what they said stays (B10)."""

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import noted
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from referrals.services import meetings
from strategy_meetings.models import MinutesAmendment, StrategyMeeting
from strategy_meetings.permissions import can_decide_amendment, can_take_minutes
from strategy_meetings.states import AMENDABLE


@transaction.atomic
def propose_amendment(reference, *, actor, once, text, child_number=None):
    """What is to be corrected, in the shared part or in one child's. Returns the amendment.

    The same form twice proposes it once.
    """
    with noted(StrategyMeeting, reference, "propose_amendment", actor=actor, may=can_take_minutes) as move:
        meeting = move.subject
        if meeting.state not in AMENDABLE:
            raise NotReady("Minutes are amended once the chair has confirmed them, until the meeting is closed.")
        if child_number is not None and not meeting.children_in().filter(number=child_number).exists():
            raise Denied(record=meeting.record, verb="propose_amendment")
        before = MinutesAmendment.objects.filter(once=once).first()
        if before is not None:
            return before
        amendment = MinutesAmendment.objects.create(
            meeting=meeting,
            number=meeting.amendments.count() + 1,
            child_number=child_number,
            text=text,
            proposed_by=actor,
            proposed_at=clock.now(),
            once=once,
        )
        move.facts["amendment"] = amendment.number
        work.ask(meeting.record, "decide_amendment", about=_about(amendment), **_second_person(meeting, actor))
    return amendment


def _second_person(meeting, actor):
    """The chair for the minute taker, the minute taker for the chair; where there is nobody, the other chairs."""
    other = next((user for user in meeting.readers if user.pk != actor.pk), None)
    return {"owner": other} if other else {"team": meetings.specialist_team(), "role": Role.CHAIR}


def _about(amendment):
    return f"{amendment.meeting.reference}-{amendment.number}"


@transaction.atomic
def decide_amendment(reference, number, *, actor, agree, reason=""):
    """The second person's word. Returns the amendment."""
    amendment = MinutesAmendment.objects.filter(meeting__record__reference=reference, number=number).first()
    if amendment is None:
        raise Denied(verb="decide_amendment")
    with noted(
        StrategyMeeting,
        reference,
        "agree_amendment" if agree else "refuse_amendment",
        actor=actor,
        may=lambda meeting, user: can_decide_amendment(amendment, user),
        reason=reason,
        asks="" if agree else "Say why it is not amended.",
        amendment=number,
    ) as move:
        amendment.refresh_from_db(fields=["agreed"])
        if amendment.agreed is not None:
            raise NotReady("This was decided already.")
        amendment.agreed, amendment.decided_by, amendment.decided_at = agree, actor, clock.now()
        amendment.refused_because = "" if agree else reason
        amendment.save()
        work.finish(move.subject.record, "decide_amendment", by=actor, about=_about(amendment))
    return amendment
