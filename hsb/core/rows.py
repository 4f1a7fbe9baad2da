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
            # One array for each column that differs: one statement, however many rows.
            shown, arrays, values = [], [], ([], [])
            for number, (field, column) in enumerate(zip(known, zip(*rows, strict=True), strict=True)):
                of_type = f"%s::{field.db_type(connection)}"
                if column.count(column[0]) == len(column) and arrays:
                    shown.append(of_type)
                    values[0].append(column[0])
                else:
                    shown.append(f"each.c{number}")
                    arrays.append((f"{of_type}[]", f"c{number}"))
                    values[1].append(_as_array(column))
            types, names = zip(*arrays, strict=True)
            each = f"unnest({', '.join(types)}) AS each({', '.join(names)})"
            # Names of the model's own columns; what is added are parameters.
            cursor.execute(f"{into} SELECT {', '.join(shown)} FROM {each}{standing}", values[0] + values[1])  # noqa: S608
            return
        prepared = [
            [field.get_db_prep_value(value, connection) for field, value in zip(known, row, strict=True)]
            for row in rows
        ]
        places = ", ".join(["%s"] * len(known))
        cursor.executemany(f"{into} VALUES ({places}){standing}", prepared)


def _as_array(column):
    """A parameter for an array; keys go as its text, which is made four times as fast."""
    if all(type(value) is int for value in column):
        return f"{{{','.join(map(str, column))}}}"
    return list(column)
