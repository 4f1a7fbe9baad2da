"""The supervision sheet: every open referral of one worker, as a manager talks about it with them.

By the manager's own right: what she may not open is counted and never shown. As many questions however long it is.
"""

from django.db.models import Count, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from hsb.core import clock, settings_in_force, words, work
from hsb.core.calendar import add_working_days, working_days_between
from hsb.core.fetched import fetch
from hsb.core.models import Entry, Task
from hsb.core.timescales import timescale
from hsb.people.selectors.rows import TRAINING_HEAD, training_rows
from referrals.models import Allocation, CaseNote, Referral, RiskAssessment
from referrals.permissions import can_write_note
from referrals.selectors.involved import is_unfounded, side_in_words
from referrals.selectors.names import known_as
from referrals.states import OPEN, WRITABLE, Category, NoteKind, ReferralState

OWN = "Your own referrals are discussed with another manager, who has a sheet about you."
OF_ANOTHER_TEAM = "Another team holds it: its manager writes the oversight note."


def referrals_of(worker, manager):
    """The open referrals of `worker` that `manager` may open."""
    return Referral.objects.visible_to(manager).filter(worker=worker, state__in=OPEN)


def sheet(worker, manager):
    """Everything on the sheet: {"rows", "hidden" (how many are not shown), "records", "stuck", "caption", "training"}.

    What was discussed the longest ago, or never, stands first.
    """
    latest = CaseNote.objects.filter(referral=OuterRef("pk"), kind=NoteKind.OVERSIGHT)
    found, every, trainings = fetch(
        referrals_of(worker, manager)
        .select_related("record__holding_team", "person")
        .annotate(
            last_discussed=Subquery(latest.order_by("-happened_on", "-number").values("pk")[:1]),
            unfounded=is_unfounded(),
        ),
        Referral.objects.filter(worker=worker, state__in=OPEN).values_list("pk", flat=True),
        worker.trainings.all(),
    )
    found = list(found)
    known = _known(found, worker)
    found.sort(key=lambda referral: _discussed_on(referral, known))
    rows = [_row(referral, worker, manager, known) for referral in found]
    stuck = sum(bool(row["stuck"]) for row in rows)
    return {
        "rows": rows,
        "records": [referral.record for referral in found],
        "hidden": len(every) - len(found),
        "caption": f"{words.count(len(rows), 'open referral')}, {stuck or 'none'} stuck",
        "own": OWN if worker.pk == manager.pk else "",
        "training_head": TRAINING_HEAD,
        "training_rows": training_rows(trainings),
    }


def _known(found, worker):
    """What is asked once for all the rows: each by the referral's key."""
    keys = [referral.pk for referral in found]
    open_tasks = Task.objects.open().filter(record__in=keys).exclude(kind__in=work.PERSONAL)
    entries = Entry.objects.filter(record__in=keys, actor=worker).values("record").annotate(at=Max("recorded_at"))
    returned = RiskAssessment.objects.filter(referral__in=keys, state__in=WRITABLE).exclude(return_reason="")
    notes = CaseNote.objects.filter(pk__in=[each.last_discussed for each in found if each.last_discussed])
    open_tasks, spells, entries, returned, notes = fetch(
        open_tasks.select_related("owner", "team").order_by("due_on", "pk"),
        Allocation.objects.filter(referral__in=keys, worker=worker, ends_on__isnull=True).values_list(
            "referral", "starts_on"
        ),
        entries.order_by(),
        returned.select_related("decided_by").order_by("number"),
        notes.select_related("author").annotate(corrected=Count("corrections")),
    )
    tasks = {}
    for task in open_tasks:
        tasks.setdefault(task.record_id, []).append(task)
    return {
        "since": dict(spells),
        "tasks": tasks,
        "last_entry": {row["record"]: timezone.localdate(row["at"]) for row in entries},
        "returned": {each.referral_id: each for each in returned},
        "notes": {note.referral_id: note for note in notes},
    }


def _discussed_on(referral, known):
    note = known["notes"].get(referral.pk)
    return (note is not None, note.happened_on if note else _since(referral, known), referral.pk)


