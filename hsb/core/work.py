"""Tasks: what the product demands, of whom, by when. Every verb opens and finishes its own."""

from django.db import router
from django.db.models import BigIntegerField, CharField, Min

from hsb.core import clock, composed
from hsb.core.composed import Given
from hsb.core.models import Task
from hsb.core.states import RecordKind
from hsb.core.timescales import timescale
from hsb.core.written import all_but_the_key, said_by

# Asked of one person by name, and nothing of the case waits for it: it makes no case late, and does not end with it.
# It stands, and reminds, while that person may open the record, and is no work of their team's.
PERSONAL = ("read_note",)
# What work hangs on. On a concern, a child or a Form 87A none does: it is asked on each child's referral.
ASKED_ON = (
    RecordKind.REFERRAL,
    RecordKind.MEETING,
    RecordKind.INTEL_FORM,
    RecordKind.MAPPING,
    RecordKind.PANEL,
)
SAID = all_but_the_key(Task)
# Of an open task of that kind there is one at most (task_open_once).
PASSED_ON = (
    " ON CONFLICT (record_id, kind, about) WHERE cancelled_at IS NULL AND done_at IS NULL "
    "DO UPDATE SET owner_id = EXCLUDED.owner_id, team_id = EXCLUDED.team_id, role = EXCLUDED.role"
)


def ask(record, kind, *, owner=None, team=None, role="", about="", started_on=None, due_on=None):
    """Opens a task of `kind` for one user (`owner`; or their key) or for everybody with `role` in `team`.

    Its clock starts on `started_on` (today by default) and runs by the timescale; `due_on` is a day that people agreed
    instead. A task of that kind and `about` that is already open is passed on to the new owner and keeps its first due
    date: passing work on never buys time (A21). Raises ValueError on a record of another kind than ASKED_ON.
    """
    if record.kind not in ASKED_ON:
        raise ValueError(f"No work is asked on {record.reference}.")
    start = started_on or clock.today()
    task = Task(
        record=record,
        kind=kind,
        about=about,
        owner_id=getattr(owner, "pk", owner),
        team=team,
        role=role,
        started_on=start,
        due_on=due_on or timescale(kind).due_on(start),
        opened_at=clock.now(),
    )
    adding = composed.adding(Task, SAID, (), router.db_for_write(Task), PASSED_ON)
    adding.number(**said_by(task))


def finish(record, *kinds, by, about=None):
    """The open tasks of these kinds on `record` are done; returns how many."""
    return _change(record, kinds, about, done_at=clock.now(), done_by_id=by.pk if by else None)


def cancel(record, *kinds, reason, about=None):
    """The open tasks of these kinds are no longer asked for; with no kinds, all that are the case's own."""
    return _change(record, kinds, about, cancelled_at=clock.now(), cancelled_reason=reason)


RECORD, ABOUT = Given("record", BigIntegerField()), Given("about", CharField())


def next_due_on(record):
    """The earliest due date of the record's open tasks that are the case's own, or None."""

    def first():
        tasks = Task.objects.open().filter(record=RECORD).exclude(kind__in=PERSONAL)
        return composed.sums(tasks, first=Min("due_on"))

    [row] = composed.kept(("next due",), first).rows(record=record.pk) or [{"first": None}]
    return row["first"]


def _change(record, kinds, about, **said):
    """The open tasks of these kinds say `said` ({column: value}); returns how many there are."""

    def of_these():
        tasks = Task.objects.open().filter(record=RECORD)
        tasks = tasks.filter(kind__in=kinds) if kinds else tasks.exclude(kind__in=PERSONAL)
        return tasks if about is None else tasks.filter(about=ABOUT)

    key = ("tasks", kinds, about is None, *said)
    return composed.changing(key, of_these, tuple(said)).number(record=record.pk, about=about, **said)
