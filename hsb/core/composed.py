"""Queries that are composed once, and asked again and again with the instant that has come since.

Django composes the query of a list from a hundred pieces, and takes longer for it than the database takes to answer.
What comes out depends on who asks (`access.rights_today`) and on what is asked for. Under both it is kept, for each
thread's connection, and so are its values; but for those that are `Given` each time. While a query is composed nobody
can read the clock (`clock.now` refuses): an instant that is kept would be that of somebody's first page of the day.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, DateTimeField, Expression, Field, Q, Value
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

from hsb.core import clock
from hsb.core.prepared import Prepared
from hsb.core.riding import Question

# Statements for each thread, the one that was not asked for the longest goes first: a few kilobytes each.
KEPT = 2000
_of_thread = threading.local()


@dataclass(frozen=True)
class _Slot:
    """Stands among a kept statement's values where a given one goes; where several statements are one, `part` names
    which of them it is given to."""

    source: "Given"
    part: str = ""

    def filled(self, given, now, connection):
        own = given[self.part] if self.part else given
        return self.source.adapted(self.source.of(own, now), connection)


class Given(Expression):
    """A value that is given when the query is asked, not when it is composed."""

    def __init__(self, name, output_field):
        super().__init__(output_field)
        self.name = name

    def of(self, given, now):
        return given[self.name]

    def adapted(self, value, connection):
        return self.output_field.get_db_prep_value(value, connection, prepared=False)

    def as_sql(self, compiler, connection):
        return "%s", [_Slot(self)]


class Column(Given):
    """A value that is given when a row is written, by the name of its column."""

    def __init__(self, field):
        super().__init__(field.attname, field)

    def adapted(self, value, connection):
        return self.output_field.get_db_prep_save(value, connection)


class Moment(Given):
    """The present instant, or one that lies `before` it (a timedelta). It stands in any query: in one that is not kept
    it is the instant at which it is asked."""

    def __init__(self, before=None):
        super().__init__("now", DateTimeField())
        self.before = before

    def as_sql(self, compiler, connection):
        slot = _Slot(self)
        return "%s", [slot if clock.is_hidden() else slot.filled({}, clock.now(), connection)]

    def of(self, given, now):
        return now - self.before if self.before else now


def among(column, keys):
    """(the Q of rows whose `column` is one of `keys`, and the values that are given for it). How many keys there are
    belongs into the name of what is kept."""
    values = {f"{column}_{number}": key for number, key in enumerate(keys)}
    return Q(**{f"{column}__in": _Keys(values)}) if values else Q(pk__in=()), values


class _Keys(Expression):
    """Keys that are given each by its name, for `__in`."""

    output_field = BigIntegerField()

    def __init__(self, names):
        super().__init__()
        self.keys = [Given(name, BigIntegerField()) for name in names]

    def as_sql(self, compiler, connection):
        return f"({', '.join(['%s'] * len(self.keys))})", [_Slot(key) for key in self.keys]


def sums(queryset, **counted):
    """A queryset of one row of values(): what aggregate() would give."""
    return queryset.order_by().annotate(all=Value(1)).values("all").annotate(**counted).values(*counted)


@dataclass(frozen=True)
class _OfField:
    output_field: Field


class _Model:
    """How a row becomes an object of its model, with what select_related() and annotate() name."""

    def __init__(self, compiler):
        places = compiler.klass_info["select_fields"]
        self.first, self.last = places[0], places[-1] + 1
        self.names = [column.target.attname for column, *_ in compiler.select[self.first : self.last]]
        self.model, self.using = compiler.klass_info["model"], compiler.using
        self.related = get_related_populators(compiler.klass_info, compiler.select, self.using)
        self.annotated = list(compiler.annotation_col_map.items())

    def made(self, row):
        one = self.model.from_db(self.using, self.names, row[self.first : self.last])
        for each in self.related:
            each.populate(row, one)
        for name, place in self.annotated:
            setattr(one, name, row[place])
        return one


class _Kept:
    """Statements of the same `values`, some of them `Given` each time."""

    def __init__(self, using, values):
        self.using, self.values = using, values
        self._statements = {}

    def filled(self, given):
        """The statement's values, with the `given` ones ({name: value}) and the present instant."""
        connection, now = connections[self.using], clock.now()
        return [each.filled(given, now, connection) if isinstance(each, _Slot) else each for each in self.values]

    @cached_property
    def types(self):
        """{place: type's name} of the values that are given."""
        connection = connections[self.using]
        slots = ((place, each.source) for place, each in enumerate(self.values) if isinstance(each, _Slot))
        return {place: source.output_field.cast_db_type(connection) for place, source in slots}

    def _statement(self, sql):
        statement = self._statements.get(sql)
        if statement is None:
            statement = self._statements[sql] = Prepared(sql, self.values, self.types)
        return statement

    def answered(self, sql, given):
        """The rows of `sql`, which has this statement's values, as the database has them."""
        return self._statement(sql).asked(connections[self.using], self.filled(given))


