"""Pages that show: the list, the meeting, a case's meetings."""

from hsb.core.pages import Page
from referrals.views.bases import CasePage
from strategy_meetings.selectors import lists
from strategy_meetings.selectors.intel_pages import intel_of_referral
from strategy_meetings.selectors.meeting import overview
from strategy_meetings.views.bases import MeetingPage


class Meetings(Page):
    """A chair's and a minute taker's start page; everybody else's list of the meetings about their children."""

    template_name = "strategy_meetings/list.html"
    title = "Strategy meetings"

    def context(self):
        return lists.meetings_page(self.user)


class OfReferral(CasePage):
    template_name = "strategy_meetings/of_referral.html"
    title = "Meetings"
    looked_at_as = "meetings"
    tab = "meetings"

    def context(self):
        return {
            **super().context(),
            "found": {**lists.of_referral(self.referral, self.user), **intel_of_referral(self.referral, self.user)},
        }


class Meeting(MeetingPage):
    template_name = "strategy_meetings/meeting.html"
    looked_at_as = "meeting"

    def get_title(self):
        return self.meeting.get_kind_display()

    def context(self):
        return {**super().context(), "overview": self.as_read(overview(self.reading))}
