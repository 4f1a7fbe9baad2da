"""Record: one small row per thing that has a life of its own. Everything else hangs on it by a real key."""

from django.db import models
from django.db.models import F, Q

from hsb.core.states import REFERENCE_PREFIX, RecordKind
from hsb.core.written import ComposedOnce


class ReferenceCounter(models.Model):
    """The last number given, per prefix and year."""

    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="reference_counter_once")]

    def __str__(self):
        return f"{self.prefix}-{self.year}"

    @classmethod
    def next_reference(cls, prefix, year):
        """The next free reference, `HSB-2026-00042`. Call inside the transaction that uses it."""
        cls.objects.get_or_create(prefix=prefix, year=year)
        cls.objects.filter(prefix=prefix, year=year).update(last=F("last") + 1)
        last = cls.objects.values_list("last", flat=True).get(prefix=prefix, year=year)
        return f"{prefix}-{year}-{last:05d}"


class RecordManager(models.Manager):
    def open(self, kind, *, at, holding_team=None, restricted=False):
        """A new record of `kind`, numbered in the year of `at`, with an empty journal."""
        reference = ReferenceCounter.next_reference(REFERENCE_PREFIX[kind], at.year)
        return self.create(
            reference=reference, kind=kind, holding_team=holding_team, restricted=restricted, opened_at=at
        )

    def locked(self):
        """Records that are locked as they are read. Their keys never change: what only names one, as the log of who
        looked does at the end of a page, need not wait for the verb that holds it."""
        return self.select_for_update(no_key=True)


class Record(ComposedOnce, models.Model):
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=RecordKind.choices)
    holding_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+")
    restricted = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    # Head of the journal's chain: how many entries, and the hash of the last one.
    entry_count = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    objects = RecordManager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "holding_team"], name="record_kind_team"),
            # The few that lists leave out for whoever reads all that is not restricted; with the key, so that no row is
            # read for it.
            models.Index(fields=["kind", "id"], condition=Q(restricted=True), name="record_restricted"),
        ]

    def __str__(self):
        return self.reference


class Recorded(ComposedOnce, models.Model):
    """A noun with a life of its own: it shares its key with its Record."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, primary_key=True)
    version = models.PositiveIntegerField(default=1)
    hangs_on = ""  # its record is its own (hsb.core.door.Doored)

    class Meta:
        abstract = True

    def __str__(self):
        return self.record.reference

    @property
    def reference(self):
        return self.record.reference

    @classmethod
    def at(cls, reference):
        """The queryset of the one row that `reference` names."""
        return cls.objects.select_related("record").filter(record__reference=reference)


class ExternalId(models.Model):
    """A record's number in another system (the borough's main case system, a school's)."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="external_ids")
    system = models.CharField(max_length=40)
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="external_id_once_per_system")]
        # A number is searched for without saying whose it is.
        indexes = [models.Index(fields=["value"], name="external_id_value")]

    def __str__(self):
        return f"{self.system} {self.value}"
