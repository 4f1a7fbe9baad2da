"""The pages of one meeting: its frame, its overview, each child's part, said in words."""

from django.urls import reverse

from hsb.core import access, clock, words
from hsb.core.timescales import timescale
from referrals.selectors.behaviours import said_at_meeting
from referrals.services.meetings import OPEN_DECISIONS
from referrals.states import Category
from strategy_meetings import guards, permissions
from strategy_meetings.guards import PLAN_IS_MISSING, missing_agreements, missing_services
from strategy_meetings.selectors import deeds
from strategy_meetings.selectors.seats import seats_read_by
from strategy_meetings.states import (
    AMENDABLE,
    BEFORE_DECISIONS,
    TO_COME,
    IntelAnswer,
    Invited,
    MeetingKind,
    MeetingState,
    NfaState,
    SeatState,
)

OUTCOMES = (
    ("review", "Review strategy meeting"),
    ("section_47", "Section 47 investigation"),
    ("immediate_action", "Immediate action"),
    ("nfa", "No further action"),
)
# What comes next is the minute taker's.
TAKERS = (MeetingState.DECISIONS_ISSUED, MeetingState.RETURNED, MeetingState.APPROVED)
SEAT_HEAD = ("Seat", "Who", "Came")
SEAT_MEANING = {
    SeatState.EXPECTED: "open",
    SeatState.FILLED: "done",
    SeatState.APOLOGIES: "soon",
    SeatState.EMPTY: "late",
}


def meeting_frame(reading, here=""):
    """What every page of a meeting shows around its content: plain data."""
    meeting = reading.meeting
    return {
        "reference": meeting.reference,
        "title": meeting.get_kind_display(),
        "url": reverse("strategy_meetings:meeting", args=[meeting.reference]),
        "facts": [when_in_words(meeting), f"Chaired by {meeting.chair.name}", meeting.get_state_display()],
        "tags": [{"text": "Restricted", "meaning": "restricted"}] if reading.is_restricted else [],
        "next": next_step(reading, here),
        "deeds": _other_deeds(reading, here),
    }


def when_in_words(meeting):
    """The day it was held, or is to be held, with its hour where that is known."""
    if meeting.held_on and meeting.state != MeetingState.ADJOURNED:
        return f"Held on {words.day(meeting.held_on)}"
    if meeting.starts_at:
        return f"On {words.instant(meeting.starts_at)}"
    return f"On {words.day(meeting.planned_on)}, hour not set"


def called_by_its_day(meeting):
    """ "Strategy meeting of 5 January 2027"."""
    return f"{meeting.get_kind_display()} of {words.day(meeting.held_on or meeting.planned_on)}"


def next_step(reading, here=""):
    """What "Next" shows (components/next.html), or None where nothing is left to do."""
    meeting = reading.meeting
    codes = deeds.NEXT.get(meeting.state, ())
    if not codes:
        return None
    task = next(iter(reading.tasks), None)
    said = {"text": deeds.DEEDS[_first_code(meeting, codes)].words, "who": _whose(meeting), "when": "", "late": False}
    if task is not None:
        said |= {"when": words.due(task.due_on), "late": task.due_on < clock.today()}
    if meeting.state == MeetingState.HELD and (unfinished := _first_unfinished(reading)):
        return {**said, **_go_on_with(unfinished, reading, here)}
    waiting = next((each for each in reading.amendments if each.agreed is None), None)
    if meeting.state in AMENDABLE and waiting is not None:
        return {**said, **_decide_first(waiting, reading, here)}
    standing = deeds.standing(meeting, reading.user, _first_code(meeting, codes))
    if not standing.shows:
        return said
    url = deeds.url_of(standing.deed.code, meeting)
    return said | _button_to(url, here, standing.deed.words, _yours(meeting, reading.user))


def _button_to(url, here, button, who="Yours to do"):
    """The button to the page where it is done, or the word that the reader is on it."""
    if url == here:
        return {"who": "Yours to do, on this page", "here": True}
    return {"who": who, "url": url, "button": button}


