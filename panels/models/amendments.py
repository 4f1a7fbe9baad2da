"""ItemAmendment: what is corrected in the minutes of an item, by two people. What the minutes said stays (B10)."""

from django.db import models
from django.db.models import F, Q

from panels.models.agenda import AgendaItem
from panels.models.sifting import said


class ItemAmendment(models.Model):
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    reason = models.TextField()
    written_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # The second person, of those who were there: a user of ours, or a name with an agency.
    agreed_user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_name = models.CharField(max_length=200, blank=True)
    agreed_agency = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField()
    at = models.DateTimeField()
    # The form that made it: a double click amends once.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_amendment_number_once"),
            models.CheckConstraint(
                condition=~Q(agreed_name="") | (Q(agreed_user__isnull=False) & ~Q(agreed_user=F("written_by"))),
                name="item_amendment_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(text=""), name="item_amendment_has_its_reason"),
        ]

    def __str__(self):
        return f"Amendment {self.number} of {self.item_id}"

    @property
    def agreed(self):
        """Who agreed it, in words."""
        return said(self.agreed_user, self.agreed_name, self.agreed_agency)
