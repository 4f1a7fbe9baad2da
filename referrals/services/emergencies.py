"""Break-glass: opening a record in an emergency, and a manager's review of it (practice.md B14, B15).

The leave is given at once and ends by itself; the worker and the manager are told at once; somebody else reviews it
within one working day. A bar beats it.
"""

from datetime import timedelta

from django.db import transaction

from hsb.core import access, clock, door, settings_in_force, work
from hsb.core.door import noted
from hsb.core.models import AccessBar, Message
from hsb.core.models.messages import What
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import AccessKind, Because
from referrals.models import EmergencyOpening, Referral
from referrals.permissions import can_break_glass, can_review_opening
from referrals.selectors import emergencies
from referrals.services import holders

VERB, REVIEW = "break_glass", "review_break_glass"


@transaction.atomic
def break_glass(*references, actor, reason):
    """Opens these referrals of one child for `actor`, for some hours (a setting). Returns the EmergencyOpenings.

    Whether `actor` may know of the child is asked by whoever calls: a search showed it (B8). Raises Denied where
    `actor` is barred from the child, NotReady where the record is open to them already.
    """
    door.lock(*references)
    return [_open(reference, actor, reason) for reference in references]


def _open(reference, actor, reason):
    with noted(
        Referral,
        reference,
        VERB,
        actor=actor,
        may=can_break_glass,
        reason=reason,
        asks="Say why you need to open this record now.",
        known=True,
    ) as move:
        referral = move.subject
        if AccessBar.objects.filter(user=actor, record=referral.person_id, lifted_at__isnull=True).exists():
            raise Denied(emergencies.BARRED, record=referral.record, verb=VERB)
        if access.opens(actor, referral):
            raise NotReady("You can open this record already.")
        now = clock.now()
        until = now + timedelta(hours=settings_in_force.value("break_glass_hours"))
        access.grant(referral.record, because=Because.BREAK_GLASS, user=actor, until=until, given_by=actor)
        access.look(actor, referral.record, VERB, kind=AccessKind.BREAK_GLASS, terms={"reason": reason})
        team, managers = holders.reviewers(referral, actor)
        opening = EmergencyOpening.objects.create(
            referral=referral,
            number=referral.emergency_openings.count() + 1,
            by=actor,
            reason=reason,
            opened_at=now,
            until=until,
            asked_team=team,
        )
        if managers and not access.opens(managers[0], referral):
            holders.ask(referral, team, given_by=actor)
        work.ask(
            referral.record,
            REVIEW,
            about=str(opening.number),
            **holders.review_of(team, managers, actor),
        )
        _tell(opening, managers)
        move.facts["user"] = actor.reference
        referral.next_due_on = work.next_due_on(referral.record)
    return opening


def _tell(opening, managers):
    """A message to the allocated worker and to who reviews it, sent with the next sweep: never to whoever opened it."""
    referral = opening.referral
    told = {user.pk: user for user in (*managers, referral.worker) if user is not None and user.is_active}
    told.pop(opening.by_id, None)
    about = referral.reference if opening.number == 1 else f"{referral.reference} {opening.number}"
    Message.objects.bulk_create(
        Message(what=What.BREAK_GLASS, user=user, on=clock.today(), about=about, made_at=clock.now())
        for user in told.values()
    )


@transaction.atomic
def review(reference, *, actor, number, finding, what_follows, end_now=False):
    """A manager says whether the opening was justified, and what follows; may end it at once. Returns the opening.

    Never the one who opened it.
    """
    with noted(
        Referral,
        reference,
        REVIEW,
        actor=actor,
        may=lambda referral, user: can_review_opening(emergencies.opening(referral, number), user),
        reason=what_follows,
        asks="Say what follows.",
    ) as move:
        referral = move.subject
        opening = emergencies.opening(referral, number)
        if opening.reviewed_at is not None:
            raise NotReady(f"{opening.reviewed_by.name} has reviewed this already.")
        if finding not in EmergencyOpening.Finding.values:
            raise NotReady("Say whether it was justified.")
        opening.finding, opening.what_follows = finding, what_follows
        opening.reviewed_by, opening.reviewed_at = actor, clock.now()
        if end_now and opening.until > clock.now():
            access.end_grants(referral.record, Because.BREAK_GLASS, user=opening.by)
            opening.ended_at = clock.now()
        opening.save()
        work.finish(referral.record, REVIEW, by=actor, about=str(number))
        move.facts.update(user=opening.by.reference, finding=finding, ended=opening.ended_at is not None)
        referral.next_due_on = work.next_due_on(referral.record)
        if holders.was_let_in(referral, opening.asked_team):
            holders.ask_no_more(referral.record, opening.asked_team)
    return opening
