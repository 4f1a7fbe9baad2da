"""Asking for access to a record, and a manager's answer: given for some days, or refused with a reason (B7, B8, B15).

Who asks knows of the record from a search, or by its reference, and is told nothing of it in the meantime. A bar beats
what was granted, and nobody answers themselves.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from hsb.core import access, clock, door, work
from hsb.core.door import noted
from hsb.core.models import Message
from hsb.core.models.messages import What
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import Because
from referrals import spelling
from referrals.models import AccessRequest, Person, Referral
from referrals.permissions import can_answer_request, can_ask_access
from referrals.selectors import access_requests as selectors
from referrals.selectors import emergencies
from referrals.services import holders

ASK, ANSWER = "ask_access", "answer_access"
MOST_DAYS = 90
HOW_LONG = f"Ask for 1 to {MOST_DAYS} days."


@transaction.atomic
def ask(*references, actor, reason, days, once):
    """`actor` asks to read these referrals of one child for some days. Returns the AccessRequests; one that waits
    already is left as it is.

    Whether `actor` may know of the child is asked by whoever calls: a search showed it (B8). Raises Denied where
    `actor` is barred from the child, NotReady where the record is open to them already.
    """
    if not 1 <= days <= MOST_DAYS:
        raise NotReady(HOW_LONG)
    door.lock(*references)
    return [_ask(reference, actor, reason, days, once) for reference in references]


@transaction.atomic
def ask_by_reference(reference, *, actor, reason, days, once):
    """The same for whoever knows only the reference. It says nothing: neither whether there is such a record, nor
    whether `actor` is barred from it."""
    referral = Referral.at(reference).first()
    if referral is None or selectors.is_barred(actor, referral):
        return
    ask(reference, actor=actor, reason=reason, days=days, once=once)


def _ask(reference, actor, reason, days, once):
    standing = AccessRequest.objects.filter(referral__record__reference=reference, by=actor)
    if (same := standing.filter(once=once).first() or standing.filter(answered_at__isnull=True).first()) is not None:
        return same
    with noted(
        Referral,
        reference,
        ASK,
        actor=actor,
        may=can_ask_access,
        reason=reason,
        asks="Say what you need to read it for.",
        known=True,
    ) as move:
        referral = move.subject
        if selectors.is_barred(actor, referral):
            raise Denied(emergencies.BARRED, record=referral.record, verb=ASK)
        if access.opens(actor, referral):
            raise NotReady("You can open this record already.")
        team, managers = holders.reviewers(referral, actor)
        asked = AccessRequest.objects.create(
            referral=referral,
            number=referral.access_requests.count() + 1,
            by=actor,
            reason=reason,
            days=days,
            asked_at=clock.now(),
            once=once,
            asked_team=team,
        )
        if managers and not access.opens(managers[0], referral):
            holders.ask(referral, team, given_by=actor)
        work.ask(referral.record, ANSWER, about=str(asked.number), **holders.review_of(team, managers, actor))
        move.facts.update(user=actor.reference, days=days)
        referral.next_due_on = work.next_due_on(referral.record)
    return asked


@transaction.atomic
def answer(reference, *, actor, number, granted, days=None, reason=""):
    """A manager, never the one who asked, gives leave for some days, or refuses with a reason. Returns the request."""
    with noted(
        Referral,
        reference,
        "grant_access" if granted else "refuse_access",
        actor=actor,
        may=lambda referral, user: can_answer_request(selectors.request(referral, number), user),
        reason=reason,
        asks="" if granted else "Say why you refuse it.",
    ) as move:
        referral = move.subject
        asked = selectors.request(referral, number)
        if asked.answered_at is not None:
            raise NotReady(f"{asked.answered_by.name} has answered this already.")
        asked.granted, asked.answered_by, asked.answered_at = granted, actor, clock.now()
        if granted:
            asked.until = _leave(referral, asked, actor, days)
        else:
            _refuse_names(referral, reason)
            asked.answer = reason
        asked.save()
        work.finish(referral.record, ANSWER, by=actor, about=str(number))
        move.facts.update(user=asked.by.reference, **({"days": days} if granted else {}))
        referral.next_due_on = work.next_due_on(referral.record)
        if holders.was_let_in(referral, asked.asked_team):
            holders.ask_no_more(referral.record, asked.asked_team)
    _tell(asked)
    return asked


def _leave(referral, asked, actor, days):
    if not days or not 1 <= days <= MOST_DAYS:
        raise NotReady(f"Give it for 1 to {MOST_DAYS} days.")
    if selectors.is_barred(asked.by, referral):
        raise NotReady(
            f"{asked.by.name} is barred from this child's records: refuse it. They read your reason: a bar is not told."
        )
    if not can_ask_access(referral, asked.by):
        raise NotReady(f"{asked.by.name} has no role any more that reads case records: refuse it, and say so.")
    last = clock.today() + timedelta(days=days - 1)
    until = timezone.make_aware(datetime.combine(last, time(23, 59, 59)))
    named = access.live() & access.named(asked.by)
    longer = referral.record.grants.filter(named, because=Because.NAMED, user=asked.by).first()
    if longer is None or (longer.ends_at is not None and longer.ends_at < until):
        access.grant(referral.record, because=Because.NAMED, user=asked.by, until=until, given_by=actor)
    return until


def _refuse_names(referral, reason):
    """Whoever asked reads the reason, and may read nothing of the child."""
    children = Person.objects.filter(involvements__concern__involvements__referral=referral).distinct()
    named = {name for person in (referral.person, *children) for name in spelling.spellings(person)}
    if any(spelling.found(reason, named)):
        raise NotReady("Leave the child's name out of your reason: whoever asked reads it.")


def _tell(asked):
    """A message to whoever asked, sent with the next sweep: the reference and the answer, nothing of the child."""
    if asked.by.is_active:
        about = f"{asked.referral.record.reference} {asked.number}"
        Message.objects.create(what=What.ACCESS, user=asked.by, on=clock.today(), about=about, made_at=clock.now())
