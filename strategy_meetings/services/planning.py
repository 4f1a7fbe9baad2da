"""Before the meeting: planned by a specialist chair, with all children of the concern in it by default (B9)."""

from django.db import transaction

from hsb.core import clock, journal, work
from hsb.core.door import lock, noted, opened, record_reference
from hsb.core.models import AccessBar, Record
from hsb.core.refusals import AlreadyMoved, Denied, NotReady
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals.models import MeetingDecision, Referral
from referrals.services import meetings, police
from referrals.states import MeetingDecisionState
from strategy_meetings.models import ChildConsidered, Seat, StrategyMeeting
from strategy_meetings.permissions import can_arrange
from strategy_meetings.selectors.plans import children_of, is_planned
from strategy_meetings.services.reading import end_reading, let_read, let_read_child
from strategy_meetings.states import ARRANGEABLE, EVERY_MEETING, MeetingKind, MeetingState


@transaction.atomic
def plan(
    decision_reference,
    *,
    actor,
    once,
    concern,
    planned_on,
    chair,
    minute_taker=None,
    starts_at=None,
    place="",
    left_out=None,
):
    """A meeting for the child of a MeetingDecision that is convened, and for the concern's other children.

    `concern` is one of the child's; `left_out` maps a person's key to the reason why that child is not in it: whose own
    decision stays due. Returns the StrategyMeeting; the same form twice is one meeting.
    """
    left_out = {key: reason.strip() for key, reason in (left_out or {}).items()}
    before = StrategyMeeting.objects.visible_to(actor).filter(once=once).first()
    if before is not None:
        return before
    police.lock_with_siblings(record_reference(decision_reference))
    decision = _to_be_held(decision_reference, actor)
    children = children_of(concern)
    _refuse(decision, children, left_out, (chair, minute_taker))
    meeting = open_meeting(
        concern,
        actor=actor,
        once=once,
        planned_on=planned_on,
        chair=chair,
        minute_taker=minute_taker,
        starts_at=starts_at,
        place=place,
        restricted=any(r is not None and r.record.restricted for p, r, _ in children if p.pk not in left_out),
    )
    for number, (person, referral, side) in enumerate(children, start=1):
        child = ChildConsidered(meeting=meeting, number=number, person=person, referral=referral, side=side)
        if person.pk in left_out:
            _leave_out(child, left_out[person.pk], actor)
        else:
            take_in(child, actor=actor, grounds="Another child of the concern has a strategy meeting.")
    return meeting


# Kind of meeting -> the chair's task to hold it.
HOLDING = {MeetingKind.FIRST: "hold_meeting", MeetingKind.REVIEW: "review_meeting"}


def _to_be_held(reference, actor):
    """The decision, convened and without a meeting as yet."""
    decision = MeetingDecision.at(reference).filter(referral__in=Referral.objects.visible_to(actor)).first()
    if decision is None or not actor.has_role(Role.CHAIR):
        raise Denied(verb="plan_meeting")
    if decision.state != MeetingDecisionState.CONVENED or is_planned(decision):
        raise AlreadyMoved(reference=decision.record.reference, state=decision.state_in_words, verb="plan_meeting")
    return decision


def _refuse(decision, children, left_out, readers):
    refused = []
    if decision.referral.person_id not in {person.pk for person, _, _ in children}:
        refused.append("Choose a concern of this child.")
    if decision.referral.person_id in left_out:
        refused.append("The child for whom the meeting is convened cannot be left out of it.")
    if any(not reason for reason in left_out.values()):
        refused.append("Say for each child who is left out why.")
    refused += barred_from([person.pk for person, _, _ in children if person.pk not in left_out], readers)
    if refused:
        raise NotReady(*refused)


def barred_from(persons, readers):
    """A sentence for each of `readers` who is barred from one of the children (B15)."""
    bars = AccessBar.objects.filter(record__in=persons, lifted_at__isnull=True)
    barred = set(bars.values_list("user", flat=True))
    return [
        f"{user.name} cannot be in this meeting. Choose somebody else."
        for user in readers
        if user and user.pk in barred
    ]


