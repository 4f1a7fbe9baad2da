"""Working days: Monday to Friday without England's bank holidays (practice.md A19).

Bank holidays come from the pinned list of govuk-bank-holidays (no network) and from the dated setting
`extra_bank_holidays` (a list of ISO dates), because extra ones happen and the list ends one day.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from hsb.core import settings_in_force

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@cache
def _published():
    return frozenset(
        h["date"] for h in BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    )


def horizon():
    """The last published bank holiday: after it every weekday counts, which the system check warns of."""
    return max(_published())


def bank_holidays():
    """Every bank holiday we know of: published, and added by the administrator."""
    extra = settings_in_force.value("extra_bank_holidays")
    return _published() | {date.fromisoformat(day) for day in extra} if extra else _published()


def is_working_day(day, holidays=None):
    return day.weekday() < SATURDAY and day not in (bank_holidays() if holidays is None else holidays)


def add_working_days(start, n):
    """The n-th working day strictly after `start` (day 0), before it where n is negative.

    `start` may itself be a weekend day or holiday; n = 0 gives `start` back.
    """
    holidays = bank_holidays()
    step = ONE_DAY if n > 0 else -ONE_DAY
    day = start
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, holidays):
            day += step
    return day


def working_days_between(a, b):
    """How many working days lie after `a`, up to and with `b`; negative when `b` is before `a`."""
    if b < a:
        return -working_days_between(b, a)
    return _between(a, b, bank_holidays())


@lru_cache(maxsize=4096)
def _between(a, b, holidays):
    days = (a + ONE_DAY * k for k in range(1, (b - a).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def months_after(day, n):
    """The same day of the month `n` months later; where that month has no such day, the first of the next.

    As an age is counted: whoever was born on 29 February is a year older on 1 March.
    """
    year, month = _month(day, n)
    if day.day <= monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(*_month(date(year, month, 1), 1), 1)


def months_before(day, n):
    """The last day from which `n` months have passed on `day`: `months_after(it, n) <= day`, and of no later one."""
    year, month = _month(day, -n)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _month(day, n):
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return year, month + 1
