"""What takes long to walk to is walked once: a road of the tests keeps the rows that it wrote and puts them back.

`@remembered` is for a function that walks a road through the services. Where a later test in the same process calls it
with the same arguments, and every row of the database says what it said then, what the road wrote is put back as it was
written, keys, instants and chains of the journal included. In any other case the road is walked.
"""

from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from functools import cache, wraps
from hashlib import sha256
from io import StringIO
from weakref import WeakSet

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Model

from hsb.core import clock
from hsb.core.models import Document

# What differs from one making of the cast to the next, in its tables and their history, and that no road reads.
OF_THE_CAST = "people_"
PASSING = {"password", "last_login", "joined_at", "history_date"}
# Kept by the database itself, from what is put back (referrals.readers).
KEPT_BY_THE_DATABASE = {"referrals_reader"}
# Who has signed in where: no road asks, and every browser of a test has a key of its own.
OF_BROWSERS = {"people_session", "usersessions_usersession"}
# Django's own lists of what there is: no road reads or writes them.
OF_THE_FRAMEWORK = {"auth_permission", "django_content_type"}
LEFT_OUT = KEPT_BY_THE_DATABASE | OF_BROWSERS | OF_THE_FRAMEWORK
# A road is walked anew where a test stops the clock, or it has gone on for longer than this.
STALE = 3600  # seconds
_KEPT = {}
_walked_only = False
# Tables whose sequence of keys was last set behind rows: every other one stands at its beginning, or was asked since.
_set_behind_rows = set()
# Connections on which what tells everything is prepared.
_prepared = WeakSet()


@dataclass(frozen=True)
class _Kept:
    """What a road wrote ({table: rows}), which keys of it stood before otherwise, and what it returned."""

    written: dict
    replaced: dict
    returned: object
    at: object
    # Where its documents lie; None for one that made none.
    files: str | None


def remembered(road):
    """Decorates a road whose arguments are rows and plain values, and which returns rows of the database."""

    @wraps(road)
    def walked(*args, **kwargs):
        if _walked_only:
            return road(*args, **kwargs)
        before = _everything()
        key = (road.__module__, road.__name__, _called(args), _called(tuple(sorted(kwargs.items()))), _digest(before))
        kept = _KEPT.get(key)
        if kept is not None and _holds(kept):
            _put_back(kept)
            return _anew(kept.returned)
        began = clock.now()
        returned = road(*args, **kwargs)
        _KEPT[key] = _difference(before, _everything(), _pointer(returned), began)
        return returned

    return walked


@contextmanager
def walked_only():
    """Inside, each road is walked: in a large borough that is built once nothing comes again, and reading all of it
    before and after every road takes longer than the roads."""
    global _walked_only
    was, _walked_only = _walked_only, True
    try:
        yield
    finally:
        _walked_only = was


def keys_from_the_start(written=()):
    """PostgreSQL counts on where a test that was rolled back had come to: it begins again after the last row, so that
    the same cast has the same keys in each test. SQLite does of itself. `written` are tables that rows with keys of
    their own were put into."""
    if connection.vendor != "postgresql":
        return
    sequences = _sequences()
    with connection.cursor() as cursor:
        # One that was not asked since it was set has no last value.
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")
        asked = {name for (name,) in cursor.fetchall()}
        tables = [
            table
            for table, (name, _) in sequences.items()
            if name in asked or table in _set_behind_rows or table in written
        ]
        if not tables:
            return
        cursor.execute(f"SELECT {', '.join(sequences[table][1] for table in tables)}")  # noqa: S608
        # Rolled back, the rows are gone and the sequence stays.
        _set_behind_rows.clear()
        _set_behind_rows.update(table for table, first in zip(tables, cursor.fetchone(), strict=True) if first > 1)


