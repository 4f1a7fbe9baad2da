"""Whether a strategy meeting is needed: asked by anybody who sees the record, decided by a manager (B9)."""

from django.db import transaction
from django.db.models import Q

from hsb.core import access, clock, journal, work
from hsb.core.door import noted, opened, record_reference
from hsb.core.models import AccessGrant
from hsb.core.refusals import NotReady
from hsb.core.states import Because
from hsb.people.models import Team
from hsb.people.states import Role, Service
from referrals.models import CategoryDecision, Concern, MeetingDecision, Referral
from referrals.permissions import can_chair_meetings, can_decide_meeting, can_request_meeting
from referrals.services import behaviour_views, holders, patterns, police, section47, weighing
from referrals.states import OPEN, POLICE_CATEGORIES, Category, MeetingDecisionState, View

OPEN_DECISIONS = (MeetingDecisionState.REQUESTED, MeetingDecisionState.CONVENED)


def expect(referral, *, actor):
    """The pathway expects the question to be answered: opens it where it is not. Call in a transaction."""
    if not referral.meeting_decisions.filter(state__in=OPEN_DECISIONS).exists():
        _open_decision(referral, requested_by=None, grounds="Expected by the pathway.", actor=actor)


@transaction.atomic
def request_meeting(reference, *, actor, grounds):
    """Asks for a strategy meeting, from any open state. Returns the MeetingDecision.

    `grounds`: the reasonable cause to suspect significant harm. Asking again after "not convened" keeps the same
    decision with its new facts; a request that waits already is given back with a sentence.
    """
    with noted(
        Referral,
        reference,
        "request_meeting",
        actor=actor,
        may=can_request_meeting,
        reason=grounds,
        asks="Say what gives reasonable cause to suspect significant harm.",
    ) as move:
        referral = move.subject
        if referral.has_ended:
            raise NotReady("This referral has ended: reopen it with the new information first.")
        latest = referral.meeting_decisions.last()
        if latest is not None and latest.state in OPEN_DECISIONS:
            raise NotReady("A strategy meeting was already asked for: its decision is on this page.")
        if latest is not None and latest.state == MeetingDecisionState.NOT_CONVENED:
            decision = _ask_again(latest, actor, grounds)
        else:
            decision = _open_decision(referral, requested_by=actor, grounds=grounds, actor=actor)
        move.facts["meeting_decision"] = decision.reference
        referral.next_due_on = work.next_due_on(referral.record)
    return decision


@transaction.atomic
def bring_new_facts(reference, *, actor, facts):
    """New facts while a meeting is convened or planned: its chair looks at them the same day (B9).

    Returns the referral.
    """
    with noted(
        Referral,
        reference,
        "bring_new_facts",
        actor=actor,
        may=can_request_meeting,
        reason=facts,
        asks="Say what the new facts are.",
    ) as move:
        referral = move.subject
        if not _is_convened(referral):
            raise NotReady("No strategy meeting is to be held: request one.")
        work.ask(referral.record, "meeting_facts", **_chair_of(referral))
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


def tell_chair(referral, *, actor, facts):
    """The same where something else that was done on the referral is the new fact; nothing where no meeting is to be
    held. Call with it locked."""
    if _is_convened(referral):
        work.ask(referral.record, "meeting_facts", **_chair_of(referral))
        journal.write(referral.record, "bring_new_facts", actor=actor, reason=facts)


def _is_convened(referral):
    return referral.meeting_decisions.filter(state=MeetingDecisionState.CONVENED).exists()


def _chair_of(referral):
    """Whom work.ask asks: the chair who reads the referral by name; before one has planned, all of them."""
    readers = AccessGrant.objects.filter(access.live(), record=referral.record, because=Because.CONVENED)
    team = specialist_team()
    chairs = {user.pk: user for user in holders.holding_role(team, Role.CHAIR)}
    named = readers.filter(user__in=chairs).order_by("-starts_at", "-pk").values_list("user", flat=True).first()
    return {"owner": chairs[named]} if named else {"team": team, "role": Role.CHAIR}


@transaction.atomic
def answer_new_facts(reference, *, actor, reason):
    """A chair looked at the new facts, and says what follows from them. Returns the referral."""
    with noted(
        Referral,
        reference,
        "answer_new_facts",
        actor=actor,
        may=lambda referral, user: can_chair_meetings(None, user),
        reason=reason,
        asks="Say what follows from the new facts.",
    ) as move:
        if not work.finish(move.subject.record, "meeting_facts", by=actor):
            raise NotReady("No new facts wait for an answer.")
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return move.subject


