"""States and codes of floor 3, with their words. Imports nothing of ours."""

from django.db.models import TextChoices

# --- Mapping ----------------------------------------------------------------------------------------------------------


class MappingState(TextChoices):
    """Fewer than a strategy meeting's: nothing is invited to, circulated or agreed per child (decision 19)."""

    PLANNED = "planned", "Planned"
    POSTPONED = "postponed", "Postponed"
    HELD = "held", "Held, being mapped"
    CLOSED = "closed", "Closed, the map is frozen"
    CANCELLED = "cancelled", "Cancelled"


# The map can be prepared before the meeting, and is completed after it.
MAPPABLE = (MappingState.PLANNED, MappingState.HELD)
MAPPING_TO_COME = (MappingState.PLANNED, MappingState.POSTPONED)
# Day and people can still change.
MAPPING_ARRANGEABLE = (MappingState.PLANNED, MappingState.POSTPONED, MappingState.HELD)
MAPPING_OVER = (MappingState.CLOSED, MappingState.CANCELLED)


class NodeKind(TextChoices):
    PERSON = "person", "Person"
    PLACE = "place", "Place"
    GROUP = "group", "Group"


class LinkKind(TextChoices):
    """Who knows whom, and where they go. What somebody is said to have done to somebody is never a line (A18)."""

    KNOWS = "knows", "knows"
    FAMILY = "family", "is family of"
    LIVES_WITH = "lives_with", "lives with"
    TRAVELS_WITH = "travels_with", "travels with"
    ONLINE = "online", "has online contact with"
    GOES_TO = "goes_to", "goes to"
    MEMBER_OF = "member_of", "is a member of"


# What stands at each end of a link: (kinds of the first, kinds of the second).
ENDS = {
    LinkKind.KNOWS: ((NodeKind.PERSON,), (NodeKind.PERSON, NodeKind.GROUP)),
    LinkKind.FAMILY: ((NodeKind.PERSON,), (NodeKind.PERSON,)),
    LinkKind.LIVES_WITH: ((NodeKind.PERSON,), (NodeKind.PERSON,)),
    LinkKind.TRAVELS_WITH: ((NodeKind.PERSON,), (NodeKind.PERSON, NodeKind.GROUP)),
    LinkKind.ONLINE: ((NodeKind.PERSON,), (NodeKind.PERSON, NodeKind.GROUP)),
    LinkKind.GOES_TO: ((NodeKind.PERSON, NodeKind.GROUP), (NodeKind.PLACE,)),
    LinkKind.MEMBER_OF: ((NodeKind.PERSON,), (NodeKind.GROUP,)),
}


class Basis(TextChoices):
    """What a link rests on (A18)."""

    FACT = "fact", "Fact"
    REPORTED = "reported", "Reported"
    INFERRED = "inferred", "Inferred"


# --- Panel ------------------------------------------------------------------------------------------------------------


class PanelState(TextChoices):
    PLANNED = "planned", "Planned"
    COLLECTING = "collecting", "Collecting forms"
    PUBLISHED = "published", "Agenda published"
    HELD = "held", "Held, actions not issued"
    ACTIONS_ISSUED = "actions_issued", "Actions issued"
    CLOSED = "closed", "Closed"
    POSTPONED = "postponed", "Postponed"
    CANCELLED = "cancelled", "Cancelled"


PANEL_TO_COME = (PanelState.PLANNED, PanelState.COLLECTING, PanelState.PUBLISHED, PanelState.POSTPONED)
PANEL_OVER = (PanelState.CLOSED, PanelState.CANCELLED)
# Its agenda can be compiled: before publication as a whole, afterwards as an addendum.
COMPILABLE = (PanelState.COLLECTING, PanelState.PUBLISHED)
# Day, place and chairs can still change; after the agenda is published a panel is postponed instead.
PANEL_ARRANGEABLE = (PanelState.PLANNED, PanelState.COLLECTING)
# Who sits there can still be written.
SEATABLE = (*PANEL_TO_COME, PanelState.HELD)
# What its items came to stands: what was carried over is taken up by the next agenda.
OUTCOMES_STAND = (PanelState.ACTIONS_ISSUED, PanelState.CLOSED)
# The agenda is frozen.
AGENDA_STANDS = (PanelState.PUBLISHED, PanelState.HELD, *OUTCOMES_STAND)


class Proposal(TextChoices):
    """What the coordinator proposes and the deciders decide: the verbs of an intel form."""

    ACCEPT = "accept", "Accepted for the panel"
    DEFER = "defer", "Deferred"
    DECLINE = "decline", "Not for the panel"
    RETURN = "return_with_advice", "Returned with advice"


# What named deciders decide; sending a form back with advice is the coordinator's own.
DECIDED_BY_TWO = (Proposal.ACCEPT, Proposal.DEFER, Proposal.DECLINE)


class Section(TextChoices):
    """The agenda's four parts, in the document's order. No child is called by the letters' old words (A8)."""

    VICTIM = "V", "Children who were harmed"
    PERSON = "O", "Persons of concern"
    LOCATION = "L", "Locations"
    THEME = "T", "Themes and groups"


class ItemOutcome(TextChoices):
    DECIDED = "decided", "Decided"
    CARRIED = "carried", "Carried over to the next panel"


class PanelSeatRole(TextChoices):
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    YOUTH_JUSTICE = "youth_justice", "Youth justice"
    OTHER = "other", "Further agency"


# Every panel starts with these seats; nobody may forget that one stayed empty.
EVERY_PANEL = (
    PanelSeatRole.LOCAL_AUTHORITY,
    PanelSeatRole.POLICE,
    PanelSeatRole.HEALTH,
    PanelSeatRole.EDUCATION,
    PanelSeatRole.YOUTH_JUSTICE,
)


class PanelSeatState(TextChoices):
    EXPECTED = "expected", "Expected"
    FILLED = "filled", "Attended"
    APOLOGIES = "apologies", "Apologies"
    EMPTY = "empty", "Nobody came"


class PanelPaperKind(TextChoices):
    AGENDA_POLICE = "agenda_police", "Agenda for the police"
    AGENDA_AGENCIES = "agenda_agencies", "Agenda for the other agencies"
    MINUTES_POLICE = "minutes_police", "Minutes for the police"
    MINUTES_AGENCIES = "minutes_agencies", "Minutes for the other agencies"


AGENDA_PAPERS = (PanelPaperKind.AGENDA_POLICE, PanelPaperKind.AGENDA_AGENCIES)
MINUTES_PAPERS = (PanelPaperKind.MINUTES_POLICE, PanelPaperKind.MINUTES_AGENCIES)
POLICE_PAPERS = (PanelPaperKind.AGENDA_POLICE, PanelPaperKind.MINUTES_POLICE)
