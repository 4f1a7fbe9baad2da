"""The sift: the coordinator proposes what becomes of an intel form, named deciders decide (A16, B12).

Two steps, never one: a proposal with its reason, then what somebody of the local authority and somebody of the police
decided. Nobody sifts their own: who wrote or submitted a form neither proposes on it nor decides.
"""

from dataclasses import dataclass

from django.db import transaction

from hsb.core import clock
from hsb.core.door import check_version, lock, noted
from hsb.core.models import AccessBar, AccessGrant, Task
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Changed, NotReady
from hsb.core.states import Because
from panels.models import SiftDecision
from panels.selectors.sifting import open_proposal, version_of_sift, without_meeting
from panels.states import DECIDED_BY_TWO, Proposal
from strategy_meetings.models import IntelForm
from strategy_meetings.permissions import can_sift
from strategy_meetings.services import intel
from strategy_meetings.states import IntelState

TO_SIFT = (IntelState.SUBMITTED, IntelState.DEFERRED)
WHY_WITHOUT = "No strategy meeting has discussed this case yet: give your reason for taking it to the panel."


@dataclass(kw_only=True)
class Decider:
    """Somebody who decides: a user of ours, or a name with an agency."""

    user: object = None
    name: str = ""
    agency: str = ""

    @property
    def called(self):
        return self.user.name if self.user is not None else self.name.strip()


@transaction.atomic
def propose(reference, *, actor, once, proposal, reason, without_meeting_reason="", deferred_until=None, version=None):
    """The coordinator's proposal on a form; one that is not decided yet is written anew. Returns the SiftDecision.

    `version` is what selectors.sifting.version_of_sift said when the form was opened.
    """
    with noted(
        IntelForm,
        reference,
        "propose_sift",
        actor=actor,
        may=can_sift,
        reason=reason,
        asks="Say why you propose this.",
        proposal=proposal,
    ) as move:
        form = move.subject
        before = made_before(form.sift_decisions.all(), once)
        if before is not None:
            return before
        standing = open_proposal(form) or _next(form)
        _check_seen(form, standing, version)
        refused = _refused(form, proposal, without_meeting_reason, deferred_until)
        if refused:
            raise NotReady(*refused)
        standing.proposal, standing.proposal_reason = proposal, reason
        standing.proposed_by, standing.proposed_at = actor, clock.now()
        standing.without_meeting_reason = without_meeting_reason if without_meeting(form) else ""
        standing.deferred_until = deferred_until if proposal == Proposal.DEFER else None
        standing.once = once
        standing.version += 1
        standing.save()
    return standing


def _refused(form, verb, without_meeting_reason, deferred_until):
    """Sentences of why this cannot be proposed, or decided, now."""
    if form.state not in TO_SIFT:
        return ["This form does not wait to be sifted."]
    if verb not in DECIDED_BY_TWO:
        return ["Choose what becomes of the form."]
    found = []
    if verb == Proposal.DEFER and form.state == IntelState.DEFERRED:
        found.append("It was deferred once: it is accepted now, or it is not for the panel.")
    if verb == Proposal.DEFER and (deferred_until is None or deferred_until <= clock.today()):
        found.append("Say until which day it is deferred, after today.")
    if verb == Proposal.ACCEPT and without_meeting(form) and not without_meeting_reason.strip():
        found.append(WHY_WITHOUT)
    return found


def _next(form, **more):
    """A further decision. Its version goes on from the last one's: a page about that one is never taken for its."""
    last = last_number(form.sift_decisions)
    return SiftDecision(form=form, number=last + 1, version=version_of_sift(form), **more)


def _check_seen(form, standing, version):
    """Raises Changed where somebody proposed or decided since, with what is proposed now as both forms call it."""
    standing.record = form.record
    try:
        check_version(standing, version, ("deferred_until", "without_meeting_reason"))
    except Changed as refusal:
        proposed = standing.get_proposal_display()
        refusal.now |= {"proposal": proposed, "decision": proposed, "reason": standing.proposal_reason}
        raise


