"""States and codes of floor 1, with their words. Imports nothing of ours."""

from django.db.models import IntegerChoices, TextChoices


class ReferralState(TextChoices):
    RECEIVED = "received", "Received"
    ASSESSING = "assessing", "Being assessed"
    AWAITING_DECISION = "awaiting_decision", "Awaiting decision"
    EARLY_HELP = "early_help", "With Early Help"
    STATUTORY = "statutory", "With statutory social work"
    CLOSING_PROPOSED = "closing_proposed", "Closing proposed"
    CLOSED = "closed", "Closed"
    ATTACHED = "attached", "Attached to an open referral"


# Before anybody decided what happens: the front door, or whoever assesses, holds it.
UNDECIDED = (
    ReferralState.RECEIVED,
    ReferralState.ASSESSING,
    ReferralState.AWAITING_DECISION,
)
# A service works with the child.
IN_SERVICE = (ReferralState.EARLY_HELP, ReferralState.STATUTORY)
# Kinds of task that the service itself owes.
SERVICE_STEPS = ("family_assessment", "early_help_review")
# The assessment that each service owes, by the kind of its task.
ASSESSMENTS_OF = {
    ReferralState.EARLY_HELP: "early_help_assessment",
    ReferralState.STATUTORY: "family_assessment",
}
OPEN = (*UNDECIDED, *IN_SERVICE, ReferralState.CLOSING_PROPOSED)
ENDED = (ReferralState.CLOSED, ReferralState.ATTACHED)


class AssessmentState(TextChoices):
    DRAFT = "draft", "Unfinished"
    SUBMITTED = "submitted", "Submitted"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"
    STALE = "stale", "Changed since approval"


WRITABLE = (AssessmentState.DRAFT, AssessmentState.RETURNED, AssessmentState.STALE)


class MeetingDecisionState(TextChoices):
    REQUESTED = "requested", "Requested"
    CONVENED = "convened", "To be convened"
    NOT_CONVENED = "not_convened", "Not convened"
    CONCLUDED = "concluded", "Concluded"


class ChildSeen(TextChoices):
    """Whether the child was seen in a section 47 enquiry, and how."""

    ALONE = "alone", "Seen alone"
    WITH = "with", "Seen, with somebody else present"
    NOT_SEEN = "not_seen", "Not seen"


class NoteKind(TextChoices):
    """What a case note is of."""

    VISIT = "visit", "Visit"
    CALL = "call", "Telephone call"
    MEETING = "meeting", "Meeting"
    SUPERVISION = "supervision", "Supervision"
    OVERSIGHT = "oversight", "Management oversight"
    OTHER = "other", "Other"


class NoteBasis(TextChoices):
    """Whether a note says what was seen, heard or done, or what its author makes of it."""

    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion"
    BOTH = "both", "Fact and opinion"


class Section47State(TextChoices):
    OPEN = "open", "Open"
    NOT_SUBSTANTIATED = "not_substantiated", "Not substantiated"
    NO_CONTINUING_RISK = "no_continuing_risk", "Substantiated, no continuing risk"
    CONTINUING_RISK = "continuing_risk", "Substantiated, continuing risk: conference"


# How an enquiry can end, as choices; and the kinds of its tasks.
CONCLUSIONS = [choice for choice in Section47State.choices if choice[0] != Section47State.OPEN]
ENQUIRY = ("section_47", "conclude_section_47")


class PoliceReferralState(TextChoices):
    NEEDED = "needed", "Needed"
    DRAFTED = "drafted", "Drafted, waits for approval"
    APPROVED = "approved", "Approved, to be sent"
    SENT = "sent", "Sent"
    ACKNOWLEDGED = "acknowledged", "Acknowledged by the police"
    REFUSED = "refused", "Refused by the police"
    NOT_SENT = "not_sent", "Not sent, with a reason"
    NO_LONGER_NEEDED = "no_longer_needed", "No longer needed"


# Somebody has to do something; "87A not sent" stands on each child's referral (B4: refused is not resolved).
POLICE_UNRESOLVED = (
    PoliceReferralState.NEEDED,
    PoliceReferralState.DRAFTED,
    PoliceReferralState.APPROVED,
    PoliceReferralState.REFUSED,
)
POLICE_WENT_OUT = (PoliceReferralState.SENT, PoliceReferralState.ACKNOWLEDGED)


