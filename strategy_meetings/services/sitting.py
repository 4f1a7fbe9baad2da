"""At the meeting: who came, what is agreed for each child, and the decisions that go out (A10-A13, B9, B10)."""

from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hsb.core import actions, clock, journal, work
from hsb.core.door import check_version, held, lock, noted, opened
from hsb.core.models import Action
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from referrals.models import Referral
from referrals.selectors.behaviours import said_at_meeting
from referrals.services import behaviour_views, episodes, holders, meetings, police, section47
from referrals.states import ENDED, OPEN, ReferralState
from strategy_meetings import hiding
from strategy_meetings.guards import missing_agreements
from strategy_meetings.models import ChildConsidered, Seat, StrategyMeeting
from strategy_meetings.permissions import can_confirm_nfa, can_invite, can_take_minutes
from strategy_meetings.selectors.meeting import called_by_its_day, outcomes_in_words
from strategy_meetings.services import intel, reading
from strategy_meetings.services.planning import (
    HOLDING,
    ask_to_hold,
    open_meeting,
    referrals_in,
    referrals_of_concern,
    settles,
    take_in,
)
from strategy_meetings.services.seating import set_seats
from strategy_meetings.states import (
    BEFORE_DECISIONS,
    NOT_ISSUED,
    IntelAnswer,
    MeetingKind,
    NfaState,
    SeatState,
)

# What is typed for a child while the meeting can still agree something.
AGREED = (
    "child_invited",
    "child_invited_reason",
    "family_invited",
    "family_invited_reason",
    "child_views",
    "family_views",
    "review",
    "review_on",
    "section_47",
    "immediate_action",
    "immediate_what",
    "nfa",
    "outcome_reason",
    "category",
    "category_reason",
    "intel",
    "intel_by",
    "intel_by_name",
    "intel_due_on",
    "intel_reason",
    "closed_minutes",
)


@transaction.atomic
def save_seat(
    reference,
    *,
    actor,
    number=None,
    role,
    agency="",
    user=None,
    name="",
    state=SeatState.EXPECTED,
    report_received=False,
    version=None,
    once=None,
):
    """Names who sits there, or says whether they came; a seat without `number` is a further one. Returns the Seat.

    `version` is the seat's, where it is edited; `once` the form's, where it is new: the same form twice is one seat.
    """
    with noted(
        StrategyMeeting, reference, "save_seat", actor=actor, may=can_invite, edits=True, seat=number or "new"
    ) as move:
        meeting = move.subject
        if meeting.state not in NOT_ISSUED:
            raise NotReady("The decisions are issued: who came can no longer be changed.")
        seat = _seat(meeting, number, version, once)
        if number is None and seat.pk:
            return seat
        seat.role, seat.agency, seat.user, seat.name = role, agency, user, name
        seat.state, seat.report_received, seat.filled_in = state, report_received, False
        if seat.state == SeatState.FILLED and not seat.who:
            raise NotReady("Say who came.")
        seat.version += 1
        seat.save()
    return seat


def _seat(meeting, number, version, once):
    """The seat that is edited, as it was when the form was opened; or a new one, once."""
    if number is None:
        before = made_before(meeting.seats.all(), once) if once else None
        last = last_number(meeting.seats)
        return before or Seat(meeting=meeting, number=last + 1, once=once, version=0)
    seat = meeting.seats.select_related("user").filter(number=number).first()
    if seat is None:
        raise Denied(record=meeting.record, verb="save_seat")
    seat.record = meeting.record
    check_version(seat, version, ("role", "agency", "name", "state", "report_received"))
    return seat


@transaction.atomic
def hold(reference, *, actor, held_on, quorum_reason="", version=None):
    """The meeting begins, or an adjourned one goes on. Without a quorum the chair gives a reason (A13)."""
    with opened(StrategyMeeting, reference, "hold", actor=actor, version=version, happened_on=held_on) as move:
        meeting = move.subject
        if held_on > clock.today():
            raise NotReady("The meeting is held when it begins: the day cannot lie ahead.")
        if held_on < _convened_on(meeting):
            raise NotReady("The meeting is not held before it was convened: check the day.")
        # An enquiry starts on the day of the discussion that initiates it (A19): the last one of an adjourned meeting.
        meeting.held_on = held_on
        meeting.quorum_reason = quorum_reason or meeting.quorum_reason
        work.finish(meeting.record, *HOLDING.values(), by=actor)
        work.ask(meeting.record, "issue_decisions", owner=meeting.chair, started_on=held_on)
    return meeting