def open_meeting(concern, *, actor, kind=MeetingKind.FIRST, restricted=False, **fields):
    """A new meeting, planned, with its empty seats and its chair's task. Call in a transaction.

    `restricted`: a child in it is, so that only who is named opens the meeting (B15).
    """
    now = clock.now()
    meeting = StrategyMeeting.objects.create(
        record=Record.objects.open(RecordKind.MEETING, at=now, restricted=restricted),
        concern=concern,
        kind=kind,
        state_since=now,
        **fields,
    )
    journal.write(meeting.record, "plan_meeting", actor=actor, to_state=MeetingState.PLANNED, kind=kind)
    Seat.objects.bulk_create(
        Seat(meeting=meeting, number=number, role=role) for number, role in enumerate(EVERY_MEETING, start=1)
    )
    let_read(meeting, given_by=actor)
    ask_to_hold(meeting)
    return meeting


def ask_to_hold(meeting):
    """The chair's task, due on the day that was agreed; where it is arranged anew, on the new day."""
    work.cancel(meeting.record, *HOLDING.values(), reason="Arranged anew.")
    work.ask(meeting.record, HOLDING[meeting.kind], owner=meeting.chair, due_on=meeting.planned_on)


def take_in(child, *, actor, grounds):
    """The child is in the meeting: its own decision is settled by it, chair and minute taker may open its referral."""
    referral = child.referral
    if referral is not None:
        child.decision = meetings.join_meeting(referral, actor=actor, grounds=grounds)
        child.save()
        let_read_child(referral, given_by=actor)
        journal.write(
            referral.record,
            "meeting_planned",
            actor=actor,
            pathway_version=referral.pathway_version,
            meeting=child.meeting.reference,
        )
    else:
        child.save()


def _leave_out(child, reason, actor):
    child.taking_part, child.left_out_reason = False, reason
    if child.referral is not None:
        meetings.no_longer_read(child.referral, until=clock.now())
        journal.write(
            child.referral.record,
            "left_out_of_meeting",
            actor=actor,
            reason=reason,
            pathway_version=child.referral.pathway_version,
            meeting=child.meeting.reference,
        )
    child.save()


@transaction.atomic
def arrange(reference, *, actor, planned_on, starts_at, place, chair, minute_taker, version=None):
    """Day, hour, place, chair and minute taker; also of a meeting that was postponed. Returns the meeting."""
    lock(reference, *referrals_in(reference))
    with noted(
        StrategyMeeting, reference, "arrange_meeting", actor=actor, may=can_arrange, version=version, edits=True
    ) as move:
        meeting = move.subject
        if meeting.state not in ARRANGEABLE:
            raise NotReady("The meeting was held already: none of this can be changed any more.")
        refused = barred_from(meeting.children_in().values("person"), (chair, minute_taker))
        if refused:
            raise NotReady(*refused)
        meeting.planned_on, meeting.starts_at, meeting.place = planned_on, starts_at, place
        meeting.chair, meeting.minute_taker = chair, minute_taker
        meeting.save()
        let_read(meeting, given_by=actor)
        for child in meeting.children_in():
            if child.referral is not None:
                let_read_child(child.referral, given_by=actor)
        ask_to_hold(meeting)
    return meeting


@transaction.atomic
def invite(reference, *, actor, version=None):
    """The invitations are out. Returns the meeting."""
    with opened(StrategyMeeting, reference, "invite", actor=actor, version=version) as move:
        pass
    return move.subject


@transaction.atomic
def postpone(reference, *, actor, reason, version=None):
    """It is held another day; arranged anew and invited to again. Returns the meeting."""
    with opened(StrategyMeeting, reference, "postpone", actor=actor, reason=reason, version=version) as move:
        pass
    return move.subject


@transaction.atomic
def cancel(reference, *, actor, reason, version=None):
    """The meeting is not held: whether each child needs one is decided again (B23). Returns the meeting."""
    lock(reference, *referrals_in(reference))
    with opened(StrategyMeeting, reference, "cancel", actor=actor, reason=reason, version=version) as move:
        meeting = move.subject
        for child in meeting.children_in().select_related("decision"):
            if child.decision is not None and child.decision.state == MeetingDecisionState.CONVENED:
                meetings.decide_again(child.decision, actor=actor, reason=reason)
        work.cancel(meeting.record, reason="The meeting was cancelled.")
    end_reading(meeting, at_once=True)
    return meeting


def referrals_in(reference):
    """References of the referrals of a meeting's children: locked with it wherever it moves them."""
    children = ChildConsidered.objects.filter(meeting__record__reference=reference, referral__isnull=False)
    return list(children.values_list("referral__record__reference", flat=True))
