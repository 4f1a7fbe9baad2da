"""What lists and counts hold of the referrals that somebody may open: asked of the table of readers, not of each grant.

An auditor, who reads all that is not restricted, is answered from the referrals themselves. What is shown by name is
asked of the rule once more (`shown`), in the same query: a row that should not be there is never drawn.
"""

import logging
from datetime import UTC, datetime

from django.db.models import BigIntegerField, BooleanField, DateTimeField, Exists, Expression, ExpressionWrapper, F, Q

from hsb.core import access, composed
from hsb.core.keys import KeysOf, one_after_another
from hsb.core.models import AccessBar, Record
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals.models import Reader, Referral
from referrals.models.readers import principals_of
from referrals.states import OPEN

log = logging.getLogger(__name__)

# The orders of a page, each with its words for the database and its columns.
BY_DUE_DATE = (F("next_due_on").asc(nulls_last=True), "record_id")
LATEST_FIRST = ("-record_id",)
ORDERS = {
    BY_DUE_DATE: ("next_due_on NULLS LAST, record_id", ("next_due_on", "record_id")),
    LATEST_FIRST: ("record_id DESC", ("record_id",)),
}
EVERYTHING = (Q(),)
# Before any leave was given.
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


def flag(which):
    """A Q as a column of `grouped`."""
    return ExpressionWrapper(which, output_field=BooleanField())


class Asked(Expression):
    """A column of the principals that FirstOfEach asks one by one."""

    def __init__(self, name, output_field):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return f"asked.{self.name}", []


class FirstOfEach(Expression):
    """The keys of the first `size` referrals, in an order, of what several principals read together.

    Each principal is asked for its own first ones of each range (a queryset of Reader), which the beginning of a part
    of an index answers: the rows of all of them are never sorted together.
    """

    output_field = BigIntegerField()

    def __init__(self, ranges, principals, order, size):
        super().__init__()
        self.principals, self.size = principals, size
        self.order, self.columns = ORDERS[order]
        its = {"principal": Asked("principal", BigIntegerField()), "starts_at__gte": Asked("since", DateTimeField())}
        self.ranges = [
            readers.filter(**its).order_by(*order).values(*self.columns).distinct()[:size] for readers in ranges
        ]

    def as_sql(self, compiler, connection):
        sql, params = one_after_another(self.ranges, connection)
        its = ", ".join(self.columns)
        keys = [key for key, _ in self.principals]
        since = [instant or BEGINNING for _, instant in self.principals]
        if connection.vendor == "postgresql":
            each = (
                f"unnest(%s::bigint[], %s::timestamptz[]) AS asked(principal, since) CROSS JOIN LATERAL ({sql}) AS its"
            )
            params = [keys, since, *params]
        else:
            # No query of SQLite looks at another one beside it: one for each, with the number and the instant in it.
            instants = [f"'{connection.ops.adapt_datetimefield_value(each)}'" for each in since]
            arms = [
                f"SELECT {its} FROM ({sql.replace('asked.principal', str(int(key))).replace('asked.since', instant)})"  # noqa: S608
                for key, instant in zip(keys, instants, strict=True)
            ]
            each, params = f"({' UNION ALL '.join(arms)}) AS its", [*params] * len(arms)
        first = f"SELECT DISTINCT {its} FROM {each} ORDER BY {self.order} LIMIT {int(self.size)}"  # noqa: S608
        return f"(SELECT found.record_id FROM ({first}) AS found)", params  # noqa: S608 - compiled by Django