def _convened_on(meeting):
    """The first day on which a manager convened it; for a review, the day of the meeting that agreed it."""
    if meeting.previous_id:
        return meeting.previous.held_on
    decided = meeting.children.filter(decision__decided_at__isnull=False).values_list("decision__decided_at", flat=True)
    return min((timezone.localdate(at) for at in decided), default=timezone.localdate(meeting.record.opened_at))


@transaction.atomic
def begin(reference, *, actor, held_on, seats, quorum_reason="", version=None):
    """Who came, seat by seat (`seats`: keyword arguments of save_seat), and the meeting begins. Returns it.

    The version is asked before the seats are written: each of them moves it on.
    """
    check_version(held(StrategyMeeting, reference), version)
    for seat in seats:
        save_seat(reference, actor=actor, **seat)
    return hold(reference, actor=actor, held_on=held_on, quorum_reason=quorum_reason)


@transaction.atomic
def adjourn(reference, *, actor, reason, goes_on_on, version=None):
    """It goes on another day; what was agreed so far stays, and nobody's access ends."""
    with opened(StrategyMeeting, reference, "adjourn", actor=actor, reason=reason, version=version) as move:
        meeting = move.subject
        if goes_on_on < clock.today():
            raise NotReady("Choose a day from today on.")
        meeting.planned_on = goes_on_on
        work.cancel(meeting.record, "issue_decisions", reason="The meeting was adjourned.")
        ask_to_hold(meeting)
    return meeting


@transaction.atomic
def save_child(reference, number, *, actor, answers, behaviours=None, version=None):
    """What is agreed for one child so far; nothing has to be complete. `answers` are of AGREED. Returns the child.

    `behaviours` are the meeting's views of single behaviours, {key: (category, reason)}; None leaves them as they are.
    """
    lock(reference, *referrals_in(reference))
    with noted(StrategyMeeting, reference, "save_child", actor=actor, may=can_take_minutes, child=number) as move:
        meeting = move.subject
        child = _child(meeting, number)
        if meeting.state not in BEFORE_DECISIONS:
            raise NotReady("The decisions are issued: what was agreed can no longer be changed.")
        child.record = meeting.record
        check_version(child, version, tuple(answers))
        unknown = set(answers) - set(AGREED)
        if unknown:
            raise ValueError(f"Not agreed for a child: {sorted(unknown)}")
        _follow_side(child)
        for name, answer in answers.items():
            setattr(child, name, answer)
        if child.nfa and (child.review or child.section_47 or child.immediate_action):
            raise NotReady("No further action cannot stand beside another outcome.")
        if child.category and not child.has_category:
            raise NotReady("A category is agreed only for a child who displayed the behaviour.")
        if behaviours is not None and child.referral is not None:
            behaviour_views.say_at_meeting(meeting.record, child.referral, behaviours)
        child.version += 1
        child.save()
    return child


@transaction.atomic
def agree_action(reference, number, *, actor, once, what, agency, due_on, owner=None, owner_name="", diversion=False):
    """One more action of this child's plan. Returns the Action; the same form twice is one."""
    lock(reference, *referrals_in(reference))
    with noted(StrategyMeeting, reference, "agree_action", actor=actor, may=can_take_minutes, child=number) as move:
        meeting = move.subject
        child = _child(meeting, number)
        if meeting.state not in BEFORE_DECISIONS:
            raise NotReady("The decisions are issued: add a further action to the child's plan instead.")
        if owner is None and not owner_name.strip():
            raise NotReady("Say who does it.")
        if due_on < clock.today():
            raise NotReady("Choose a day from today on.")
        if named := hiding.names_of_others(child, what):
            raise NotReady(hiding.word_it_without(named))
        action = actions.agree(
            child.referral.record if child.referral else meeting.record,
            source=meeting.record,
            actor=actor,
            once=once,
            what=what,
            agency=agency,
            due_on=due_on,
            owner=owner,
            owner_name=owner_name,
            about=str(child.number),
            diversion=diversion,
        )
    return action


@transaction.atomic
def drop_action(reference, action_number, *, actor, reason):
    """An action that was typed and is not agreed after all. Returns it."""
    with noted(
        StrategyMeeting,
        reference,
        "drop_action",
        actor=actor,
        may=can_take_minutes,
        reason=reason,
        asks="Say why this action is dropped.",
    ) as move:
        meeting = move.subject
        if meeting.state not in BEFORE_DECISIONS:
            raise NotReady("The decisions are issued: what was agreed can no longer be changed.")
        action = Action.objects.open().filter(source=meeting.record, number=action_number).first()
        if action is None:
            raise Denied(record=meeting.record, verb="drop_action")
        actions.cancel(action, actor=actor, reason=reason)
    return action


