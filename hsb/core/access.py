"""Need to know, by dated grants: who may open a record, why, and who looked (docs/house.md, Access).

The rule is one EXISTS for each kind of grant. A bar beats everything. On a restricted record only a grant to a
named user counts. An auditor opens all that is not restricted.
"""

from dataclasses import dataclass
from datetime import datetime, time
from functools import reduce
from operator import or_

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hsb.core import clock
from hsb.core.composed import Moment
from hsb.core.fetched import fetch
from hsb.core.models import AccessBar, AccessGrant, AccessRecord
from hsb.core.states import AccessKind, Because, RecordKind
from hsb.people.models import Cover, Membership
from hsb.people.states import CASE_ROLES, Role

# A person who stands in for a worker sees what is allocated to that worker, nothing else of theirs.
COVERED = (Because.ALLOCATED,)
# Leave that is given by name for the sake of a role, and the roles: it ends with them.
MEETING_ROLES = (Role.CHAIR, Role.MINUTE_TAKER)
FOR_A_ROLE = {
    Because.CONVENED: MEETING_ROLES,
    Because.PANEL: (Role.COORDINATOR,),
    Because.WRITES_INTEL: (*CASE_ROLES, *MEETING_ROLES),
}
# Of them, leave that ends with the team, too (whoever goes to another one begins anew there), and what it is given on.
FOR_A_TEAM = {Because.WRITES_INTEL: RecordKind.INTEL_FORM}


def live(at=None):
    """The grants that hold at the instant `at` (when the query is asked by default), as a Q over AccessGrant."""
    at = at or Moment()
    return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def rights_today(user):
    """Everything that the rules of access read of `user` today, as one hashable value: where it is the same, the same
    queries are asked for them."""
    today = clock.today()
    return user.pk, user.is_active, timezone.localdate(), today, *user.seats_as_read(today)


def readable(user, *, record="pk", person="person_id", restricted="record__restricted"):
    """The rule as a Q, for a queryset whose rows name their record, their person and whether it is restricted.

    `record` and `person` are the columns that hold the keys of the two records; `restricted` is a lookup.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    grants = AccessGrant.objects.filter(live(), record=OuterRef(record))
    rule = Exists(grants.filter(named(user)))
    if covered := user.stands_in_for(clock.today()):
        rule |= Exists(grants.filter(user__in=covered, because__in=COVERED)) & Q(**{restricted: False})
    as_member = Q()
    for membership in user.current_memberships():
        as_member |= Q(team=membership.team_id, role=membership.role)
    if as_member:
        rule |= Exists(grants.filter(as_member)) & Q(**{restricted: False})
    if user.has_role(Role.AUDITOR):
        rule |= Q(**{restricted: False})
    bars = AccessBar.objects.filter(user=user, record=OuterRef(person), lifted_at__isnull=True)
    return Q(rule) & ~Exists(bars)


def named(user):
    """The Q over AccessGrant of leave given to `user` by name. What was given for a role ends with the role, and what
    was given for the work in a team ends with the team."""
    over = ended(user)
    rule = Q(user=user)
    if altogether := [because for because, since in over.items() if since is None]:
        rule &= ~Q(because__in=altogether)
    for because in over.keys() - altogether:
        rule &= ~(Q(because=because) & _before(over[because]))
    return rule


def stands(grant):
    """Whether live leave by name still opens its record: the same rule as `named`, for a row that was read."""
    over = ended(grant.user)
    return grant.because not in over or (since := over[grant.because]) is not None and grant.starts_at >= since


def ended(user):
    """{because: instant} of leave by name that ended with a role (None: all of it), or with a team (what began before
    the instant)."""
    found = {because: None for because, roles in FOR_A_ROLE.items() if not user.has_role(*roles)}
    for because in set(FOR_A_TEAM) - found.keys():
        if (since := _in_this_team_since(user, because)) is not None:
            found[because] = since
    return found


def _before(since):
    return Q() if since is None else Q(starts_at__lt=since)


def _in_this_team_since(user, because):
    """The instant before which leave was for the work in a team that `user` has left; None where they left none."""
    day = user.changed_teams_on(*FOR_A_ROLE[because])
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def given_in_earlier_teams(user):
    """The live grants to `user` that ended with a team, or with the role in it; None where they have left none.

    What was asked of them there is that team's.
    """
    over = ended(user)
    gone = [Q(because=because) & _before(over[because]) for because in FOR_A_TEAM if because in over]
    return AccessGrant.objects.filter(live(), reduce(or_, gone), user=user) if gone else None


class ReadableQuerySet(models.QuerySet):
    """For nouns on which grants stand themselves: the row's key is its record's."""

    def visible_to(self, user):
        """The rows `user` may open now."""
        return self.filter(readable(user))


class HangsOnQuerySet(models.QuerySet):
    """For nouns that hang on another one's record: `hangs_on` is the relation to it. Who may open it may open these."""

    def visible_to(self, user):
        whole = self.model._meta.get_field(self.model.hangs_on).related_model
        return self.filter(**{f"{self.model.hangs_on}__in": whole.objects.visible_to(user)})


