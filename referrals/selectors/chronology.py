"""The chronology tab: what was done for a child, in words, by kind, the newest first or the oldest.

It is read from the journals of the referral, of the child's other referrals that the reader may open, and of the child:
what is noted there holds whatever the referral (details, markers, records that were joined).
"""

from datetime import date

from hsb.core import words
from hsb.core.borough_words import said
from hsb.core.fetched import fetch
from hsb.core.keys import is_in
from hsb.core.models import Entry
from hsb.core.numbers import last_number
from hsb.people.models import Team, User
from referrals.kinships import SIDES
from referrals.models import BoroughTransfer, DecisionRecord, Offer, Referral
from referrals.permissions import can_read_why_of_access
from referrals.selectors.chronology_kinds import KINDS, OF_THE_CHILD, verbs_of
from referrals.selectors.identity import labels_of
from referrals.selectors.judgements import weighed_in_words
from referrals.selectors.markers import kind_in_words
from referrals.selectors.notes import end_of
from referrals.selectors.service_assessments import NAMES as ASSESSED
from referrals.states import (
    AfterRefused,
    AssessmentState,
    Category,
    ConsentPurpose,
    ConsentSaid,
    DecidedAt18,
    HelpDecision,
    InvolvementRole,
    InvolvementStatus,
    MeetingDecisionState,
    NoteKind,
    OfferState,
    PlanPaper,
    PoliceReferralState,
    Recipient,
    ReferralState,
    Section47State,
    StatusBasis,
    Tier,
    TransferState,
)

PAGE_SIZE = 50
LONGEST_KEY = 18  # digits
LONG = 240  # characters from which a reason is folded

