"""What every verb here begins and ends with: the rows under lock, and an old version that says who and when."""

from django.db.models import Q

from hsb.core import clock
from hsb.core.refusals import Changed, Denied
from hsb.people.models import User
from hsb.people.permissions import can_administer


def administrator(actor):
    """`actor`, re-read under lock. Raises Denied where the administrator's role has gone meanwhile."""
    fresh = User.objects.select_for_update().get(pk=actor.pk)
    if not can_administer(fresh):
        raise Denied
    return fresh


def person_and_actor(reference, actor):
    """(the person that `reference` names, `actor`), both re-read under lock, always in the same order.

    Two administrators who take each other's role at once meet here, and the second is no administrator any more.
    Raises User.DoesNotExist.
    """
    rows = User.objects.select_for_update().filter(Q(pk=actor.pk) | Q(reference=reference)).order_by("pk")
    by_reference = {row.reference: row for row in rows}
    if reference not in by_reference:
        raise User.DoesNotExist(reference)
    return by_reference[reference], by_reference[actor.reference]


def person_and_administrator(reference, actor):
    """As `person_and_actor`. Raises Denied where the actor is no administrator."""
    person, fresh = person_and_actor(reference, actor)
    if not can_administer(fresh):
        raise Denied
    return person, fresh


def save(row, *, actor, because=""):
    """Saves `row` with an old version of it: `actor` did it, now; `because` is at most 100 characters."""
    row._history_user, row._history_date, row._change_reason = actor, clock.now(), because or None
    row.save()
    return row


def refuse_stale(row, version, **now):
    """Raises Changed where the row was edited since the form was opened; `now` is each field as it stands."""
    newest = row.history.select_related("history_user").order_by("-history_id").first()
    if newest is None or newest.history_id == version:
        return
    who = newest.history_user.name if newest.history_user else ""
    raise Changed(reference=str(row), version=newest.history_id, who=who, when=newest.history_date, now=now)
