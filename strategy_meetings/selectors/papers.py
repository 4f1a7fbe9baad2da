"""The documents of a meeting, as a reader may see them."""

from django.urls import reverse

from hsb.core import words
from strategy_meetings.states import PaperKind


def may_open(reading, document):
    """Whether the reader may open every part that is in the document."""
    about = [child for child in reading.taking_part if document.about in ("", str(child.number))]
    return bool(about) and all(reading.opens(child) for child in about)


def paper_rows(reading):
    """Rows for the table: the documents that the reader may open, the latest first."""
    documents = reading.meeting.record.documents.select_related("made_by").order_by("-number")
    return [_row(document, reading) for document in documents if may_open(reading, document)]


def _row(document, reading):
    children = {str(child.number): child.person.known_as for child in reading.taking_part}
    kind = PaperKind(document.kind).label
    about = f", about {children[document.about]}" if document.about else ""
    url = reverse("strategy_meetings:paper", args=[reading.meeting.reference, document.number])
    note = "" if document.accessible else "Some characters could not be printed"
    return [
        {"text": f"{kind}{about} (PDF, {max(1, document.size // 1024)} kB)", "url": url, "note": note},
        {"text": document.recipient},
        {"text": words.instant(document.made_at), "note": document.made_by.name},
    ]
