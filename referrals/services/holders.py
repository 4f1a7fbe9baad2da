"""Who holds a referral: the grants that follow the child, and the sums kept on the referral's own row."""

from datetime import datetime, time

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from hsb.core import access, actions, clock, settings_in_force, work
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessBar, Action, Task
from hsb.core.refusals import NotReady
from hsb.core.states import Because
from hsb.people.models import Team
from hsb.people.states import CASE_ROLES, Role, Service
from referrals.models import AccessRequest, Allocation, Involvement, Offer, Referral
from referrals.permissions import can_agree_marker
from referrals.states import ENQUIRY, OPEN, InvolvementRole, InvolvementStatus, OfferKind, Side


def front_door():
    """The team that receives concerns. Raises NotReady where the borough has none yet."""
    team = _first_front_door()
    if team is None:
        raise NotReady("There is no front-door team yet: ask the administrator to add one.")
    return team


def _first_front_door():
    return Team.objects.filter(service=Service.FRONT_DOOR, closed_on__isnull=True).order_by("pk").first()


def statutory_team_for(referral):
    """The statutory team that is asked where nobody chose one: which had the child before, else which has another child
    of the concern, else the first. Raises NotReady where the borough has none yet.
    """
    teams = Team.objects.filter(service=Service.STATUTORY, closed_on__isnull=True)
    had = Allocation.objects.filter(referral__person=referral.person_id, team__in=teams).order_by("starts_on", "pk")
    has = referral.other_children().filter(state__in=OPEN, record__holding_team__in=teams).order_by("pk")
    keys = [*had.reverse().values_list("team", flat=True)[:1], *has.values_list("record__holding_team", flat=True)[:1]]
    team = teams.filter(pk=keys[0]).first() if keys else teams.order_by("pk").first()
    if team is None:
        raise NotReady("There is no statutory social work team yet: ask the administrator to add one.")
    return team


def hold(referral, team, *, given_by):
    """`team` holds the referral until it is allocated: its practitioners and managers may open it."""
    referral.record.holding_team = team
    referral.record.save(update_fields=["holding_team"])
    for role in CASE_ROLES:
        access.grant(
            referral.record,
            because=Because.HOLDING_TEAM,
            team=team,
            role=role,
            given_by=given_by,
        )
    name_managers_where_restricted(referral, team, Because.HOLDING_TEAM, given_by)


def grant_author(referral, author, *, team):
    """The author, and the managers of the author's team, until allocated."""
    access.grant(referral.record, because=Because.AUTHOR, user=author, given_by=author)
    access.grant(
        referral.record,
        because=Because.AUTHORS_MANAGER,
        team=team,
        role=Role.MANAGER,
        given_by=author,
    )


def end_front_door(referral):
    """Decided: the front door and the author's manager see it no longer, the author for some days more."""
    access.end_grants(referral.record, Because.HOLDING_TEAM, Because.AUTHORS_MANAGER)
    days = settings_in_force.value("author_access_working_days")
    last_day = add_working_days(clock.today(), days)
    access.end_grants(
        referral.record,
        Because.AUTHOR,
        at=timezone.make_aware(datetime.combine(last_day, time(23, 59, 59))),
    )


def pass_to(referral, team, worker, *, given_by):
    """The referral is with `team` and, where named, `worker`: they and the team's managers may open it."""
    referral.record.holding_team = team
    referral.record.save(update_fields=["holding_team"])
    access.end_grants(referral.record, Because.ALLOCATED, Because.ALLOCATED_TEAM)
    access.grant(
        referral.record,
        because=Because.ALLOCATED_TEAM,
        team=team,
        role=Role.MANAGER,
        given_by=given_by,
    )
    if worker is not None:
        access.grant(referral.record, because=Because.ALLOCATED, user=worker, given_by=given_by)
    referral.worker = worker
    name_managers_where_restricted(referral, team, Because.ALLOCATED_TEAM, given_by)


def keep_for_last_holders(referral, *, given_by):
    """After closing: the last team's managers and the last worker, and who reads it for a meeting until a known day."""
    team, worker = referral.record.holding_team, referral.worker
    access.end_grants(
        referral.record,
        Because.ALLOCATED,
        Because.ALLOCATED_TEAM,
        Because.HOLDING_TEAM,
        Because.AUTHORS_MANAGER,
        Because.ASKED,
    )
    # After a meeting they read on until a known day; without one it would be for ever (decision 14).
    access.end_grants(referral.record, Because.CONVENED, ends_at__isnull=True)
    access.grant(
        referral.record,
        because=Because.LAST_HOLDER,
        team=team,
        role=Role.MANAGER,
        given_by=given_by,
    )
    last = worker or referral.author
    access.grant(referral.record, because=Because.LAST_HOLDER, user=last, given_by=given_by)
    name_managers_where_restricted(referral, team, Because.LAST_HOLDER, given_by)


