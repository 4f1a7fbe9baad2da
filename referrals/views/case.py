"""The tabs of a case that only show: overview, chronology, who looked."""

from referrals.views.bases import CasePage


class CaseOverview(CasePage):
    template_name = "referrals/case_overview.html"
    title = "Overview"
    looked_at_as = "overview"
    tab = "overview"
