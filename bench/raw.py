"""Hand-written SQL for what a reader's pages show, with the same visibility: the limit that a page is held against.

There are several ways to ask who may open what. Each gives the same rows; for each reader and question the fastest of
them is the limit.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from bench.serving import Failed

REFERRALS = "referrals_referral r"
PAGE = 51  # fifty rows, and one that says whether there are more
OPEN = "r.state IN ('received', 'assessing', 'awaiting_decision', 'early_help', 'statutory', 'closing_proposed')"
ENDED = "r.state IN ('closed', 'attached')"
BY_DUE_DAY = "r.next_due_on NULLS LAST, r.record_id"
LATEST_FIRST = "r.record_id DESC"
LIVE = "g.starts_at <= %(now)s AND (g.ends_at IS NULL OR g.ends_at > %(now)s)"
NOT_BARRED = (
    "NOT EXISTS (SELECT 1 FROM core_accessbar b"
    " WHERE b.user_id = %(user)s AND b.lifted_at IS NULL AND b.record_id = r.person_id)"
)
# What stands on a page's rows; `found` are the keys, in order.
ROWS = """
    SELECT r.record_id, rec.reference, p.given_name, p.family_name, p.preferred_name, p.born_on, r.side,
           EXISTS (SELECT 1 FROM referrals_involvement i WHERE i.referral_id = r.record_id)
             AND NOT EXISTS (SELECT 1 FROM referrals_involvement i
                             WHERE i.referral_id = r.record_id AND i.status <> 'unfounded'),
           r.category, r.state, r.police_outstanding, rec.restricted, team.name, worker.name, r.next_due_on,
           r.state_since
    FROM ({found}) found
    JOIN referrals_referral r ON r.record_id = found.record_id
    JOIN core_record rec ON rec.id = r.record_id
    JOIN referrals_person p ON p.record_id = r.person_id
    LEFT JOIN people_team team ON team.id = rec.holding_team_id
    LEFT JOIN people_user worker ON worker.id = r.worker_id
    ORDER BY {order}