def name_managers_where_restricted(referral, team, because, given_by):
    """On a restricted record only a grant to a named user counts (B15): without these nobody could decide.

    They end with the team's own. Nobody lets herself in by logging a concern: the author is named only where the
    team has no other manager.
    """
    if not referral.record.restricted:
        return
    managers = managers_of(team)
    others = [user for user in managers if user.pk != referral.author_id]
    for user in others or managers:
        access.grant(referral.record, because=because, user=user, given_by=given_by)


def managers_of(team):
    """The users who manage `team` today."""
    return holding_role(team, Role.MANAGER)


def holding_role(team, role):
    """The users who hold `role` in `team` today."""
    current = team.memberships.current(clock.today()).filter(role=role).select_related("user")
    return [membership.user for membership in current]


def ask(referral, team, *, given_by):
    """The managers of `team` are asked for a decision, and may open the referral until they are asked no more."""
    access.grant(referral.record, because=Because.ASKED, team=team, role=Role.MANAGER, given_by=given_by)
    name_managers_where_restricted(referral, team, Because.ASKED, given_by)


def ask_to_take(referral, team, kind, *, actor, reason):
    """The managers of `team` are asked whether they take the child: `kind` is of OfferKind. Returns the Offer."""
    offered = Offer.objects.create(
        record=referral.record,
        referral=referral,
        reference=f"{referral.reference}-F{referral.offers.count() + 1}",
        kind=kind,
        to_team=team,
        reason=reason,
        offered_by=actor,
        offered_at=clock.now(),
    )
    ask(referral, team, given_by=actor)
    work.ask(referral.record, "answer_offer", team=team, role=Role.MANAGER)
    return offered


def ask_no_more(record, team):
    """What `ask` gave to `team` ends."""
    access.end_grants(record, Because.ASKED, team=team)
    access.end_grants(record, Because.ASKED, user__in=managers_of(team))


def reviewers(referral, breaker):
    """(team, its managers) who are asked to review that `breaker` opened the record in an emergency, never `breaker`.

    The team that has the child, else the author's: those of its managers who may open the record. Where there is nobody
    else, the front door's, who are let in for it; where there is not even one, the holding team has the task.
    """
    held, logged = referral.record.holding_team, referral.authors_team
    for team in filter(None, (held, logged)):
        found = [user for user in _other_managers(referral, team, breaker) if access.opens(user, referral)]
        if found:
            return team, found
    duty = _first_front_door()
    if duty is not None and (found := _other_managers(referral, duty, breaker)):
        return duty, found
    return held or logged, []


def _other_managers(referral, team, breaker):
    barred = AccessBar.objects.filter(record=referral.person_id, lifted_at__isnull=True).values_list("user", flat=True)
    shut_out = {breaker.pk, *barred}
    return [user for user in managers_of(team) if user.is_active and user.pk not in shut_out]


def review_of(team, managers, breaker):
    """Whose the review is (for work.ask): the managers' of `team`, one of them by name where `breaker` is one too."""
    if managers and breaker.manages(team.pk):
        return {"owner": managers[0]}
    return {"team": team, "role": Role.MANAGER}


def was_let_in(referral, team):
    """Whether `team` reads the record only because it was asked, and is asked for nothing any more."""
    if team.pk in (referral.record.holding_team_id, referral.authors_team_id):
        return False
    return not referral.record.tasks.open().filter(team=team, role=Role.MANAGER).exists()


def unname_managers(referral):
    """The restriction is lifted: what a manager was named for, the team's own grant gives them from now on."""
    named_for = (Because.HOLDING_TEAM, Because.ALLOCATED_TEAM, Because.ASKED)
    access.end_grants(referral.record, *named_for, user__isnull=False)


def holder(referral):
    """Whose a task of the referral is: its worker's, or the managers' of the team that holds it (for work.ask)."""
    if referral.worker_id:
        return {"owner": referral.worker}
    return {"team": referral.record.holding_team, "role": Role.MANAGER}


def holder_of(referral, kind):
    """Whose a task of `kind` is while the referral is where it is (for work.ask)."""
    # Early Help has no enquiry: until the child has stepped up it waits for the managers who were asked (B23).
    if kind in ENQUIRY and (asked := referral.open_offer(OfferKind.STEP_UP)) is not None:
        return {"team": asked.to_team, "role": Role.MANAGER}
    if kind in MANAGERS:
        return {"team": referral.record.holding_team, "role": Role.MANAGER}
    return holder(referral)


