"""The sift: which forms wait, and the facts behind what a form says, from forms alone, never from a file (B7, B12)."""

from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from hsb.core import access, clock, composed, words
from hsb.core.asked_once import asked_once
from hsb.core.fetched import fetch
from hsb.core.models import AccessGrant, Task
from hsb.core.states import Because
from hsb.people.states import Role
from panels.models import SiftDecision
from panels.states import Proposal
from referrals.states import Category, Tier
from strategy_meetings.models import IntelChild, IntelEntry, IntelForm
from strategy_meetings.permissions import can_sift
from strategy_meetings.selectors.intel_pages import part_called
from strategy_meetings.states import INTEL_GIVEN, Criterion, IntelState

SHOWN = 100
QUEUE_COLUMNS = ("Form", "About", "Submitted", "How it stands", "By when")
SIFT_KINDS = ("sift_intel", "sift_deferred")


@asked_once
def open_proposal(form):
    """The proposal that waits for its deciders, or None."""
    return form.sift_decisions.filter(decision="").select_related("proposed_by").first()


def version_of_sift(form):
    """The version of what was proposed or decided last on the form; 0 where nothing was."""
    return form.sift_decisions.order_by("-number").values_list("version", flat=True).first() or 0


def not_written_by(user):
    """Forms that `user` did not write or submit, nor write with somebody: can_sift, asked of many at once."""
    writes = AccessGrant.objects.filter(record=OuterRef("pk"), user=user, because=Because.WRITES_INTEL)
    # One who submits is not always there: `exclude` would leave those out.
    return ~Q(author=user) & (Q(submitted_by__isnull=True) | ~Q(submitted_by=user)) & ~Exists(writes)


def without_meeting(form):
    """Whether a child of the form was not discussed at a strategy meeting when it was submitted. A form about places
    and themes alone never (B12)."""
    return form.children.filter(met_on__isnull=True).exists()


def waiting_forms(user):
    """The forms that `user` may read whole and that wait to be sifted."""
    waits = Q(state__in=(IntelState.SUBMITTED, IntelState.DEFERRED))
    return IntelForm.objects.visible_to(user) & IntelForm.objects.read_whole_by(user).filter(waits)


def first_waiting(user):
    """The forms of `queue`, the oldest first; at most SHOWN."""
    forms = waiting_forms(user).select_related("record", "author", "submitted_by")
    return forms.order_by("submitted_at", "pk")[:SHOWN]


def queue(user, forms):
    """{"rows", "number", "late"}: what waits; a row for each of `forms` (`first_waiting`), `number` counts all."""
    keys = [form.pk for form in forms]
    tasks, decisions, children, entries = fetch(
        Task.objects.open().filter(record__in=keys, kind__in=SIFT_KINDS).values_list("record", "due_on"),
        SiftDecision.objects.filter(form__in=keys, decision__in=("", Proposal.DEFER))
        .order_by("number")
        .values_list("form", "decision", "deferred_until"),
        IntelChild.objects.filter(form__in=keys).values_list("form", "met_on"),
        IntelEntry.objects.filter(form__in=keys, dropped_at__isnull=True)
        .order_by("form", "number")
        .values_list("form", "place__name", "theme__name"),
    )
    due = {}
    for record, due_on in tasks:
        due[record] = min(due_on, due.get(record, due_on))
    until = {form: day for form, decision, day in decisions if decision}
    proposed = {form for form, decision, _ in decisions if not decision}
    about = _about(keys, children, entries)
    return {
        "rows": [
            _row(form, about[form.pk], due.get(form.pk), form.pk in proposed, until.get(form.pk)) for form in forms
        ],
        **forms_to_sift(user).sums(),
    }


def _about(keys, children, entries):
    """Form -> the cell that says what it is about: how many children, and which places and themes; no child's name."""
    number, never_met, named = defaultdict(int), set(), defaultdict(list)
    for form, met_on in children:
        number[form] += 1
        if met_on is None:
            never_met.add(form)
    for form, place, theme in entries:
        if (name := place or theme) and name not in named[form]:
            named[form].append(name)
    found = {}
    for key in keys:
        parts = [words.count(number[key], "child", "children")] if number[key] else []
        text = ", ".join([*parts, *named[key]])
        found[key] = {"text": text or "A person who is described", "tags": [NEVER_MET] if key in never_met else []}
    return found


