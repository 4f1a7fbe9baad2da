"""P8: a verb through the one door, against raw SQL that locks the record and writes the same rows."""

import time
from statistics import median

from bench.figures import paired_ratios, timed

ROUNDS = {"small": 30, "full": 100}
# In a small borough the raw writes find all pages at hand, and Python takes what it takes.
GOALS = {"small": (3.5, 1.5), "full": (2.5, 1.5)}
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH changed")
VERBS = {
    "begin_assessment": "begin an assessment: state, assessment, task, history, journal",
    "return_to_worker": "return an assessment: two states, tasks, history, two journal entries",
}


def measure(bench):
    child = bench.large.serve()
    for verb, what in VERBS.items():
        rows = child.call("bench.rows.p08:both", verb=verb, rounds=ROUNDS[bench.size])
        ours, raw = [row[0] for row in rows], [row[1] for row in rows]
        yield timed(
            "P8",
            what,
            paired_ratios(ours, raw),
            *GOALS[bench.size],
            note=f"ours {median(ours):.1f} ms in {rows[0][2]} statements, {median(row[4] for row in rows):.1f} ms of "
            f"it in the database; raw {median(raw):.1f} ms in {rows[0][3]}. Both with their constraints checked and "
            "taken back: the commit, which costs both the same, is not in it.",
        )


# --- In the child --------------------------------------------------------------------------------------------------


def both(verb, rounds):
    """[(ms of ours, of raw, statements of ours, of raw, ms of ours in the database)] of one referral after another."""
    found = []
    for reference, actor in _to_move(verb, rounds + 3):
        ours = _ours(verb, reference, actor)
        if ours is not None:
            ms, statements, in_database = ours
            written = writes(statements)
            found.append((ms, _raw(written), len(statements), len(written), in_database))
    return found[3:]


def writes(statements):
    """Of [(statement, rows it found)] those that lock or write."""
    return [
        sql for sql, rows in statements if rows > 0 and (sql.startswith(WRITES) or sql.endswith("FOR NO KEY UPDATE"))
    ]


def _to_move(verb, number):
    """(reference, user) of so many referrals on which somebody may use the verb."""
    from hsb.people.models import Membership
    from hsb.people.states import Role
    from referrals.models import Referral
    from referrals.states import ReferralState

    state, role = {
        "begin_assessment": (ReferralState.RECEIVED, Role.PRACTITIONER),
        "return_to_worker": (ReferralState.AWAITING_DECISION, Role.MANAGER),
    }[verb]
    waiting = Referral.objects.filter(state=state, record__restricted=False).select_related("record").order_by("pk")
    for referral in waiting[: number * 3]:
        seat = Membership.objects.current().filter(team=referral.record.holding_team_id, role=role).first()
        if seat is not None:
            yield referral.reference, seat.user
            number -= 1
        if not number:
            return


def _ours(verb, reference, actor):
    """(milliseconds, [(statement with its values, rows it found)], milliseconds in the database); None if refused."""
    from django.db import connection, transaction

    from hsb.core.refusals import AlreadyMoved, Denied, NotReady
    from hsb.people.who_asks import whole
    from referrals.services import assessing, deciding

    verbs = {
        "begin_assessment": lambda user: assessing.begin_assessment(reference, actor=user),
        "return_to_worker": lambda user: deciding.return_to_worker(reference, actor=user, reason="Say more."),
    }
    said, in_database = [], [0.0]

    def timed_statement(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            in_database[0] += (time.perf_counter() - began) * 1000

    def kept(execute, sql, params, many, context):
        cursor = context["cursor"]
        done = execute(sql, params, many, context)
        said.append((cursor.mogrify(sql, params).decode(), cursor.rowcount))
        return done

    ms = None
    for wrapper in (kept, timed_statement):
        # As the request reads the user, before it comes to the verb: with what the rules ask of them.
        user = whole(actor.pk)
        try:
            with transaction.atomic():
                with connection.execute_wrapper(wrapper):
                    began = time.perf_counter()
                    verbs[verb](user)
                    connection.check_constraints()
                    ms = (time.perf_counter() - began) * 1000
                transaction.set_rollback(True)
        except (AlreadyMoved, Denied, NotReady):
            return None
    return ms, said, in_database[0]


def _raw(statements):
    """Milliseconds of these statements by psycopg2, in one transaction that is taken back."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.connection.cursor() as cursor:
        began = time.perf_counter()
        for sql in statements:
            cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ms = (time.perf_counter() - began) * 1000
        transaction.set_rollback(True)
    return ms