class AfterRefused(TextChoices):
    """What was done after the police refused a Form 87A, or what was added to one."""

    RESEND = "resend", "It is sent again, with what was missing"
    ESCALATED = "escalated", "It was taken to a police supervisor"
    MANAGER = "manager", "It was decided with a manager not to send it again"
    OTHER = "other", "Something else"


class Urgency(TextChoices):
    """How soon the police are asked to act."""

    NOW = "now", "Now: a child is in danger (999 was called)"
    TODAY = "today", "Today"
    DISCUSSION = "discussion", "By the strategy discussion that is proposed"


class Basis(TextChoices):
    """On what ground it is shared with the police (B21)."""

    CONSENT = "consent", "With consent"
    WITHOUT = "without", "Without asking: asking would put a child at risk, or hinder the police"
    OVERRIDDEN = "overridden", "Against what was said: protecting a child comes first"


class AimTool(TextChoices):
    """The AIM tools of which a completed assessment is recorded (A26); the same codes as hsb.people.states.Tool."""

    AIM3 = "aim3", "AIM3 (12 to 18)"
    AIM_UNDER_12 = "aim_under_12", "AIM Under 12s"


class NotificationRoute(TextChoices):
    """How a notification of the police reached us."""

    EMAIL = "email", "By secure e-mail"
    SYSTEM = "system", "Through the police's or our own system"
    LETTER = "letter", "By letter"
    TELEPHONE = "telephone", "By telephone"
    MEETING = "meeting", "At a meeting"
    OTHER = "other", "Another way"


class DocumentKind(TextChoices):
    """What somebody adds to a child's record."""

    LETTER = "letter", "Letter or e-mail"
    EDUCATION = "education", "Report of a school or nursery"
    HEALTH = "health", "Report of a health service"
    POLICE = "police", "From the police"
    ASSESSMENT = "assessment", "Report of an assessment"
    SAFETY_PLAN = "safety_plan", "Safety plan"
    MINUTES = "minutes", "Minutes of a meeting elsewhere"
    COURT = "court", "Court document"
    AGREEMENT = "agreement", "Signed agreement"
    FAMILY = "family", "From the child or the family"
    OTHER = "other", "Something else"


class OfferState(TextChoices):
    OFFERED = "offered", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class OfferKind(TextChoices):
    STEP_UP = "step_up", "Step up to statutory social work"
    STEP_DOWN = "step_down", "Step down to Early Help"


class TransferState(TextChoices):
    """What becomes of offering a child to another borough: they have no account, our manager records it."""

    OFFERED = "offered", "Waiting for the other borough"
    ACCEPTED = "accepted", "Accepted by the other borough"
    REFUSED = "refused", "Refused by the other borough"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SentBy(TextChoices):
    """How something went to somebody outside."""

    SECURE_MAIL = "secure_mail", "Secure e-mail"
    TELEPHONE = "telephone", "By telephone, followed by writing"
    MEETING = "meeting", "Handed over at a meeting"
    POST = "post", "By post"
    OTHER = "other", "Another way"


class InvolvementRole(TextChoices):
    """The role belongs to the link between a person and a concern, never to the person (A7, A8)."""

    DISPLAYED = "displayed", "Child who displayed the behaviour"
    HARMED = "harmed", "Child who was harmed"
    NOT_YET_KNOWN = "not_yet_known", "Child involved, role not yet known"
    POSSIBLE_RISK = "possible_risk", "Other child at possible risk"
    WITNESS = "witness", "Child who saw or heard it"
    PERSON_OF_CONCERN = "person_of_concern", "Adult: person of concern"
    ADULT_AFFECTED = "adult_affected", "Adult who was affected"


# These children get a referral of their own (docs/house.md, the nouns).
NEEDS_REFERRAL = (
    InvolvementRole.DISPLAYED,
    InvolvementRole.HARMED,
    InvolvementRole.NOT_YET_KNOWN,
)
ADULT_ROLES = (InvolvementRole.PERSON_OF_CONCERN, InvolvementRole.ADULT_AFFECTED)


