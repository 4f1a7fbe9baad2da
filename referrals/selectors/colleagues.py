"""Teams, workers and their open caseloads, for the questions "which team" and "which worker". Small lists only."""

from django.db.models import Count

from hsb.core import access, clock, composed, words
from hsb.core.fetched import fetch
from hsb.core.models import AccessBar, AccessGrant
from hsb.core.states import Because
from hsb.people.models import Membership, Team, User
from hsb.people.states import CASE_ROLES, Role
from referrals.models import Referral
from referrals.states import OPEN

READS_CASES = (*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.AUDITOR)


def teams_of(*services, referral=None):
    """The open teams of each service with their workers of today: {service: [{"slug", "name", "workers"}]}.

    A worker: {"reference", "name", "open"}, `open` the number of open referrals they have. Somebody who is barred
    from this child, or not named on its restricted record, is left out. A few queries, however many there are.
    """
    teams = _open_teams(services)
    workers, [teams] = _workers(teams.values("pk"), referral, beside=[teams])
    return {service: [] for service in services} | _by_service(teams, workers)


def with_workers(teams, *, referral=None, beside=()):
    """The same of these teams, of each service that has one; the querysets `beside` are asked with it."""
    workers, _ = _workers({team.pk for team in teams}, referral, beside)
    return _by_service(teams, workers)


def _by_service(teams, workers):
    found = {}
    for team in teams:
        of_service = found.setdefault(team.service, [])
        of_service.append({"slug": team.slug, "name": team.name, "workers": workers.get(team.pk, [])})
    return found


def workers_of(team, *, referral=None):
    """The workers of one team today, as in `teams_of`."""
    workers, _ = _workers({team.pk}, referral)
    return workers.get(team.pk, [])


def left_out(teams, referral):
    """[(team's name, how many)] of the workers of `teams` who may not see this child's record, and stand in no list of
    workers: barred, or not named where it is restricted."""
    keys = {team.pk for team in teams}
    able = _able(keys, referral).values("pk")
    shut_out = _members(keys).exclude(pk__in=able).values_list("team__name").annotate(Count("user", distinct=True))
    return list(shut_out.order_by("team__name"))


def open_teams(*services):
    """The open teams of these services."""
    return _open_teams_kept(services).objects()


def asking_open_teams(*services):
    """The Question of `open_teams` (riding.py)."""
    return _open_teams_kept(services).asking()


def _open_teams_kept(services):
    return composed.kept(("open teams", services), lambda: _open_teams(services))


def _open_teams(services):
    return Team.objects.filter(service__in=services, closed_on__isnull=True)


def _members(team_ids):
    return Membership.objects.current(clock.today()).filter(
        team__in=team_ids, role__in=CASE_ROLES, user__is_active=True
    )


def _able(team_ids, referral):
    """Those of the teams' members who may be given this child as far as bars and its restriction go."""
    memberships = _members(team_ids)
    if referral is not None:
        barred = AccessBar.objects.filter(record=referral.person_id, lifted_at__isnull=True).values("user")
        memberships = memberships.exclude(user__in=barred)
        if referral.record.restricted:
            memberships = memberships.filter(user__in=_named([referral.record_id]).values("user"))
    return memberships


def _workers(team_ids, referral, beside=()):
    """({key of a team: its workers, as `teams_of` tells them}, the querysets `beside`, asked with them)."""
    able = _able(team_ids, referral)
    carried = Referral.objects.filter(worker__in=able.values("user"), state__in=OPEN)
    rows, carried, *beside = fetch(
        able.values_list("team", "user__reference", "user__name", "user").distinct().order_by("user__name"),
        carried.values_list("worker").annotate(number=Count("pk")).order_by(),
        *beside,
    )
    caseloads, found = dict(carried), {}
    for team, reference, name, key in rows:
        found.setdefault(team, []).append({"reference": reference, "name": name, "open": caseloads.get(key, 0)})
    return found, beside


