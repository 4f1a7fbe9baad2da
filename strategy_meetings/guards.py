"""What must be true before a meeting moves: one predicate and one plain sentence each (practice.md A10, A11, A13)."""

from hsb.core.asked_once import asked_once
from hsb.core.door import guard
from strategy_meetings.states import COPIES, QUORUM, IntelAnswer, SeatState


@guard("Name a minute taker before the invitations go out.")
def minute_taker_is_named(meeting):
    return meeting.minute_taker_id is not None


@guard("Set the day and time of the meeting first.")
def day_is_set(meeting):
    return meeting.starts_at is not None


@guard("Say for every seat whether somebody came, sent apologies, or nobody did.", asked=True)
def every_seat_is_answered(meeting):
    return not meeting.seats.filter(state=SeatState.EXPECTED).exists()


@guard(
    "The meeting is not quorate: a social worker, a social work manager, the police and health are needed. Give your "
    "reason for going on without them.",
    asked=True,
)
def quorate_or_reason(meeting):
    return is_quorate(meeting) or bool(meeting.quorum_reason.strip())


def is_quorate(meeting):
    """Whether somebody came for each of QUORUM. Asked of the seats as they stand."""
    return not missing_services(meeting)


@asked_once
def missing_services(meeting):
    """Those of QUORUM for which nobody came."""
    seats = meeting.__dict__.get("seats_read")
    came = {seat.role for seat in (meeting.seats.all() if seats is None else seats) if seat.state == SeatState.FILLED}
    return [role for role in QUORUM if role not in came]


@guard("Every child of the meeting needs its four agreements first.")
def every_child_is_agreed(meeting):
    return not any(missing_agreements(child) for child in _children(meeting))


def _children(meeting):
    """Who takes part. Of children that a page has read already nothing is asked again; under a lock they are."""
    children = meeting.__dict__.get("children_read")
    return meeting.children_in() if children is None else children


@asked_once
def missing_agreements(child):
    """The sentences of what is still to be agreed for this child: [] where the decisions can be issued (A10, A11)."""
    return [sentence for sentence, is_there in AGREEMENTS if not is_there(child)]


def _outcome(child):
    return any((child.review, child.section_47, child.immediate_action, child.nfa))


def _nfa_alone(child):
    return not (child.nfa and (child.review or child.section_47 or child.immediate_action))


def _is_later(review_on, held_on):
    return review_on is not None and review_on > held_on


def _category(child):
    return not child.has_category or bool(child.category and child.category_reason.strip())


def _intel(child):
    if child.intel == IntelAnswer.NEEDED:
        return child.intel_due_on is not None and (child.intel_by_id is not None or bool(child.intel_by_name.strip()))
    return child.intel == IntelAnswer.NOT_APPROPRIATE and bool(child.intel_reason.strip())


def _plan(child):
    if child.nfa:
        return True
    if (actions := child.__dict__.get("actions_read")) is not None:
        return bool(actions)
    return child.actions().filter(cancelled_at__isnull=True).exists()


PLAN_IS_MISSING = "Agree at least one action of the plan."
AGREEMENTS = (
    (
        "Choose an outcome: review strategy meeting, section 47 investigation, immediate action, or no further action.",
        _outcome,
    ),
    ("No further action cannot stand beside another outcome.", _nfa_alone),
    (
        "Give the day of the review strategy meeting, after this one.",
        lambda child: not child.review or _is_later(child.review_on, child.meeting.held_on or child.meeting.planned_on),
    ),
    (
        "Say what immediate action was agreed.",
        lambda child: not child.immediate_action or bool(child.immediate_what.strip()),
    ),
    ("Give the reasons for the outcome.", lambda child: bool(child.outcome_reason.strip())),
    ("Agree the Hackett category, and say what it rests on.", _category),
    ("Say by whom and by when the intel form is completed, or why it is not appropriate.", _intel),
    (PLAN_IS_MISSING, _plan),
    (
        "Say whether the child was invited; where not, why.",
        lambda child: (
            bool(child.child_invited) and (child.child_invited == "yes" or bool(child.child_invited_reason.strip()))
        ),
    ),
    (
        "Say whether the parents or carers were invited; where not, why.",
        lambda child: (
            bool(child.family_invited) and (child.family_invited == "yes" or bool(child.family_invited_reason.strip()))
        ),
    ),
)


@guard("Write the shared part of the minutes first.")
def shared_part_is_written(meeting):
    return bool(meeting.shared_minutes.strip())


@guard("For each child who needs an intel form, submit it first, or say by whom and by when it is completed.")
def intel_is_given_or_promised(meeting):
    waiting = [child for child in _children(meeting) if child.intel == IntelAnswer.NEEDED and not child.intel_done_on]
    return all((child.intel_by_id or child.intel_by_name) and child.intel_due_on for child in waiting)


@guard("Make the copies of the minutes first: each recipient gets the one that is theirs.")
def a_copy_was_made(meeting):
    return any(document.kind in COPIES for document in meeting.documents())


@guard("Say for each copy of the minutes how it went out, or why it does not.")
def every_copy_has_its_fate(meeting):
    return all(hasattr(document, "fate") for document in meeting.documents() if document.kind in COPIES)


@guard("Decide on the amendment of the minutes first.")
def no_amendment_waits(meeting):
    # As of the children: a page has read them already.
    amendments = meeting.__dict__.get("amendments_read")
    amendments = meeting.amendments.all() if amendments is None else amendments
    return all(amendment.agreed is not None for amendment in amendments)


@guard("Say for each document how it went out, or why it does not.")
def every_paper_has_its_fate(meeting):
    return all(hasattr(document, "fate") for document in meeting.documents())


# --- The intel form ---------------------------------------------------------------------------------------------------


@guard("Say why the panel should look at it, and what is asked of it.")
def intel_says_why(form):
    return bool(form.criteria) and bool(form.why.strip()) and bool(form.asked.strip())


@guard("Add at least one entry: a child who was harmed, a person of concern, a location, a theme or a group.")
def intel_has_an_entry(form):
    # Of entries that a page has read already nothing is asked again; under a lock they are.
    entries = form.__dict__.get("entries_read")
    return form.standing_entries().exists() if entries is None else bool(entries)
