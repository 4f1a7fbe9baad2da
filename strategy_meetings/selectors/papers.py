"""The documents of a meeting, as a reader may see them."""

from django.db.models import BigIntegerField
from django.urls import reverse

from hsb.core import composed, words
from hsb.core.composed import Given
from hsb.core.riding import riding
from referrals.models import Involvement
from referrals.selectors.held_back import persons_held_back
from strategy_meetings.models import ChildConsidered
from strategy_meetings.permissions import can_take_minutes
from strategy_meetings.states import Invited, PaperKind

HELD_BACK = "“Do not disclose yet” stands on a concern about this child: no family is written to."


def may_open(reading, document):
    """Whether the reader may open every part that is in the document."""
    about = [child for child in reading.taking_part if document.about in ("", str(child.number))]
    return bool(about) and all(reading.opens(child) for child in about)


def paper_rows(reading):
    """Rows for the table: the documents that the reader may open, the latest first."""
    documents = [document for document in reversed(reading.meeting.documents()) if may_open(reading, document)]
    writes = can_take_minutes(reading.meeting, reading.user)
    held = families_held_back(reading)
    return [_row(document, reading, writes, held) for document in documents]


def families_held_back(reading):
    """{number of a child: a sentence} of those whose family is told nothing of something, or of anything, by now."""
    persons = {child.person_id: str(child.number) for child in reading.taking_part}
    this = {"meeting": reading.meeting.pk}
    with riding(_not_disclosed().asking(**this)):
        found = persons_held_back(list(persons))
        found |= {row["person"]: HELD_BACK for row in _not_disclosed().rows(**this)}
    # Who was taken in since the page read who takes part is not on it.
    return {persons[person]: sentence for person, sentence in found.items() if person in persons}


def _not_disclosed():
    """The Composed of a meeting's children on whose concerns "do not disclose yet" stands."""

    def rows():
        children = ChildConsidered.objects.filter(meeting=Given("meeting", BigIntegerField()), taking_part=True)
        parts = Involvement.objects.filter(person__in=children.order_by().values("person"))
        return parts.filter(concern__do_not_disclose=True).values("person")

    return composed.kept("children of a meeting not disclosed", rows)


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
    letters = [document for document in reading.meeting.documents() if document.kind == PaperKind.LETTER]
    out = {letter.about for letter in letters if hasattr(letter, "fate") and letter.fate.went_out}
    names = [reading.called(child) for child in reading.taking_part if str(child.number) not in out]
    return f"No letter to the family went out for {words.listed(names)}. Is that what was agreed?" if names else ""
