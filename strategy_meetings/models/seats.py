"""Seat: somebody of the network who is asked to the meeting, and whether they came (A12)."""

from django.db import models

from strategy_meetings.models.meetings import StrategyMeeting
from strategy_meetings.states import SeatRole, SeatState


class Seat(models.Model):
    meeting = models.ForeignKey(StrategyMeeting, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=SeatRole.choices)
    agency = models.CharField(max_length=200, blank=True)
    # A user of ours, or a name.
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SeatState.choices, default=SeatState.EXPECTED)
    # Named from who has a child, and edited by nobody since: then it follows which children are in the meeting.
    filled_in = models.BooleanField(default=False)
    report_received = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    # The form that added it: a double click asks somebody once.
    once = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="seat_number_once")]

    def __str__(self):
        return f"{self.get_role_display()} of {self.meeting_id}"

    @property
    def who(self):
        """Who sits there, in words; "" where nobody is named yet."""
        return self.user.name if self.user_id else self.name
