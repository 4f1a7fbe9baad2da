"""What runs beside a case, each row said in words for a note: title, by, tag, and folded texts.

Immediate protection, calls to the police, requests for a meeting, offers to another team.
"""

from django.conf import settings

from hsb.core import words
from referrals.selectors.judgements import beside_reason
from referrals.states import MeetingDecisionState, OfferState, Section47State


def at_or_on(day, time):
    """A day, and the time of day where it is known."""
    return f"{words.day(day)} at {words.clock_time(time)}" if time else words.day(day)


def protection_note(protection):
    followed = protection.followed_up_on
    return {
        "title": f"Immediate protection on {at_or_on(protection.done_on, protection.done_at)}",
        "by": f"Recorded by {protection.recorded_by.name} on {words.instant(protection.recorded_at)}",
        "tag": {"text": "Followed up", "meaning": "done"} if followed else {"text": "Follow-up due", "meaning": "soon"},
        "texts": [
            {"summary": "What was done", "text": protection.what},
            {"summary": "Who was told", "text": protection.who_was_told},
            *(
                [
                    {
                        "summary": f"Followed up on {words.day(followed)} by {protection.followed_up_by.name}",
                        "text": protection.follow_up,
                    }
                ]
                if followed
                else []
            ),
        ],
    }


FOR_ALL = "The police's advice for every child of the concern"


def police_call_notes(calls, referral):
    """The calls as the page of `referral` shows them; each as models.urgent.PoliceCallQuerySet.read_by gives it.

    Of a call on a record that the reader may not open, only that there was one, and what holds for every child.
    """
    told = ((_call_note if call.opens else _masked_call_note, call) for call in calls if call.opens or call.told)
    return [note(call, referral) for note, call in told]


def _call_note(call, referral):
    number = f", reference {call.police_reference}" if call.police_reference else ""
    where = f" on {call.recorded_on.reference}" if call.recorded_on != referral else ""
    return {
        "title": f"{'999 call' if call.emergency else 'Call to the police'} on {_when(call)}",
        "by": f"Spoke to {call.spoke_to}{number}. Recorded{where} by {call.recorded_by.name}",
        "tag": None,
        "texts": [{"summary": "What was said", "text": call.what_was_said}, *_advice(call), *_why_lifted(call)],
    }


def _masked_call_note(call, referral):
    number = f"Reference {call.police_reference}. " if call.police_reference else ""
    whose = "another child's record" if call.referral.person_id != referral.person_id else "another record"
    told = f"{number}What was said stands on {whose}, which you cannot open."
    if call.advice and not call.holds:
        told += (
            f" The police gave advice too: ask {who_has(call.referral)} before you tell a child or a family anything."
        )
    return {
        "title": f"The police were called on {_when(call)}",
        "by": told,
        "tag": None,
        "texts": _advice(call) if call.holds else [],
    }


def _when(call):
    return at_or_on(call.called_on, call.called_at)


def _advice(call):
    if not call.advice:
        return []
    summary = FOR_ALL if call.holds else "The police's advice"
    lifted = f". Lifted by the police on {words.day(call.lifted_on)}" if call.lifted_on else ""
    return [{"summary": f"{summary}{lifted}", "text": call.advice}]


def _why_lifted(call):
    if call.lifted_on is None:
        return []
    return [{"summary": f"Why it was lifted, recorded by {call.lifted_by.name}", "text": call.lifted_reason}]


def advice_for_all(calls):
    """What the police advised for every child of the concern and have not lifted, as sentences: whoever opens one of
    them reads it."""
    return [advice_in_words(call) for call in calls if call.stands]


def advice_in_words(call):
    """The advice for every child. Whoever is told nothing of the call reads no day of it either."""
    given = f", given on {_when(call)}" if call.opens or call.told else ""
    return f"{FOR_ALL}{given}: {call.advice}"


def who_has(referral):
    """Whom to ask about a child whose record does not open; of a restricted one the duty desk alone is named (B8)."""
    restricted = referral.record.restricted or referral.person.record.restricted
    team = None if restricted else referral.record.holding_team
    return f"the managers of {team.name}" if team else settings.DUTY_DESK


_MEETING_MEANING = {
    MeetingDecisionState.REQUESTED: "soon",
    MeetingDecisionState.CONVENED: "open",
    MeetingDecisionState.CONCLUDED: "done",
}


