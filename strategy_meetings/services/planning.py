"""Before the meeting: planned by a specialist chair, with all children of the concern in it by default (B9)."""

from django.db import transaction

from hsb.core import actions, clock, journal, work
from hsb.core.door import lock, noted, opened, record_reference
from hsb.core.models import Action, Record
from hsb.core.numbers import last_number
from hsb.core.refusals import AlreadyMoved, Denied, NotReady
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals.models import MeetingDecision, Referral
from referrals.services import meetings, police
from referrals.states import OPEN, MeetingDecisionState
from strategy_meetings.models import ChildConsidered, StrategyMeeting
from strategy_meetings.permissions import can_arrange, can_chair
from strategy_meetings.selectors.plans import barred, children_concerned, children_of, is_planned
from strategy_meetings.services import reading
from strategy_meetings.services.seating import refill_seats, set_seats
from strategy_meetings.states import (
    ARRANGEABLE,
    BEFORE_DECISIONS,
    NOT_ISSUED,
    READ_NO_MORE,
    MeetingKind,
    MeetingState,
)


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
    left_out = _stripped(left_out or {})
    before = StrategyMeeting.objects.visible_to(actor).filter(once=once).first()
    if before is not None:
        return before
    police.lock_with_siblings(record_reference(decision_reference))
    decision = _to_be_held(decision_reference, actor)
    children = children_of(concern)
    _refuse(decision, children, left_out, (chair, minute_taker), planned_on)
    meeting = open_meeting(
        concern,
        actor=actor,
        once=once,
        planned_on=planned_on,
        chair=chair,
        minute_taker=minute_taker,
        starts_at=starts_at,
        place=place,
    )
    for number, (person, referral, side) in enumerate(children, start=1):
        child = ChildConsidered(meeting=meeting, number=number, person=person, referral=referral, side=side)
        if person.pk in left_out:
            _leave_out(child, left_out[person.pk], actor)
        else:
            take_in(child, actor=actor, grounds=JOINED)
    set_seats(meeting)
    _settle(meeting, decision.referral, actor)
    return meeting


def _stripped(left_out):
    return {key: reason.strip() for key, reason in left_out.items()}


def _settle(meeting, referral, actor):
    """Who reads what: also of the child's other concerns, whose children the chairs read until the meeting was
    planned."""
    reading.settle(meeting, given_by=actor)
    in_it = meeting.children.filter(referral__isnull=False).values("referral")
    for sibling in referral.other_children().filter(state__in=OPEN).exclude(pk__in=in_it).select_related("record"):
        reading.settle_referral(sibling, given_by=actor)


NOT_IN_THE_PAST = "Choose a day from today on."
JOINED = "Another child of the concern has a strategy meeting."
# Kind of meeting -> the chair's task to hold it.
HOLDING = {MeetingKind.FIRST: "hold_meeting", MeetingKind.REVIEW: "review_meeting"}


def _to_be_held(reference, actor):
    """The decision, convened and without a meeting as yet."""
    decision = MeetingDecision.at(reference).filter(referral__in=Referral.objects.visible_to(actor)).first()
    if decision is None or not actor.has_role(Role.CHAIR):
        raise Denied(verb="plan_meeting")
    if decision.state != MeetingDecisionState.CONVENED or decision.referral.has_ended or is_planned(decision):
        raise AlreadyMoved(reference=decision.record.reference, state=decision.state_in_words, verb="plan_meeting")
    return decision


def _refuse(decision, children, left_out, readers, planned_on):
    refused = [] if planned_on >= clock.today() else [NOT_IN_THE_PAST]
    if decision.referral.person_id not in {person.pk for person, _, _ in children}:
        refused.append("Choose a concern of this child.")
    if decision.referral.person_id in left_out:
        refused.append("The child for whom the meeting is convened cannot be left out of it.")
    refused += _refused_children(children, left_out, readers)
    if refused:
        raise NotReady(*refused)


def _refused_children(children, left_out, readers):
    """The sentences of why these children cannot be in a meeting, and those left out of it, with these readers."""
    refused = [] if all(left_out.values()) else ["Say for each child who is left out why."]
    # Who is barred from one of them, left out or not, would read of that child in what was reported.
    return refused + barred_from([person.pk for person, _, _ in children], readers)


