"""Person: a child or an adult who is known to us. Roles belong to involvements, never to the person (A7)."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from hsb.core.models import Recorded
from referrals.states import BirthPrecision, Sex

CHILD_UNTIL = 18
OLDEST_CHILD = 25  # years: a child's record may run on to 25 with special needs, never beyond


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Persons whose referral `user` may open; and those without one, in a concern `user` may open.

        Of a restricted child, only through a restricted referral: an earlier one, still open to more readers, shows
        what was written then and not where the child lives now (B15).
        """
        # The tables above this one, by their keys to it: a person knows no referral by import.
        referral, involvement = (
            self.model.referrals.rel.related_model,
            self.model.involvements.rel.related_model,
        )
        referrals = referral.objects.visible_to(user)
        own = Exists(referrals.filter(person=OuterRef("pk"), record__restricted=True)) | (
            Q(record__restricted=False) & Exists(referrals.filter(person=OuterRef("pk")))
        )
        has_referral = Exists(referral.objects.filter(person=OuterRef("pk")))
        in_open_concern = Exists(
            involvement.objects.filter(person=OuterRef("pk"), concern__involvements__referral__in=referrals)
        )
        return self.filter(own | (~has_referral & in_open_concern))


class Person(Recorded):
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    preferred_name = models.CharField(max_length=100, blank=True)
    aliases = models.TextField(blank=True)  # other names the person is known by, one a line
    is_adult = models.BooleanField(default=False)
    born_on = models.DateField(null=True, blank=True)
    birth_precision = models.CharField(max_length=10, choices=BirthPrecision.choices, default=BirthPrecision.UNKNOWN)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.U)
    nhs_number = models.CharField(max_length=10, null=True, blank=True, unique=True)  # noqa: DJ001 (unique: no two empties)
    upn = models.CharField(max_length=13, null=True, blank=True, unique=True)  # noqa: DJ001
    school = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    address_confidential = models.BooleanField(default=False)
    # The authority responsible for the child; empty: this borough.
    other_authority = models.CharField(max_length=120, blank=True)
    looked_after = models.BooleanField(default=False)
    # Of a second record of the same child: the record that stands. When, by whom and why: models.joining.PersonJoin.
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined")
    history = HistoricalRecords()

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_precision=BirthPrecision.UNKNOWN, born_on__isnull=True)
                | (~Q(birth_precision=BirthPrecision.UNKNOWN) & Q(born_on__isnull=False)),
                name="person_birth_known_or_not",
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("record")), name="person_never_joined_to_itself"
            ),
        ]
        indexes = [models.Index(fields=["family_name", "born_on"], name="person_name_born")]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def known_as(self):
        """What the child is called on pages: the preferred name where there is one."""
        if not self.preferred_name:
            return self.full_name
        return f"{self.preferred_name} {self.family_name}".strip()

    @property
    def other_names(self):
        """The other names the person is known by, each as it was typed."""
        return [name for name in map(str.strip, self.aliases.splitlines()) if name]

    @property
    def first_name_only(self):
        return not self.family_name

    @property
    def ours(self):
        """Whether this borough is responsible for the child."""
        return not self.other_authority

    def age_on(self, day: date):
        """Whole years on `day`; None where no date of birth is known or the child is not yet born."""
        if self.born_on is None or self.born_on > day:
            return None
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (0 if had_birthday else 1)


class PersonKey(models.Model):
    """One of the keys a person is found by; normalised in Python, so the same on both databases.

    The key and the person are the row's own key: some forty rows a person carry no number of their own.
    """

    pk = models.CompositePrimaryKey("key", "person_id")
    key = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")

    def __str__(self):
        return self.key