def _yours(meeting, user):
    """Whose it is, where the chair may do what the minute taker is asked to."""
    taker = meeting.minute_taker
    asked = meeting.state in TAKERS and taker is not None and taker.pk != user.pk
    return f"{taker.name} does this. You may do it too" if asked else "Yours to do"


def _decide_first(amendment, reading, here):
    """An amendment that waits comes before anything else: nothing is sent out, or closed, over it."""
    said = {"text": "Decide on the amendment of the minutes", "who": "A second person does this"}
    if not permissions.can_decide_amendment(amendment, reading.user):
        return said
    url = reverse("strategy_meetings:decide_amendment", args=[reading.meeting.reference, amendment.number])
    return said | _button_to(url, here, "Decide on the amendment")


def _first_unfinished(reading):
    """The first child for whom something is still to be agreed, of those the reader may open; else None."""
    return next((child for child in reading.taking_part if reading.opens(child) and missing_agreements(child)), None)


def _go_on_with(child, reading, here):
    said = {"text": f"Agree what is still missing for {child.person.known_as}"}
    if not permissions.can_take_minutes(reading.meeting, reading.user):
        return said
    name = child.person.known_as
    page, button = "agree_child", f"Write what is agreed for {name}"
    if missing_agreements(child) == [PLAN_IS_MISSING]:
        page, button = "add_action", f"Add an action for {name}"
    url = reverse(f"strategy_meetings:{page}", args=[reading.meeting.reference, child.number])
    return said | _button_to(url, here, button)


def _first_code(meeting, codes):
    """The step that is not done yet: an hour before the invitations, a text before it goes to the chair."""
    if meeting.state == MeetingState.PLANNED:
        return "invite" if meeting.starts_at and meeting.minute_taker_id else "arrange"
    if meeting.state == MeetingState.APPROVED:
        return _first_paper_code(meeting)
    if "submit_minutes" in codes:
        return "submit_minutes" if meeting.shared_minutes.strip() else "write_minutes"
    return codes[0]


def _first_paper_code(meeting):
    """The copies are made, then sent, then the minutes are circulated."""
    if not guards.a_copy_was_made(meeting):
        return "make_paper"
    return "circulate" if guards.every_copy_has_its_fate(meeting) else "papers"


def _whose(meeting):
    who = meeting.minute_taker if meeting.state in TAKERS and meeting.minute_taker else meeting.chair
    return f"{who.name} does this"


def _other_deeds(reading, here):
    """Links beside the page: {"text", "url"}. Issuing the decisions says on its own page what is still missing."""
    found = []
    for each in deeds.standings(reading.meeting, reading.user):
        url = deeds.url_of(each.deed.code, reading.meeting)
        if url != here and (each.opens or each.deed.code == "issue_decisions"):
            found.append({"text": each.deed.words, "url": url})
    return found


# --- The overview of a meeting ------------------------------------------------------------------------------------


def overview(reading):
    """The meeting's own page: plain data."""
    meeting = reading.meeting
    return {
        "summary": _summary(reading),
        "concern": _concern(reading),
        "seat_head": SEAT_HEAD,
        "seats": seat_rows(reading),
        "quorum": quorum_in_words(meeting),
        "children": [_child_row(child, reading) for child in reading.taking_part],
        "child_head": ["Child", "Part in it", "What is agreed"],
        "left_out": [
            {"label": reading.called(child), "value": child.left_out_reason if reading.opens(child) else "Left out"}
            for child in reading.left_out
        ],
        "shared_minutes": meeting.shared_minutes,
        "amendments": amendments_of(reading, None),
        "papers_url": reverse("strategy_meetings:papers", args=[meeting.reference]),
        "minutes_by": meeting.minutes_by.name if meeting.minutes_by_id else "",
        "task_head": ["What", "Whose", "By when"],
        "tasks": _task_rows(reading.tasks),
    }


