"""The page "What may I say?": what stands in the way of telling this child and family, and what they were told already.

Only gathers: every part is read as its own page reads it, by the reader's right. What is said of another child stands
on that child's own page (practice.md A23, B7, B21).
"""

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse

from hsb.core import words
from hsb.core.fetched import fetch
from hsb.core.models import Entry
from hsb.core.riding import riding
from referrals import permissions
from referrals.kinships import Circle
from referrals.models import Involvement
from referrals.selectors import beside, consent, held_back, notifications
from referrals.selectors.case_documents import read_through, url_of
from referrals.selectors.chronology import in_words
from referrals.selectors.family import NOT_SHOWN, asking_family, seen_by
from referrals.selectors.held_back import HeldBack
from referrals.selectors.involved import asking_people, people_in_each
from referrals.selectors.joining import concerns_of
from referrals.selectors.looks import SHARED_COLUMNS, SHARED_SHOWN, disclosed_of, shared_in_rows
from referrals.selectors.markers import kind_in_words
from referrals.selectors.reading import Reading
from referrals.selectors.sharing import TOLD_COLUMNS as FAMILY_COLUMNS
from referrals.selectors.sharing import told_in_rows, told_to_family
from referrals.selectors.significant import opened_of
from referrals.states import InvolvementRole, InvolvementStatus, Recipient, Told, YesNoUnknown

HELD_BACK_COLUMNS = ("What is held back", "Since when, and why")
TOLD_COLUMNS = ("What", "Who was told, and when")
CONTACT_COLUMNS = ("Who", "What they are", "How they may be contacted")
DECISIONS = (
    "hold_back",
    "tell_again",
    "hold_note_back",
    "tell_note",
    "hold_assessment_back",
    "tell_assessment",
    "hold_form_back",
    "tell_form",
    "hold_document_back",
    "let_disclose_document",
    "tell_notification",
)
TOLD_WORDS = {Told.PERSON: "The child", Told.PARENT: "A parent or carer"}
NO_CONTACT = "Not recorded: ask before you call, write or visit"


def what_may_be_said(referral, user):
    """Plain data for the page, in a constant number of queries."""
    reading = Reading.of(referral, user)
    concerns = concerns_of(referral)
    with riding(asking_people(concerns, user), asking_family(referral.person, user)):
        people = [each for found in people_in_each(concerns, user).values() for each in found]
        seen = seen_by(referral.person, user)
    family = [each for each in seen if each.row.is_open]
    advice = [call for call in reading.police_calls if call.advice and call.lifted_on is None]
    held_here = HeldBack(referral)
    documents, told, disclosed, answers, decided = fetch(
        read_through(referral).filter(do_not_disclose=True, taken_out_at__isnull=True),
        told_to_family(opened_of(referral, user)),
        disclosed_of(referral),
        consent.asked_of([referral]),
        _decisions(referral),
    )
    held = {
        "concerns": [concern for concern in concerns if concern.do_not_disclose],
        "notes": held_here.notes,
        "documents": list(documents),
        "papers": held_here.papers,
        "notifications": held_here.notifications,
        "elsewhere": held_back.held_back_elsewhere(held_here.elsewhere, user),
    }
    return {
        "sentences": _sentences(referral, advice, held, family, people),
        "advice": [_advice(call) for call in advice if call.stands],
        "calls": beside.police_call_notes([call for call in advice if not call.stands], referral),
        "held_columns": HELD_BACK_COLUMNS,
        "held": _held_rows(referral, held, user),
        "family_columns": FAMILY_COLUMNS,
        "family": told_in_rows(told),
        "told_columns": TOLD_COLUMNS,
        "told": _told_rows(reading, concerns, disclosed),
        "consent_columns": consent.COLUMNS,
        "consent": consent.stands_in_rows(consent.in_order(answers), referral, user, seen),
        "consent_url": reverse("referrals:consent", args=[referral.reference]),
        "shared_columns": SHARED_COLUMNS,
        "shared": shared_in_rows(disclosed[:SHARED_SHOWN]),
        "sharing_url": reverse("referrals:sharing", args=[referral.reference]),
        "decisions": in_words(referral, list(decided), user),
        "contact_columns": CONTACT_COLUMNS,
        "contacts": [_contact(each) for each in family],
        "others": _other_children(referral, people),
        "decide_url": _decide_url(reading),
    }


# --- The sentence that stands first ----------------------------------------------------------------------------------