# Verb -> what happened, in a sentence's words. {user}, {team} and {page} come from the entry's facts.
SENTENCES = {
    "log_concern": "Concern logged, referral received",
    "concern_attached": "A further concern was added to this referral",
    "attach": "Attached to the referral that was already open",
    "set_roles": "The child's part in the concern recorded",
    "correct_concern": "What is known of the concern corrected or completed{facts}",
    "concern_corrected": "What is known of a concern that this child is in was corrected or completed",
    "set_relationship": "What somebody in the concern is to the others recorded",
    "add_to_concern": "Somebody was added to the concern{parts}",
    "added_to_concern": "Somebody was added to a concern that this child is in",
    "named_again": "Somebody who works with another child of the concern named this child's part in it{parts}",
    "set_status": "The status of a part in the concern changed{status}",
    "set_contexts": "Where in the children's lives the concern belongs recorded",
    "rate_behaviour": "The category of one behaviour rated",
    "read_both": "Read both concerns in which the child had different parts",
    "record_relationship": "Household and family: a relationship recorded{relation}",
    "change_relationship": "Household and family: a relationship changed{relation}",
    "end_relationship": "Household and family: a relationship has ended{relation}",
    "withdraw_relationship": "Household and family: a relationship was recorded by mistake{relation}",
    "child_joined": "A second record of the child was joined with this child's",
    "child_parted": "Two records that had been joined were parted",
    "begin_assessment": "Assessment started",
    "begin_reassessment": "Reassessment started",
    "save_page": "Assessment: a page saved{page}",
    "add_behaviour": "A behaviour described",
    "change_behaviour": "The description of a behaviour changed",
    "note_behaviour": "A behaviour that came to light later described",
    "submit": "Passed to a manager for a decision",
    "reassess": "Reassessment submitted",
    "approve": "Assessment approved",
    "go_stale": "Assessment changed since its approval",
    "return_to_worker": "Returned to the worker",
    "approve_reassessment": "Reassessment approved",
    "return_reassessment": "Reassessment returned to the worker",
    "allocate_to_early_help": "Allocated to Early Help: {team}",
    "allocate_to_statutory": "Allocated to statutory social work: {team}",
    "accept_not_hsb": "Closed: developmentally expected, not harmful sexual behaviour",
    "close_with_advice": "Closed with advice",
    "tell_referrer": "The referrer was told of the decision",
    "name_worker": "Worker named: {user}",
    "end_worker": "The allocation to {user} ended; the team keeps the child",
    "end_allocation": "Allocation ended: back to the team that decided",
    "pass_tasks_on": "Tasks passed on: {user}",
    "start_work": "Work with the child started",
    "complete_family_assessment": "Child and Family assessment completed",
    "complete_help_assessment": "Early Help assessment completed",
    "begin_service_assessment": "Another assessment begun: {assessed}",
    "review_early_help": "Early Help plan reviewed",
    "begin_plan": "A plan begun",
    "add_plan_line": "Plan: a line added",
    "take_out_plan_line": "Plan: a line taken out",
    "submit_plan": "Plan passed to a manager",
    "return_plan": "Plan returned to whoever writes it",
    "agree_plan": "Plan agreed by a manager",
    "review_plan": "Plan reviewed: it goes on",
    "change_plan": "Plan reviewed: it changes",
    "meet_plan": "Plan reviewed: it is met",
    "end_plan": "Plan ended without being met",
    "make_document": "A document made, and kept as it is",
    "make_plan_paper": "A paper of the plan made: {paper}",
    "refuse_allocation": "Sent back to the team that decided",
    "offer_step_up": "Asked {team} to take a step up",
    "offer_step_down": "Offered to {team} as a step down",
    "accept": "{request} accepted",
    "refuse": "{request} refused",
    "withdraw": "{request} withdrawn",
    "step_up": "Stepped up to statutory social work",
    "step_up_urgently": "Stepped up at once: {team}",
    "step_down": "Stepped down to Early Help",
    "offer_transfer": "Offered to another borough",
    "transfer_out": "Closed: transferred to another borough",
    "propose_closing": "Closing proposed",
    "close": "Closed",
    "return_to_service": "Not closed yet: returned to the service",
    "reopen": "New episode opened on new information",
    "new_episode": "A new episode of this child was opened",
    "add_document": "A document was added",
    "refuse_document": "A file was not taken: the virus scanner found something in it",
    "take_out_document": "A document that was added by mistake was taken out",
    "let_disclose_document": "A document can be disclosed",
    "record_protection": "Immediate protection recorded",
    "follow_up_protection": "Immediate protection followed up",
    "record_police_call": "Call to the police recorded",
    "lift_advice": "The police lifted their advice for every child",
    "police_referral_needed": said("{form} needed"),
    "ask_for_police_referral": said("{form} asked for: a crime is suspected"),
    "police_referral_drafted": said("{form} drafted"),
    "police_referral_returned": said("{form} returned to whoever drafted it"),
    "police_referral_approved": said("{form} approved"),
    "police_referral_sent": said("{form} sent to the police"),
    "police_referral_acknowledged": said("{form} acknowledged by the police"),
    "police_referral_refused": said("{form} refused by the police: it is needed again"),
    "police_after_refusal": said("Recorded what was done after the police refused {form}"),
    "police_referral_excused": said("A manager decided that {form} is not sent"),
    "police_supplement_drafted": said("A supplement to {form} drafted"),
    "police_supplement_returned": said("A supplement to {form} returned to whoever drafted it"),
    "police_supplement_approved": said("A supplement to {form} approved"),
    "police_supplement_sent": said("A supplement to {form} sent to the police"),
    "police_supplement_acknowledged": said("A supplement to {form} acknowledged by the police"),
    "police_supplement_refused": said("A supplement to {form} refused by the police"),
    "draft_supplement": said("A supplement to {form} drafted"),
    "return_supplement": said("A supplement to {form} returned to whoever drafted it"),
    "approve_supplement": said("A supplement to {form} approved"),
    "send_supplement": said("A supplement to {form} sent to the police"),
    "acknowledge_supplement": said("A supplement to {form} acknowledged by the police"),
    "refuse_supplement": said("A supplement to {form} refused by the police"),
    "record_notification": said("{Notification} recorded"),
    "follow_notification": said("What followed from a {notification} recorded"),
    "tell_notification": said("A {notification} can be disclosed"),
    "draft": said("{form} drafted"),
    "return_to_drafter": said("{form} returned to whoever drafted it"),
    "record_sent": said("{form} sent"),
    "acknowledge": said("{form} acknowledged"),
    "not_sent_because": said("{form} not sent"),
    "no_longer_needed_because": said("{form} no longer needed"),
    "write_note": "Note written: {note}",
    "correct_note": "A note corrected, by a text under it",
    "read_note": "A note read by whom it asked",
    "hold_note_back": "Nothing of a note is told to the family yet",
    "tell_note": "The family can be told of a note",
    "record_event": "A significant event recorded",
    "correct_event": "A significant event corrected, by a text under it",
    "plan_at_18": "What follows at 18 planned",
    "decide_at_18": "Decided, because the young person is 18: {decided}",
    "record_brook": "Brook colour recorded",
    "replace_brook": "Brook colour recorded anew: what was recorded before stays",
    "record_aim": "AIM assessment recorded",
    "replace_aim": "AIM assessment recorded anew: what was recorded before stays",
    "record_consent": "An answer about consent recorded",
    "replace_consent": "An answer about consent recorded anew: what was recorded before stays",
    "record_sharing": "Recorded what was shared, or not",
    "hold_assessment_back": "Nothing of an assessment is told to the family yet",
    "tell_assessment": "The family can be told of an assessment",
    "hold_form_back": said("Nothing of {form} is told to the families yet"),
    "tell_form": said("The families can be told of {form}"),
    "hold_document_back": "Nothing of a document is told to the family yet",
    "decide_help": "Decided again, because Early Help was refused or the agreement withdrawn",
    "request_meeting": "Strategy meeting requested",
    "hold_back": "Nothing is told to the families yet",
    "tell_again": "The families can be told",
    "bring_new_facts": "New facts brought to the strategy meeting",
    "answer_new_facts": "The chair looked at the new facts",
    "record_discussion": "Strategy discussion by telephone",
    "meeting_requested": "The request for a strategy meeting waits for a decision",
    "meeting_expected": "The pathway expects a decision on a strategy meeting",
    "request_again": "Strategy meeting requested again, on new facts",
    "convene": "Strategy meeting: to be convened",
    "do_not_convene": "Strategy meeting: not convened",
    "join": "Strategy meeting: in the meeting of the concern",
    "conclude": "Strategy meeting: its decisions are issued",
    "ask_anew": "Strategy meeting cancelled: whether one is needed is decided again",
    "meeting_planned": "Strategy meeting planned",
    "left_out_of_meeting": "Left out of the concern's strategy meeting",
    "meeting_agreed": "Strategy meeting: agreed for this child",
    "agree_category": "Hackett category agreed at the strategy meeting",
    "put_on_map": "Put on the map of a mapping meeting",
    "taken_off_map": "Taken off the map of a mapping meeting",
    "mapping_agreed": "Mapping meeting: an action agreed for this child",
    "mapping_dropped": "Mapping meeting: an action for this child taken back",
    "panel_agreed": "The MACE panel agreed an action for this child",
    "finish_action": "An agreed action is done",
    "end_action": "An agreed action is no longer needed",
    "take_immediate_action": "The immediate action that was agreed is taken",
    "hold_conference": "Initial child protection conference held",
    "confirm_nfa": "No further action confirmed by a manager",
    "refuse_nfa": "No further action refused by a manager: another meeting is held",
    "intel_submitted": "Intel form submitted to the panel",
    "open_section_47": "Section 47 enquiry opened",
    "report_section_47": "Section 47 enquiry: the social worker's report",
    "not_substantiated": "Section 47 enquiry concluded: not substantiated",
    "no_continuing_risk": "Section 47 enquiry concluded: substantiated, no continuing risk",
    "continuing_risk": "Section 47 enquiry concluded: substantiated, continuing risk",
    "restrict": "Record restricted to named people",
    "lift_restriction": "Restriction lifted",
    "name_reader": "Named as a reader: {user}",
    "bar": "Barred from this child's records: {user}",
    "lift_bar": "Bar lifted: {user}",
    "break_glass": "Opened in an emergency: {user}",
    "review_break_glass": "Opening in an emergency reviewed: {user}",
    "ask_access": "Access asked for: {user}",
    "grant_access": "Access granted to who asked for it: {user}",
    "refuse_access": "Access refused to who asked for it: {user}",
    "add_person": "The child's record made",
    "change_person": "Details of the child changed{details}",
    "add_marker": "Marker added{marker}",
    "confirm_marker": "Marker answered by the manager who agreed to it",
    "tell_marker": "Somebody told of a marker",
    "review_marker": "Marker looked at again",
    "end_marker": "Marker ended",
    "copy_to_main_system": "Neutral summary recorded in the borough's main system",
}
# The same verb of another noun says something else.
OF_NOUN = {"submit": "Assessment submitted", "return_to_worker": "Assessment returned to the worker"}
# Who may open the record: why is the managers' and the auditors' to read, as the forms say.
WHY_OF_ACCESS = (
    "restrict",
    "lift_restriction",
    "name_reader",
    "bar",
    "lift_bar",
    "review_break_glass",
    "ask_access",
    "refuse_access",
)
# What was corrected of a concern: why may speak of its other children.
WHY_OF_CONCERN = ("correct_concern", "set_relationship")
WHY_IS_KEPT = "Why is read by the team's managers and by auditors"
WHY_WITH_CONCERN = "Why is read by whoever may open every child of the concern"
# What becomes of a request to another team.
ANSWERS = ("accept", "refuse", "withdraw")
_FACTS = {
    "source": "who reported it",
    "reported_by": "who reported it",
    "happened_on": "when",
    "happened_in_words": "when",
    "place_kind": "where",
    "place_name": "where",
    "place_postcode": "where",
    "borough": "whose area",
    "other_borough": "whose area",
}
_ROLES = set(InvolvementRole.values)
_NOTES = {code: label.lower() for code, label in NoteKind.choices}
_AT_18 = {code: words.lower_first(label) for code, label in DecidedAt18.choices}
_PAPERS = {code: label.lower() for code, label in PlanPaper.choices}
# What was written once: the entry names it.
WRITTEN_ONCE = (
    "write_note",
    "correct_note",
    "read_note",
    "hold_note_back",
    "tell_note",
    "record_event",
    "correct_event",
    "record_brook",
    "replace_brook",
    "record_aim",
    "replace_aim",
    "record_consent",
    "replace_consent",
    "record_sharing",
    "hold_assessment_back",
    "tell_assessment",
    "plan_at_18",
    "decide_at_18",
)
_STATES = {
    code: label
    for states in (
        OfferState,
        TransferState,
        MeetingDecisionState,
        Section47State,
        PoliceReferralState,
        AssessmentState,
        ReferralState,
    )
    for code, label in states.choices
}


