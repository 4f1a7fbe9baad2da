"""Which stories a simulated borough tells, and how often each: the mix of practice.md, section 10.

Of the concerns 30, 40, 25 and 5 of a hundred are of category 0, 1, 2 and 3; three in five are about two children, a
quarter about one, the others about more. The weights are relative, those of ended stories and of running ones apart.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hsb.core.models import Action, Task
from hsb.overview.demo.meetings import MeetingStory, conclude_section_47, convened
from hsb.overview.demo.panel import PanelStory, at_work, location
from hsb.overview.demo.stories import other_than
from referrals.models import Referral
from referrals.services import agreed, assessing, deciding, intake
from referrals.states import ClosedAs, InvolvementRole

DISPLAYED, HARMED = InvolvementRole.DISPLAYED, InvolvementRole.HARMED
WEEKS_BACK = 520  # an ended story began up to so many weeks earlier than it was walked


@dataclass(frozen=True)
class Kind:
    """One story. `weight`: how often it is told, beside the others of its sort; `weeks`: by how many weeks a telling
    is moved back, most often by none where it still runs."""

    name: str
    weight: int
    walk: Callable
    ended: bool
    weeks: int


def kinds():
    """Every story, ended ones first."""
    return [Kind(walk.__name__, weight, walk, True, WEEKS_BACK) for walk, weight in ENDED] + [
        Kind(walk.__name__, weight, walk, False, weeks) for walk, weight, weeks in RUNNING
    ]


# --- What has ended ----------------------------------------------------------------------------------------------


def expected_at_this_age(story, borough):
    told = story(days_ago=40).log("N").pause().assess().look_after(tier=1).pause(1)
    told.not_hsb(others=[told.harmed])


def expected_of_one(story, borough):
    told = story(days_ago=38).log("N", people=_one(borough)).pause().assess().pause(1)
    told.not_hsb()


def answered_by_school(story, borough):
    _advised(story(days_ago=43), ClosedAs.SCHOOL)


def no_service_needed(story, borough):
    _advised(story(days_ago=41), ClosedAs.NO_SERVICE)


def no_service_for_one(story, borough):
    told = story(days_ago=44).log("0", people=_one(borough)).pause().assess().pause(1)
    told.advise(told.displayed)


def family_refused(story, borough):
    _advised(story(days_ago=45), ClosedAs.AGREEMENT_REFUSED)


def early_help_ended(story, borough):
    done = story(days_ago=60).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
    done.advise(done.harmed).pause(1).start(worker="earlyhelp")
    done.pause(8).assess_help("earlyhelp").pause(16).reassess("0", "earlyhelp")
    done.approve_reassessment("ehmanager").pause(1).propose_closing("earlyhelp").pause(2).close("ehmanager")


def social_work_ended(story, borough):
    done = story(days_ago=90, author="practitioner").log("1").pause().assess().look_after(tier=2).pause(1)
    done.advise(done.harmed).to_statutory().pause(1).start().decide_meeting(convene=False)
    _rated_again_and_closed(done.pause(50), "0")


def social_work_with_one(story, borough):
    done = story(days_ago=92, author="practitioner").log("1", people=_one(borough)).pause().assess().pause(1)
    done.to_statutory().pause(1).start().decide_meeting(convene=False)
    _rated_again_and_closed(done.pause(45))


def social_work_with_both(story, borough):
    done = story(days_ago=95, author="practitioner").log("1").pause().assess().look_after().pause(1)
    done.to_statutory().to_statutory(done.harmed, worker="practitioner").pause(1).start()
    done.decide_meeting(convene=False)
    _rated_again_and_closed(done.pause(45))
    _close_harmed(done)


def stepped_down_and_ended(story, borough):
    down = story(days_ago=110, author="practitioner").log("1").pause().assess().look_after(tier=2).pause(1)
    down.advise(down.harmed).to_statutory().pause(1).start().decide_meeting(convene=False).pause(30).ask_step_down()
    down.pause(1).accept("ehmanager", worker="earlyhelp").pause(1).start(worker="earlyhelp")
    down.pause(8).assess_help("earlyhelp").pause(12).reassess("0", "earlyhelp")
    down.approve_reassessment("ehmanager").propose_closing("earlyhelp").pause(1).close("ehmanager")


def police_told_and_ended(story, borough):
    done = story(days_ago=100, author="practitioner").log("2", crime_suspected=True).call_police().protect()
    done.assess().look_after().send_87a().acknowledge_87a().pause(1)
    done.to_statutory().to_statutory(done.harmed, worker="practitioner").pause(1).start()
    done.decide_meeting(convene=False).follow_up("practitioner")
    _rated_again_and_closed(done.pause(45))
    _close_harmed(done)


def network_met_and_ended(story, borough):
    _met(story(days_ago=120, author="practitioner"), borough, harmed=1)


def network_of_three_met(story, borough):
    _met(story(days_ago=125, author="practitioner"), borough, harmed=2)


def came_back(story, borough):
    """An ended episode, and the next one of the same child, which ended too."""
    again = story(days_ago=150).log("1").pause().assess().look_after(tier=2).pause(1)
    again.advise(again.harmed).to_statutory().pause(1).start().decide_meeting(convene=False)
    _rated_again_and_closed(again.pause(40))


def _advised(told, closed_as):
    told.log("0").pause().assess().look_after(tier=2).pause(1)
    told.advise(told.displayed, closed_as).advise(told.harmed)


def _rated_again_and_closed(done, category="1"):
    done.reassess(category, "practitioner2").approve_reassessment("manager").decide_meeting(convene=False)
    done.propose_closing("practitioner2").pause(1).close("manager")


def _close_harmed(done):
    """What the other child needs is rated again too; then its worker proposes, and the manager closes."""
    worker = done.users["practitioner"]
    again = done._do(assessing.begin_reassessment, done.harmed, actor=worker)
    done._safety_pages(again, worker)
    done._page(again, worker, "threshold", tier=2, rationale="Safe, and well supported by school.")
    done._do(assessing.submit, again.reference, actor=worker)
    done._do(deciding.decide_reassessment, done.harmed, actor=done.users["manager"], approve=True)
    done.propose_closing("practitioner", done.harmed).close("manager", done.harmed)


def _met(case, borough, *, harmed):
    """Police, a meeting of the network, an enquiry, and the end of it for each child; so many children were harmed."""
    case.log("2", people=_several(borough, harmed), crime_suspected=True).call_police().assess()
    others = [each.reference for each in case.logged.opened if each.reference != case.displayed]
    _for_each(case, others, lambda: case.look_after())
    case.send_87a().acknowledge_87a().to_statutory()
    _for_each(case, others, lambda: case.to_statutory(case.harmed, worker="practitioner"))
    case.pause(1)
    _for_each(case, others, lambda: case.start().decide_meeting(convene=True))
    meeting = MeetingStory(case).invite()
    case.pause(1)
    moved = {"immediate_action": True, "immediate_what": "The children are in different classes from today."}
    meeting.hold().agree({"displayed": {"section_47": True}, "harmed": moved}).issue()
    case.pause(3)
    meeting.write_up("submit_minutes", "approve_minutes", "circulate", "close_meeting")
    conclude_section_47(case)
    for reference in (case.displayed, *others):
        _do_what_was_agreed(case, reference)
    _rated_again_and_closed(case.pause(20))
    _for_each(case, others, lambda: _close_harmed(case))


def _several(borough, harmed):
    parts = (DISPLAYED, *[HARMED] * harmed)
    return [intake.Newcomer(details=borough.child(), roles=(part,), relationship="Same school") for part in parts]


def _for_each(case, harmed, deed):
    """Does it for each of the children who were harmed, the first one last: it is the story's own again."""
    for reference in reversed(harmed):
        case.harmed = reference
        deed()


