"""What can be done on a referral's pages, by whom, when: one row a deed. A link that shows is a page that opens.

Verbs that move the state are asked of the door; the others, whose service leaves the state as it is, say here
what their service says too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from hsb.core import door
from hsb.core.borough_words import said
from hsb.people.states import CASE_ROLES, Service
from referrals import guards, permissions
from referrals.selectors import coming_of_age, patterns, police
from referrals.selectors.coming_of_age import EIGHTEEN, HALF_A_YEAR_BEFORE
from referrals.selectors.notes import ENDED
from referrals.selectors.reading import Reading
from referrals.states import ENQUIRY, IN_SERVICE, MeetingDecisionState, ReferralState

URGENT, STEP, READERS = "urgent", "step", "readers"


def _anybody_who_sees(reading):
    return permissions.can_see(reading.referral, reading.user)


def _may(permission):
    return lambda reading: permission(reading.referral, reading.user)


def _anybody_who_reads(reading):
    return True


def _always(reading):
    return True


def _nothing_unmet(reading):
    return ()


@dataclass(frozen=True)
class Deed:
    """One page on which something is done. `code` is its URL name."""

    code: str
    words: str
    before: str = ""  # how its unmet guards are introduced
    verbs: tuple = ()  # of the referral's door; empty where the state stays
    time: Callable = _always
    may: Callable = _anybody_who_sees
    unmet: Callable = _nothing_unmet
    group: str = STEP
    # Guards that nothing the reader does will meet: where one of them is unmet the deed is left out, not explained.
    quiet: tuple = ()


@dataclass(frozen=True)
class Standing:
    """How a deed stands for one reader now: in time, allowed, and what must be true first (sentences)."""

    deed: Deed
    in_time: bool
    allowed: bool
    unmet: tuple = ()

    @property
    def shows(self):
        return self.in_time and self.allowed

    @property
    def opens(self):
        return self.shows and not self.unmet

    @property
    def is_worth_showing(self):
        """Whether it opens, or what stands in its way is worth saying."""
        return self.shows and not any(guard.sentence in self.unmet for guard in self.deed.quiet)


def _step_down_unmet(reading):
    _ = reading.section_47s  # which the guards find on the referral
    return tuple(g.sentence for g in guards.BEFORE_STEP_DOWN if not g(reading.referral))


def _work_can_start(reading):
    spell = reading.spell
    return reading.referral.state in IN_SERVICE and spell is not None and spell.work_started_on is None


def _worker_is_named(reading):
    return () if reading.spell.worker_id else ("Name a worker first.",)


def _on_the_enquiry(permission):
    """Whoever has the permission; and whose task it is until a statutory team has the child, who is told what comes
    first."""

    def may(reading):
        if permission(reading.section_47, reading.user):
            return True
        waits = not permissions.is_with(reading.referral, Service.STATUTORY)
        return waits and any(task.kind in ENQUIRY and reading.holds(task) for task in reading.tasks)

    return may


def _statutory_team_has_the_child(reading):
    if permissions.is_with(reading.referral, Service.STATUTORY):
        return ()
    return ("A statutory team must have the child first: answer the request to step up, or decide and allocate.",)


def _own_request(reading):
    asked = guards.is_the_teams_own_request
    return () if asked(reading.offer) else (asked.sentence,)


def _no_team_is_asked(reading):
    return (guards.no_team_is_asked.sentence,) if reading.offer is not None else ()


def _is_statutory_manager(reading):
    return permissions.can_decide_meeting(None, reading.user)


DEEDS = {
    deed.code: deed
    for deed in (
        # What waits for nothing (practice.md B3), in any state.
        Deed("protection", "Record immediate protection", group=URGENT),
        Deed("police_call", "Record a call to the police", group=URGENT),
        Deed(
            "record_notification",
            said("Record a {notification}"),
            time=lambda r: r.referral.state != ReferralState.ATTACHED,
            may=_may(permissions.can_see),
            group=URGENT,
        ),
        Deed(
            "lift_advice",
            "Record that the police lifted their advice",
            time=lambda r: bool(r.advice_that_stands),
            may=lambda r: any(permissions.can_lift_advice(call, r.user) for call in r.advice_that_stands),
            group=URGENT,
        ),
        Deed(
            "request_meeting",
            "Request a strategy meeting",
            time=lambda r: not r.referral.has_ended and r.meeting_decision is None,
            may=lambda r: permissions.can_request_meeting(None, r.user),
            group=URGENT,
        ),
        Deed(
            "meeting_facts",
            "Bring new facts to the strategy meeting",
            time=lambda r: r.meeting_decision is not None and r.meeting_decision.state == MeetingDecisionState.CONVENED,
            may=lambda r: permissions.can_request_meeting(None, r.user),
            group=URGENT,
        ),
        Deed(
            "police_referral",
            said("Go on with {form}"),
            time=lambda r: r.referral.police_outstanding and bool(r.police_referrals_unresolved),
            may=lambda r: r.user.has_role(*CASE_ROLES) and police.forward(r) is not None,
        ),
        Deed(
            "telling",
            "Decide what the families may be told",
            time=lambda r: r.referral.is_open,
            may=_may(permissions.can_hold_back),
        ),
        Deed(
            "police_forms",
            said("Look at {form} and at what the police told us"),
            time=lambda r: bool(r.police_referrals) or r.there_is["police_notifications"],
            may=_anybody_who_reads,
        ),
        Deed(
            "ask_police_form",
            said("Ask for {form}: a crime is suspected"),
            time=lambda r: r.referral.is_open and r.may_lack_police_form,
            may=_may(permissions.can_ask_for_police_referral),
        ),
        Deed(
            "follow_up_protection",
            "Record the follow-up of the protection",
            time=lambda r: bool(r.protections_to_follow_up),
        ),
        Deed(
            "decide_meeting",
            "Decide on the strategy meeting",
            time=lambda r: any(m.state == MeetingDecisionState.REQUESTED for m in r.meeting_decisions),
            may=_is_statutory_manager,
        ),
        Deed(
            "report_section_47",
            "Report on the section 47 enquiry",
            "Before the enquiry can be reported",
            time=lambda r: r.section_47 is not None,
            may=_on_the_enquiry(permissions.can_report_section_47),
            unmet=_statutory_team_has_the_child,
        ),
        Deed(
            "conclude_section_47",
            "Conclude the section 47 enquiry",
            "Before the enquiry can be concluded",
            time=lambda r: r.section_47 is not None,
            may=_on_the_enquiry(permissions.can_conclude_section_47),
            unmet=_statutory_team_has_the_child,
        ),
        Deed(
            "conference",
            "Record the child protection conference",
            time=lambda r: any(task.kind == "conference" for task in r.tasks),
            may=_may(permissions.can_work),
        ),
        Deed(
            "write_note",
            "Write a note",
            "Before a note can be written",
            may=_may(permissions.can_write_note),
            unmet=lambda r: (ENDED,) if r.referral.has_ended else (),
        ),
        Deed(
            "review_break_glass",
            "Review the opening in an emergency",
            time=lambda r: r.opening_to_review is not None,
            may=lambda r: permissions.can_review_opening(r.opening_to_review, r.user),
        ),
        Deed(
            "answer_access",
            "Answer who asks for access",
            time=lambda r: r.request_to_answer is not None,
            may=lambda r: permissions.can_answer_request(r.request_to_answer, r.user),
        ),
        # The manager's one page.
        Deed(
            "decide",
            "Decide and allocate",
            verbs=(
                "allocate_to_statutory",
                "allocate_to_early_help",
                "return_to_worker",
                "close_with_advice",
                "accept_not_hsb",
            ),
        ),
        Deed(
            "decide_reassessment",
            "Decide on the reassessment",
            time=lambda r: r.has_submitted_reassessment,
            may=_may(permissions.can_decide),
        ),
        Deed(
            "attach",
            "Attach to the referral that is already open",
            "Before this can be attached",
            verbs=("attach",),
            quiet=(guards.open_referral_of_same_child,),
        ),
        Deed(
            "tell_referrer",
            "Record that the referrer was told",
            time=lambda r: any(task.kind == "tell_referrer" for task in r.tasks),
        ),
        Deed(
            "read_both",
            "Say what both concerns mean",
            time=lambda r: any(task.kind == "read_both" for task in r.tasks),
            may=lambda r: permissions.can_work(r.referral, r.user) and patterns.opens_both(r.referral, r.user),
        ),
        # The young person turns 18 (B20).
        Deed(
            "what_follows",
            "Plan what follows at 18",
            time=lambda r: r.referral.is_open and coming_of_age.has_reached(r.referral.person, HALF_A_YEAR_BEFORE),
            may=_may(permissions.can_plan_at_18),
        ),
        Deed(
            "decide_at_18",
            "Decide, because the young person is 18",
            time=lambda r: r.referral.is_open and coming_of_age.has_reached(r.referral.person, EIGHTEEN),
            may=_may(permissions.can_decide_at_18),
        ),
        # With a service.
        Deed(
            "answer_offer",
            "Answer the request",
            "Before this can be accepted",
            time=lambda r: r.offer is not None,
            may=lambda r: door.may(r.offer, "accept", r.user),
        ),
        Deed(
            "withdraw_offer",
            "Withdraw the request",
            "Before this can be withdrawn",
            time=lambda r: r.offer is not None,
            may=lambda r: door.may(r.offer, "withdraw", r.user),
            unmet=_own_request,
        ),
        Deed(
            "name_worker",
            "Name or change the worker",
            time=lambda r: r.spell is not None and r.referral.is_open,
            may=_may(permissions.can_manage),
        ),
        Deed(
            "end_allocation",
            "End the allocation",
            time=lambda r: (
                r.referral.state in IN_SERVICE
                and r.spell is not None
                and bool(r.spell.worker_id or r.spell.work_started_on)
            ),
            may=_may(permissions.can_manage),
        ),
        Deed(
            "start_work",
            "Record that work has started",
            "Before work can start",
            time=_work_can_start,
            may=_may(permissions.can_work),
            unmet=_worker_is_named,
        ),
        Deed(
            "service_step",
            "Record what the team completed",
            time=lambda r: (
                r.service_step is not None and r.referral.state in (*IN_SERVICE, ReferralState.CLOSING_PROPOSED)
            ),
            may=_may(permissions.can_work),
        ),
        Deed(
            "help_assessment",
            "Record the Early Help assessment",
            time=lambda r: (
                r.help_assessment is not None
                and r.referral.state in (ReferralState.EARLY_HELP, ReferralState.CLOSING_PROPOSED)
            ),
            may=_may(permissions.can_work),
        ),
        Deed(
            "assess_again",
            "Begin another assessment by the service",
            time=lambda r: r.referral.state in IN_SERVICE and r.spell is not None and not r.assesses,
            may=_may(permissions.can_work),
        ),
        Deed(
            "decide_help",
            "Decide again on Early Help",
            time=lambda r: any(task.kind == "decide_help" for task in r.tasks),
            may=_may(permissions.can_manage),
        ),
        Deed(
            "refuse_allocation",
            "Send back to the team that decided",
            "Before this can be sent back",
            ("refuse_allocation",),
            quiet=(guards.work_has_not_started, guards.no_team_is_asked, guards.no_borough_is_asked),
        ),
        Deed(
            "step_up",
            "Ask to step up to statutory social work",
            time=lambda r: r.referral.state == ReferralState.EARLY_HELP and r.offer is None,
            may=_may(permissions.can_work),
        ),
        Deed("step_up_urgently", "Step up at once", verbs=("step_up_urgently",)),
        Deed(
            "step_down",
            "Offer to Early Help",
            "Before this can be offered to Early Help",
            time=lambda r: r.referral.state == ReferralState.STATUTORY and r.offer is None,
            may=_may(permissions.can_manage),
            unmet=_step_down_unmet,
        ),
        Deed(
            "offer_transfer",
            "Offer to another borough",
            "Before this can be offered to another borough",
            time=lambda r: r.referral.state in IN_SERVICE and r.transfer is None,
            may=_may(permissions.can_manage),
            unmet=_no_team_is_asked,
        ),
        Deed(
            "answer_transfer",
            "Record the other borough's answer",
            time=lambda r: r.transfer is not None,
            may=lambda r: permissions.can_answer_transfer(r.transfer, r.user),
        ),
        Deed("propose_closing", "Propose closing", "Before closing can be proposed", ("propose_closing",)),
        Deed("close", "Close the referral", "Before this can be closed", ("close",)),
        Deed("return_to_service", "Return to the service", "Before this can be returned", ("return_to_service",)),
        Deed(
            "reopen",
            "Open a new episode",
            time=lambda r: r.referral.state == ReferralState.CLOSED,
            may=_may(permissions.can_reopen),
        ),
        # Who may open it (B15).
        Deed(
            "restrict",
            "Restrict this record",
            time=lambda r: not r.referral.record.restricted,
            may=_may(permissions.can_restrict),
            group=READERS,
        ),
        Deed(
            "lift_restriction",
            "Lift the restriction",
            time=lambda r: r.referral.record.restricted,
            may=_may(permissions.can_restrict),
            group=READERS,
        ),
        Deed("name_reader", "Name one more reader", may=_may(permissions.can_restrict), group=READERS),
        Deed("bar", "Bar somebody", may=_may(permissions.can_restrict), group=READERS),
        Deed(
            "lift_bar",
            "Lift a bar",
            time=lambda r: bool(r.bars),
            may=_may(permissions.can_restrict),
            group=READERS,
        ),
    )
}


def standing(reading: Reading, code):
    """How the deed `code` stands for the reader now. Raises KeyError for one that never was."""
    deed = DEEDS[code]
    if deed.verbs:
        return _at_the_door(reading, deed)
    if not deed.time(reading):
        return Standing(deed, in_time=False, allowed=False)
    if not deed.may(reading):
        return Standing(deed, in_time=True, allowed=False)
    return Standing(deed, in_time=True, allowed=True, unmet=tuple(deed.unmet(reading)))


def _at_the_door(reading, deed):
    if not reading.verbs_of_state & set(deed.verbs):
        return Standing(deed, in_time=False, allowed=False)
    found = next((reading.doors[verb] for verb in deed.verbs if verb in reading.doors), None)
    if found is None:
        return Standing(deed, in_time=True, allowed=False)
    return Standing(deed, in_time=True, allowed=True, unmet=found.unmet)


def url_of(code, referral):
    """Where the deed is done; "" where nobody has built that page yet."""
    try:
        return reverse(f"referrals:{code}", args=[referral.reference])
    except NoReverseMatch:
        return ""


def open_deeds(reading: Reading):
    """Every deed that shows for the reader, in the order of the table: a list of Standing; asked once for a reading."""
    known = reading.__dict__.get("_open_deeds")
    if known is None:
        known = reading.__dict__["_open_deeds"] = _ask_every_deed(reading)
    return known


def _ask_every_deed(reading):
    # Where only a manager may, the right is asked first: for everybody else nothing more is read.
    worth_asking = (deed for deed in DEEDS.values() if deed.group != READERS or deed.may(reading))
    every = (standing(reading, deed.code) for deed in worth_asking)
    return [each for each in every if each.is_worth_showing]
