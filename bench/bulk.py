"""Rows in bulk for the sizes that the services could not write in an afternoon: straight into the product's own tables.

One row of a table is made by the model, with its defaults; the others are copies of it that differ in a few columns,
so that a column that is added to the model needs no change here. Both databases.
"""

import csv
import io
from contextlib import contextmanager

from django.db import connection

AT_A_TIME = 50_000


def copy(table, columns, rows):
    """Adds `rows` (tuples) to `table`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for chunk in in_chunks(rows):
                text = io.StringIO()
                csv.writer(text).writerows(chunk)
                text.seek(0)
                quoted = ", ".join(map(connection.ops.quote_name, columns))
                cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN (FORMAT csv)", text)
        return
    places = ", ".join("?" * len(columns))
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        for chunk in in_chunks(rows):
            # Past Django's own wrapper, which would look for a placeholder in every row.
            cursor.connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", chunk)


def copy_in_order(table, columns, rows):
    """The same for millions of rows of a table whose columns are its key. SQLite keeps a key as a tree, which it fills
    in the order of the key in a fraction of the time that it takes in any other: they are put in order first."""
    if connection.vendor == "postgresql":
        copy(table, columns, rows)
        return
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE unordered AS SELECT {quoted} FROM {table} LIMIT 0")
        copy("unordered", columns, rows)
        cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {quoted} FROM unordered ORDER BY {quoted}")
        cursor.execute("DROP TABLE unordered")


def in_chunks(rows, size=AT_A_TIME):
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def like(row, differing, source):
    """Copies of `row` (a saved model object), one for each row of the query `source`; `differing` are the columns that
    come from it ({column: SQL expression over the query, called s}). The database numbers nothing by itself here."""
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    quote = connection.ops.quote_name
    given = ", ".join(differing.get(column, f"t.{quote(column)}") for column in columns)
    key = quote(row._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) "
            f"SELECT {given} FROM ({source}) AS s CROSS JOIN {table} AS t WHERE t.{key} = {int(row.pk)}"
        )


def numbers(first, last):
    """A query of the whole numbers from `first` to `last`, as n."""
    if connection.vendor == "postgresql":
        return f"SELECT n FROM generate_series({int(first)}, {int(last)}) AS n"
    return (
        f"WITH RECURSIVE counted(n) AS (SELECT {int(first)} UNION ALL SELECT n + 1 FROM counted WHERE n < {int(last)}) "
        "SELECT n FROM counted"
    )


def _without_indexes_of_its_own(table):
    made_by = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(made_by, [table])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _, sql in indexes:
            cursor.execute(sql)


@contextmanager
def without_indexes(table):
    """The table's keys and indexes are taken away inside, and made anew at the end: many times faster for millions."""
    if connection.vendor != "postgresql":
        yield from _without_indexes_of_its_own(table)  # SQLite keeps the key with the table
        return
    # Not above: rows read their sizes in what fills their databases, where Django is not set up.
    from hsb.overview.simulated.loading import take_away

    taken_away = take_away([table])
    yield
    with connection.cursor() as cursor:
        for _, statement in taken_away:
            cursor.execute(statement)


def settled():
    """The planner knows what there is, and every page may be read by its index alone. Numbers go on after the rows."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
            return
        for table in connection.introspection.table_names():
            if _has_id(cursor, table):
                last = f"(SELECT COALESCE(MAX(id), 1) FROM {table})"
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
        cursor.execute("VACUUM ANALYZE")


def _has_id(cursor, table):
    cursor.execute(
        "SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id' AND attidentity <> ''", [table]
    )
    return cursor.fetchone() is not None
