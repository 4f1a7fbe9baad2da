"""The sweep: who is reminded of which task today (practice.md B14). It writes messages; hsb.core.outbox sends them.

Each task that is due soon or late stands once in its owner's one digest of each working day until it is done; what is
to be done the same day is told at once; what is late is told to the manager too. Where nobody is left who is asked (the
owner has left, or may not know of it), the managers are told in their place; not of what was asked of one person by
name (hsb.core.work.PERSONAL), which ends with their leave to open the record. The database keeps each of them once, so
that a sweep may be killed at any moment and run again, also twice at the same time.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hsb.core import access, clock, composed, settings_in_force, training_ends
from hsb.core.calendar import add_working_days, is_working_day
from hsb.core.models import AccessBar, AccessGrant, Message, Record, Reminder, Task
from hsb.core.models.messages import What, Why
from hsb.core.rows import Among, add_rows
from hsb.core.timescales import same_day
from hsb.core.work import PERSONAL
from hsb.people.models import Cover, Membership, User
from hsb.people.states import Role

BATCH = 5000
NOBODY = frozenset()
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
    fields = ("pk", "kind", "due_on", "started_on", "owner", "team", "role", "record")
    return list(found.values(*fields, "record__kind", "record__restricted", "record__holding_team")[:BATCH])


@dataclass
class _People:
    """Who holds which role in which team today, who stands in for whom, who is barred from whom: read once a sweep."""

    today: object
    of_role: dict = field(default_factory=lambda: defaultdict(set))
    teams_of: dict = field(default_factory=lambda: defaultdict(set))
    stand_ins: dict = field(default_factory=lambda: defaultdict(set))
    active: set = field(default_factory=set)
    barred_from: dict = field(default_factory=lambda: defaultdict(set))
    some_told: bool = False
    told_at_once: frozenset = field(default_factory=lambda: frozenset(same_day()))
    # What was answered already: thousands of tasks are asked of the same people.
    known: dict = field(default_factory=dict)

    def __post_init__(self):
        # The first sweep of a day looks for nothing. Where it should have, the database keeps each once.
        digests = Reminder.objects.exclude(kind=Why.AT_ONCE).order_by("-pk")
        self.some_told = digests.values_list("on", flat=True).first() == self.today
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
        owner = task["owner"]
        key = owner or (task["team"], task["role"])
        if key not in self.known:
            self.known[key] = frozenset(
                ({owner} & self.active) | self.stand_ins[owner] if owner else self.of_role[task["team"], task["role"]]
            )
        return self.known[key]

    def managers(self, task):
        """Who manages the team that has the record, or the owner's teams; its chairs where a team has no manager."""
        team = task["team"] or task["record__holding_team"]
        key = ("team", team) if team else ("owner", task["owner"])
        if key not in self.known:
            teams = {team} if team else self.teams_of[task["owner"]]
            self.known[key] = frozenset(
                user for each in teams for user in self.of_role[each, Role.MANAGER] or self.of_role[each, Role.CHAIR]
            )
        return self.known[key]


class _MayKnow:
    """Who may be told of the records of these tasks."""

    def __init__(self, tasks, people):
        self.barred, self.named = defaultdict(set), defaultdict(set)
        # (record, owner) where the owner has left the team for whose work they had leave.
        self.left = set()
        for path, narrowed in ABOUT.items() if people.barred_from else ():
            # All records about them: few people are barred from, and a batch has thousands of records.
            about = Record.objects.filter(**{f"{path}__in": list(people.barred_from)}, **narrowed)
            for record, person in about.values_list("pk", path):
                self.barred[record] |= people.barred_from[person]
        restricted = {task["record"] for task in tasks if task["record__restricted"]}
        if restricted:
            named = AccessGrant.objects.filter(access.live(), record__in=restricted, user__isnull=False)
            for record, user in named.values_list("record", "user"):
                self.named[record].add(user)
        self.opened = _opened_by_who_is_asked([task for task in tasks if task["kind"] in PERSONAL])
        # Of a few of them: most are children's, on which nobody has leave for a team's work.
        kinds = set(access.FOR_A_TEAM.values())
        given = AccessGrant.objects.filter(
            access.live(),
            record__in={task["record"] for task in tasks if task["record__kind"] in kinds},
            because__in=access.FOR_A_TEAM,
            user__isnull=False,
        )
        users = {}  # each is read once, with what they are a member of
        for grant in given.select_related("user"):
            grant.user = users.setdefault(grant.user_id, grant.user)
            if not access.stands(grant):
                self.left.add((grant.record_id, grant.user_id))

    def of(self, task, users):
        """Those of `users` who are not barred from a child in it; of a restricted record who is named on it (B15)."""
        record = task["record"]
        if record in self.barred:
            users = users - self.barred[record]
        return users & self.named.get(record, NOBODY) if task["record__restricted"] else users

    def asked(self, task, people):
        """Whom the task is asked of, of those who may know of it; nobody where its owner left it with their team, or
        was asked by name and may not open the record."""
        if task["kind"] in PERSONAL:
            return people.active & {task["owner"]} if task["pk"] in self.opened else NOBODY
        left = (task["record"], task["owner"]) in self.left
        return NOBODY if left else self.of(task, people.asked(task))


