"""What lists and counts hold of the referrals that somebody may open: asked of the table of readers, not of each grant.

An auditor, who reads all that is not restricted, is answered from the referrals themselves. What is shown by name is
asked of the rule once more (`shown`), in the same query: a row that should not be there is never drawn.
"""

import logging

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, BooleanField, Exists, Expression, ExpressionWrapper, F, Q

from hsb.core import access
from hsb.core.models import AccessBar, Record
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals.models import Reader, Referral
from referrals.models.readers import arms_of
from referrals.states import OPEN

log = logging.getLogger(__name__)


def flag(which):
    """A Q as a column of `grouped`."""
    return ExpressionWrapper(which, output_field=BooleanField())


class FirstOfEach(Expression):
    """The keys that each of several querysets begins with, together: each is sliced by itself, which PostgreSQL answers
    from the beginning of an index, and SQLite takes where the slice is wrapped once more."""

    output_field = BigIntegerField()

    def __init__(self, querysets):
        super().__init__()
        self.querysets = querysets

    def as_sql(self, compiler, connection):
        arms, params = [], []
        for queryset in self.querysets:
            sql, its = queryset.query.get_compiler(connection=connection).as_sql()
            arms.append(f"SELECT arm.record_id FROM ({sql}) AS arm")  # noqa: S608 - compiled by Django
            params += its
        return f"({' UNION ALL '.join(arms)})", params


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
        return self.filter(**{f"{'record__' if self.of_all else ''}holding_team__slug": slug})

    # --- Counts ---

    def grouped(self, *columns, **flags):
        """[(values of the columns and of the flags, how many referrals)], in one query; `flags` are Qs."""
        flags = {name: flag(which) for name, which in flags.items()}
        found = self._rows().annotate(**flags).values_list("record_id", *columns, *flags)
        if not self.of_all:
            # Several rows can lead to one referral.
            found = found.distinct()
        connection = connections[found.db]
        try:
            sql, params = found.order_by().query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return []
        places = ", ".join(str(place) for place in range(1, len(columns) + len(flags) + 1))
        names = ", ".join(f"c{place}" for place in range(1, len(columns) + len(flags) + 1))
        head = f"{names}, " if names else ""
        tail = f" GROUP BY {places}" if names else ""
        listed = ", ".join(["c0", *([names] if names else [])])
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH seen({listed}) AS ({sql}) SELECT {head}COUNT(*) FROM seen{tail}",  # noqa: S608
                params,
            )
            return [(row[:-1], row[-1]) for row in cursor.fetchall()]

    def count(self):
        """How many there are."""
        return sum(number for _, number in self.grouped())

    def count_late(self, today):
        """(how many there are, how many of them are late)."""
        found = self.grouped(late=Q(next_due_on__lt=today))
        return sum(number for _, number in found), sum(number for (late,), number in found if late)

    # --- Pages ---

    def page(self, order, after, size):
        """The first `size` referrals in an order (BY_DUE_DATE or LATEST_FIRST), after the Q `after`: a queryset of
        Referral, each with `opens`, whether the rule opens it (see `shown`)."""
        if self.of_all:
            found = self._rows().filter(after)
        else:
            columns = _columns_of(order)
            arms = [
                self._narrow(Reader.objects.standing_for(self.user).filter(arm)).filter(after)
                .order_by(*order).values(*columns).distinct()[:size]
                for arm in arms_of(self.user)
            ]  # fmt: skip
            found = Referral.objects.filter(pk__in=FirstOfEach(arms)) if arms else Referral.objects.none()
        return found.annotate(opens=flag(access.readable(self.user))).order_by(*order)[:size]

    def _rows(self):
        if not self.of_all:
            return self._narrow(Reader.objects.of(self.user))
        return self._narrow(_all_but_restricted(self.user))

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
        return Exists(_all_but_restricted(user).filter(pk=record))
    return Exists(Reader.objects.of(user).filter(record=record))


def _all_but_restricted(user):
    """The referrals that an auditor may open: of the restricted ones, those on which they are named."""
    restricted = Record.objects.filter(restricted=True, kind=RecordKind.REFERRAL)
    bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True)
    opens = ~Q(record__in=restricted.values("pk")) | Q(record__in=Reader.objects.of(user).values("record"))
    return Referral.objects.filter(opens).exclude(person__in=bars.values("record"))


def _columns_of(order):
    """The names of the columns that an order is by."""
    names = []
    for each in order:
        name = each.expression.name if hasattr(each, "expression") else each.lstrip("-")
        names.append(name)
    return names


BY_DUE_DATE = (F("next_due_on").asc(nulls_last=True), "record_id")
LATEST_FIRST = ("-record_id",)
