"""What the police told us of a child: recorded, followed up, let be disclosed (practice.md A14, A23, B21)."""

from django.db import transaction

from hsb.core import clock, journal
from hsb.core.door import lock, noted
from hsb.core.once import made_before
from hsb.core.refusals import Denied, NotReady
from referrals.models import CaseDocument, Concern, PoliceNotification, Referral
from referrals.permissions import can_follow_notification, can_see, can_tell_again
from referrals.selectors.notifications import children_to_name, has_letter, takes_notifications, title_of
from referrals.services import meetings
from referrals.services.disclosing import hold_from_families
from referrals.states import MeetingDecisionState

ATTACHED = "This referral was attached to another of the same child. Record it there."
NOT_OF_THIS_CHILD = "It does not speak of this child: record it on the referral of a child of whom it speaks."
NOT_OURS = "Choose a concern of this child."


@transaction.atomic
def record(
    reference,
    *,
    actor,
    once,
    received_on,
    unit,
    how,
    says,
    children=(),
    concern="",
    received_at=None,
    officer="",
    police_reference="",
    document="",
    do_not_disclose=True,
):
    """Records what came, by anybody who sees the record, in any state. Returns the PoliceNotification.

    `children`: references of the referrals of whom it speaks, of those that `actor` may open; the child of `reference`
    where none is named. `concern` and `document` are references of the child's own, or "".
    """
    lock(reference, *children)
    own = PoliceNotification.objects.filter(referral__record__reference=reference, recorded_by=actor)
    before = made_before(own, once)
    if before is not None:
        return before
    with noted(Referral, reference, "record_notification", actor=actor, may=can_see, happened_on=received_on) as move:
        referral = move.subject
        if not takes_notifications(referral):
            raise NotReady(ATTACHED)
        if not (unit.strip() and says.strip()):
            raise NotReady("Say from whom it came, and what it says.")
        if received_on > clock.today():
            raise NotReady("The day on which it came must be today or in the past.")
        named = _named(referral, children or (reference,), actor)
        notification = PoliceNotification.objects.create(
            referral=referral,
            concern=_concern_of(referral, concern),
            received_on=received_on,
            received_at=received_at,
            unit=unit,
            officer=officer,
            police_reference=police_reference,
            how=how,
            says=says,
            do_not_disclose=do_not_disclose,
            document=_letter_of(referral, document),
            recorded_by=actor,
            recorded_at=clock.now(),
            once=once,
        )
        notification.children.set(named)
        move.facts.update(text=journal.digest_of_text(says), held_back=do_not_disclose)
    if do_not_disclose:
        hold_from_families(named, actor=actor, what=title_of(notification), held_back=True)
    for child in named:
        if child.pk != referral.pk:
            journal.write(child.record, "record_notification", actor=actor, happened_on=received_on)
    return notification


@transaction.atomic
def follow(
    reference,
    *,
    actor,
    notification,
    acknowledged_on=None,
    acknowledged_to="",
    concern="",
    document="",
    grounds="",
):
    """What followed: acknowledged to somebody, attached to a concern, the letter, a strategy discussion asked for.

    `grounds`: why one is asked for; new facts where a meeting is to be held already. Returns the notification.
    """
    with noted(
        Referral,
        reference,
        "follow_notification",
        actor=actor,
        may=lambda referral, user: _is_of(notification, referral) and can_follow_notification(notification, user),
        happened_on=acknowledged_on,
    ) as move:
        referral = move.subject
        row = PoliceNotification.objects.select_for_update().get(pk=notification.pk)
        if not (acknowledged_on or concern or document or grounds.strip()):
            raise NotReady("Say what followed: at least one of these.")
        if acknowledged_on:
            _refuse_acknowledging(row, acknowledged_on, acknowledged_to)
            row.acknowledged_on, row.acknowledged_to = acknowledged_on, acknowledged_to
        if concern:
            _refuse_again(row.concern_id, "It is attached to a concern already.")
            row.concern = _concern_of(referral, concern)
        if document:
            _refuse_again(has_letter(row), "The letter is recorded already.")
            row.document = _letter_of(referral, document)
        if grounds.strip():
            _refuse_again(row.discussion_asked_on, "It is recorded already that a strategy discussion was asked for.")
            row.discussion_asked_on = clock.today()
        row.save()
        followed = {"acknowledged": bool(acknowledged_on), "concern": concern, "letter": document}
        move.facts.update({**followed, "discussion": bool(grounds.strip())})
    if grounds.strip():
        _ask_for_discussion(reference, actor, grounds)
    return row


@transaction.atomic
def let_disclose(reference, *, actor, notification, reason):
    """A manager decides that the family may be told of it. Returns the notification."""
    with noted(
        Referral,
        reference,
        "tell_notification",
        actor=actor,
        may=lambda referral, user: (
            _is_of(notification, referral)
            and can_tell_again(referral, user)
            and can_follow_notification(notification, user)
        ),
        reason=reason,
        asks="Give the reason: who agreed.",
    ):
        held = PoliceNotification.objects.filter(pk=notification.pk, do_not_disclose=True)
        if not held.update(do_not_disclose=False):
            raise NotReady("This was recorded already.")
        children = list(notification.children.select_related("record"))
        # Of several the reason may speak of each: it stays with the record on which it was decided.
        why = reason if len(children) == 1 else f"{actor.name}, a manager, decided it"
        hold_from_families(children, actor=actor, what=title_of(notification), held_back=False, why=why)
    return PoliceNotification.objects.get(pk=notification.pk)


def _ask_for_discussion(reference, actor, grounds):
    """By the road of every such request; where a meeting is to be held already, its chair hears the new facts."""
    referral = Referral.at(reference).get()
    latest = referral.meeting_decisions.last()
    if latest is not None and latest.state == MeetingDecisionState.CONVENED:
        meetings.bring_new_facts(reference, actor=actor, facts=grounds)
    else:
        meetings.request_meeting(reference, actor=actor, grounds=grounds)


def _is_of(notification, referral):
    return PoliceNotification.objects.read_through(referral).filter(pk=notification.pk).exists()


def _named(referral, references, actor):
    """The referrals of whom it speaks, this one among them. Raises Denied for one that `actor` was not offered."""
    offered = {reference for reference, _ in children_to_name(referral, actor)}
    if not set(references) <= offered:
        raise Denied(record=referral.record, verb="record_notification")
    if referral.reference not in references:
        raise NotReady(NOT_OF_THIS_CHILD)
    return list(Referral.objects.filter(record__reference__in=references).select_related("record"))


def _concern_of(referral, reference):
    if not reference:
        return None
    found = Concern.objects.filter(involvements__referral=referral, record__reference=reference).first()
    if found is None:
        raise NotReady(NOT_OURS)
    return found


def _letter_of(referral, reference):
    if not reference:
        return None
    standing = CaseDocument.objects.read_through(referral).filter(taken_out_at__isnull=True, reference=reference)
    found = standing.first()
    if found is None:
        raise NotReady("Choose one of the documents of this child.")
    return found


def _refuse_acknowledging(row, day, to):
    _refuse_again(row.acknowledged_on, "It is recorded already that it was acknowledged.")
    if not to.strip():
        raise NotReady("Say to whom it was acknowledged.")
    if not row.received_on <= day <= clock.today():
        raise NotReady("Enter a day from the day on which it came until today.")


def _refuse_again(before, sentence):
    if before:
        raise NotReady(sentence)
