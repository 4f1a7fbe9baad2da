"""Roles in teams, from when until when: giving one and ending one."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from hsb.core import clock, words
from hsb.core.refusals import NotReady
from hsb.people.models import Membership, Team, not_ended_on
from hsb.people.permissions import can_give_role
from hsb.people.services import versions
from hsb.people.states import Role

NO_ADMINISTRATOR_LEFT = "Nobody would be an administrator any more. Give somebody else that role first."
OWN_LAST_ROLE = "You cannot end your own last administrator role. Ask another administrator to do it."
STANDS_ALONE = (
    "An administrator reads no case content, so that role is never held beside another one. End the other role first."
)


@transaction.atomic
def add_membership(reference, *, actor, team, role, starts_on, ends_on=None):
    """Gives a role in the team whose slug is `team`; the same one sent twice is one row. Returns the membership.

    Raises NotReady where it overlaps the same role, mixes with the administrator's, or is one's own.
    """
    person, administrator = versions.person_and_administrator(reference, actor)
    if not can_give_role(person, administrator):
        raise NotReady(
            "Nobody gives a role to themselves. Ask another administrator to do it."
            if person.is_active
            else "This account is closed. Reopen it first."
        )
    return begin(person, actor=administrator, team=team, role=role, starts_on=starts_on, ends_on=ends_on)


def begin(person, *, actor, team, role, starts_on, ends_on=None):
    """The row itself. Call in a transaction, with the person locked."""
    its_team = Team.objects.filter(slug=team, closed_on__isnull=True).first()
    if its_team is None:
        raise NotReady("This team has been closed. Choose another one.")
    beside = person.memberships.select_related("team").filter(_overlaps(starts_on, ends_on))
    for other in beside:
        if (other.team_id, other.role) != (its_team.pk, role):
            continue
        if (other.starts_on, other.ends_on) == (starts_on, ends_on):
            return other
        raise NotReady(f"{person.name} already has the role {other}, {_dates(other)}. Choose other dates.")
    if any((other.role == Role.ADMINISTRATOR) != (role == Role.ADMINISTRATOR) for other in beside):
        raise NotReady(STANDS_ALONE)
    membership = Membership(user=person, team=its_team, role=role, starts_on=starts_on, ends_on=ends_on)
    try:
        with transaction.atomic():
            return versions.save(membership, actor=actor)
    except IntegrityError:
        raise NotReady(f"{person.name} already has the role {membership}.") from None


@transaction.atomic
def end_membership(reference, *, actor, team, role, starts_on, last_day=None):
    """Ends the role that began on `starts_on`: after `last_day` (today or later), or at once where it is None.

    Raises NotReady where it has ended, or where it is the last administrator's, one's own or the service's.
    """
    person, administrator = versions.person_and_administrator(reference, actor)
    today = clock.today()
    found = person.memberships.select_related("team").not_ended(today)
    membership = found.filter(team__slug=team, role=role, starts_on=starts_on).first()
    if membership is None:
        raise NotReady("This role has already ended.")
    if last_day is not None and last_day < max(today, membership.starts_on):
        first = max(today, membership.starts_on)
        raise NotReady(f"The last day must be on or after {words.day(first)}.")
    if last_day is not None and membership.ends_on and last_day > membership.ends_on:
        raise NotReady(f"This role ends on {words.day(membership.ends_on)}. To go on longer, add it again from then.")
    if membership.role == Role.ADMINISTRATOR and person.pk == administrator.pk and not _another(membership, person):
        raise NotReady(OWN_LAST_ROLE)
    return end(membership, last_day=last_day or today - timedelta(days=1), actor=administrator)


def end(membership, *, last_day, actor):
    """Sets the last day. A role that had not begun by then is left as that one day, which is over: nothing is deleted.

    Raises NotReady where nobody would be an administrator without an end any more.
    """
    if membership.role == Role.ADMINISTRATOR and not _another(membership):
        raise NotReady(NO_ADMINISTRATOR_LEFT)
    membership.starts_on = min(membership.starts_on, last_day)
    membership.ends_on = last_day
    return versions.save(membership, actor=actor)


def _another(membership, person=None):
    """Whether another administrator's role without an end holds today, of anybody or of `person`. Locks them."""
    others = Membership.objects.filter(
        role=Role.ADMINISTRATOR, user__is_active=True, starts_on__lte=clock.today(), ends_on__isnull=True
    ).exclude(pk=membership.pk)
    if person is not None:
        others = others.filter(user=person)
    return bool(list(others.select_for_update(of=("self",)).order_by("pk")))


def _overlaps(starts_on, ends_on):
    """Rows that share a day with the days from `starts_on` to `ends_on` (None: for ever)."""
    return Q(starts_on__lte=ends_on or date.max) & not_ended_on(starts_on)


def _dates(membership):
    until = f" until {words.day(membership.ends_on)}" if membership.ends_on else ""
    return f"from {words.day(membership.starts_on)}{until}"
