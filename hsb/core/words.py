"""How days, times and numbers are said on a page: 23 November 2026, 10:30am, due tomorrow, 2 working days late.

Rows are formatted with these before they reach a template; templates use the filters of the same names.
"""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as in_format

from hsb.core import calendar, clock


def day(value):
    """23 November 2026, of a date or of an instant (as London has it); "" for nothing."""
    if not value:
        return ""
    return _of_day(_in_london(value).date() if isinstance(value, datetime) else value)


def _in_london(instant):
    """Nobody is shown another time than the service's own, and to ask which one it is takes as long as a cell."""
    return timezone.localtime(instant, timezone.get_default_timezone())


@lru_cache(maxsize=4096)
def _of_day(value):
    return in_format(value, "j F Y")


def clock_time(value):
    """10:30am, 2pm, midnight or midday, of a time or of an instant; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = _in_london(value)
    if value.minute == 0 and value.hour in {0, 12}:
        return "midday" if value.hour else "midnight"
    hour = value.hour % 12 or 12
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{hour}{minutes}{'am' if value.hour < 12 else 'pm'}"


def instant(value):
    """23 November 2026 at 10:30am, of an aware instant; "" for nothing."""
    return f"{day(value)} at {clock_time(value)}" if value else ""


def count(number, singular, plural=""):
    """1 referral, 14 referrals, no referrals."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{grouped(number) if number else 'no'} {noun}"


def grouped(number):
    """14, 1,204; what is no whole number as it is."""
    return f"{number:,}" if isinstance(number, int) else number


def lower_first(said):
    """The same words inside a sentence: "held on 28 November 2026"."""
    return said[:1].lower() + said[1:]


def due(due_on, today=None):
    """How a deadline stands, in working days: "due tomorrow", "due in 3 working days", "2 working days late".

    Both are dates (an instant is read as its day in London); "" for no deadline.
    """
    if not due_on:
        return ""
    if isinstance(due_on, datetime):
        due_on = _in_london(due_on).date()
    today = today or clock.today()
    if due_on == today:
        return "due today"
    if due_on < today:
        late = calendar.working_days_between(due_on, today)
        return f"{count(late, 'working day')} late" if late else "late since the last working day"
    if (due_on - today).days == 1:
        return "due tomorrow"
    left = calendar.working_days_between(today, due_on)
    return f"due in {count(left, 'working day')}" if left else "due before the next working day"


def age(born_on, on=None):
    """Whole years on a day (today unless told); None where the date of birth is not known."""
    if not born_on:
        return None
    on = on or clock.today()
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def listed(words):
    """a, b and c."""
    *first, last = [str(word) for word in words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def iso(value):
    """For the datetime attribute of a <time> element; "" for nothing."""
    if isinstance(value, datetime):
        return _in_london(value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else ""


def iso_instant(value):
    """An instant for a script, in UTC with seconds; "" for nothing."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if value else ""