def chronology(referral, user, episodes, place="", *, kind="", oldest_first=False, as_of=None, size=PAGE_SIZE):
    """One page of what was done as `user` reads it: {"entries", "next", "first"}; as many questions whatever it holds.

    `episodes` are the child's referrals that `user` may open (selectors.significant.episodes), `place` the key of the
    last entry of the page before, `as_of` the day after which nothing was recorded yet. "own" says of each entry
    whether it is this referral's.
    """
    entries = Entry.objects.select_related("actor")
    if kind in KINDS:
        entries = entries.filter(verb__in=verbs_of(kind))
    if as_of is not None:
        entries = entries.filter(recorded_at__lt=end_of(as_of))
    if place.isascii() and place.isdigit():
        entries = entries.filter(**{"pk__gt" if oldest_first else "pk__lt": int(place[:LONGEST_KEY])})
    order = "number" if oldest_first else "-number"
    # Each journal by itself, in its own order: as one, the database would look through everybody's.
    of_child = entries.filter(record=referral.person.record_id, verb__in=OF_THE_CHILD)
    journals = [of_child, *(entries.filter(record=episode.record_id) for episode in episodes)]
    journals = fetch(*(journal.order_by(order)[: size + 1] for journal in journals))
    found = [entry for journal in journals for entry in journal]
    found.sort(key=lambda entry: entry.pk, reverse=not oldest_first)
    shown = found[:size]
    return {
        "entries": _of_several(referral, episodes, shown, user),
        "next": shown[-1].pk if len(found) > size else "",
        "first": not place,
    }


