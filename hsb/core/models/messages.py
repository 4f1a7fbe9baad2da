"""Message: what must be told to somebody, written before it is sent; Reminder: for which task, and why (B14)."""

from datetime import date

from django.db import models
from django.db.models import Q, TextChoices

from hsb.core.models.work import Task


class What(TextChoices):
    DIGEST = "digest", "What is due"
    AT_ONCE = "at_once", "To be done today"
    AGENDA = "agenda", "The panel's agenda"
    MINUTES = "minutes", "The panel's minutes"
    BREAK_GLASS = "break_glass", "A record was opened in an emergency"
    ACCESS = "access", "Your request for access was answered"
    LEAVER = "leaver", "A caseload is to be given to others"
    TRAINING = "training", "A recorded training ends soon"


# What a panel sends round by link: `about` is what `agenda_called` says.
ROUNDS = (What.AGENDA, What.MINUTES)
# What is told without a task that is to be done: `about` says what of.
BY_THEMSELVES = (*ROUNDS, What.BREAK_GLASS, What.ACCESS, What.LEAVER, What.TRAINING)


class Why(TextChoices):
    DUE_SOON = "due_soon", "Due soon"
    OVERDUE = "overdue", "Late"
    OVERDUE_MANAGER = "overdue_manager", "Late in your team"
    AT_ONCE = "at_once", "To be done today"


class Message(models.Model):
    """One message to one user. It is sent once: whoever sends it holds it by a lease first."""

    what = models.CharField(max_length=20, choices=What.choices)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="messages")
    on = models.DateField()
    # Tells the messages of one day apart: the task's key; of an agenda or minutes what agenda_called says; of a record
    # opened in an emergency its reference, with a number where it was opened more than once; of a request for access
    # the record's reference and the request's number; of a leaver theirs; of a
    # training whose it is and the tool, and `on` is its last valid day.
    about = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "user", "on", "about"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(sent_at__isnull=True), name="message_to_send"),
            models.Index(fields=["user", "-made_at"], name="message_of_user"),
        ]

    def __str__(self):
        return f"{self.what} to {self.user_id} on {self.on}"

    @property
    def agenda(self):
        """(reference of the panel, version, day of the panel or None) of a message about an agenda or minutes."""
        called, _, day = self.about.partition(" ")
        reference, _, version = called.rpartition("-")
        return reference, version, date.fromisoformat(day) if day else None


def agenda_called(reference, version, day):
    """`about` of a message that tells of an agenda, or of minutes: of the same version for another day somebody is told
    again."""
    return f"{reference}-{version} {day.isoformat()}"


class Reminder(models.Model):
    """A task in a message: once per task, reason, person and day."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reminders")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=20, choices=Why.choices)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "kind", "user", "on"], name="reminder_once")]

    def __str__(self):
        return f"{self.kind} of {self.task_id}"