def _row(form, about, due_on, proposed, until):
    stands = "Proposed, waits for its deciders" if proposed else form.get_state_display()
    if form.state == IntelState.DEFERRED and until and not proposed:
        stands = f"Deferred until {words.day(until)}"
    by_when = {"text": words.due(due_on)}
    if due_on and due_on < clock.today():
        by_when["tags"] = [{"text": "Late", "meaning": "late"}]
    return [
        {"text": form.reference, "url": reverse("panels:sift", args=[form.reference])},
        about,
        {"text": words.day(form.submitted_at), "note": form.submitted_by.name},
        {"text": stands},
        by_when,
    ]


def forms_to_sift(user):
    """{"number", "late"} of the forms that wait: sums, as composed.py keeps them."""

    def row():
        late = Task.objects.open().filter(kind__in=SIFT_KINDS, due_on__lt=clock.today()).values("record")
        return composed.sums(waiting_forms(user), number=Count("pk"), late=Count("pk", filter=Q(pk__in=late)))

    return composed.kept(("forms to sift", access.rights_today(user)), row)


# --- One form -----------------------------------------------------------------------------------------------------


def sift_page(reading):
    """One form as the coordinator who reads it (an IntelReading) sifts it: plain data."""
    form = reading.form
    decisions = form.sift_decisions.select_related("proposed_by", "recorded_by", "authority_user", "police_user")
    *others, decisions = fetch(*_same_in_others(reading), decisions)
    others = _by_subject(*others)
    return {
        "reference": form.reference,
        "facts": [
            f"From {words.day(form.submitted_at)}" if form.submitted_at else "Not submitted",
            f"Submitted by {form.submitted_by.name}" if form.submitted_by_id else "",
            form.get_state_display(),
        ],
        "summary": [
            {"label": "Criteria", "values": [Criterion(code).label for code in form.criteria if code in Criterion]},
            {"label": "Why the panel should look at it", "value": form.why},
            {"label": "What has been tried", "value": form.tried},
            {"label": "What is asked of the panel", "value": form.asked},
        ],
        "without_meeting": reading.without_meeting,
        "child_head": ("Child", "Hackett category", "Tier", "Last strategy meeting", "Other forms"),
        "children": [_child_row(child, others) for child in reading.children if reading.opens(child)],
        "entry_head": ("Entry", "About", "From whom, how sure", "Other forms"),
        "entries": [_entry_row(entry, others) for entry in reading.entries()],
        "decisions": [_decision(each) for each in decisions],
        "links": _links(form, reading.user, proposed=any(not each.decision for each in decisions)),
    }


def _links(form, user, *, proposed):
    """Where the reader goes on: {"propose", "decide", "advise"}, each "" where it is not theirs, or not now."""
    if form.state not in (IntelState.SUBMITTED, IntelState.DEFERRED) or not can_sift(form, user):
        return {"propose": "", "decide": "", "advise": "", "own": _is_own(form, user)}
    return {
        "propose": reverse("panels:propose", args=[form.reference]),
        "decide": reverse("panels:decide", args=[form.reference]) if proposed else "",
        "advise": reverse("panels:advise", args=[form.reference]),
        "own": False,
    }


def _is_own(form, user):
    return user.has_role(Role.COORDINATOR) and user.pk in (form.author_id, form.submitted_by_id)


def _child_row(child, others):
    tier = str(Tier(child.tier).label) if child.tier else "Not set"
    met = {"text": words.day(child.met_on)} if child.met_on else {"text": "", "tags": [NEVER_MET]}
    return [
        {"text": child.person.known_as},
        {"text": Category(child.category).label if child.category else "None"},
        {"text": tier},
        met,
        _others_cell(others["person", child.person_id]),
    ]


