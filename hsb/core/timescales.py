"""The clocks: what must be done, how soon, and whose rule it is (practice.md, section 3).

A limit is in working days (`unit` WD, day 0 = the start) or calendar days. Statutory clocks never pause (B13);
a breached clock is never blocked (A21).
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.functional import lazy

from hsb.core import settings_in_force
from hsb.core.borough_words import said
from hsb.core.calendar import add_working_days

# Whose day people agree each time: their limit is nobody's default, and no setting.
AGREED = {
    "action",
    "hold_mapping",
    "hold_meeting",
    "hold_panel",
    "immediate_action",
    "intel_form",
    "plan_review",
    "publish_agenda",
    "review_at_18",
    "review_marker",
    "review_meeting",
    "sift_deferred",
}
STATUTORY, LOCAL = "statutory guidance", "local standard"
WD, DAYS = "working days", "days"


@dataclass(frozen=True)
class Timescale:
    code: str
    title: str  # what somebody has to do, as it reads in "My tasks"
    limit: int
    unit: str
    status: str
    source: str  # the rule it comes from

    def due_on(self, start):
        """The last day in time, for a clock that starts on the day `start`."""
        if self.unit == WD:
            return add_working_days(start, self.limit) if self.limit else start
        return start + timedelta(days=self.limit)

    @property
    def is_setting(self):
        """A local standard is the borough's to set; what statutory guidance says is not (A20)."""
        return self.status == LOCAL and self.code not in AGREED

    @property
    def key(self):
        return f"timescale_{self.code}"

    @property
    def in_words(self):
        if self.limit == 0:
            return "the same day"
        return f"within {self.limit} {self.unit if self.limit != 1 else self.unit[:-1]}"


