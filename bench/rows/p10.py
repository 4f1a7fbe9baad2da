"""P10: the sweep that writes who is reminded of what, against one SQL statement that finds and writes the same rows."""

import time
from datetime import timedelta
from statistics import median

from bench import pages
from bench.due import TODAY
from bench.figures import interval, paired_ratios, timed

# A tenth of a second, five times, beside other work: a small run notices a sweep that asks for each task.
GOALS = {"small": (2.5, 1.1), "full": (1.3, 1.1)}
SIZES = {"small": (20_000, 5, 100), "full": (1_000_000, 11, 400)}  # tasks, rounds, sample of the loop
OWN = {size: ("bench.due", tasks) for size, (tasks, *_) in SIZES.items()}
BOROUGHS = False
EMPTY = "TRUNCATE core_reminder, core_message"
# The last day that counts as soon: the next working day, for the bench's day is a Monday.
SOON = TODAY + timedelta(days=1)

# By hand, for the same rows: who is asked (owner, stand-ins, who has the role in the team), the managers, who may know
# (restricted records, bars, what was asked of one person by name), the messages, and the reminders in them.
SINGLE = f"""
WITH due AS MATERIALIZED (
    SELECT t.id, t.kind, t.owner_id, t.role, t.started_on, t.due_on < DATE '{TODAY}' AS late, t.record_id,
        COALESCE(t.team_id, r.holding_team_id) AS team, t.team_id, r.restricted, f.person_id,
        t.kind IN ('protection') AS at_once, t.kind IN ('read_note') AS personal
    FROM core_task t JOIN core_record r ON r.id = t.record_id LEFT JOIN referrals_referral f ON f.record_id = r.id
    WHERE t.done_at IS NULL AND t.cancelled_at IS NULL AND t.due_on <= DATE '{SOON}'
), seats AS MATERIALIZED (
    SELECT m.team_id, m.role, m.user_id FROM people_membership m JOIN people_user u ON u.id = m.user_id
    WHERE u.is_active AND m.starts_on <= DATE '{TODAY}' AND (m.ends_on IS NULL OR m.ends_on >= DATE '{TODAY}')
), owners AS MATERIALIZED (
    SELECT DISTINCT user_id AS owner_id, user_id FROM seats
    UNION SELECT c.covered_id, c.by_id FROM people_cover c JOIN seats s ON s.user_id = c.by_id
    WHERE c.starts_on <= DATE '{TODAY}' AND c.ends_on >= DATE '{TODAY}'
), may_know AS (
    SELECT d.*, a.user_id, FALSE AS manager FROM due d JOIN owners a USING (owner_id) WHERE NOT d.personal
    UNION ALL
    SELECT d.*, s.user_id, FALSE FROM due d JOIN seats s ON s.team_id = d.team_id AND s.role = d.role
    WHERE d.owner_id IS NULL
    UNION ALL
    SELECT d.*, s.user_id, TRUE FROM due d JOIN seats s ON s.team_id = d.team AND s.role = 'manager'
    WHERE NOT d.personal
    UNION ALL
    SELECT d.*, d.owner_id, FALSE FROM due d JOIN people_user u ON u.id = d.owner_id AND u.is_active
    WHERE d.personal AND EXISTS (
        SELECT 1 FROM core_accessgrant g WHERE g.record_id = d.record_id AND (g.ends_at IS NULL OR g.ends_at > now())
        AND (g.user_id = d.owner_id OR NOT d.restricted AND EXISTS (
            SELECT 1 FROM seats s WHERE s.team_id = g.team_id AND s.role = g.role AND s.user_id = d.owner_id)))
), told AS MATERIALIZED (
    SELECT * FROM may_know k
    WHERE (NOT k.restricted OR EXISTS (
        SELECT 1 FROM core_accessgrant g WHERE g.record_id = k.record_id AND g.user_id = k.user_id
        AND (g.ends_at IS NULL OR g.ends_at > now())))
    AND NOT EXISTS (
        SELECT 1 FROM core_accessbar b WHERE b.record_id = k.person_id AND b.user_id = k.user_id
        AND b.lifted_at IS NULL)
    AND (k.owner_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM core_accessgrant g WHERE g.record_id = k.record_id AND g.user_id = k.owner_id
        AND g.because = 'writes_intel' AND (g.ends_at IS NULL OR g.ends_at > now())))
), asked AS MATERIALIZED (
    SELECT DISTINCT id, user_id FROM told WHERE NOT manager
), of_somebody AS MATERIALIZED (
    SELECT DISTINCT id FROM asked
), wanted AS MATERIALIZED (
    SELECT DISTINCT CASE WHEN x.at_once THEN 'at_once' ELSE 'digest' END AS what, t.user_id,
        CASE WHEN x.at_once THEN t.started_on ELSE DATE '{TODAY}' END AS "on",
        CASE WHEN x.at_once THEN t.id::text ELSE '' END AS about, t.id AS task_id,
        CASE WHEN x.at_once THEN 'at_once' WHEN NOT t.late THEN 'due_soon'
        WHEN a.id IS NOT NULL THEN 'overdue' ELSE 'overdue_manager' END AS kind
    FROM told t
    LEFT JOIN asked a ON a.id = t.id AND a.user_id = t.user_id
    LEFT JOIN of_somebody o ON o.id = t.id
    CROSS JOIN (VALUES (TRUE), (FALSE)) AS x (at_once)
    WHERE CASE WHEN x.at_once THEN t.at_once AND (a.id IS NOT NULL OR o.id IS NULL)
        ELSE a.id IS NOT NULL OR t.late OR o.id IS NULL END
), sent AS (
    INSERT INTO core_message (what, user_id, "on", about, made_at, attempts)
    SELECT DISTINCT what, user_id, "on", about, now(), 0 FROM wanted ON CONFLICT DO NOTHING
    RETURNING id, what, user_id, "on", about
)
INSERT INTO core_reminder (message_id, task_id, kind, user_id, "on")
SELECT s.id, w.task_id, w.kind, w.user_id, w."on" FROM wanted w
JOIN sent s USING (what, user_id, "on", about) ON CONFLICT DO NOTHING
"""
ROWS = "SELECT r.kind, count(*), sum(r.task_id * 31 + r.user_id * 7) FROM core_reminder r GROUP BY 1 ORDER BY 1"


