"""Walking through a list by its pages while others put rows in; called in the serving process, and taken back."""

from collections import Counter
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.db.models import F

from bench import pages
from bench.serving import house
from hsb.core import clock
from hsb.core.access import live
from hsb.core.models import AccessGrant, Record
from hsb.people.models import User
from referrals.models import Referral
from referrals.states import ENDED, OPEN

BETWEEN = 3  # rows that come in between two pages


def walk(email, url, most):
    """{"pages", "seen", "came", "skipped", "repeated", "offset_skipped", "offset_repeated"} of walking at most `most`
    pages of the list at `url`, three rows put in before each.

    `skipped` and `repeated` are of the rows that stood in the list from the beginning, up to where the walk came; the
    same of a list by OFFSET, which sees the same rows come.
    """
    # Before the transaction: Django's own browser leaves connections to be closed after each request.
    house().cookie(email)
    with _taken_back():
        return _Walk(User.objects.get(email=email), url).go(most)


@contextmanager
def _taken_back():
    """One transaction around several requests, undone at the end. A request would close a connection that is in one.
    Whoever signs in inside is signed out again."""
    signals, signed_in = (request_started, request_finished), dict(house().signed_in)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        house().signed_in = signed_in
        for signal in signals:
            signal.connect(close_old_connections)


class _Walk:
    def __init__(self, user, url):
        self.user, self.url = user, url
        self.ended = "state=closed" in url
        self.at_first = self._in_order()
        self.came = 0

    def _in_order(self, start=0, size=None):
        found = Referral.objects.visible_to(self.user)
        if self.ended:
            found = found.filter(state=ENDED[0]).order_by("-pk")
        else:
            found = found.filter(state__in=OPEN).order_by(F("next_due_on").asc(nulls_last=True), "pk")
        end = None if size is None else start + size
        return list(found.values_list("record__reference", flat=True)[start:end])

    def go(self, most):
        by_key, by_offset = [], []
        url, walked = self.url, 0
        while url and walked < most:
            self._put_in()
            html = pages.body(_Here(), self.user.email, url)
            by_key += pages.references(html)
            by_offset += self._in_order(start=walked * pages.SIZE, size=pages.SIZE)
            url = pages.next_page(html)
            walked += 1
        return {
            "pages": walked,
            "seen": len(by_key),
            "came": self.came,
            **dict(zip(("skipped", "repeated"), self._faults(by_key, url), strict=True)),
            **dict(zip(("offset_skipped", "offset_repeated"), self._faults(by_offset, url), strict=True)),
        }

    def _faults(self, seen, more):
        """(skipped, repeated) among the rows that were there at first, up to the last of them that was seen."""
        counted = Counter(seen)
        repeated = sum(number - 1 for number in counted.values())
        until = self.at_first
        if more:
            last = max(place for place, reference in enumerate(self.at_first) if reference in counted)
            until = self.at_first[: last + 1]
        return sum(reference not in counted for reference in until), repeated

    def _put_in(self):
        """Three copies of rows that the reader may open, with all leave that there is to them: among the first, the
        middle and the last."""
        places = (0, len(self.at_first) // 2, len(self.at_first) - 1)
        for place in places[:BETWEEN]:
            self._copy(self.at_first[place])

    def _copy(self, reference):
        self.came += 1
        row = Referral.objects.get(record__reference=reference)
        old = row.record
        record = Record.objects.create(
            reference=f"HSB-2999-{self.came:05d}",
            kind=old.kind,
            holding_team=old.holding_team,
            restricted=old.restricted,
            opened_at=clock.now(),
        )
        leave = list(AccessGrant.objects.filter(live(), record=old))
        row.record, row.pk = record, record.pk
        Referral.objects.bulk_create([row])
        for grant in leave:
            grant.pk, grant.record = None, record
        AccessGrant.objects.bulk_create(leave)


class _Here:
    """The house of this process, with the face of the parent's half."""

    def page(self, user, url):
        return house().page(user, url)
