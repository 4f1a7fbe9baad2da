"""Whether a strategy meeting is needed: asked by anybody who sees the record, decided by a manager (B9)."""

from django.db import transaction

from hsb.core import clock, journal, work
from hsb.core.door import noted, opened
from hsb.core.refusals import NotReady
from hsb.people.states import Role, Service
from referrals.models import MeetingDecision, Referral
from referrals.permissions import can_request_meeting
from referrals.services import holders
from referrals.states import MeetingDecisionState

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
def decide_meeting(reference, *, actor, convene, reason="", version=None):
    """A social work manager's decision. `reference` is the MeetingDecision's. Returns it."""
    verb = "convene" if convene else "do_not_convene"
    with opened(MeetingDecision, reference, verb, actor=actor, reason=reason, version=version) as move:
        decision = move.subject
        decision.decided_by, decision.decided_at, decision.reason = actor, clock.now(), reason
        work.finish(decision.record, "meeting_decision", by=actor)
    holders.ask_no_more(decision.record, holders.front_door())
    holders.refresh_due(decision.referral)
    return decision
