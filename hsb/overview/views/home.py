"""Home is the customer's flowchart, with the reader's own live counts."""

from hsb.core.pages import Page
from hsb.core.riding import riding
from hsb.overview.frame import CASE_READERS
from hsb.people.states import CASE_ROLES
from panels.selectors import mapping
from panels.selectors.lists import chart_lines, chart_questions
from referrals.selectors.boxes import chart_counts
from referrals.selectors.flowchart import chart


class Home(Page):
    template_name = "overview/home.html"
    title = "Harmful sexual behaviour workflow"

    def context(self):
        counted = self.user.has_role(*CASE_READERS)
        with riding(*chart_questions(self.user)):
            counts = chart_counts(self.user) | mapping.counts(self.user) if counted else None
            more = {"panel": chart_lines(self.user)}
        return {
            "chart": chart(counts=counts, more=more),
            "counted": counted,
            "counted_above": any(more.values()),
            "belongs": bool(self.user.current_memberships()),
            "may_log": self.user.has_role(*CASE_ROLES),
        }
