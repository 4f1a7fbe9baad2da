"""The tabs of a case that only show: overview, who looked. The chronology: referrals.views.chronology."""

from django.utils.http import urlencode

from referrals.selectors.looks import SHARED_COLUMNS, looks, shared
from referrals.selectors.overview import overview
from referrals.selectors.reading import what_hangs_with
from referrals.views.bases import CasePage


class CaseOverview(CasePage):
    template_name = "referrals/case_overview.html"
    title = "Overview"
    looked_at_as = "overview"
    tab = "overview"
    beside = staticmethod(what_hangs_with("category_decisions", "threshold_decisions", "agreed"))

    def context(self):
        return {**super().context(), "overview": overview(self.referral, self.user)}


class KeysetTab(CasePage):
    """A tab that is a long list: `page_of` reads one page, `?before=` says where the last one ended.

    Where it can be read the other way round `place_is_called` something else; `kept` is what its links keep.
    """

    holds = ""
    place_is_called = "before"

    def page_of(self, place):
        raise NotImplementedError

    def kept(self):
        return {}

    def address(self, **asked):
        """This page, narrowed as it is unless told otherwise."""
        query = urlencode({name: value for name, value in (self.kept() | asked).items() if value})
        return f"{self.request.path}?{query}" if query else self.request.path

    def context(self):
        found = self.page_of(self.request.GET.get(self.place_is_called, ""))
        return {
            **super().context(),
            self.holds: found,
            "next_url": self.address(**{self.place_is_called: found["next"]}) if found["next"] else "",
            "first_url": "" if found["first"] else self.address(),
        }


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
