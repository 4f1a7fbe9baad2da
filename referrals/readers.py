"""What keeps the table of readers (referrals.models.readers) right: triggers on both databases, from one statement.

Whoever changes a grant, a referral or its record changes the table in the same transaction, by a verb, by a queryset or
by hand. On PostgreSQL each first takes the row of the referral: whatever is written at the same moment is seen, or
waits. (At READ COMMITTED, where every statement sees what is committed by then; the service uses no other level.) A
referral is made in one transaction with its record.

The triggers are installed after every migrate, as those of hsb.core.append_only are, and a system check watches that
they stand, in the words of this file. Where they did not, the table is filled anew in the same transaction.
"""

from contextlib import contextmanager

from django.conf import settings
from django.core import checks
from django.db import connections, transaction

from hsb.core.states import Because
from referrals.models.readers import COPIED, COVERED, FOR_A_ROLE, NAMED, ROLES, WIDTH
from referrals.states import OPEN

TABLE, GRANTS, REFERRALS, RECORDS = "referrals_reader", "core_accessgrant", "referrals_referral", "core_record"
COLUMNS = ("grant_id", "principal", "record_id", "starts_at", "ends_at", "holding_team_id", "is_open", *COPIED)
# What of a record a row depends on. A journal's head that moves does not even ask.
OF_RECORD = ("restricted", "holding_team_id")
OF_RECORD_CHANGES = f"UPDATE OF {', '.join(OF_RECORD)} ON {RECORDS}"
# What time it is, to the database: what has ended by its clock has no row. Read once in a statement.
NOW = {
    "postgresql": "(SELECT clock_timestamp())",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
}
NEW_VALUES = ", ".join(f"{column} = NEW.{column}" for column in COPIED)
# Said to a database whose triggers are not those of this file.
HINT = "Run `HSB_MIGRATING=1 manage.py migrate`, then `manage.py verify_readers`."


# --- What the table says ----------------------------------------------------------------------------------------


def _quoted(words):
    return ", ".join(f"'{word}'" for word in words)


OPEN_STATES = f"({_quoted(state.value for state in OPEN)})"
IS_OPEN = f"r.state IN {OPEN_STATES}"


def _principal():
    """The principal of a grant `g` on a record `c`; NULL, which the table refuses, for a role that has no number."""
    covered = " ".join(
        f"WHEN g.because = '{Because(because).value}' AND NOT c.restricted THEN {kind}"
        for because, kind in COVERED.items()
    )
    for_a_role = " ".join(
        f"WHEN g.because = '{Because(because).value}' THEN {kind}" for because, kind in FOR_A_ROLE.items()
    )
    in_team = " ".join(f"WHEN '{role}' THEN {kind}" for role, kind in ROLES.items())
    return (
        f"CASE WHEN g.user_id IS NOT NULL THEN g.user_id * {WIDTH} + CASE {covered} {for_a_role} ELSE {NAMED} END "
        f"ELSE g.team_id * {WIDTH} + CASE g.role {in_team} END END"
    )


def leave(vendor, which=""):
    """The rows that the table should hold, in the order of COLUMNS, as a SELECT; `which` narrows it.

    g, r and c are the grant, its referral and their record. A role in a team has no leave where a record is restricted.
    """
    of_referral = ", ".join(f"r.{column}" for column in COPIED)
    return f"""
        SELECT g.id, {_principal()}, g.record_id, g.starts_at, g.ends_at, c.holding_team_id, {IS_OPEN}, {of_referral}
        FROM {GRANTS} g JOIN {REFERRALS} r ON r.record_id = g.record_id JOIN {RECORDS} c ON c.id = g.record_id
        WHERE (g.user_id IS NOT NULL OR NOT c.restricted) AND (g.ends_at IS NULL OR g.ends_at > {NOW[vendor]}) {which}
    """  # noqa: S608 - names of our own tables


def _add(vendor, which=""):
    return f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) {leave(vendor, which)}"


# --- Triggers ---------------------------------------------------------------------------------------------------