def _opened_by_who_is_asked(tasks):
    """Keys of those of `tasks`, on children's records, whose owner may open the record now (and of more of theirs)."""
    found = set()
    users = list(User.objects.filter(pk__in={task["owner"] for task in tasks}))
    access.read_seats(users, clock.today())
    for user in users:
        # Composed once a day for each of them: the sweep asks it every minute.
        mine = composed.kept(("asked by name", access.rights_today(user)), partial(_opened_by, user))
        found.update(task["pk"] for task in mine.rows())
    return found


def _opened_by(user):
    rule = access.readable(user, record="record", person="record__referral__person", restricted="record__restricted")
    return Task.objects.open().filter(rule, owner=user, kind__in=PERSONAL).values("pk")


def _remind(tasks, people, today, with_digest):
    """Writes the reminders of these tasks; returns how many messages are new."""
    standing = _standing(tasks, people, today)
    # Each minute finds again what was written this morning: that is not sent to the database once more.
    wanted = [each for each in _wanted(tasks, people, today, with_digest) if each[1] not in standing]
    if not wanted:
        return 0
    keys = {message for message, _ in wanted}
    known = _messages(keys)
    new = sorted(keys - known.keys())
    if new:
        now = clock.now()
        add_rows(
            Message,
            ("what", "user", "on", "about", "made_at", "attempts"),
            [(*key, now, 0) for key in new],
            leave_out_standing=True,
        )
        known = _messages(keys)
    # What was sent is not added to: the task stands in the next one.
    unsent = {key: pk for key, (pk, sent) in known.items() if not sent}
    add_rows(
        Reminder,
        ("message", "task", "kind", "user", "on"),
        [(unsent[message], *reminder) for message, reminder in wanted if message in unsent],
        leave_out_standing=True,
    )
    return len(new)


def _standing(tasks, people, today):
    """(task, kind, user, day) of what these tasks' owners and managers were reminded of already."""
    found = set()
    for_digest = [task["pk"] for task in tasks if people.some_told]
    at_once = [task["pk"] for task in tasks if task["kind"] in people.told_at_once]
    for which, keys in ((Q(on=today), for_digest), (Q(kind=Why.AT_ONCE), at_once)):
        if keys:
            rows = Reminder.objects.filter(which, Among(F("task_id"), keys))
            found.update(rows.values_list("task", "kind", "user", "on"))
    return found


def _messages(keys):
    """Key of message -> (its key in the database, whether it was sent)."""
    users, days = {key[1] for key in keys}, {key[2] for key in keys}
    rows = Message.objects.filter(Among(F("user_id"), users), on__in=days).values_list(
        "what", "user", "on", "about", "pk", "sent_at"
    )
    return {(what, user, on, about): (pk, sent is not None) for what, user, on, about, pk, sent in rows}


def _wanted(tasks, people, today, with_digest):
    """(key of the message, (task, kind, user, day)) of every reminder that should stand today."""
    may_know = _MayKnow(tasks, people)
    # Their values: what is kept in thousands of rows is compared with what the database gives.
    digest, at_once, due_soon, overdue, overdue_manager = (
        each.value for each in (What.DIGEST, Why.AT_ONCE, Why.DUE_SOON, Why.OVERDUE, Why.OVERDUE_MANAGER)
    )
    for task in tasks:
        pk = task["pk"]
        asked = may_know.asked(task, people)
        managers = NOBODY if task["kind"] in PERSONAL else may_know.of(task, people.managers(task))
        told = asked or managers
        if task["kind"] in people.told_at_once:
            # Once, whenever the sweep first sees it: its own day tells it from every later one.
            on = task["started_on"]
            for user in told:
                yield (What.AT_ONCE.value, user, on, str(pk)), (pk, at_once, user, on)
        if not with_digest:
            continue
        late = task["due_on"] < today
        kind = overdue if late else due_soon
        for user in asked if late else told:
            yield (digest, user, today, ""), (pk, kind, user, today)
        if late:
            for user in managers - asked:
                yield (digest, user, today, ""), (pk, overdue_manager, user, today)
