"""The one thing to do next on a case: the reader's own step first; where none is theirs, who has it (pages.md)."""

from django.urls import reverse
from django.utils.text import Truncator

from hsb.core import clock, words, work
from hsb.core.borough_words import police_form
from hsb.core.door import record_reference
from hsb.core.timescales import timescale
from hsb.people.states import Role
from referrals import permissions
from referrals.selectors import deeds, police
from referrals.selectors.assessment_pages import is_in_work
from referrals.states import IN_SERVICE

# Kind of task -> the URL name of the page where it is done, of the app referrals.
DONE_AT = {
    "assess": "assessment",
    "assess_safety": "assessment",
    "new_concern": "assessment",
    "decide": "decide",
    "reassess": "decide_reassessment",
    "name_worker": "name_worker",
    "start_work": "start_work",
    "police_referral": "police_referral",
    # That page leads on to the reader's own step, or says whom to ask.
    "draft_police_referral": "police_referral",
    "excuse_police_referral": "police_referral",
    "approve_police_referral": "police_referral",
    "write_supplement": "police_referral",
    "send_supplement": "police_referral",
    "police_acknowledgement": "police_referral",
    "meeting_decision": "decide_meeting",
    "protection": "follow_up_protection",
    "answer_offer": "answer_offer",
    "close": "close",
    "review_break_glass": "review_break_glass",
    "answer_access": "answer_access",
    "borough_transfer": "answer_transfer",
    "tell_referrer": "tell_referrer",
    "read_both": "read_both",
    "rate_again": "assessment",
    "family_assessment": "service_step",
    "early_help_review": "service_step",
    "early_help_assessment": "help_assessment",
    "decide_help": "decide_help",
    "section_47": "report_section_47",
    "conclude_section_47": "conclude_section_47",
    "conference": "conference",
    "plan_at_18": "what_follows",
    "review_at_18": "what_follows",
    "decide_at_18": "decide_at_18",
    "close_at_18": "propose_closing",
}
# The floor above adds its own by name: kind of task -> the URL name of its page.
DONE_ABOVE = {
    "schedule_meeting": "strategy_meetings:schedule",
    "meeting_facts": "strategy_meetings:new_facts",
    "hold_meeting": "strategy_meetings:meeting",
    "review_meeting": "strategy_meetings:meeting",
    "issue_decisions": "strategy_meetings:issue_decisions",
    "write_minutes": "strategy_meetings:write_minutes",
    "approve_minutes": "strategy_meetings:approve_minutes",
    "circulate_minutes": "strategy_meetings:circulate",
    "close_meeting": "strategy_meetings:close",
    "intel_again": "strategy_meetings:intel",
    "read_intel_answer": "strategy_meetings:read_intel_answer",
    # Mapping
    "hold_mapping": "panels:mapping",
    "complete_map": "panels:mapping",
    "sift_intel": "panels:sift",
    "sift_deferred": "panels:sift",
    "publish_agenda": "panels:panel",
    "circulate_agenda": "panels:circulate",
    "hold_panel": "panels:panel",
    "issue_panel_actions": "panels:panel",
    "circulate_panel_minutes": "panels:circulate_minutes",
}
# What a record's reference starts with -> where an action on that record itself is done.
ACTION_DONE_AT = {"MTG": "strategy_meetings:action", "MAP": "panels:mapping_action", "PAN": "panels:action"}
# Kinds of task of which a record can have several: where each is done, from the record and what it is about.
DONE_ABOUT = {
    "confirm_nfa": lambda reference, about: ("strategy_meetings:decide_nfa", about.rsplit("-", 1)),
    "intel_form": lambda reference, about: ("strategy_meetings:begin_intel", [reference]),
    "decide_amendment": lambda reference, about: ("strategy_meetings:decide_amendment", about.rsplit("-", 1)),
    "confirm_marker": lambda reference, about: ("referrals:confirm_marker", [reference, *about.rsplit("-", 1)]),
    "review_marker": lambda reference, about: ("referrals:review_marker", [reference, *about.rsplit("-", 1)]),
    "immediate_action": lambda reference, about: ("referrals:immediate_action", [reference, about]),
    "write_plan": lambda reference, about: ("referrals:plan", [reference]),
    "agree_plan": lambda reference, about: ("referrals:agree_plan", [reference, about.rsplit("-", 1)[1].lstrip("P")]),
    "plan_review": lambda reference, about: ("referrals:review_plan", [reference, about.rsplit("-", 1)[1].lstrip("P")]),
    "read_note": lambda reference, about: ("referrals:note", [reference, about.rsplit("-", 1)[1]]),
    "action": lambda reference, about: (
        (ACTION_DONE_AT[reference.split("-", 1)[0]], about.rsplit("-", 1))
        if about.startswith(f"{reference}-")
        else ("referrals:action", [reference, *about.rsplit("-", 1)])
    ),
}
# Kind of task about one Form 87A -> the step that does it.
POLICE_STEPS = {
    "draft_police_referral": "police_draft",
    "excuse_police_referral": "police_excuse",
    "approve_police_referral": "police_approve",
    "write_supplement": "police_supplement",
    "send_supplement": "supplement_sent",
    "police_acknowledgement": "police_answer",
}
# Steps of a Form 87A that come first for any manager who may take them: they are due today.
BY_A_MANAGER_TOO = ("police_approve", "police_sent")
# What anybody who works with the child may record as done, whoever was asked.
WORKED = ("action", "immediate_action", "review_marker", "write_plan", "plan_review")
WRITTEN = ("assess", "assess_safety")
# The road that every child goes: of what is due on one day it comes first; and whoever may take a step of it is
# shown that step, also where a team is asked that is not theirs (B6: a concern's author assesses, her manager decides).
ROAD = (*WRITTEN, "police_referral", "decide", "name_worker", "start_work", "reassess", "answer_offer", "close")
LONGEST_REASON = 200  # characters of a manager's reason; the overview and the assessment have all of it


