"""What waits for nothing: immediate protection, calls to the police, and Form 87A (practice.md B3, B4, B21)."""

from django.db import transaction

from hsb.core import clock, journal, work
from hsb.core.door import held, lock, noted, opened, record_reference
from hsb.core.models import Record
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import RecordKind
from referrals.models import (
    Disclosure,
    Involvement,
    PoliceCall,
    PoliceReferral,
    Protection,
    Referral,
)
from referrals.permissions import can_see
from referrals.services import episodes, holders
from referrals.states import PoliceReferralState


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
    """Writes the protection on a referral that is locked, and asks for its follow-up."""
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
):
    """A telephone call to the police or 999, by anybody who sees the record, in any state. Returns the referral."""
    episodes.hold_child_of(reference)  # the same form sent twice at once: the second waits here, and finds the first
    before = PoliceCall.objects.filter(once=once, recorded_by=actor).select_related("referral__record").first()
    if before is not None:
        return before.referral
    referral = _open_one(
        reference,
        actor,
        verb="record_police_call",
        reason=what_was_said,
        happened_on=called_on,
    )
    now = clock.now()
    PoliceCall.objects.create(
        referral=referral,
        emergency=emergency,
        called_on=called_on,
        called_at=called_at,
        spoke_to=spoke_to,
        police_reference=police_reference,
        what_was_said=what_was_said,
        advice=advice,
        recorded_by=actor,
        recorded_at=now,
        once=once,
    )
    Disclosure.objects.create(
        record=referral.record,
        what=what_was_said,
        to_whom=f"Police: {spoke_to}",
        why="Telephone call to the police",
        basis="Safeguarding a child",
        happened_on=called_on,
        by=actor,
        recorded_at=now,
    )
    journal.write(
        referral.record,
        "record_police_call",
        actor=actor,
        happened_on=called_on,
        emergency=emergency,
        text=journal.digest_of_text(what_was_said, advice),
    )
    return referral


def _open_one(reference, actor, *, verb, reason, happened_on):
    """The referral, locked, that can carry an urgent row: itself, or for an ended one its new linked episode."""
    referral = held(Referral, reference)
    if not Referral.objects.visible_to(actor).filter(pk=referral.pk).exists() or not can_see(referral, actor):
        raise Denied(record=referral.record, verb=verb)
    if not referral.has_ended:
        return referral
    return episodes.linked_episode(referral, actor=actor, verb="reopen", reason=reason, happened_on=happened_on)


# --- Form 87A: one per concern, covering its children ---


def lock_with_siblings(reference, *more):
    """Locks the referral, and those of its concerns' other children: what is decided on one may concern them all.

    Asked step by step, by keys: joined in one, a planner that last counted the tables when they were empty multiplies
    them all with one another.
    """
    mine = Record.objects.filter(reference=record_reference(reference)).values_list("pk", flat=True).first()
    concerns = list(Involvement.objects.filter(referral=mine).values_list("concern", flat=True))
    siblings = Involvement.objects.filter(concern__in=concerns, referral__isnull=False)
    keys = set(siblings.order_by().values_list("referral", flat=True))
    lock(reference, *more, *Record.objects.filter(pk__in=keys).values_list("reference", flat=True))


def need_police_referral(concern, *, actor):
    """Form 87A is needed for the concern: opens it where none is open or sent.

    Every referral of the concern shows it until it is resolved. Returns the police referral. Call with the concern's
    referrals locked (`lock_with_siblings`), in a transaction.
    """
    lock(concern.reference)
    standing = (
        PoliceReferral.objects.filter(
            concern=concern,
            state__in=(PoliceReferralState.NEEDED, PoliceReferralState.SENT),
        )
        .select_related("record")
        .first()
    )
    if standing is not None:
        return standing
    now = clock.now()
    police_referral = PoliceReferral.objects.create(
        record=Record.objects.open(RecordKind.POLICE_REFERRAL, at=now),
        concern=concern,
        needed_since=now,
    )
    journal.write(
        police_referral.record,
        "need",
        actor=actor,
        to_state=PoliceReferralState.NEEDED,
        concern=concern.reference,
    )
    for referral in police_referral.referrals():
        work.ask(referral.record, "police_referral", **holders.holder(referral))
        referral.police_outstanding = True
        referral.save(update_fields=["police_outstanding"])
        journal.write(
            referral.record,
            "police_referral_needed",
            actor=actor,
            police_referral=police_referral.reference,
        )
        holders.refresh_due(referral)
    return police_referral


