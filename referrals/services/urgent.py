"""What waits for nothing: immediate protection and calls to the police (practice.md B3, B21)."""

from itertools import chain

from django.db import transaction
from django.db.models.functions import Coalesce

from hsb.core import access, clock, journal, words, work
from hsb.core.door import held, lock, noted
from hsb.core.refusals import Denied, NotReady
from referrals.models import PoliceCall, Protection, Referral
from referrals.permissions import can_lift_advice, can_see
from referrals.selectors.involved import people_in_each
from referrals.selectors.joining import concerns_in
from referrals.services import episodes, holders
from referrals.services.disclosing import disclose
from referrals.spelling import found, spellings
from referrals.states import Recipient


@transaction.atomic
def record_protection(reference, *, actor, once, what, done_on, who_was_told, done_at=None):
    """Immediate protection, by anybody who sees the record, in any state. Returns the referral that carries it.

    A closed referral gets a new linked episode that carries it, and stays as it was.
    """
    episodes.hold_child_of(reference)  # the same form sent twice at once: the second waits here, and finds the first
    before = Protection.objects.filter(once=once, recorded_by=actor).select_related("referral__record").first()
    if before is not None:
        return before.referral
    referral = _open_one(reference, actor, verb="record_protection", reason=what, happened_on=done_on)
    add_protection(
        referral,
        actor=actor,
        once=once,
        what=what,
        done_on=done_on,
        who_was_told=who_was_told,
        done_at=done_at,
    )
    return referral


def add_protection(referral, *, actor, once, what, done_on, who_was_told, done_at=None):
    """Writes the protection on a referral that is locked, and asks for its follow-up.

    Whom it names as told stands with what was shared (B21).
    """
    Protection.objects.create(
        referral=referral,
        what=what,
        done_on=done_on,
        done_at=done_at,
        who_was_told=who_was_told,
        recorded_by=actor,
        recorded_at=clock.now(),
        once=once,
    )
    disclose(
        referral.record,
        actor=actor,
        what=f"Immediate protection: {what}",
        to_whom=who_was_told,
        why="So that the child is safe now",
        basis="Safeguarding a child: immediate protection",
        on=done_on,
    )
    work.ask(referral.record, "protection", started_on=done_on, **holders.holder(referral))
    journal.write(
        referral.record,
        "record_protection",
        actor=actor,
        happened_on=done_on,
        text=journal.digest_of_text(what, who_was_told),
    )
    holders.refresh_due(referral)


@transaction.atomic
def follow_up_protection(reference, *, actor, protection, follow_up, followed_up_on):
    """What came of it. `protection` is one of the referral's own. Returns the referral."""
    with noted(
        Referral,
        reference,
        "follow_up_protection",
        actor=actor,
        may=can_see,
        reason=follow_up,
        asks="Say what was done to follow up.",
        happened_on=followed_up_on,
    ) as move:
        if protection.referral_id != move.subject.pk:
            raise Denied(record=move.subject.record, verb="follow_up_protection")
        Protection.objects.filter(pk=protection.pk, followed_up_on__isnull=True).update(
            followed_up_on=followed_up_on, followed_up_by=actor, follow_up=follow_up
        )
        if not move.subject.protections.filter(followed_up_on__isnull=True).exists():
            work.finish(move.subject.record, "protection", by=actor)
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return move.subject


