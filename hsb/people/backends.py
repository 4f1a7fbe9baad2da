"""Who asks for a page: the account with its seats and whom it stands in for, in one question."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, DateField, FilteredRelation, Q

from hsb.core import clock, composed
from hsb.core.composed import Given
from hsb.people.models import Membership, Team, User

ACCOUNT = [field.attname for field in User._meta.concrete_fields]
SEAT = [field.attname for field in Membership._meta.concrete_fields]
TEAM = [field.attname for field in Team._meta.concrete_fields]
# Where the columns of each stand in a row, which ends with whom the account stands in for.
TO_SEAT, TO_TEAM = len(ACCOUNT), len(ACCOUNT) + len(SEAT)


class SignedIn(AuthenticationBackend):
    """As allauth signs in; who is signed in is read with everything that the rules ask of them."""

    def get_user(self, user_id):
        user = whole(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def whole(key):
    """The User of that key, whose seats and cover of today are read; None where there is none."""
    today = clock.today()
    rows = [tuple(row.values()) for row in composed.kept(("who asks",), _everything).rows(key=key, today=today)]
    if not rows:
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


def _everything():
    today = Given("today", DateField())
    begun = Q(memberships__starts_on__lte=today)
    covers = Q(covers_by_me__starts_on__lte=today, covers_by_me__ends_on__gte=today)
    return (
        User.objects.filter(pk=Given("key", BigIntegerField()))
        .annotate(
            seat=FilteredRelation("memberships", condition=begun),
            cover=FilteredRelation("covers_by_me", condition=covers),
        )
        .order_by("seat__pk")
        .values(*ACCOUNT, *_of("seat", SEAT), *_of("seat__team", TEAM), "cover__covered")
    )


def _of(relation, columns):
    return [f"{relation}__{column}" for column in columns]
