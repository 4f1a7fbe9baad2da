"""Floor 3's tables, one module a subject."""

# Mapping
# Panel
from panels.models.agenda import AgendaItem, AgendaSource, AgendaVersion, ItemAction
from panels.models.amendments import ItemAmendment
from panels.models.mapping import MapLink, MapNode, MappingMeeting, MapSnapshot
from panels.models.panels import Panel, PanelPaper, PanelSeat
from panels.models.sifting import SiftDecision

__all__ = [
    # Mapping
    "MapLink",
    "MapNode",
    "MapSnapshot",
    "MappingMeeting",
    # Panel
    "AgendaItem",
    "AgendaSource",
    "AgendaVersion",
    "ItemAction",
    "ItemAmendment",
    "Panel",
    "PanelPaper",
    "PanelSeat",
    "SiftDecision",
]