def what_is_next(reading, here=""):
    """What "Next" shows (components/next.html): plain data, or None where nothing waits.

    `here` is the path of the page it stands on: no button leads there, and "here" says that it is the page.
    """
    mine = [task for task in reading.tasks if _is_mine(reading, task)]
    doable = [task for task in mine if page_of(reading, task)]
    first = min(doable, key=lambda task: (task.due_on, task.kind not in ROAD), default=None)
    if _writes_reassessment(reading) and (first is None or first.due_on > clock.today()):
        return _placed(_writing(reading, "the reassessment"), deeds.url_of("assessment", reading.referral), here)
    if first is not None:
        return _step(reading, first, here)
    # What somebody else is asked to read is no step of the case.
    waiting = mine or [task for task in reading.tasks if task.kind not in work.PERSONAL]
    return _sentence(reading, waiting[0]) if waiting else None


def task_url(kind, reference, about=""):
    """The URL of the page where a task of `kind` on the record `reference` is done."""
    if kind in DONE_ABOUT:
        name, args = DONE_ABOUT[kind](reference, about)
        return reverse(name, args=args)
    name = DONE_ABOVE.get(kind) or f"referrals:{DONE_AT.get(kind, 'case')}"
    return reverse(name, args=[reference])


def page_of(reading, task):
    """The URL of the page where the task is done, if the reader can do it now; else ""."""
    if task.kind == "agree_plan" and not _may_agree(reading, task):
        return ""
    if task.kind in DONE_ABOUT or task.kind in DONE_ABOVE:
        return task_url(task.kind, reading.referral.reference, task.about) if _is_its(reading, task) else ""
    if task.kind == "police_referral":
        return _police_page(reading, task)
    if task.kind in POLICE_STEPS:
        return _police_step_page(reading, task)
    code = DONE_AT.get(task.kind, "")
    if code in deeds.DEEDS and code not in {each.deed.code for each in deeds.open_deeds(reading) if each.opens}:
        return ""
    if task.kind in WRITTEN and not permissions.can_assess(reading.referral, reading.user):
        return ""
    return deeds.url_of(code, reading.referral) if code else ""


def _may_agree(reading, task):
    """Whoever wrote the plan is asked with the other managers, and does not agree to it."""
    plan = next((plan for plan in reading.plans if plan.reference == task.about), None)
    return plan is not None and permissions.can_agree_plan(plan, reading.user)


def _police_page(reading, task):
    """The reader's own step; for whoever it is asked of and who may not open every child, the page that says whom to
    ask."""
    step = police.forward(reading)
    if step is not None:
        others = step["code"] in BY_A_MANAGER_TOO
        may = reading.holds(task) or permissions.can_assess(reading.referral, reading.user) or others
        return step["url"] if may else ""
    hub = deeds.url_of("police_forms", reading.referral)
    return hub if reading.holds(task) and police.is_hidden(reading) else ""


def _police_step_page(reading, task):
    """The step itself for whoever may take it; for whom it is asked of and who may not, the page that says whom to
    ask."""
    reference = record_reference(task.about)
    each = police.of_referral(reading, reference)
    if each is not None:
        # What the police answer to a supplement is a task of its own, about that version.
        step = POLICE_STEPS[task.kind] if reference == task.about else police.supplements.ANSWER
        if step == police.supplements.WRITE and police.supplements.in_work(each) is not None:
            step = police.supplements.waiting_step(each, reading.user)  # it is written, and waits for its next step
        in_time, allowed, _ = police.standing_of(each, step, reading.user)
        if in_time and allowed:
            return police.step_url(step, reading.referral, each)
        code = police.supplements.waiting_step(each, reading.user)
        if code:
            return police.step_url(code, reading.referral, each)
    return deeds.url_of("police_forms", reading.referral) if reading.holds(task) else ""