# These outlive every decision and every refusal: whoever has the child has them.
NEVER_DROPPED = (
    "protection",
    "immediate_action",
    "police_referral",
    "draft_police_referral",
    "write_supplement",
    "send_supplement",
    "police_acknowledgement",
    "new_concern",
    "section_47",
    "conference",
    "action",
    "review_marker",
    "read_both",
    "rate_again",
    "write_plan",
    "plan_review",
    "plan_at_18",
    "review_at_18",
)
# These are asked of a manager who is not the one that they are about.
REVIEWS = ("review_break_glass", "answer_access")
# These stay the managers', whoever works with the child.
MANAGERS = (
    "approve_police_referral",
    "excuse_police_referral",
    "confirm_nfa",
    "conclude_section_47",
    "confirm_marker",
    "borough_transfer",
    "agree_plan",
    "decide_help",
    "decide_at_18",
)


def pass_tasks_on(referral, *kinds):
    """The open tasks of `kinds` become the present holder's and keep their due dates; they are never dropped."""
    found = referral.record.tasks.open().filter(kind__in=(*kinds, *MANAGERS))
    found = found.exclude(kind="action", about__in=_taken_on_by_somebody(referral))
    for task in list(found.select_related("owner")):
        whose = to_confirm(referral, task.owner) if task.kind == "confirm_marker" else holder_of(referral, task.kind)
        work.ask(referral.record, task.kind, about=task.about, **whose)
    _pass_reviews_on(referral)


def to_confirm(referral, manager, opens=None):
    """Whose it is to confirm what `manager` agreed to: theirs while they manage and may open the referral, else the
    managers' of the team that holds it (for work.ask). `opens` is whether they may open it, where it was asked with
    others."""
    named = manager is not None and can_agree_marker(manager)
    if named and (access.opens(manager, referral) if opens is None else opens):
        return {"owner": manager}
    return {"team": referral.record.holding_team, "role": Role.MANAGER}


def _pass_reviews_on(referral):
    """Who has the child now reviews what was opened in an emergency before, and answers who asked for access: never
    whoever opened it or asked."""
    kinds = set(referral.record.tasks.open().filter(kind__in=REVIEWS).values_list("kind", flat=True))
    waiting = []
    if "review_break_glass" in kinds:
        waiting += referral.emergency_openings.filter(reviewed_at__isnull=True).select_related("by")
    if "answer_access" in kinds:
        waiting += referral.access_requests.filter(answered_at__isnull=True).select_related("by")
    for each in waiting:
        kind = "answer_access" if isinstance(each, AccessRequest) else "review_break_glass"
        team, managers = reviewers(referral, each.by)
        work.ask(referral.record, kind, about=str(each.number), **review_of(team, managers, each.by))


def _taken_on_by_somebody(referral):
    """What tells the tasks apart of actions that one of us agreed to do: they stay hers, whoever has the child."""
    owned = Action.objects.open().filter(record=referral.record, owner__isnull=False).select_related("source")
    return [actions.task_key(action) for action in owned]


def refresh_due(referral):
    """The referral keeps the earliest due date of its open tasks: call after any of them opens or ends."""
    referral.next_due_on = work.next_due_on(referral.record)
    Referral.objects.filter(pk=referral.pk).update(next_due_on=referral.next_due_on)


def refresh_due_of(keys):
    """`refresh_due` of many referrals at once, by their keys: call with their records locked."""
    tasks = Task.objects.open().filter(record=OuterRef("pk")).exclude(kind__in=work.PERSONAL).order_by("due_on")
    Referral.objects.filter(pk__in=keys).update(next_due_on=Subquery(tasks.values("due_on")[:1]))


def side_of(referral):
    """Which questions the referral asks, from the child's roles in its concerns (B1)."""
    parts = Involvement.objects.filter(referral=referral).exclude(status=InvolvementStatus.UNFOUNDED)
    roles = set(parts.values_list("role", flat=True))
    return side_of_roles(roles) if roles else referral.side


def side_of_roles(roles):
    """The Side of a set of involvement roles."""
    displayed, harmed = (
        InvolvementRole.DISPLAYED in roles,
        InvolvementRole.HARMED in roles,
    )
    if displayed and harmed:
        return Side.BOTH
    if displayed:
        return Side.DISPLAYED
    return Side.HARMED if harmed else Side.NOT_YET_KNOWN
