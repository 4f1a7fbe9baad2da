"""What a reader may know of the persons of a search (practice.md B8): who is hidden, who has the child."""

from functools import cached_property

from django.db.models import BooleanField, ExpressionWrapper

from hsb.core import access
from hsb.core.fetched import fetch
from hsb.core.models import Record
from referrals.models import Person, Referral
from referrals.states import OPEN


class Rights:
    """Of these persons (keys): their referrals, which of them `user` may open, who is hidden, and their `records`
    ({key: (reference, whether it is restricted)}). Two queries at most.

    Its methods take a person as the dict that the search has read, with what its record says.
    """

    def __init__(self, user, keys):
        self.user, self.keys, self.referrals, self.records = user, keys, {}, {}
        if not keys:
            return
        may_open = ExpressionWrapper(access.readable(user), output_field=BooleanField())
        rows = (
            Referral.objects.filter(person__in=keys)
            .annotate(may_open=may_open)
            .order_by("-received_at", "-pk")
            .values(
                "person", "state", "may_open", "record__reference", "record__restricted", "record__holding_team__name"
            )
        )
        records = Record.objects.filter(pk__in=keys).values_list("pk", "reference", "restricted")
        fetch(rows, records)
        self.records = {key: more for key, *more in records}
        for row in rows:
            self.referrals.setdefault(row["person"], []).append(row)

    def open_ones(self, person):
        return [row for row in self.referrals.get(person["pk"], ()) if row["state"] in OPEN]

    def deciding(self, person):
        """The referrals that say whether the person is restricted: the open ones, and the last one."""
        every = self.referrals.get(person["pk"], [])
        return [row for number, row in enumerate(every) if number == 0 or row["state"] in OPEN]

    def restricted(self, person):
        return person["record__restricted"] or any(row["record__restricted"] for row in self.deciding(person))

    def hides(self, person):
        """Whether the person is restricted and the reader may open none of what makes it so."""
        if not self.restricted(person):
            return False
        if any(row["may_open"] for row in self.deciding(person)):
            return False
        # Known only by a part in somebody's concern: opened, if at all, through that concern.
        return bool(self.deciding(person)) or person["pk"] not in self.opened_by_concern

    @cached_property
    def opened_by_concern(self):
        """Of those without a referral, whom the reader may open; asked only where one of them is restricted."""
        alone = [key for key in self.keys if key not in self.referrals]
        return set(Person.objects.visible_to(self.user).filter(pk__in=alone).values_list("pk", flat=True))

    def open_referral(self, person):
        """The open referral, one that the reader may open before another; None where there is none."""
        return next(iter(sorted(self.open_ones(person), key=lambda row: not row["may_open"])), None)

    def opens(self, person):
        """The referral that the reader may open: the open one, else the last one; None where there is none."""
        shown = self.open_referral(person)
        if shown is not None and shown["may_open"]:
            return shown
        return next((row for row in self.referrals.get(person["pk"], ()) if row["may_open"]), None)
