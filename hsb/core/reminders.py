"""The sweep: who is reminded of which task today (practice.md B14). It writes messages; hsb.core.outbox sends them.

Each task that is due soon or late stands once in its owner's one digest of each working day until it is done; what is
to be done the same day is told at once; what is late is told to the manager too. Where nobody is left who is asked (the
owner has left, or may not know of it), the managers are told in their place; not of what was asked of one person by
name (hsb.core.work.PERSONAL), which ends with their leave to open the record. The database keeps each of them once, so
that a sweep may be killed at any moment and run again, also twice at the same time.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from hsb.core import access, clock, settings_in_force, training_ends
from hsb.core.calendar import add_working_days, is_working_day
from hsb.core.models import AccessBar, AccessGrant, Message, Record, Reminder, Task
from hsb.core.models.messages import What, Why
from hsb.core.timescales import same_day
from hsb.core.work import PERSONAL
from hsb.people.models import Cover, Membership, User
from hsb.people.states import Role

BATCH = 1000
# Whom a record is about, by the keys that the tables above have to it: the foundation imports no floor.
ABOUT = {
    "referral__person": {},
    "strategymeeting__children__person": {"strategymeeting__children__taking_part": True},
    "mappingmeeting__nodes__person": {},
    "intelform__children__person": {},
    "intelform__entries__person": {},
}


def sweep():
    """Writes what today's messages are; returns how many are new. Several short transactions, each whole."""
    today, made, after = clock.today(), 0, 0
    people = _People(today)
    with_digest = is_working_day(today) and _local_hour() >= settings_in_force.value("digest_hour")
    soon = add_working_days(today, settings_in_force.value("remind_working_days"))
    if with_digest:
        made += training_ends.tell(people, today)
    while True:
        with transaction.atomic():
            tasks = _batch(after, soon)
            made += _remind(tasks, people, today, with_digest)
        if len(tasks) < BATCH:
            return made
        after = tasks[-1]["pk"]


def _local_hour():
    return timezone.localtime(clock.now()).hour


def _batch(after, soon):
    """The next open tasks by key that are due soon or late; all of them that are to be done the same day."""
    found = Task.objects.open().filter(pk__gt=after, due_on__lte=soon).order_by("pk")
    fields = ("pk", "kind", "due_on", "started_on", "owner", "team", "role", "record", "record__restricted")
    return list(found.values(*fields, "record__holding_team")[:BATCH])


@dataclass
class _People:
    """Who holds which role in which team today, who stands in for whom, who is barred from whom: read once a sweep."""

    today: object
    of_role: dict = field(default_factory=lambda: defaultdict(set))
    teams_of: dict = field(default_factory=lambda: defaultdict(set))
    stand_ins: dict = field(default_factory=lambda: defaultdict(set))
    active: set = field(default_factory=set)
    barred_from: dict = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self):
        current = Membership.objects.current(self.today)
        for team, role, user, active in current.values_list("team", "role", "user", "user__is_active"):
            # Also of a closed account: what it leaves behind is its teams'.
            self.teams_of[user].add(team)
            if active:
                self.of_role[team, role].add(user)
                self.active.add(user)
        for person, user in AccessBar.objects.filter(lifted_at__isnull=True).values_list("record", "user"):
            self.barred_from[person].add(user)
        for covered, by in Cover.objects.current(self.today).values_list("covered", "by"):
            if by in self.active:
                self.stand_ins[covered].add(by)

    def asked(self, task):
        """Whom the task is asked of: its owner and who stands in, or who holds the role in the team."""
        if task["owner"]:
            return ({task["owner"]} & self.active) | self.stand_ins[task["owner"]]
        return set(self.of_role[task["team"], task["role"]])

    def managers(self, task):
        """Who manages the team that has the record, or the owner's teams; its chairs where a team has no manager."""
        team = task["team"] or task["record__holding_team"]
        teams = {team} if team else self.teams_of[task["owner"]]
        return {user for each in teams for user in self.of_role[each, Role.MANAGER] or self.of_role[each, Role.CHAIR]}