@transaction.atomic
def record_police_call(
    reference,
    *,
    actor,
    once,
    emergency,
    called_on,
    spoke_to,
    what_was_said,
    called_at=None,
    police_reference="",
    advice="",
    advice_for=(),
):
    """A telephone call to the police or 999, by anybody who sees the record, in any state. Returns the referral.

    `advice_for`: references of the referral's concerns for whose every child the advice holds.
    """
    episodes.hold_child_of(reference)  # the same form sent twice at once: the second waits here, and finds the first
    before = (
        PoliceCall.objects.filter(once=once, recorded_by=actor)
        .select_related("referral__record", "moved_from__record")
        .first()
    )
    if before is not None:
        return before.recorded_on
    referral = _open_one(
        reference,
        actor,
        verb="record_police_call",
        reason=what_was_said,
        happened_on=called_on,
    )
    concerns = _advised_for(referral, advice_for, advice, actor)
    call = PoliceCall.objects.create(
        referral=referral,
        emergency=emergency,
        called_on=called_on,
        called_at=called_at,
        spoke_to=spoke_to,
        police_reference=police_reference,
        what_was_said=what_was_said,
        advice=advice,
        recorded_by=actor,
        recorded_at=clock.now(),
        once=once,
    )
    call.advice_for.set(concerns)
    disclose(
        referral.record,
        actor=actor,
        what=what_was_said,
        to_whom=f"Police: {spoke_to}",
        recipient=Recipient.POLICE,
        why="Telephone call to the police",
        basis="Safeguarding a child",
        on=called_on,
    )
    journal.write(
        referral.record,
        "record_police_call",
        actor=actor,
        happened_on=called_on,
        emergency=emergency,
        text=journal.digest_of_text(what_was_said, advice),
        advice_for=[concern.reference for concern in concerns],
    )
    return referral


@transaction.atomic
def lift_advice(reference, *, actor, call, lifted_on, reason):
    """The police lifted what they had advised for every child, of whom `reference` is one's referral; returns it."""
    lock(reference, call.referral.reference)
    with noted(
        Referral,
        reference,
        "lift_advice",
        actor=actor,
        may=lambda referral, user: call.advises_for(referral) and can_lift_advice(call, user),
        reason=reason,
        asks="Say why the police lifted it.",
        happened_on=lifted_on,
    ) as move:
        if lifted_on < call.called_on:
            raise NotReady("The police cannot have lifted it before they gave it.")
        standing = PoliceCall.objects.filter(pk=call.pk, lifted_on__isnull=True)
        if not standing.update(lifted_on=lifted_on, lifted_by=actor, lifted_reason=reason):
            raise NotReady("It is recorded already that the police lifted it.")
    if call.referral_id != move.subject.pk:
        journal.write(call.referral.record, "lift_advice", actor=actor, happened_on=lifted_on)
    return move.subject


def carry_over(referral, target):
    """The calls to the police on `referral` go with its concerns to `target`. Call with both locked."""
    calls = PoliceCall.objects.filter(referral=referral)
    calls.update(moved_from=Coalesce("moved_from", "referral"), referral=target)


def _advised_for(referral, references, advice, actor):
    """The concerns for whose every child the advice holds. Raises NotReady where it has a name in it."""
    if not references:
        return []
    parts = referral.involvements.filter(concern__record__reference__in=references).select_related("concern__record")
    concerns = concerns_in(parts)
    if len(concerns) != len(set(references)):
        raise NotReady("The call goes to a referral that is not of that concern: take the tick from the advice away.")
    if not advice.strip():
        raise NotReady("Say what the police advised, or take the tick away.")
    if names := _names_in(advice, concerns, actor):
        said = words.listed(f"“{name}”" for name in names)
        raise NotReady(
            "Write no name in advice that holds for every child: others read it than read this record. "
            f"Word it without {said}, also where that is an ordinary word: somebody in the concern is called so."
        )
    return concerns


def _names_in(text, concerns, actor):
    """The names of people in the concerns that stand in a text, as typed; no name that `actor` may not read anyway."""
    everybody = chain.from_iterable(people_in_each(concerns, actor).values())
    read = [each["person"] for each in everybody if each["opens"] or not each["hidden"]]
    names = set().union(*map(spellings, read))
    typed = {}
    for start, end, spelling in found(text, names):
        typed.setdefault(spelling, text[start:end])
    return list(typed.values())


def _open_one(reference, actor, *, verb, reason, happened_on):
    """The referral, locked, that can carry an urgent row: itself, or for an ended one its new linked episode."""
    referral = held(Referral, reference)
    if not access.opens(actor, referral) or not can_see(referral, actor):
        raise Denied(record=referral.record, verb=verb)
    if not referral.has_ended:
        return referral
    return episodes.linked_episode(referral, actor=actor, verb="reopen", reason=reason, happened_on=happened_on)
