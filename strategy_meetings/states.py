"""States and codes of floor 2, with their words. Imports nothing of ours."""

from django.db.models import TextChoices


class MeetingKind(TextChoices):
    FIRST = "first", "Strategy meeting"
    REVIEW = "review", "Review strategy meeting"
    TELEPHONE = "telephone", "Strategy discussion by telephone"


class MeetingState(TextChoices):
    PLANNED = "planned", "Planned"
    INVITED = "invited", "Invitations sent"
    POSTPONED = "postponed", "Postponed"
    HELD = "held", "Held, decisions not issued"
    ADJOURNED = "adjourned", "Adjourned"
    DECISIONS_ISSUED = "decisions_issued", "Decisions issued, minutes to write"
    MINUTES_DRAFTED = "minutes_drafted", "Minutes wait for the chair"
    RETURNED = "returned", "Minutes returned"
    APPROVED = "approved", "Minutes approved"
    CIRCULATED = "circulated", "Minutes circulated"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


# Before anything was agreed.
TO_COME = (MeetingState.PLANNED, MeetingState.INVITED, MeetingState.POSTPONED, MeetingState.ADJOURNED)
# Nobody has sat together yet; an adjourned one goes on.
NOT_HELD = (MeetingState.PLANNED, MeetingState.INVITED, MeetingState.POSTPONED)
# The invitations are to go out, or to go out again.
NOT_INVITED = (MeetingState.PLANNED, MeetingState.POSTPONED)
# Day, hour, chair and minute taker can still change.
ARRANGEABLE = TO_COME
# While a meeting goes on, or is written up, what was said and agreed can still be typed.
BEFORE_DECISIONS = (MeetingState.PLANNED, MeetingState.INVITED, MeetingState.HELD, MeetingState.ADJOURNED)
# A child's decision waits for what such a meeting agrees.
NOT_ISSUED = (*BEFORE_DECISIONS, MeetingState.POSTPONED)
# Nothing is agreed as yet, or was at all: what is typed there is not said as if it were.
NOTHING_AGREED = (*NOT_ISSUED, MeetingState.CANCELLED)
MINUTES_WRITABLE = (
    MeetingState.HELD,
    MeetingState.ADJOURNED,
    MeetingState.DECISIONS_ISSUED,
    MeetingState.RETURNED,
)
# Chair and minute taker open its children's referrals for some days more, and no longer.
READ_NO_MORE = (MeetingState.CIRCULATED, MeetingState.CLOSED, MeetingState.CANCELLED)
# Copies go to agencies once the chair has confirmed the minutes; families are written to from the decisions on.
MINUTES_CONFIRMED = (MeetingState.APPROVED, MeetingState.CIRCULATED, MeetingState.CLOSED)
# Confirmed minutes are corrected by an amendment, with a second person (B10).
AMENDABLE = (MeetingState.APPROVED, MeetingState.CIRCULATED)
LETTERS_CAN_GO = (
    MeetingState.DECISIONS_ISSUED,
    MeetingState.MINUTES_DRAFTED,
    MeetingState.RETURNED,
    *MINUTES_CONFIRMED,
)
OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


class SeatRole(TextChoices):
    """The network of the customer's document: the social work team, the allocated police, education and health."""

    SOCIAL_WORK = "social_work", "Social work team"
    SOCIAL_WORK_MANAGER = "social_work_manager", "Social work manager"
    POLICE = "police", "Allocated police"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    OTHER = "other", "Further agency"


# Everywhere in England: a social worker and a manager of the local authority, the police, health (A13).
QUORUM = (SeatRole.SOCIAL_WORK, SeatRole.SOCIAL_WORK_MANAGER, SeatRole.POLICE, SeatRole.HEALTH)
# Every meeting starts with these; nobody may forget that one stayed empty.
EVERY_MEETING = (*QUORUM, SeatRole.EDUCATION)


