"""The notes of a case as its readers see them: the tab, one note, the reader's own drafts. In a list text is folded.

What a page says "as it stood on" a day is what was recorded by the end of that day: what came later is absent.
"""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hsb.core import access, drafts, words
from hsb.core.fetched import fetch, spread
from hsb.core.models import Draft, Task
from referrals.models import CaseNote, NoteCorrection, NoteTelling, Referral
from referrals.permissions import can_correct_note, can_hold_back, can_manage, can_tell_again
from referrals.selectors.names import known_as
from referrals.states import NoteKind

PAGE_SIZE = 50
READ_NOTE = "read_note"
ENDED = "This referral has ended and stays as it is: reopen it first, and write the note on the new episode."
SEEN = {True: "The child was seen", False: "The child was not seen"}
ALONE = {True: "The child was seen alone", False: "The child was seen with somebody else there"}
HELD_BACK = "Do not disclose yet: do not tell the child or the family what this note says."
TELL, HOLD_BACK = "tell", "hold_back"
TAGS = {NoteKind.OVERSIGHT: {"text": "Management oversight", "meaning": "open"}}
MOST_DRAFTS = 50
# The address at which a note is written, around the referral's reference.
ANY_CASE, WRITTEN_AT = "/referrals/", "/notes/write/"


def alert_key(number, reader):
    """What tells one reader's task about one note apart from the others on the record."""
    return f"{reader.reference}-{number}"


def kinds_for(referral, user):
    """The kinds of note that `user` may write, as choices."""
    oversight = can_manage(referral, user)
    return [(code, label) for code, label in NoteKind.choices if oversight or code != NoteKind.OVERSIGHT]


def once_of(key, user):
    """The key of the row that a page's address makes for this user: an address that was passed on is nobody else's."""
    return uuid5(key, user.reference)