def named_on(referral, users):
    """Which of these users (keys) may be given the child as far as its restriction goes: all of them where there is
    none, else who is named on the record (B15)."""
    return named_on_each([referral], users)[referral.pk]


def named_on_each(referrals, users):
    """{key of each referral: what `named_on` says of it}, in one query however many there are."""
    return named_among(referrals, users, named_ones(referrals).filter(user__in=users))


def named_ones(referrals):
    """(record, user) of who is named on those of these referrals that are restricted."""
    restricted = [referral.pk for referral in referrals if referral.record.restricted]
    return _named(restricted).values_list("record", "user")


def named_among(referrals, users, named_ones):
    """`named_on_each`, of what the queryset of that name has found."""
    named = {referral.pk: set() if referral.record.restricted else set(users) for referral in referrals}
    for record, user in named_ones:
        if user in users:
            named[record].add(user)
    return named


def _named(records):
    """The live leave by name that lets somebody be given restricted records: an emergency names nobody."""
    named = AccessGrant.objects.filter(access.live(), record__in=records, user__isnull=False)
    return named.exclude(because=Because.BREAK_GLASS)


def who_knows_the_child(referral):
    """The worker and team that have, or had last, another referral of this child: {"worker", "team"} or {}.

    Allocating to the worker who already has the child is the default (practice.md B22). Nothing of a restricted
    referral is told.
    """
    return who_knows_each([referral])[referral.pk]


def who_knows_the_child_of(reading):
    """The same for a page; of a child who has no other referral nothing is asked."""
    return who_knows_the_child(reading.referral) if reading.there_is["other_episodes"] else {}


def who_knows_each(referrals):
    """{key of each referral: what `who_knows_the_child` says of it}, in one query however many there are."""
    return known_to(referrals, episodes_of(referrals))


def episodes_of(referrals):
    """The rows of every referral with a worker that a child of one of these has, but for the restricted ones."""
    return (
        Referral.objects.filter(
            person__in=[referral.person_id for referral in referrals], worker__isnull=False, record__restricted=False
        )
        .order_by("-state_since")
        .values("pk", "person", "worker__reference", "worker__name", "record__holding_team__slug", "state")
    )


def known_to(referrals, rows):
    """`who_knows_each`, of what `episodes_of` has found."""
    of_child = {}
    for row in rows:
        of_child.setdefault(row["person"], []).append(row)
    return {referral.pk: _knows(of_child.get(referral.person_id, ()), referral) for referral in referrals}


def _knows(rows, referral):
    other = [row for row in rows if row["pk"] != referral.pk]
    found = min(other, key=lambda row: row["state"] not in OPEN, default=None)
    if found is None:
        return {}
    return {
        "worker": found["worker__reference"],
        "name": found["worker__name"],
        "team": found["record__holding_team__slug"],
    }


def worker_in_words(worker, known=""):
    """How a worker reads in a list of choices: "Amara Osei, 12 open referrals, already knows this child"."""
    said = f"{worker['name']}, {words.count(worker['open'], 'open referral')}"
    if worker.get("late"):
        said += f", {worker['late']} late"
    if worker.get("away"):
        said += ", away"
    return f"{said}, already knows this child" if known and worker["reference"] == known else said


def team_at(slug):
    """The Team of that slug. Raises Team.DoesNotExist."""
    return Team.objects.get(slug=slug)


def worker_at(reference):
    """The User of that reference, or None for an empty one. Raises User.DoesNotExist."""
    return user_at(reference) if reference else None


def user_at(reference):
    """The User of that reference. Raises User.DoesNotExist."""
    return User.objects.get(reference=reference)


def find_user(reference):
    """The User of that reference, or None."""
    return User.objects.filter(reference=reference).first()


def reads_cases(user):
    """Whether the user holds, today, a role that opens case content at all."""
    return user.has_role(*READS_CASES)
