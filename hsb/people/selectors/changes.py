"""What was changed about a person's account, roles, training and cover: by whom, when, from what to what."""

from hsb.core import words
from hsb.people.models import Cover, Membership, Team, Training, User
from hsb.people.states import AccountEvent, Role, Tool

SIZE = 50
ACCOUNT_WORDS = {
    "name": "Name",
    "email": "E-mail address",
    "job_title": "Job title",
    "telephone": "Telephone",
}


def version_of(row):
    """The number of the row's newest old version: what an edit form carries; 0 where none was kept."""
    newest = row.history.order_by("-history_id").first()
    return newest.history_id if newest else 0


def changes_of(person, *, size=SIZE, before=0):
    """The newest `size` changes, newest first, after leaving out the newest `before`.

    Returns (items for a timeline, whether there are more). An administrator's deeds about one person are few: they
    are read together and compared in memory.
    """
    found = [*_account(person), *_roles(person), *_training(person), *_cover(person)]
    found.sort(key=lambda item: (item["at"], item["order"]), reverse=True)
    return found[before : before + size], len(found) > before + size


def _item(version, order, title, text=""):
    return {
        "title": title,
        "by": version.history_user.name if version.history_user else "the system",
        "at": version.history_date,
        "text": text,
        "order": (order, version.history_id),
    }


def _versions(model, **which):
    """(version, the one before it or None), oldest first, of every row that `which` finds."""
    last = {}
    for version in model.history.filter(**which).select_related("history_user").order_by("history_id"):
        yield version, last.get(version.id)
        last[version.id] = version


def _account(person):
    for version, before in _versions(User, id=person.pk):
        reason = version.history_change_reason or ""
        event = reason if reason in AccountEvent.values else ""
        if before is None:
            yield _item(version, 0, "Account added")
            before = version
        if event:
            yield _item(version, 1, AccountEvent(event).label)
        if version.is_active != before.is_active:
            title = "Account reopened" if version.is_active else "Account closed"
            yield _item(version, 2, title, "" if event else reason)
        for field, label in ACCOUNT_WORDS.items():
            was, now = getattr(before, field), getattr(version, field)
            if was != now:
                yield _item(version, 3, f"{label} changed", f"From {was or 'nothing'} to {now or 'nothing'}")


def _roles(person):
    names = {}
    found = list(_versions(Membership, user_id=person.pk))
    if found:
        names = dict(Team.objects.filter(pk__in={v.team_id for v, _ in found}).values_list("pk", "name"))
    for version, before in found:
        what = f"{Role(version.role).label}, {names.get(version.team_id, '')}"
        yield _item(version, 4, "Role given" if before is None else "Role changed", f"{what}: {_days(version)}")


def _training(person):
    for version, before in _versions(Training, user_id=person.pk):
        title = "Training recorded" if before is None else "Training corrected"
        text = f"{Tool(version.tool).label}: {words.day(version.trained_on)}, valid until {words.day(version.until)}"
        text += f", shown by: {version.evidence}" if version.evidence else ""
        yield _item(version, 5, title, text)


def _cover(person):
    found = [*_versions(Cover, covered_id=person.pk), *_versions(Cover, by_id=person.pk)]
    people = {pk for v, _ in found for pk in (v.covered_id, v.by_id)}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    for version, before in found:
        who = f"{names.get(version.by_id, '')} for {names.get(version.covered_id, '')}"
        yield _item(version, 6, "Cover arranged" if before is None else "Cover changed", f"{who}: {_days(version)}")


def _days(version):
    until = f" to {words.day(version.ends_on)}" if version.ends_on else ", without an end"
    return f"{words.day(version.starts_on)}{until}"