class Written(_Kept):
    """A statement that writes rows, as it is kept."""

    def __init__(self, using, sql, values):
        super().__init__(using, values)
        self.sql = sql

    def number(self, **given):
        """Writes; returns how many rows it wrote."""
        return self._statement(self.sql).written(connections[self.using], self.filled(given))

    def rows(self, **given):
        """Writes; returns what the statement says of the rows it wrote."""
        return self.answered(self.sql, given)


class Composed(_Kept):
    """A queryset of values() (`rows`), values_list() (`grouped`, `number`) or a model (`objects`), as it is kept.

    Each can ride with others (riding.py): `asking_…` is the Question that the method then finds answered.
    """

    def __init__(self, queryset):
        self.names = list(queryset.query.selected or ())
        self.fields, self.converters = (), []
        # Statements in which this one is asked with others, as riding.py keeps them.
        self.together = {}
        # The compiler goes, with the query: what is kept is a tenth of it.
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, values = compiler.as_sql()
        except EmptyResultSet:
            self.sql = None
            return
        super().__init__(queryset.db, values)
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        self.fields = tuple(column.output_field for column in columns)
        self.converters = [
            (place, converters, self.fields[place])
            for place, (converters, _) in compiler.get_converters(columns).items()
        ]
        self.model = None if self.names else _Model(compiler)

    # --- What can be asked ---

    def asking(self, **given):
        """The Question of `rows` and `objects`; None where nothing could be found."""
        return self._question(self.sql, self.fields, given, many=True)

    def asking_one(self, **given):
        """The Question of `row`, `one` and `sums`."""
        return self._question(self.sql, self.fields, given, many=False)

    def asking_grouped(self, **given):
        """The Question of `grouped`."""
        return self._counting(tuple(range(1, len(self.names))), given)

    def _question(self, sql, fields, given, *, many):
        return Question(self, sql, tuple(given.items()), fields, many) if self.sql is not None else None

    # --- What is answered ---

    def rows(self, **given):
        """The rows as dicts, by the names of values()."""
        return [dict(zip(self.names, row, strict=True)) for row in self._found(self.asking(**given))]

    def tuples(self, **given):
        """The rows as they stand in the statement: those of values_list()."""
        return [tuple(row) for row in self._found(self.asking(**given))]

    def sums(self, **given):
        """The one row of `sums`; nothing but zeros where nobody could be meant."""
        return self.row(**given) or dict.fromkeys(self.names, 0)

    def row(self, **given):
        """The row, as a dict, of a queryset that has one at most, or None."""
        found = self._found(self.asking_one(**given))
        return dict(zip(self.names, found[0], strict=True)) if found else None

    def objects(self, **given):
        """The rows as objects of the model, with what select_related() and annotate() name."""
        return [self.model.made(row) for row in self._found(self.asking(**given))]

    def one(self, **given):
        """The object of a queryset that has one at most, or None."""
        found = self._found(self.asking_one(**given))
        return self.model.made(found[0]) if found else None

    def number(self, **given):
        """How many rows there are."""
        question = self._counting((), given)
        return question.rows()[0][0] if question is not None else 0

    def grouped(self, **given):
        """[(the values of a row, how many rows have them)] of a values_list(), counted by the database; the first
        column is left out: it only tells the rows apart."""
        found = self._found(self.asking_grouped(**given), without=1)
        return [(row[:-1], row[-1]) for row in found]

    def tallied(self, **given):
        """(how many rows there are, of how many of them each flag holds) of a values_list() whose first column only
        tells the rows apart and whose others are flags."""
        flags = (f", COUNT(*) FILTER (WHERE c{place})" for place in range(1, len(self.names)))
        sql = f"{self._seen()} SELECT COUNT(*){''.join(flags)} FROM seen"  # noqa: S608
        question = self._question(sql, (_WHOLE,) * len(self.names), given, many=False)
        [row] = question.rows() if question is not None else [(0,) * len(self.names)]
        return tuple(row)

    def _found(self, question, *, without=0):
        """The rows, `without` so many of the first columns, with their values as the fields have them: converters look
        at an expression's field and nothing else."""
        found = question.rows() if question is not None else []
        converters = [(place - without, *how) for place, *how in self.converters if place >= without]
        if not converters:
            return found
        connection = connections[self.using]
        return [_converted(row, converters, connection) for row in found]

    def _counting(self, by, given):
        """The Question of the columns at the places `by`, and of how many rows have them."""
        shown = ", ".join(f"c{place}" for place in by)
        head, tail = (f"{shown}, ", f" GROUP BY {shown}") if shown else ("", "")
        sql = f"{self._seen()} SELECT {head}COUNT(*) FROM seen{tail}"  # noqa: S608
        fields = (*(self.fields[place] for place in by), _WHOLE) if self.fields else ()
        return self._question(sql, fields, given, many=bool(by))

    def _seen(self):
        columns = ", ".join(f"c{place}" for place in range(len(self.fields)))
        return f"WITH seen({columns}) AS ({self.sql})"