def _open_decision(referral, *, requested_by, grounds, actor):
    number = referral.meeting_decisions.count() + 1
    decision = MeetingDecision.objects.create(
        record=referral.record,
        referral=referral,
        reference=f"{referral.reference}-M{number}",
        requested_by=requested_by,
        requested_at=clock.now(),
        grounds=grounds,
    )
    journal.write(
        referral.record,
        "meeting_requested" if requested_by else "meeting_expected",
        actor=actor,
        to_state=MeetingDecisionState.REQUESTED,
        noun=decision.reference,
        pathway_version=referral.pathway_version,
    )
    _ask_social_work_manager(referral, actor)
    return decision


def pass_on(referral, *, actor):
    """A request that waits goes to the managers of the team that has the referral now. Call in a transaction."""
    if referral.meeting_decisions.filter(state=MeetingDecisionState.REQUESTED).exists():
        _ask_social_work_manager(referral, actor)


def _ask_again(decision, actor, grounds):
    with opened(MeetingDecision, decision.reference, "request_again", actor=actor, reason=grounds) as move:
        again = move.subject
        again.requested_by, again.requested_at, again.grounds = actor, clock.now(), grounds
        again.decided_by, again.decided_at, again.reason = None, None, ""
        _ask_social_work_manager(again.referral, actor)
    return again


def _ask_social_work_manager(referral, actor):
    """The task goes to the holding team's managers; an Early Help team's request to the front door's (B9)."""
    team = referral.record.holding_team
    if team.service == Service.EARLY_HELP:
        team = holders.front_door()
        holders.ask(referral, team, given_by=actor)
    work.ask(referral.record, "meeting_decision", team=team, role=Role.MANAGER)
    holders.refresh_due(referral)


@transaction.atomic
def decide_meeting(reference, *, actor, convene, reason="", weighed=None, version=None):
    """A social work manager's decision. `reference` is the MeetingDecision's. Returns it.

    `weighed` (weighing.Weighed): what was weighed where none is convened.
    """
    police.lock_with_siblings(record_reference(reference))
    verb = "convene" if convene else "do_not_convene"
    with opened(MeetingDecision, reference, verb, actor=actor, reason=reason, version=version) as move:
        decision = move.subject
        decision.decided_by, decision.decided_at, decision.reason = actor, clock.now(), reason
        work.finish(decision.record, "meeting_decision", by=actor)
        if not convene:
            below = weighing.not_convening_is_below(decision.referral)
            weighing.record(move, weighed, reason=reason, below_default=below)
        else:
            _let_chairs_read(decision.referral, actor)
            work.ask(decision.record, "schedule_meeting", team=specialist_team(), role=Role.CHAIR)
    holders.ask_no_more(decision.record, holders.front_door())
    holders.refresh_due(decision.referral)
    return decision


# --- What floor 2 tells: its meetings are about referrals of ours ---


def specialist_team():
    """The team of the specialist chairs. Raises NotReady where the borough has none yet."""
    team = Team.objects.filter(service=Service.SPECIALIST, closed_on__isnull=True).order_by("pk").first()
    if team is None:
        raise NotReady("There is no specialist team yet: ask the administrator to add one.")
    return team


def _let_chairs_read(referral, actor):
    """The specialist chairs may open the referral, and those of the concern's other children, who are in by default
    (B9), until one of them has planned the meeting."""
    team = specialist_team()
    chairs = holders.holding_role(team, Role.CHAIR)
    for each in (referral, *referral.other_children().filter(state__in=OPEN).select_related("record")):
        access.grant(each.record, because=Because.CONVENED, team=team, role=Role.CHAIR, given_by=actor)
        for chair in chairs if each.record.restricted else ():
            access.grant(each.record, because=Because.CONVENED, user=chair, given_by=actor)


def planned(referral, *, actor):
    """A meeting about the child is planned. Call with the referral locked, in a transaction."""
    work.finish(referral.record, "schedule_meeting", by=actor)
    holders.refresh_due(referral)


def read_for_meetings(referral, readers, *, actor, chairs_wait):
    """Who may open the referral for the meetings the child is in, and nobody else for one.

    `readers` maps each chair and minute taker to the instant until which, None while a meeting runs; `chairs_wait`:
    whether a meeting waits to be planned for which the specialist chairs read it. Call with the referral locked.
    """
    now = clock.now()
    for user, until in readers.items():
        # What ended with the referral is not given again when the meeting moves on (decision 14).
        if referral.is_open and (until is None or until > now):
            access.grant(referral.record, because=Because.CONVENED, user=user, until=until, given_by=actor)
    if chairs_wait:
        return
    others = AccessGrant.objects.filter(access.live(), record=referral.record, because=Because.CONVENED)
    going_on = [user.pk for user, until in readers.items() if until is None or until > now]
    others.filter(Q(user__isnull=True) | ~Q(user__in=going_on)).update(ends_at=now)