def _sentences(referral, advice, held, family, people):
    """One sentence of whom the reader may tell what and whom not; then what must be known of these people first."""
    of_concern = {each["person"].pk for each in people if InvolvementRole.PERSON_OF_CONCERN in each["codes"]}
    elsewhere = _of_concern_elsewhere(family)
    carers = [each for each in family if each.shown and each.side.circle == Circle.CARERS and each.person.is_adult]
    tellable, first_asked = [], []
    for each in carers:
        if each.person.pk in of_concern:
            first_asked.append(
                f"{each.name} is a person of concern: do not tell {each.name} anything before a manager has agreed it, "
                "with the police where they are asked."
            )
        elif each.person.pk in elsewhere:
            first_asked.append(
                f"Do not tell {each.name} anything before you have asked {settings.DUTY_DESK}: a record that is not "
                f"shown here speaks of {each.name}."
            )
        elif each.row.parental_responsibility == YesNoUnknown.NO:
            first_asked.append(f"{each.name} has no parental responsibility: ask before you tell {each.name} anything.")
        else:
            tellable.append(f"{each.name} (read first how to contact them)" if _contact_of(each) else each.name)
    child = referral.person.known_as
    them = words.listed(dict.fromkeys([child, *tellable]))
    return [
        _first(referral, child, them, advice, held),
        *held["elsewhere"],
        *dict.fromkeys(first_asked),
        *([] if carers else ["No parent or carer is recorded whom you may read: ask who may be told for the child."]),
    ]


def _of_concern_elsewhere(family):
    """Keys of the family's people who are a person of concern in any concern, an earlier one or another child's: which
    it is is not said (B7)."""
    parts = Involvement.objects.filter(
        person__in=[each.person.pk for each in family], role=InvolvementRole.PERSON_OF_CONCERN
    ).exclude(status=InvolvementStatus.UNFOUNDED)
    return set(parts.values_list("person", flat=True))


def _first(referral, child, them, advice, held):
    ask = [call for call in advice if not call.opens and not call.holds and call.told]
    if ask:
        whom = words.listed(dict.fromkeys(beside.who_has(call.referral) for call in ask))
        return (
            f"You may tell {them} nothing yet: the police gave advice on a record that you cannot open. Do not tell "
            f"anybody anything before you have asked {whom}."
        )
    if held["concerns"]:
        of = words.listed(words.day(concern.reported_on) for concern in held["concerns"])
        kept = "Keep to the police’s advice below" if _given(advice) else "A manager decides when they can be told"
        return (
            f"You may tell {them} what keeps {child} safe now; do not tell them, or any other family, anything about "
            f"the concern of {of} yet. {kept}."
        )
    if _given(advice):
        return (
            f"You may tell {them} only what the police’s advice below leaves open; do not tell them, or any other "
            "family, anything else."
        )
    kept_back = [each.reference for each in (*held["notes"], *held["documents"])]
    kept_back += [held_back.title_of(each.paper) for each in held["papers"]]
    kept_back += [f"the {notifications.title_of(each, within=True)}" for each in held["notifications"]]
    if held["elsewhere"] and not kept_back:
        return (
            f"Tell {them} only what keeps {child} safe now, until you have read what is held back elsewhere; do not "
            "tell them anything about another child or another family."
        )
    if kept_back:
        return (
            f"You may tell {them} what is recorded about {child}; do not tell them what {words.listed(kept_back)} "
            "says, nor anything about another child or another family."
        )
    return (
        f"You may tell {them} what is recorded about {child}; do not tell them anything about another child or "
        "another family."
    )


def _given(advice):
    return [call for call in advice if call.opens or call.holds]


# --- The parts -------------------------------------------------------------------------------------------------------


def _advice(call):
    """The advice for every child of the concern, from whom, and until when it stands."""
    number = f", reference {call.police_reference}" if call.police_reference else ""
    given = f" Given by {call.spoke_to}{number}." if call.opens else ""
    return f"{beside.advice_in_words(call).rstrip('.')}.{given} It stands until the police lift it."