def _follow_side(child):
    """A child's part can be corrected until the decisions are issued: whoever was only harmed has no category (B1)."""
    child.side = child.side_now
    if not child.has_category:
        child.category = child.category_reason = ""


def _child(meeting, number):
    child = meeting.children_in().filter(number=number).first()
    if child is None:
        raise Denied(record=meeting.record, verb="save_child")
    return child


def missing(meeting):
    """[(ChildConsidered, sentences)] of the children whose agreements are not complete: what the chair is told."""
    listed = ((child, missing_agreements(child)) for child in meeting.children_in())
    return [(child, sentences) for child, sentences in listed if sentences]


# --- The decisions go out, and each referral follows its own ---


@transaction.atomic
def issue_decisions(reference, *, actor, quorum_reason="", version=None):
    """Every child has its agreements: they take effect, each on its own referral alone. Returns the meeting."""
    lock(reference, *referrals_in(reference), *referrals_of_concern(reference))
    with opened(StrategyMeeting, reference, "issue_decisions", actor=actor, version=version) as move:
        meeting = move.subject
        meeting.quorum_reason = quorum_reason or meeting.quorum_reason
        children = list(meeting.children_in().select_related("decision__record", "intel_by"))
        for child in children:
            _follow_side(child)
            if child.referral is None:
                _find_referral(child, meeting, actor)
            child.save()
        work.finish(meeting.record, "issue_decisions", by=actor)
        work.ask(
            meeting.record,
            "write_minutes",
            owner=meeting.minute_taker or meeting.chair,
            started_on=meeting.held_on,
        )
    for child in children:
        _follow(child, meeting, actor)
    _plan_reviews(meeting, children, actor)
    return meeting


def _find_referral(child, meeting, actor):
    """What was agreed for a child goes on a referral of its own, where there is one by now, or has to be."""
    child.referral = _found_since(child, meeting) or _opened_again(child, meeting, actor)
    if child.referral is not None:
        child.save(update_fields=["referral"])
        child.actions().update(record=child.referral.record)
        reading.settle_referral(child.referral, given_by=actor)


def _found_since(child, meeting):
    """The referral that a child has got since the meeting was planned: known by more than a first name by now."""
    own = Referral.objects.filter(person=child.person_id, involvements__concern=meeting.concern_id, state__in=OPEN)
    return own.select_related("record", "person").order_by("pk").last()


def _opened_again(child, meeting, actor):
    """A new episode, linked to the one that had ended, where more than no further action was agreed; else None.

    An enquiry, an action or a higher category needs somebody who has the child (B3).
    """
    ended = Referral.objects.filter(person=child.person_id, involvements__concern=meeting.concern_id, state__in=ENDED)
    last = ended.exclude(state=ReferralState.ATTACHED).select_related("person__record", "record").order_by("pk").last()
    if last is None or child.nfa:
        return None
    return episodes.linked_episode(
        last, actor=actor, verb="reopen", reason="Agreed at a strategy meeting.", happened_on=meeting.held_on
    )


def _follow(child, meeting, actor):
    holder = {"owner": meeting.chair} if child.referral is None else holders.holder(child.referral)
    record = meeting.record if child.referral is None else child.referral.record
    for action in child.actions().open():
        actions.follow(action, holder=holder)
    if child.intel == IntelAnswer.NEEDED:
        intel.ask_for_form(child, meeting)
    if child.section_47 and child.referral is None:
        _tell_the_other_authority(child, meeting, actor)
    if child.immediate_action:
        work.ask(record, "immediate_action", about=meeting.reference, started_on=meeting.held_on, **holder)
    if child.referral is not None:
        _follow_referral(child, meeting, actor)


def _tell_the_other_authority(child, meeting, actor):
    """The enquiry is the duty of the authority where the child lives: the chair tells them the same day (A35)."""
    action = actions.agree(
        meeting.record,
        source=meeting.record,
        actor=actor,
        once=uuid4(),
        what="Tell the authority that is responsible for this child that a section 47 enquiry was agreed.",
        agency=settings.BOROUGH_NAME,
        due_on=meeting.held_on,
        owner=meeting.chair,
        about=str(child.number),
    )
    actions.follow(action, holder={"owner": meeting.chair})


