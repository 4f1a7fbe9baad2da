"""The panel's papers: made from what stands, kept as they were made; nobody gets one by mail (A16)."""

from uuid import UUID, uuid5

from django.db import transaction

from hsb.core import document_store
from hsb.core.door import noted
from hsb.core.refusals import NotReady
from panels.documents import Paper
from panels.models import Panel, PanelPaper
from panels.permissions import can_coordinate
from panels.selectors.reading import PanelReading
from panels.states import AGENDA_STANDS, MINUTES_PAPERS, OUTCOMES_STAND, POLICE_PAPERS, PanelPaperKind

# A paper of one kind is made once of each version of the record it is made from.
NAMES = UUID("6d5a7a52-5f0b-4c1c-9a56-3a1a3c7f3d10")
FOR_POLICE, FOR_AGENCIES = "The police of the panel", "The other agencies of the panel"


@transaction.atomic
@document_store.undone_together()
def make_paper(reference, *, actor, kind):
    """A paper of `kind` (PanelPaperKind) from what stands now; the same again is the same one. Returns the Document."""
    with noted(Panel, reference, "make_panel_paper", actor=actor, may=can_coordinate, kind=kind) as move:
        panel = move.subject
        minutes = kind in MINUTES_PAPERS
        if minutes and panel.state not in OUTCOMES_STAND:
            raise NotReady("Minutes are made once the panel has issued its actions.")
        if not minutes and panel.state not in AGENDA_STANDS:
            raise NotReady("Publish the agenda first.")
        document = make(panel, kind, actor)
        move.facts["document"] = document.number
    return document


def make(panel, kind, actor):
    """The same for a service whose record is locked. Raises NotReady where what was typed repeats what is kept back."""
    version = panel.agenda_version(police=kind in POLICE_PAPERS)
    paper = Paper(panel, kind)
    if spilt := paper.spilt():
        raise NotReady(*_told_of(spilt, PanelReading(panel, actor)))
    document = document_store.keep(
        panel.record,
        kind=kind,
        template="panel.typ",
        title=f"{PanelPaperKind(kind).label}: MACE panel",
        recipient=FOR_POLICE if kind in POLICE_PAPERS else FOR_AGENCIES,
        data=paper.data,
        actor=actor,
        once=uuid5(
            NAMES,
            f"{panel.reference} {kind} {version} {panel.planned_on} {paper.hidden} "
            f"{panel.version if kind in MINUTES_PAPERS else ''}",
        ),
    )
    PanelPaper.objects.get_or_create(
        document=document, defaults={"kind": kind, "agenda_version": version, "hidden": paper.hidden}
    )
    return document


def _told_of(spilt, reading):
    """A sentence for each of the words; what stands at an item that is not the reader's is not quoted to them."""
    found = []
    for item, said in spilt:
        where = f"{item.label}: “{reading.hide(said)}”"
        if not reading.may_know_of(item):
            where = "What was typed at an item that is not yours to read"
        found.append(f"{where} repeats an entry that does not stand in this paper. Word it differently.")
    return dict.fromkeys(found)