def _since(referral, known):
    """The first day of the spell with the worker; where there is none, since when the referral is where it is."""
    return known["since"].get(referral.pk) or timezone.localdate(referral.state_since)


def _row(referral, worker, manager, known):
    tasks = known["tasks"].get(referral.pk, [])
    since = _since(referral, known)
    entered_on = known["last_entry"].get(referral.pk)
    stuck = _stuck(since, entered_on)
    note, returned = known["notes"].get(referral.pk), known["returned"].get(referral.pk)
    late = [task for task in tasks if task.due_on < clock.today()]
    person = referral.person
    facts = [
        {"label": "Allocated", "value": f"Since {words.day(since)}"},
        {"label": "What is next", "value": _task(tasks[0]) if tasks else "Nothing is due"},
        {"label": "Overdue", "values": [_task(task) for task in late], "empty": "Nothing is overdue"},
        {
            "label": "Last entry by this worker",
            "value": words.day(entered_on) if entered_on else "",
            "empty": "None since the referral began",
        },
    ]
    if returned is not None:
        facts.append(_returned(returned, referral))
    facts.append(_discussed(note, referral))
    other = not can_write_note(referral, manager, NoteKind.OVERSIGHT)
    return {
        "reference": referral.reference,
        "name": known_as(person.given_name, person.family_name, person.preferred_name),
        "url": reverse("referrals:case", args=[referral.reference]),
        "about": f"{side_in_words(referral.side, referral.unfounded)}. {ReferralState(referral.state).label}.",
        "tags": list(_tags(referral, late, stuck, returned)),
        "facts": facts,
        "stuck": stuck,
        "agreed": note.agreed if note else "",
        "agreed_summary": f"What was agreed on {words.day(note.happened_on)}" if note else "",
        "may_discuss": worker.pk != manager.pk and not other,
        "discuss_url": reverse("referrals:discussed", args=[worker.reference, referral.reference]),
        "why_not": OF_ANOTHER_TEAM if other and worker.pk != manager.pk else "",
    }


def _stuck(since, entered_on):
    """ "No entry for 12 working days", where it is so many as the setting says; else ""."""
    last = max(since, entered_on) if entered_on else since
    today = clock.today()
    if add_working_days(last, settings_in_force.value("stuck_working_days")) > today:
        return ""
    return f"No entry for {words.count(working_days_between(last, today), 'working day')}"


def _tags(referral, late, stuck, returned):
    if referral.category:
        meaning = "quiet" if referral.category == Category.NOT_HSB else f"category-{referral.category}"
        yield {"text": Category(referral.category).label, "meaning": meaning}
    if stuck:
        yield {"text": f"Stuck: {words.lower_first(stuck)}", "meaning": "late"}
    if late:
        yield {"text": f"{len(late)} overdue", "meaning": "late"}
    if returned is not None:
        yield {"text": "Assessment returned", "meaning": "soon"}
    if referral.record.restricted:
        yield {"text": "Restricted", "meaning": "restricted"}


def _task(task):
    whose = task.owner.name if task.owner else task.team.name
    return f"{timescale(task.kind).title}: {whose}, {words.due(task.due_on)} ({words.day(task.due_on)})"


def _returned(assessment, referral):
    by = assessment.decided_by.name if assessment.decided_by else "a manager"
    when = f" on {words.day(assessment.decided_at)}" if assessment.decided_at else ""
    return {
        "label": "Assessment",
        "value": f"Returned by {by}{when}, and not submitted again",
        "change_url": reverse("referrals:assessment", args=[referral.reference]),
        "change_text": "Read",
    }


def _discussed(note, referral):
    if note is None:
        return {"label": "Last discussed", "value": "", "empty": "Never"}
    corrected = ", corrected since" if note.corrected else ""
    return {
        "label": "Last discussed",
        "value": f"{words.day(note.happened_on)}, by {note.author.name}{corrected}",
        "change_url": reverse("referrals:note", args=[referral.reference, note.number]),
        "change_text": "Read",
    }