def amendments_of(reading, child_number):
    """What was corrected in the shared part (None), or in one child's closed part: agreed, or waiting for a second."""
    found = [each for each in reading.amendments if each.child_number == child_number and each.agreed is not False]
    return [amendment_in_words(each, reading) for each in found]


def amendment_in_words(amendment, reading):
    """{"title", "by", "text", "url"}: the URL is where the reader decides on it, if it is theirs to decide."""
    decided = f". Agreed by {amendment.decided_by.name}" if amendment.agreed else ". Waits for a second person"
    decides = amendment.agreed is None and permissions.can_decide_amendment(amendment, reading.user)
    args = [reading.meeting.reference, amendment.number]
    return {
        "title": f"Amendment {amendment.number}",
        "by": f"{amendment.proposed_by.name}, {words.instant(amendment.proposed_at)}{decided}",
        "text": amendment.text,
        "url": reverse("strategy_meetings:decide_amendment", args=args) if decides else "",
    }


def _summary(reading):
    meeting = reading.meeting
    taker = meeting.minute_taker.name if meeting.minute_taker_id else "Nobody is named yet"
    rows = [
        {"label": "When", "value": when_in_words(meeting)},
        {"label": "Where", "value": meeting.place, "empty": "Not set yet"},
        {"label": "Chair", "value": meeting.chair.name},
        {"label": "Minute taker", "value": taker},
    ]
    if meeting.quorum_reason:
        rows.append({"label": "Why it went on without a quorum", "value": meeting.quorum_reason})
    if meeting.previous_id:
        rows.append(
            {
                "label": "Reviews the meeting of",
                "value": words.day(meeting.previous.held_on) if meeting.previous.held_on else "",
            }
        )
    return rows


def _concern(reading):
    """A link to what was reported, for whoever opens one of its children's referrals; else None."""
    concern = reading.meeting.concern
    if not any(reading.opens_referral(child) for child in reading.children):
        return None
    url = reverse("referrals:concern", args=[concern.reference])
    return {"text": f"read the concern of {words.day(concern.reported_on)}", "url": url}


def seat_rows(reading):
    """Who is asked and who came, for a table under SEAT_HEAD."""
    return [_seat_row(seat, reading.meeting, reading.user) for seat in seats_read_by(reading)]


def _seat_row(seat, meeting, user):
    report = "a report was received" if seat.report_received else ""
    edit = ""
    if not seat.withheld and deeds.standing(meeting, user, "add_seat").shows:
        edit = reverse("strategy_meetings:seat", args=[meeting.reference, seat.number])
    first = {"text": seat.get_role_display(), "note": seat.agency}
    if edit:
        first["url"] = edit
    return [
        first,
        {"text": "Not yours to read" if seat.withheld else seat.who or "Nobody is named yet"},
        {"text": "", "tags": [{"text": seat.get_state_display(), "meaning": SEAT_MEANING[seat.state]}], "note": report},
    ]


def quorum_in_words(meeting):
    """A warning while the meeting is not quorate and has been held; "" otherwise."""
    needs_none = meeting.kind == MeetingKind.TELEPHONE or meeting.state in (*TO_COME, MeetingState.CANCELLED)
    missing = [] if needs_none else missing_services(meeting)
    if not missing:
        return ""
    said = ["Not quorate.", *_who_was_missing(meeting, missing)]
    if meeting.quorum_reason:
        said.append(f"It went on because: {meeting.quorum_reason}")
    return " ".join(said)


def _who_was_missing(meeting, missing):
    """A sentence for each service that sent apologies, and one for those for which nobody came."""
    sent = {}
    for seat in meeting.seats.filter(role__in=missing, state=SeatState.APOLOGIES):
        sent[seat.role] = sent.get(seat.role, False) or seat.report_received
    sentences = [
        f"{role.label} sent apologies{' (a report was sent)' if sent[role] else ''}."
        for role in missing
        if role in sent
    ]
    nobody = words.listed([words.lower_first(role.label) for role in missing if role not in sent])
    return [*sentences, *([f"Nobody came for {nobody}."] if nobody else [])]