NEVER_MET = {"text": "No strategy meeting", "meaning": "late"}
HANDLING = (
    ("police_only", "Police only"),
    ("not_for_minutes", "Not for minutes"),
    ("not_for_family", "Not for families"),
)


def handling_tags(entry):
    return [{"text": said, "meaning": "restricted"} for name, said in HANDLING if getattr(entry, name)]


def _entry_row(entry, others):
    kind = {"text": f"{entry.kind}{entry.number}", "note": part_called(entry, entry.kind)}
    about = {"text": entry.subject, "note": entry.text, "tags": handling_tags(entry)}
    said_on = f", {words.day(entry.said_on)}" if entry.said_on else ""
    said = {"text": f"{entry.said_by}{said_on}", "note": entry.get_reliability_display()}
    return [kind, about, said, _others_cell(others[subject_of(entry)])]


def subject_of(entry):
    """What an entry is about, as a pair that compares: ("place", 3)."""
    for name in ("person", "place", "theme"):
        if key := getattr(entry, f"{name}_id"):
            return name, key
    return "described", entry.described


def _others_cell(references):
    if not references:
        return {"text": "None"}
    return {"text": words.count(len(references), "form"), "note": words.listed(sorted(references))}


def others_naming(reading):
    """{("person" | "place" | "theme", key): references} of the other forms, submitted or later, that name the same.

    Only of forms that the reader (of an IntelReading) reads whole: numbers and references, nothing of what they say.
    """
    return _by_subject(*fetch(*_same_in_others(reading)))


def _same_in_others(reading):
    """The rows of `others_naming`: (person, place, theme, reference) of entries, (person, reference) of children."""
    keys = defaultdict(set)
    for entry in reading.entries():
        kind, key = subject_of(entry)
        keys[kind].add(key)
    keys["person"] |= {child.person_id for child in reading.children}
    given = IntelForm.objects.visible_to(reading.user) & IntelForm.objects.read_whole_by(reading.user)
    given = given.filter(state__in=INTEL_GIVEN).exclude(pk=reading.form.pk).values("pk")
    same = Q(person__in=keys["person"]) | Q(place__in=keys["place"]) | Q(theme__in=keys["theme"])
    entries = IntelEntry.objects.filter(same, dropped_at__isnull=True, form__in=given)
    children = IntelChild.objects.filter(person__in=keys["person"], form__in=given)
    return (
        entries.values_list("person", "place", "theme", "form__record__reference"),
        children.values_list("person", "form__record__reference"),
    )


def _by_subject(entries, children):
    found = defaultdict(set)
    for person, place, theme, reference in entries:
        for name, key in (("person", person), ("place", place), ("theme", theme)):
            if key:
                found[name, key].add(reference)
    for person, reference in children:
        found["person", person].add(reference)
    return found


def _decision(each):
    waits = not each.decision
    said = Proposal(each.decision or each.proposal).label
    rows = [
        {"label": "Proposed", "value": f"{each.get_proposal_display()}, {words.day(each.proposed_at)}"},
        {"label": "Proposed by", "value": each.proposed_by.name},
        {"label": "Why it was proposed", "value": each.proposal_reason},
    ]
    if each.without_meeting_reason:
        rows.append({"label": "Why without a strategy meeting", "value": each.without_meeting_reason})
    if each.deferred_until:
        rows.append({"label": "Deferred until", "value": words.day(each.deferred_until)})
    if not waits:
        rows += [
            {"label": "Decided", "value": f"{said}, {words.day(each.decided_on)}"},
            {"label": "For the local authority", "value": each.authority, "empty": "The coordinator's own"},
            {"label": "For the police", "value": each.police, "empty": "The coordinator's own"},
            {"label": "Reason", "value": each.reason},
            {
                "label": "Recorded by",
                "value": f"{each.recorded_by.name}, {words.day(timezone.localtime(each.recorded_at))}",
            },
        ]
    return {"title": f"Proposal {each.number}: {said}" if waits else f"Decision {each.number}: {said}", "rows": rows}
