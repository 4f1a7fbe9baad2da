"""What was sent to somebody, the latest first: the same words as in the message, with a link where it is done."""

from django.urls import reverse

from hsb.core import words
from hsb.core.models import Message, Record, Reminder
from hsb.core.models.messages import ROUNDS, What
from hsb.core.timescales import timescale, within
from hsb.people.models import User
from hsb.people.states import Role, Tool
from panels.selectors.lists import FORMS, PANELS
from panels.selectors.lists import panels_called as panels_at
from referrals.selectors.access_requests import answer_in_words, answers
from referrals.selectors.following import task_url
from referrals.selectors.names import names_of
from strategy_meetings.selectors.lists import MEETINGS

SHOWN = 100
COLUMNS = ("What to do", "About", "Why")


def message_rows(user):
    """Rows for the table: each reminder of the user's messages; a name and a link only where the reader may open it."""
    found = list(
        Reminder.objects.filter(user=user)
        .select_related("task__record", "message")
        .order_by("-message__made_at", "task__due_on", "pk")[:SHOWN]
    )
    records = {reminder.task.record_id for reminder in found}
    names = names_of(user, records)
    if not_referrals := records - names.keys():
        for called in (MEETINGS, PANELS, FORMS):
            names |= called.of(user, not_referrals)
    return (
        _emergencies(user)
        + _answers(user)
        + _leavers(user)
        + _trainings(user)
        + _rounds(user)
        + [_row(reminder, names.get(reminder.task.record_id)) for reminder in found]
    )


def _rounds(user):
    """Rows of the agendas and minutes that the user was told of, the latest first; a link only while it opens."""
    told = list(Message.objects.filter(user=user, what__in=ROUNDS).order_by("-made_at", "-pk")[:SHOWN])
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


def _emergencies(user):
    """Rows of the records that somebody opened in an emergency, the latest first; a link only while it opens."""
    told = list(Message.objects.filter(user=user, what=What.BREAK_GLASS).order_by("-made_at", "-pk")[:SHOWN])
    if not told:
        return []
    references = {message.about.partition(" ")[0] for message in told}
    keys = dict(Record.objects.filter(reference__in=references).values_list("reference", "pk"))
    names = names_of(user, set(keys.values()))
    rows = []
    for message in told:
        reference = message.about.partition(" ")[0]
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


def _answers(user):
    """Rows of the user's requests for access that were answered: their own words and the answer, nothing of a child."""
    told = list(Message.objects.filter(user=user, what=What.ACCESS).order_by("-made_at", "-pk")[:SHOWN])
    answered = answers(user, [message.about for message in told]) if told else {}
    rows = []
    for message in told:
        reference = message.about.partition(" ")[0]
        url = reverse("overview:ask_access_by_reference", args=[reference])
        title = {"text": message.get_what_display(), "url": url, "hidden": f"to {reference}"}
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        said = answer_in_words(answered[message.about]) if message.about in answered else ""
        rows.append([title, {"text": reference, "note": said}, {"text": words.day(message.on), "tags": tags}])
    return rows


def _leavers(user):
    """Rows of the accounts that were closed with a caseload of the user's teams."""
    told = list(Message.objects.filter(user=user, what=What.LEAVER).order_by("-made_at", "-pk")[:SHOWN])
    names = dict(User.objects.filter(reference__in={m.about for m in told}).values_list("reference", "name"))
    rows = []
    for message in told:
        title = {"text": message.get_what_display()}
        if user.has_role(Role.MANAGER):
            title["url"] = reverse("referrals:reassign", args=[message.about])
        tags = [{"text": "New", "meaning": "open"}] if message.read_at is None else []
        rows.append([title, {"text": names.get(message.about, "")}, {"text": words.day(message.on), "tags": tags}])
    return rows


def _trainings(user):
    """Rows of the trainings that end soon: the reader's own, and those of the teams that they manage."""
    told = list(Message.objects.filter(user=user, what=What.TRAINING).order_by("-made_at", "-pk")[:SHOWN])
    names = dict(
        User.objects.filter(reference__in={m.about.partition(" ")[0] for m in told}).values_list("reference", "name")
    )
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


def unread(user):
    """How many of the user's messages are not marked as read."""
    return user.messages.filter(read_at__isnull=True).count()


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
