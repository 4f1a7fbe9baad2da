"""Cover: who stands in for whom, between two days."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from hsb.core import clock, words
from hsb.core.refusals import Denied, NotReady
from hsb.people.models import Cover, User
from hsb.people.permissions import can_arrange_cover, can_end_cover, can_stand_in
from hsb.people.services import versions

NOT_THEM = (
    "Choose somebody else: cover is for a practitioner or manager with an open account, and only an administrator "
    "can choose one from another team."
)


@transaction.atomic
def arrange_cover(reference, *, actor, by, starts_on, ends_on):
    """`by` (a reference or an e-mail address) covers for the person that `reference` names, both days included.

    The same cover sent twice is one row. Raises Denied where the actor may not arrange it, NotReady where `by`
    cannot stand in or does so already. Returns the cover.
    """
    person, fresh = versions.person_and_actor(reference, actor)
    if not can_arrange_cover(person, fresh):
        raise Denied
    colleague = User.objects.filter(Q(reference=by) | Q(email__iexact=by)).first()
    if colleague is None or not can_stand_in(colleague, person, fresh):
        raise NotReady(NOT_THEM)
    _refuse_dates(starts_on, ends_on)
    beside = person.covers_of_mine.filter(by=colleague, starts_on__lte=ends_on, ends_on__gte=starts_on)
    for other in beside:
        if (other.starts_on, other.ends_on) == (starts_on, ends_on):
            return other
        raise NotReady(
            f"{colleague.name} already covers from {words.day(other.starts_on)} to {words.day(other.ends_on)}. "
            "Choose other dates."
        )
    cover = Cover(covered=person, by=colleague, starts_on=starts_on, ends_on=ends_on, arranged_by=fresh)
    return versions.save(cover, actor=fresh)


def _refuse_dates(starts_on, ends_on):
    if starts_on < clock.today():
        raise NotReady("Cover cannot begin in the past. Choose today or a later day.")
    if ends_on < starts_on:
        raise NotReady("The last day of cover must be on or after its first day.")


@transaction.atomic
def end_cover(reference, *, actor, by, starts_on):
    """Ends at once the cover by the user whose reference is `by`, which began on `starts_on`. Returns the cover.

    Raises Denied where the actor may not, NotReady where it has ended.
    """
    person, fresh = versions.person_and_actor(reference, actor)
    if not can_end_cover(person, fresh):
        raise Denied
    yesterday = clock.today() - timedelta(days=1)
    cover = person.covers_of_mine.filter(by__reference=by, starts_on=starts_on, ends_on__gt=yesterday).first()
    if cover is None:
        raise NotReady("This cover has already ended.")
    # A cover that had not begun is left as one day that is over: nothing is deleted.
    cover.starts_on, cover.ends_on = min(cover.starts_on, yesterday), yesterday
    return versions.save(cover, actor=fresh)
