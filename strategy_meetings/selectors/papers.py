"""The documents of a meeting, as a reader may see them."""

from django.urls import reverse

from hsb.core import words
from referrals.models import Involvement
from referrals.selectors.held_back import persons_held_back
from strategy_meetings.permissions import can_take_minutes
from strategy_meetings.states import Invited, PaperKind

HELD_BACK = "“Do not disclose yet” stands on a concern about this child: no family is written to."


def may_open(reading, document):
    """Whether the reader may open every part that is in the document."""
    about = [child for child in reading.taking_part if document.about in ("", str(child.number))]
    return bool(about) and all(reading.opens(child) for child in about)


def paper_rows(reading):
    """Rows for the table: the documents that the reader may open, the latest first."""
    documents = reading.meeting.record.documents.select_related("made_by", "fate__by").order_by("-number")
    writes = can_take_minutes(reading.meeting, reading.user)
    held = families_held_back(reading)
    return [_row(document, reading, writes, held) for document in documents if may_open(reading, document)]


def families_held_back(reading):
    """{number of a child: a sentence} of those whose family is told nothing of something, or of anything, by now."""
    persons = {child.person_id: str(child.number) for child in reading.taking_part}
    found = persons_held_back(list(persons))
    stands = Involvement.objects.filter(person__in=persons, concern__do_not_disclose=True)
    found |= dict.fromkeys(stands.values_list("person", flat=True), HELD_BACK)
    return {persons[person]: sentence for person, sentence in found.items()}


def _row(document, reading, writes, held):
    children = {str(child.number): child.person.known_as for child in reading.taking_part}
    kind = PaperKind(document.kind).label
    about = f", about {children[document.about]}" if document.about else ""
    url = reverse("strategy_meetings:paper", args=[reading.meeting.reference, document.number])
    stays = document.kind == PaperKind.LETTER and document.about in held and not hasattr(document, "fate")
    tags = [{"text": "Do not disclose yet", "meaning": "late"}] if stays else []
    note = "" if document.accessible else "Some characters could not be printed"
    return [
        {"text": f"{kind}{about} (PDF, {max(1, document.size // 1024)} kB)", "url": url, "note": note, "tags": tags},
        {"text": document.recipient},
        {"text": words.instant(document.made_at), "note": document.made_by.name},
        _fate_cell(document, reading, writes),
    ]


def _fate_cell(document, reading, writes):
    fate = getattr(document, "fate", None)
    if fate is None:
        cell = {"text": "", "tags": [{"text": "Not said yet", "meaning": "soon"}]}
        if writes:
            url = reverse("strategy_meetings:paper_fate", args=[reading.meeting.reference, document.number])
            cell = {"text": "Record how it went out", "url": url, "hidden": f"document {document.number}"}
        return cell
    if fate.went_out:
        return {"text": f"{fate.get_how_display()}, {words.day(fate.on)}", "note": fate.by.name}
    return {"text": f"Does not go out: {fate.reason}", "note": fate.by.name}


def family_in_words(child):
    """What the meeting wrote down about the family, beside the choice of writing to it; "" where nothing."""
    if child.family_invited == Invited.NO:
        return f"The family was not invited: {child.family_invited_reason} May they be told now?"
    return "The family was invited." if child.family_invited else ""


def families_without_letter(reading):
    """A warning that names the children whose families have no letter that went out; "" where all have."""
    out = set(
        reading.meeting.record.documents.filter(kind=PaperKind.LETTER, fate__how__gt="").values_list("about", flat=True)
    )
    names = [reading.called(child) for child in reading.taking_part if str(child.number) not in out]
    return f"No letter to the family went out for {words.listed(names)}. Is that what was agreed?" if names else ""
