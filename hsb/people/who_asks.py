"""Who asks for a page: the account, its seats and whom it stands in for, in one question; with the session, too."""

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, CharField, DateField, DateTimeField, FilteredRelation, Q

from hsb.core import clock, composed
from hsb.core.composed import Given
from hsb.people.models import Membership, Session, Team, User

ACCOUNT = [field.attname for field in User._meta.concrete_fields]
SEAT = [field.attname for field in Membership._meta.concrete_fields]
TEAM = [field.attname for field in Team._meta.concrete_fields]
# Where the columns of each stand in a row, which ends with whom the account stands in for.
TO_SEAT, TO_TEAM = len(ACCOUNT), len(ACCOUNT) + len(SEAT)


def whole(key):
    """The User of that key, whose seats and cover of today are read; None where there is none."""
    today = clock.today()
    rows = composed.kept(("who asks",), _of_key).rows(key=key, today=today)
    return _made([tuple(row.values()) for row in rows], today)


def with_session(key, now):
    """(text of the session of that key, its User as by `whole` or None); (None, None) where none stands at `now`."""
    today = clock.today()
    rows = composed.kept(("who asks by session",), _of_session).rows(key=key, now=now, today=today)
    rows = [tuple(row.values()) for row in rows]
    return (rows[0][0], _made([row[1:] for row in rows], today)) if rows else (None, None)


def _made(rows, today):
    if not rows or rows[0][0] is None:
        return None
    user = User.from_db(DEFAULT_DB_ALIAS, ACCOUNT, rows[0][:TO_SEAT])
    begun = {}
    for row in rows:
        seat, team = row[TO_SEAT:TO_TEAM], row[TO_TEAM:-1]
        if seat[0] is not None and seat[0] not in begun:
            begun[seat[0]] = Membership.from_db(DEFAULT_DB_ALIAS, SEAT, seat)
            begun[seat[0]].team = Team.from_db(DEFAULT_DB_ALIAS, TEAM, team)
    user.take_seats(list(begun.values()), sorted({row[-1] for row in rows} - {None}), today)
    return user


TODAY = Given("today", DateField())


def _of_key():
    return _everything(User.objects.filter(pk=Given("key", BigIntegerField())), "")


def _of_session():
    standing = Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
    return _everything(standing, "account__", "session_data")


def _everything(found, to, *more):
    """The rows of `found` by `more` columns and what a User is made of, which stands behind the relation `to`."""
    begun = Q(**{f"{to}memberships__starts_on__lte": TODAY})
    covers = Q(**{f"{to}covers_by_me__starts_on__lte": TODAY, f"{to}covers_by_me__ends_on__gte": TODAY})
    return found.annotate(
        seat=FilteredRelation(f"{to}memberships", condition=begun),
        cover=FilteredRelation(f"{to}covers_by_me", condition=covers),
    ).values(*more, *_of(to, ACCOUNT), *_of("seat__", SEAT), *_of("seat__team__", TEAM), "cover__covered")


def _of(relation, columns):
    return [f"{relation}{column}" for column in columns]
