"""Statements that PostgreSQL plans once for a connection: planning what a list asks takes longer than answering it.

A statement that is asked a second time on a connection is prepared there, with all its values but those that are given
each time; these have types of their own, so that they mean the same as in the text. Whoever watches what is asked
(`connection.execute_wrapper`) sees the statement itself.
"""

from collections import OrderedDict
from itertools import count
from weakref import WeakKeyDictionary, ref

from django.conf import settings
from django.db import DatabaseError
from psycopg2.errors import InvalidSqlStatementName
from psycopg2.extensions import AsIs

_numbers = count(1)
# {connection of psycopg2: {Prepared: its name there}}; under its own name stands one that is not asked any more.
_names = WeakKeyDictionary()


class Prepared:
    """One statement, to be asked on one connection at a time.

    `sql` has a placeholder for each of `values`; `given` ({place: type's name}) says which of them come each time.
    """

    def __init__(self, sql, values, given):
        self.sql, self.values, self.given = sql, values, given
        self._asked_on = lambda: None

    def asked(self, connection, values):
        """All rows, with `values` for the placeholders."""
        return self._done(connection, values)[0]

    def written(self, connection, values):
        """How many rows were written, with `values` for the placeholders."""
        return self._done(connection, values)[1]

    def _done(self, connection, values):
        with connection.cursor() as cursor:
            if self._is_known_to(connection):
                with connection.execute_wrapper(self._by_name):
                    cursor.execute(self.sql, values)
            else:
                cursor.execute(self.sql, values)
            return cursor.fetchall() if cursor.description else [], cursor.rowcount

    def _is_known_to(self, connection):
        """Whether it was asked on this very connection before."""
        if connection.vendor != "postgresql" or not settings.PREPARED_STATEMENTS:
            return False
        connection.ensure_connection()
        known = self._asked_on() is connection.connection
        self._asked_on = ref(connection.connection)
        return known

    def _by_name(self, execute, sql, values, many, context):
        names = _names.setdefault(context["connection"].connection, OrderedDict())
        given = [values[place] for place in self.given]
        holders = f"({', '.join(['%s'] * len(given))})" if given else ""
        try:
            name = names.get(self)
            if name is None:
                name = f"hsb_{next(_numbers)}"
                execute(self._preparing(name, names, context["cursor"]), None, False, context)
                names[self] = name
            names.move_to_end(self)
            return execute(f"EXECUTE {name}{holders}", given, False, context)
        except DatabaseError as error:
            # Whatever it was, a table that has changed for one: the next asking prepares it anew. The server keeps the
            # old one, which counts among the others and is the first that is taken back.
            if self in names:
                name = names.pop(self)
                names[name] = name
                names.move_to_end(name, last=False)
            if isinstance(error.__cause__, InvalidSqlStatementName):
                # What has forgotten one name, as a pooler that clears up, has forgotten them all.
                names.clear()
            raise

    def _preparing(self, name, names, cursor):
        """The statement that prepares it, after those that take back what was not asked for the longest."""
        gone = []
        while len(names) >= settings.PREPARED_STATEMENTS:
            gone.append(f"DEALLOCATE {names.popitem(last=False)[1]}; ")
        numbers = {place: AsIs(f"${number}") for number, place in enumerate(self.given, 1)}
        baked = [numbers.get(place, value) for place, value in enumerate(self.values)]
        types = f" ({', '.join(self.given.values())})" if self.given else ""
        return f"{''.join(gone)}PREPARE {name}{types} AS {cursor.mogrify(self.sql, baked).decode()}"