def _held_rows(referral, held, user):
    reasons = _last_reasons(held["concerns"])
    rows = [
        [
            {
                "text": f"The concern of {words.day(concern.reported_on)}",
                "url": reverse("referrals:concern", args=[concern.reference]),
            },
            reasons.get(concern.pk) or {"text": f"Since it was logged, {words.instant(concern.recorded_at)}"},
        ]
        for concern in held["concerns"]
    ]
    for note in held["notes"]:
        last = list(note.tellings.all())[-1:]
        since = {"text": f"Since it was written, {words.instant(note.recorded_at)}"}
        if last:
            since = {"text": f"Since {words.instant(last[0].recorded_at)}", "note": last[0].reason}
        url = reverse("referrals:note", args=[referral.reference, note.number])
        rows.append(
            [{"text": f"{note.get_kind_display()}, {words.day(note.happened_on)}: {note.reference}", "url": url}, since]
        )
    rows += [held_back.paper_row(each, referral, user) for each in held["papers"]]
    again = held_back.documents_held_again(referral) if held["documents"] else {}
    for document in held["documents"]:
        since = {"text": f"Since it was added, {words.instant(document.added_at)}", "note": document.added_by.name}
        rows.append(
            [
                {"text": document.title, "note": document.reference, "url": url_of("document", referral, document)},
                again.get(document.reference, since),
            ]
        )
    for each in held["notifications"]:
        url = reverse("referrals:police_forms", args=[referral.reference])
        since = {"text": f"Since it was recorded, {words.instant(each.recorded_at)}", "note": each.recorded_by.name}
        rows.append([{"text": notifications.title_of(each), "url": url}, since])
    return rows


def _last_reasons(concerns):
    """{concern: since when it is held back and why}, where that was decided after it was logged. One query."""
    if not concerns:
        return {}
    entries = Entry.objects.filter(record__in=[concern.pk for concern in concerns], verb="hold_back")
    return {
        entry.record_id: {"text": f"Since {words.instant(entry.recorded_at)}", "note": entry.reason}
        for entry in entries.order_by("number")
    }


def _told_rows(reading, concerns, disclosed):
    """What stands somewhere else of somebody having been told: of a marker; and the referrer, and of immediate
    protection, where it was recorded before such a verb wrote what it shared."""
    referrer_said = any(each.recipient == Recipient.REFERRER for each in disclosed)
    protected = {(each.happened_on, each.to_whom) for each in disclosed if not each.recipient}
    rows = [
        [
            {"text": f"The concern of {words.day(concern.reported_on)}: the decision on it"},
            {"text": f"The referrer, on {words.day(concern.referrer_told_on)}"},
        ]
        for concern in concerns
        if concern.referrer_told_on and not referrer_said
    ]
    for protection in reading.protections:
        if (protection.done_on, protection.who_was_told) in protected:
            continue
        rows.append(
            [
                {"text": f"Immediate protection on {beside.at_or_on(protection.done_on, protection.done_at)}"},
                {"text": protection.who_was_told},
            ]
        )
    prefetch_related_objects(reading.markers, "tellings")
    for marker in reading.markers:
        later = {each.who: each.told_on for each in marker.tellings.all()}
        for who, said in TOLD_WORDS.items():
            told = getattr(marker, f"{who.value}_told_on") or later.get(who.value)
            why_not = getattr(marker, f"{who.value}_not_told_because")
            if told or why_not:
                how = f"{said}, on {words.day(told)}" if told else f"{said} was not told: {why_not}"
                rows.append([{"text": f"Marker: {kind_in_words(marker.kind)}"}, {"text": how}])
    return rows


def _decisions(referral):
    """A queryset of the entries about telling the family, the latest first."""
    entries = Entry.objects.filter(record=referral.record_id, verb__in=DECISIONS).select_related("actor")
    return entries.order_by("-number")[:50]


def _contact_of(seen):
    return getattr(seen.row, seen.row.contact_field(seen.child))


def _contact(seen):
    contact = _contact_of(seen) or NO_CONTACT
    return [{"text": seen.name}, {"text": seen.relation}, {"text": contact if seen.shown else NOT_SHOWN}]


def _other_children(referral, people):
    """The other children of the concerns: a link to what may be said of whom the reader may open, else that nothing."""
    found = {}
    for each in people:
        theirs = each["referral"]
        if each["person"].pk == referral.person_id or theirs is None:
            continue
        if each["opens"]:
            text = f"What may I say to the family of {each['name']}?"
            said = {"text": text, "url": reverse("referrals:say", args=[theirs.reference])}
        else:
            theirs.person = each["person"]  # read with its record
            said = {"text": f"{each['name']}: say nothing to that family, and ask {beside.who_has(theirs)}.", "url": ""}
        found[each["person"].pk] = said
    return list(found.values())


def _decide_url(reading):
    """Where the reader decides what is told, for whoever may."""
    referral, user = reading.referral, reading.user
    may = permissions.can_hold_back(referral, user) or permissions.can_tell_again(referral, user)
    return reverse("referrals:telling", args=[referral.reference]) if may else ""