class _MayKnow:
    """Who may be told of the records of these tasks."""

    def __init__(self, tasks, people):
        records = {task["record"] for task in tasks}
        self.barred, self.named = defaultdict(set), defaultdict(set)
        # (record, owner) where the owner has left the team for whose work they had leave.
        self.left = set()
        for path, narrowed in ABOUT.items() if people.barred_from else ():
            about = Record.objects.filter(pk__in=records, **{f"{path}__in": list(people.barred_from)}, **narrowed)
            for record, person in about.values_list("pk", path):
                self.barred[record] |= people.barred_from[person]
        restricted = {task["record"] for task in tasks if task["record__restricted"]}
        if restricted:
            named = AccessGrant.objects.filter(access.live(), record__in=restricted, user__isnull=False)
            for record, user in named.values_list("record", "user"):
                self.named[record].add(user)
        given = AccessGrant.objects.filter(
            access.live(), record__in=records, user__in={task["owner"] for task in tasks} - {None}
        ).filter(because__in=access.FOR_A_TEAM)
        self.opened = _opened_by_who_is_asked([task for task in tasks if task["kind"] in PERSONAL])
        users = {}  # each is read once, with what they are a member of
        for grant in given.select_related("user"):
            grant.user = users.setdefault(grant.user_id, grant.user)
            if not access.stands(grant):
                self.left.add((grant.record_id, grant.user_id))

    def of(self, task, users):
        """Those of `users` who are not barred from a child in it; of a restricted record who is named on it (B15)."""
        users = users - self.barred[task["record"]]
        return users & self.named[task["record"]] if task["record__restricted"] else users

    def asked(self, task, people):
        """Whom the task is asked of, of those who may know of it; nobody where its owner left it with their team, or
        was asked by name and may not open the record."""
        if task["kind"] in PERSONAL:
            return {task["owner"]} & people.active if task["pk"] in self.opened else set()
        left = (task["record"], task["owner"]) in self.left
        return set() if left else self.of(task, people.asked(task))


def _opened_by_who_is_asked(tasks):
    """Keys of those of `tasks`, on children's records, whose owner may open the record now."""
    found = set()
    for user in User.objects.filter(pk__in={task["owner"] for task in tasks}):
        rule = access.readable(
            user, record="record", person="record__referral__person", restricted="record__restricted"
        )
        mine = [task["pk"] for task in tasks if task["owner"] == user.pk]
        found.update(Task.objects.filter(rule, pk__in=mine).values_list("pk", flat=True))
    return found


def _remind(tasks, people, today, with_digest):
    """Writes the reminders of these tasks; returns how many messages are new."""
    wanted = list(_wanted(tasks, people, today, with_digest))
    if not wanted:
        return 0
    keys = {(what, user, on, about) for what, user, on, about, _, _ in wanted}
    known = _messages(keys)
    now = clock.now()
    new = [Message(what=w, user_id=u, on=on, about=a, made_at=now) for w, u, on, a in sorted(keys - known.keys())]
    Message.objects.bulk_create(new, ignore_conflicts=True)
    known = _messages(keys) if new else known
    Reminder.objects.bulk_create(
        [
            Reminder(message_id=pk, task_id=task, kind=kind, user_id=user, on=on)
            for what, user, on, about, task, kind in wanted
            for pk, sent in (known[what, user, on, about],)
            # What was sent is not added to: the task stands in the next one.
            if not sent
        ],
        ignore_conflicts=True,
    )
    return len(new)


def _messages(keys):
    """Key of message -> (its key in the database, whether it was sent)."""
    users, days = {key[1] for key in keys}, {key[2] for key in keys}
    rows = Message.objects.filter(user__in=users, on__in=days).values_list(
        "what", "user", "on", "about", "pk", "sent_at"
    )
    return {(what, user, on, about): (pk, sent is not None) for what, user, on, about, pk, sent in rows}


def _wanted(tasks, people, today, with_digest):
    """(what, user, on, about, task, kind) of every reminder that should stand today."""
    may_know = _MayKnow(tasks, people)
    at_once = set(same_day())
    for task in tasks:
        asked = may_know.asked(task, people)
        managers = set() if task["kind"] in PERSONAL else may_know.of(task, people.managers(task))
        told = asked or managers
        if task["kind"] in at_once:
            # Once, whenever the sweep first sees it: its own day tells it from every later one.
            for user in told:
                yield What.AT_ONCE, user, task["started_on"], str(task["pk"]), task["pk"], Why.AT_ONCE
        if not with_digest:
            continue
        late = task["due_on"] < today
        for user in asked if late else told:
            yield What.DIGEST, user, today, "", task["pk"], Why.OVERDUE if late else Why.DUE_SOON
        if late:
            for user in managers - asked:
                yield What.DIGEST, user, today, "", task["pk"], Why.OVERDUE_MANAGER
