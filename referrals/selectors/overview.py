"""The overview tab: everything in force about one child, said in words, long text folded."""

from hsb.core import access, words
from referrals.models import Referral
from referrals.selectors import deeds, flowchart
from referrals.selectors.case import task_in_words
from referrals.selectors.reading import Reading
from referrals.states import (
    Brook,
    Category,
    MeetingDecisionState,
    OfferState,
    PoliceReferralState,
    Side,
    Tier,
    View,
)


def overview(referral, user):
    """What the overview shows beside the frame: plain data, in a constant number of queries."""
    reading = Reading.of(referral, user)
    place = flowchart.place_on_chart(referral) if referral.has_category else None
    return {
        "summary": _summary(reading),
        "route": route_in_words(reading),
        "place": place,
        "chart": flowchart.chart(place=place) if place else None,
        "task_head": ["What", "Whose", "By when"],
        "tasks": [_task_row(task) for task in reading.tasks],
        "protections": [_protection(p) for p in reading.protections],
        "police_calls": [_police_call(call) for call in _police_calls(referral)],
        "police_referrals": [_police_referral(form) for form in reading.police_referrals],
        "meetings": [_meeting(decision) for decision in reading.meeting_decisions],
        "offers": [_offer(offer) for offer in reading.offers],
        "spell_head": ["Team and worker", "From and until", "Decided by", "Why it ended"],
        "spells": [_spell_row(spell) for spell in reading.spells],
        "episodes": _episodes(referral, user),
        "why": [_why(reason) for reason in access.why(user, referral.record)],
    }


# --- What is in force ----------------------------------------------------


def _summary(reading):
    referral = reading.referral
    rows = [{"label": "Part in it", "value": Side(referral.side).label}]
    if referral.has_category:
        latest = referral.category_decisions.filter(behaviour__isnull=True).select_related("by").last()
        rows.append(
            {
                "label": "Hackett category",
                "values": _judgement(Category(referral.category).label if referral.category else "", latest),
                "empty": "No category yet",
            }
        )
        rows.append(
            {
                "label": "Brook",
                "value": Brook(referral.brook).label if referral.brook else "",
                "empty": "Not recorded yet",
            }
        )
    threshold = referral.threshold_decisions.select_related("by").last()
    rows.append(
        {
            "label": "Threshold",
            "values": _judgement(Tier(referral.tier).label if referral.tier else "", threshold),
            "empty": "No tier yet",
        }
    )
    reading.threshold = threshold
    rows.append({"label": "Who has it", "values": _who_has_it(reading)})
    if referral.csc_referral_on:
        rows.append({"label": "Referred to children's social care", "value": words.day(referral.csc_referral_on)})
    rows.append(
        {
            "label": "Received",
            "value": f"{words.instant(referral.received_at)}, logged by {referral.author.name}, "
            f"{referral.authors_team.name}",
        }
    )
    return rows


def _judgement(label, decision):
    if not label:
        return []
    if decision is None:
        return [label]
    whose = {
        View.WORKER: "Worker's view",
        View.MANAGER: "Manager's view",
        View.MEETING: "Agreed at the strategy meeting",
        View.REVIEW: "Agreed at the review",
    }[decision.view]
    said = [label, f"{whose}: {decision.by.name}, {words.day(decision.decided_on)}"]
    if getattr(decision, "below_default", False):
        said.append(f"Below the pathway's default, because: {decision.reason}")
    return said


def _who_has_it(reading):
    referral, spell = reading.referral, reading.spell
    team = referral.record.holding_team
    if spell is None:
        held = "Was with" if referral.has_ended else "Held by"
        return [f"{held} {team.name}" if team else "No team"]
    worker = f"{spell.worker.name}, {spell.team.name}" if spell.worker else f"{spell.team.name}: no worker named yet"
    started = (
        f"Work started on {words.day(spell.work_started_on)}" if spell.work_started_on else "Work has not started yet"
    )
    return [worker, f"Since {words.day(spell.starts_on)}, decided by {spell.decided_by.name}", started]


def route_in_words(reading):
    """Why the child is where it is: the version of the pathway, and the rule of it that routed the child."""
    referral = reading.referral
    version = f"Version {referral.pathway_version} of the pathway"
    if not referral.tier:
        return [f"{version}. Nothing is judged yet: the front door holds it until a manager decides."]
    expected = referral.expected_response()
    rule = Category(referral.category).label if referral.category else Tier(referral.tier).label
    said = [f"{version}. {rule} leads to: {expected.service_words}."]
    latest = getattr(reading, "threshold", None)
    if latest is not None and latest.below_default:
        said.append(f"{latest.by.name} decided below that default on {words.day(latest.decided_on)}: {latest.reason}")
    if reading.spell and reading.spell.reason:
        said.append(f"Reason for the allocation: {reading.spell.reason}")
    return said


