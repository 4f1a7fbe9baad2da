"""Many rows at once, for the sweeps: added without model objects, and found by thousands of keys in one parameter."""

import json

from django.db import connections, router
from django.db.models import Lookup


class Among(Lookup):
    """Among(F("owner_id"), keys), as a condition of a filter: what `__in` says, for thousands of whole numbers. They go
    to the database as one parameter; `__in` makes and prepares one for each of them."""

    lookup_name = "among"

    def __init__(self, lhs, rhs):
        super().__init__(lhs, list(rhs))

    def get_prep_lookup(self):
        return self.rhs

    def as_sql(self, compiler, connection):
        found, params = self.process_lhs(compiler, connection)
        return f"{found} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(self.rhs))  # noqa: S608

    def as_postgresql(self, compiler, connection):
        found, params = self.process_lhs(compiler, connection)
        return f"{found} = ANY(%s::bigint[])", (*params, self.rhs)


def add_rows(model, fields, rows, *, leave_out_standing=False):
    """Adds `rows` (tuples, one value for each of `fields`) to the table of `model`.

    `fields` name every column that is not empty by itself. `leave_out_standing`: a row that a constraint finds there
    already is left out, whoever put it there and when; otherwise it is an IntegrityError.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    known = [model._meta.get_field(name) for name in fields]
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in known)})"
    standing = " ON CONFLICT DO NOTHING" if leave_out_standing else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            select, values = _from_arrays(known, rows, connection)
            # Names of the model's own columns; what is added are parameters.
            cursor.execute(f"{into} {select}{standing}", values)
            return
        prepared = [
            [field.get_db_prep_value(value, connection) for field, value in zip(known, row, strict=True)]
            for row in rows
        ]
        places = ", ".join(["%s"] * len(known))
        cursor.executemany(f"{into} VALUES ({places}){standing}", prepared)


def _from_arrays(known, rows, connection):
    """(SELECT of the rows, its parameters): one statement, however many. What is alike in all rows is said once; of the
    other columns, and of the first, there is an array each."""
    shown, arrays, alike, differing = [], [], [], []
    for number, (field, column) in enumerate(zip(known, zip(*rows, strict=True), strict=True)):
        # Without its length: whoever says varchar(40) has a longer text cut, which the table itself refuses.
        of_type = f"%s::{field.db_type(connection).partition('(')[0]}"
        if arrays and column.count(column[0]) == len(column):
            shown.append(of_type)
            alike.append(column[0])
        else:
            shown.append(f"c{number}")
            arrays.append(f"{of_type}[]")
            differing.append(_as_array(column))
    names = ", ".join(name for name in shown if not name.startswith("%s"))
    select = f"SELECT {', '.join(shown)} FROM unnest({', '.join(arrays)}) AS each({names})"  # noqa: S608
    return select, alike + differing


def _as_array(column):
    """A parameter for an array; keys go as its text, which is made four times as fast."""
    if all(type(value) is int for value in column):
        return f"{{{','.join(map(str, column))}}}"
    return list(column)