def join_meeting(referral, *, actor, grounds):
    """The child is in a meeting that another child of the concern needs (B9). Returns the MeetingDecision, convened.

    Call with the referral locked, in a transaction.
    """
    latest = referral.meeting_decisions.last()
    if latest is None or latest.state == MeetingDecisionState.CONCLUDED:
        latest = _open_decision(referral, requested_by=None, grounds=grounds, actor=actor)
    if latest.state == MeetingDecisionState.CONVENED:
        return latest
    with opened(MeetingDecision, latest.reference, "join", actor=actor) as move:
        decision = move.subject
        decision.decided_by, decision.decided_at = actor, clock.now()
        decision.joined_because = grounds
    work.cancel(referral.record, "meeting_decision", reason="The child is in the meeting of the concern.")
    holders.ask_no_more(referral.record, holders.front_door())
    return decision


def conclude_decision(decision, *, actor):
    """The last running meeting of this decision has issued its own."""
    with opened(MeetingDecision, decision.reference, "conclude", actor=actor) as move:
        pass
    return move.subject


def note_agreed(decision, said, *, instead_of=""):
    """What a meeting agreed for the child, in words, and a manager's word on it, instead of the line that said it
    waits: beside what stands already. Each line says of which meeting it is; of two alike one goes.

    Call with the referral locked. The journal keeps both.
    """
    agreed = MeetingDecision.objects.values_list("agreed", flat=True).get(pk=decision.pk)
    lines = agreed.splitlines()
    if instead_of in lines:
        lines.remove(instead_of)
    MeetingDecision.objects.filter(pk=decision.pk).update(agreed="\n".join([*lines, said]))


def decide_again(decision, *, actor, reason):
    """The meeting was cancelled: a social work manager decides again whether one is needed (B23)."""
    with opened(MeetingDecision, decision.reference, "ask_anew", actor=actor, reason=reason) as move:
        again = move.subject
        again.decided_by, again.decided_at, again.reason = None, None, ""
    _ask_social_work_manager(again.referral, actor)
    return again


def meeting_follows(referral, *, actor, grounds):
    """A meeting of the network follows what a manager and the police discussed: convened by that manager, unless one
    stands already. Call with the concern's referrals locked."""
    latest = referral.meeting_decisions.last()
    if latest is None or latest.state == MeetingDecisionState.CONCLUDED:
        latest = _open_decision(referral, requested_by=actor, grounds=grounds, actor=actor)
    elif latest.state == MeetingDecisionState.NOT_CONVENED:
        latest = _ask_again(latest, actor, grounds)
    if latest.state == MeetingDecisionState.REQUESTED:
        decide_meeting(latest.reference, actor=actor, convene=True)


def reconvene(referral, *, actor, grounds):
    """A manager did not accept what a meeting agreed: another one is held, or the one that is asked for already.
    Returns its MeetingDecision.

    Call with the referral locked.
    """
    decision = referral.meeting_decisions.filter(state__in=OPEN_DECISIONS).last() or _open_decision(
        referral, requested_by=actor, grounds=grounds, actor=actor
    )
    if decision.state == MeetingDecisionState.REQUESTED and can_decide_meeting(decision, actor):
        decide_meeting(decision.reference, actor=actor, convene=True, reason=grounds)
    return decision


def agree_category(referral, *, actor, category, reason, agreed_on, review=False, behaviours=None):
    """The category the meeting agreed, kept beside every earlier view and in force from now on (A4); `behaviours`
    ({key: (category, reason)}) are its views of single ones.

    Its consequences follow: from category 2 on Form 87A is needed. Call with the concern's referrals locked.
    """
    if not referral.has_category:
        raise NotReady("A category is agreed only for a child who displayed the behaviour.")
    same = {
        "assessment": referral.latest_assessment(),
        "view": View.REVIEW if review else View.MEETING,
        "by": actor,
        "decided_on": agreed_on,
        "recorded_at": clock.now(),
        "pathway_version": referral.pathway_version,
    }
    CategoryDecision.objects.create(referral=referral, category=category, reason=reason, **same)
    facts = behaviour_views.give(referral, behaviours or {}, **same)
    changed = referral.category != category
    referral.category = category
    Referral.objects.filter(pk=referral.pk).update(category=category)
    journal.write(
        referral.record,
        "agree_category",
        actor=actor,
        happened_on=agreed_on,
        pathway_version=referral.pathway_version,
        category=category,
        **facts,
    )
    if referral.pathway().expects_statutory(category, None):
        section47.needs_statutory(
            referral, actor=actor, reason=f"The meeting agreed {Category(category).label}: statutory social work."
        )
    said = any(view in POLICE_CATEGORIES for view, _ in (behaviours or {}).values())
    if said or (changed and category in POLICE_CATEGORIES):
        for concern in Concern.objects.filter(involvements__referral=referral).distinct():
            police.need_police_referral(concern, actor=actor)
    patterns.follow(referral.person, actor=actor)
