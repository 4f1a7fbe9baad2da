"""What no family is told yet: of a concern, a note, an assessment, a Form 87A, or what the police told us (A23, B21).

Every paper for a family, and every page on which somebody is about to tell one, asks here. Documents that people
bring are read beside it by "What may I say?": a file has no words that could be compared.
"""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from hsb.core import runs, words
from hsb.core.borough_words import police_form
from hsb.core.fetched import fetch
from hsb.core.models import Entry
from referrals.models import Involvement, PaperTelling, Referral
from referrals.models.assessments import PAGES
from referrals.permissions import can_hold_back, can_hold_form_back, can_tell_again, can_tell_form
from referrals.selectors import notifications
from referrals.selectors.notes import HOLD_BACK, TELL, held_back_notes, perhaps_held_back, written
from referrals.selectors.reading import Reading

WARNING = "Do not disclose yet: do not tell the child or the family what {what} says."
# Of the pages of an assessment, what is written in words.
TEXTS = (
    "rationale",
    "mismatch_reason",
    *PAGES["context"],
    *PAGES["strengths"],
    "risk_statement",
    *PAGES["safety"],
    *PAGES["support"],
)
REASON_IS_KEPT = "Why stands with the form, for whoever may open every child of it"


# --- What stands ------------------------------------------------------------------------------------------------------


def something_is_held_back(referral):
    """Whether "do not disclose yet" stands on a concern about the child."""
    return Involvement.objects.filter(person=referral.person_id, concern__do_not_disclose=True).exists()


class HeldBack:
    """What of a child's is held back, but for this referral's own concerns, asked for at once: `notes`, `papers` (the
    latest PaperTelling of each assessment and Form 87A of the referral of which the family is told nothing),
    `notifications` of the police; `elsewhere`, the keys of the child's other referrals on which something is, with
    None for what hangs on no referral."""

    def __init__(self, referral):
        person, own = referral.person_id, referral.involvements.values("concern")
        parts = Involvement.objects.filter(person=person, concern__do_not_disclose=True).exclude(concern__in=own)
        notes, papers, notified, parts, all_notes, all_papers = fetch(
            perhaps_held_back(referral=referral),
            _of_referral(referral),
            notifications.held_back_of(referral),
            parts.values_list("referral", flat=True),
            perhaps_held_back(referral__person=person),
            _of_persons([person]),
        )
        self.notes = [note for note in notes if note.is_held_back]
        self.papers = _standing(papers)
        self.notifications = list(notified)
        of_notes = {note.referral_id for note in all_notes if note.is_held_back}
        of_papers = {row.assessment.referral_id for row in _standing(all_papers) if row.assessment_id}
        self.elsewhere = {*parts, *of_notes, *of_papers} - {referral.pk}


def papers_held_back(referral):
    """HeldBack.papers of the referral, by themselves."""
    return _standing(_of_referral(referral))


def papers_of(persons):
    """The latest PaperTelling of each assessment of these persons, and of each Form 87A about a concern in which they
    are, of which the family is told nothing."""
    return _standing(_of_persons(persons))


def _of_referral(referral):
    of_form = {"police_referral__concern__involvements__referral": referral}
    return _tellings(Q(assessment__referral=referral) | Q(**of_form))


def _of_persons(persons):
    of_form = {"police_referral__concern__involvements__person__in": persons}
    return _tellings(Q(assessment__referral__person__in=persons) | Q(**of_form))


def _tellings(about):
    rows = PaperTelling.objects.filter(about).distinct().order_by("number").prefetch_related("police_referral__forms")
    return rows.select_related("assessment__referral", "police_referral__record", "police_referral__concern", "by")


def _standing(tellings):
    latest = {(row.assessment_id, row.police_referral_id): row for row in tellings}
    return [row for row in latest.values() if row.held_back]


def title_of(paper):
    """What an assessment or a Form 87A is called within a sentence."""
    if hasattr(paper, "concern"):
        return f"{police_form()} for the concern reported on {words.day(paper.concern.reported_on)}"
    return f"the assessment {paper.reference}"


def held_back_on(referral, user):
    """A sentence for everything of the child but this referral's own concerns of which the family is told nothing yet,
    for whoever is about to tell them something."""
    held = HeldBack(referral)
    notes = [
        f"“Do not disclose yet” stands on the note of {words.day(note.happened_on)}: {note.reference}."
        for note in held.notes
    ]
    papers = [f"“Do not disclose yet” stands on {title_of(row.paper)}." for row in held.papers]
    told = [
        f"“Do not disclose” stands on what the police told us: {notifications.title_of(each)}."
        for each in held.notifications
    ]
    return [*notes, *papers, *told, *held_back_elsewhere(held.elsewhere, user)]


def held_back_elsewhere(held, user):
    """Sentences about what is held back on other records of a child (HeldBack.elsewhere): on which, for whoever may
    open it; else whom to ask (B7)."""
    if not held:
        return []
    opened = Referral.objects.visible_to(user).filter(pk__in=held - {None})
    opened = {each.pk: each.reference for each in opened.select_related("record")}
    found = [
        f"Something is held back on this child's referral {reference}: read it first." for reference in opened.values()
    ]
    if held - set(opened):
        found.append(
            f"Something about this child is held back on a record that you cannot open: ask {settings.DUTY_DESK}."
        )
    return found


def repeats_held_back(text, persons):
    """The words that `text` repeats of what is held back of these persons: as many texts.

    Of a text of a few words all of it, of a longer one a few in a row (hsb.core.runs).
    """
    if not text.strip():
        return []
    secrets = [said for note in held_back_notes(referral__person__in=persons) for said in written(note)]
    secrets += [said for row in papers_of(persons) for said in _texts(row.paper)]
    secrets += notifications.held_back_words(persons)
    found = (runs.shared(text, said) for said in secrets)
    return list(dict.fromkeys(words for words in found if words))


