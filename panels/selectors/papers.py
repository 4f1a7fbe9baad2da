"""The papers of a panel: whose they are, and their rows."""

from django.urls import reverse

from hsb.core import words
from panels.states import MINUTES_PAPERS, PanelPaperKind


def may_open_paper(reading, paper):
    """Whether the reader may open a paper: the police's for the police; never where somebody in it is barred to them,
    or was restricted since it was made: the name may stand in any of its texts."""
    if "police" in paper.kind and not reading.for_police:
        return False
    if any(not reading.may_know_of(item) for item in reading.items):
        return False
    return all(key in paper.hidden or reading.knows(key) for key in reading.restricted)


def papers_of(panel):
    """The panel's papers, whoever may open them, the latest first."""
    return panel.record.documents.select_related("made_by", "panel_paper").order_by("-number")


def paper_rows(documents, reading):
    """Rows for the table: those of these papers that the reader may open."""
    shown = []
    for document in documents:
        if not may_open_paper(reading, document.panel_paper):
            continue
        url = reverse("panels:paper", args=[reading.panel.reference, document.number])
        version = document.panel_paper.agenda_version
        size = f"PDF, {max(1, document.size // 1024)} kB"
        note = size if document.kind in MINUTES_PAPERS else f"Version {version}, {size}"
        shown.append(
            [
                {"text": PanelPaperKind(document.kind).label, "url": url, "note": note},
                {"text": words.instant(document.made_at), "note": document.made_by.name},
            ]
        )
    return shown
