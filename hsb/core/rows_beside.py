"""Rows that come with another row: what hangs on a record, read in the statement that reads the record itself.

What hangs on one record are a few rows of many tables. Each table asked by itself costs a way to the database and back;
here the rows of each are one column beside the record, as JSON: an array for each row, in it an array for each model.
"""

import json
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    Aggregate,
    BooleanField,
    DateField,
    Func,
    JSONField,
    Subquery,
    TextField,
    TimeField,
    UUIDField,
    Value,
)

# Names of the columns begin with it, where they stand among a record's own.
ASKED = "asked_"
# What JSON has no word for comes as text, or as SQLite keeps it.
_SAID_OTHERWISE = (BooleanField, DateField, JSONField, TimeField, UUIDField)


class _Array(Func):
    """A JSON array of some columns."""

    function = "JSON_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, function="JSON_BUILD_ARRAY")


class _Gathered(Aggregate):
    """The arrays of all rows, as the text of one; nothing where there is no row."""

    template = "NULLIF(JSON_GROUP_ARRAY(%(expressions)s), '[]')"
    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, template="JSON_AGG(%(expressions)s)::text")


class RowsBeside:
    """`rows` (a queryset that names its row beside by OuterRef), each with what it `names` as select_related() does, in
    the order of the attributes `by`, none of which is ever empty."""

    def __init__(self, rows, names=(), by=("pk",)):
        self.rows, self._by = rows, attrgetter(*by)
        self._parts = _parts(rows.model, names)

    def column(self):
        """The expression that reads them: its value is for `objects`, and empty where there are none."""
        row = _Array(*(_Array(*part.columns) for part in self._parts))
        together = self.rows.order_by().annotate(all=Value(1)).values("all")
        return Subquery(together.annotate(gathered=_Gathered(row)).values("gathered"))

    def objects(self, text):
        """What the column said, as objects of the model."""
        return sorted(map(self._made, json.loads(text)), key=self._by) if text else []

    def _made(self, row):
        found = {}
        for part, values in zip(self._parts, row, strict=True):
            found[part.path] = one = part.made(values)
            if part.path and (named_by := found[part.named_by]) is not None:
                setattr(named_by, part.name, one)
        return found[""]


class Beside:
    """What the pages of a kind of record read with the record itself; `rows` is {name: RowsBeside}."""

    def __init__(self, rows):
        self.rows = rows

    @cached_property
    def _columns(self):
        return {f"{ASKED}{name}": beside.column() for name, beside in self.rows.items()}

    def columns(self):
        """{attribute: expression} of all rows, for `find`."""
        return self._columns

    def of(self, noun, *names):
        """{name: its rows} of these names, or of all: as `find` read them with the noun, asked for where it did not."""
        known = noun.__dict__
        if not known.keys() >= self._columns.keys():
            known = type(noun).objects.annotate(**self._columns).values(*self._columns).get(pk=noun.pk)
        return {name: self.rows[name].objects(known[f"{ASKED}{name}"]) for name in names or self.rows}


def _parts(model, names):
    """The model of the rows, and what each of `names` leads to: that which names it stands before it."""
    parts = {"": _Part(model, "")}
    for path in names:
        named_by = parts[path.rpartition("__")[0]]
        parts[path] = _Part(named_by.model._meta.get_field(path.rpartition("__")[2]).related_model, path)
    return list(parts.values())


class _Part:
    """One model of a row: the row's own, or the one to which the relation at `path` leads."""

    def __init__(self, model, path):
        self.model, self.path = model, path
        self.named_by, _, self.name = path.rpartition("__")
        fields = model._meta.concrete_fields
        self._attributes = [field.attname for field in fields]
        self._key = fields.index(model._meta.pk)
        self._otherwise = [(place, field) for place, field in enumerate(fields) if isinstance(field, _SAID_OTHERWISE)]
        self.columns = [f"{path}__{field.attname}" if path else field.attname for field in fields]

    def made(self, values):
        """The object; None where the relation leads nowhere."""
        if values[self._key] is None:
            return None
        for place, field in self._otherwise:
            values[place] = _as_the_field_has_it(field, values[place])
        return self.model.from_db(DEFAULT_DB_ALIAS, self._attributes, values)


def _as_the_field_has_it(field, said):
    if isinstance(field, JSONField):
        return json.loads(said) if isinstance(said, str) else said
    value = field.to_python(said)
    # SQLite keeps instants without their zone, which is that of all that is kept.
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
