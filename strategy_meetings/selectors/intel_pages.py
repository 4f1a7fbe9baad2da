"""The pages of one intel form, and the lists of forms: plain data, said in words, by the reader's right."""

from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from hsb.core import access, composed, words
from hsb.core.called import Called
from hsb.core.fetched import fetch
from hsb.core.middleware import url_rules
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals.models import Person, Referral
from referrals.selectors.case import age_in_words
from referrals.states import Category, Tier
from strategy_meetings import pathway
from strategy_meetings.models import IntelChild, IntelForm
from strategy_meetings.permissions import can_begin_intel_for, can_write_intel
from strategy_meetings.selectors import intel_deeds as deeds
from strategy_meetings.selectors.intel import shut_to_panel, written_by
from strategy_meetings.selectors.lists import MEETINGS
from strategy_meetings.states import INTEL_TO_FINISH, INTEL_WITH_PANEL, Criterion, EntryKind, Handling, IntelState

SHOWN = 50
# To who writes a form that lies with the panel unread, until it is accepted and afterwards.
SHUT = "It cannot be read by the panel's coordinators, since a record in it is restricted."
DECLINED = "Not for the panel: may be submitted again with more"
LONG = 240  # characters from which what is known is folded
CHILD_COLUMNS = ("Child", "On the child's record", "Strategy meeting")
FORM_COLUMNS = ("Intel form", "Children", "Written by", "How it stands")
# What stands in a section of the document's four (A16) where nothing does.
EMPTY = {
    EntryKind.VICTIM: "No child who was harmed is in it.",
    EntryKind.PERSON: "No person of concern is in it.",
    EntryKind.LOCATION: "No location is in it.",
    EntryKind.THEME: "No theme or group is in it.",
}
STATE_MEANING = {
    IntelState.DRAFT: "open",
    IntelState.SUBMITTED: "soon",
    IntelState.RETURNED: "late",
    IntelState.ACCEPTED: "done",
    IntelState.DEFERRED: "soon",
    IntelState.NOT_FOR_PANEL: "quiet",
    IntelState.WITHDRAWN: "quiet",
    IntelState.HEARD: "done",
}
HANDLING_MEANING = {
    Handling.POLICE_ONLY: "restricted",
    Handling.NOT_FOR_MINUTES: "soon",
    Handling.NOT_FOR_FAMILY: "soon",
}
PLAIN_SOURCE = {
    RecordKind.MEETING: "a strategy meeting",
    RecordKind.REFERRAL: "a child's record",
    RecordKind.MAPPING: "a mapping meeting",
}


def form_frame(reading, here=""):
    """What every page of a form shows around its content."""
    form, user = reading.form, reading.user
    found = deeds.standings(form, user)
    step = deeds.next_step(form, user, found, here)
    without = {here, (step or {}).get("url")}
    links = [
        {"text": each.deed.words, "url": url}
        for code, each in found.items()
        if (each.opens or (each.shows and code == "submit_intel")) and (url := deeds.url_of(code, form)) not in without
    ]
    return {
        "reference": form.reference,
        "title": "Intel form",
        "url": reverse("strategy_meetings:intel", args=[form.reference]),
        "facts": [f"Begun on {words.day(form.record.opened_at)}", f"Written by {form.author.name}", state_said(form)],
        "tags": [{"text": "Restricted", "meaning": "restricted"}] if reading.is_restricted else [],
        "next": step,
        "deeds": links,
    }


def state_said(form):
    return f"{form.get_state_display()} since {words.day(form.state_since)}"


def overview(reading, hide):
    """The form's own page. `hide` puts words in the place of the names that are not for this reader."""
    form = reading.form
    writes = deeds.standing(form, reading.user, "write_intel").shows
    entries = reading.entries()
    return {
        "source": source_in_words(form, reading.user),
        "child_head": CHILD_COLUMNS,
        "children": [_child_row(child, reading) for child in reading.children],
        "sections": [_section(kind, entries, reading, hide, writes) for kind in EntryKind],
        "hidden": not reading.reads_all,
        "reasons": _reasons(form) if reading.reads_all else [],
        "write_url": deeds.url_of("write_intel", form) if writes else "",
        "answer": _answer(form) if reading.whole else None,
        "shut": _shut(form) if can_write_intel(form, reading.user) and shut_to_panel(form) else "",
        "submitted": f"{form.submitted_by.name}, {words.instant(form.submitted_at)}" if form.submitted_at else "",
    }


def _shut(form):
    can = "" if form.state == IntelState.ACCEPTED else ", or withdraw it"
    return f"{SHUT} Let those who coordinate it now read it by name{can}."


def source_in_words(form, user):
    """{"text", "url"} of where the form comes from: a link for whoever may open it, plain words for the others."""
    source = form.source
    if source.kind == RecordKind.MEETING and (called := MEETINGS.of(user, [source.pk])):
        url = reverse("strategy_meetings:meeting", args=[source.reference])
        return {"text": f"the {called[source.pk][0].lower()}{called[source.pk][1:]}", "url": url}
    if source.kind == RecordKind.REFERRAL:
        referral = Referral.objects.visible_to(user).filter(pk=source.pk).select_related("person").first()
        if referral is not None:
            url = reverse("referrals:case", args=[source.reference])
            return {"text": f"the record of {referral.person.known_as}", "url": url}
    return {"text": PLAIN_SOURCE.get(source.kind, "another record"), "url": ""}