class InvolvementStatus(TextChoices):
    ALLEGED = "alleged", "Alleged"
    ADMITTED = "admitted", "Admitted"
    ESTABLISHED = "established", "Established"
    UNFOUNDED = "unfounded", "Unfounded"


# Only a manager says that a part is one of these, or that it is one no longer.
FINDINGS = (InvolvementStatus.ESTABLISHED, InvolvementStatus.UNFOUNDED)


class StatusBasis(TextChoices):
    """What the status of a part rests on."""

    MEETING = "meeting", "Outcome of a strategy meeting"
    POLICE = "police", "Outcome of the police"
    SECTION_47 = "section_47", "Section 47 enquiry"
    ASSESSMENT = "assessment", "Assessment"
    OWN_ACCOUNT = "own_account", "What they said themselves"
    CORRECTION = "correction", "The record was wrong"


class Side(TextChoices):
    """Which questions a referral asks: worked out from the child's roles in its concerns (B1)."""

    DISPLAYED = "displayed", "Child who displayed"
    HARMED = "harmed", "Child who was harmed"
    BOTH = "both", "Displayed and was harmed"
    NOT_YET_KNOWN = "not_yet_known", "Role not yet known"


HAS_CATEGORY = (Side.DISPLAYED, Side.BOTH)
HAS_SAFETY_PAGE = (Side.HARMED, Side.BOTH)


class Category(TextChoices):
    """The Hackett continuum as the workflow document numbers it, and the exit it leaves out (A2)."""

    NOT_HSB = "N", "Developmentally expected: not HSB"
    INAPPROPRIATE = "0", "Category 0: Inappropriate"
    PROBLEMATIC = "1", "Category 1: Problematic"
    ABUSIVE = "2", "Category 2: Abusive"
    VIOLENT = "3", "Category 3: Violent"


POLICE_CATEGORIES = (Category.ABUSIVE, Category.VIOLENT)


class Tier(IntegerChoices):
    UNIVERSAL = 1, "Tier 1"
    EARLY_HELP = 2, "Tier 2"
    COMPLEX = 3, "Tier 3"
    ACUTE = 4, "Tier 4"


class Brook(TextChoices):
    GREEN = "green", "Green"
    ORANGE = "orange", "Amber"
    RED = "red", "Red"
    NOT_USED = "not_used", "Not used"


class View(TextChoices):
    """Whose judgement a category or tier is: every one is kept, the latest is in force (A4)."""

    WORKER = "worker", "Worker"
    MANAGER = "manager", "Manager"
    MEETING = "meeting", "Strategy meeting"
    REVIEW = "review", "Review"


class AssessmentKind(TextChoices):
    SHORT = "short", "Short form"
    FULL = "full", "Full HSB risk assessment"
    SAFETY = "safety", "Safety and support"