class Asked(NamedTuple):
    """A kept statement, with what is given to it."""

    kept: Composed
    given: dict

    @property
    def asking(self):
        """Its Question (riding.py)."""
        return self.kept.asking(**self.given)

    def rows(self):
        return self.kept.rows(**self.given)

    def objects(self):
        return self.kept.objects(**self.given)


_WHOLE = BigIntegerField()


def _converted(row, converters, connection):
    row = list(row)
    for place, of_field, field in converters:
        for convert in of_field:
            row[place] = convert(row[place], _OfField(field), connection)
    return tuple(row)


def kept(key, queryset):
    """The Composed of what `queryset` (a function) returns: composed where nothing is kept under `key`.

    `key` is hashable and names everything that the function reads: the user by `access.rights_today`, and what is
    asked for.
    """
    return _kept(key, lambda: Composed(queryset()))


def changing(key, queryset, columns):
    """The Written that gives `columns` of what `queryset` (a function) returns the values that come by their names."""

    def made():
        rows = queryset()
        fields = [rows.model._meta.get_field(name) for name in columns]
        return Written(rows.db, *_update(rows, {field: Column(field) for field in fields}))

    return _kept(key, made)


def reckoning(key, queryset, values):
    """The Written that gives the columns of `values` ({name: what the database reckons}) of what `queryset` (a
    function) returns those values; its rows are what they are then."""

    def made():
        rows = queryset()
        reckoned = {rows.model._meta.get_field(name): value for name, value in values().items()}
        sql, given = _update(rows, reckoned)
        quote = connections[rows.db].ops.quote_name
        return Written(rows.db, f"{sql} RETURNING {', '.join(quote(field.column) for field in reckoned)}", given)

    return _kept(key, made)


def _update(rows, values):
    """(the UPDATE, its values) that gives the fields of `values` ({field: expression}) of a queryset's rows those."""
    changes = rows.query.chain(UpdateQuery)
    changes.add_update_fields([(field, None, value) for field, value in values.items()])
    return changes.get_compiler(rows.db).as_sql()


def saving(model, columns, using):
    """The Written that gives `columns` of the row of the key `pk` the values that come by their names."""

    def row():
        return model._base_manager.using(using).filter(pk=Given("pk", model._meta.pk))

    return changing(("saving", model, using, columns), row, columns)


def adding(model, fields, returned, using, or_else=""):
    """The Written that adds a row of `fields` of the model; its row is what the database gives the `returned` ones.
    `or_else` is an ON CONFLICT of SQL: what to do where a row stands already."""

    def made():
        row = InsertQuery(model)
        row.insert_values(fields, [SimpleNamespace(**{field.attname: Column(field) for field in fields})], raw=True)
        compiler = row.get_compiler(using)
        compiler.returning_fields = returned
        [(sql, values)] = compiler.as_sql()
        return Written(using, f"{sql}{or_else}", values)

    return _kept(("adding", model, using, fields, or_else), made)


ROW = "row"  # what the statement beside is given, where one is


def adding_behind(changed, model, fields, taken, beside=None):
    """The Written that makes `changed` (what `reckoning` returns) and adds a row of `fields` of the model to which it
    gives, as the `taken` ones, what that returned; `beside` (what `saving` returns) is made with it and given its
    values as ROW. It adds nothing where one of them found no row; its rows are the new key and the `taken` ones.

    One statement, for databases that can write several tables in one (PostgreSQL).
    """

    def made():
        quote = connections[changed.using].ops.quote_name
        names = [quote(field.column) for field in (*fields, *taken)]
        behind = ", ".join(quote(field.column) for field in taken)
        places = ", ".join(["%s"] * len(fields))
        first = [f"changed({behind}) AS ({changed.sql})"]
        given = list(changed.values)
        where = "changed"
        if beside is not None:
            first.append(f"saved AS ({beside.sql} RETURNING 1)")
            given += [replace(value, part=ROW) if isinstance(value, _Slot) else value for value in beside.values]
            where = "changed, saved"
        sql = (
            f"WITH {', '.join(first)} INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) "  # noqa: S608
            f"SELECT {places}, {behind} FROM {where} RETURNING {quote(model._meta.pk.column)}, {behind}"
        )
        return Written(changed.using, sql, [*given, *(_Slot(Column(field)) for field in fields)])

    return _kept(("adding behind", changed, model, fields, taken, beside), made)


def _kept(key, made):
    statements = _of_thread.__dict__.setdefault("statements", OrderedDict())
    found = statements.get(key)
    if found is None:
        with clock.hidden():
            found = statements[key] = made()
        if len(statements) > KEPT:
            statements.popitem(last=False)
    else:
        statements.move_to_end(key)
    return found


def forget():
    """Compose everything anew."""
    _of_thread.__dict__.clear()
