"""Person: a child or an adult who is known to us. Roles belong to involvements, never to the person (A7)."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from hsb.core.models import Recorded
from referrals.codes import SEND, Absent, Ethnicity, Language, LegalStatus, Responsible, UPNUnknown, not_known_yet
from referrals.states import BirthPrecision, Sex, YesNoUnknown

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
    ethnicity = models.CharField(max_length=4, choices=Ethnicity.choices, default=Ethnicity.NOBT)
    disabilities = models.JSONField(default=not_known_yet)  # codes of codes.Disability
    first_language = models.CharField(max_length=3, choices=Language.choices, default=Language.UNKNOWN)
    language_name = models.CharField(max_length=60, blank=True)  # which other language
    interpreter = models.CharField(max_length=10, choices=YesNoUnknown.choices, default=YesNoUnknown.UNKNOWN)
    send = models.CharField(max_length=1, choices=SEND.choices, default=SEND.U)
    legal_status = models.CharField(max_length=4, choices=LegalStatus.choices, default=LegalStatus.UNKNOWN)
    nhs_number = models.CharField(max_length=10, null=True, blank=True, unique=True)  # noqa: DJ001 (unique: no two empties)
    upn = models.CharField(max_length=13, null=True, blank=True, unique=True)  # noqa: DJ001
    # As it was typed, so that its history is kept with the rest; it is found by core.ExternalId, where each is once.
    local_id = models.CharField(max_length=40, blank=True)
    # Why there is none; empty beside a number, and while nobody has asked.
    upn_unknown = models.CharField(max_length=3, choices=UPNUnknown.choices, blank=True)
    # What holds now; what held before is a row of PastSchool, PastAddress. `..._absent` says what an empty one means.
    school = models.CharField(max_length=200, blank=True)
    school_from = models.DateField(null=True, blank=True)
    school_absent = models.CharField(max_length=10, choices=Absent.choices, default=Absent.UNKNOWN)
    gp = models.CharField(max_length=200, blank=True)
    gp_absent = models.CharField(max_length=10, choices=Absent.choices, default=Absent.UNKNOWN)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    address_confidential = models.BooleanField(default=False)
    address_from = models.DateField(null=True, blank=True)
    address_absent = models.CharField(max_length=10, choices=Absent.choices, default=Absent.UNKNOWN)
    # The council responsible for the child; empty: this borough, or nobody knows.
    other_authority = models.CharField(max_length=120, blank=True)
    authority_unknown = models.BooleanField(default=False)
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
                condition=Q(upn__isnull=True) | Q(upn_unknown=""), name="person_upn_or_why_it_is_unknown"
            ),
            models.CheckConstraint(
                condition=Q(other_authority="") | Q(authority_unknown=False), name="person_council_named_or_not_known"
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("record")), name="person_never_joined_to_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["family_name", "born_on"], name="person_name_born"),
            # Who reaches an age (services.coming_of_age).
            models.Index(fields=["born_on"], condition=Q(is_adult=False), name="person_child_born"),
        ]

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
        """Whether this borough acts for the child: where nobody knows whose it is, for a child who was found here."""
        return not self.other_authority

    @property
    def responsible(self):
        """Which council is responsible, a code of codes.Responsible."""
        if self.other_authority:
            return Responsible.OTHER
        return Responsible.UNKNOWN if self.authority_unknown else Responsible.OURS

    def age_on(self, day: date):
        """Whole years on `day`; None where no date of birth is known or the child is not yet born."""
        if self.born_on is None or self.born_on > day:
            return None
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (0 if had_birthday else 1)


class Past(models.Model):
    """What held of a person up to a day. Only ever added (core.append_only); a day that is not known is empty."""

    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["pk"]


class PastSchool(Past):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="past_schools")
    name = models.CharField(max_length=200)

    class Meta(Past.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="past_school_ends_after_it_began",
            )
        ]

    def __str__(self):
        return f"school of {self.person_id} until {self.until_on}"


class PastAddress(Past):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="past_addresses")
    address = models.CharField(max_length=300)
    postcode = models.CharField(max_length=8, blank=True)
    confidential = models.BooleanField(default=False)

    class Meta(Past.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="past_address_ends_after_it_began",
            )
        ]

    def __str__(self):
        return f"address of {self.person_id} until {self.until_on}"


class PersonKey(models.Model):
    """One of the keys a person is found by; normalised in Python, so the same on both databases.

    The key and the person are the row's own key: some forty rows a person carry no number of their own.
    """

    pk = models.CompositePrimaryKey("key", "person_id")
    key = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")

    def __str__(self):
        return self.key
