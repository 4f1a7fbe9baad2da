"""What several concerns say of one child: seen both ways, category 0 again (practice.md A7, section 11).

Nothing is concluded from either: whoever has the child is asked to read, and to rate the risk again.
"""

from django.db import transaction

from hsb.core import work
from hsb.core.door import noted
from hsb.core.refusals import Denied, NotReady
from referrals.models import Referral
from referrals.permissions import can_work
from referrals.selectors import patterns
from referrals.services import holders
from referrals.states import OPEN

READ_BOTH, RATE_AGAIN = "read_both", "rate_again"


def follow(person, *, actor):
    """Asks, or asks no longer, what the child's concerns ask for as they stand now.

    Call in the transaction of whatever changed a concern, a part or a category, after its rows are written.
    """
    open_ones = list(
        Referral.objects.filter(person=person, state__in=OPEN)
        .select_related("record__holding_team", "worker")
        .order_by("received_at", "pk")
    )
    if open_ones:
        _follow_both_ways(person, open_ones)
        _follow_category_0(person, open_ones, actor)


@transaction.atomic
def read_both(reference, *, actor, meaning):
    """Whoever has the child has read the concerns in which the child had different parts, and says what it means.

    Returns the referral. Raises Denied where the actor may not open all of them.
    """
    with noted(
        Referral,
        reference,
        READ_BOTH,
        actor=actor,
        may=can_work,
        reason=meaning,
        asks="Say in a sentence what it means that the child is in both.",
    ) as move:
        referral = move.subject
        seen = patterns.both_ways(referral.person_id)
        if not seen or not referral.record.tasks.open().filter(kind=READ_BOTH).exists():
            raise NotReady("Nobody is asked to read both any more.")
        if not patterns.opens_all(seen, referral.person_id, actor):
            raise Denied(record=referral.record, verb=READ_BOTH)
        move.facts["concerns"] = [part.concern.reference for part in seen]
        work.finish(referral.record, READ_BOTH, by=actor)
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


def _follow_both_ways(person, open_ones):
    seen = patterns.both_ways(person)
    about = seen[-1].concern.reference if seen else ""
    for referral in open_ones:
        _ask_once(referral, READ_BOTH, about)


def _follow_category_0(person, open_ones, actor):
    found = patterns.category_0_again(person)
    rated = [referral for referral in open_ones if referral.has_category]
    for referral in open_ones:
        if not found or referral not in rated[-1:]:
            _ask_once(referral, RATE_AGAIN, "")
        elif _was_rated_since(referral, max(concern.recorded_at for concern in found)):
            if work.finish(referral.record, RATE_AGAIN, by=actor):
                holders.refresh_due(referral)
        else:
            _ask_once(referral, RATE_AGAIN, str(len(found)))


def _was_rated_since(referral, moment):
    """Whether a reassessment was submitted since: it is the re-rating, whatever it came to."""
    return referral.assessments.filter(number__gt=1, submitted_at__gte=moment).exists()


def _ask_once(referral, kind, about):
    """Whoever has the child is asked this once; what was asked about less is asked no more. "" asks nothing."""
    tasks = referral.record.tasks.filter(kind=kind, cancelled_at__isnull=True)
    old = [task.about for task in tasks if task.done_at is None and task.about != about]
    for other in old:
        work.cancel(referral.record, kind, about=other, reason="The child's concerns say something else by now.")
    new = bool(about) and all(task.about != about for task in tasks)
    if new:
        work.ask(referral.record, kind, about=about, **holders.holder(referral))
    if old or new:
        holders.refresh_due(referral)
