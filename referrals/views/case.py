"""The tabs of a case that only show: overview, chronology, who looked."""

from django.utils.http import urlencode

from referrals.selectors.chronology import chronology
from referrals.selectors.looks import SHARED_COLUMNS, looks, shared
from referrals.selectors.overview import overview
from referrals.views.bases import CasePage


class CaseOverview(CasePage):
    template_name = "referrals/case_overview.html"
    title = "Overview"
    looked_at_as = "overview"
    tab = "overview"

    def context(self):
        return {**super().context(), "overview": overview(self.referral, self.user)}


class KeysetTab(CasePage):
    """A tab that is a long list: `page_of` reads one page, `?before=` says where the last one ended."""

    holds = ""

    def page_of(self, before):
        raise NotImplementedError

    def context(self):
        found = self.page_of(self.request.GET.get("before", ""))
        following = f"{self.request.path}?{urlencode({'before': found['next']})}" if found["next"] else ""
        return {
            **super().context(),
            self.holds: found,
            "next_url": following,
            "first_url": "" if found["first"] else self.request.path,
        }


class CaseChronology(KeysetTab):
    template_name = "referrals/case_chronology.html"
    title = "Chronology"
    looked_at_as = "chronology"
    tab = "chronology"
    holds = "chronology"

    def page_of(self, before):
        return chronology(self.referral, before)


class WhoLooked(KeysetTab):
    template_name = "referrals/case_looks.html"
    title = "Who looked"
    looked_at_as = "who_looked"
    tab = "looks"
    holds = "looks"

    def page_of(self, before):
        return looks(self.referral.pk, before)

    def context(self):
        return {
            **super().context(),
            "head": ["Who", "When", "Page"],
            "shared_columns": SHARED_COLUMNS,
            "shared": shared(self.referral),
        }
