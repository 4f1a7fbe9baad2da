"""Keys that are found in several ways, each by an index of its own, and put together."""

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, BooleanField, Exists, Expression, F, Func, OuterRef

# What a manager of more teams may open is soon met with by looking at each row; of fewer it is looked up by its keys.
FEW_TEAMS = 3


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
    """(SQL, values) of the rows of these querysets, each with an order and an end of its own.

    Raises EmptyResultSet, as Django does, where none of them can find anything; one that cannot is left out.
    """
    asked = [found for queryset in querysets if (found := _asked(queryset, connection)) is not None]
    if not asked:
        raise EmptyResultSet
    parts = [f"SELECT * FROM ({sql}) AS part{place}" for place, (sql, _) in enumerate(asked)]  # noqa: S608
    return " UNION ALL ".join(parts), [value for _, values in asked for value in values]


def _asked(queryset, connection):
    try:
        return queryset.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None


def is_in(rows, column="pk"):
    """Whether a column is the key of one of these rows, asked of each: `__in` where there is an "or" or a "not" before
    it has PostgreSQL find all of them first."""
    return Exists(rows.filter(pk=OuterRef(column)))


class IsOneOf(Func):
    """For filter(): whether a column is one of these KeysOf, which are found before anything else is read. Of `__in`
    PostgreSQL makes a join, and where there are many already it goes through all that they are looked for among."""

    output_field = BooleanField()

    def __init__(self, column, keys):
        super().__init__(F(column), keys)

    def as_sql(self, compiler, connection, condition="%s IN %s"):
        (column, _), (keys, values) = (compiler.compile(each) for each in self.source_expressions)
        return condition % (column, keys), values

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, "%s = ANY(ARRAY%s)")
