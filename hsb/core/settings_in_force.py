"""Dated settings: the value in force on a day, else the default given here. Every key is listed here; the local
timescales add theirs (hsb.core.timescales)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.models import Setting, SettingChange
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.remembered import Remembered
from hsb.people.models import User
from hsb.people.states import Role

DAYS, WD, HOURS, HOUR = "days", "working days", "hours", "o'clock"
TEXT, ADDRESS, DATES, LABELS = "words", "an e-mail address", "days of the year", "words for each kind"


@dataclass(frozen=True)
class Declared:
    """A setting as the code knows it. `governs` is what changes with it; a number lies between `least` and `most`, a
    text has at most `most` characters, and at least `least`."""

    default: object
    title: str
    governs: str
    unit: str
    least: int = 0
    most: int = 0
    group: str = "Other"


ACCESS, PANEL, POLICE = "Access to records", "The panel", "What the borough calls things"
REMINDERS, RATING = "Reminders and supervision", "Category 0"
TIMESCALES = "Local timescales"
SETTINGS = {
    "extra_bank_holidays": Declared(
        [],
        "Extra bank holidays",
        "Days that count as no working day, beside the bank holidays of England",
        DATES,
        group="Working days",
    ),
    "category_0_repeat": Declared(
        2,
        "Category 0 more than once",
        "After how many concerns at category 0 about one child the risk is rated again",
        "concerns",
        least=2,
        most=20,
        group=RATING,
    ),
    "category_0_repeat_days": Declared(
        365,
        "Category 0 more than once: within",
        "Within how many days these concerns were reported",
        DAYS,
        least=1,
        most=3650,
        group=RATING,
    ),
    "author_access_working_days": Declared(
        10, "The author keeps access", "How long who logged a concern reads it after the decision", WD, 0, 260, ACCESS
    ),
    "break_glass_hours": Declared(
        24,
        "Opened in an emergency",
        "How long a record that was opened in an emergency stays open",
        HOURS,
        1,
        168,
        ACCESS,
    ),
    "meeting_access_working_days": Declared(
        20,
        "Chair and minute taker keep access",
        "How long chair and minute taker read a meeting's children after the minutes went round",
        WD,
        0,
        260,
        ACCESS,
    ),
    "police_form": Declared("Form 87A", "Form to the police", "Its name in full, on every page", TEXT, 1, 60, POLICE),
    "police_form_short": Declared("87A", "Form to the police, in short", "Its name on a tag", TEXT, 1, 20, POLICE),
    "police_team": Declared(
        "Police child abuse investigation team",
        "Team of the police",
        "To whom the form to the police is addressed",
        TEXT,
        1,
        120,
        POLICE,
    ),
    "police_mailbox": Declared(
        "", "Mailbox of the police", "Stands beside the team of the police", ADDRESS, 0, 200, POLICE
    ),
    "police_notification": Declared(
        "Police notification",
        "Notification of the police",
        "What the police's notification about a child is called, on every page",
        TEXT,
        1,
        60,
        POLICE,
    ),
    "marker_labels": Declared(
        {},
        "Kinds of marker",
        "What a kind of marker is called; the others keep our words",
        LABELS,
        0,
        60,
        POLICE,
    ),
    "panel_cut_off_working_days": Declared(
        5,
        "Forms for the agenda: last day",
        "How long before a panel its forms end to be collected; for panels that are planned from now on",
        WD,
        0,
        60,
        PANEL,
    ),
    "panel_cut_off_hour": Declared(
        17, "Forms for the agenda: last hour", "At which hour of that day they end", HOUR, 0, 23, PANEL
    ),
    "digest_hour": Declared(7, "Daily message", "From which hour on the day's one goes out", HOUR, 0, 23, REMINDERS),
    "remind_working_days": Declared(
        1, "Due soon", "How long before its day a task is named as due soon", WD, 0, 20, REMINDERS
    ),
    "training_reminder_days": Declared(
        30, "Training that ends", "How long before its last valid day a training's end is told", DAYS, 1, 365, REMINDERS
    ),
    "stuck_working_days": Declared(
        10,
        "Nothing recorded",
        "After how long without an entry by its worker a referral stands out on the supervision sheet",
        WD,
        1,
        260,
        REMINDERS,
    ),
}
DEFAULTS = {key: each.default for key, each in SETTINGS.items()}

_rows = Remembered(lambda: Setting.objects.order_by("from_on").values_list("key", "from_on", "value"))
forget = _rows.forget


def value(key, on=None):
    """The value of `key` on the day `on` (today by default). Raises KeyError for a key nobody declared."""
    found = DEFAULTS[key]
    for row_key, from_on, row_value in _rows():
        if row_key == key and from_on <= (on or clock.today()):
            found = row_value
    return found


def declare(key, declared):
    """A setting that another module of the foundation knows best."""
    SETTINGS[key] = declared
    DEFAULTS[key] = declared.default


def problem_with(key, new):
    """The sentence that says why `new` is no value of that setting; "" where it is one."""
    known = SETTINGS[key]
    if type(new) is not type(known.default):
        return f"{known.title} is of another kind"
    if isinstance(new, int) and not known.least <= new <= known.most:
        return f"{known.title} must be a whole number from {known.least} to {known.most}"
    if isinstance(new, str) and not known.least <= len(new.strip()) <= known.most:
        return f"{known.title} must have {known.least} to {known.most} characters"
    if known.unit == ADDRESS and new and not _is_address(new):
        return f"{known.title} must be an e-mail address, like name@example.org"
    if known.unit == DATES and not all(_is_day(each) for each in new):
        return f"{known.title} must be days like 2026-12-28"
    if known.unit == DATES and (problem := _problem_with_days(new)):
        return f"{known.title}: {problem}"
    if known.unit == LABELS and not all(isinstance(each, str) and 0 < len(each) <= known.most for each in new.values()):
        return f"{known.title} must have 1 to {known.most} characters each"
    return ""


MOST_DAYS_A_YEAR = 10


def _problem_with_days(new):
    """Statutory clocks count working days: a few days around now, and no more, can be taken out of them."""
    days = [date.fromisoformat(each) for each in new]
    this_year = clock.today().year
    if any(day.weekday() >= 5 for day in days):
        return "a Saturday or a Sunday is no working day already"
    if any(not this_year - 1 <= day.year <= this_year + 3 for day in days):
        return f"each day must lie between {this_year - 1} and {this_year + 3}"
    years = Counter(day.year for day in set(days))
    if years and max(years.values()) > MOST_DAYS_A_YEAR:
        return f"there are {MOST_DAYS_A_YEAR} days a year at most"
    return ""


def _is_day(text):
    try:
        return isinstance(text, str) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_address(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


@transaction.atomic
def change(key, new, *, actor, reason, version):
    """An administrator changes a setting from today on. `version` is how many changes of it they had seen.

    Raises Denied, NotReady (no reason, or no value of it), and Changed where somebody else was first.
    """
    fresh = User.objects.select_for_update().get(pk=actor.pk)
    if not (fresh.is_active and fresh.has_role(Role.ADMINISTRATOR)):
        raise Denied
    if not reason.strip():
        raise NotReady("Say why it is changed.")
    if problem := problem_with(key, new):
        raise NotReady(problem)
    if version != changes(key):
        raise _changed(key)
    try:
        with transaction.atomic():
            set_value(key, new, from_on=clock.today(), actor=fresh, reason=reason)
    except IntegrityError:
        raise _changed(key) from None


def _changed(key):
    last = SettingChange.objects.filter(key=key).select_related("by").last()
    return Changed(
        reference=SETTINGS[key].title,
        version=last.number,
        who=last.by.name if last.by else "",
        when=last.at,
        now={"value": in_words(key, last.value)},
    )


def changes(key):
    """How often the setting was changed."""
    last = SettingChange.objects.filter(key=key).last()
    return last.number if last else 0


def in_words(key, said):
    """A value as it is read on a page, with its unit."""
    known = SETTINGS[key]
    if isinstance(said, list):
        return ", ".join(said) or "None"
    if isinstance(said, dict):
        return "; ".join(f"{code}: {words}" for code, words in said.items()) or "Our words"
    if isinstance(said, str):
        return said or "None"
    if known.unit == HOUR:
        return f"{said:02}:00"
    if said == 0 and known.group == TIMESCALES:
        return "The same day"
    return f"{said} {known.unit[:-1] if said == 1 else known.unit}"


@transaction.atomic
def set_value(key, new, *, from_on, actor, reason=""):
    """`key` is `new` from the day `from_on`; earlier days keep what they had. What stood, and why, is kept for ever."""
    if key not in DEFAULTS:
        raise KeyError(key)
    was = _value_in_table(key, from_on)
    Setting.objects.update_or_create(
        key=key,
        from_on=from_on,
        defaults={"value": new, "set_by": actor, "set_at": clock.now()},
    )
    SettingChange.objects.create(
        key=key,
        number=changes(key) + 1,
        was=was,
        value=new,
        from_on=from_on,
        reason=reason,
        by=actor,
        at=clock.now(),
    )
    transaction.on_commit(forget)


def _value_in_table(key, on):
    """What is in force on the day, asked of the table itself: another process may have changed it just now."""
    row = Setting.objects.filter(key=key, from_on__lte=on).order_by("from_on").last()
    return row.value if row else DEFAULTS[key]
