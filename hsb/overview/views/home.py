"""Home is the customer's flowchart, with the reader's own live counts."""

from hsb.core.pages import Page
from hsb.overview.frame import CASE_READERS
from hsb.people.states import CASE_ROLES
from referrals.selectors.boxes import chart_counts
from referrals.selectors.flowchart import chart


class Home(Page):
    template_name = "overview/home.html"
    title = "Harmful sexual behaviour workflow"

    def context(self):
        counted = self.user.has_role(*CASE_READERS)
        return {
            "chart": chart(counts=chart_counts(self.user) if counted else None),
            "counted": counted,
            "belongs": bool(self.user.current_memberships()),
            "may_log": self.user.has_role(*CASE_ROLES),
        }