@transaction.atomic
def record_police_referral_sent(
    reference,
    *,
    actor,
    sent_to,
    sent_how,
    sent_on,
    sent_at=None,
    consent="",
    version=None,
):
    """Form 87A went out: to whom, how, when. Writes a Disclosure on each child's record. Returns it."""
    _lock_with_referrals(reference)
    with opened(
        PoliceReferral,
        reference,
        "record_sent",
        actor=actor,
        version=version,
        happened_on=sent_on,
    ) as move:
        form = move.subject
        if not sent_to.strip() or not sent_how.strip():
            raise NotReady("Say to whom and how Form 87A was sent.")
        form.sent_to, form.sent_how, form.sent_on, form.sent_at = (
            sent_to,
            sent_how,
            sent_on,
            sent_at,
        )
        form.resolved_by, form.resolved_at = actor, clock.now()
        move.facts.update(how=sent_how)
    for referral in form.referrals():
        Disclosure.objects.create(
            record=referral.record,
            what="Form 87A with the HSB risk assessment",
            to_whom=sent_to,
            # On the record of a child who was harmed nothing speaks of a category (B1).
            why="Category 2 or 3, or a crime suspected" if referral.has_category else "Needed for the concern",
            basis="Safeguarding a child; prevention of crime",
            consent=consent,
            happened_on=sent_on,
            by=actor,
            recorded_at=clock.now(),
        )
    _resolved(form, actor, "police_referral_sent")
    return form


@transaction.atomic
def excuse_police_referral(reference, *, actor, exit_, reason, version=None):
    """A manager's exit: `exit_` is "not_sent_because" or "no_longer_needed_because". Returns it.

    A decision not to share is a disclosure record too (B21).
    """
    if exit_ not in ("not_sent_because", "no_longer_needed_because"):
        raise NotReady("Choose why Form 87A is not sent.")
    _lock_with_referrals(reference)
    with opened(PoliceReferral, reference, exit_, actor=actor, reason=reason, version=version) as move:
        form = move.subject
        form.reason, form.resolved_by, form.resolved_at = reason, actor, clock.now()
    for referral in form.referrals():
        Disclosure.objects.create(
            record=referral.record,
            shared=False,
            what="Form 87A with the HSB risk assessment",
            to_whom="Police",
            why=reason,
            basis="Manager's decision not to send",
            happened_on=clock.today(),
            by=actor,
            recorded_at=clock.now(),
        )
    _resolved(form, actor, "police_referral_excused")
    return form


def _lock_with_referrals(reference):
    form = PoliceReferral.at(reference).first()
    if form is None:
        raise PoliceReferral.DoesNotExist(reference)
    lock(reference, *form.referrals().values_list("record__reference", flat=True))


def _resolved(form, actor, verb):
    """The red tag goes from every referral for which no other Form 87A is needed."""
    for referral in form.referrals():
        still = PoliceReferral.objects.filter(
            concern__involvements__referral=referral, state=PoliceReferralState.NEEDED
        ).exists()
        journal.write(referral.record, verb, actor=actor, police_referral=form.reference)
        if still:
            continue
        work.finish(referral.record, "police_referral", by=actor)
        referral.police_outstanding = False
        referral.save(update_fields=["police_outstanding"])
        holders.refresh_due(referral)
