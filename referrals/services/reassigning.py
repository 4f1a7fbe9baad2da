"""Reassigning a whole caseload: a manager orders it, a worker of the queue does it row by row.

What is to be done are rows in the database. Each is taken by a lease and done in one transaction with its own answer:
whoever is killed at any moment leaves nothing half, and the next sweep goes on (docs/decisions/0006).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from hsb.core import access, clock, work
from hsb.core.door import noted
from hsb.core.models import Action
from hsb.core.refusals import AlreadyMoved, AtTheSameMoment, Changed, Denied, NotReady
from referrals.models import Reassignment, ReassignmentRow, Referral
from referrals.permissions import can_manage
from referrals.selectors import reassigning
from referrals.services import deciding, holders, working

LEASE = timedelta(minutes=2)
NOT_YOURS = "Your team does not have this referral any more, or you can no longer open it."
Outcome = ReassignmentRow.Outcome


@transaction.atomic
def order(*, actor, leaver, to, reason, once):
    """Orders that each referral of `to` ({reference: worker}) goes from `leaver` to that worker; returns the order.

    Sent twice it is one. Whether each can be done is asked when it is done.
    """
    if (before := Reassignment.objects.filter(once=once, by=actor).first()) is not None:
        return before
    if not to:
        raise NotReady("Choose a worker for at least one referral.")
    if not reason.strip():
        raise NotReady("Say why the caseload is given to others.")
    held = {referral.reference: referral for referral in reassigning.caseload(leaver, actor)}
    if unknown := sorted(to.keys() - held.keys()):
        raise NotReady(f"{unknown[0]} is no longer in this caseload, or not yours to give: open the page again.")
    made = Reassignment.objects.create(leaver=leaver, by=actor, reason=reason, asked_at=clock.now(), once=once)
    ReassignmentRow.objects.bulk_create(
        ReassignmentRow(reassignment=made, referral=held[reference], worker=worker)
        for reference, worker in sorted(to.items())
    )
    return made


def carry_on():
    """Does what waits, the oldest first; returns how many rows were answered. Several may run, and be killed."""
    waiting = _free().order_by("pk").values_list("pk", flat=True)
    return sum(_answer(pk) for pk in list(waiting))


def _free():
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    return ReassignmentRow.objects.filter(free, outcome=Outcome.WAITING)


def _answer(pk):
    if not _free().filter(pk=pk).update(lease_until=clock.now() + LEASE):
        return 0
    waiting = ReassignmentRow.objects.filter(pk=pk, outcome=Outcome.WAITING)
    try:
        with transaction.atomic():
            # Whose lease ran out may find it answered by another: then nothing is done twice.
            if not waiting.update(outcome=Outcome.DONE, answered_at=clock.now(), lease_until=None):
                return 0
            _hand_on(ReassignmentRow.objects.select_related("reassignment__by", "reassignment__leaver").get(pk=pk))
    except AtTheSameMoment:
        raise  # it waits until its lease runs out, and is tried again
    except NotReady as refusal:
        return _refuse(waiting, " ".join(map(str, refusal.sentences)))
    except (Denied, AlreadyMoved, Changed):
        return _refuse(waiting, NOT_YOURS)
    return 1


def _refuse(waiting, said):
    return waiting.update(outcome=Outcome.REFUSED, said=said, answered_at=clock.now(), lease_until=None)


def _hand_on(row):
    order, worker = row.reassignment, row.worker
    referral = Referral.objects.select_related("record").get(pk=row.referral_id)
    if referral.worker_id == order.leaver_id:
        working.name_worker(referral.reference, actor=order.by, worker=worker, reason=order.reason)
    elif not _tasks(referral, order.leaver).exists():
        raise NotReady(f"{order.leaver.name} has nothing of it any more.")
    if _tasks(referral, order.leaver).exists() or _actions(referral, order.leaver).exists():
        _pass_tasks_on(referral.reference, order, worker)


def _tasks(referral, leaver):
    return reassigning.tasks_of(leaver).filter(record=referral.record)


def _actions(referral, leaver):
    return Action.objects.open().filter(record=referral.record, owner=leaver)


def _pass_tasks_on(reference, order, worker):
    """What stands in the leaver's own name on the record, agreed actions too; each keeps its day."""
    with noted(
        Referral,
        reference,
        "pass_tasks_on",
        actor=order.by,
        may=can_manage,
        reason=order.reason,
        worker=worker.reference,
    ) as move:
        referral = move.subject
        # It is not the child that they are given: that is asked where a worker is named.
        deciding.refuse_worker(referral, referral.record.holding_team, worker, same_worker_reason=order.reason)
        if not access.opens(worker, referral):
            raise NotReady(f"{worker.name} cannot open this record: choose its worker, or ask for access.")
        _actions(referral, order.leaver).update(owner=worker, version=F("version") + 1)
        holders.pass_tasks_on(referral)
        for task in _tasks(referral, order.leaver):
            work.ask(referral.record, task.kind, about=task.about, owner=worker)
        referral.next_due_on = work.next_due_on(referral.record)