# --- What runs beside it ----------------------------------------------------


def _task_row(task):
    said = task_in_words(task)
    due = {"text": said["when"], "note": said["due_on"]}
    if said["late"]:
        due["tags"] = [{"text": "Late", "meaning": "late"}]
    return [said["text"], said["who"], due]


def at_or_on(day, time):
    """A day, and the time of day where it is known."""
    return f"{words.day(day)} at {words.clock_time(time)}" if time else words.day(day)


def _protection(protection):
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


def _police_calls(referral):
    return referral.police_calls.select_related("recorded_by")


def _police_call(call):
    number = f", reference {call.police_reference}" if call.police_reference else ""
    return {
        "title": f"{'999 call' if call.emergency else 'Call to the police'} on "
        f"{at_or_on(call.called_on, call.called_at)}",
        "by": f"Spoke to {call.spoke_to}{number}. Recorded by {call.recorded_by.name}",
        "tag": None,
        "texts": [
            {"summary": "What was said", "text": call.what_was_said},
            *([{"summary": "The police's advice", "text": call.advice}] if call.advice else []),
        ],
    }


_POLICE_MEANING = {PoliceReferralState.NEEDED: "soon", PoliceReferralState.SENT: "done"}


def _police_referral(form):
    said = {
        "title": f"Form 87A, needed since {words.instant(form.needed_since)}",
        "by": "",
        "tag": {"text": form.get_state_display(), "meaning": _POLICE_MEANING.get(form.state, "quiet")},
        "texts": [],
    }
    if form.state == PoliceReferralState.SENT:
        said["by"] = (
            f"Sent to {form.sent_to} by {form.sent_how} on {at_or_on(form.sent_on, form.sent_at)}, "
            f"recorded by {form.resolved_by.name}"
        )
    elif form.resolved_by:
        said["by"] = f"Decided by {form.resolved_by.name} on {words.instant(form.resolved_at)}"
        said["texts"] = [{"summary": "Reason", "text": form.reason}]
    return said


def police_referral_in_words(form):
    """Which Form 87A it is: one covers one concern, and all its children."""
    concern = form.concern
    return [
        {"label": "Needed since", "value": words.instant(form.needed_since)},
        {
            "label": "For the concern",
            "value": f"Reported on {words.day(concern.reported_on)}, by: {concern.get_source_display().lower()}",
        },
    ]


_MEETING_MEANING = {
    MeetingDecisionState.REQUESTED: "soon",
    MeetingDecisionState.CONVENED: "open",
    MeetingDecisionState.CONCLUDED: "done",
}


def _meeting(decision):
    asked = f"asked by {decision.requested_by.name}" if decision.requested_by else "expected by the pathway"
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
        ],
    }


_OFFER_MEANING = {OfferState.OFFERED: "soon", OfferState.ACCEPTED: "done"}


def _offer(offer):
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
        ],
    }


def _spell_row(spell):
    until = words.day(spell.ends_on) if spell.ends_on else "now"
    return [
        {"text": spell.team.name, "note": spell.worker.name if spell.worker else "No worker named"},
        {
            "text": f"{words.day(spell.starts_on)} to {until}",
            "note": f"Work started {words.day(spell.work_started_on)}" if spell.work_started_on else "",
        },
        {"text": spell.decided_by.name, "note": spell.reason},
        spell.end_reason or ("" if spell.ends_on else "Has the child now"),
    ]


# --- Other episodes, and why the reader sees this one ----------------------------------------------------


def _episodes(referral, user):
    """The child's other episodes that this reader may open, the latest first; others are not told of."""
    others = (
        Referral.objects.visible_to(user)
        .filter(person=referral.person_id)
        .exclude(pk=referral.pk)
        .select_related("record")
        .order_by("-received_at")[:20]
    )
    return [
        {
            "text": f"{other.reference}: {other.get_state_display().lower()}, received {words.day(other.received_at)}",
            "url": deeds.url_of("case", other),
            "words": _how_it_hangs_together(referral, other),
        }
        for other in others
    ]


def _how_it_hangs_together(referral, other):
    if referral.previous_id == other.pk:
        return "The episode before this one"
    if other.previous_id == referral.pk:
        return "The episode after this one"
    if referral.attached_to_id == other.pk:
        return "This referral was attached to it"
    if other.attached_to_id == referral.pk:
        return "Attached to this referral"
    return "Another referral of this child"


def _why(reason):
    until = f", until {words.instant(reason.until)}" if reason.until else ""
    return f"{reason.words[0].upper()}{reason.words[1:]}{until}."
