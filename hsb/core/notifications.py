"""What stands in an e-mail: references, days and one link; never a name, nor what is to be done about whom (B14)."""

from urllib.parse import urlsplit

from django.conf import settings

from hsb.core import words
from hsb.core.models import Task
from hsb.core.models.messages import ROUNDS, What
from hsb.core.timescales import within
from hsb.people.states import Tool


def email(message):
    """(subject, body, headers) of a Message, or None where everything in it was done meanwhile.

    The Message-ID is its own for ever, however often it is sent.
    """
    if message.what in ROUNDS:
        return _round(message)
    if message.what == What.BREAK_GLASS:
        return _opened_in_an_emergency(message)
    if message.what == What.ACCESS:
        return _answered(message)
    if message.what == What.LEAVER:
        return _caseload(message)
    if message.what == What.TRAINING:
        return _training(message)
    lines = [_line(reminder) for reminder in _reminders(message)]
    if not lines:
        return None
    urgent = message.what == What.AT_ONCE
    subject = "HSB casework: to be done today" if urgent else f"HSB casework: {words.count(len(lines), 'task')} due"
    body = "\n".join(
        [
            "To be done today:" if urgent else "Due soon, or late:",
            "",
            *lines,
            "",
            f"Open your work: {settings.BASE_URL}/my-work/",
            "",
            "This message has no names in it. Please keep them out of your answer too.",
        ]
    )
    return subject, body, _headers(message)


def _headers(message):
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return {"Message-ID": f"<message-{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}


def _round(message):
    """Agenda and minutes go to nobody by mail: whoever sits on the panel opens them by the link (A16)."""
    reference, version, day = message.agenda
    minutes = message.what == What.MINUTES
    called, stand = ("minutes", "are made") if minutes else ("agenda", "is published")
    sits = f" It {'was held' if minutes else 'sits'} on {words.day(day)}." if day else ""
    body = "\n".join(
        [
            f"The {called} of {reference} {stand} (version {version}).{sits}",
            "",
            f"Open {'them' if minutes else 'it'}: {settings.BASE_URL}/panel/{reference}/",
            "",
            "This message has no names in it. Please keep them out of your answer too.",
        ]
    )
    return f"HSB casework: the {called} of {reference}", body, _headers(message)


def _opened_in_an_emergency(message):
    """To the worker and the manager at once: that it was opened, not by whom nor why (B14)."""
    reference, _, _ = message.about.partition(" ")
    body = "\n".join(
        [
            f"{reference} was opened in an emergency on {words.day(message.on)}.",
            str(within("A manager reviews it {soon}.", "review_break_glass")),
            "",
            f"See who opened it: {settings.BASE_URL}/referrals/{reference}/who-looked/",
            "",
            "This message has no names in it. Please keep them out of your answer too.",
        ]
    )
    return f"HSB casework: {reference} was opened in an emergency", body, _headers(message)


def _answered(message):
    """To whoever asked for access: that it was answered; the answer stands on the page."""
    reference, _, _ = message.about.partition(" ")
    body = "\n".join(
        [
            f"Your request for access to {reference} was answered.",
            "",
            f"See the answer: {settings.BASE_URL}/ask-access/{reference}/",
            "",
            "This message has no names in it. Please keep them out of your answer too.",
        ]
    )
    return f"HSB casework: your request for access to {reference}", body, _headers(message)


def _caseload(message):
    """To the managers of the teams that have it."""
    body = "\n".join(
        [
            "An account was closed whose referrals your team has. Give them to others.",
            "",
            f"Open your team's work: {settings.BASE_URL}/team-work/",
            "",
            "This message has no names in it. Please keep them out of your answer too.",
        ]
    )
    return "HSB casework: a caseload is to be given to others", body, _headers(message)


def _training(message):
    """To the person and to their managers: in which tool, until when; not whose it is."""
    reference, _, tool = message.about.partition(" ")
    own = message.user.reference == reference
    where = "people/my-account/" if own else "team-work/"
    body = "\n".join(
        [
            f"A recorded training {'of yours' if own else 'in your team'} ends soon: {Tool(tool).label}.",
            f"Its last valid day is {words.day(message.on)}. After it the tool's results cannot be entered.",
            "",
            f"See it: {settings.BASE_URL}/{where}",
            "",
            "This message has no names in it. Please keep them out of your answer too.",
        ]
    )
    return "HSB casework: a recorded training ends soon", body, _headers(message)


def _reminders(message):
    still_open = message.reminders.filter(task__in=Task.objects.open())
    return still_open.select_related("task__record").order_by("task__due_on", "task")


def _line(reminder):
    task = reminder.task
    return f"- {task.record.reference}: due {words.day(task.due_on)} ({reminder.get_kind_display().lower()})"