@transaction.atomic
def decide(
    reference,
    *,
    actor,
    decision,
    reason,
    decided_on,
    authority: Decider,
    police: Decider,
    without_meeting_reason="",
    deferred_until=None,
    version=None,
):
    """What the named deciders decided: the form follows, and its author is told. Returns the SiftDecision.

    `version` is the proposal's. They may decide otherwise than was proposed.
    """
    lock(reference)
    with noted(IntelForm, reference, "decide_sift", actor=actor, may=can_sift, decision=decision) as move:
        form = move.subject
        standing = open_proposal(form)
        if standing is None:
            raise NotReady("Propose what becomes of the form first.")
        _check_seen(form, standing, version)
        why_without = without_meeting_reason or standing.without_meeting_reason
        refused = _refused(form, decision, why_without, deferred_until)
        refused += _unfit(standing, authority, police)
        if decided_on > clock.today():
            refused.append("Enter the day on which they decided: it cannot lie ahead.")
        if not reason.strip():
            refused.append("Give the reason for the decision.")
        if refused:
            raise NotReady(*refused)
        standing.without_meeting_reason = why_without if without_meeting(form) else ""
        standing.deferred_until = deferred_until if decision == Proposal.DEFER else None
        _write(standing, actor, decision, reason, decided_on)
        for side, who in (("authority", authority), ("police", police)):
            setattr(standing, f"{side}_user", who.user)
            setattr(standing, f"{side}_name", "" if who.user is not None else who.name.strip())
            setattr(standing, f"{side}_agency", who.agency.strip())
        standing.save()
    intel.answer(reference, decision, actor=actor, reason=reason)
    if decision == Proposal.DEFER:
        _look_again_on(form, deferred_until)
    return standing


def _write(standing, actor, decision, reason, decided_on):
    standing.decision, standing.reason, standing.decided_on = decision, reason, decided_on
    standing.recorded_by, standing.recorded_at = actor, clock.now()
    standing.version += 1


def _look_again_on(form, day):
    """A deferred form comes back on the day that was agreed."""
    Task.objects.open().filter(record=form.record, kind="sift_deferred").update(due_on=day)


def _unfit(proposal, authority, police):
    """Sentences of why these two cannot have decided on what is proposed."""
    form, found = proposal.form, []
    if not authority.called:
        found.append("Say who decided for the local authority.")
    if not police.called:
        found.append("Say who decided for the police.")
    if authority.user is None and authority.called and not authority.agency.strip():
        found.append("Say which service the decider of the local authority is from.")
    if police.user is None and police.called and not police.agency.strip():
        found.append("Say which part of the police the decider is from.")
    if found:
        return found
    if authority.called.casefold() == police.called.casefold():
        found.append("Two people decide: one of the local authority, one of the police.")
    own = {user.pk: user.name.casefold() for user in _writers(form)}
    for who in (authority, police):
        is_own = who.user.pk in own if who.user is not None else who.called.casefold() in own.values()
        if who.called.casefold() == proposal.proposed_by.name.casefold():
            found.append(f"{who.called} proposed it: somebody else decides on it.")
        elif is_own:
            found.append(f"{who.called} wrote or submitted this form: somebody else decides on it.")
        elif who.user is not None and _is_barred(form, who.user):
            found.append(f"{who.called} cannot decide on this form. Choose somebody else.")
    return found


def _writers(form):
    """Who wrote or submitted the form, or ever had leave to write it with somebody: nobody decides on their own."""
    given = AccessGrant.objects.filter(record=form.pk, because=Because.WRITES_INTEL, user__isnull=False)
    wrote = {grant.user for grant in given.select_related("user")}
    return wrote | {user for user in (form.author, form.submitted_by) if user is not None}


def _is_barred(form, user):
    persons = {*form.children.values_list("person", flat=True)}
    persons |= {*form.standing_entries().filter(person__isnull=False).values_list("person", flat=True)}
    return AccessBar.objects.filter(user=user, record__in=persons, lifted_at__isnull=True).exists()


@transaction.atomic
def return_with_advice(reference, *, actor, once, reason):
    """Back to its author, with what would help: the coordinator's own, not the deciders'. Returns the form."""
    lock(reference)
    if made_before(SiftDecision.objects.filter(form__record__reference=reference), once) is not None:
        return IntelForm.at(reference).get()
    form = intel.answer(reference, Proposal.RETURN, actor=actor, reason=reason)
    standing = open_proposal(form)
    if standing is None:
        standing = _next(form, proposed_by=actor)
        standing.proposal, standing.proposal_reason, standing.proposed_at = Proposal.RETURN, reason, clock.now()
    standing.once = once
    _write(standing, actor, Proposal.RETURN, reason, clock.today())
    standing.save()
    return form