def _do_what_was_agreed(case, reference):
    worker = Referral.at(reference).get().worker
    done = {"actor": worker, "done_on": case.day, "outcome": "Done, and it helps."}
    for action in Action.objects.open().filter(record__reference=reference).select_related("source"):
        told = {"source": action.source.reference, "number": action.number}
        case._do(agreed.finish_action, reference, **told, **done)
    for task in Task.objects.open().filter(record__reference=reference, kind="immediate_action"):
        case._do(agreed.take_immediate_action, reference, about=task.about, **done)


# --- What still runs ---------------------------------------------------------------------------------------------


def just_logged(story, borough):
    story(days_ago=1, author="practitioner").log("1")


def just_logged_at_the_front_door(story, borough):
    story(days_ago=2).log("0")


def being_assessed(story, borough):
    begun = story(days_ago=3, author="practitioner").log("2", crime_suspected=True).call_police()
    begun.pause().begin(begun.displayed)


def waiting_for_early_help(story, borough):
    story(days_ago=2).log("0").pause().assess().look_after(tier=2)


def waiting_for_a_manager(story, borough):
    story(days_ago=1, author="practitioner").log("1").pause().assess().look_after()


def waiting_with_form_87a(story, borough):
    waits = story(days_ago=1, author="practitioner").log("2", crime_suspected=True).call_police().protect()
    waits.assess().look_after().draft_87a()


def returned_to_its_worker(story, borough):
    story(days_ago=2, author="practitioner").log("1").pause(1).assess().look_after().pause(hours=2).return_it()


def early_help_works(story, borough):
    for days_ago in (12, 28):
        helped = story(days_ago=days_ago).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
        helped.advise(helped.harmed).pause(1).start(worker="earlyhelp")


def early_help_has_no_worker(story, borough):
    waiting = story(days_ago=2).log("0").pause().assess().look_after(tier=2).to_early_help(worker=None)
    waiting.to_early_help(waiting.harmed, worker=None)


def asked_to_step_up(story, borough):
    asked = story(days_ago=25).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
    asked.advise(asked.harmed).pause(1).start(worker="earlyhelp").pause(22).ask_step_up()