def end_of(day):
    """The instant before which everything of that day was recorded."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


# --- The tab -----------------------------------------------------------------------------------------------------


def notes(referral, user, *, kind="", before="", as_of=None):
    """One page of the notes, the newest first: {"rows", "next", "first"}; as many questions however many there are.

    `before` is the number of the last note of the page before; `as_of` the day as it stood on which it is read.
    """
    found = CaseNote.objects.filter(referral=referral).select_related("author").order_by("-number")
    if as_of is not None:
        found = found.filter(recorded_at__lt=end_of(as_of))
    if kind in NoteKind.values:
        found = found.filter(kind=kind)
    if before.isascii() and before.isdigit():
        found = found.filter(number__lt=int(before[:9]))
    page = list(found[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    under = {"note__in": [note.pk for note in shown]}
    corrections, tellings, tasks = fetch(*_under(under, as_of), _asking(referral, as_of))
    _spread(shown, corrections, tellings)
    asked = _by_number(tasks)
    return {
        "rows": [_said(note, referral, user, asked.get(note.number, []), as_of) for note in shown],
        "next": shown[-1].number if len(page) > PAGE_SIZE else "",
        "first": not before,
    }


def note_at(referral, number):
    """The final note of that number on the referral, or None; with its author and what stands under it."""
    found = CaseNote.objects.filter(referral=referral, number=number).select_related("author")
    of_it = {"note__referral": referral, "note__number": number}
    notes, corrections, tellings = fetch(found, *_under(of_it, None))
    if not notes:
        return None
    [note] = notes
    _spread(notes, corrections, tellings)
    note.referral = referral
    return note


def one_note(referral, user, note):
    """What `note_at` gave, as `notes` gives each."""
    asked = _by_number(_asking(referral, None)).get(note.number, [])
    opens = set(access.who_open([task.owner for task in asked if task.done_at is None], referral))
    return _said(note, referral, user, asked, None) | {"asked": [_asked_and_opens(task, opens) for task in asked]}


def _under(of_notes, as_of):
    """(corrections, tellings) that stand under the notes that `of_notes` finds."""
    under = [model.objects.filter(**of_notes).select_related("by") for model in (NoteCorrection, NoteTelling)]
    return under if as_of is None else [rows.filter(recorded_at__lt=end_of(as_of)) for rows in under]


def _spread(notes, corrections, tellings):
    spread(corrections, notes, "corrections")
    spread(tellings, notes, "tellings")


def _asking(referral, as_of):
    """The tasks by which somebody was asked to read a note of the referral, in the order they were asked."""
    tasks = Task.objects.filter(record=referral.record_id, kind=READ_NOTE).select_related("owner")
    if as_of is not None:
        tasks = tasks.filter(opened_at__lt=end_of(as_of))
    return tasks.order_by("opened_at", "pk")


def _by_number(tasks):
    """{number of a note: those of these tasks that ask for it}."""
    found = {}
    for task in tasks:
        found.setdefault(int(task.about.rsplit("-", 1)[1]), []).append(task)
    return found


def _said(note, referral, user, tasks, as_of):
    at = [referral.reference, note.number]
    # Of a row that was read with its case: not to be read again for each.
    note.referral = referral
    return {
        "number": note.number,
        "reference": note.reference,
        "title": f"{note.get_kind_display()}, {_when(note)}",
        "tag": TAGS.get(note.kind),
        "by": f"Written by {note.author.name} on {words.instant(note.recorded_at)}. {note.get_basis_display()}.",
        "seen": _seen(note),
        "held_back": HELD_BACK if note.is_held_back else "",
        "tellings": [_telling(each) for each in note.tellings.all()],
        "texts": list(_texts(note)),
        "corrections": [_correction(each) for each in note.corrections.all()],
        "asked": [_asked_in_words(task, as_of) for task in tasks],
        "url": reverse("referrals:note", args=at),
        "correct_url": reverse("referrals:correct_note", args=at) if may_correct(note, referral, user) else "",
        "telling_url": reverse("referrals:note_telling", args=at) if telling_choices(note, user) else "",
        "asks_me": any(task.owner_id == user.pk and task.done_at is None for task in tasks),
    }


def may_correct(note, referral, user):
    """Whether the reader may add a correction now: on an ended referral only the author of the note."""
    return can_correct_note(note, user) and (not referral.has_ended or note.author_id == user.pk)


def telling_choices(note, user):
    """[(decision, words)]: what the reader can decide now about telling the family of the note; [] for nothing."""
    if note.is_held_back:
        return [(TELL, "The family can be told")] if can_tell_again(note.referral, user) else []
    return [(HOLD_BACK, "Nothing of it is told to them yet")] if can_hold_back(note.referral, user) else []


def _telling(telling):
    decided = "Nothing of it is told to the family yet" if telling.held_back else "The family can be told of it"
    return f"{decided}: {telling.by.name} on {words.instant(telling.recorded_at)}. {telling.reason}"


def _when(note):
    day = words.day(note.happened_on)
    return f"{day} at {words.clock_time(note.happened_at)}" if note.happened_at else day


def _seen(note):
    if note.seen:
        return ALONE.get(note.seen_alone, SEEN[True])
    return SEEN.get(note.seen, "")


def _texts(note):
    discussed = note.kind == NoteKind.OVERSIGHT
    yield {"summary": "What was discussed" if discussed else "What the note says", "text": note.text}
    if note.agreed:
        yield {"summary": "What was agreed", "text": note.agreed}
    if note.childs_words:
        yield {"summary": "The child's own words", "text": note.childs_words}
    if note.not_seen_reason:
        yield {"summary": "Why the child was not seen", "text": note.not_seen_reason}
    if note.who_was_there:
        yield {"summary": "Who else was there", "text": note.who_was_there}


def _correction(correction):
    return {
        "title": f"Correction {correction.number}",
        "by": f"Added by {correction.by.name} on {words.instant(correction.recorded_at)}",
        "texts": [
            {"summary": "What is to be read instead, or added", "text": correction.text},
            {"summary": "Why", "text": correction.reason},
        ],
    }


def _asked_in_words(task, as_of):
    read = task.done_at is not None and (as_of is None or task.done_at < end_of(as_of))
    return f"{task.owner.name}: {f'read on {words.instant(task.done_at)}' if read else 'not read yet'}"


def _asked_and_opens(task, opens):
    """The same on the page of one note; of whoever may not open the record any more that nobody waits for them."""
    if task.done_at is None and task.owner not in opens:
        return f"{task.owner.name}: not read, and may not open this record any more"
    return _asked_in_words(task, None)


# --- What no family is told yet --------------------------------------------------------------------------------------


def held_back_notes(**about):
    """The notes of which nothing is told to the family yet (B21), of the referrals that `about` finds; with all that
    is written in them."""
    return [note for note in perhaps_held_back(**about) if note.is_held_back]


def perhaps_held_back(**about):
    """A queryset of the notes that are held back or once were, the first first."""
    found = CaseNote.objects.filter(Q(do_not_disclose=True) | Q(tellings__held_back=True), **about).distinct()
    found = found.select_related("referral").prefetch_related("tellings", "corrections")
    return found.order_by("happened_on", "pk")


def written(note):
    """All that a note says; who else was there is no secret of it."""
    corrected = [correction.text for correction in note.corrections.all()]
    return [note.text, note.agreed, note.childs_words, note.not_seen_reason, *corrected]


# --- The reader's own drafts -----------------------------------------------------------------------------------------


def drafts_of(referral, user):
    """What `user` began on this referral and has not made final: [{"text", "url"}]. Nobody else ever gets it."""
    return [
        {"text": f"{draft['kind']}, kept on {draft['saved_at']}", "url": draft["url"]}
        for draft in _drafts(begun_pages(user, reverse("referrals:write_note", args=[referral.reference])), user)
    ]


def unfinished_notes(begun, user):
    """Every note that `user` began (`begun_pages`) and has not made final, of children they may open, the latest first;
    no word of it: [{"kind", "reference", "child", "url", "saved_at"}]."""
    kept = _drafts(begun, user)
    if not kept:
        return []
    opened = Referral.objects.visible_to(user).filter(record__reference__in=[draft["reference"] for draft in kept])
    children = {
        reference: known_as(*parts)
        for reference, *parts in opened.values_list(
            "record__reference", "person__given_name", "person__family_name", "person__preferred_name"
        )
    }
    return [draft | {"child": children[draft["reference"]]} for draft in kept if draft["reference"] in children]


def begun_pages(user, begins=ANY_CASE):
    """A queryset of the user's drafts of notes at addresses that begin so, the latest first."""
    kept = Draft.objects.filter(user=user, form=drafts.PAGE, key__startswith=begins, key__contains=WRITTEN_AT)
    return kept.order_by("-saved_at")[:MOST_DRAFTS]


def _drafts(begun, user):
    """Those of the user's drafts of notes (`begun_pages`) that were not made final since."""
    found = [(draft, *_reference_and_key(draft.key)) for draft in begun]
    onces = {key: once_of(key, user) for _, _, key in found if key is not None}
    if not onces:
        return []
    final = set(CaseNote.objects.filter(once__in=list(onces.values())).values_list("once", flat=True))
    return [
        {
            "kind": _kind_of(draft),
            "reference": reference,
            "url": draft.key,
            "saved_at": words.instant(draft.saved_at),
        }
        for draft, reference, key in found
        if key is not None and onces[key] not in final
    ]


def _reference_and_key(path):
    """("HSB-2026-00042", UUID) of the address at which a note is written; ("", None) of another."""
    case, _, key = path[len(ANY_CASE) :].partition(WRITTEN_AT)
    try:
        return case, UUID(key.rstrip("/"))
    except ValueError:
        return "", None


def _kind_of(draft):
    kind = "".join(draft.data.get("kind", [])[:1])
    return NoteKind(kind).label if kind in NoteKind.values else "A note"
