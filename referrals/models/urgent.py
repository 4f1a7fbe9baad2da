"""What never queues behind paper: immediate protection, calls to the police; and what was disclosed."""

from django.db import models

from referrals.models.referrals import Referral


class Protection(models.Model):
    """Immediate protection: what was done, when, who was told. Needs nobody's approval (B3)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="protections")
    what = models.TextField()
    done_on = models.DateField()
    done_at = models.TimeField(null=True, blank=True)
    who_was_told = models.TextField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    followed_up_on = models.DateField(null=True, blank=True)
    followed_up_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    follow_up = models.TextField(blank=True)
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"Protection {self.done_on}"


class PoliceCall(models.Model):
    """A telephone call to the police, 999 or other: who was spoken to, what they said."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="police_calls")
    emergency = models.BooleanField()
    called_on = models.DateField()
    called_at = models.TimeField(null=True, blank=True)
    spoke_to = models.CharField(max_length=200)
    police_reference = models.CharField(max_length=60, blank=True)
    what_was_said = models.TextField()
    advice = models.TextField(blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"Police called {self.called_on}"


class Disclosure(models.Model):
    """What was shared, with whom, why, on what basis; decisions not to share too (B21)."""

    record = models.ForeignKey("core.Record", on_delete=models.PROTECT, related_name="disclosures")
    shared = models.BooleanField(default=True)
    what = models.TextField()
    to_whom = models.CharField(max_length=200)
    why = models.TextField()
    basis = models.CharField(max_length=200)
    consent = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"To {self.to_whom}"
