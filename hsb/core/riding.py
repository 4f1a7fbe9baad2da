"""Questions that are asked together, in one statement: what is known to be wanted goes with what is asked first.

Each question is a way to the database and back, whatever it asks. A page that knows what it will ask says so
(`riding`); whoever then asks one of these questions takes the others along, and each finds its answer where it lies.
Of a question with one row at most the row stands in the answer as it is; of one with many they are one text of JSON.
"""

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db import connections
from django.db.models import BinaryField, DateField, DateTimeField, DecimalField, DurationField, TimeField, UUIDField

from hsb.core.prepared import Prepared

# {the questions that ride: their rows as they were answered, or None}
_riding = ContextVar("questions_that_ride", default=None)
# A function of SQL takes a hundred values at most.
_IN_AN_ARRAY = 50
# How JSON on PostgreSQL says what psycopg2 gives as an object; SQLite's rows are of text and numbers anyway.
_READ = (
    (DateTimeField, datetime.fromisoformat),
    (DateField, date.fromisoformat),
    (TimeField, time.fromisoformat),
    (UUIDField, UUID),
)
# What JSON cannot say as it is, and no question has.
_NOT_READ = (BinaryField, DecimalField, DurationField)


@dataclass(frozen=True)
class Question:
    """A statement `sql` of the values that `asks` (a kept statement, composed.py) fills in with what is `given`, as
    items; `fields` are those of its columns, `many` whether it may have more rows than one."""

    asks: object
    sql: str
    given: tuple
    fields: tuple = field(compare=False)
    many: bool = field(compare=False)

    def rows(self):
        """Its rows, as the database has them; what rides is asked with it."""
        riding = _riding.get() or {}
        announced = self in riding
        if not riding or (self.many and not announced):
            return self._alone()
        found = riding.pop(self) if announced else None
        if found is None:
            riders = [one for one, rows in riding.items() if rows is None and one.asks.using == self.asks.using]
            found, *others = _asked_together([self, *riders]) if riders else [self._alone()]
            riding.update(zip(riders, others, strict=True))
        return found

    def _alone(self):
        return self.asks.answered(self.sql, dict(self.given))

    @property
    def shape(self):
        """What it is, whatever is given."""
        return self.asks, self.sql, self.many

    # --- What it is in an answer with others ---

    def column(self, number, vendor):
        """(the SQL of what stands there of it, of how many columns), where its rows are called q{number}."""
        names = [f"q{number}.c{place}" for place in range(len(self.fields))]
        if not self.many:
            return f"SELECT TRUE AS here, q{number}.* FROM q{number}", 1 + len(names)  # noqa: S608
        array, gathered = _ARRAYS[vendor]
        parts = (names[at : at + _IN_AN_ARRAY] for at in range(0, len(names), _IN_AN_ARRAY))
        row = ", ".join(f"{array}({', '.join(part)})" for part in parts)
        return f"SELECT {gathered.format(f'{array}({row})')} AS here FROM q{number}", 1  # noqa: S608

    def read(self, columns, readers):
        """Its rows, of its columns of the answer; `readers` are of what many rows say in JSON."""
        if not columns[0]:
            return []
        if not self.many:
            return [columns[1:]]
        return [
            tuple(read(value) for read, value in zip(readers, sum(row, []), strict=True))
            for row in json.loads(columns[0])
        ]

    def readers(self, vendor):
        """What `read` needs: for each column what makes of a value in JSON the one that the database would give."""
        return [_reader(one, vendor) for one in self.fields] if self.many else ()


_ARRAYS = {
    "postgresql": ("JSON_BUILD_ARRAY", "JSON_AGG({})::text"),
    "sqlite": ("JSON_ARRAY", "NULLIF(JSON_GROUP_ARRAY({}), '[]')"),
}


def _reader(of_field, vendor):
    """What makes of a value in JSON the one that the database would have given for the field."""
    if isinstance(of_field, _NOT_READ):
        raise TypeError(f"{type(of_field).__name__} cannot ride")
    said = next((read for kind, read in _READ if isinstance(of_field, kind)), None) if vendor == "postgresql" else None

    def read(value):
        if value is None:
            return None
        if isinstance(value, dict | list):
            # Fields of JSON are given as text, and read by the field.
            return json.dumps(value)
        return said(value) if said else value

    return read


def _asked_together(questions):
    """The rows of each of the questions."""
    first, *others = questions
    connection = connections[first.asks.using]
    shapes = tuple(each.shape for each in questions)
    known = first.asks.together
    if shapes not in known:
        known[shapes] = _statement(questions, connection.vendor)
    statement, parts = known[shapes]
    values = [value for each in questions for value in each.asks.filled(dict(each.given))]
    [row] = statement.asked(connection, values)
    found, at = [], 0
    for each, (width, readers) in zip(questions, parts, strict=True):
        found.append(each.read(row[at : at + width], readers))
        at += width
    return found


def _statement(questions, vendor):
    """(the Prepared of one row, what it has of each question beside the others; the width and the readers of each)."""
    asked, joined, shown, parts, values, types = [], [], [], [], [], {}
    for number, each in enumerate(questions):
        columns = ", ".join(f"c{place}" for place in range(len(each.fields)))
        column, width = each.column(number, vendor)
        asked.append(f"q{number}({columns}) AS ({each.sql})")
        joined.append(f"LEFT JOIN ({column}) AS its{number} ON TRUE")
        shown.append(f"its{number}.*")
        parts.append((width, each.readers(vendor)))
        types |= {len(values) + place: name for place, name in each.asks.types.items()}
        values += each.asks.values
    sql = f"WITH {', '.join(asked)} SELECT {', '.join(shown)} FROM (SELECT 1) AS one {' '.join(joined)}"  # noqa: S608
    return Prepared(sql, values, types), parts


def announce(*questions):
    """The rest of the page will ask these Questions too (None: one that nobody need ask): as if they stood in the
    outermost `riding`. Outside of one nothing is announced, as while a verb is being done."""
    riders = _riding.get()
    if riders is not None:
        for each in questions:
            if each is not None:
                riders.setdefault(each, None)


@contextmanager
def riding(*questions):
    """Inside, these Questions (None: one that nobody need ask) are asked together: with the first of them that somebody
    asks, or with the first other one that has one row at most. What they say was true then: for what only shows."""
    riders = _riding.get()
    token = _riding.set({} if riders is None else riders)
    riders = _riding.get()
    mine = [each for each in questions if each is not None and each not in riders]
    riders.update(dict.fromkeys(mine))
    try:
        yield
    finally:
        for each in mine:
            riders.pop(each, None)
        _riding.reset(token)