def _child_row(child, reading):
    name = {"text": reading.called(child)}
    if reading.opens(child):
        name["url"] = reverse("strategy_meetings:child", args=[reading.meeting.reference, child.number])
    if child.referral_id is None:
        name["note"] = "No referral of ours"
    side = reading.part_of(child) if reading.opens(child) else "Not yours to open"
    return [name, {"text": side}, _agreed_cell(child, reading)]


def _agreed_cell(child, reading):
    if not reading.opens(child):
        return {"text": ""}
    if reading.meeting.state == MeetingState.CANCELLED:
        return {"text": "Nothing"}
    open_still = reading.meeting.state in BEFORE_DECISIONS
    unmet = missing_agreements(child) if open_still else []
    said = outcomes_in_words(child) or "Nothing yet"
    tags = [{"text": words.count(len(unmet), "answer") + " missing", "meaning": "soon"}] if unmet else []
    return {"text": said, "tags": tags}


def outcomes_in_words(child):
    """ "Section 47 investigation; Review strategy meeting on 5 January 2027", or "" where nothing is agreed.

    Of no further action it says how it stands with the manager who decides on it: on pages, records and papers alike.
    """
    said = []
    for name, label in OUTCOMES:
        if getattr(child, name):
            more = {"review": _review_day, "nfa": _nfa_stands}.get(name)
            said.append(f"{label}{more(child) if more else ''}")
    return "; ".join(said)


def _review_day(child):
    return f" on {words.day(child.review_on)}" if child.review_on else ""


def _nfa_stands(child):
    """What follows "No further action"; "" where no manager is asked (B10)."""
    on = f" on {words.day(child.nfa_at)}" if child.nfa_at else ""
    if child.nfa_state == NfaState.CONFIRMED:
        return f", agreed by {child.nfa_by.name}{on}"
    if child.nfa_state == NfaState.REFUSED:
        return f": not agreed by a manager{on}{_comes_together(child.nfa_again)}"
    return " (waits for a manager)" if child.nfa_state == NfaState.WAITING else ""


def _comes_together(again):
    """Only while it is to come, or asked for: it may have been held since, or not been convened after all."""
    return ", the meeting comes together again" if again is not None and again.state in OPEN_DECISIONS else ""


def _task_rows(tasks):
    today = clock.today()
    late = [{"text": "Late", "meaning": "late"}]
    return [
        [
            {"text": timescale(task.kind).title},
            {"text": task.owner.name if task.owner_id else f"Chairs of {task.team.name}"},
            {
                "text": words.due(task.due_on),
                "tags": late if task.due_on < today else [],
            },
        ]
        for task in tasks
    ]


# --- One child's part ---------------------------------------------------------------------------------------------


def child_part(child, reading):
    """Everything that is agreed for one child, said in words; `missing` are the sentences of what is still to do."""
    meeting = reading.meeting
    return {
        "missing": missing_agreements(child) if meeting.state in BEFORE_DECISIONS else [],
        "known_as": child.person.known_as,
        "case_url": _case_url(child, reading),
        "summary": [row for row in _agreements(child, reading.part_of(child)) if row.get("value") or row.get("values")],
        "actions": action_rows(child, reading),
        "action_head": ["Action", "Who and by when", "State"],
        "closed_minutes": child.closed_minutes,
        "amendments": amendments_of(reading, child.number),
        "nfa": _nfa(child),
    }


def _case_url(child, reading):
    if not reading.opens_referral(child):
        return ""
    return reverse("referrals:case", args=[child.referral.reference])


