"""Every form of floor 1 and the roof, as somebody fills it in who may: one row a form.

`case` is of tests.house.the_scene.Scene, `who` one of its relations, `answers` what the page's own form is given beside
what stands in it (its tokens, what it starts with). Answers that name a colleague are functions of the scene.
"""

from dataclasses import dataclass, field

from hsb.core import clock
from hsb.core.calendar import add_working_days
from hsb.core.forms import date_parts
from tests.house.walk import named
from tests.pages import filled
from tests.referrals import papers_of_a_child
from tests.referrals.case_road import WEIGHED

COORDINATOR = "the coordinator"
AUTHOR, FIRST, FIRST_MANAGER, WORKER, MANAGER, ASKED, CHAIR, MINUTES = (
    "the author",
    "a worker of the team that held it first",
    "the manager of the team that held it first",
    "the allocated worker",
    "the manager of the allocated team",
    "a stranger who manages",
    "the chair",
    "the minute taker",
)
WHY = {"reason": "What was weighed."}


@dataclass(frozen=True)
class Filled:
    name: str
    case: str
    who: str
    answers: dict = field(default_factory=dict)
    told: dict = field(default_factory=dict)
    # The hidden field that tells two posts apart: the version of what is edited, the key of what is made, or none.
    token: str = "version"
    # Beside a key the version of what is made anew: somebody else's that stands is not written over.
    versioned: bool = False

    @property
    def deed(self):
        """What tests call it: the name of its URL, which the panel has in common with a meeting ("cancel")."""
        app, name = self.name.split(":")
        return "-".join([*(["panel"] if app == "panels" else []), name, *self.told.values()])

    def path(self, scene):
        case, place = scene.case(self.case), named(self.name)
        return place.path(**(case.told_to(place) | self.told))

    def user(self, scene):
        return scene.case(self.case).people[self.who]

    def data(self, page, scene):
        """What a browser posts from that page."""
        answers = {name: value(scene) if callable(value) else value for name, value in self.answers.items()}
        return filled(page, **answers)


def today(name, at=None):
    return date_parts(name, clock.today(), at)


def on_a_working_day(name, days):
    """A day in three boxes that is a working day; asked only when the form is filled in."""
    return {
        f"{name}_{part}": lambda scene, part=part: str(getattr(add_working_days(clock.today(), days), part))
        for part in ("day", "month", "year")
    }


def done():
    return {**today("done_on"), "outcome": "It was done."}


def known():
    """What an entry of an intel form says."""
    return {
        "text": "What was seen.",
        "said_by": "A teacher",
        **today("said_on"),
        "reliability": "likely",
        "handling": ["police_only"],
    }


