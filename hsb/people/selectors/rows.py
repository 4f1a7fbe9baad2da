"""Rows of roles, training and cover in words, the same on an administrator's page and on one's own."""

from datetime import timedelta

from django.urls import reverse

from hsb.core import clock, words

SOON = timedelta(days=60)
NEVER_SOON = timedelta(days=-1)
OVER = "It is over"
ROLE_HEAD = ["Role", "Team", "From when until when"]
ROLE_HEAD_TO_END = [*ROLE_HEAD, "End it"]
TRAINING_HEAD = ["Tool", "Trained on", "Last valid day", "Evidence"]
COVER_HEAD = ["Who for whom", "From when until when", "Arranged by", "End it"]


def days(row):
    """ "From 1 May 2026" or "1 May 2026 to 3 June 2026", of a row with two dates."""
    if row.ends_on is None:
        return f"From {words.day(row.starts_on)}"
    return f"{words.day(row.starts_on)} to {words.day(row.ends_on)}"


def standing(first, last, today, *, soon=SOON):
    """{"text", "meaning"} of a tag: whether the days from `first` to `last` are now, soon over, to come or over."""
    if first > today:
        return {"text": "Not begun", "meaning": "open"}
    if last is not None and last < today:
        return {"text": "Ended", "meaning": "quiet"}
    if last is not None and last - today <= soon:
        return {"text": "Ends soon", "meaning": "soon"}
    return {"text": "Now", "meaning": "done"}


def role_rows(memberships, *, end_for=None):
    """Rows (role, team, days) of memberships with their team; `end_for` is the reference whose roles can be ended."""
    today = clock.today()
    rows = []
    for m in memberships:
        row = [
            m.get_role_display(),
            {"text": m.team.name, "note": m.team.get_service_display()},
            {"text": days(m), "tags": [standing(m.starts_on, m.ends_on, today)]},
        ]
        if end_for is not None:
            row.append(_end_cell(m, end_for) if m.ends_on is None or m.ends_on >= today else OVER)
        rows.append(row)
    return rows


def _end_cell(m, reference):
    url = reverse("people:end_membership", args=[reference, m.team.slug, m.role, m.starts_on.isoformat()])
    return {"text": "End", "url": url, "hidden": f"the role {m}"}


def training_rows(trainings):
    """Rows (tool, trained on, valid until, what shows it)."""
    today = clock.today()
    return [
        [
            t.get_tool_display(),
            words.day(t.trained_on),
            {"text": words.day(t.until), "tags": [_validity(t, today)]},
            t.evidence or "Not recorded",
        ]
        for t in trainings
    ]


def _validity(training, today):
    if training.until < today:
        return {"text": "Not valid any more", "meaning": "quiet"}
    if training.until - today <= SOON:
        return {"text": "Ends soon", "meaning": "soon"}
    return {"text": "Valid", "meaning": "done"}


def cover_rows(covers, *, may_end):
    """Rows (what, days, arranged by, end) of covers with their people; `may_end(covered)` says whose can be ended."""
    today = clock.today()
    rows = []
    for c in covers:
        end = OVER
        if c.ends_on >= today:
            end = end_cover_cell(c) if may_end(c.covered) else f"Ask {c.covered.name}"
        tag = standing(c.starts_on, c.ends_on, today, soon=NEVER_SOON)
        rows.append(
            [f"{c.by.name} covers for {c.covered.name}", {"text": days(c), "tags": [tag]}, c.arranged_by.name, end]
        )
    return rows


def end_cover_cell(c):
    url = reverse("people:end_cover", args=[c.covered.reference, c.by.reference, c.starts_on.isoformat()])
    return {"text": "End", "url": url, "hidden": f"the cover by {c.by.name} for {c.covered.name}"}