def _agreements(child, part):
    """Rows of a summary: the child's part and views, and what is agreed; of a cancelled meeting nothing was."""
    return _part_and_views(child, part) + ([] if child.meeting.state == MeetingState.CANCELLED else _outcome(child))


def _part_and_views(child, part):
    return [
        {"label": "Part in it", "value": part},
        {"label": "The child", "value": _invited(child.child_invited, child.child_invited_reason)},
        {"label": "The family", "value": _invited(child.family_invited, child.family_invited_reason)},
        {"label": "What the child said", "value": child.child_views},
        {"label": "What the family said", "value": child.family_views},
    ]


def _outcome(child):
    rows = [
        {"label": "Outcome", "value": outcomes_in_words(child)},
        {"label": "Immediate action", "value": child.immediate_what},
        {"label": "Reasons", "value": child.outcome_reason},
    ]
    if child.has_category and child.category:
        rows.append({"label": "Hackett category", "values": [Category(child.category).label, child.category_reason]})
    rows += [{"label": label, "values": list(said)} for label, *said in behaviours_in_words(child)]
    rows.append({"label": "Intel form", "value": _intel(child)})
    return rows


def behaviours_in_words(child):
    """[(label, category, reason)] of what the meeting says of single behaviours of a child who displayed."""
    if not child.has_category or child.referral is None:
        return []
    return [
        (f"Category of behaviour {place}", Category(category).label, reason)
        for place, _, category, reason in said_at_meeting(child.meeting.record, child.referral)
    ]


def _invited(answer, reason):
    if not answer:
        return ""
    said = Invited(answer).label
    return f"{said}: {reason}" if reason else said


def _intel(child):
    if child.intel == IntelAnswer.NEEDED:
        who = child.intel_by.name if child.intel_by_id else child.intel_by_name
        by_when = f", by {words.day(child.intel_due_on)}" if child.intel_due_on else ""
        done = f". Completed on {words.day(child.intel_done_on)}" if child.intel_done_on else ""
        return f"To be completed by {who or 'somebody not named yet'}{by_when}{done}"
    return f"Not appropriate: {child.intel_reason}" if child.intel else ""


def _nfa(child):
    """How no further action stands with the manager, and the manager's reason; None where nobody is asked."""
    if not child.nfa_state:
        return None
    by = f"{child.nfa_by.name}: {child.nfa_reason}" if child.nfa_by_id else ""
    return {"text": outcomes_in_words(child), "by": by}


def action_rows(child, reading):
    """A child's actions for the table: what, who, by when, and how it stands."""
    meeting = reading.meeting
    editable = meeting.state in BEFORE_DECISIONS and permissions.can_take_minutes(meeting, reading.user)
    today = clock.today()
    found = []
    for action in reading.actions(child):
        what = {"text": action.what, "note": "Diversion" if action.diversion else ""}
        who = {"text": action.who, "note": f"{action.agency}, by {words.day(action.due_on)}"}
        found.append([what, who, _action_state(action, today, meeting, editable)])
    return found


def _action_state(action, today, meeting, editable):
    if action.done_on:
        return {"text": f"Done on {words.day(action.done_on)}", "note": action.outcome}
    if editable:
        return {
            "text": "Take out",
            "url": reverse("strategy_meetings:drop_action", args=[meeting.reference, action.number]),
            "hidden": action.what,
        }
    tags = [{"text": "Late", "meaning": "late"}] if action.due_on < today else []
    return {"text": "Open", "tags": tags}


def people_of(reading, child, seats):
    """[(reference, name)] of the users who can be given something to do for this child.

    They are chair, minute taker, whoever has the child, and who else of its `seats` may open the child's record.
    """
    meeting = reading.meeting
    users = [meeting.chair, meeting.minute_taker]
    if child.referral_id:
        seated = [seat.user for seat in seats if seat.user_id]
        users += [*access.who_open(seated, child.referral), child.referral.worker]
    found = {user.reference: user.name for user in users if user is not None}
    return sorted(found.items(), key=lambda item: item[1])