def forms():
    """Every row; made anew each time, because it says today's date."""
    return [
        # --- Markers ---
        Filled(
            "referrals:add_marker",
            "statutory",
            WORKER,
            {
                "kind": "in_pairs",
                "reason": "The dog is loose.",
                "agreed_by": lambda scene: scene.mo.email,
                "told": "yes",
                **today("told_on"),
                "parent_told": "no",
                "parent_not_told_because": "Nobody was at home.",
                **on_a_working_day("review_on", 20),
            },
            token="once",
        ),
        Filled(
            "referrals:review_marker",
            "marked",
            WORKER,
            {"reason": "The dog is still loose.", **on_a_working_day("review_on", 20)},
        ),
        Filled("referrals:confirm_marker", "marked", MANAGER, {"agreed": "no", **WHY}, token=""),
        Filled("referrals:tell_marker", "marked", WORKER, {"who": "parent", **today("told_on")}, token=""),
        Filled("referrals:end_marker", "marked", WORKER, {"reason": "The dog is gone."}),
        Filled("referrals:copy_to_main_system", "statutory", WORKER, today("copied_on")),
        # --- What waits for nothing ---
        Filled(
            "referrals:protection",
            "statutory",
            WORKER,
            {"what": "The children are apart.", **today("done"), "who_was_told": "The duty manager"},
            token="once",
        ),
        Filled(
            "referrals:add_document",
            "statutory",
            WORKER,
            {
                "file": lambda scene: papers_of_a_child.a_file(),
                "kind": "education",
                "title": "School report",
                "came_from": "The school's safeguarding lead",
                **today("dated_on"),
            },
            token="once",
        ),
        Filled("referrals:take_out_document", "documented_child", WORKER, WHY, token=""),
        Filled(
            "referrals:follow_up_protection",
            "protected",
            WORKER,
            {**today("followed_up_on"), "follow_up": "They stay apart."},
            token="",
        ),
        Filled(
            "referrals:police_call",
            "statutory",
            WORKER,
            {
                "emergency": "no",
                **today("called"),
                "spoke_to": "The duty sergeant",
                "police_reference": "A reference",
                "what_was_said": "What was reported.",
                "advice": "To wait.",
            },
            token="once",
        ),
        Filled(
            "referrals:lift_advice",
            "advised",
            WORKER,
            {**today("lifted_on"), **WHY},
            token="",
        ),
        Filled(
            "referrals:ask_police_form",
            "statutory",
            WORKER,
            {"concern": lambda scene: scene.case("statutory").told["concern"], "grounds": "A crime is suspected."},
            token="",
        ),
        Filled(
            "referrals:police_draft",
            "police_called",
            WORKER,
            {
                "recipient": "The team's mailbox",
                "urgency": "today",
                "known": "What was reported.",
                "asked": "Checks.",
                "basis": "without",
                "consent": "Nobody was asked.",
                "risks_to_staff": "A dog.",
                "interpreter": "Portuguese",
                **today("discussion_on"),
            },
        ),
        Filled("referrals:police_approve", "police_drafted", MANAGER, {"decision": "approve"}),
        Filled(
            "referrals:police_sent",
            "police_approved",
            WORKER,
            {"sent_to": "The team's mailbox", "sent_how": "Secure e-mail", **today("sent")},
        ),
        Filled(
            "referrals:police_answer",
            "police_sent",
            WORKER,
            {
                "answer": "acknowledged",
                **today("acknowledged_on"),
                "police_reference": "A reference",
                "officer": "An officer",
            },
        ),
        Filled(
            "referrals:police_refusal",
            "police_refused",
            WORKER,
            {"after": "escalated", "supervisor": "An inspector", "after_said": "She looks at it."},
            token="once",
        ),
        Filled(
            "referrals:police_excuse",
            "police",
            MANAGER,
            {"decision": "not_sent_because", "not_sent_reason": "The police have it.", **WEIGHED},
        ),
        Filled(
            "referrals:police_supplement",
            "police_sent",
            WORKER,
            {
                "recipient": "The team's mailbox",
                "urgency": "today",
                "known": "What is new.",
                "asked": "Checks.",
                "basis": "without",
                "consent": "Nobody was asked.",
            },
        ),
        Filled("referrals:supplement_approve", "supplement_drafted", MANAGER, {"decision": "approve"}),
        Filled(
            "referrals:supplement_sent",
            "supplement_approved",
            WORKER,
            {"sent_to": "The team's mailbox", "sent_how": "Secure e-mail", **today("sent")},
        ),
        Filled(
            "referrals:supplement_answer",
            "supplement_sent",
            WORKER,
            {"answer": "acknowledged", **today("acknowledged_on"), "police_reference": "A reference"},
        ),
        Filled(
            "referrals:record_notification",
            "statutory",
            WORKER,
            {
                **today("received"),
                "unit": "A unit",
                "officer": "An officer",
                "police_reference": "A reference",
                "how": "email",
                "says": "What they told us.",
                "children": lambda scene: scene.case("statutory").told["reference"],
            },
            token="once",
        ),
        Filled(
            "referrals:follow_notification",
            "notified",
            WORKER,
            {**today("acknowledged_on"), "acknowledged_to": "The officer"},
            token="",
        ),
        Filled("referrals:tell_notification", "notified", MANAGER, WHY, token=""),
        Filled("referrals:request_meeting", "early_help", WORKER, {"grounds": "Cause to suspect harm."}, token=""),
        Filled(
            "referrals:telling",
            "statutory",
            WORKER,
            {"decision": lambda scene: f"hold_back:{scene.case('statutory').told['concern']}", **WHY},
            token="",
        ),
        Filled("referrals:meeting_facts", "planned", WORKER, {"facts": "Something more came to light."}, token=""),
        Filled("strategy_meetings:new_facts", "new_facts", CHAIR, WHY, token=""),
        Filled(
            "strategy_meetings:telephone",
            "convened",
            MANAGER,
            {
                **today("held_on"),
                "spoke_to": "An officer",
                "shared": "What was weighed.",
                "section_47": "yes",
                "immediate_what": "They stay apart.",
                "meeting_follows": "yes",
            },
            token="once",
        ),
        Filled(
            "referrals:decide_meeting",
            "statutory",
            MANAGER,
            {"decision": "do_not_convene", "reason": "Not this time."},
        ),
        # --- Deciding ---
        Filled(
            "referrals:decide",
            "awaiting",
            FIRST_MANAGER,
            {"agrees": "yes", "decision": "statutory", "statutory_team": "willow", **WHY},
        ),
        Filled("referrals:decide_reassessment", "reassessed", MANAGER, {"agrees": "yes", "decision": "approve"}),
        Filled(
            "referrals:attach",
            "twin",
            FIRST_MANAGER,
            {"to_reference": lambda scene: scene.case("twin").told["other"], **WHY},
        ),
        # --- With a service ---
        Filled("referrals:name_worker", "unnamed", MANAGER, {"worker": lambda scene: scene.amara.reference}),
        Filled("referrals:end_allocation", "statutory", MANAGER, {"scope": "worker", **WHY}),
        Filled(
            "referrals:offer_transfer",
            "statutory",
            MANAGER,
            {
                "borough": "Otherborough",
                "person": "The duty manager there",
                "sent_by": "post",
                **today("sent_on"),
                "what_was_sent": "The summary.",
                **WHY,
            },
        ),
        Filled(
            "referrals:answer_transfer",
            "borough_asked",
            MANAGER,
            {"decision": "refused", "answered_by": "Their manager", **today("answered_on"), "answer": "Not here."},
        ),
        Filled(
            "referrals:review_break_glass",
            "broken_into",
            MANAGER,
            {"number": "1", "finding": "justified", "what_follows": "Nothing more."},
            token="",
        ),
        Filled(
            "referrals:answer_access",
            "asked_for",
            MANAGER,
            {"number": "1", "granted": "no", "reason": "Your manager can tell you."},
            token="",
        ),
        Filled("referrals:start_work", "named", WORKER, today("started_on")),
        Filled(
            "referrals:service_step",
            "statutory",
            WORKER,
            {**today("done_on"), "outcome": "The plan stands.", "follows": "child_in_need"},
            token="",
        ),
        Filled(
            "referrals:help_assessment",
            "early_help",
            WORKER,
            {
                **today("began_on"),
                **today("done_on"),
                "done_by": "The school's mentor",
                "outcome": "Help at home.",
                "follows": "plan",
            },
            token="",
        ),
        Filled("referrals:assess_again", "family_assessed", WORKER, {**today("began_on"), **WHY}, token=""),
        # --- Plans ---
        Filled(
            "referrals:begin_plan",
            "statutory",
            WORKER,
            {
                "kind": "safety",
                "purpose": "Break times are safe.",
                **today("began_on"),
                **on_a_working_day("review_on", 20),
            },
            token="once",
        ),
        Filled(
            "referrals:add_plan_line",
            "plan_lined",
            WORKER,
            {"what": "An adult is there at break.", "owner_name": "The school", **on_a_working_day("due_on", 5)},
            token="once",
        ),
        Filled("referrals:take_out_plan_line", "plan_lined", WORKER, WHY),
        Filled("referrals:submit_plan", "plan_lined", WORKER),
        Filled("referrals:agree_plan", "plan_submitted", MANAGER, {"agrees": "yes"}),
        Filled(
            "referrals:review_plan",
            "plan_agreed",
            WORKER,
            {
                **today("held_on"),
                "took_part": "The mother and the head of year",
                "child_views": "It is calmer.",
                "parents_views": "It helps.",
                "line_1": "happened",
                "line_1_said": "The head of year says so.",
                "outcome": "goes_on",
                **on_a_working_day("next_review_on", 20),
            },
            token="once",
            versioned=True,
        ),
        Filled("referrals:end_plan", "plan_agreed", WORKER, WHY),
        Filled(
            "referrals:make_plan_paper",
            "plan_agreed",
            WORKER,
            {
                "kind": "school_safety_sheet",
                "adults_do": "An adult is at the gate.",
                "recipient": "The head of year",
                "contact": "The duty line",
                "why": "Adults know what to do.",
                "basis": "consent",
            },
            token="once",
        ),
        Filled("referrals:refuse_allocation", "named", MANAGER, WHY),
        Filled("referrals:step_up", "early_help", WORKER, {"to_team": "rowan", **WHY}),
        Filled("referrals:step_up_urgently", "early_help", WORKER, {"to_team": "rowan", "tier": "3", **WHY}),
        Filled(
            "referrals:step_down",
            "settled",
            MANAGER,
            {
                "to_team": "hazel",
                "agreed_by": "The mother",
                **today("agreed_on"),
                "agreed_note": "Gladly.",
                **WHY,
                **WEIGHED,
            },
        ),
        Filled(
            "referrals:answer_offer",
            "offered",
            ASKED,
            {"decision": "accept", "tier": "3", "answer": "We take the child."},
        ),
        Filled("referrals:withdraw_offer", "offered", WORKER, WHY),
        Filled(
            "referrals:propose_closing",
            "reassessed",
            WORKER,
            {
                "closed_as": "plan_met",
                "plan_met": "yes",
                "what_changed": "Calm months.",
                "child_views": "Content.",
                **WHY,
            },
        ),
        Filled("referrals:close", "proposed", MANAGER, {"confirmed": "1", **WHY, **WEIGHED}),
        Filled("referrals:return_to_service", "proposed", MANAGER, WHY),
        Filled("referrals:reopen", "closed", WORKER, WHY, token=""),
        # --- Notes ---
        Filled(
            "referrals:draft_note",
            "noted",
            WORKER,
            {
                "kind": "visit",
                **today("happened", "12:01am"),
                "seen": "no",
                "not_seen_reason": "Nobody was at home.",
                "who_was_there": "The mother",
                "text": "What was seen.",
                "agreed": "To look again in a week.",
                "basis": "both",
                "childs_words": "I am all right.",
                "do_not_disclose": "on",
                "readers": lambda scene: scene.mo.email,
            },
            token="",
        ),
        Filled(
            "referrals:correct_note",
            "noted",
            MANAGER,
            {"text": "It was on the Monday.", **WHY},
            token="once",
            versioned=True,
        ),
        Filled(
            "referrals:record_event",
            "noted",
            WORKER,
            {
                **today("happened_on"),
                "about_then": "on",
                "text": "The school met the parents.",
                "meaning": "Both know the plan now.",
                "source": "The form tutor",
                "basis": "fact",
            },
            token="once",
        ),
        Filled(
            "referrals:correct_event",
            "noted",
            MANAGER,
            {"text": "It was the day after.", **WHY},
            token="once",
            versioned=True,
        ),
        Filled(
            "referrals:record_brook",
            "brook_found",
            WORKER,
            {
                "about": "all",
                "colour": "red",
                **today("found_on"),
                "age_group": "third",
                "tool_version": "2020",
                "summary": "What was found.",
                "report": "none",
            },
            token="once",
        ),
        Filled(
            "referrals:replace_brook",
            "brook_found",
            WORKER,
            {"summary": "What was found later.", **WHY},
            token="once",
        ),
        Filled(
            "referrals:record_aim",
            "aimed",
            WORKER,
            {
                "tool": "aim3",
                "tool_version": "2023",
                **today("started_on"),
                **today("completed_on"),
                "age_reason": "What was weighed.",
                "summary": "What was found.",
                "recommendations": "What is to be done.",
                "report": "none",
                "no_report_reason": "It is being typed.",
            },
            token="once",
        ),
        Filled("referrals:replace_aim", "aimed", WORKER, {"summary": "What was found later.", **WHY}, token="once"),
        Filled(
            "referrals:record_consent",
            "consented",
            WORKER,
            {
                "purpose": "council",
                "which_council": "The council next door",
                "whose": "named",
                "answerer_name": "The grandmother",
                "asked": "asked",
                "answer": "agreed",
                **on_a_working_day("holds_until", 20),
                "how": "telephone",
                "told": "What is sent, and to whom.",
                "own_words": "That is all right.",
                **today("happened_on"),
            },
            token="once",
        ),
        Filled(
            "referrals:replace_consent",
            "consented",
            WORKER,
            {"asked": "not_asked", "not_asked_because": "other", "not_asked_words": "Nobody was at home.", **WHY},
            token="once",
        ),
        Filled("referrals:decide_help", "help_refused", MANAGER, {"decision": "goes_on", **WHY}, token=""),
        Filled(
            "referrals:what_follows",
            "eighteen",
            WORKER,
            {
                "goes_on": "yes",
                "where": ["health"],
                "asked": "The adult team's duty worker.",
                **today("asked_on"),
                "young_person_says": "What was said.",
                "plan": "Who does what.",
            },
            token="once",
            versioned=True,
        ),
        Filled(
            "referrals:decide_at_18",
            "eighteen",
            MANAGER,
            {
                "outcome": "pass",
                "passed_to": "Adult social care",
                **today("passed_on"),
                "accepted_by": "Their manager",
                **WHY,
            },
            token="once",
            versioned=True,
        ),
        Filled(
            "referrals:discussed",
            "handed_on",
            MANAGER,
            {"text": "How the plan is followed.", "agreed": "Nothing is to be done.", "basis": "fact"},
            token="once",
        ),
        Filled("referrals:note_telling", "noted", WORKER, {"decision": "hold_back", **WHY}, token=""),
        Filled(
            "referrals:record_sharing",
            "statutory",
            WORKER,
            {
                "recipient": "school",
                "to_whom": "The safeguarding lead",
                "what": "What adults at the school do.",
                "decision": "shared",
                "why": "Adults know whom to call.",
                "basis": "public_task",
                "asked": "not_asked",
                "not_asked_words": "It could not wait.",
                **today("happened_on"),
            },
            token="once",
        ),
        Filled("referrals:assessment_telling", "statutory", WORKER, {"decision": "hold_back", **WHY}, token=""),
        Filled("referrals:form_telling", "police", WORKER, {"decision": "hold_back", **WHY}, token=""),
        Filled("referrals:hold_document_back", "document_told", WORKER, WHY, token=""),
        # --- What a meeting agreed ---
        Filled(
            "referrals:report_section_47",
            "issued",
            WORKER,
            {
                "seen": "alone",
                "findings": "What was found.",
                "recommended": "not_substantiated",
                **today("reported_on"),
            },
            token="once",
        ),
        Filled(
            "referrals:conclude_section_47",
            "issued",
            MANAGER,
            {"conclusion": "not_substantiated", **today("concluded_on"), **WHY},
        ),
        Filled("referrals:conference", "conference", WORKER, done(), token=""),
        Filled("referrals:action", "issued", WORKER, done(), token=""),
        Filled("referrals:immediate_action", "issued", WORKER, done(), token=""),
        # --- Strategy meetings ---
        Filled(
            "strategy_meetings:schedule",
            "convened",
            CHAIR,
            {**today("at", "10:30am"), "place": "Room 1", "minute_taker": lambda scene: scene.min.reference},
            token="once",
        ),
        Filled("strategy_meetings:arrange", "planned", CHAIR, {**today("at", "10:30am"), "place": "Room 2"}),
        Filled(
            "strategy_meetings:add_seat",
            "planned",
            MINUTES,
            {"role": "other", "agency": "Youth justice", "name": "Somebody", "state": "expected"},
            token="once",
        ),
        Filled(
            "strategy_meetings:seat",
            "planned",
            MINUTES,
            {"role": "police", "agency": "The borough's team", "name": "Somebody", "state": "expected"},
        ),
        Filled("strategy_meetings:invite", "planned", MINUTES),
        Filled(
            "strategy_meetings:take_over",
            "held",
            CHAIR,
            {"chair": lambda scene: scene.cho.reference, "minute_taker": lambda scene: scene.min.reference, **WHY},
        ),
        Filled("strategy_meetings:change_children", "planned", CHAIR, {}),
        Filled("strategy_meetings:postpone", "planned", CHAIR, WHY),
        Filled("strategy_meetings:cancel", "planned", CHAIR, WHY),
        Filled(
            "strategy_meetings:hold",
            "planned",
            CHAIR,
            {
                **today("held_on"),
                **{f"state_{number}": "filled" for number in range(1, 5)},
                **{f"who_{number}": "Somebody of that service" for number in range(1, 5)},
                "state_5": "apologies",
                "report_5": "on",
                "quorum_reason": "",
            },
        ),
        Filled("strategy_meetings:adjourn", "held", CHAIR, {**WHY, **today("goes_on_on")}),
        Filled("strategy_meetings:issue_decisions", "held", CHAIR),
        Filled(
            "strategy_meetings:agree_child",
            "held",
            MINUTES,
            {
                "child_invited": "no",
                "child_invited_reason": "The police ask for it.",
                "family_invited": "yes",
                "child_views": "What was said.",
                "family_views": "What was said.",
                "outcomes": ["review", "section_47", "immediate_action"],
                **today("review_on"),
                "immediate_what": "They stay apart.",
                "outcome_reason": "What was weighed.",
                "category": "2",
                "category_reason": "As assessed.",
                "intel": "needed",
                "intel_by_name": "Somebody of the police",
                **today("intel_due_on"),
                "closed_minutes": "What was shared.",
            },
        ),
        Filled(
            "strategy_meetings:add_action",
            "held",
            MINUTES,
            {
                "what": "A safety plan.",
                "agency": "Education",
                "owner": "",
                "owner_name": "The lead",
                **today("due_on"),
            },
            token="once",
        ),
        Filled("strategy_meetings:drop_action", "held", MINUTES, WHY, token=""),
        Filled("strategy_meetings:action", "unreferred", CHAIR, done(), token=""),
        Filled("strategy_meetings:decide_nfa", "nfa", MANAGER, {"decision": "confirm", **WHY}, token=""),
        # --- Intel forms ---
        Filled("strategy_meetings:begin_intel", "issued", MINUTES, {"children": ["1"]}, token="once"),
        Filled("strategy_meetings:begin_intel_for_child", "statutory", WORKER, {"criteria": ["stuck"]}, token="once"),
        Filled(
            "strategy_meetings:write_intel",
            "intel",
            MINUTES,
            {
                "criteria": ["stuck", "group"],
                "why": "What repeats.",
                "tried": "A plan.",
                "asked": "A look at the place.",
            },
        ),
        Filled(
            "strategy_meetings:add_intel_harmed",
            "intel",
            MINUTES,
            {"who": lambda scene: str(scene.case("intel").referral.person_id), **known()},
            token="once",
        ),
        Filled(
            "strategy_meetings:add_intel_person",
            "intel",
            MINUTES,
            {"who": "described", "described": "Somebody older, seen at the park", **known()},
            token="once",
        ),
        Filled("strategy_meetings:search_intel_harmed", "intel", CHAIR, {"words": "Robin Sample"}, token=""),
        Filled("strategy_meetings:search_intel_person", "intel", CHAIR, {"words": "Robin Sample"}, token=""),
        Filled(
            "strategy_meetings:found_intel_harmed",
            "intel",
            CHAIR,
            {"who": lambda scene: str(scene.case("intel").referral.person_id), **known()},
            token="once",
        ),
        Filled(
            "strategy_meetings:found_intel_person",
            "intel",
            CHAIR,
            {"who": "described", "described": "Somebody older, seen at the park", **known()},
            token="once",
        ),
        Filled(
            "strategy_meetings:add_intel_location",
            "intel",
            MINUTES,
            {"place_kind": "park", "name": "Alder Park", "postcode": "AA3 1AB", **known()},
            token="once",
        ),
        Filled(
            "strategy_meetings:add_intel_theme",
            "intel",
            MINUTES,
            {"theme_kind": "group", "name": "The bandstand group", **known()},
            token="once",
        ),
        Filled("strategy_meetings:change_entry", "intel", MINUTES, known()),
        Filled("strategy_meetings:drop_entry", "intel", MINUTES, WHY),
        Filled("strategy_meetings:submit_intel", "intel", MINUTES),
        Filled("strategy_meetings:let_panel_read", "intel_shut", MINUTES),
        Filled("strategy_meetings:withdraw_intel", "intel_submitted", MINUTES, WHY),
        Filled("strategy_meetings:read_intel_answer", "intel_answered", MINUTES),
        Filled("strategy_meetings:write_minutes", "issued", MINUTES, {"shared": "Who was there."}),
        Filled("strategy_meetings:submit_minutes", "written", MINUTES),
        Filled("strategy_meetings:approve_minutes", "drafted", CHAIR),
        Filled(
            "strategy_meetings:amend",
            "approved",
            MINUTES,
            {"part": "shared", "text": "It reads differently."},
            token="once",
        ),
        Filled("strategy_meetings:decide_amendment", "amended", MINUTES, {"decision": "agree"}, token=""),
        Filled("strategy_meetings:return_minutes", "drafted", CHAIR, WHY),
        Filled(
            "strategy_meetings:make_paper",
            "approved",
            MINUTES,
            {
                "which": "letter-1",
                "recipient": "The family",
                "greeting": "Dear family",
                "own_words": "Somebody visits you next week.",
                "contact": "The team, 020 7946 0000.",
            },
            token="once",
        ),
        Filled(
            "strategy_meetings:paper_fate",
            "documented",
            MINUTES,
            {"decision": "out", "how": "by_hand", "consent": "Nobody was asked.", **today("on")},
            token="",
        ),
        Filled("strategy_meetings:circulate", "sent_out", MINUTES),
        Filled("strategy_meetings:close", "circulated", CHAIR),
        # --- Mapping meetings ---
        Filled(
            "panels:call_mapping",
            "roof",
            CHAIR,
            {
                "focus": "group",
                "group": "Those at the bandstand",
                "purpose": "To see who meets there.",
                "question": "Who needs what?",
                **today("planned_on"),
            },
            token="once",
        ),
        Filled("panels:arrange_mapping", "map_planned", CHAIR, today("planned_on")),
        Filled(
            "panels:hold_mapping", "map_planned", CHAIR, {**today("held_on"), "attended": "Youth work and a school."}
        ),
        Filled("panels:postpone_mapping", "map_planned", CHAIR, WHY),
        Filled("panels:plan_mapping_again", "map_postponed", CHAIR, today("planned_on")),
        Filled("panels:cancel_mapping", "map_planned", CHAIR, WHY),
        Filled("panels:close_mapping", "map_agreed", CHAIR),
        Filled("panels:map_person", "map_planned", CHAIR, {"words": "Robin Sample"}, token=""),
        Filled(
            "panels:map_new_person",
            "map_planned",
            CHAIR,
            {
                "given_name": "Bo",
                "family_name": "Sample",
                "kind": "child",
                "school": "Oak Primary",
                "note": "Likes football.",
            },
            token="once",
        ),
        Filled(
            "panels:map_place",
            "map_planned",
            CHAIR,
            {"kind": "park", "name": "Another park", "note": "After school."},
            token="once",
        ),
        Filled("panels:map_group", "map_planned", CHAIR, {"name": "Another group", "note": "Friends."}, token="once"),
        Filled(
            "panels:map_link",
            "map_held",
            CHAIR,
            {
                "one": "2",
                "other": "3",
                "kind": "goes_to",
                "said_by": "A youth worker",
                **today("said_on"),
                "basis": "reported",
                "reliability": "likely",
                **today("until"),
            },
            token="once",
        ),
        Filled("panels:map_take_out", "map_held", CHAIR, WHY, token=""),
        Filled("panels:map_take_out_link", "map_held", CHAIR, WHY, token=""),
        Filled(
            "panels:mapping_add_action",
            "map_held",
            CHAIR,
            {
                "what": "Somebody walks home with the child.",
                "agency": "Youth work",
                "owner": "",
                "owner_name": "The lead",
                **today("due_on"),
            },
            token="once",
        ),
        Filled("panels:mapping_no_action", "map_held", CHAIR, WHY),
        Filled("panels:mapping_drop_action", "map_agreed", CHAIR, WHY, token=""),
        Filled("panels:mapping_action", "map_owed", CHAIR, done(), token=""),
        # --- Who may open it ---
        Filled(
            "referrals:restrict", "received", FIRST_MANAGER, {"readers": lambda scene: scene.cho.email, **WHY}, token=""
        ),
        Filled("referrals:lift_restriction", "restricted", FIRST_MANAGER, WHY, token=""),
        Filled(
            "referrals:name_reader", "statutory", MANAGER, {"reader": lambda scene: scene.cho.email, **WHY}, token=""
        ),
        Filled("referrals:bar", "statutory", MANAGER, {"user": lambda scene: scene.carl.email, **WHY}, token=""),
        Filled("referrals:lift_bar", "barred", FIRST_MANAGER, WHY, token=""),
        # --- The assessment ---
        Filled(
            "referrals:add_behaviour",
            "assessing",
            FIRST,
            {"description": "What was seen.", "happened_in_words": "In the summer", "category": "1"},
            token="once",
        ),
        Filled("referrals:change_behaviour", "assessing", FIRST, {"description": "Seen once more.", "category": "1"}),
        Filled(
            "referrals:note_behaviour",
            "statutory",
            WORKER,
            {"description": "What came to light.", "happened_in_words": "In the summer"},
            token="once",
        ),
        Filled(
            "referrals:assessment_page",
            "begun",
            FIRST,
            {
                "description": "What was seen.",
                "category": "0",
                "brook_used": "no",
                "tier": "2",
                "rationale": "What was weighed.",
            },
            {"page": "short"},
        ),
        *(
            Filled("referrals:assessment_page", "assessing", FIRST, answers, {"page": page})
            for page, answers in {
                "category": {"category": "1"},
                "brook": {"brook_used": "no"},
                "threshold": {"tier": "3", "rationale": "What was weighed."},
                "context": {"context_displayed": "Home.", "context_harmed": "School.", "age_and_power": "The same."},
                "strengths": {"protective_factors": "A teacher.", "child_views": "Sorry.", "family_views": "Calm."},
                "risk": {
                    **{
                        f"risk_{group}": "no"
                        for group in ("siblings", "girls", "boys", "younger", "older", "adults", "disabled")
                    },
                    "risk_statement": "Nobody.",
                },
            }.items()
        ),
        Filled(
            "referrals:assessment_page",
            "harmed",
            FIRST,
            {"safety_now": "Safe at home.", "safety_contact": "They do not meet."},
            {"page": "safety"},
        ),
        Filled(
            "referrals:assessment_page",
            "harmed",
            FIRST,
            {"support_needed": "A friend.", "support_health": "Well.", "wishes": "To play."},
            {"page": "support"},
        ),
        # --- The people in it ---
        Filled("referrals:add_to_concern", "family", WORKER, {"words": "Robin Sample"}, token=""),
        Filled("referrals:add_to_concern_found", "family", WORKER, {"words": "Robin Sample"}, token=""),
        Filled(
            "referrals:add_to_concern_person",
            "family",
            WORKER,
            {
                "given_name": "Bo",
                "family_name": "Later",
                "kind": "child",
                "child_parts": ["harmed"],
                "relationship": "Same class",
                "birth_precision": "unknown",
            },
            {"who": "new"},
            token="once",
        ),
        Filled(
            "referrals:correct_concern",
            "received",
            FIRST,
            {
                **today("happened_on"),
                "happened_in_words": "After school.",
                "place_kind": "park",
                "place_name": "Oak Park",
                "place_postcode": "AA3 1AB",
                "borough": "other",
                "other_borough": "Elsewhere Council",
                "source": "2A",
                "reported_by": "The head teacher",
                **WHY,
            },
        ),
        Filled(
            "referrals:set_relationship",
            "received",
            FIRST,
            {"relationship": "Same class", **WHY},
            token="",
        ),
        Filled("referrals:set_roles", "received", FIRST, {"roles": ["displayed", "harmed"]}),
        Filled("referrals:join_person", "second_record", FIRST_MANAGER, {**WHY, "sure": "on"}, token=""),
        Filled("referrals:part_person", "joined", FIRST_MANAGER, WHY, token=""),
        Filled("referrals:not_the_same", "second_record", FIRST_MANAGER, WHY, token=""),
        Filled("referrals:never_link", "received", FIRST_MANAGER, WHY, token=""),
        Filled(
            "referrals:set_status",
            "received",
            FIRST_MANAGER,
            {"status": "established", "basis": "police", **today("since"), **WHY},
        ),
        Filled("referrals:set_contexts", "received", FIRST, {"contexts": ["school", "online"]}),
        Filled("referrals:read_both", "both_ways", WORKER, {"meaning": "Both need support."}, token=""),
        Filled("referrals:tell_referrer", "statutory", WORKER, {"how": "By telephone."}, token=""),
        Filled(
            "referrals:person_edit",
            "received",
            FIRST,
            {
                "given_name": "Robin",
                "family_name": "Sample",
                "preferred_name": "Rob",
                "birth_precision": "known",
                **date_parts("born_known", clock.today().replace(year=clock.today().year - 12, day=1)),
                "aliases": "Bobby Sample",
                "ethnicity": "NOBT",
            },
        ),
        *(
            Filled("referrals:person_group", "received", FIRST, answers, {"group": group})
            for group, answers in {
                "contact": {
                    "address_known": "known",
                    "address": "1 Example Road",
                    "postcode": "AA3 1AB",
                    "first_language": "OTH",
                    "language_name": "Twi",
                    "interpreter": "no",
                },
                "education": {
                    "school_known": "known",
                    "school": "Oak Primary",
                    "school_change": "moved",
                    **date_parts("school_from", clock.today()),
                    "upn_known": "UN4",
                    "send": "K",
                },
                "health": {"disabilities": ["AUT", "LD"], "gp_known": "known", "gp": "Oak Surgery"},
                "status": {"legal_status": "NONE", "responsible": "other", "other_authority": "Elsewhere Council"},
            }.items()
        ),
        Filled("referrals:family_search", "family", WORKER, {"words": "Robin Sample"}, token=""),
        Filled(
            "referrals:family_add",
            "family",
            WORKER,
            {
                "who": "new",
                "given_name": "Bo",
                "family_name": "Sample",
                "age_group": "adult",
                "birth_precision": "unknown",
                "code": "other_family",
                "words": "Great-aunt",
                "starts_known": "known",
                **today("starts_on"),
                "parental_responsibility": "no",
                "lives_together": "yes",
                **today("together_from"),
                **today("together_until"),
                "safe_contact": "By telephone, in the morning.",
            },
            token="once",
        ),
        Filled(
            "referrals:family_change",
            "family",
            WORKER,
            {"words": "As she says", "lives_together": "part", "safe_contact": "Never by letter."},
        ),
        Filled(
            "referrals:family_end",
            "family",
            WORKER,
            {"became": "ended", "ends_known": "known", **today("ends_on"), **WHY},
        ),
        # --- Logging a concern ---
        Filled("referrals:log_concern", "roof", AUTHOR, {"words": "Robin Sample"}, token="key"),
        Filled("referrals:concern_people", "draft", AUTHOR, {"words": "Robin Sample"}, token="key"),
        Filled(
            "referrals:concern_new_person",
            "draft",
            AUTHOR,
            {
                "given_name": "Bo",
                "family_name": "Sample",
                "child_parts": ["harmed"],
                "relationship": "Same class",
                "school": "Oak Primary",
            },
            token="once",
        ),
        Filled(
            "referrals:concern_person",
            "draft",
            AUTHOR,
            {"given_name": "Ash", "family_name": "Sample", "child_parts": ["displayed"], "relationship": "Same class"},
            token="once",
        ),
        Filled(
            "referrals:concern_what",
            "draft",
            AUTHOR,
            {
                "what_was_reported": "Something was reported.",
                "source": "2A",
                "reported_by": "A teacher",
                **today("reported_on"),
                "place_kind": "school",
                "place_name": "Oak Primary",
                "borough": "other",
                "other_borough": "Elsewhere",
                "protection_needed": "no",
            },
            token="",
        ),
        # --- The panel ---
        Filled(
            "panels:plan",
            "roof",
            COORDINATOR,
            {
                **on_a_working_day("planned_on", 15),
                "place": "Room 1",
                "authority_chair": "Lane Chairing",
                "police_chair": "Inspector Example",
            },
            token="once",
        ),
        Filled(
            "panels:propose",
            "sift_submitted",
            COORDINATOR,
            {"proposal": "accept", "without_meeting_reason": "It cannot wait.", **WHY},
            token="once",
            versioned=True,
        ),
        Filled(
            "panels:decide",
            "sift_proposed",
            COORDINATOR,
            {
                "decision": "decline",
                **WHY,
                "authority_user": lambda scene: scene.mo.email,
                "police_name": "Sergeant Example",
                "police_agency": "Borough police",
            },
        ),
        Filled("panels:advise", "sift_submitted", COORDINATOR, WHY, token="once"),
        Filled("panels:arrange", "panel_planned", COORDINATOR, {"place": "Room 2"}),
        Filled("panels:collect", "panel_planned", COORDINATOR),
        Filled("panels:compile", "panel_collecting", COORDINATOR, token=""),
        Filled("panels:publish", "panel_collecting", COORDINATOR),
        Filled("panels:circulate", "panel_published", COORDINATOR, {"reason": "Nobody is named there."}, token=""),
        Filled(
            "panels:circulate_minutes",
            "panel_issued",
            COORDINATOR,
            {"agencies": ["1"], **today("told_on"), "told_how": "by secure mail", "reason": "They sent nobody."},
            token="",
        ),
        Filled(
            "panels:add_seat",
            "panel_planned",
            COORDINATOR,
            {"role": "other", "agency": "A charity", "name": "Sam Example"},
            token="once",
        ),
        Filled("panels:seat", "panel_planned", COORDINATOR, {"agency": "Willow", "name": "Sam Example"}),
        Filled("panels:postpone", "panel_planned", COORDINATOR, WHY),
        Filled(
            "panels:resume",
            "panel_postponed",
            COORDINATOR,
            on_a_working_day("planned_on", 20),
        ),
        Filled("panels:cancel", "panel_planned", COORDINATOR, WHY),
        Filled("panels:move", "panel_collecting", COORDINATOR, {"to": "1", **WHY}),
        Filled(
            "panels:hold",
            "panel_today",
            COORDINATOR,
            {f"state_{n}": "empty" for n in range(2, 6)} | {"state_1": "filled", **today("held_on")},
        ),
        Filled("panels:discuss", "panel_sitting", COORDINATOR, {"discussion": "It was weighed.", "outcome": "decided"}),
        Filled(
            "panels:add_action",
            "panel_sitting",
            COORDINATOR,
            {
                "words": "A safe way home.",
                "wording": "A safe way home is agreed.",
                "agency": "Schools",
                "owner_name": "The designated lead",
                **today("due_on"),
            },
            token="once",
        ),
        Filled("panels:drop_action", "panel_sitting", COORDINATOR, WHY, token=""),
        Filled("panels:issue_actions", "panel_decided", COORDINATOR),
        Filled("panels:action", "panel_issued", COORDINATOR, done(), token=""),
        Filled("panels:feedback", "panel_issued", COORDINATOR, {"feedback": "It was discussed."}, token=""),
        Filled("panels:close", "panel_heard", COORDINATOR),
        Filled("panels:make_paper", "panel_published", COORDINATOR, {"kind": "agenda_agencies"}, token=""),
        Filled("overview:search", "roof", AUTHOR, {"terms": "Robin Sample"}, token=""),
        # --- People, teams and roles ---
        Filled(
            "people:add_user",
            "person",
            "the administrator",
            {
                "name": "Nia Newcomer",
                "email": "newcomer@example.org",
                "job_title": "Social worker",
                "telephone": "020 7946 0000",
                "team": "willow",
                "role": "practitioner",
                **today("starts_on"),
            },
            token="once",
        ),
        Filled("people:edit_user", "person", "the administrator", {"name": "Bea Other"}),
        Filled(
            "people:add_membership",
            "person",
            "the administrator",
            {"team": "rowan", "role": "manager", **today("starts_on")},
            token="",
        ),
        Filled(
            "people:record_training",
            "person",
            "the administrator",
            {"tool": "aim3", **today("trained_on"), **today("until"), "evidence": "A certificate"},
            token="",
        ),
        Filled(
            "people:arrange_cover",
            "person",
            MANAGER,
            {"by": lambda scene: scene.amara.reference, **today("starts_on"), **today("ends_on")},
            token="",
        ),
        Filled("people:add_team", "person", "the administrator", {"name": "Elm", "service": "statutory"}, token=""),
        Filled("people:edit_team", "person", "the administrator", {"name": "Oak Tree"}),
        Filled(
            "people:add_agency", "person", "the administrator", {"name": "Elm School", "kind": "education"}, token=""
        ),
        Filled(
            "people:add_word",
            "person",
            "the administrator",
            {"kind": "word", "word": "deviant", "instead": "child who displayed the behaviour"},
            token="",
        ),
        Filled("referrals:change_pathway_text", "person", "the administrator", {"text": "Statutory services."}),
        Filled("people:close_account", "person", "the administrator", {"reason": "Left the council."}, token=""),
    ]


def by_deed():
    return {form.deed: form for form in forms()}
