"""What keeps the service running: settings with a first day, and the pulse of worker and beat."""

from django.db import models


class Setting(models.Model):
    """A setting's value from a day on; the latest one that has begun is in force, the code's default before."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    from_on = models.DateField()
    set_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "from_on"], name="setting_once_a_day")]

    def __str__(self):
        return f"{self.key} from {self.from_on}"


class SettingChange(models.Model):
    """One change of a setting: from what to what, from which day, by whom and why. The database only adds to it."""

    key = models.CharField(max_length=60)
    # Counted on by each setting: two who change it at once, and one is told.
    number = models.PositiveIntegerField()
    was = models.JSONField()
    value = models.JSONField()
    from_on = models.DateField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="setting_change_number")]

    def __str__(self):
        return f"Change {self.number} of {self.key}"


class Heartbeat(models.Model):
    """The last time a process was seen to work: `worker` or `beat`."""

    process = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.process
