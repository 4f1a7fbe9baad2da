"""Floor 2's tables, one module a subject."""

from strategy_meetings.models.amendments import MinutesAmendment
from strategy_meetings.models.children import ChildConsidered
from strategy_meetings.models.intel import IntelChild, IntelEntry, IntelForm, Theme
from strategy_meetings.models.meetings import StrategyMeeting
from strategy_meetings.models.papers import PaperFate
from strategy_meetings.models.seats import Seat

__all__ = [
    "ChildConsidered",
    "IntelChild",
    "IntelEntry",
    "IntelForm",
    "MinutesAmendment",
    "PaperFate",
    "Seat",
    "StrategyMeeting",
    "Theme",
]