def opens(user, row):
    """Whether `user` may open this row now, whatever noun it is."""
    return type(row).objects.visible_to(user).filter(pk=row.pk).exists()


def read_seats(users, on):
    """Reads for many users at once, in one statement, what each would read for itself: today's memberships, and whom
    they cover on the day."""
    today = timezone.localdate()
    of, covered = {user.pk: [] for user in users}, {user.pk: [] for user in users}
    active = [user.pk for user in users if user.is_active]
    memberships, covers = fetch(
        Membership.objects.filter(user__in=active, starts_on__lte=today).select_related("team"),
        Cover.objects.current(on).filter(by__in=of).values_list("by", "covered"),
    )
    for each in memberships:
        of[each.user_id].append(each)
    for by, whom in covers:
        covered[by].append(whom)
    for user in users:
        user.take_seats(of[user.pk], covered[user.pk], on)


def who_open(users, row):
    """Those of `users` who may open this row now, in their order; in as many questions however many they are."""
    users = list(users)
    if not users:
        return []
    read_seats(users, clock.today())
    rows = type(row).objects
    found = fetch(*(rows.visible_to(user).filter(pk=row.pk).values_list("pk", flat=True) for user in users))
    return [user for user, opened in zip(users, found, strict=True) if opened]


def grant(record, *, because, user=None, team=None, role="", until=None, given_by=None):
    """Gives leave to open `record` from now until `until` (an instant; None: until ended). Returns the grant.

    The same leave given twice is one row; an open one is left as it is. Raises ValueError for leave for a team's work
    on what it is not given on (FOR_A_TEAM).
    """
    if FOR_A_TEAM.get(because, record.kind) != record.kind:
        raise ValueError(f"{because} is not given on {record.reference}.")
    same = AccessGrant.objects.filter(record=record, user=user, team=team, role=role, because=because)
    standing = same.filter(live()).first()
    if standing is not None and because in FOR_A_TEAM and not stands(standing):
        end_grants(record, because, user=user)
        standing = None
    if standing is not None:
        if standing.ends_at != until:
            standing.ends_at = until
            standing.save(update_fields=["ends_at"])
        return standing
    return AccessGrant.objects.create(
        record=record,
        user=user,
        team=team,
        role=role,
        because=because,
        starts_at=clock.now(),
        ends_at=until,
        given_by=given_by,
    )


def end_grants(record, *because, at=None, **which):
    """Ends the live grants of these kinds on `record` (narrowed by `which`), now or at the instant `at`."""
    live_ones = AccessGrant.objects.filter(live(), record=record, because__in=because, **which)
    return live_ones.update(ends_at=at or clock.now())


@dataclass(frozen=True)
class Reason:
    """One answer to "why can I see this?"."""

    code: str
    words: str
    until: object  # an instant, or None


def why(user, record, grants=None):
    """Every reason for which `user` may open `record` now, in words; empty where there is none. `grants` is what
    `asking_why` asks, where it was asked with others."""
    found = []
    for g in asking_why(user, record) if grants is None else grants:
        words = g.get_because_display() if g.user_id in (None, user.pk) else f"you cover for {g.user}"
        found.append(Reason(g.because, words, g.ends_at))
    if not record.restricted and user.has_role(Role.AUDITOR):
        found.append(Reason("auditor", "you are an auditor", None))
    return found


def asking_why(user, record):
    """The grants for which `user` may open `record` now."""
    mine = named(user)
    if not record.restricted:
        for membership in user.current_memberships():
            mine |= Q(team=membership.team_id, role=membership.role)
        mine |= Q(user__in=user.stands_in_for(clock.today()), because__in=COVERED)
    return AccessGrant.objects.filter(live(), mine, record=record).select_related("user").order_by("starts_at", "pk")


def look(user, record, page, *, kind=AccessKind.PAGE, terms=None):
    """Records that `user` looked: once per page, document or export about a child, once per search."""
    AccessRecord.objects.create(
        user=user,
        record=record,
        kind=kind,
        page=page,
        terms=terms or {},
        at=clock.now(),
    )


def look_and_search(user, record, page, *, masked, terms):
    """The same for a page about `record` that also searched by `terms`: a row for the look and one for the search, on
    the `masked` record or on none, in one statement."""
    at = clock.now()
    AccessRecord.objects.bulk_create(
        [
            AccessRecord(user=user, record=record, kind=AccessKind.PAGE, page=page, terms={}, at=at),
            AccessRecord(user=user, record=masked, kind=AccessKind.SEARCH, page=page, terms=terms, at=at),
        ]
    )


def look_at_each(user, records, page, *, kind=AccessKind.PAGE):
    """The same for a page about several children: one row on the record of each, once, in one statement."""
    once = {record.pk: record for record in records}.values()
    at = clock.now()
    AccessRecord.objects.bulk_create(
        AccessRecord(user=user, record=record, kind=kind, page=page, terms={}, at=at) for record in once
    )


def refused(user, record, verb):
    """Records a refusal. Called after the refused transaction has rolled back."""
    with transaction.atomic():
        look(user, record, verb or "page", kind=AccessKind.REFUSED)