def social_work_works(story, borough):
    for days_ago, worker in ((6, "practitioner2"), (28, "practitioner")):
        case = story(days_ago=days_ago, author="practitioner").log("1").pause().assess().look_after().pause(1)
        case.to_statutory(worker=worker).to_statutory(case.harmed, worker=other_than(worker)).pause(1)
        case.start(worker=worker).decide_meeting(convene=False)


def social_work_has_no_worker(story, borough):
    waiting = story(days_ago=2).log("1").pause().assess().look_after().pause(1)
    waiting.to_statutory(worker=None).to_statutory(waiting.harmed, worker=None)


def police_were_told(story, borough):
    case = story(days_ago=19, author="practitioner").log("2", crime_suspected=True).call_police().protect()
    case.assess().look_after().send_87a().acknowledge_87a().pause(1)
    case.to_statutory().to_statutory(case.harmed, worker="practitioner").pause(1).start()
    case.decide_meeting(convene=True).follow_up("practitioner")


def police_refused_the_form(story, borough):
    case = story(days_ago=4, author="practitioner").log("2", crime_suspected=True).call_police().protect()
    case.assess().look_after().send_87a().refuse_87a().pause(1)
    case.to_statutory().to_statutory(case.harmed, worker="practitioner").pause(1).start()


def network_meets_soon(story, borough):
    case = convened(story(days_ago=4, author="practitioner"), borough)
    MeetingStory(case, days_on=3).invite()


def network_met(story, borough):
    case = convened(story(days_ago=9, author="practitioner"), borough)
    meeting = MeetingStory(case).invite()
    case.pause(1)
    meeting.hold().agree({"displayed": {"section_47": True, **meeting.needs_intel()}}).issue()
    meeting.write_up("submit_minutes")


def closing_is_proposed(story, borough):
    done = story(days_ago=40).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
    done.advise(done.harmed).pause(1).start(worker="earlyhelp").pause(8).assess_help("earlyhelp")
    done.pause(16).reassess("0", "earlyhelp").approve_reassessment("ehmanager").pause(1).propose_closing("earlyhelp")


def restricted(story, borough):
    private = story(days_ago=8, author="practitioner").log("2", crime_suspected=True).call_police().assess()
    private.look_after().send_87a().restrict().pause(1).to_statutory()
    private.to_statutory(private.harmed, worker="practitioner").pause(1).start().decide_meeting(convene=True)


def opened_again(story, borough):
    again = story(days_ago=100).log("1").pause().assess().look_after(tier=2).pause(1)
    again.advise(again.harmed).to_statutory().pause(1).start().decide_meeting(convene=False)
    _rated_again_and_closed(again.pause(50))
    again.pause(45).reopen("practitioner2")


def told_to_the_panel(story, borough):
    collects = PanelStory(at_work(story(days_ago=5, author="practitioner")))
    collects.accept(location("Lantern Park"))


def waits_to_be_sifted(story, borough):
    PanelStory(at_work(story(days_ago=5, author="practitioner"))).form(location("The boating lake"))


def _one(borough):
    """A quarter of all concerns: no identified child was harmed."""
    return [intake.Newcomer(details=borough.child(), roles=(DISPLAYED,))]


# Each with its weight. Of a hundred ended concerns about 5 are expected at this age, 30 of category 0, 40 of category
# 1, 25 of categories 2 and 3.
ENDED = (
    (expected_at_this_age, 3),
    (expected_of_one, 2),
    (answered_by_school, 7),
    (no_service_needed, 5),
    (no_service_for_one, 6),
    (family_refused, 2),
    (early_help_ended, 10),
    (social_work_ended, 12),
    (social_work_with_one, 12),
    (social_work_with_both, 6),
    (stepped_down_and_ended, 6),
    (came_back, 2),
    (police_told_and_ended, 15),
    (network_met_and_ended, 8),
    (network_of_three_met, 4),
)
# ... and by how many weeks at most it is moved back: what waits for a manager does not wait for months.
RUNNING = (
    (just_logged, 3, 1),
    (just_logged_at_the_front_door, 3, 1),
    (being_assessed, 4, 1),
    (waiting_for_early_help, 3, 1),
    (waiting_for_a_manager, 4, 1),
    (waiting_with_form_87a, 3, 1),
    (returned_to_its_worker, 2, 1),
    (early_help_works, 16, 8),
    (early_help_has_no_worker, 3, 2),
    (asked_to_step_up, 3, 1),
    (social_work_works, 24, 8),
    (social_work_has_no_worker, 4, 1),
    (police_were_told, 14, 8),
    (police_refused_the_form, 2, 1),
    (network_meets_soon, 3, 1),
    (network_met, 3, 2),
    (closing_is_proposed, 4, 2),
    (restricted, 1, 6),
    (opened_again, 2, 4),
    (told_to_the_panel, 1, 3),
    (waits_to_be_sifted, 1, 1),
)
