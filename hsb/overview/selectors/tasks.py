"""Tasks as people see them: mine, my team's, oldest first, one click to where each is done."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from hsb.core import access, clock
from hsb.core.models import AccessGrant, Task
from hsb.core.states import RecordKind
from hsb.core.timescales import timescale
from hsb.people.models import Membership
from hsb.people.states import CASE_ROLES, Role
from panels.selectors.lists import called as panels_called
from panels.selectors.mapping import mapping_called
from referrals.models import Referral
from referrals.selectors.following import task_url
from referrals.selectors.lists import due_cell
from referrals.selectors.names import names_of
from strategy_meetings.selectors.intel_pages import forms_called
from strategy_meetings.selectors.lists import meetings_called

# Asked of managers: to decide, not to do.
DECISIONS = (
    "decide",
    "reassess",
    "meeting_decision",
    "confirm_nfa",
    "conclude_section_47",
    "answer_offer",
    "close",
    "approve_police_referral",
)
SHOWN = 100


def tasks_of(user):
    """The open tasks of `user`: their own, those of a role they hold in a team, and what their teams logged."""
    asked = _asked_of(user)
    if user.has_role(Role.MANAGER):
        asked |= _logged_by_teams_of(user)
    if user.has_role(*CASE_ROLES):
        asked |= _logged_by(user)
    return Task.objects.open().filter(asked)


def _asked_of(user):
    """The Q of `tasks_of`. A team's task on a restricted record counts only for somebody who is named on it."""
    named = AccessGrant.objects.filter(access.live(), record=OuterRef("record"), user=user)
    mine = Q(owner=user)
    in_role = Q()
    for membership in user.current_memberships():
        if membership.role in (*CASE_ROLES, Role.CHAIR, Role.COORDINATOR):
            in_role |= Q(team=membership.team_id, role=membership.role)
    if in_role:
        mine |= in_role & (Q(record__restricted=False) | Exists(named))
    return mine


def _logged_by_teams_of(user):
    """The Q of the decisions on what teams that `user` manages logged: the front door is asked, they may too (B6)."""
    logged = Referral.objects.visible_to(user).filter(authors_team__in=user.teams_as(Role.MANAGER))
    return Q(kind__in=("decide", "approve_police_referral"), record__in=logged.values("pk"))


def _logged_by(user):
    """The Q of Form 87A on what `user` logged: it is due the same day, and who wrote the concern may draft and send it
    as well as the team that is asked (B3, B4)."""
    logged = Referral.objects.visible_to(user).filter(author=user, police_outstanding=True)
    return Q(kind="police_referral", record__in=logged.values("pk"))


def team_tasks_of(manager):
    """The open tasks of the teams that `manager` manages: on what a team holds, or asked of somebody in it."""
    teams = manager.teams_as(Role.MANAGER)
    members = Membership.objects.current(clock.today()).filter(team__in=teams, role__in=CASE_ROLES)
    theirs = Q(record__holding_team__in=teams) | Q(team__in=teams) | Q(owner__in=members.values("user"))
    named = AccessGrant.objects.filter(access.live(), record=OuterRef("record"), user=manager)
    return Task.objects.open().filter(theirs, Q(record__restricted=False) | Exists(named))


def team_task_rows(manager, size):
    """{"rows", "number", "late"}: what the teams of `manager` have to do, oldest due first; at most `size` rows.

    Each row says who is asked. A child's name, and the link, stand only where the manager may open the record.
    """
    today = clock.today()
    tasks = team_tasks_of(manager)
    found = list(
        tasks.order_by("due_on", "pk").values(
            "kind",
            "about",
            "due_on",
            "record",
            "record__kind",
            "record__reference",
            "owner",
            "owner__name",
            "team",
            "role",
            "team__name",
        )[:size]
    )
    names = _called(manager, {task["record"] for task in found})
    sums = tasks.aggregate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    rows = []
    for task in found:
        what, child, due = _row(task, names.get(task["record"]), today)
        if not _is_of(manager, task):
            # A colleague's: the manager looks at the record, and does not do it.
            what = {"text": what["text"]}
            if task["record"] in names:
                child["url"] = _record_url(task)
        rows.append([what, child, {"text": _asked(task)}, due])
    return {"rows": rows, **sums}


def _is_of(manager, task):
    """Whether a task is asked of this manager: by name, or as a manager of the team."""
    asked = task["role"] == Role.MANAGER and task["team"] in manager.teams_as(Role.MANAGER)
    return task["owner"] == manager.pk or asked


def _record_url(task):
    page = "strategy_meetings:meeting" if task["record__kind"] == RecordKind.MEETING else "referrals:case"
    return reverse(page, args=[task["record__reference"]])


def _asked(task):
    return task["owner__name"] or f"{Role(task['role']).label}s of {task['team__name']}"


def _called(user, records):
    """Key of record -> what `user` may call it: a child's name, the day of a meeting or an intel form."""
    names = names_of(user, records)
    for called in (meetings_called, forms_called, mapping_called, panels_called):
        if others := records - names.keys():
            names |= called(user, others)
    return names


def tasks_due(user):
    """How many of the user's open tasks are due today or late."""
    return tasks_of(user).filter(due_on__lte=clock.today()).count()


def task_rows(user):
    """{"own", "decisions", "teams", "more"}: rows for the table component, oldest due first, at most SHOWN in all.

    `decisions` wait for the teams the user manages, `teams` for anybody in a role of theirs; `more` says whether
    there are more. A child's name stands only on rows whose referral the reader may open; the link too.
    """
    today = clock.today()
    found = list(
        tasks_of(user)
        .order_by("due_on", "pk")
        .values("kind", "about", "due_on", "owner", "record", "record__reference", "team__name")[: SHOWN + 1]
    )
    more, found = len(found) > SHOWN, found[:SHOWN]
    names = _called(user, {task["record"] for task in found})
    rows = {"own": [], "decisions": [], "teams": [], "more": more}
    for task in found:
        rows[_list_of(task)].append(_row(task, names.get(task["record"]), today))
    return rows


def _list_of(task):
    if task["owner"]:
        return "own"
    return "decisions" if task["kind"] in DECISIONS else "teams"


def _row(task, name, today):
    title = {"text": timescale(task["kind"]).title}
    if name is not None:
        title["url"] = task_url(task["kind"], task["record__reference"], task["about"])
        title["hidden"] = f"for {name}"
    child = {"text": name or "Restricted or not yours to open", "note": task["record__reference"]}
    return [title, child, due_cell(task["due_on"], today)]


TASK_COLUMNS = ("What to do", "Child", "By when")
TEAM_TASK_COLUMNS = ("What is to do", "Child", "Who", "By when")
