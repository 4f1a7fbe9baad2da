"""What was changed about a person's account, roles, training and cover: by whom, when, from what to what."""

from django.db.models import Q

from hsb.core import words
from hsb.core.fetched import fetch
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


def versions_about(person):
    """The querysets (for `fetch`) of the old versions that `changes_of` compares, and of the teams and people that are
    named in them."""
    roles, covers = Membership.history.filter(user_id=person.pk), Cover.history.filter(covered_id=person.pk)
    stands_in = Cover.history.filter(by_id=person.pk)
    teams = Team.objects.filter(pk__in=roles.order_by().values("team_id"))
    named = Q(pk=person.pk) | Q(pk__in=covers.order_by().values("by_id"))
    people = User.objects.filter(named | Q(pk__in=stands_in.order_by().values("covered_id")))
    return (
        _versions(User.history.filter(id=person.pk)),
        _versions(roles),
        teams.order_by().values_list("pk", "name"),
        _versions(Training.history.filter(user_id=person.pk)),
        _versions(covers),
        _versions(stands_in),
        people.values_list("pk", "name"),
    )


def _versions(found):
    return found.select_related("history_user").order_by("history_id")


def changes_of(person, *, size=SIZE, before=0):
    """The newest `size` changes, newest first, after leaving out the newest `before`.

    Returns (items for a timeline, whether there are more). An administrator's deeds about one person are few: they
    are read together and compared in memory.
    """
    return changes_between(*fetch(*versions_about(person)), size=size, before=before)


def changes_between(accounts, roles, teams, trainings, covers, stands_in, people, *, size=SIZE, before=0):
    """`changes_of`, of what `versions_about` has found."""
    found = [
        *_account(accounts),
        *_roles(roles, dict(teams)),
        *_training(trainings),
        *_cover([*_with_the_one_before(covers), *_with_the_one_before(stands_in)], dict(people)),
    ]
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


def _with_the_one_before(versions):
    """(version, the one before it of the same row, or None) of versions, oldest first."""
    last = {}
    for version in versions:
        yield version, last.get(version.id)
        last[version.id] = version


def _account(versions):
    for version, before in _with_the_one_before(versions):
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


def _roles(versions, names):
    for version, before in _with_the_one_before(versions):
        what = f"{Role(version.role).label}, {names.get(version.team_id, '')}"
        yield _item(version, 4, "Role given" if before is None else "Role changed", f"{what}: {_days(version)}")


def _training(versions):
    for version, before in _with_the_one_before(versions):
        title = "Training recorded" if before is None else "Training corrected"
        text = f"{Tool(version.tool).label}: {words.day(version.trained_on)}, valid until {words.day(version.until)}"
        text += f", shown by: {version.evidence}" if version.evidence else ""
        yield _item(version, 5, title, text)


def _cover(found, names):
    for version, before in found:
        who = f"{names.get(version.by_id, '')} for {names.get(version.covered_id, '')}"
        yield _item(version, 6, "Cover arranged" if before is None else "Cover changed", f"{who}: {_days(version)}")


def _days(version):
    until = f" to {words.day(version.ends_on)}" if version.ends_on else ", without an end"
    return f"{words.day(version.starts_on)}{until}"
