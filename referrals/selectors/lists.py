"""Lists of referrals: keyset pages, rows formatted before the template."""

from datetime import date

from django.db.models import BigIntegerField, DateField, Q

from hsb.core import clock, words
from hsb.core.addresses import address
from hsb.core.borough_words import police_form_short
from hsb.core.composed import Given
from referrals.selectors.filters import filtered
from referrals.selectors.involved import is_unfounded, side_in_words
from referrals.selectors.listed import BY_DUE_DATE, EVERYTHING, LATEST_FIRST, shown
from referrals.selectors.names import known_as
from referrals.states import Category, ReferralState

PAGE_SIZE = 50
# What a page's key says in place of a day, for a referral nobody has to do anything about: it stands last.
NO_DAY = "none"
LONGEST_KEY = 18  # digits: more are no key of ours
READ = (
    "pk",
    "record__reference",
    "person__given_name",
    "person__family_name",
    "person__preferred_name",
    "person__born_on",
    "side",
    "unfounded",
    "category",
    "state",
    "police_outstanding",
    "record__restricted",
    "record__holding_team__name",
    "worker__name",
    "next_due_on",
    "state_since",
)
COLUMNS = ("Child", "Part and category", "State", "Who has it", "Next due")


def referral_list(user, filters, after="", size=PAGE_SIZE, counted=None):
    """One page of a list: {"title", "rows", "next", "count", "late"}; `after` is where the last page ended, `counted`
    how many there are and how many of them are late, where that is known.

    Open referrals stand by due date, earliest first; ended ones latest first, and are not counted.
    """
    today = clock.today()
    found = filtered(user, filters)
    which, given = _page_after(filters, after, size)
    rows = found.page(**which, **given)
    more = len(rows) > size
    rows = rows[:size]
    # Open work only: history is never counted whole.
    count, late = (None, None) if filters.ended else counted or found.count_late(today)
    return {
        "rows": [_row(row, today) for row in shown(rows)],
        "next": _key(rows[-1], filters.ended) if more else "",
        "count": count,
        "late": late,
        "title": filters.title(count, late),
    }


def asking_list(user, filters, after="", size=PAGE_SIZE):
    """The Question of the rows of `referral_list`."""
    which, given = _page_after(filters, after, size)
    return filtered(user, filters).asking_page(**which, **given)


# --- Pages -----------------------------------------------------------------------------------------------------


DAY, KEY = Given("day", DateField()), Given("key", BigIntegerField())


def _page_after(filters, after, size):
    """(what a page is, as Listed.page takes it; the values of its place)."""
    order, (later, given) = (LATEST_FIRST, _ended_later(after)) if filters.ended else (BY_DUE_DATE, _open_later(after))
    more = {"unfounded": is_unfounded}
    return {"order": order, "size": size + 1, "columns": READ, "after": later, "with_": more}, given


def _open_later(after):
    """(what comes after a page of open referrals, as ranges of their order; its values)."""
    place = _place(after)
    if place is None:
        return EVERYTHING, {}
    day, key = place
    without = Q(next_due_on__isnull=True)
    if day is None:
        return (without & Q(record_id__gt=KEY),), {"key": key}
    # The day stands there twice, so that a range of the index begins with it.
    later = Q(next_due_on__gte=DAY) & (Q(next_due_on__gt=DAY) | Q(record_id__gt=KEY))
    return (later, without), {"day": day, "key": key}


def _ended_later(after):
    key = _number(after)
    return (EVERYTHING, {}) if key is None else ((Q(record_id__lt=KEY),), {"key": key})


def _place(after):
    """(day or None, key) of what a page was asked to come after; None where that is no key of ours."""
    day, _, key = after.partition("_")
    key = _number(key)
    if key is None or day == NO_DAY:
        return None if key is None else (None, key)
    try:
        return date.fromisoformat(day), key
    except ValueError:
        return None


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


def _key(row, ended):
    return str(row["pk"]) if ended else f"{row['next_due_on'] or NO_DAY}_{row['pk']}"


# --- Rows ------------------------------------------------------------------------------------------------------


def _row(row, today):
    name = known_as(row["person__given_name"], row["person__family_name"], row["person__preferred_name"])
    age = words.age(row["person__born_on"], today)
    reference = row["record__reference"]
    note = reference if age is None else f"{age}, {reference}"
    who = {"text": row["worker__name"] or "No worker yet", "note": row["record__holding_team__name"] or ""}
    return [
        {"text": name, "url": address("referrals:case", reference), "note": note},
        {"text": side_in_words(row["side"], row["unfounded"]), "tags": list(_tags(row))},
        {"text": ReferralState(row["state"]).label, "note": f"since {words.day(row['state_since'])}"},
        who,
        due_cell(row["next_due_on"], today),
    ]


def _tags(row):
    category = row["category"]
    if category:
        meaning = "quiet" if category == Category.NOT_HSB else f"category-{category}"
        yield {"text": Category(category).label, "meaning": meaning}
    if row["police_outstanding"]:
        yield {"text": f"{police_form_short()} not sent", "meaning": "first"}
    if row["record__restricted"]:
        yield {"text": "Restricted", "meaning": "restricted"}


def due_cell(due_on, today):
    """A deadline as a table shows it: how it stands, in words, and its day; late ones marked."""
    if due_on is None:
        return {"text": "Nothing due"}
    stands = words.due(due_on, today)
    stands = stands[0].upper() + stands[1:]
    if due_on < today:
        return {"text": "", "tags": [{"text": stands, "meaning": "late"}], "note": words.day(due_on)}
    return {"text": stands, "note": words.day(due_on)}