def _texts(paper):
    """All that was written on an assessment, or in every version of a Form 87A."""
    if hasattr(paper, "concern"):
        written_in = [(form.known, form.asked, form.risks_to_staff) for form in paper.forms.all()]
        return [text for version in written_in for text in version if text]
    behaviours = [behaviour.description for behaviour in paper.referral.behaviours()]
    return [text for text in (*(getattr(paper, name) for name in TEXTS), *behaviours) if text]


def persons_held_back(persons):
    """{key of one of these persons: a sentence that something of theirs is held back}, for who writes to families."""
    told = "The police told us something of this child that is not disclosed: ask their social worker what can be said."
    stands = "“Do not disclose yet” stands on {what} of this child's: ask their social worker what can be said."
    notified, tellings, notes = fetch(
        notifications.persons_held_back(persons), _of_persons(persons), perhaps_held_back(referral__person__in=persons)
    )
    found = dict.fromkeys(set(notified) & set(persons), told)
    rows = _standing(tellings)
    for row in rows:
        if row.assessment_id:
            found[row.assessment.referral.person_id] = stands.format(what="an assessment")
    concerns = [row.police_referral.concern_id for row in rows if row.police_referral_id]
    parts = Involvement.objects.filter(concern__in=concerns, person__in=persons) if concerns else ()
    found |= {part.person_id: stands.format(what=police_form()) for part in parts}
    notes = (note for note in notes if note.is_held_back)
    return found | {note.referral.person_id: stands.format(what="a note") for note in notes}


# --- On the paper's own page ------------------------------------------------------------------------------------------


def of_assessment(assessment, user):
    """{"warning", "tellings", "url"} beside an assessment."""
    every = Reading.of(assessment.referral, user).on_some_pages("assessment_tellings")
    rows = [each for each in every if each.assessment_id == assessment.pk]
    url = reverse("referrals:assessment_telling", args=[assessment.referral.reference, assessment.number])
    can_be_decided = _assessment_choices(assessment, user, held=bool(rows) and rows[-1].held_back)
    return _beside(rows, "this assessment", url if can_be_decided else "")


def tellings_of_forms(police_referrals):
    """What `of_forms` reads: a queryset."""
    keys = [each.pk for each in police_referrals]
    return PaperTelling.objects.filter(police_referral__in=keys).select_related("by").order_by("number")


def of_forms(referral, police_referrals, tellings, user):
    """{key of a Form 87A: the same}, from the `tellings_of_forms`."""
    rows = {each.pk: [] for each in police_referrals}
    for row in tellings:
        rows[row.police_referral_id].append(row)
    found = {}
    for each in police_referrals:
        held = bool(rows[each.pk]) and rows[each.pk][-1].held_back
        url = reverse("referrals:form_telling", args=[referral.reference, each.reference])
        may = can_tell_form(each, user) if held else can_hold_form_back(each, user)
        opens = each.opens_for(user) if rows[each.pk] else False
        found[each.pk] = _beside(rows[each.pk], police_form(), url if may else "", why=opens)
    return found


def is_held_back(paper):
    """Whether nothing of an assessment or a Form 87A is told to the family yet; asked anew each time."""
    last = paper.tellings.order_by("number").last()
    return last is not None and last.held_back


def assessment_choices(assessment, user):
    """[(decision, words)]: what the reader can decide now about telling the family; [] for nothing."""
    return _assessment_choices(assessment, user, held=is_held_back(assessment))


def _assessment_choices(assessment, user, *, held):
    referral = assessment.referral
    return _choices(held, can_tell_again(referral, user) if held else can_hold_back(referral, user))


def form_choices(police_referral, user):
    """The same of a Form 87A."""
    held = is_held_back(police_referral)
    may = can_tell_form if held else can_hold_form_back
    return _choices(held, may(police_referral, user))


def _choices(held, may):
    decision = (TELL, "The family can be told") if held else (HOLD_BACK, "Nothing of it is told to them yet")
    return [decision] if may else []


def _beside(rows, what, url, *, why=True):
    held = bool(rows) and rows[-1].held_back
    return {
        "warning": WARNING.format(what=what) if held else "",
        "tellings": [in_words(row, why=why) for row in rows],
        "url": url,
    }


def in_words(row, *, why=True):
    decided = "Nothing of it is told to the family yet" if row.held_back else "The family can be told of it"
    reason = row.reason if why else f"{REASON_IS_KEPT}."
    return f"{decided}: {row.by.name} on {words.instant(row.recorded_at)}. {reason}"


# --- Rows of "What may I say?" ----------------------------------------------------------------------------------------


def paper_row(row, referral, user):
    """[what is held back, since when and why] of a PaperTelling that stands."""
    since = {"text": f"Since {words.instant(row.recorded_at)}", "note": row.reason}
    if row.assessment_id:
        url = reverse("referrals:assessment_version", args=[referral.reference, row.assessment.number])
        return [{"text": f"Assessment {row.assessment.number}", "note": row.assessment.reference, "url": url}, since]
    if not row.police_referral.opens_for(user):
        since["note"] = REASON_IS_KEPT
    url = reverse("referrals:police_forms", args=[referral.reference])
    return [{"text": title_of(row.police_referral), "url": url}, since]


def documents_held_again(referral):
    """{reference of a document: when, and why} of those that were held back after they were added. One query."""
    entries = Entry.objects.filter(record=referral.record_id, verb="hold_document_back").order_by("number")
    return {
        entry.facts["document_reference"]: {
            "text": f"Since {words.instant(entry.recorded_at)}",
            "note": entry.reason,
        }
        for entry in entries
    }
