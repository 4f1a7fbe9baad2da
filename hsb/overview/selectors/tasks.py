"""Tasks as people see them: mine, my team's, oldest first, one click to where each is done."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from hsb.core import access, clock
from hsb.core.models import AccessGrant, Task
from hsb.core.timescales import timescale
from hsb.people.states import CASE_ROLES
from referrals.selectors.lists import due_cell
from referrals.selectors.names import names_of

# Where a task of each kind is done. The rest are done from the case's own page.
PAGES = {
    "assess": "referrals:assessment",
    "assess_safety": "referrals:assessment",
    "decide": "referrals:decide",
    "tell_referrer": "referrals:tell_referrer",
    "name_worker": "referrals:name_worker",
    "start_work": "referrals:start_work",
    "police_referral": "referrals:police_referral",
    "meeting_decision": "referrals:decide_meeting",
    "protection": "referrals:follow_up_protection",
    "reassess": "referrals:decide_reassessment",
    "answer_offer": "referrals:answer_offer",
    "close": "referrals:close",
    "family_assessment": "referrals:service_step",
    "early_help_review": "referrals:service_step",
}
SHOWN = 100


def tasks_of(user):
    """The open tasks of `user`: their own, and those of a role they hold in a team.

    A team's task on a restricted record counts only for somebody who is named on it.
    """
    named = AccessGrant.objects.filter(access.live(), record=OuterRef("record"), user=user)
    mine = Q(owner=user)
    in_role = Q()
    for membership in user.current_memberships():
        if membership.role in CASE_ROLES:
            in_role |= Q(team=membership.team_id, role=membership.role)
    if in_role:
        mine |= in_role & (Q(record__restricted=False) | Exists(named))
    return Task.objects.open().filter(mine)


def tasks_due(user):
    """How many of the user's open tasks are due today or late."""
    return tasks_of(user).filter(due_on__lte=clock.today()).count()


def task_rows(user):
    """(own, team's, whether there are more): rows for the table component, oldest due first, at most SHOWN in all.

    A child's name stands only on rows whose referral the reader may open; the link too.
    """
    today = clock.today()
    found = list(
        tasks_of(user)
        .order_by("due_on", "pk")
        .values("kind", "due_on", "owner", "record", "record__reference", "team__name")[: SHOWN + 1]
    )
    more, found = len(found) > SHOWN, found[:SHOWN]
    names = names_of(user, {task["record"] for task in found})
    own, teams = [], []
    for task in found:
        row = _row(task, names.get(task["record"]), today)
        (own if task["owner"] == user.pk else teams).append(row)
    return own, teams, more


def _row(task, name, today):
    title = {"text": timescale(task["kind"]).title}
    if name is not None:
        title["url"] = reverse(PAGES.get(task["kind"], "referrals:case"), args=[task["record__reference"]])
        title["hidden"] = f"for {name}"
    child = {"text": name or "Restricted or not yours to open", "note": task["record__reference"]}
    return [title, child, due_cell(task["due_on"], today)]


TASK_COLUMNS = ("What to do", "Child", "By when")
