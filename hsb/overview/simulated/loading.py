"""Puts rows of COPY text into the database, all of them or none: by COPY on PostgreSQL, in batches on SQLite."""

from io import StringIO
from queue import Queue
from threading import Thread

from django.db import connection

from hsb.overview.simulated.patterns import values_of
from hsb.overview.simulated.walking import numbered_tables

AT_ONCE = 24_000_000  # characters that are held before they are written
BUILT_AFTERWARDS = 20_000  # referrals: from so many on, indexes and foreign keys are made when the rows stand


def loader(tables, referrals):
    """The loader of this database, for rows of `tables` about so many referrals. Call inside a transaction."""
    if connection.vendor == "postgresql":
        return ByCopy(tables, afterwards=referrals >= BUILT_AFTERWARDS)
    return InBatches()


class _Loader:
    def __init__(self):
        self.columns, self.waiting, self.size = {}, {}, 0

    def add(self, table, columns, text):
        """Rows of one table: lines, each with its line feed."""
        self.columns[table] = columns
        self.waiting.setdefault(table, []).append(text)
        self.size += len(text)
        if self.size > AT_ONCE:
            self.flush()

    def flush(self):
        for table, texts in self.waiting.items():
            self._write(table, self.columns[table], "".join(texts))
        self.waiting, self.size = {}, 0

    def finish(self, tell):
        self.flush()


class InBatches(_Loader):
    """SQLite: many rows a statement, with every constraint looked at."""

    def _write(self, table, columns, text):
        names = ", ".join(f'"{column}"' for column in columns)
        blanks = ", ".join(["?"] * len(columns))
        rows = map(values_of, text.splitlines())
        connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({blanks})', rows)  # noqa: S608

    def finish(self, tell):
        super().finish(tell)
        with connection.cursor() as cursor:
            for model in numbered_tables():
                table, column = model._meta.db_table, model._meta.pk.column
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    f'INSERT INTO sqlite_sequence (name, seq) SELECT %s, MAX("{column}") FROM "{table}"',  # noqa: S608
                    [table],
                )
            cursor.execute("ANALYZE")


class ByCopy(_Loader):
    """PostgreSQL: COPY, in a thread of its own while the next rows are made. `afterwards`: indexes and keys are taken
    away first and made again from the whole, which looks at every row."""

    def __init__(self, tables, *, afterwards):
        super().__init__()
        self.taken_away = take_away(tables) if afterwards else []
        self.raw = connection.connection
        self.queue, self.fault = Queue(maxsize=1), None
        self.writer = Thread(target=self._work, daemon=True)
        self.writer.start()

    def flush(self):
        """Hands over what waits; what went wrong with what was handed over before is raised here."""
        self.queue.put((self.waiting, dict(self.columns)))
        self.waiting, self.size = {}, 0
        if self.fault:
            raise self.fault

    def _work(self):
        while (given := self.queue.get()) is not None:
            waiting, columns = given
            try:
                if not self.fault:
                    for table, texts in waiting.items():
                        self._copy(table, columns[table], "".join(texts))
            except Exception as fault:  # raised by whoever waits for it
                self.fault = fault

    def _copy(self, table, columns, text):
        names = ", ".join(f'"{column}"' for column in columns)
        with self.raw.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', StringIO(text))

    def finish(self, tell):
        self.flush()
        self.queue.put(None)
        self.writer.join()
        if self.fault:
            raise self.fault
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            for name, statement in self.taken_away:
                tell(name)
                cursor.execute(statement)
            # Every row is looked at now: no table can be numbered on while that waits.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in numbered_tables():
                table, column = model._meta.db_table, model._meta.pk.column
                cursor.execute(f'SELECT COALESCE(MAX("{column}"), 0) + 1 FROM "{table}"')  # noqa: S608
                cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" RESTART WITH {cursor.fetchone()[0]}')


def take_away(tables):
    """Takes away keys and indexes, slower to keep up than to make; a key to which another table has keys stays.

    Returns [(name, statement that makes it again)], in order.
    """
    with connection.cursor() as cursor:
        # What was written before in this transaction must not wait to be looked at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), contype FROM pg_constraint AS its "
            "WHERE conrelid = ANY(%s::regclass[]) AND (contype IN ('f', 'u') OR contype = 'p' "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint AS other WHERE other.confrelid = its.conrelid)) "
            "ORDER BY contype = 'f', conname",
            [list(tables)],
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = ANY(%s::regclass[]) "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')) "
            "ORDER BY 1",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, table, _, _ in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    made_again = [(name, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {said}') for name, table, said, _ in constraints]
    keys = sum(kind != "f" for *_, kind in constraints)
    return made_again[:keys] + indexes + made_again[keys:]