def _of_several(referral, episodes, entries, user):
    """The entries in words, each with the referral that it is of where that is another one."""
    said, names = {}, _names(episodes, entries)
    for episode in episodes:
        own = [entry for entry in entries if entry.record_id == episode.record_id]
        of = "" if episode.pk == referral.pk else f"On the referral {episode.reference}"
        for entry, words_ in zip(own, in_words(episode, own, user, names), strict=True):
            said[entry.pk] = words_ | {"key": entry.pk, "own": not of, "of": of}
    of_child = [entry for entry in entries if entry.pk not in said]
    nobody = {"people": {}, "teams": {}, "requests": {}, "weighed": {}}
    for entry in of_child:
        # Why stands on the pages of the child's record, for whoever reads them.
        said[entry.pk] = _entry(entry, nobody, False) | {"key": entry.pk, "own": False, "of": ""}
    return [said[entry.pk] for entry in entries]


def in_words(referral, entries, user, names=None):
    """These entries of the referral's journal as the chronology says them to `user`, each read with its actor; `names`
    are those of `_names`, where they were read for several referrals."""
    names = _names([referral], entries) if names is None else names
    all_reasons = can_read_why_of_access(referral, user)
    closed = _concerns_not_open(entries, user)
    return [_entry(entry, names, _reads_why(entry, user, all_reasons, closed)) for entry in entries]