class SeatState(TextChoices):
    EXPECTED = "expected", "Expected"
    FILLED = "filled", "Attended"
    APOLOGIES = "apologies", "Apologies"
    EMPTY = "empty", "Nobody came"


class Invited(TextChoices):
    YES = "yes", "Invited"
    NO = "no", "Not invited"


class IntelAnswer(TextChoices):
    NEEDED = "needed", "To be completed"
    NOT_APPROPRIATE = "not_appropriate", "Not appropriate"


class PaperKind(TextChoices):
    FULL = "full", "Full record"
    COPY = "copy", "Copy for one agency"
    LETTER = "letter", "Letter to the family"


class IntelState(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned with advice"
    ACCEPTED = "accepted", "Accepted for the panel"
    DEFERRED = "deferred", "Deferred"
    NOT_FOR_PANEL = "not_for_panel", "Not for the panel"
    WITHDRAWN = "withdrawn", "Withdrawn"
    HEARD = "heard", "Heard by the panel"


# Its author, and who writes with her, can still change what it says.
INTEL_WRITABLE = (IntelState.DRAFT, IntelState.RETURNED, IntelState.NOT_FOR_PANEL)
# Of these, what waits to be finished: what was declined can stay as it is.
INTEL_TO_FINISH = (IntelState.DRAFT, IntelState.RETURNED)
# It answers what a meeting asked for.
INTEL_GIVEN = (
    IntelState.SUBMITTED,
    IntelState.ACCEPTED,
    IntelState.DEFERRED,
    IntelState.NOT_FOR_PANEL,
    IntelState.HEARD,
)
# The panel's coordinators read it.
INTEL_WITH_PANEL = (IntelState.SUBMITTED, IntelState.ACCEPTED, IntelState.DEFERRED)


class EntryKind(TextChoices):
    """The document's four, by their letters (pathway.py has its words): no child is called by the first two, but "child
    who was harmed" and "child of concern" (A8)."""

    VICTIM = "V", "Child who was harmed"
    PERSON = "O", "Person of concern"
    LOCATION = "L", "Location"
    THEME = "T", "Theme or group"


class ThemeKind(TextChoices):
    THEME = "theme", "Theme"
    GROUP = "group", "Group"


class Reliability(TextChoices):
    """How sure what is said is; the police grade theirs by a scheme of their own."""

    CONFIRMED = "confirmed", "Confirmed by another source"
    LIKELY = "likely", "Probably true"
    UNKNOWN = "unknown", "Cannot be judged"
    DOUBTFUL = "doubtful", "Doubtful"


class Handling(TextChoices):
    """What must not be done with an entry (practice.md section 5)."""

    POLICE_ONLY = "police_only", "For the police only"
    NOT_FOR_MINUTES = "not_for_minutes", "Not for minutes"
    NOT_FOR_FAMILY = "not_for_family", "Not for families"


class Criterion(TextChoices):
    """Why the panel should look at it (practice.md section 5)."""

    STUCK = "stuck", "The case is stuck"
    HIGH_RISK = "high_risk", "The risk is high"
    PATTERN = "pattern", "A pattern, or the same in several cases"
    PERSON = "person", "A person of concern"
    GROUP = "group", "A group"
    LOCATION = "location", "A location"
    ONLINE = "online", "An online network"
    CROSS_BORDER = "cross_border", "It crosses the borough's border"


# What goes to agencies after the chair has confirmed the minutes.
COPIES = (PaperKind.FULL, PaperKind.COPY)


class SentHow(TextChoices):
    """By default recorded letter or call, honouring safe contact; a family gets no e-mail (B11)."""

    BY_HAND = "by_hand", "By hand"
    POST = "post", "By recorded post"
    CALL = "call", "Read out in a call"
    SECURE = "secure", "By secure e-mail"


class NfaState(TextChoices):
    """No further action for a child who displayed waits for a manager (B10)."""

    WAITING = "waiting", "Waits for a manager"
    CONFIRMED = "confirmed", "Confirmed by a manager"
    REFUSED = "refused", "Refused by a manager"