def _child_row(child, reading):
    name = {"text": reading.called(child)}
    if not reading.opens(child):
        return [{**name, "note": "Not yours to open"}, {"text": ""}, {"text": ""}]
    name["note"] = age_in_words(child.person)
    if reading.opens_referral(child):
        name["url"] = reverse("referrals:case", args=[child.referral.reference])
    return [name, {"text": _assessed(child, reading)}, {"text": _met(child, reading)}]


def _assessed(child, reading):
    """What stood on the child's record when the form was submitted; until then nothing is taken from it."""
    if child.referral_id is None:
        return "No referral of ours"
    if not reading.reads_file_facts(child):
        return "On the child's record, which is not yours to open"
    if reading.form.submitted_at is None:
        return "Taken from the record when it is submitted"
    said = [Category(child.category).label] if child.category else []
    said += [Tier(child.tier).label] if child.tier else []
    return "; ".join(said) or "Nothing was decided yet"


def _met(child, reading):
    if child.referral_id and not reading.reads_file_facts(child):
        return ""
    if child.met_on:
        return f"Held on {words.day(child.met_on)}"
    return "" if reading.form.submitted_at is None else "None was held before this form"


def _section(kind, entries, reading, hide, writes):
    form = reading.form
    return {
        "id": f"entries-{kind.name.lower()}",
        "title": pathway.HEADINGS[kind],
        "empty": EMPTY[kind] if reading.reads_all else "Nothing that you may read is in it.",
        "add": {"text": deeds.DEEDS[deeds.ADDS[kind]].words, "url": deeds.url_of(deeds.ADDS[kind], form)}
        if writes
        else None,
        "entries": [_entry(entry, form, hide, writes) for entry in entries if entry.kind == kind],
    }


def _entry(entry, form, hide, writes):
    day = f", {words.day(entry.said_on)}" if entry.said_on else ""
    args = [form.reference, entry.number]
    subject = subject_called(entry)
    return {
        "title": subject if entry.person_id else hide(subject),
        "tags": entry_tags(entry),
        "text": hide(entry.text),
        "is_long": len(entry.text) > LONG,
        "source": hide(f"{entry.said_by}{day}"),
        "reliability": entry.get_reliability_display(),
        "change_url": reverse("strategy_meetings:change_entry", args=args) if writes else "",
        "drop_url": reverse("strategy_meetings:drop_entry", args=args) if writes else "",
    }


def subject_called(entry):
    """What an entry is about; a place with its postcode."""
    if entry.place_id and entry.place.postcode:
        return f"{entry.place.name}, {entry.place.postcode}"
    return entry.subject


def entry_tags(entry):
    """What part somebody had, what kind of place or theme it is, and how it must be handled."""
    handling = [{"text": code.label, "meaning": HANDLING_MEANING[code]} for code in entry.handling]
    return [{"text": part_called(entry, entry.kind), "meaning": "quiet"}, *handling]


def part_called(about, letter):
    """ "Child who was harmed", "Child of concern", "Person of concern", "School", "Group": never a label (A8).

    `about` has a place, a theme or a person, or none of them: an entry, or an item of an agenda. `letter` is one of
    EntryKind.
    """
    if about.place_id:
        return about.place.get_kind_display()
    if about.theme_id:
        return about.theme.get_kind_display()
    if about.person_id is None:
        return "Person of concern, not named"
    if letter == EntryKind.VICTIM:
        return "Adult who was harmed" if about.person.is_adult else "Child who was harmed"
    return "Person of concern" if about.person.is_adult else "Child of concern"


def _reasons(form):
    return [
        {
            "label": "Why the panel should look at it",
            "values": [*(Criterion(code).label for code in form.criteria), *([form.why] if form.why else [])],
            "empty": "Not written yet",
        },
        {"label": "What has been tried", "value": form.tried, "empty": "Not written yet"},
        {"label": "What is asked of the panel", "value": form.asked, "empty": "Not written yet"},
    ]


def _answer(form):
    if form.answered_at is None:
        return None
    return {"title": form.get_state_display(), "text": form.answer, "at": words.instant(form.answered_at)}


def answer_in_words(form):
    """The panel's last answer, for the page on which its author reads it."""
    return _answer(form)


# --- Lists --------------------------------------------------------------------------------------------------------


