"""Dated settings: the value in force on a day, else the default given here. Every key is listed here."""

from time import monotonic

from django.db import transaction

from hsb.core import clock
from hsb.core.models import Setting

DEFAULTS = {
    # Extra bank holidays, ISO dates.
    "extra_bank_holidays": [],
    # How many category 0 concerns about one child, reported within how many days, ask for a re-rating (section 11).
    "category_0_repeat": 2,
    "category_0_repeat_days": 365,
    # Working days for which the concern's author keeps access after the decision (docs/house.md, Access).
    "author_access_working_days": 10,
    # Hours for which a record that was opened in an emergency stays open.
    "break_glass_hours": 24,
    # Working days for which chair and minute taker keep access after circulation (docs/house.md, Access).
    "meeting_access_working_days": 20,
    # What the borough calls the form to the police, in full and on a tag; the team it goes to, and its mailbox.
    "police_form": "Form 87A",
    "police_form_short": "87A",
    "police_team": "Police child abuse investigation team",
    "police_mailbox": "",
    # What the borough calls a notification of the police about a child ("MERLIN report").
    "police_notification": "Police notification",
    # What the borough calls kinds of marker: {"in_pairs": "Visit with a colleague"}; the others keep our words.
    "marker_labels": {},
    # How many working days before a panel, and at which hour, forms for its agenda end to be collected.
    "panel_cut_off_working_days": 5,
    "panel_cut_off_hour": 17,
    # From this hour on the day's digest goes out; how many working days ahead a task is due soon.
    "digest_hour": 7,
    "remind_working_days": 1,
    # How many days before its last valid day a training's end is told to the managers.
    "training_reminder_days": 30,
    # After how many working days without an entry by its worker a referral stands out on the supervision sheet.
    "stuck_working_days": 10,
}

# Every page asks; the table changes a few times a year. Each process reads it again after this long.
KEEP_SECONDS = 30
_kept = {"at": None, "rows": ()}


def value(key, on=None):
    """The value of `key` on the day `on` (today by default). Raises KeyError for a key nobody declared."""
    found = DEFAULTS[key]
    on = on or clock.today()
    for row_key, from_on, row_value in _rows():
        if row_key == key and from_on <= on:
            found = row_value
    return found


def set_value(key, new, *, from_on, actor):
    """`key` is `new` from the day `from_on`; earlier days keep what they had."""
    if key not in DEFAULTS:
        raise KeyError(key)
    Setting.objects.update_or_create(
        key=key,
        from_on=from_on,
        defaults={"value": new, "set_by": actor, "set_at": clock.now()},
    )
    transaction.on_commit(forget)


def forget():
    """Read the table again at the next question."""
    _kept["at"] = None


def _rows():
    if _kept["at"] is None or monotonic() - _kept["at"] > KEEP_SECONDS:
        _kept["rows"] = tuple(Setting.objects.order_by("from_on").values_list("key", "from_on", "value"))
        _kept["at"] = monotonic()
    return _kept["rows"]