"""
_R = re.compile(r"\br\.")
TRIES = 5
LONGEST = 20_000  # milliseconds that a way may take before it is given up


@dataclass(frozen=True)
class Statement:
    text: str
    params: dict


class Raw:
    """The raw SQL of one reader on one database."""

    def __init__(self, database, reader):
        self.serving = database.serve()
        self.facts = self.serving.call("bench.facts:of", email=database.readers[reader])
        self._fastest = {}

    # --- Who may open what, in several ways ---
    @cached_property
    def _by_name(self):
        ended = " AND g.because <> ALL(%(ended)s)" if self.facts["ended"] else ""
        return f"g.user_id = %(user)s{ended}"

    @cached_property
    def _by_seat(self):
        seats = [f"(g.team_id = {int(team)} AND g.role = '{role}')" for team, role in self.facts["seats"]]
        if self.facts["covered"]:
            seats.append("(g.user_id = ANY(%(covered)s) AND g.because = 'allocated')")
        return " OR ".join(seats) or "false"

    def _leave(self):
        """(keys by name, keys by a seat in a team) of what the reader has leave to open now."""
        by_name = f"SELECT g.record_id FROM core_accessgrant g WHERE {LIVE} AND {self._by_name}"
        by_seat = (
            "SELECT g.record_id FROM core_accessgrant g JOIN core_record c ON c.id = g.record_id"
            f" WHERE {LIVE} AND NOT c.restricted AND ({self._by_seat})"
        )
        return by_name, by_seat

    def each(self):
        """For each referral it is asked whether there is leave."""
        leave = f"SELECT 1 FROM core_accessgrant g WHERE g.record_id = r.record_id AND {LIVE}"
        open_to_seat = "true" if self.facts["auditor"] else f"EXISTS ({leave} AND ({self._by_seat}))"
        return (
            f"{REFERRALS} JOIN core_record rec ON rec.id = r.record_id",
            f"(EXISTS ({leave} AND {self._by_name}) OR (NOT rec.restricted AND {open_to_seat})) AND {NOT_BARRED}",
        )

    def mine(self):
        """All leave is gathered first, and the referrals are found by it."""
        by_name, by_seat = self._leave()
        return REFERRALS, f"r.record_id IN ({by_name} UNION ALL {by_seat}) AND {NOT_BARRED}"

    def gathered(self):
        """The same, each part once: the planner joins from the leave to the referrals."""
        by_name, by_seat = self._leave()
        return f"{REFERRALS} JOIN ({by_name} UNION {by_seat}) opened ON opened.record_id = r.record_id", NOT_BARRED

    def all_but(self):
        """An auditor's: all but the few that are restricted."""
        by_name, _ = self._leave()
        return (
            REFERRALS,
            "(r.record_id NOT IN (SELECT c.id FROM core_record c WHERE c.restricted)"
            f" OR r.record_id IN ({by_name})) AND {NOT_BARRED}",
        )

    def read(self):
        """From the table of readers: a row for each leave that there is to a referral, so each referral once."""
        principals = ", ".join(str(int(one)) for one in self.facts["principals"])
        return (
            "(SELECT DISTINCT ON (g.record_id) g.* FROM referrals_reader g"
            f" WHERE g.principal IN ({principals}) AND {LIVE} AND {{which}}) r",
            NOT_BARRED,
        )

    def merged(self):
        """From the table of readers in its own order: the first rows of each principal, put together."""
        arms = [
            f"(SELECT DISTINCT r.record_id, r.next_due_on FROM referrals_reader r WHERE r.principal = {int(one)}"
            f" AND {LIVE.replace('g.', 'r.')} AND {{which}} AND {NOT_BARRED} ORDER BY {{order}} LIMIT {{most}})"
            for one in self.facts["principals"]
        ]
        return f"(SELECT DISTINCT * FROM ({' UNION ALL '.join(arms)}) arms) r", "true"

    def ways(self):
        """{name: (from, where)} of the ways that there are for this reader."""
        ways = [self.each, self.all_but] if self.facts["auditor"] else [self.each, self.mine, self.gathered]
        if self.facts["principals"] and not self.facts["auditor"]:
            ways += [self.read, self.merged]
        return {way.__name__: way() for way in ways}

    def _from(self, way, which, order="", most=0):
        """The statement from FROM on, of what the reader may open and `which` (a condition on r) holds for.

        `order` and `most` where only so many of the first rows are asked for; None where this way knows no answer.
        """
        tables, condition = self.ways()[way]
        if which.startswith(OPEN) and way in ("read", "merged"):
            which = f"r.is_open AND {which}"
        if way == "read":
            # What is asked of a row narrows it before it is made sure that each referral stands there once.
            return f"FROM {tables.format(which=_R.sub('g.', which))} WHERE {condition}"
        if way == "merged":
            if not most:
                return None
            tables, which = tables.format(which=which, order=order, most=int(most)), "true"
        return f"FROM {tables} WHERE {which} AND {condition}"

    # --- Questions ---
    def page(self, way, *, which=OPEN, order=BY_DUE_DAY, limit=PAGE, offset=0):
        """The rows of a page of a list: keys in order, then what stands on them."""
        if (found := self._first(way, which, order, limit, offset)) is None:
            return None
        return Statement(ROWS.format(found=found, order=order), self.facts)

    def keys(self, way, *, which=OPEN, order=BY_DUE_DAY, limit=PAGE, offset=0):
        """[key, reference, next due day] of those rows only."""
        if (found := self._first(way, which, order, limit, offset)) is None:
            return None
        text = (
            f"SELECT r.record_id, rec.reference, r.next_due_on FROM ({found}) r"
            f" JOIN core_record rec ON rec.id = r.record_id ORDER BY {order}"
        )
        return Statement(text, self.facts)

    def _first(self, way, which, order, limit, offset):
        found = self._from(way, which, order, limit + offset)
        cut = f"LIMIT {int(limit)} OFFSET {int(offset)}"
        return found and f"SELECT r.record_id, r.next_due_on {found} ORDER BY {order} {cut}"

    def summed(self, way, *, sums, which=OPEN):
        """One row of `sums` (aggregates over r) of what the reader may open."""
        found = self._from(way, which)
        return found and Statement(f"SELECT {sums} {found}", self.facts)

    def grouped(self, way, *, by, sums, which=OPEN):
        """A row of `by` and `sums` for each group."""
        found = self._from(way, which)
        return found and Statement(f"SELECT {by}, {sums} {found} GROUP BY {by}", self.facts)

    # --- Asking ---
    def fastest(self, question, **more):
        """The Statement of `question` (one of the methods above) in the way that is the fastest of all that answer."""
        key = question.__name__, repr(sorted(more.items()))
        if key not in self._fastest:
            asked = {way: question(way, **more) for way in self.ways()}
            taken = {way: self._tried(statement) for way, statement in asked.items() if statement is not None}
            self._fastest[key] = asked[min(taken, key=taken.get)]
        return self._fastest[key]

    def _tried(self, statement):
        self.serving.sql(f"SET statement_timeout = {LONGEST}")
        try:
            first = self.ms(statement)
            return median(self.ms(statement) for _ in range(TRIES)) if first < LONGEST / TRIES else first
        except Failed as failed:
            if "QueryCanceled" in str(failed):
                return float("inf")
            raise
        finally:
            self.serving.sql("SET statement_timeout = 0")

    def ms(self, statement):
        return self.serving.sql(statement.text, statement.params)

    def rows(self, statement):
        return self.serving.rows(statement.text, statement.params)

    def listed(self, **more):
        """Two Statements, what a list of referrals shows: its rows, and the two numbers of its title."""
        which = more.get("which", OPEN)
        return self.fastest(self.page, **more), self.fastest(self.summed, sums=COUNT_AND_LATE, which=which)

    def all_ms(self, statements):
        return sum(self.ms(statement) for statement in statements)


COUNT_AND_LATE = "count(*), count(*) FILTER (WHERE r.next_due_on < %(today)s)"

# --- The flowchart: every box, and how many of it are late, in the order of referrals.selectors.boxes ---------------


def _with(service):
    return f"(r.state = '{service}' OR r.state = 'closing_proposed' AND r.state_before_closing = '{service}')"


