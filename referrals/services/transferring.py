"""Transfer to another borough: offered, answered; closed only when they have accepted (practice.md B23)."""

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import noted, opened
from hsb.core.refusals import NotReady
from hsb.people.states import Role
from referrals import guards
from referrals.models import BoroughTransfer, Referral
from referrals.permissions import can_manage
from referrals.services import deciding, disclosing, holders, weighing
from referrals.states import IN_SERVICE, ClosedAs, Recipient

TASK = "borough_transfer"


@transaction.atomic
def offer_transfer(
    reference, *, actor, borough, person, sent_by, sent_on, what_was_sent, reason, weighed=None, version=None
):
    """Records that another borough was asked to take the child: whom, how, and what they were sent. Returns the
    BoroughTransfer. Holder and clocks stay as they are. `weighed` (weighing.Weighed): what was weighed."""
    with noted(
        Referral,
        reference,
        "offer_transfer",
        actor=actor,
        may=can_manage,
        reason=reason,
        asks="Say why the child goes to another borough.",
        version=version,
        happened_on=sent_on,
    ) as move:
        referral = move.subject
        if referral.state not in IN_SERVICE:
            raise NotReady("A child is offered to another borough while a service here has them.")
        _must(referral, guards.no_team_is_asked, guards.no_borough_is_asked)
        offered = BoroughTransfer.objects.create(
            record=referral.record,
            referral=referral,
            reference=f"{referral.reference}-T{referral.borough_transfers.count() + 1}",
            borough=borough,
            person=person,
            sent_by=sent_by,
            sent_on=sent_on,
            what_was_sent=what_was_sent,
            reason=reason,
            offered_by=actor,
            offered_at=clock.now(),
        )
        disclosing.disclose(
            referral.record,
            actor=actor,
            what=what_was_sent,
            to_whom=f"{person}, {borough}",
            recipient=Recipient.COUNCIL,
            why=reason,
            basis="Safeguarding a child: transfer to another borough",
            on=sent_on,
        )
        work.ask(referral.record, TASK, team=referral.record.holding_team, role=Role.MANAGER, started_on=sent_on)
        move.facts["transfer"] = offered.reference
        weighing.record(move, weighed, reason=reason, about=offered.reference)
        referral.next_due_on = work.next_due_on(referral.record)
    return offered


def _must(referral, *asked):
    """Said of the locked referral, before anything of it ends: what ending cancels would seem to be answered."""
    unmet = [each.sentence for each in asked if not each(referral)]
    if unmet:
        raise NotReady(*unmet)


@transaction.atomic
def accept(reference, *, actor, answered_by, answered_on, answer, version=None):
    """The other borough has taken the child: the referral is closed. `reference` is the transfer's. Returns the
    referral."""
    offered = BoroughTransfer.at(reference).get()
    with opened(
        Referral,
        offered.referral.reference,
        "transfer_out",
        actor=actor,
        reason=answer,
        happened_on=answered_on,
        transfer=reference,
    ) as move:
        referral = move.subject
        _must(referral, *guards.BEFORE_TRANSFER)
        with opened(BoroughTransfer, reference, "accept", actor=actor, reason=answer, version=version) as answered:
            _answered(answered.subject, actor, answered_by, answered_on, answer)
        work.finish(referral.record, TASK, by=actor)
        deciding.end(referral, ClosedAs.TRANSFERRED, actor=actor)
    return referral


@transaction.atomic
def refuse(reference, *, actor, answered_by, answered_on, answer, version=None):
    """The other borough does not take the child, who stays. Returns the BoroughTransfer."""
    return _over(reference, "refuse", actor, answered_by, answered_on, answer, version)


@transaction.atomic
def withdraw(reference, *, actor, answered_by, answered_on, answer, version=None):
    """We take the offer back; `answered_by` was told. Returns the BoroughTransfer."""
    return _over(reference, "withdraw", actor, answered_by, answered_on, answer, version)


def _over(reference, verb, actor, answered_by, answered_on, answer, version):
    with opened(BoroughTransfer, reference, verb, actor=actor, reason=answer, version=version) as move:
        _answered(move.subject, actor, answered_by, answered_on, answer)
        work.finish(move.subject.record, TASK, by=actor)
    holders.refresh_due(move.subject.referral)
    return move.subject


def _answered(offered, actor, answered_by, answered_on, answer):
    if answered_on < offered.sent_on:
        raise NotReady("They cannot have answered before it was sent: check the day.")
    offered.answered_by, offered.answered_on, offered.answer = answered_by, answered_on, answer
    offered.recorded_by, offered.recorded_at = actor, clock.now()