def _differ(columns, differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def _postgresql():
    """{name: (body of its function, what it stands on)}: grants by statement, so that many at once take their referrals
    in the order of their keys; a referral and a record one by one."""
    add = f"{_add('postgresql', 'AND {}')};"
    lock = f"PERFORM 1 FROM {REFERRALS} WHERE record_id {{}} ORDER BY record_id FOR NO KEY UPDATE;"  # noqa: S608
    take = f"DELETE FROM {TABLE} WHERE {{}};"  # noqa: S608
    given, gone = "IN (SELECT record_id FROM given)", "IN (SELECT record_id FROM gone)"
    either = "IN (SELECT record_id FROM given UNION SELECT record_id FROM gone)"
    new, old = "g.id IN (SELECT id FROM given)", "grant_id IN (SELECT id FROM gone)"
    grants = {
        "insert": (f"{lock.format(given)} {add.format(new)}", "REFERENCING NEW TABLE AS given"),
        "update": (
            f"{lock.format(either)} {take.format(old)} {add.format(new)}",
            "REFERENCING OLD TABLE AS gone NEW TABLE AS given",
        ),
        "delete": (f"{lock.format(gone)} {take.format(old)}", "REFERENCING OLD TABLE AS gone"),
    }
    found = {
        f"{TABLE}_grant_{act}": (body, f"AFTER {act.upper()} ON {GRANTS} {tables} FOR EACH STATEMENT")
        for act, (body, tables) in grants.items()
    }
    differs = "IS DISTINCT FROM"
    row = "FOR EACH ROW"
    its_new = NEW_VALUES + f", is_open = NEW.state IN {OPEN_STATES}"
    change = f"UPDATE {TABLE} SET {its_new} WHERE record_id = NEW.record_id;"  # noqa: S608
    found[f"{TABLE}_referral_insert"] = (
        add.format("g.record_id = NEW.record_id"),
        f"AFTER INSERT ON {REFERRALS} {row}",
    )
    found[f"{TABLE}_referral_update"] = (
        change,
        f"AFTER UPDATE ON {REFERRALS} {row} WHEN ({_differ(COPIED, differs)})",
    )
    found[f"{TABLE}_referral_delete"] = (
        take.format("record_id = OLD.record_id"),
        f"AFTER DELETE ON {REFERRALS} {row}",
    )
    found[f"{TABLE}_record_update"] = (
        f"{lock.format('= NEW.id')} {take.format('record_id = NEW.id')} {add.format('g.record_id = NEW.id')}",
        f"AFTER {OF_RECORD_CHANGES} {row} WHEN ({_differ(OF_RECORD, differs)})",
    )
    return found


def _sqlite():
    """{name: its statement}. There is one writer at a time."""
    add, take = f"{_add('sqlite', 'AND {}')};", f"DELETE FROM {TABLE} WHERE {{}};"  # noqa: S608
    new, old = add.format("g.id = NEW.id"), take.format("grant_id = OLD.id")
    its_new = NEW_VALUES + f", is_open = NEW.state IN {OPEN_STATES}"
    change = f"UPDATE {TABLE} SET {its_new} WHERE record_id = NEW.record_id;"  # noqa: S608
    bodies = {
        f"{TABLE}_grant_insert": (f"INSERT ON {GRANTS}", new),
        f"{TABLE}_grant_update": (f"UPDATE ON {GRANTS}", old + new),
        f"{TABLE}_grant_delete": (f"DELETE ON {GRANTS}", old),
        f"{TABLE}_referral_insert": (f"INSERT ON {REFERRALS}", add.format("g.record_id = NEW.record_id")),
        f"{TABLE}_referral_update": (f"UPDATE ON {REFERRALS} WHEN {_differ(COPIED, 'IS NOT')}", change),
        f"{TABLE}_referral_delete": (f"DELETE ON {REFERRALS}", take.format("record_id = OLD.record_id")),
        f"{TABLE}_record_update": (
            f"{OF_RECORD_CHANGES} WHEN {_differ(OF_RECORD, 'IS NOT')}",
            take.format("record_id = NEW.id") + add.format("g.record_id = NEW.id"),
        ),
    }
    return {name: f"CREATE TRIGGER {name} AFTER {on} BEGIN {body} END" for name, (on, body) in bodies.items()}


def _function(body):
    """The body of a function of PostgreSQL, as it is kept."""
    return f"\nBEGIN {body} RETURN NULL; END\n"


def _wanted(vendor):
    """{name of each trigger: the words that it stands in}."""
    if vendor == "postgresql":
        return {name: (_function(body), on) for name, (body, on) in _postgresql().items()}
    return _sqlite()


def _standing(connection):
    """The same of the triggers that stand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What a trigger stands on is kept beside it: PostgreSQL says it in words of its own.
            cursor.execute(
                "SELECT t.tgname, p.prosrc, obj_description(t.oid, 'pg_trigger') "
                "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE t.tgname LIKE %s AND t.tgenabled IN ('O', 'A')",
                [f"{TABLE}\\_%"],
            )
            return {name: (body, on) for name, body, on in cursor.fetchall()}
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s ESCAPE '\\'", [f"{TABLE}\\_%"]
        )
        return dict(cursor.fetchall())


def _has_tables(connection):
    return {TABLE, GRANTS, REFERRALS, RECORDS} <= set(connection.introspection.table_names())


def missing(connection):
    """The names of the triggers that do not stand, or in other words than those of this file."""
    if not _has_tables(connection):
        return []
    standing = _standing(connection)
    return sorted(name for name, words in _wanted(connection.vendor).items() if standing.get(name) != words)


def remove(connection):
    """Takes the triggers away: until they are installed again, nothing keeps the table."""
    with connection.cursor() as cursor:
        for name in _standing(connection):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def install(connection):
    """Puts the triggers on the tables where one does not stand, and fills the table of readers anew: what was written
    meanwhile is in it. Nobody else writes a grant, a referral or a record before that is committed."""
    if not missing(connection):
        return
    with transaction.atomic(using=connection.alias):
        remove(connection)
        with connection.cursor() as cursor:
            for name, words in _wanted(connection.vendor).items():
                if connection.vendor == "postgresql":
                    body, on = words
                    cursor.execute(
                        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
                    )
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {_table_of(on)}")
                    cursor.execute(f"CREATE TRIGGER {name} {on} EXECUTE FUNCTION {name}()")
                    cursor.execute(f"COMMENT ON TRIGGER {name} ON {_table_of(on)} IS %s", [on])
                else:
                    cursor.execute(words)
        rebuild(connection)


def _table_of(on):
    """The table of AFTER ... ON table."""
    return on.split(" ON ", 1)[1].split()[0]


# --- The whole table --------------------------------------------------------------------------------------------


def rebuild(connection):
    """Fills the table anew from what grants and referrals say; returns how many rows it holds.

    Rows of one principal lie beside one another, and those of open work first.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {GRANTS}, {REFERRALS}, {RECORDS} IN SHARE MODE")
            cursor.execute(f"TRUNCATE {TABLE}")
        else:
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
        cursor.execute(f"{_add(connection.vendor)} ORDER BY 2, 7 DESC, 1")
        return cursor.rowcount


@contextmanager
def loading(connection):
    """Many rows are loaded inside, without the triggers and in one transaction; at its end the table is filled once."""
    with transaction.atomic(using=connection.alias):
        remove(connection)
        yield
        connection.check_constraints()  # what waits for the end of the transaction would stand in the way of a trigger
        install(connection)


def differences(connection):
    """Keys of the grants whose row is not what it should be: (missing or other than it should be, left behind)."""
    vendor = connection.vendor
    its = ", ".join(COLUMNS)
    left = "SELECT grant_id FROM standing EXCEPT SELECT grant_id FROM wanted"
    standing = f"SELECT {its} FROM {TABLE} WHERE ends_at IS NULL OR ends_at > {NOW[vendor]}"  # noqa: S608
    wanted = leave(vendor)
    with connection.cursor() as cursor:
        # In one statement: both are as they stood at one instant.
        cursor.execute(
            f"WITH wanted({its}) AS ({wanted}), standing AS ({standing}) "  # noqa: S608
            "SELECT grant_id, 1 FROM (SELECT * FROM wanted EXCEPT SELECT * FROM standing) AS lacking "
            f"UNION ALL SELECT grant_id, 0 FROM ({left}) AS past"
        )
        rows = cursor.fetchall()
    return sorted(key for key, wrong in rows if wrong), sorted(key for key, wrong in rows if not wrong)


def mend(connection, grants):
    """Makes the rows of these grants (keys) anew."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for at in range(0, len(grants), 500):
            keys = grants[at : at + 500]
            its = f"({', '.join(['%s'] * len(keys))})"
            if connection.vendor == "postgresql":
                of_grants = f"SELECT record_id FROM {GRANTS} WHERE id IN {its}"  # noqa: S608
                of_rows = f"SELECT record_id FROM {TABLE} WHERE grant_id IN {its}"  # noqa: S608
                cursor.execute(
                    f"SELECT 1 FROM {REFERRALS} WHERE record_id IN ({of_grants} UNION {of_rows}) "  # noqa: S608
                    "ORDER BY record_id FOR NO KEY UPDATE",
                    [*keys, *keys],
                )
            cursor.execute(f"DELETE FROM {TABLE} WHERE grant_id IN {its}", keys)  # noqa: S608
            add = _add(connection.vendor, f"AND g.id IN {its}")
            cursor.execute(add.replace("%Y-%m-%d %H:%M:%f", "%%Y-%%m-%%d %%H:%%M:%%f"), keys)


# --- Kept by the house ------------------------------------------------------------------------------------------


def before_migrate(using, **kwargs):
    """Receiver of pre_migrate. SQLite makes a changed table anew under another name, and refuses to give it its own
    while a trigger of another table names it."""
    if connections[using].vendor == "sqlite" and _has_tables(connections[using]):
        remove(connections[using])


def after_migrate(using, **kwargs):
    """Receiver of post_migrate."""
    install(connections[using])


@checks.register(checks.Tags.database)
def triggers_stand(databases=None, **kwargs):
    """System check (with --database): the triggers that keep the table stand. Migrating puts them there."""
    if settings.MIGRATING:
        return []
    return [
        checks.Error(f"{name} does not keep the table of readers.", hint=HINT, id="hsb.E002")
        for alias in databases or ()
        for name in missing(connections[alias])
    ]
