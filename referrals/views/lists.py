"""The list of referrals: every number in the product opens it, narrowed to what the number counts."""

from hsb.core.pages import Page
from hsb.people.states import CASE_ROLES
from referrals.selectors.filters import Filters, choices
from referrals.selectors.lists import COLUMNS, PAGE_SIZE, referral_list
from referrals.states import ReferralState

ASKED_BY_FORM = ("state", "category", "side", "team")


class ReferralList(Page):
    template_name = "referrals/list.html"

    def prepare(self):
        self.filters = Filters.of(self.request.GET)
        self.after = self.request.GET.get("after", "")
        self.found = referral_list(self.user, self.filters, self.after)

    def get_title(self):
        return self.found["title"]

    def context(self):
        address = self.filters.address
        more = self.found["next"]
        codes = self.filters.codes
        return {
            "found": self.found,
            "columns": COLUMNS,
            "size": PAGE_SIZE,
            "next_url": _and(address(), f"after={more}") if more else "",
            "first_url": address() if self.after else "",
            "narrow": self._narrow(),
            "choices": choices(self.filters),
            "chosen": any(name in codes for name in ASKED_BY_FORM[1:]),
            "kept": [(name, code) for name, code in codes.items() if name not in ASKED_BY_FORM],
            "plain_url": Filters().address() if codes or self.after else "",
            "works": self.user.has_role(*CASE_ROLES),
        }

    def _narrow(self):
        """Filter links: all open, late only, mine, and each state."""
        filters, plain = self.filters, Filters()
        links = [
            {"text": "All open", "url": plain.address(), "current": filters == plain},
            {"text": "Late", "url": filters.address(late="" if filters.late else "1"), "current": bool(filters.late)},
        ]
        if self.user.has_role(*CASE_ROLES):
            mine = filters.address(mine="" if filters.mine else "1")
            links.append({"text": "Mine", "url": mine, "current": bool(filters.mine)})
        for state in ReferralState:
            links.append(
                {"text": state.label, "url": plain.address(state=state), "current": filters.state == state.value}
            )
        return links


def _and(address, query):
    return f"{address}{'&' if '?' in address else '?'}{query}"