def _is_its(reading, task):
    """Whether a task of a meeting is the reader's, or of whoever works with the child."""
    return reading.holds(task) or (task.kind in WORKED and permissions.can_work(reading.referral, reading.user))


def task_in_words(task):
    """An open task, said: what, whose, by when, whether it is late."""
    return {
        "text": timescale(task.kind).title,
        "who": _whose(task),
        "when": words.due(task.due_on),
        "late": task.due_on < clock.today(),
        "due_on": words.day(task.due_on),
    }


def returned(assessment):
    """{"by", "reason"} of an assessment that a manager sent back and that is written on again; else None."""
    if not is_in_work(assessment) or not assessment.return_reason:
        return None
    by = assessment.decided_by.name if assessment.decided_by_id else "a manager"
    return {"by": by, "reason": assessment.return_reason}


# --- Whose it is -------------------------------------------------------------------------------------------------


def _is_mine(reading, task):
    """A named person's task is theirs alone; a team's is its own, and on the road whoever's may take that step."""
    if task.owner_id or reading.holds(task):
        return reading.holds(task)
    return task.kind in (*ROAD, *POLICE_STEPS) and bool(page_of(reading, task))


def _whose(task):
    if task.owner:
        return task.owner.name
    plural = {Role.MANAGER: "Managers", Role.CHAIR: "Chairs"}.get(task.role, "Workers")
    return f"{plural} of {task.team.name}"


def _writes_reassessment(reading):
    latest = reading.latest_assessment if reading.referral.state in IN_SERVICE else None
    return is_in_work(latest) and permissions.can_assess(reading.referral, reading.user)


# --- How it is said ----------------------------------------------------------------------------------------------


def _step(reading, task, here):
    """A step of the reader's own."""
    said = task_in_words(task)
    step = {"text": said["text"], "button": said["text"], "who": "Yours to do"}
    if task.owner_id is None and reading.holds(task):
        step["who"] = said["who"]
    if task.kind == "police_referral":
        ahead = police.forward(reading)
        step |= dict.fromkeys(("text", "button"), ahead["text"] if ahead else said["text"])
    if task.kind in WRITTEN:
        step |= _writing(reading, "the HSB risk assessment" if task.kind == "assess" else "the safety and support page")
    page, when = page_of(reading, task), {"when": said["when"], "late": said["late"]}
    hub = deeds.url_of("police_forms", reading.referral)
    if task.kind in (*POLICE_STEPS, "police_referral") and page == hub and police.is_hidden(reading):
        return {**_passed_on(page, here), **when}
    return _placed({**step, **when}, page, here)


def _passed_on(page, here):
    """What the reader is asked for and may not do: the page says who may (B7)."""
    words = f"See who goes on with {police_form()}"
    who = "Yours to pass on: it covers a child whose record you cannot open"
    return {"text": words, "who": who, **({"here": True} if page == here else {"url": page, "button": words})}


def _writing(reading, what):
    """What there is to do on an assessment: begin it, go on with it, or go on after a manager sent it back."""
    latest = reading.latest_assessment
    if is_in_work(latest):
        sent_back = returned(latest)
        because = Truncator(sent_back["reason"]).chars(LONGEST_REASON) if sent_back else ""
        note = f"Returned by {sent_back['by']} because: {because}" if sent_back else ""
        said = f"Go on with {what}"
        return {"text": said, "button": said, "who": "Yours to do", "note": note}
    door = reading.doors.get("begin_assessment")
    if door is None or not door.opens:
        return {}
    said = f"Begin {what}"
    return {"text": said, "button": said, "begin": deeds.url_of("begin_assessment", reading.referral)}


def _placed(step, page, here):
    """The step with its button; without one on the page where it is done."""
    begin = step.pop("begin", "")
    if page == here:
        return {**step, "who": f"{step['who']}, on this page", "here": True}
    return {**step, "url": begin or page, "post": bool(begin)}


def _sentence(reading, task):
    """Whose step it is: "Managers of Willow decide and allocate", "Bea is to start work with the child"."""
    said = task_in_words(task)
    what = said["text"][0].lower() + said["text"][1:]
    if task.owner_id == reading.user.pk:
        return {"text": said["text"], "who": "Yours to do", "when": said["when"], "late": said["late"]}
    verb = " is to" if task.owner_id else ""
    return {"text": f"{said['who']}{verb} {what}", "who": "", "when": said["when"], "late": said["late"]}
