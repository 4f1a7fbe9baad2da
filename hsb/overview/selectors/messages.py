"""What was sent to somebody, the latest first: the same words as in the message, with a link where it is done."""

from django.db.models import Count
from django.urls import reverse

from hsb.core import composed, words
from hsb.core.fetched import fetch
from hsb.core.models import Message, Record, Reminder
from hsb.core.models.messages import ROUNDS, What
from hsb.core.riding import riding
from hsb.core.timescales import timescale, within
from hsb.people.models import User
from hsb.people.states import Role, Tool
from panels.selectors.lists import FORMS, PANELS
from panels.selectors.lists import panels_called as panels_at
from referrals.selectors.access_requests import answer_in_words, answers
from referrals.selectors.following import task_url
from referrals.selectors.names import CHILDREN, names_of
from strategy_meetings.selectors.lists import MEETINGS

SHOWN = 100
COLUMNS = ("What to do", "About", "Why")


def messages_of(user):
    """{"rows": those of the table, "unread": how many messages are not marked as read}.

    A row for each reminder of the user's messages; a name and a link only where the reader may open it.
    """
    reminders, emergencies, answered, leavers, trainings, rounds, unread = fetch(
        Reminder.objects.filter(user=user)
        .select_related("task__record", "message")
        .order_by("-message__made_at", "task__due_on", "pk")[:SHOWN],
        *(_told(user, what) for what in ([What.BREAK_GLASS], [What.ACCESS], [What.LEAVER], [What.TRAINING], ROUNDS)),
        composed.sums(user.messages.filter(read_at__isnull=True), number=Count("pk")),
    )
    names = _names(user, {reminder.task.record_id for reminder in reminders})
    people = _people([*leavers, *trainings])
    rows = (
        _emergencies(user, emergencies)
        + _answers(user, answered)
        + _leavers(user, leavers, people)
        + _trainings(user, trainings, people)
        + _rounds(user, rounds)
        + [_row(reminder, names.get(reminder.task.record_id)) for reminder in reminders]
    )
    return {"rows": rows, "unread": sum(each["number"] for each in unread)}


def _told(user, what):
    """The latest messages of these kinds, the latest first."""
    return Message.objects.filter(user=user, what__in=what).order_by("-made_at", "-pk")[:SHOWN]


def _names(user, records):
    """Key of record -> what it is called, of those that the user may open."""
    kinds = (CHILDREN, MEETINGS, PANELS, FORMS)
    names = {}
    with riding(*(called.asking(user, records) for called in kinds)):
        for called in kinds:
            names |= called.of(user, records)
    return names


def _people(told):
    """Reference -> name of whom these messages begin with."""
    references = {_reference(message) for message in told}
    found = User.objects.filter(reference__in=references) if references else User.objects.none()
    return dict(found.values_list("reference", "name"))


def _reference(message):
    return message.about.partition(" ")[0]


def _rounds(user, told):
    """Rows of the agendas and minutes that the user was told of, the latest first; a link only while it opens."""
    if not told:
        return []
    urls = panels_at(user, {message.agenda[0] for message in told})
    rows = []
    for message in told:
        reference, version, day = message.agenda
        sits = f"{'Held' if message.what == What.MINUTES else 'Sits'} on {words.day(day)}" if day else ""
        title = {
            "text": f"{message.get_what_display()}, version {version}",
            "note": sits,
            "url": urls.get(reference, ""),
        }
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        rows.append([title, {"text": reference}, {"text": words.day(message.on), "tags": tags}])
    return rows


def _emergencies(user, told):
    """Rows of the records that somebody opened in an emergency, the latest first; a link only while it opens."""
    if not told:
        return []
    references = {_reference(message) for message in told}
    keys = dict(Record.objects.filter(reference__in=references).values_list("reference", "pk"))
    names = names_of(user, set(keys.values()))
    rows = []
    for message in told:
        reference = _reference(message)
        name = names.get(keys.get(reference))
        title = {
            "text": message.get_what_display(),
            "note": within("Reviewed by a manager {soon}", "review_break_glass"),
        }
        if name is not None:
            title |= {"url": reverse("referrals:who_looked", args=[reference]), "hidden": f"of {name}"}
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        about = {"text": name or "Restricted or not yours to open", "note": reference}
        rows.append([title, about, {"text": words.day(message.on), "tags": tags}])
    return rows


def _answers(user, told):
    """Rows of the user's requests for access that were answered: their own words and the answer, nothing of a child."""
    answered = answers(user, [message.about for message in told]) if told else {}
    rows = []
    for message in told:
        reference = _reference(message)
        url = reverse("overview:ask_access_by_reference", args=[reference])
        title = {"text": message.get_what_display(), "url": url, "hidden": f"to {reference}"}
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        said = answer_in_words(answered[message.about]) if message.about in answered else ""
        rows.append([title, {"text": reference, "note": said}, {"text": words.day(message.on), "tags": tags}])
    return rows


def _leavers(user, told, names):
    """Rows of the accounts that were closed with a caseload of the user's teams."""
    rows = []
    for message in told:
        title = {"text": message.get_what_display()}
        if user.has_role(Role.MANAGER):
            title["url"] = reverse("referrals:reassign", args=[message.about])
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        rows.append([title, {"text": names.get(message.about, "")}, {"text": words.day(message.on), "tags": tags}])
    return rows


def _trainings(user, told, names):
    """Rows of the trainings that end soon: the reader's own, and those of the teams that they manage."""
    rows = []
    for message in told:
        reference, _, tool = message.about.partition(" ")
        title = {"text": message.get_what_display(), "note": Tool(tool).label}
        if reference == user.reference:
            title["url"] = reverse("people:account")
        elif user.has_role(Role.MANAGER):
            title["url"] = reverse("overview:team_work")
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        why = {"text": f"Last valid day: {words.day(message.on)}", "tags": tags}
        rows.append([title, {"text": names.get(reference, "")}, why])
    return rows


def _row(reminder, name):
    task = reminder.task
    is_open = task.done_at is None and task.cancelled_at is None
    title = {"text": timescale(task.kind).title, "note": "" if is_open else "Done, or no longer asked for"}
    if name is not None and is_open:
        title |= {"url": task_url(task.kind, task.record.reference, task.about), "hidden": f"for {name}"}
    about = {"text": name or "Restricted or not yours to open", "note": task.record.reference}
    why = {"text": reminder.get_kind_display(), "note": f"{words.day(reminder.on)}, due {words.day(task.due_on)}"}
    if reminder.message.read_at is None:
        why["tags"] = [{"text": "New", "meaning": "open"}]
    return [title, about, why]
