"""Entry: every verb leaves one, chained per record. The database itself refuses to change or delete one."""

from django.db import models

from hsb.core.models.records import Record
from hsb.core.written import ComposedOnce


class Entry(ComposedOnce, models.Model):
    # The index of its constraint begins with it.
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    # Nobody asks for entries by their writer alone: those of a record are few.
    actor = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(blank=True)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    pathway_version = models.CharField(max_length=20, blank=True)
    # Codes, references, dates and digests of what changed: never a name or free text about a child.
    facts = models.JSONField(default=dict)
    # Over all this and the digest of the entry before it.
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["record_id", "number"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="entry_number_once")]

    def __str__(self):
        return f"{self.record_id}/{self.number} {self.verb}"
