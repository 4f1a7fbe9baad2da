"""Keys that are found in several ways, each by an index of its own, and put together."""

from django.db.models import BigIntegerField, Expression


class KeysOf(Expression):
    """The keys of several querysets of a model, for `pk__in`; of all of them together at most `most`, whichever.

    Unlike those of union() each may have an order and an end of its own, on SQLite too. One that stands in two of them
    counts twice.
    """

    output_field = BigIntegerField()

    def __init__(self, querysets, most=None):
        super().__init__()
        self.querysets, self.most = [queryset.values("pk") for queryset in querysets], most

    def as_sql(self, compiler, connection):
        sql, values = one_after_another(self.querysets, connection)
        end = f" LIMIT {int(self.most)}" if self.most else ""
        return f"({sql}{end})", values


def one_after_another(querysets, connection):
    """(SQL, values) of the rows of these querysets, each with an order and an end of its own."""
    asked = [queryset.query.get_compiler(connection=connection).as_sql() for queryset in querysets]
    parts = [f"SELECT * FROM ({sql}) AS part{place}" for place, (sql, _) in enumerate(asked)]  # noqa: S608
    return " UNION ALL ".join(parts), [value for _, values in asked for value in values]


class FoundFirst(KeysOf):
    """The same, found before anything else is read. PostgreSQL reckons with many where keys come out of joins, and
    would rather go through all that is asked about them than look each up."""

    def as_postgresql(self, compiler, connection):
        sql, values = self.as_sql(compiler, connection)
        return f"(SELECT unnest(ARRAY{sql}))", values