def barred_from(persons, readers):
    """A sentence for each of `readers` who is barred from one of the children (B15)."""
    shut_out = barred(persons)
    return [
        f"{user.name} cannot be in this meeting. Choose somebody else."
        for user in readers
        if user and user.pk in shut_out
    ]


def open_meeting(concern, *, actor, kind=MeetingKind.FIRST, **fields):
    """A new meeting, planned, with its chair's task; its children are taken in next, then its seats are set, and who
    reads it is settled. Call in a transaction."""
    now = clock.now()
    meeting = StrategyMeeting.objects.create(
        record=Record.objects.open(RecordKind.MEETING, at=now, holding_team=meetings.specialist_team()),
        concern=concern,
        kind=kind,
        state_since=now,
        **fields,
    )
    journal.write(meeting.record, "plan_meeting", actor=actor, to_state=MeetingState.PLANNED, kind=kind)
    ask_to_hold(meeting)
    return meeting


def ask_to_hold(meeting):
    """The chair's task, due on the day that was agreed; where it is arranged anew, on the new day."""
    work.cancel(meeting.record, *HOLDING.values(), reason="Arranged anew.")
    work.ask(meeting.record, HOLDING[meeting.kind], owner=meeting.chair, due_on=meeting.planned_on)


def take_in(child, *, actor, grounds, reads_first=False):
    """The child is in the meeting, which settles its own decision. `reads_first`: whoever takes the child in could not
    open its referral so far."""
    child.taking_part, child.left_out_reason = True, ""
    child.save()
    referral = child.referral
    if referral is None:
        return
    if reads_first:
        reading.settle_referral(referral, given_by=actor)
    child.decision = meetings.join_meeting(referral, actor=actor, grounds=grounds)
    child.save(update_fields=["decision"])
    meetings.planned(referral, actor=actor)
    journal.write(
        referral.record,
        "meeting_planned",
        actor=actor,
        pathway_version=referral.pathway_version,
        meeting=child.meeting.reference,
    )


def _leave_out(child, reason, actor):
    child.taking_part, child.left_out_reason = False, reason
    if child.referral is not None:
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
            raise NotReady("The meeting was held already: its day and place can no longer be changed.")
        refused = barred_from(children_concerned(meeting), (chair, minute_taker))
        if planned_on < clock.today() and planned_on != meeting.planned_on:
            refused.append(NOT_IN_THE_PAST)
        if refused:
            raise NotReady(*refused)
        meeting.planned_on, meeting.starts_at, meeting.place = planned_on, starts_at, place
        meeting.chair, meeting.minute_taker = chair, minute_taker
        meeting.save()
        ask_to_hold(meeting)
        reading.settle(meeting, given_by=actor)
    return meeting


@transaction.atomic
def take_over(reference, *, actor, chair, minute_taker, reason, version=None):
    """Another chair or minute taker, until the minutes are circulated: a meeting never hangs on one person (A12).

    What is to be done for it passes to them, and keeps its days. Returns the meeting.
    """
    lock(reference, *referrals_in(reference))
    with noted(
        StrategyMeeting,
        reference,
        "take_over",
        actor=actor,
        may=can_arrange,
        reason=reason,
        asks="Say why somebody else takes over.",
        version=version,
        edits=True,
        chair=chair.reference,
        minute_taker=minute_taker.reference if minute_taker else "",
    ) as move:
        meeting = move.subject
        if meeting.state in READ_NO_MORE:
            raise NotReady("The minutes are circulated: nobody has to take over any more.")
        refused = barred_from(children_concerned(meeting), (chair, minute_taker))
        if refused:
            raise NotReady(*refused)
        tasks = meeting.record.tasks.open()
        if meeting.minute_taker_id and minute_taker is not None:
            tasks.filter(owner=meeting.minute_taker).update(owner=minute_taker)
        tasks.filter(owner=meeting.chair).update(owner=chair)
        meeting.chair, meeting.minute_taker = chair, minute_taker
        meeting.save()
        reading.settle(meeting, given_by=actor)
    return meeting