ALL = {
    t.code: t
    for t in (
        Timescale(
            "assess",
            "Complete the HSB risk assessment",
            1,
            WD,
            LOCAL,
            "Referral decision within 1 working day",
        ),
        Timescale(
            "assess_safety",
            "Complete the safety and support page",
            1,
            WD,
            LOCAL,
            "as the HSB risk assessment",
        ),
        Timescale(
            "decide",
            "Decide and allocate",
            1,
            WD,
            STATUTORY,
            "Working Together: referral decision",
        ),
        Timescale(
            "tell_referrer",
            "Tell the referrer what was decided",
            1,
            WD,
            STATUTORY,
            "Working Together; B21",
        ),
        Timescale(
            "name_worker",
            "Name a worker",
            1,
            WD,
            LOCAL,
            "Allocation, practice.md section 11",
        ),
        Timescale(
            "start_work",
            "Start work with the child",
            1,
            WD,
            LOCAL,
            "Allocation, practice.md section 11",
        ),
        Timescale(
            "police_referral",
            said("Send {form} to the police"),
            0,
            WD,
            LOCAL,
            "practice.md section 3: same day",
        ),
        Timescale("draft_police_referral", said("Draft {form} again"), 0, WD, LOCAL, "as Form 87A: same day"),
        Timescale(
            "excuse_police_referral",
            said("Record why {form} is not sent again"),
            0,
            WD,
            LOCAL,
            "as Form 87A: same day",
        ),
        Timescale("approve_police_referral", said("Approve {form}"), 0, WD, LOCAL, "as Form 87A: same day"),
        Timescale(
            "write_supplement",
            said("Tell the police of an added child: supplement to {form}"),
            0,
            WD,
            LOCAL,
            "as Form 87A: same day",
        ),
        Timescale("send_supplement", said("Send the supplement to {form}"), 0, WD, LOCAL, "as Form 87A: same day"),
        Timescale(
            "police_acknowledgement",
            said("Hear from the police about {form}"),
            1,
            WD,
            LOCAL,
            "practice.md section 9: unacknowledged after 1 working day",
        ),
        Timescale(
            "meeting_decision",
            "Decide on the strategy meeting",
            0,
            WD,
            LOCAL,
            "practice.md A20: same day",
        ),
        Timescale(
            "protection",
            "Follow up the immediate protection",
            0,
            WD,
            STATUTORY,
            "practice.md section 3",
        ),
        Timescale("new_concern", "Look at a new concern about the child", 1, WD, LOCAL, "B22"),
        Timescale("reassess", "Decide on the reassessment", 1, WD, LOCAL, "B17"),
        Timescale("answer_offer", "Answer the request to step up or down", 1, WD, LOCAL, "B23"),
        Timescale(
            "borough_transfer", "Hear from the other borough", 5, WD, LOCAL, "B23: until then the child stays here"
        ),
        Timescale("close", "Decide on closing", 5, WD, LOCAL, "B23"),
        Timescale(
            "review_break_glass",
            "Review the opening of this record in an emergency",
            1,
            WD,
            LOCAL,
            "practice.md section 9: a manager signs it off",
        ),
        Timescale("answer_access", "Answer somebody who asks for access", 1, WD, LOCAL, "a manager answers"),
        Timescale("schedule_meeting", "Plan the strategy meeting", 0, WD, LOCAL, "practice.md A20: same day"),
        Timescale("meeting_facts", "Look at new facts before the strategy meeting", 0, WD, LOCAL, "B9: same day"),
        Timescale("hold_meeting", "Hold the strategy meeting", 3, WD, LOCAL, "practice.md section 3: 3 working days"),
        Timescale("issue_decisions", "Issue the decisions of the meeting", 1, WD, LOCAL, "B10: 1 working day"),
        Timescale("write_minutes", "Write the minutes", 5, WD, LOCAL, "B10: 5 working days"),
        Timescale("approve_minutes", "Confirm the minutes", 5, WD, LOCAL, "B10: within the 5 working days"),
        Timescale("circulate_minutes", "Circulate the minutes", 5, WD, LOCAL, "B10: 5 working days"),
        Timescale("close_meeting", "Close the strategy meeting", 10, WD, LOCAL, "B10: after circulation"),
        Timescale("decide_amendment", "Decide on an amendment of the minutes", 5, WD, LOCAL, "B10: a second person"),
        Timescale("review_meeting", "Hold the review strategy meeting", 42, DAYS, LOCAL, "practice.md section 3"),
        Timescale(
            "immediate_action", "Take the immediate action that was agreed", 0, WD, LOCAL, "section 11: same day"
        ),
        Timescale("confirm_nfa", "Decide on no further action", 1, WD, LOCAL, "B10"),
        Timescale("intel_form", "Complete the intel form", 5, WD, LOCAL, "B12: by the day that was agreed"),
        Timescale("sift_intel", "Sift an intel form", 5, WD, LOCAL, "B12"),
        Timescale("sift_deferred", "Look again at a deferred intel form", 20, WD, LOCAL, "B12"),
        Timescale("intel_again", "Complete an intel form that came back with advice", 5, WD, LOCAL, "B12"),
        Timescale("read_intel_answer", "Read what the panel answered", 5, WD, LOCAL, "the referrer is told"),
        Timescale(
            "hold_mapping", "Hold the mapping meeting", 5, WD, LOCAL, "practice.md A18: on the day that was agreed"
        ),
        Timescale("complete_map", "Complete the map, and close its meeting", 5, WD, LOCAL, "practice.md A18"),
        Timescale("publish_agenda", "Publish the panel's agenda", 5, WD, LOCAL, "section 3: 5 working days before it"),
        Timescale("circulate_agenda", "Send the panel's agenda round", 1, WD, LOCAL, "A16: as soon as it is published"),
        Timescale("hold_panel", "Hold the panel", 20, WD, LOCAL, "on the day that is planned"),
        Timescale(
            "issue_panel_actions", "Issue the panel's actions", 5, WD, LOCAL, "section 3: 5 working days after it"
        ),
        Timescale(
            "circulate_panel_minutes",
            "Send the panel's minutes round",
            5,
            WD,
            LOCAL,
            "section 3: 5 working days after it",
        ),
        Timescale("read_note", "A note asks for your attention", 1, WD, LOCAL, "whoever wrote it asked by name"),
        Timescale("confirm_marker", "Confirm that you agreed to a marker", 1, WD, LOCAL, "A8: a manager agrees to it"),
        Timescale("review_marker", "Review a marker", 60, WD, LOCAL, "A8: by the day that was agreed"),
        Timescale("read_both", "Read both concerns: the child has different parts in them", 5, WD, LOCAL, "A7"),
        Timescale("rate_again", "Rate the risk again: category 0 more than once", 5, WD, LOCAL, "section 11"),
        Timescale(
            "plan_at_18", "Plan what follows when the young person turns 18", 20, WD, LOCAL, "B20: at 17 and a half"
        ),
        Timescale("review_at_18", "Look again at what follows at 18", 60, WD, LOCAL, "B20: by the day that was agreed"),
        Timescale("decide_at_18", "Decide: the young person is 18", 10, WD, LOCAL, "B20: at 18 a decision"),
        Timescale("close_at_18", "Propose closing: the young person is 18", 5, WD, LOCAL, "B20: as was decided"),
        Timescale("action", "Do what was agreed", 10, WD, LOCAL, "A11: by the day that was agreed"),
        Timescale(
            "section_47",
            "Report on the section 47 enquiry",
            15,
            WD,
            STATUTORY,
            "Working Together; A19: conference within 15 working days of the discussion that initiated it",
        ),
        Timescale("conclude_section_47", "Conclude the section 47 enquiry", 15, WD, STATUTORY, "A19: by the same day"),
        Timescale("conference", "Hold the initial child protection conference", 15, WD, STATUTORY, "A19"),
        Timescale(
            "early_help_assessment",
            "Complete the Early Help assessment",
            10,
            WD,
            LOCAL,
            "section 3: 10 working days",
        ),
        Timescale(
            "early_help_review",
            "Review the Early Help plan",
            42,
            DAYS,
            LOCAL,
            "practice.md section 3",
        ),
        Timescale(
            "decide_help",
            "Decide again: Early Help was refused or the agreement withdrawn",
            1,
            WD,
            LOCAL,
            "A22, B5: Early Help rests on agreement",
        ),
        Timescale("write_plan", "Write the plan, and pass it to a manager", 15, WD, LOCAL, "section 3: plan shared"),
        Timescale("agree_plan", "Agree to the plan", 5, WD, LOCAL, "as closing: a manager of the team"),
        Timescale("plan_review", "Review the plan", 42, DAYS, LOCAL, "section 3: by the day that was agreed"),
        Timescale(
            "family_assessment",
            "Complete the Child and Family assessment",
            45,
            WD,
            STATUTORY,
            "section 3",
        ),
    )
}


def _longest(each):
    """The longest limit that a borough may set: what is to be done the same day never waits for more than a week."""
    if each.unit != WD:
        return 365
    return 5 if each.limit == 0 else 60


for _each in ALL.values():
    if _each.is_setting:
        settings_in_force.declare(
            _each.key,
            settings_in_force.Declared(
                _each.limit,
                _each.title,
                "Within how long; 0 is the same day. What is open keeps its day",
                _each.unit,
                0,
                _longest(_each),
                settings_in_force.TIMESCALES,
            ),
        )


def timescale(code):
    """The timescale of that code, with the limit in force today. Raises KeyError where there is none."""
    known = ALL[code]
    return replace(known, limit=settings_in_force.value(known.key)) if known.is_setting else known


def _within(template, code):
    return template.replace("{soon}", timescale(code).in_words)


# "A manager answers {soon}." with the timescale in force when it is read, not when the module is loaded.
within = lazy(_within, str)


def same_day():
    """The codes of what is to be done on the day it is asked for."""
    return [code for code in ALL if timescale(code).limit == 0]
