"""The open referrals that a manager may open, counted once for all that Team work says of them."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Q

from hsb.core import clock
from referrals.selectors.filters import NO_CATEGORY, WAITING, WAITS, Filters
from referrals.selectors.listed import Listed


class Alike(NamedTuple):
    """`number` referrals that are alike in what is counted; `waits` are keys of WAITING, `waited` of WAITS; `worker`
    and `team` (that holds them) are keys."""

    number: int
    category: str
    worker: int | None
    team: int | None
    police_outstanding: bool
    late: bool
    waits: list
    waited: list


class OpenReferrals:
    """Asked in one question; `alike` are its rows."""

    def __init__(self, user):
        listed = Listed(user)
        self.alike = [_alike(number, *row) for row, number in listed.grouped(*_columns(listed), **_flags())]

    @staticmethod
    def asking(user):
        """The Question of it."""
        listed = Listed(user)
        return listed.asking_grouped(*_columns(listed), **_flags())

    @property
    def late(self):
        return sum(each.number for each in self.alike if each.late)

    @property
    def police_outstanding(self):
        return sum(each.number for each in self.alike if each.police_outstanding)

    def of_workers(self):
        """{key of a worker: (how many they have, how many of them are late)}."""
        carried, late = Counter(), Counter()
        for each in self.alike:
            carried[each.worker] += each.number
            late[each.worker] += each.number if each.late else 0
        return {worker: (number, late[worker]) for worker, number in carried.items()}

    def left_behind(self, teams, seats):
        """{key of a worker: how many referrals that `teams` hold they have} of those who work there no more: `seats`
        are (worker, team)."""
        found = Counter()
        for each in self.alike:
            if each.worker and each.team in teams and (each.worker, each.team) not in seats:
                found[each.worker] += each.number
        return found

    def waiting(self, code):
        """Of those that wait (a key of WAITING): (how many there are by category and key of WAITS, and by category and
        ""; how many there are; how many of them are late)."""
        cells, total, late = Counter(), 0, 0
        for each in self.alike:
            if code in each.waits:
                total += each.number
                late += each.number if each.late else 0
                for since in ("", *each.waited):
                    cells[each.category or NO_CATEGORY, since] += each.number
        return cells, total, late


def _columns(listed):
    return "category", "worker", listed.team, "police_outstanding"


def _flags():
    return {
        "late": Q(next_due_on__lt=clock.today()),
        **{f"waits_for_{code}": which for code, (which, _) in WAITING.items()},
        **{f"waited_{code}": Filters.waited_q(code) for code in WAITS},
    }


def _alike(number, category, worker, team, police_outstanding, late, *flags):
    waits, waited = _named(WAITING, flags[: len(WAITING)]), _named(WAITS, flags[len(WAITING) :])
    return Alike(number, category, worker, team, police_outstanding, late, waits, waited)


def _named(codes, flags):
    return [code for code, holds in zip(codes, flags, strict=True) if holds]