def _reads_why(entry, user, all_reasons, closed):
    """Whether the reason may be read: of access it was promised to managers and auditors, of the facts of a concern to
    whoever may open every child of it."""
    if entry.actor_id == user.pk:
        return True
    if entry.verb in WHY_OF_ACCESS:
        return all_reasons
    return entry.verb not in WHY_OF_CONCERN or entry.facts.get("concern") not in closed


def _concerns_not_open(entries, user):
    """The references of the concerns of these entries with a child whom `user` may not open; asked only where an entry
    has such a reason."""
    asked = {entry.facts.get("concern") for entry in entries if entry.verb in WHY_OF_CONCERN and entry.reason}
    if not asked:
        return set()
    opens = is_in(Referral.objects.visible_to(user))
    hidden = Referral.objects.filter(~opens, involvements__concern__record__reference__in=asked)
    return set(hidden.values_list("involvements__concern__record__reference", flat=True))


def entry_in_words(referral, user, number):
    """One entry of the journal as `chronology` gives it, with its day as a date; None where there is none."""
    entry = Entry.objects.filter(record=referral.record_id, number=number).select_related("actor").first()
    if entry is None:
        return None
    return in_words(referral, [entry], user)[0] | {"day": entry.happened_on}


def new_facts(referral):
    """What was brought to the strategy meeting and has no answer yet: [{"who", "at", "text"}], the oldest first."""
    entries = Entry.objects.filter(record=referral.record_id).order_by("number")
    answered = last_number(entries.filter(verb="answer_new_facts"))
    waiting = entries.filter(verb="bring_new_facts", number__gt=answered).select_related("actor")
    return [{"who": each.actor.name, "at": words.instant(each.recorded_at), "text": each.reason} for each in waiting]


def _names(referrals, entries):
    """What the references and slugs in the entries' facts are called, and what the requests to others and the decision
    records that they name say: one query whatever the page holds."""
    people = {entry.facts.get(key) for entry in entries for key in ("worker", "reader", "user")}
    people |= {ref for entry in entries for key in ("named", "alerted") for ref in entry.facts.get(key, ())}
    teams = {entry.facts.get(key) for entry in entries for key in ("team", "by_team", "back_to")}
    asked = {entry.facts["noun"] for entry in entries if entry.verb in ANSWERS and "noun" in entry.facts}
    weighed = {entry.record_id for entry in entries if "weighed" in entry.facts}
    of_them = {"referral__in": [referral.pk for referral in referrals], "reference__in": asked}
    called, teams, offers, transfers, records = fetch(
        User.objects.filter(reference__in=people - {None}).values_list("reference", "name"),
        Team.objects.filter(slug__in=teams - {None}).values_list("slug", "name"),
        Offer.objects.filter(**of_them).select_related("to_team"),
        BoroughTransfer.objects.filter(**of_them),
        DecisionRecord.objects.filter(record__in=weighed).select_related("by"),
    )
    requests = {each.reference: f"{each.get_kind_display()}: request to {each.to_team.name}" for each in offers}
    requests |= {each.reference: f"Transfer to {each.borough}" for each in transfers}
    decided = {each.reference: weighed_in_words(each) for each in records}
    return {"people": dict(called), "teams": dict(teams), "requests": requests, "weighed": decided}


