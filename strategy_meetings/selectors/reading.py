"""What of a meeting a reader may read: all by a grant on the meeting, else the shared part and their own children's."""

from hsb.core.asked_once import marked
from referrals.models import Referral
from referrals.selectors.involved import is_unfounded, side_in_words
from strategy_meetings.models import StrategyMeeting


def reads_whole(meeting, user):
    """Whether `user` reads every child's part: chair, minute taker, and the chairs who may stand in."""
    return StrategyMeeting.objects.read_whole_by(user).filter(pk=meeting.pk).exists()


class MeetingReading:
    """One meeting as one reader sees it during one request; everything is read once."""

    def __init__(self, meeting, user):
        self.meeting, self.user = meeting, user
        self.whole = reads_whole(meeting, user)
        rows = meeting.children.select_related(
            "person__record", "referral__record", "referral__worker", "decision", "nfa_by", "nfa_again"
        )
        self.children = [marked(child) for child in rows.annotate(unfounded=is_unfounded("referral"))]
        keys = [child.referral_id for child in self.children if child.referral_id]
        self._own = set(Referral.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))

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
