"""Who looked at a panel, at an intel form: every page and paper that somebody opened, and every refusal."""

from django.http import Http404
from django.utils.http import urlencode

from hsb.core.pages import Page
from panels.permissions import PANEL_READERS
from panels.views.bases import PanelPage
from panels.views.sifting import InForm
from referrals.selectors.looks import looks


class Looks:
    """One page of looks; `?before=` says where the last one ended."""

    title = "Who looked"
    looked_at_as = "who_looked"

    def context(self):
        found = looks(self.record.pk, self.request.GET.get("before", ""))
        following = f"{self.request.path}?{urlencode({'before': found['next']})}" if found["next"] else ""
        return {
            **super().context(),
            "head": ("Who", "When", "Page"),
            "looks": found,
            "next_url": following,
            "first_url": "" if found["first"] else self.request.path,
        }


class WhoLooked(Looks, PanelPage):
    """Of coordinators and auditors: whoever else sits on the panel reads its agenda, and not who read it."""

    template_name = "panels/looks.html"

    def prepare(self, reference):
        super().prepare(reference=reference)
        if not self.user.has_role(*PANEL_READERS):
            raise Http404


class WhoLookedAtForm(Looks, InForm, Page):
    template_name = "panels/sift_looks.html"