def intel_page(user):
    """The reader's own forms, by how they stand; and those of others that they may open. At most SHOWN of each."""
    visible = IntelForm.objects.visible_to(user)
    own, others = visible.filter(written_by(user)), visible.exclude(written_by(user))
    ended = (IntelState.HEARD, IntelState.WITHDRAWN)
    tables = (
        ("To finish", own.filter(state__in=INTEL_TO_FINISH), "No form of yours waits to be finished."),
        ("With the panel", own.filter(state__in=INTEL_WITH_PANEL), "No form of yours is with the panel."),
        (DECLINED, own.filter(state=IntelState.NOT_FOR_PANEL), ""),
        ("Heard, and withdrawn", own.filter(state__in=ended), ""),
        (_others_called(user), others, "There is no other form that you may open."),
    )
    latest = fetch(*(_latest(rows) for _, rows, _ in tables))
    found = [(title, rows, empty) for (title, _, empty), rows in zip(tables, latest, strict=True)]
    naming = _Naming(user, [form for rows in latest for form in rows])
    return {
        "columns": FORM_COLUMNS,
        "tables": [
            {"title": title, "rows": [_form_row(form, naming) for form in rows], "empty": empty}
            for title, rows, empty in found
            if rows or empty
        ],
    }


def own_counts(user):
    """{"to_finish", "with_panel"} of the reader's own forms: how many the tables of those names hold; as composed.py
    keeps it."""

    def row():
        return composed.sums(
            IntelForm.objects.visible_to(user).filter(written_by(user)),
            to_finish=Count("pk", filter=Q(state__in=INTEL_TO_FINISH), distinct=True),
            with_panel=Count("pk", filter=Q(state__in=INTEL_WITH_PANEL), distinct=True),
        )

    return composed.kept(("own intel forms", access.rights_today(user)), row)


def _others_called(user):
    return "Submitted to the panel" if user.has_role(Role.COORDINATOR) else "Of others, about children you work with"


def _latest(rows):
    return rows.select_related("record", "author", "source").order_by("-state_since", "-pk")[:SHOWN]


class _Naming:
    """What the children of many forms are called towards one reader: one statement, however many."""

    def __init__(self, user, forms):
        keys = {form.pk for form in forms}
        own_person = Exists(Person.objects.visible_to(user).filter(pk=OuterRef("person")))
        children = IntelChild.objects.filter(form__in=keys).select_related("person").order_by("pk")
        whole = IntelForm.objects.read_whole_by(user).filter(pk__in=keys).values_list("pk", flat=True)
        children, whole = fetch(children.annotate(own_person=own_person), whole)
        self._whole, self._children = set(whole), defaultdict(list)
        for child in children:
            self._children[child.form_id].append(child)

    def reads_whole(self, form):
        return form.pk in self._whole

    def called(self, form):
        names = [
            child.person.known_as if form.pk in self._whole or child.own_person else "another child"
            for child in self._children[form.pk]
        ]
        return words.listed(names)


def _told_apart(form, whole):
    """What tells two forms of one day apart: the reference, where it comes from, and for who reads all of it the first
    reason why the panel should look at it."""
    said = f"{form.reference}, from {PLAIN_SOURCE.get(form.source.kind, 'another record')}"
    return f"{said}: {Criterion(form.criteria[0]).label}" if whole and form.criteria else said


def _form_row(form, naming):
    called = naming.called(form)
    return [
        {
            "text": f"Begun on {words.day(form.record.opened_at)}",
            "url": reverse("strategy_meetings:intel", args=[form.reference]),
            "hidden": f"about {called}, {form.reference}",
            "note": _told_apart(form, naming.reads_whole(form)),
        },
        {"text": called[:1].upper() + called[1:]},
        {"text": form.author.name},
        {
            "text": "",
            "tags": [{"text": form.get_state_display(), "meaning": STATE_MEANING[form.state]}],
            "note": f"since {words.day(form.state_since)}",
        },
    ]


def intel_of_referral(referral, user):
    """For the tab of a child's meetings: the forms about the child, the latest first, and where one is begun."""
    may = referral.is_open and can_begin_intel_for(referral, user)
    url = reverse("strategy_meetings:begin_intel_for_child", args=[referral.reference]) if may else ""
    return {
        "intel": _forms_about(referral, user),
        "intel_url": url,
        "maps_url": reverse("panels:mapping_of_child", args=[referral.reference]),
        "mapping_url": _mapping_url(referral, user),
    }


def _mapping_url(referral, user):
    """Where a mapping meeting is called on the incident the child is in: the floor above's, by its rule."""
    name = "panels:call_mapping_for"
    may = referral.is_open and url_rules()[name].admits(user)
    return reverse(name, args=[referral.reference]) if may else ""


def _forms_about(referral, user):
    forms = IntelForm.objects.visible_to(user).filter(children__referral=referral).select_related("record", "source")
    forms = list(forms.order_by("-pk")[:SHOWN])
    whole = IntelForm.objects.read_whole_by(user).filter(pk__in=[form.pk for form in forms])
    reads = set(whole.values_list("pk", flat=True)) if forms else set()
    return [
        {
            "text": f"Intel form begun on {words.day(form.record.opened_at)}",
            "note": _told_apart(form, form.pk in reads),
            "url": reverse("strategy_meetings:intel", args=[form.reference]),
            "tag": {"text": form.get_state_display(), "meaning": STATE_MEANING[form.state]},
        }
        for form in forms
    ]


FORMS = Called(
    rows=lambda user: IntelForm.objects.visible_to(user).values("pk", "record__opened_at"),
    said=lambda row: f"Intel form of {words.day(row['record__opened_at'])}",
)
