"""Reader: who could open which referral, one row for each grant, with what lists and counts ask of the referral.

The rule (hsb.core.access) asks every grant of every referral; where there are a million, lists and counts read this
table instead. The database itself keeps it (referrals.readers), and no other code writes it. A row is found by its
principal: one number for a user, or for a role in a team, and for what their leave depends on while it is read.
"""

from django.db import models
from django.db.models import Q

from hsb.core import access, clock
from hsb.core.models import AccessBar, AccessGrant, Record
from hsb.people.states import Role
from referrals.models.people import Person

# A principal is the key of the user or of the team, times WIDTH, and one of these.
WIDTH = 32
NAMED = 0
# Whoever stands in for a worker reads these of theirs; on a restricted record nobody but the worker does: NAMED.
COVERED = {because: 1 + number for number, because in enumerate(access.COVERED)}
# Leave that ends with a role or a team (access.ended).
FOR_A_ROLE = {because: 8 + number for number, because in enumerate(sorted(access.FOR_A_ROLE))}
ROLES = {role: 16 + number for number, role in enumerate(sorted(Role.values))}

# The columns that are the referral's own, by the same names.
COPIED = (
    "person_id",
    "state",
    "state_before_closing",
    "state_since",
    "next_due_on",
    "category",
    "side",
    "brook",
    "tier",
    "police_outstanding",
    "worker_id",
)


class ReaderQuerySet(models.QuerySet):
    def of(self, user):
        """The rows through which `user` may open a referral now. Several can lead to one referral."""
        principals = principals_of(user)
        which = Q(principal__in=[key for key, since in principals if since is None])
        for key, since in principals:
            if since is not None:
                which |= Q(principal=key, starts_at__gte=since)
        return self.standing_for(user).filter(which) if principals else self.none()

    def standing_for(self, user):
        """Without what is not in force now, and without the referrals of whom `user` is barred from."""
        bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True)
        return self.filter(access.live()).exclude(person__in=bars.values("record"))


def principals_of(user):
    """[(principal, instant)]: by which `user` reads, and since when leave counts (None: whenever it began).

    What is given to a team's role, or to somebody whom `user` stands in for, has no row where the record is restricted.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    over = access.ended(user)
    found = [(user.pk * WIDTH + kind, None) for kind in (NAMED, *COVERED.values())]
    for because, kind in FOR_A_ROLE.items():
        since = over.get(because)
        if because not in over or since is not None:
            found.append((user.pk * WIDTH + kind, since))
    covered = sorted(set(user.stands_in_for(clock.today())) - {user.pk})
    found += [(key * WIDTH + kind, None) for key in covered for kind in COVERED.values()]
    seats = sorted({(seat.team_id, seat.role) for seat in user.current_memberships()})
    return found + [(team * WIDTH + ROLES[role], None) for team, role in seats]


class Reader(models.Model):
    # None of the keys is checked by the database, which writes them itself: a check would cost more than the row.
    grant = models.OneToOneField(
        AccessGrant, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    principal = models.BigIntegerField()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    holding_team = models.ForeignKey(
        "people.Team", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    # Whether the referral is open (states.OPEN).
    is_open = models.BooleanField()
    # --- As the referral has it: COPIED ---
    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=20)
    state_before_closing = models.CharField(max_length=20)
    state_since = models.DateTimeField()
    next_due_on = models.DateField(null=True)
    category = models.CharField(max_length=1)
    side = models.CharField(max_length=20)
    brook = models.CharField(max_length=10)
    tier = models.PositiveSmallIntegerField(null=True)
    police_outstanding = models.BooleanField()
    worker = models.ForeignKey(
        "people.User", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )

    objects = ReaderQuerySet.as_manager()

    class Meta:
        indexes = [
            # Pages of open work in their order, and every count of it, from the index alone.
            models.Index(
                fields=[
                    "principal",
                    "next_due_on",
                    "record",
                    "state",
                    "category",
                    "side",
                    "worker",
                    "tier",
                    "brook",
                    "police_outstanding",
                    "state_before_closing",
                    "state_since",
                    "holding_team",
                    "person",
                    "starts_at",
                    "ends_at",
                ],
                condition=Q(is_open=True),
                name="reader_open",
            ),
            models.Index(
                fields=["principal", "state", "record"],
                condition=Q(is_open=False),
                name="reader_ended",
            ),
        ]

    def __str__(self):
        return f"{self.principal} reads {self.record_id}"
