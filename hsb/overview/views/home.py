"""Home is the customer's flowchart, with the reader's own live counts."""

from hsb.core.pages import Page
from hsb.overview.frame import CASE_READERS
from hsb.overview.selectors.work import tile
from hsb.people.states import CASE_ROLES
from referrals.selectors.flowchart import chart, chart_counts

# What comes before the chart's first row, and those it has no column for.
BEFORE_THE_CHART = (
    ("received", "received"),
    ("assessing", "being assessed"),
    ("deciding", "awaiting a decision"),
    ("category-none", "no category yet"),
    ("harmed", "were harmed: no category, a plan of their own"),
    ("category-not-hsb", "may be developmentally expected"),
)


class Home(Page):
    template_name = "overview/home.html"
    title = "Harmful sexual behaviour workflow"

    def context(self):
        counts = chart_counts(self.user) if self.user.has_role(*CASE_READERS) else None
        return {
            "rows": chart(counts=counts),
            "counts": counts,
            "tiles": [tile(label=label, **counts[code]) for code, label in BEFORE_THE_CHART] if counts else [],
            "may_log": self.user.has_role(*CASE_ROLES),
        }
