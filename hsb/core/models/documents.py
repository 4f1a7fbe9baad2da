"""Document: a file that was made from a record, as it went out: kept whole, never changed (B4, B11)."""

from django.db import models

from hsb.core.models.records import Record


class Document(models.Model):
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="documents")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    # Whom of several it is about: the child's number in a meeting; empty where it is about all.
    about = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    marking = models.CharField(max_length=100)
    # Under a random name in the store; the digest says whether it is still the file that was made.
    stored_name = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    accessible = models.BooleanField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # The form that made it: a double click makes one document.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["record", "number"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="document_number_once")]

    def __str__(self):
        return f"Document {self.number} of {self.record_id}"

    @property
    def reference(self):
        return f"{self.record.reference}-D{self.number}"