def _meeting(state):
    return (
        f"EXISTS (SELECT 1 FROM referrals_meetingdecision m WHERE m.referral_id = r.record_id AND m.state = '{state}')"
    )


_BROOK = {"0": "orange", "1": "orange", "2": "red", "3": "red"}
BOXES = (
    "r.state = 'received'",
    "r.state = 'assessing'",
    "r.state = 'awaiting_decision'",
    *(f"r.category = '{category}'" for category in _BROOK),
    "r.category = 'N'",
    "r.category = '' AND r.state IN ('received', 'assessing', 'awaiting_decision') AND r.side <> 'harmed'",
    "r.side IN ('harmed', 'both')",
    *(f"r.category = '{category}' AND r.brook = '{colour}'" for category, colour in _BROOK.items()),
    *(f"r.category = '{category}' AND r.brook <> '{colour}'" for category, colour in _BROOK.items()),
    *(f"r.tier = {tier}" for tier in (2, 3, 4)),
    _with("early_help"),
    f"{_with('statutory')} AND r.category NOT IN ('2', '3')",
    f"{_with('statutory')} AND r.category IN ('2', '3')",
    "r.police_outstanding",
    _meeting("requested"),
    _meeting("convened"),
)
CHART = ", ".join(
    f"count(*) FILTER (WHERE {box}), count(*) FILTER (WHERE ({box}) AND r.next_due_on < %(today)s)" for box in BOXES
)

# --- Team work: what waits, what is late, who carries how many, what the teams have to do ---------------------------

NO_WORKER = "r.state IN ('early_help', 'statutory') AND r.worker_id IS NULL"
WAITING = (
    "r.category, CASE WHEN r.state = 'awaiting_decision' THEN 'decision' WHEN " + NO_WORKER + " THEN 'worker' END,"
    " CASE WHEN r.state_since > %(now)s::timestamptz - interval '2 days' THEN 0"
    " WHEN r.state_since > %(now)s::timestamptz - interval '6 days' THEN 2 ELSE 6 END"
)
WAITING_WHICH = f"{OPEN} AND (r.state = 'awaiting_decision' OR {NO_WORKER})"
LATE_AND_OUTSTANDING = "count(*) FILTER (WHERE r.next_due_on < %(today)s), count(*) FILTER (WHERE r.police_outstanding)"
MEMBERS = (
    "SELECT seat.user_id FROM people_membership seat WHERE seat.team_id = ANY(%(manages)s)"
    " AND seat.role IN ('practitioner', 'manager') AND seat.starts_on <= %(today)s"
    " AND (seat.ends_on IS NULL OR seat.ends_on >= %(today)s)"
)
CARRIED_WHICH = f"{OPEN} AND r.worker_id IN ({MEMBERS})"
TEAM_TASKS = f"""
    SELECT count(DISTINCT form), count(DISTINCT form) FILTER (WHERE due_on < %(today)s)
    FROM (SELECT task.due_on,
                 CASE WHEN task.kind = 'police_referral' THEN COALESCE(
                   (SELECT min(form.record_id) FROM referrals_policereferral form
                    JOIN referrals_involvement part ON part.concern_id = form.concern_id
                    WHERE part.referral_id = task.record_id
                      AND form.state IN ('needed', 'drafted', 'approved', 'refused')
                    HAVING min(form.record_id) = max(form.record_id)), -task.id)
                 ELSE -task.id END AS form
          FROM core_task task JOIN core_record rec ON rec.id = task.record_id
          WHERE task.done_at IS NULL AND task.cancelled_at IS NULL AND task.kind <> 'read_note'
            AND (rec.holding_team_id = ANY(%(manages)s) OR task.team_id = ANY(%(manages)s)
                 OR task.owner_id IN ({MEMBERS}))
            AND (NOT rec.restricted OR EXISTS (SELECT 1 FROM core_accessgrant g
                 WHERE g.record_id = task.record_id AND {LIVE} AND g.user_id = %(user)s))
            AND NOT (rec.kind = 'intel_form' AND task.team_id IS NOT NULL AND task.team_id <> ALL(%(manages)s))
         ) tasks
"""


def team_work(raw):
    """The Statements that count what the page Team work counts."""
    return (
        raw.fastest(raw.grouped, by=WAITING, sums=COUNT_AND_LATE, which=WAITING_WHICH),
        raw.fastest(raw.summed, sums=LATE_AND_OUTSTANDING),
        raw.fastest(raw.grouped, by="r.worker_id", sums=COUNT_AND_LATE, which=CARRIED_WHICH),
        Statement(TEAM_TASKS, raw.facts),
    )


def team_numbers(raw):
    """The same numbers as bench.facts.team_work."""
    waiting, sums, _, of_the_teams = (raw.rows(statement) for statement in team_work(raw))
    found = {code: [0, 0] for code in ("decision", "worker")}
    for _, code, _, number, late in waiting:
        found[code][0] += number
        found[code][1] += late
    return {**found, "late": sums[0][0], "outstanding": sums[0][1], "tasks": list(of_the_teams[0])}
