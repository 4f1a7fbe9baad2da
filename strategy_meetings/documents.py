"""What goes in a meeting's documents: the full record, one copy per child and agency, a family's letter (B11).

A copy about one child has nothing of the others: no part, no name, no age; "Child B" stands where somebody wrote a
name (strategy_meetings.hiding). A letter to a family has only what was agreed for their own child.
"""

from django.conf import settings

from hsb.core import words
from referrals.selectors.involved import side_in_words, was_unfounded
from referrals.states import Category
from strategy_meetings import hiding
from strategy_meetings.selectors.meeting import behaviours_in_words, outcomes_in_words
from strategy_meetings.selectors.plans import another_is_to_come
from strategy_meetings.selectors.seats import seats_in_copy
from strategy_meetings.states import IntelAnswer, Invited, NfaState

IN_A_LETTER = {
    "review": "We will meet again, to look at how things are going",
    "section_47": (
        "A social worker will make enquiries, with the help of other services, to find out what is needed to keep your "
        "child safe. The law calls this a section 47 enquiry. The social worker will talk with you about it"
    ),
    "immediate_action": "Something was done at once to keep children safe",
    "nfa": "No further meeting of this kind is planned",
}
NOT_YET = "What comes next is not decided yet"


def full_record(meeting):
    """The minutes with every child's part: for the record and for the chair."""
    children = list(meeting.children_in())
    return {
        **_head(meeting, meeting.seats.select_related("user")),
        "shared": meeting.shared_minutes,
        "amendments": _amendments(meeting, None),
        "children": [_part(child) for child in children],
    }


def copy_about(child):
    """The minutes for one agency about one child: the shared part and this child's, without the others."""
    meeting = child.meeting
    hide = hiding.for_an_agency(child)
    return {
        **_head(meeting, seats_in_copy(child), hide),
        "shared": hide(meeting.shared_minutes),
        "amendments": _hidden_beside(_amendments(meeting, None), hide),
        "children": [_part(child, hide)],
    }


def family_letter(child, *, contact, greeting, own_words, signed_by):
    """The letter to one family: their own child's outcome, what happens next, and whom to call. All of it in words.

    `own_words` says what happens next as this family would say it; without them the plan's actions stand there. Of "no
    further action" it says nothing while a manager has not agreed it (B10), nor while another meeting is to come.
    """
    hide = hiding.for_a_family(child)
    not_said = {"nfa"} if child.nfa and not _is_the_end(child) else set()
    agreed = [said for name, said in IN_A_LETTER.items() if getattr(child, name) and name not in not_said]
    if child.review and child.review_on:
        agreed[0] = f"{agreed[0]}, on {words.day(child.review_on)}"
    return {
        "borough": settings.BOROUGH_NAME,
        "child": child.person.known_as,
        "held_on": words.day(child.meeting.held_on),
        "outcomes": agreed or [NOT_YET],
        "own_words": hide(own_words),
        "actions": []
        if own_words
        else [
            [hide(action.what), hide(action.agency), words.day(action.due_on)]
            for action in child.actions().filter(cancelled_at__isnull=True)
        ],
        "greeting": hide(greeting),
        "contact": contact,
        "signed_by": signed_by,
    }


def _is_the_end(child):
    """Whether no further meeting of this kind is planned for the child, about whatever concern."""
    return child.nfa_state not in (NfaState.WAITING, NfaState.REFUSED) and not another_is_to_come(child)


# --- Parts --------------------------------------------------------------------------------------------------------


def _as_it_is(text):
    return text


def _head(meeting, seats, hide=_as_it_is):
    """What stands above the parts; `hide` goes over all that somebody typed there, not over our own people's names."""
    return {
        "reference": meeting.reference,
        "kind": meeting.get_kind_display(),
        "held_on": words.day(meeting.held_on),
        "place": hide(meeting.place),
        "chair": meeting.chair.name,
        "minute_taker": meeting.minute_taker.name if meeting.minute_taker_id else "",
        "quorum_reason": hide(meeting.quorum_reason),
        "seats": [
            [seat.get_role_display(), hide(seat.agency), seat.who if seat.user_id else hide(seat.name), _came(seat)]
            for seat in seats
            if seat.who or seat.agency or getattr(seat, "withheld", False)
        ],
    }


def _hidden_beside(rows, hide):
    """Rows of a label, which is ours, and a text that somebody typed."""
    return [[label, hide(text)] for label, text in rows]


def _came(seat):
    return f"{seat.get_state_display()}, with a report" if seat.report_received else seat.get_state_display()


def _part(child, hide=_as_it_is):
    """One child's part; `hide` goes over all that somebody typed, not over the outcome, which is in our own words."""
    rows = [
        ["Part in it", side_in_words(child.side, was_unfounded(child.referral_id))],
        ["The child", hide(_invited(child.child_invited, child.child_invited_reason))],
        ["The family", hide(_invited(child.family_invited, child.family_invited_reason))],
        ["What the child said", hide(child.child_views)],
        ["What the family said", hide(child.family_views)],
        ["Outcome", outcomes_in_words(child)],
        ["Immediate action", hide(child.immediate_what)],
        ["Reasons", hide(child.outcome_reason)],
    ]
    if child.has_category and child.category:
        rows.append(["Hackett category", f"{Category(child.category).label}: {hide(child.category_reason)}"])
    rows += [[label, f"{category}: {hide(reason)}"] for label, category, reason in behaviours_in_words(child)]
    if child.intel:
        rows.append(["Intel form", IntelAnswer(child.intel).label])
    return {
        "name": child.person.known_as,
        "rows": [row for row in rows if row[1]],
        "actions": [
            [hide(action.what), hide(f"{action.who}, {action.agency}"), words.day(action.due_on)]
            for action in child.actions().select_related("owner").filter(cancelled_at__isnull=True)
        ],
        "closed": hide(child.closed_minutes),
        "amendments": _hidden_beside(_amendments(child.meeting, child.number), hide),
    }


def _amendments(meeting, child_number):
    """What was corrected in the shared part (None) or in one child's, once a second person had agreed (B10)."""
    agreed = meeting.amendments.filter(agreed=True, child_number=child_number).select_related(
        "proposed_by", "decided_by"
    )
    return [
        [
            f"Amended by {each.proposed_by.name}, agreed by {each.decided_by.name} on {words.day(each.decided_at)}",
            each.text,
        ]
        for each in agreed
    ]


def _invited(answer, reason):
    said = Invited(answer).label if answer else ""
    return f"{said}: {reason}" if said and reason else said
