"""What changed in returned work since it was passed on: each answer that differs, before and now."""

from hsb.core import words
from referrals.models import SubmittedWork

LONG = 240  # characters from which a text is folded


def differences(before, now):
    """Rows for referrals/changed.html of what differs between two lists of (the question, the answer).

    The order is that of `now`; what is not asked any more stands at the end.
    """
    was, is_ = dict(before), dict(now)
    found = []
    for label in [*is_, *(label for label in was if label not in is_)]:
        old, new = was.get(label, ""), is_.get(label, "")
        if old != new:
            found.append(
                {
                    "label": label,
                    "rows": [
                        {"label": "Before", "value": old, "empty": "Nothing"},
                        {"label": "Now", "value": new, "empty": "Nothing"},
                    ],
                    "before": old or "Nothing",
                    "now": new or "Nothing",
                    "long": max(len(old), len(new)) > LONG,
                }
            )
    return found


def since_submitted(about, now, *, again):
    """{"title", "rows"} of what differs from what the work of that reference said when it was passed on; or None."""
    return since(submitted_before(about, again=again), now)


def submitted_before(about, *, again):
    """A queryset of what the work of that reference said when it was passed on: one row, none where nothing was kept.

    `again`: it is with the manager again; compared with the time before this one.
    """
    kept = SubmittedWork.objects.filter(about=about).select_related("by").order_by("-number")
    return kept[1:2] if again else kept[:1]


def since(submitted, now):
    """The same of the row that submitted_before() found."""
    earlier = next(iter(submitted), None)
    if earlier is None:
        return None
    return {
        "title": f"Changed since {earlier.by.name} passed it on, {words.instant(earlier.at)}",
        "rows": differences(earlier.said, now),
    }