class Listed:
    """The referrals that `user` may open, open ones or ended ones, narrowed by Qs over the columns that Referral and
    Reader have by the same names (and `record`, whose key is the referral's)."""

    def __init__(self, user, *, ended=False):
        self.user, self.ended = user, ended
        self.narrowed = []
        self.of_all = user.is_authenticated and user.is_active and user.has_role(Role.AUDITOR)

    def filter(self, *which, **named):
        """The same, narrowed further."""
        other = Listed(self.user, ended=self.ended)
        other.narrowed = [*self.narrowed, Q(*which, **named)]
        return other

    def in_team(self, slug):
        """Of those, what a team holds."""
        return self.filter(**{f"{self.team}__slug": slug})

    @property
    def team(self):
        """The name of the column of the team that holds a referral."""
        return "record__holding_team" if self.of_all else "holding_team"

    # --- Counts ---

    def grouped(self, *columns, **flags):
        """[(values of the columns and of the flags, how many referrals)], in one query; `flags` are Qs."""
        return self._each(columns, flags).grouped()

    def asking_grouped(self, *columns, **flags):
        """The Question of `grouped`."""
        return self._each(columns, flags).asking_grouped()

    def _each(self, columns, flags):
        """The Composed of the key of each referral, the columns and the flags."""

        def rows():
            found = self._rows().annotate(**{name: flag(which) for name, which in flags.items()})
            # Several rows can lead to one referral.
            found = found if self.of_all else found.distinct()
            return found.values_list("record_id", *columns, *flags).order_by()

        return self._kept(rows, columns, tuple(flags.items()))

    def _kept(self, queryset, *asked):
        return composed.kept((access.rights_today(self.user), self.ended, tuple(self.narrowed), *asked), queryset)

    def count_late(self, today):
        """(how many there are, how many of them are late)."""
        return self._each((), {"late": Q(next_due_on__lt=today)}).tallied()

    # --- Pages ---

    def page(self, order, size, columns, after=EVERYTHING, *, with_=None, **given):
        """The first `size` referrals in an order (BY_DUE_DATE or LATEST_FIRST), of those in `after`: Qs, each a range
        of that order, one after another, whose Givens are `given`. Dicts of the columns, of what the functions `with_`
        return, and `opens`, whether the rule opens it (see `shown`)."""

        return self._page(order, size, columns, after, with_).rows(**given)

    def asking_page(self, order, size, columns, after=EVERYTHING, *, with_=None, **given):
        """The Question of `page`."""
        return self._page(order, size, columns, after, with_).asking(**given)

    def _page(self, order, size, columns, after, with_):
        more = tuple((with_ or {}).items())

        def rows():
            found = self._first(order, after, size)
            return found.annotate(**{name: made() for name, made in more}).values("opens", *columns)

        return self._kept(rows, order, size, columns, after, more)

    def _first(self, order, after, size):
        if self.of_all:
            found = self._of_all(order, after, size)
        else:
            principals = principals_of(self.user)
            readers = self._narrow(Reader.objects.standing_for(self.user))
            keys = FirstOfEach([readers.filter(which) for which in after], principals, order, size)
            found = Referral.objects.filter(pk__in=keys) if principals else Referral.objects.none()
        return found.annotate(opens=flag(access.readable(self.user))).order_by(*order)[:size]

    def _of_all(self, order, after, size):
        """An auditor's first `size` of these ranges, by their keys. Asked for all ranges together, or for keys and what
        stands beside them together, the database walks what comes before them."""
        found = [self._rows().filter(which).order_by(*order)[:size] for which in after]
        return Referral.objects.filter(pk__in=KeysOf(found))

    def _rows(self):
        if not self.of_all:
            return self._narrow(Reader.objects.of(self.user))
        # Of the restricted ones, those on which an auditor is named.
        restricted = Record.objects.filter(restricted=True, kind=RecordKind.REFERRAL)
        named = Reader.objects.of(self.user).filter(is_open=not self.ended)
        opens = ~Q(record__in=restricted.values("pk")) | Q(record__in=named.values("record"))
        bars = AccessBar.objects.filter(user=self.user, lifted_at__isnull=True)
        # By the key, so that a count by due date needs no more than the index.
        barred = Referral.objects.filter(person__in=bars.values("record"))
        return self._narrow(Referral.objects.filter(opens).exclude(record__in=barred.values("record")))

    def _narrow(self, found):
        if found.model is Reader:
            found = found.filter(is_open=not self.ended)
        elif not self.ended:
            found = found.filter(state__in=OPEN)
        for which in self.narrowed:
            found = found.filter(which)
        return found


def shown(rows):
    """Of the rows of a page, those that the rule opens; what the table of readers says wrongly is logged."""
    kept = [row for row in rows if row["opens"]]
    if len(kept) < len(rows):
        log.error("The table of readers has rows that no grant gives: run manage.py verify_readers --mend.")
    return kept


def opened_by(user, record):
    """For a count: whether `user` may open the referral of that key, a column of the query around it."""
    if user.is_authenticated and user.is_active and user.has_role(Role.AUDITOR):
        return Exists(Referral.objects.visible_to(user).filter(pk=record))
    return Exists(Reader.objects.of(user).filter(record=record))
