"""What of a meeting a reader may read: all by a grant on the meeting, else the shared part and their own children's."""

from functools import cached_property

from django.db.models import Exists, OuterRef

from hsb.core.asked_once import marked
from hsb.core.models import Action, Task
from hsb.core.rows_beside import Beside, RowsBeside
from referrals.models import Referral
from referrals.selectors.involved import is_unfounded, side_in_words
from strategy_meetings.models import MinutesAmendment, Seat, StrategyMeeting

# What the pages of a meeting ask of it, read with the meeting itself.
BESIDE = Beside(
    {
        "seats": RowsBeside(Seat.objects.filter(meeting=OuterRef("pk")), ("user",), ("number",)),
        "amendments": RowsBeside(
            MinutesAmendment.objects.filter(meeting=OuterRef("pk")), ("proposed_by", "decided_by"), ("number",)
        ),
        "tasks": RowsBeside(Task.objects.open().filter(record=OuterRef("pk")), ("owner", "team"), ("due_on", "pk")),
        "actions": RowsBeside(
            Action.objects.filter(source=OuterRef("pk"), cancelled_at__isnull=True), ("owner", "source"), ("number",)
        ),
    }
)


def reads_whole(meeting, user):
    """Whether `user` reads every child's part: chair, minute taker, and the chairs who may stand in."""
    return StrategyMeeting.objects.read_whole_by(user).filter(pk=meeting.pk).exists()


class MeetingReading:
    """One meeting as one reader sees it during one request; everything is read once."""

    def __init__(self, meeting, user):
        self.meeting, self.user = meeting, user
        rows = meeting.children.select_related(
            "person__record", "referral__record", "referral__worker", "decision", "nfa_by", "nfa_again"
        ).annotate(
            unfounded=is_unfounded("referral"),
            own=Exists(Referral.objects.visible_to(user).filter(pk=OuterRef("referral"))),
            whole=Exists(StrategyMeeting.objects.read_whole_by(user).filter(pk=OuterRef("meeting"))),
        )
        self.children = [marked(child) for child in rows]
        for referral in [child.referral for child in self.children if child.referral_id is not None]:
            marked(referral)
        self.whole = self.children[0].whole if self.children else reads_whole(meeting, user)
        self._own = {child.referral_id for child in self.children if child.own}

    @cached_property
    def _beside(self):
        """{key of BESIDE: its rows}; a page has read them with the meeting (views.bases.InMeeting)."""
        return BESIDE.of(self.meeting)

    @property
    def seats(self):
        return self._beside["seats"]

    @property
    def amendments(self):
        return self._beside["amendments"]

    @property
    def tasks(self):
        """Open tasks, the first due first."""
        return self._beside["tasks"]

    def actions(self, child):
        """What is agreed for the child and stands, in the order of the numbers."""
        return [action for action in self._beside["actions"] if action.about == str(child.number)]

    def show(self):
        """For a page that only shows: guards and permissions find on the meeting and its children what was read."""
        self.meeting.children_read, self.meeting.seats_read = self.taking_part, self.seats
        self.meeting.amendments_read = self.amendments
        marked(self.meeting.record)
        for child in self.children:
            child.meeting, child.actions_read = self.meeting, self.actions(child)

    @property
    def is_restricted(self):
        """Whether the meeting, or a child in it, is: then only who is named opens it (B15)."""
        in_it = [child.referral for child in self.taking_part if child.referral_id is not None]
        return self.meeting.record.restricted or any(referral.record.restricted for referral in in_it)

    @property
    def taking_part(self):
        return [child for child in self.children if child.taking_part]

    @property
    def left_out(self):
        return [child for child in self.children if not child.taking_part]

    def opens(self, child):
        """Whether the reader may read this child's part."""
        if child.referral_id in self._own:
            return True
        return self.whole and child.taking_part and (child.referral_id is None or self._is_reader)

    @property
    def _is_reader(self):
        """By name: their leave to read the children's referrals ends with their leave to read the meeting."""
        return self.user.pk in (self.meeting.chair_id, self.meeting.minute_taker_id)

    @staticmethod
    def part_of(child):
        """The child's part in words; that the allegation turned out to be unfounded is said."""
        return side_in_words(child.side_now, child.unfounded)

    def opens_referral(self, child):
        return child.referral_id in self._own

    def called(self, child):
        """The child's name, or "Child B" where the reader may not open this child's part."""
        return child.person.known_as if self.opens(child) else self.letter(child)

    @staticmethod
    def letter(child):
        """What a child is called towards those who may not know the name."""
        return f"Child {chr(64 + child.number)}" if child.number <= 26 else f"Child {child.number}"
