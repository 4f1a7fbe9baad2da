"""What a meeting agreed and somebody has done: actions of the plan, immediate action, the conference (A11, A19)."""

from functools import partial

from django.db import transaction

from hsb.core import actions, work
from hsb.core.door import noted
from hsb.core.models import Action
from hsb.core.refusals import NotReady
from referrals.models import Referral
from referrals.permissions import can_do_action, can_end_action, can_work

ASKS = "Say what came of it."


@transaction.atomic
def finish_action(reference, *, actor, source, number, done_on, outcome):
    """An action of the child's plan is done. `source` and `number` name it: who agreed it, and which. Returns it."""
    may = partial(_may_do, open_action(reference, source, number))
    with _noted(reference, "finish_action", actor, done_on, outcome, may) as move:
        action = open_action(reference, source, number)
        if action is None:
            raise NotReady("This action is not open.")
        actions.finish(action, actor=actor, done_on=done_on, outcome=outcome)
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return action


@transaction.atomic
def end_action(reference, *, actor, source, number, reason):
    """A manager says why an action of the child's plan is no longer needed. Returns it."""
    with noted(
        Referral,
        reference,
        "end_action",
        actor=actor,
        may=can_end_action,
        reason=reason,
        asks="Give the reason why it is no longer needed.",
        source=source,
        action=number,
    ) as move:
        action = open_action(reference, source, number)
        if action is None:
            raise NotReady("This action is not open.")
        actions.cancel(action, actor=actor, reason=reason)
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return action


def _may_do(action, referral, user):
    return can_do_action(referral, user, action)


def open_action(reference, source, number):
    """The open action on a referral's record, or None."""
    found = Action.objects.open().filter(record__reference=reference, source__reference=source, number=number)
    action = found.select_related("owner", "source", "record").first()
    return action if action is not None and is_asked_for(action) else None


def is_asked_for(action):
    """Whether its own task is open: from the day on which the meeting issued its decisions until it is done."""
    return action.is_open and action.record.tasks.open().filter(kind="action", about=actions.task_key(action)).exists()


@transaction.atomic
def take_immediate_action(reference, *, actor, about, done_on, outcome):
    """The immediate action that a meeting agreed is taken; `about` is the meeting's reference. Returns the referral."""
    return _owed(reference, "immediate_action", "take_immediate_action", actor, about, done_on, outcome)


@transaction.atomic
def hold_conference(reference, *, actor, done_on, outcome):
    """The initial child protection conference was held. Returns the referral."""
    return _owed(reference, "conference", "hold_conference", actor, "", done_on, outcome)


def _owed(reference, kind, verb, actor, about, done_on, outcome):
    with _noted(reference, verb, actor, done_on, outcome, can_work) as move:
        if not work.finish(move.subject.record, kind, by=actor, about=about):
            raise NotReady("Nothing of this kind is owed now.")
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return move.subject


def _noted(reference, verb, actor, done_on, outcome, may):
    return noted(Referral, reference, verb, actor=actor, may=may, reason=outcome, asks=ASKS, happened_on=done_on)