@transaction.atomic
def change_children(reference, *, actor, left_out, version=None):
    """Which of the concern's children take part, until the decisions are issued: those who came to light later too.

    `left_out` maps a person's key to the reason; every other child of the concern is in. Returns the meeting.
    """
    left_out = _stripped(left_out)
    lock(reference, *referrals_in(reference), *referrals_of_concern(reference))
    with noted(
        StrategyMeeting, reference, "change_children", actor=actor, may=can_chair, version=version, edits=True
    ) as move:
        meeting = move.subject
        if meeting.state not in BEFORE_DECISIONS:
            raise NotReady("The decisions are issued: who was in the meeting can no longer be changed.")
        children = children_of(meeting.concern)
        standing = {child.person_id: child for child in meeting.children.select_related("referral__record", "person")}
        if refused := _refused_children(children, left_out, meeting.readers):
            raise NotReady(*refused)
        for person, referral, side in children:
            child = standing.get(person.pk) or _new_child(meeting, person, referral, side)
            if person.pk in left_out and (child.taking_part or child.pk is None):
                _take_out(child, left_out[person.pk], actor)
            elif person.pk not in left_out and (child.pk is None or not child.taking_part):
                child.referral = referral
                take_in(child, actor=actor, grounds=JOINED, reads_first=True)
        for key in left_out.keys() - {person.pk for person, _, _ in children}:
            if key in standing and standing[key].taking_part:
                _take_out(standing[key], left_out[key], actor)
        if not meeting.children_in().exists():
            raise NotReady("At least one child takes part: cancel the meeting instead.")
        refill_seats(meeting)
        _settle(meeting, meeting.children_in().filter(referral__isnull=False).first().referral, actor)
    return meeting


def _new_child(meeting, person, referral, side):
    last = last_number(meeting.children)
    return ChildConsidered(meeting=meeting, number=last + 1, person=person, referral=referral, side=side)


def _take_out(child, reason, actor):
    """The child is not in it after all: whether it needs a meeting of its own is decided again (B9)."""
    decision = child.decision
    _leave_out(child, reason, actor)
    if decision is not None and settles(child, decision):
        child.decision = None
        child.save(update_fields=["decision"])
        meetings.decide_again(decision, actor=actor, reason=reason)


def settles(child, decision):
    """Whether the decision waits for this meeting alone: no other running one of the child settles it too."""
    return decision.state == MeetingDecisionState.CONVENED and not other_running(child, decision)


def other_running(child, decision):
    """Whether another running meeting of this child settles the same decision."""
    parts = ChildConsidered.objects.filter(decision=decision, taking_part=True).exclude(meeting=child.meeting_id)
    return parts.filter(meeting__state__in=NOT_ISSUED).exists()


def referrals_of_concern(reference):
    """References of every referral of the concern that a meeting is about."""
    concern = StrategyMeeting.objects.filter(record__reference=reference).values("concern")
    found = Referral.objects.filter(involvements__concern__in=concern).values_list("record__reference", flat=True)
    return list(found.distinct())


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
        # Nobody is invited again to the day that does not hold any more.
        move.subject.starts_at = None
    return move.subject


@transaction.atomic
def cancel(reference, *, actor, reason, version=None):
    """The meeting is not held: whether each child needs one is decided again (B23). Returns the meeting."""
    lock(reference, *referrals_in(reference))
    with opened(StrategyMeeting, reference, "cancel", actor=actor, reason=reason, version=version) as move:
        meeting = move.subject
        for child in meeting.children_in().select_related("decision"):
            if child.decision is not None and settles(child, child.decision):
                meetings.decide_again(child.decision, actor=actor, reason=reason)
        for action in Action.objects.open().filter(source=meeting.record):
            actions.cancel(action, actor=actor, reason="The meeting was cancelled before it agreed anything.")
        work.cancel(meeting.record, reason="The meeting was cancelled.")
    reading.settle(meeting, given_by=actor)
    return meeting


def referrals_in(reference):
    """References of the referrals of a meeting's children: locked with it wherever it moves them."""
    children = ChildConsidered.objects.filter(meeting__record__reference=reference, referral__isnull=False)
    return list(children.values_list("referral__record__reference", flat=True))