def _entry(entry, names, with_reason):
    facts = entry.facts
    reason = entry.reason if with_reason else ""
    user = next((facts[key] for key in ("worker", "reader", "user") if key in facts), "")
    said = SENTENCES.get(entry.verb, entry.verb.replace("_", " ").capitalize())
    if "noun" in facts:
        said = OF_NOUN.get(entry.verb, said)
    title = said.format(
        user=names["people"].get(user, "somebody"),
        team=names["teams"].get(facts.get("team"), "another team"),
        page=f" ({facts['page']})" if facts.get("page") else "",
        relation=f" ({SIDES[facts['relationship']].label})" if facts.get("relationship") in SIDES else "",
        request=names["requests"].get(facts.get("noun"), "Request"),
        status=_status(facts) if entry.verb == "set_status" else "",
        note=_NOTES.get(facts.get("kind"), "a note"),
        paper=_PAPERS.get(facts.get("kind"), "a page"),
        decided=_AT_18.get(facts.get("outcome"), "something"),
        assessed=ASSESSED.get(facts.get("assessed"), "by the service"),
        parts=_parts(facts),
        facts=_facts_of_concern(facts) if entry.verb == "correct_concern" else "",
        details=_listed(labels_of(facts.get("fields", ()))) if entry.verb == "change_person" else "",
        marker=_listed([words.lower_first(kind_in_words(facts["kind"]))]) if entry.verb == "add_marker" else "",
    )
    return {
        "number": entry.number,
        "title": title,
        "who": entry.actor.name if entry.actor else "The service itself",
        "happened_on": words.day(entry.happened_on),
        "recorded_at": words.instant(entry.recorded_at),
        "iso": words.iso(entry.recorded_at),
        "details": [*_details(entry, names), *_why_not(entry, with_reason)],
        "reason": reason,
        "long": len(reason) > LONG,
        "weighed": names["weighed"].get(facts.get("weighed"), ""),
    }


def _why_not(entry, with_reason):
    if entry.reason and not with_reason:
        yield WHY_WITH_CONCERN if entry.verb in WHY_OF_CONCERN else WHY_IS_KEPT


def _status(facts):
    """ " (child who was harmed: alleged, now established)" of what became of a part."""
    role, was = InvolvementRole(facts["role"]).label, InvolvementStatus(facts["was"]).label
    return f" ({role}: {was}, now {InvolvementStatus(facts['now']).label})".lower()


def _parts(facts):
    """ " (child who was harmed)" of the parts that somebody has in a concern; "" where none is kept."""
    said = words.listed(InvolvementRole(role).label for role in facts.get("roles", ()) if role in _ROLES)
    return f" ({said})".lower() if said else ""


def _facts_of_concern(facts):
    """ " (when, where)": which facts, never what they say."""
    return _listed(dict.fromkeys(_FACTS[name] for name in facts.get("fields", ()) if name in _FACTS))


def _listed(said):
    return f" ({words.listed(said)})" if said else ""


def _details(entry, names):
    facts = entry.facts
    if entry.from_state and entry.to_state and entry.from_state != entry.to_state and "noun" not in facts:
        was, now = _STATES.get(entry.from_state, ""), _STATES.get(entry.to_state, "")
        if was and now:
            yield f"From “{was}” to “{now}”"
    if entry.verb == "set_status":
        yield f"{StatusBasis(facts['basis']).label}, since {words.day(date.fromisoformat(facts['since']))}"
    if "purpose" in facts and facts.get("answer") in ConsentSaid.values:
        yield f"{ConsentPurpose(facts['purpose']).label}: {ConsentSaid(facts['answer']).label.lower()}"
    if entry.verb == "record_sharing":
        with_whom = words.lower_first(Recipient(facts["recipient"]).label)
        yield f"{'Shared' if facts['shared'] else 'Not shared'}: {with_whom}"
    if facts.get("after") in AfterRefused.values:
        yield AfterRefused(facts["after"]).label
    if entry.verb == "decide_help":
        yield HelpDecision(facts["decision"]).label
    if facts.get("category") in Category.values:
        yield Category(facts["category"]).label
    for place, category in sorted(facts.get("behaviours", {}).items(), key=lambda each: int(each[0])):
        yield f"Behaviour {place}: {Category(category).label}"
    if facts.get("tier"):
        yield Tier(facts["tier"]).label
    if facts.get("below_default"):
        yield "Below the pathway's default"
    if facts.get("named"):
        yield f"Named: {words.listed(sorted(names['people'].get(r, 'somebody') for r in facts['named']))}"
    if facts.get("alerted"):
        yield f"Asked to read it: {words.listed(sorted(names['people'].get(r, 'somebody') for r in facts['alerted']))}"
    if facts.get("held_back"):
        yield "Nothing of it is told to the family yet"
    if facts.get("assessment_number"):
        yield f"Number {facts['assessment_number']}"
    if entry.verb in WRITTEN_ONCE:
        yield facts["noun"]
    if facts.get("document_reference"):
        yield facts["document_reference"]
    if facts.get("episode"):
        yield facts["episode"]
    if facts.get("follows"):
        yield f"Follows {facts['follows']}"
    if facts.get("emergency"):
        yield "999"
    if facts.get("back_to"):
        yield f"Back to {names['teams'].get(facts['back_to'], 'the team before')}"
