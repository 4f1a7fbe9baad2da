"""What people agreed that somebody does, by when: written by the floors' services, followed by a task (A11)."""

from django.db.models import Min
from django.utils import timezone

from hsb.core import clock, words, work
from hsb.core.models import Action, Entry
from hsb.core.numbers import last_number
from hsb.core.refusals import NotReady


def agree(record, *, source, actor, once, what, agency, due_on, owner=None, owner_name="", about="", diversion=False):
    """A new action of the plan on `record`, agreed in `source` (a Record). Returns it; the same form twice is one.

    Call in a transaction, with the source locked.
    """
    before = Action.objects.filter(once=once).first()
    if before is not None:
        return before
    last = last_number(Action.objects.filter(source=source))
    return Action.objects.create(
        record=record,
        source=source,
        about=about,
        number=last + 1,
        what=what,
        diversion=diversion,
        agency=agency,
        owner=owner,
        owner_name=owner_name,
        due_on=due_on,
        agreed_at=clock.now(),
        agreed_by=actor,
        once=once,
    )


def follow(action, *, holder):
    """Opens the action's task: its owner's, or of whoever has the child where the owner is not a user of ours.

    `holder` is what work.ask takes: {"owner": ...} or {"team": ..., "role": ...}.
    """
    whose = {"owner": action.owner} if action.owner_id else holder
    work.ask(action.record, "action", about=task_key(action), due_on=action.due_on, **whose)


def finish(action, *, actor, done_on, outcome):
    """The action is done: on the day it was agreed on, or after it."""
    agreed_on = agreed_on_of(action)
    if done_on < agreed_on:
        raise NotReady(f"It was agreed on {words.day(agreed_on)}: check the day.")
    action.done_on, action.done_by, action.outcome = done_on, actor, outcome
    action.version += 1
    action.save()
    work.finish(action.record, "action", by=actor, about=task_key(action))
    return action


def agreed_on_of(action):
    """The day it was agreed on: of the meeting, the first day on which it was held, where it was typed after that."""
    typed_on = timezone.localdate(action.agreed_at)
    held = Entry.objects.filter(record=action.source_id, verb="hold")
    return min(typed_on, held.aggregate(first=Min("happened_on"))["first"] or typed_on)


def cancel(action, *, actor, reason):
    """The action is no longer asked for."""
    action.cancelled_at, action.cancelled_reason = clock.now(), reason
    action.version += 1
    action.save()
    work.cancel(action.record, "action", reason=reason, about=task_key(action))
    return action


def task_key(action):
    """What tells the tasks of several actions on one record apart."""
    return f"{action.source.reference}-{action.number}"


# The table of what is late, as a start page shows it.
LATE_COLUMNS = ("Agency", "Actions late", "The oldest was due", "Agreed by")


def late_by_agency(sources, url_of):
    """Rows for LATE_COLUMNS: open actions of these `sources` (a query for keys of records) that are past their day, the
    oldest first. `url_of` gives the address of a source from its reference."""
    late = Action.objects.open().filter(due_on__lt=clock.today(), source__in=sources)
    by_agency = {}
    for agency, due_on, source in late.order_by("due_on", "pk").values_list("agency", "due_on", "source__reference"):
        by_agency.setdefault(agency, []).append((due_on, source))
    rows = sorted(by_agency.items(), key=lambda item: (item[1][0][0], item[0]))
    return [
        [
            {"text": agency},
            {"text": str(len(found))},
            {"text": words.day(found[0][0])},
            {"links": [{"text": source, "url": url_of(source)} for source in dict.fromkeys(each for _, each in found)]},
        ]
        for agency, found in rows
    ]