def _follow_referral(child, meeting, actor):
    referral = child.referral
    if child.nfa and child.has_category:
        # For a child who displayed it contradicts "at minimum a child in need": a manager decides (A10, B10).
        child.nfa_state = NfaState.WAITING
        child.save(update_fields=["nfa_state"])
        about = f"{meeting.reference}-{child.number}"
        work.ask(referral.record, "confirm_nfa", about=about, team=referral.record.holding_team, role=Role.MANAGER)
    if child.decision is not None:
        meetings.note_agreed(child.decision, _line_about(child))
        if settles(child, child.decision):
            meetings.conclude_decision(child.decision, actor=actor)
    if child.has_category and referral.has_category:
        meetings.agree_category(
            referral,
            actor=actor,
            category=child.category,
            reason=child.category_reason,
            agreed_on=meeting.held_on,
            review=meeting.kind == MeetingKind.REVIEW,
            behaviours={key: said for _, key, *said in said_at_meeting(meeting.record, referral)},
        )
    if child.section_47:
        section47.open_section_47(referral, actor=actor, started_on=meeting.held_on)
    journal.write(
        referral.record,
        "meeting_agreed",
        actor=actor,
        happened_on=meeting.held_on,
        pathway_version=referral.pathway_version,
        meeting=meeting.reference,
        outcomes=[name for name in ("review", "section_47", "immediate_action", "nfa") if getattr(child, name)],
    )
    holders.refresh_due(referral)


def _line_about(child):
    """What the child's own record says of it: of which meeting, and what was agreed."""
    return f"{called_by_its_day(child.meeting)}: {outcomes_in_words(child)}"


def _plan_reviews(meeting, children, actor):
    """A review meeting on each day that was agreed, for the children for whom it was (A10)."""
    by_day = {}
    for child in children:
        if child.review:
            by_day.setdefault(child.review_on, []).append(child)
    for day, reviewed in sorted(by_day.items()):
        review = open_meeting(
            meeting.concern,
            actor=actor,
            kind=MeetingKind.REVIEW,
            previous=meeting,
            planned_on=day,
            chair=meeting.chair,
            minute_taker=meeting.minute_taker,
            place=meeting.place,
            once=uuid4(),
        )
        for number, child in enumerate(reviewed, start=1):
            same = {"number": number, "person": child.person, "referral": child.referral, "side": child.side}
            take_in(
                ChildConsidered(meeting=review, **same), actor=actor, grounds="A review was agreed at the last meeting."
            )
        set_seats(review)
        reading.settle(review, given_by=actor)


@transaction.atomic
def finish_action(reference, number, *, actor, done_on, outcome):
    """An action for a child without a referral of ours is done: it hangs on the meeting itself. Returns it."""
    with noted(
        StrategyMeeting, reference, "finish_action", actor=actor, may=can_invite, happened_on=done_on, action=number
    ) as move:
        action = Action.objects.open().filter(record=move.subject.record, number=number).first()
        if action is None or move.subject.state in BEFORE_DECISIONS:
            raise NotReady("This action is not open.")
        actions.finish(action, actor=actor, done_on=done_on, outcome=outcome)
        reading.settle_meeting(move.subject, given_by=actor)
    return action


@transaction.atomic
def decide_nfa(reference, number, *, actor, confirm, reason):
    """A manager confirms no further action for a child who displayed, or refuses: another meeting is held (B10).

    `reference` is the meeting's. NFA ends the strategy route, not help (B2). Returns the child.
    """
    child = _waiting_for_nfa(reference, number, actor)
    police.lock_with_siblings(child.referral.reference)
    with noted(
        Referral,
        child.referral.reference,
        "confirm_nfa" if confirm else "refuse_nfa",
        actor=actor,
        may=lambda referral, user: can_confirm_nfa(child, user),
        reason=reason,
        asks="Give your reason: it is kept with your name.",
        meeting=reference,
    ) as move:
        child.refresh_from_db(fields=["nfa_state"])
        if child.nfa_state != NfaState.WAITING:
            raise NotReady("This was decided already.")
        waited = _line_about(child)
        child.nfa_state = NfaState.CONFIRMED if confirm else NfaState.REFUSED
        child.nfa_by, child.nfa_at, child.nfa_reason = actor, clock.now(), reason
        child.save(update_fields=["nfa_state", "nfa_by", "nfa_at", "nfa_reason"])
        work.finish(move.subject.record, "confirm_nfa", by=actor, about=f"{reference}-{number}")
        if child.decision is not None:
            said = f"{_line_about(child)}\n{actor.name}: {reason}"
            meetings.note_agreed(child.decision, said, instead_of=waited)
        if not confirm:
            child.nfa_again = meetings.reconvene(move.subject, actor=actor, grounds=reason)
            child.save(update_fields=["nfa_again"])
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return child


def _waiting_for_nfa(reference, number, actor):
    visible = Referral.objects.visible_to(actor)
    child = (
        ChildConsidered.objects.filter(meeting__record__reference=reference, number=number, referral__in=visible)
        .select_related("referral__record", "meeting")
        .first()
    )
    if child is None:
        raise Denied(verb="confirm_nfa")
    return child