@cache
def _tables():
    """{table: (columns of its key, all its columns with these first)}."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT:
            keys = [field.column for field in model._meta.pk_fields]
            columns = [field.column for field in model._meta.local_concrete_fields if field.column]
            found[model._meta.db_table] = keys, [*keys, *(column for column in columns if column not in keys)]
    return found


@cache
def _sequences():
    """{table: (the name of its sequence, what sets that behind the table's last row)}."""
    found = {}
    with connection.cursor() as cursor:
        for table, ((key, *_), _) in _tables().items():
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
            (sequence,) = cursor.fetchone()
            if sequence:
                last = f'COALESCE((SELECT MAX("{key}") FROM "{table}"), 0)'  # noqa: S608
                found[table] = sequence.rpartition(".")[2].strip('"'), f"setval('{sequence}', {last} + 1, false)"
    return found


def _everything():
    """{table: {key: (what a road may read of the row, the rest of it)}}, of each table that has rows."""
    found = {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for number, key, *row in _all_told(cursor):
                found.setdefault(list(_tables())[number], {})[key] = tuple(row)
            return found
        for table, (keys, columns) in _tables().items():
            cursor.execute(f'SELECT {_named(columns)} FROM "{table}" ORDER BY {_named(keys)}')  # noqa: S608
            passing = [at for at, column in enumerate(columns) if _passes(table, column)]
            if rows := cursor.fetchall():
                found[table] = {row[: len(keys)]: _parted(row, passing) for row in rows}
    return found


def _parted(row, passing):
    return tuple(each for at, each in enumerate(row) if at not in passing), tuple(row[at] for at in passing)


def _passes(table, column):
    return table.startswith(OF_THE_CAST) and column in PASSING


def _all_told(cursor):
    """Of each row of PostgreSQL: the number of its table, its key, what a road may read of it, and the rest. Asked with
    one statement that is planned once: most tables have no rows, and each asked by itself is a journey to the server.
    """
    if connection.connection not in _prepared:
        parts = []
        for number, (table, (keys, columns)) in enumerate(_tables().items()):
            told = [column for column in columns if not _passes(table, column)]
            rest = [column for column in columns if _passes(table, column)]
            rows = (f"ROW({_named(names)})::text" for names in (keys, told, rest))
            parts.append(f'SELECT {number}, {", ".join(rows)} FROM "{table}"')  # noqa: S608 - names of our own tables
        cursor.execute(f"PREPARE everything AS {' UNION ALL '.join(parts)}")
        _prepared.add(connection.connection)
    cursor.execute("EXECUTE everything")
    # In the order of the tables, and of the keys as texts: the same rows are always told in the same order.
    return sorted(cursor.fetchall())


def _named(columns):
    return ", ".join(f'"{column}"' for column in columns)


def _digest(everything):
    told = sha256()
    for table, rows in everything.items():
        told.update(repr((table, [read for read, _ in rows.values()])).encode())
    return told.digest()


def _difference(before, after, returned, at):
    written, replaced = {}, {}
    # In the order of the models: a referral after its record, as the services write them, for the triggers that look.
    for table in _tables():
        was, now = before.get(table, {}), after.get(table, {})
        if keys := {key for key, row in now.items() if was.get(key) != row}:
            written[table] = _rows(table, keys)
        if keys := [key for key, row in was.items() if now.get(key) != row]:
            replaced[table] = keys
    files = default_storage.location if Document._meta.db_table in written else None
    return _Kept(written, replaced, returned, at, files)


def _rows(table, chosen):
    """The rows of the `chosen` keys, as they can be written again: tuples, or lines as PostgreSQL copies them."""
    keys, columns = _tables()[table]
    select = f'{_named(columns)} FROM "{table}" ORDER BY {_named(keys)}'
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(f"SELECT {select}")
            return [row for row in cursor.fetchall() if row[: len(keys)] in chosen]
        copied = StringIO()
        cursor.copy_expert(f"COPY (SELECT ROW({_named(keys)})::text, {select}) TO STDOUT", copied)
    lines = (line.partition("\t") for line in copied.getvalue().splitlines())
    return [line for key, _, line in lines if key in chosen]


def _holds(kept):
    is_now = 0 <= (clock.now() - kept.at).total_seconds() < STALE
    return is_now and kept.files in (None, default_storage.location)


def _put_back(kept):
    # In one transaction, also where the test commits: rows point at each other in any order.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, keys in kept.replaced.items():
            names = _tables()[table][0]
            if connection.vendor == "postgresql":
                cursor.execute(f'DELETE FROM "{table}" WHERE ROW({_named(names)})::text = ANY(%s)', [keys])  # noqa: S608
            else:
                where = " AND ".join(f'"{column}" = %s' for column in names)
                cursor.executemany(f'DELETE FROM "{table}" WHERE {where}', keys)  # noqa: S608
        for table, rows in kept.written.items():
            columns = _tables()[table][1]
            if connection.vendor == "postgresql":
                cursor.copy_expert(f'COPY "{table}" ({_named(columns)}) FROM STDIN', StringIO("\n".join(rows) + "\n"))
            else:
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({_named(columns)}) VALUES ({places})', rows)  # noqa: S608
    keys_from_the_start(kept.written)


def _called(value):
    """An argument as it tells two calls apart."""
    if isinstance(value, Model):
        return type(value).__name__, value.pk
    if isinstance(value, dict):
        return tuple((name, _called(each)) for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(_called(each) for each in value)
    return _called(vars(value)) if is_dataclass(value) else repr(value)


def _pointer(returned):
    if isinstance(returned, (list, tuple)):
        return type(returned)(_pointer(each) for each in returned)
    return (type(returned), returned.pk) if isinstance(returned, Model) else returned


def _anew(pointer):
    """What the pointer leads to, as the next request reads it."""
    if isinstance(pointer, list):
        return [_anew(each) for each in pointer]
    if isinstance(pointer, tuple) and len(pointer) == 2 and isinstance(pointer[0], type):
        model, key = pointer
        found = model._base_manager
        return (found.select_related("record") if hasattr(model, "at") else found).get(pk=key)
    return tuple(_anew(each) for each in pointer) if isinstance(pointer, tuple) else pointer