def meeting_note(decision, weighed=()):
    """A request for a strategy meeting; `weighed` are the records of the decisions on it."""
    asked = f"asked by {decision.requested_by.name}" if decision.requested_by else "expected by the pathway"
    if decision.joined_because:
        asked = f"{words.lower_first(decision.joined_because).rstrip('.')}, noted"
    decided = (
        f"Decided by {decision.decided_by.name} on {words.instant(decision.decided_at)}" if decision.decided_by else ""
    )
    return {
        "title": f"Strategy meeting, {asked} on {words.day(decision.requested_at)}",
        "by": decided,
        "tag": {"text": decision.get_state_display(), "meaning": _MEETING_MEANING.get(decision.state, "quiet")},
        "texts": [
            *([{"summary": "Grounds", "text": decision.grounds}] if decision.requested_by else []),
            *([{"summary": "Reason for the decision", "text": decision.reason}] if decision.reason else []),
            *(beside_reason(weighed) if decision.state == MeetingDecisionState.NOT_CONVENED else []),
            *([{"summary": "What was agreed for this child", "text": decision.agreed}] if decision.agreed else []),
        ],
    }


def section_47_note(enquiry):
    """An enquiry under section 47, with every report on it; its reports are read with it."""
    is_open = enquiry.state == Section47State.OPEN
    ended = f" Concluded on {words.day(enquiry.concluded_on)} by {enquiry.concluded_by.name}." if not is_open else ""
    may_follow = enquiry.state in (Section47State.OPEN, Section47State.CONTINUING_RISK)
    due = words.day(enquiry.conference_due_on)
    conference = f"A conference, where one is needed, is due by {due}." if may_follow else ""
    conclusion = [{"summary": "What the conclusion rests on", "text": enquiry.reason}] if not is_open else []
    return {
        "title": f"Section 47 enquiry, begun on {words.day(enquiry.started_on)}",
        "by": f"{conference}{ended}",
        "tag": {"text": enquiry.get_state_display(), "meaning": "soon" if is_open else "done"},
        "texts": [*(_report(report) for report in enquiry.reports.all()), *conclusion],
    }


def _report(report):
    return {
        "summary": f"Report by {report.by.name}, {words.day(report.reported_on)}: "
        f"{words.lower_first(report.get_recommended_display())} recommended",
        "text": f"{report.get_seen_display()}.\n\n{report.findings}",
    }


_OFFER_MEANING = {OfferState.OFFERED: "soon", OfferState.ACCEPTED: "done"}


def transfer_note(transfer, weighed=()):
    """An offer of the child to another borough, and what they answered."""
    sent = f"Offered by {transfer.offered_by.name} to {transfer.person} on {words.day(transfer.sent_on)}"
    if transfer.answered_on:
        sent += f". Answered by {transfer.answered_by} on {words.day(transfer.answered_on)}"
    return {
        "title": f"Transfer to {transfer.borough}",
        "by": f"{sent} ({transfer.get_sent_by_display().lower()})",
        "tag": {"text": transfer.get_state_display(), "meaning": _OFFER_MEANING.get(transfer.state, "quiet")},
        "texts": [
            {"summary": "What was sent", "text": transfer.what_was_sent},
            {"summary": "Reason for the transfer", "text": transfer.reason},
            *beside_reason(weighed),
            *([{"summary": "Answer", "text": transfer.answer}] if transfer.answer else []),
        ],
    }


def offer_note(offer, weighed=()):
    """A request to another team; `weighed` are the records of the decision that it asked for, or that it rests on."""
    answered = (
        f". Answered by {offer.answered_by.name} on {words.instant(offer.answered_at)}" if offer.answered_by else ""
    )
    return {
        "title": f"{offer.get_kind_display()}: {offer.to_team.name}",
        "by": f"Asked by {offer.offered_by.name} on {words.instant(offer.offered_at)}{answered}",
        "tag": {"text": offer.get_state_display(), "meaning": _OFFER_MEANING.get(offer.state, "quiet")},
        "texts": [
            {"summary": "Reason for asking", "text": offer.reason},
            *([{"summary": "Answer", "text": offer.answer}] if offer.answer else []),
            *beside_reason(weighed),
        ],
    }