def measure(bench):
    tasks, rounds, sample = SIZES[bench.size]
    child = bench.own(*OWN[bench.size]).serve()
    times = {"ours": [], "again": [], "raw": []}
    for number in range(rounds + 1):
        wrote = {}
        for name in bench.rng.sample(["ours", "raw"], 2):
            child.sql(EMPTY)
            took = child.call("bench.rows.p10:sweep") if name == "ours" else child.sql(SINGLE)
            wrote[name] = child.rows(ROWS)
            if number:
                times[name].append(took)
            if name == "ours":
                times["again"].append(child.call("bench.rows.p10:sweep"))
        # In each round, the first of which is not timed.
        pages.same("reminders of the sweep and of the statement", wrote["ours"], wrote["raw"])
        if not wrote["ours"]:
            raise pages.Wrong("Nobody was reminded of anything.")
    child.sql(EMPTY)
    a_row, due = child.call("bench.rows.p10:loop", sample=sample)
    child.sql(EMPTY)
    rows = sum(int(number) for _, number, _ in wrote["ours"])
    seconds = median(times["ours"]) / 1000
    yield timed(
        "P10",
        f"sweep of {tasks:,} open tasks, {due:,} due / one SQL statement of the same rows",
        paired_ratios(times["ours"], times["raw"]),
        *GOALS[bench.size],
        note=f"{rows:,} reminders in {seconds:.1f} s, the statement {median(times['raw']) / 1000:.1f} s; again, with "
        f"nothing new, {median(times['again']) / 1000:.1f} s. The same rows were written, by kind and sum of keys.",
    )
    ratios = interval(times["ours"], lambda drawn: a_row * due / median(drawn))
    yield timed(
        "P10",
        "a loop that asks for each due task, with get_or_create / ours",
        ratios,
        150,
        200,
        at_least=True,
        control=f"{a_row:.1f} ms a task, {a_row * due / 60_000:.0f} min for all",
        note=f"from {sample} tasks. The single statement itself would be {a_row * due / median(times['raw']):.0f}x: "
        "each reminder has three foreign keys and five indexes, which cost the same whoever writes it.",
    )


# --- In the child --------------------------------------------------------------------------------------------------


def sweep():
    """Milliseconds of the product's own sweep."""
    from hsb.core import reminders

    began = time.perf_counter()
    reminders.sweep()
    return (time.perf_counter() - began) * 1000


def loop(sample):
    """(milliseconds for each due task, how many are due): a task at a time, by the same rules, with get_or_create."""
    from django.db import transaction

    from hsb.core import clock, reminders
    from hsb.core.calendar import add_working_days
    from hsb.core.models import Message, Reminder, Task

    today = clock.today()
    soon = add_working_days(today, 1)
    people = reminders._People(today)
    due = Task.objects.open().filter(due_on__lte=soon)
    number = due.count()
    tasks = reminders._batch(0, soon)
    step = max(len(tasks) // sample, 1)
    chosen = tasks[::step][:sample]
    began = time.perf_counter()
    for task in chosen:
        with transaction.atomic():
            for key, (pk, kind, user, on) in reminders._wanted([task], people, today, True):
                what, reader, day, about = key
                message, _ = Message.objects.get_or_create(
                    what=what, user_id=reader, on=day, about=about, defaults={"made_at": clock.now()}
                )
                Reminder.objects.get_or_create(
                    task_id=pk, kind=kind, user_id=user, on=on, defaults={"message": message}
                )
    return (time.perf_counter() - began) * 1000 / len(chosen), number