class YesNoUnknown(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class BirthPrecision(TextChoices):
    KNOWN = "known", "Known"
    ESTIMATED = "estimated", "Estimated"
    EXPECTED = "expected", "Expected (not yet born)"
    UNKNOWN = "unknown", "Not known"


class Sex(TextChoices):
    F = "F", "Female"
    M = "M", "Male"
    U = "U", "Not known"


class ReferralSource(TextChoices):
    """Sources of the children in need census (practice.md, section 8)."""

    FAMILY = "1A", "Family member or carer"
    ACQUAINTANCE = "1B", "Friend or neighbour"
    SELF = "1C", "The child"
    INDIVIDUAL = "1D", "Another individual"
    SCHOOL = "2A", "School"
    EDUCATION = "2B", "Education service"
    GP = "3A", "GP"
    HEALTH_VISITOR = "3B", "Health visitor"
    SCHOOL_NURSE = "3C", "School nurse"
    PRIMARY_HEALTH = "3D", "Other primary health"
    EMERGENCY_DEPARTMENT = "3E", "Accident and emergency"
    OTHER_HEALTH = "3F", "Other health"
    HOUSING = "4", "Housing"
    SOCIAL_CARE = "5A", "Our own social care"
    OTHER_INTERNAL = "5B", "Another service of the council"
    EXTERNAL_SOCIAL_CARE = "5C", "Another council's social care"
    EXTERNAL_OTHER = "5D", "Another council's other service"
    POLICE = "6", "Police"
    LEGAL = "7", "Other legal agency"
    OTHER = "8", "Other"
    ANONYMOUS = "9", "Anonymous"
    UNKNOWN = "10", "Not known"


class Context(TextChoices):
    """Where in a child's life the behaviour belongs (practice.md, section 1)."""

    FAMILY = "family", "Family or siblings"
    PEER = "peer", "Friends or peers"
    SCHOOL = "school", "School"
    ONLINE = "online", "Online or by phone"
    PLACEMENT = "placement", "Foster home or children's home"
    COMMUNITY = "community", "Community"
    GROUP = "group", "In a group"


class RiskGroup(TextChoices):
    """Every group a risk statement must cover (B21)."""

    SIBLINGS = "siblings", "Brothers and sisters"
    GIRLS = "girls", "Girls"
    BOYS = "boys", "Boys"
    YOUNGER = "younger", "Younger children"
    OLDER = "older", "Older children"
    ADULTS = "adults", "Adults"
    DISABLED = "disabled", "Disabled peers"


class ClosedAs(TextChoices):
    NOT_HSB = "not_hsb", "Developmentally expected: not HSB"
    NO_SERVICE = "no_service", "No service needed: advice given"
    SCHOOL = "school", "Supported by school"
    AGREEMENT_REFUSED = (
        "agreement_refused",
        "Agreement refused, risk without it considered",
    )
    PLAN_MET = "plan_met", "Plan met"
    MOVED = "moved", "Moved away or transferred"
    TRANSFERRED = "transferred", "Transferred to another borough, which accepted"
    ADULT = "adult", "Turned 18: the work ends, or is passed to adult services"
    ATTACHED = "attached", "Attached to an open referral"


ADVICE_EXITS = (ClosedAs.NO_SERVICE, ClosedAs.SCHOOL, ClosedAs.AGREEMENT_REFUSED)
CLOSING_REASONS = (
    ClosedAs.PLAN_MET,
    ClosedAs.SCHOOL,
    ClosedAs.AGREEMENT_REFUSED,
    ClosedAs.NOT_HSB,
    ClosedAs.MOVED,
    ClosedAs.ADULT,
)
# Whatever the plan still holds.
ENDS_WITHOUT_THE_PLAN = (ClosedAs.MOVED, ClosedAs.ADULT)


class MarkerKind(TextChoices):
    """What a marker warns of, in neutral words; the borough's own are the setting `marker_labels`."""

    LONE_WORKER = "lone_worker", "Risk to lone workers"
    IN_PAIRS = "in_pairs", "Home visit in pairs"
    NO_CONTACT = "no_contact", "Do not contact this address"
    COURT_ORDER = "court_order", "Court order restricts contact"
    INTERPRETER = "interpreter", "Needs an interpreter"
    KEEP_APART = "keep_apart", "Keep apart from a named child's class"


class Told(TextChoices):
    """Who is told of a marker. Of an adult no parent is."""

    PERSON = "person", "The person themselves"
    PARENT = "parent", "A parent or carer"


class LockKind(TextChoices):
    """Why records are never joined (B22)."""

    NOT_THE_SAME = "not_same", "Not the same person"
    ADOPTED = "adopted", "Adopted: never linked"


class RowWas(TextChoices):
    """What a row was when two records of one child were joined."""

    MOVED = "moved", "Moved"
    STOOD = "stood", "Stood there already"
    MADE = "made", "Made by the joining"


class PlanKind(TextChoices):
    EARLY_HELP = "early_help", "Early Help plan"
    SAFETY = "safety", "Safety and support plan"
    CHILD_IN_NEED = "child_in_need", "Child in need plan"


class PlanState(TextChoices):
    DRAFT = "draft", "Being written"
    SUBMITTED = "submitted", "With a manager"
    AGREED = "agreed", "Agreed"
    MET = "met", "Met"
    ENDED = "ended", "Ended"


OPEN_PLAN = (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.AGREED)
# The service whose plan it is; a safety and support plan waits for no service (A23).
PLAN_NEEDS = {
    PlanKind.EARLY_HELP: ReferralState.EARLY_HELP,
    PlanKind.CHILD_IN_NEED: ReferralState.STATUTORY,
}


class LineState(TextChoices):
    """What became of a line of a plan, as the last review said."""

    OPEN = "open", "Not reviewed yet"
    HAPPENED = "happened", "Happened"
    PARTLY = "partly", "Partly"
    DID_NOT = "did_not", "Did not happen"
    TAKEN_OUT = "taken_out", "Taken out"


REVIEWED = (LineState.HAPPENED, LineState.PARTLY, LineState.DID_NOT)


class ReviewOutcome(TextChoices):
    GOES_ON = "goes_on", "The plan goes on as it is"
    CHANGES = "changes", "The plan changes"
    MET = "met", "The plan is met"


class PlanPaper(TextChoices):
    """What is made of a plan for somebody outside."""

    FAMILY = "plan_for_family", "Plan for the family"
    SCHOOL = "school_safety_sheet", "School safety sheet"


class FollowsAt18(TextChoices):
    """Where the work with a young person goes on after their 18th birthday (B20)."""

    ADULT_SOCIAL_CARE = "adult_social_care", "Adult social care"
    LEAVING_CARE = "leaving_care", "Leaving care"
    JUSTICE = "justice", "Youth Justice or probation"
    HEALTH = "health", "Health or adult mental health"
    VOLUNTARY = "voluntary", "A voluntary service"


class DecidedAt18(TextChoices):
    """What a manager decides once a young person is 18 (B20)."""

    CLOSE = "close", "The work ends, and is closed here"
    PASS = "pass", "It is passed to adult services"
    GO_ON = "go_on", "It goes on here until a day"


ENDS_AT_18 = (DecidedAt18.CLOSE, DecidedAt18.PASS)


class DecisionKind(TextChoices):
    """Which decision a decision record is of: the verb by which it is made."""

    NOT_CONVENED = "do_not_convene", "No strategy meeting is convened"
    STEP_UP = "step_up", "Step up to statutory social work"
    STEP_UP_URGENTLY = "step_up_urgently", "Step up at once"
    STEP_DOWN = "offer_step_down", "Step down to Early Help"
    CLOSE = "close", "Closing"
    TRANSFER = "offer_transfer", "Transfer to another borough"
    NOT_SENT = "not_sent_because", "Not sent to the police"
    NO_LONGER_NEEDED = "no_longer_needed_because", "No longer needed by the police"


class AssessmentOutcome(TextChoices):
    """What follows a Child and Family assessment."""

    CHILD_IN_NEED = "child_in_need", "Child in need plan"
    SECTION_47 = "section_47", "Section 47 enquiry, to be asked for"
    STEP_DOWN = "step_down", "Step down to Early Help"
    OTHER_SERVICE = "other_service", "Another service supports the child"
    NO_SERVICE = "no_service", "No further service from children's social care"


class HelpAssessmentOutcome(TextChoices):
    """What follows an Early Help assessment."""

    PLAN = "plan", "Early Help plan"
    STEP_UP = "step_up", "Step up to statutory social work"
    OTHER_SERVICE = "other_service", "School or another service supports the child"
    NO_SERVICE = "no_service", "No further service, closing to be proposed"


class ConsentPurpose(TextChoices):
    """For what somebody was asked whether they agree."""

    EARLY_HELP = "early_help", "Support from Early Help"
    SCHOOL = "school", "Information shared with school or college"
    HEALTH = "health", "Information shared with health"
    POLICE = "police", "Information shared with the police"
    YOUTH_JUSTICE = "youth_justice", "Information shared with Youth Justice"
    COUNCIL = "council", "Information shared with another council"
    VOLUNTARY = "voluntary", "Information shared with a voluntary service"
    ASSESSMENT = "assessment", "A Brook or AIM assessment"
    THERAPY = "therapy", "Therapeutic work"
    OTHER = "other", "Something else"


# These are one purpose each by what is said beside them: which council, which service, what else.
NAMED_PURPOSES = (ConsentPurpose.COUNCIL, ConsentPurpose.VOLUNTARY, ConsentPurpose.OTHER)


# To share what is known of the child.
SHARING = (
    ConsentPurpose.SCHOOL,
    ConsentPurpose.HEALTH,
    ConsentPurpose.POLICE,
    ConsentPurpose.YOUTH_JUSTICE,
    ConsentPurpose.COUNCIL,
    ConsentPurpose.VOLUNTARY,
)


class Recipient(TextChoices):
    """With whom something was shared, or not."""

    SCHOOL = "school", "A school or college"
    HEALTH = "health", "A health service"
    PARENT = "parent", "A parent or carer"
    CHILD = "child", "The child"
    COUNCIL = "council", "Another borough"
    OTHER = "other", "Somebody else"
    # Written by the verb that shares, or holds back.
    FAMILY = "family", "The family"
    REFERRER = "referrer", "Whoever reported the concern"
    ADULT = "adult", "Adult services"
    POLICE = "police", "The police"


# With whom somebody records by hand that something was shared.
RECORDED_RECIPIENTS = (
    Recipient.SCHOOL,
    Recipient.HEALTH,
    Recipient.PARENT,
    Recipient.CHILD,
    Recipient.COUNCIL,
    Recipient.OTHER,
)
OF_THE_FAMILY = (Recipient.PARENT, Recipient.CHILD, Recipient.FAMILY)
# Of these the purpose of a consent follows; with everybody else the answer on which it rests is named.
PURPOSE_OF_RECIPIENT = {Recipient.SCHOOL: ConsentPurpose.SCHOOL, Recipient.HEALTH: ConsentPurpose.HEALTH}


class SharingBasis(TextChoices):
    """The lawful basis of sharing (section 9 of the practice guide): statutory work does not rest on consent."""

    PUBLIC_TASK = "public_task", "Our task in law: safeguarding and promoting the welfare of a child"
    LEGAL_DUTY = "legal_duty", "A duty in law: a statute or a court requires it"
    VITAL = "vital", "To protect somebody's life"
    CONSENT = Basis.CONSENT.value, Basis.CONSENT.label


class ConsentAsked(TextChoices):
    """Whether somebody was asked before it was shared."""

    GIVEN = "given", "Asked, and agreed"
    REFUSED = "refused", "Asked, and refused"
    NOT_ASKED = "not_asked", "Not asked"


class NotSharedBecause(TextChoices):
    """Why something is not shared; the first is the exception to the duty to share (A30)."""

    DETRIMENT = "detriment", "Sharing it would be more detrimental to the child than not sharing it"
    ASKED_TO_WAIT = "asked_to_wait", "The police or a court asked us to wait"
    REFUSED = "refused", "Consent was refused, and nothing outweighs it"
    NOT_NEEDED = "not_needed", "They do not need it for what they do"
    OTHER = "other", "Another reason"


class ConsentBy(TextChoices):
    """Whose answer it is: the child's and a parent's are two."""

    CHILD = "child", "The child"
    PARENT = "parent", "A parent or carer with parental responsibility"


class ConsentSaid(TextChoices):
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"
    WITHDREW = "withdrew", "Withdrew what was agreed"
    NOT_ASKED = "not_asked", "Was not asked"


# No, until the same person says otherwise.
SAID_NO = (ConsentSaid.REFUSED, ConsentSaid.WITHDREW)


class NotAskedBecause(TextChoices):
    RISK = "risk", "Asking would put a child at risk"
    ENQUIRY = "enquiry", "Asking would prejudice an enquiry"
    NOT_REACHABLE = "not_reachable", "They could not be reached"
    AGE = "age", "Not appropriate at that age or understanding"
    OTHER = "other", "Another reason"


class AnsweredHow(TextChoices):
    IN_PERSON = "in_person", "In person"
    TELEPHONE = "telephone", "By telephone"
    WRITING = "writing", "In writing"


class HelpDecision(TextChoices):
    """What a manager decides where Early Help was refused, or the agreement to it withdrawn."""

    GOES_ON = "goes_on", "Early Help stays with the child"
    STEP_UP = "step_up", "Ask to step up to statutory social work"
    CLOSE = "close", "Propose closing"
