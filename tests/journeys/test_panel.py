"""A park and a group in three cases: a mapping meeting, three intel forms, the sift, the agenda, the panel, and what it
agreed on the children's records; a fourth form is declined, and its referrer reads why."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from hsb.core import clock, outbox, reminders, words
from hsb.core.calendar import add_working_days
from hsb.core.models import Action, Task
from panels.models import AgendaItem, Panel
from referrals.services import deciding, intake, working
from strategy_meetings.models import IntelForm
from strategy_meetings.services import sitting
from tests.journeys import steps
from tests.referrals import case_road
from tests.strategy_meetings import meeting_road

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]
PARK, GROUP = "Lantern Park", "The bandstand group"
# What only the police may read: on no child's record, in no message, in no paper of the others.
POLICE_WORDS = "a grey van by the eastern gate on three evenings"
WORDING = "A trusted adult walks home with the child on Fridays."


# --- Three cases, as the earlier journeys leave them ---


def case(people, given, family, *, category="1"):
    """A referral at work with Bea; what was reported happened in the park."""
    author, manager, worker = people["practitioner"], people["manager"], people["practitioner2"]
    newcomer = intake.Newcomer(details={"given_name": given, "family_name": family}, roles=("displayed",))
    referral = intake.log_concern(
        author=author,
        once=uuid4(),
        people=[newcomer],
        what_was_reported="Something was reported from the park.",
        source="2A",
        reported_on=clock.today(),
        place_kind="park",
        place_name=PARK,
        protection_needed="no",
    ).opened[0]
    case_road.assess_displayed(referral, author, category)
    team = worker.memberships.get().team
    destination = deciding.Destination(
        team=team, worker=worker, reason="Social work.", same_worker_reason="One worker for the park."
    )
    deciding.allocate(referral.reference, actor=manager, destination=destination)
    working.start_work(referral.reference, actor=worker, started_on=clock.today())
    return case_road.again(referral)


def discussed(people, referral):
    """A strategy meeting about the child was held, and asks its minute taker for an intel form."""
    chair, taker = people["chair"], people["minutes"]
    meeting = meeting_road.planned(meeting_road.convened(referral, people["manager"]), chair, taker)
    meeting_road.held(meeting, chair)
    needed = {
        "intel": "needed",
        "intel_reason": "",
        "intel_by": taker,
        "intel_due_on": add_working_days(clock.today(), 3),
    }
    meeting_road.agreed(
        meeting, 1, chair, nfa=False, review=False, immediate_action=True, immediate_what="Walk home.", **needed
    )
    sitting.issue_decisions(meeting.reference, actor=chair)
    return meeting


# --- Mapping ----------------------------------------------------------------------------------------------------------


def map_the_group(manager, children):
    """Called, filled, held; nobody is on the map without an action. Returns its address."""
    manager.go("/mapping/")
    manager.press("Call a mapping meeting")
    manager.fill(
        focus="group",
        group=GROUP,
        purpose="Several children are seen there after school.",
        question="Who meets there, and which adult is near?",
        planned_on=steps.today(),
    )
    manager.press("Call the meeting")
    meeting = re.search(r"/mapping/[^/]+/", manager.path).group()
    for child in children:
        manager.press("Add a person")
        manager.fill(words=child.person.known_as)
        manager.press("Search")
        manager.follow(f"Put on the map.*{child.person.known_as}", role="button")
    manager.press("Add a place")
    manager.fill(kind="park", name=PARK)
    manager.press("Put on the map")
    for child in children:
        link(manager, child.person.known_as, "goes to", PARK)
    link(manager, children[0].person.known_as, "is a member of", GROUP)
    manager.press("Record that it was held")
    manager.fill(attended="Social work, the youth service, two schools.")
    manager.press("Record that it was held")
    return meeting


def link(manager, one, kind, other):
    manager.press("Add a link")
    for name, label in (("one", one), ("kind", kind), ("other", other)):
        manager.choose_by_words(name, label)
    manager.fill(said_by="A youth worker", said_on=steps.today(), basis="reported", reliability="likely")
    manager.press("Add the link")


def agree_for_each(manager, meeting, children):
    """It does not close with a name that nothing is agreed for."""
    manager.go(f"{meeting}close/")
    manager.reads("neither an action nor a reason for none")
    manager.go(meeting)
    for child in children[:2]:
        manager.follow(f"Add an action.*{child.person.known_as}")
        manager.fill(what="A youth worker meets the child each week.", agency="Youth service")
        manager.fill(owner_name="The lead", due_on=steps.today())
        manager.press("Add the action")
    manager.follow(f"No action.*{children[2].person.known_as}")
    manager.fill(reason="Is not seen there any more, and has an adult at school.")
    manager.press("Save")


# --- The intel form ---------------------------------------------------------------------------------------------------


def complete(writer):
    """Why the panel should look at it; then it is submitted. Returns its reference."""
    reference = re.search(r"INT-\d{4}-\d{5}", writer.path).group()
    writer.go(f"/intel/{reference}/why/")
    writer.fill(criteria=["pattern", "location"], why="The same park in three cases.", asked="A joint look at it.")
    writer.press("Save")
    writer.go(f"/intel/{reference}/submit/")
    writer.press("Submit it to the panel")
    return reference


def add_police_only(writer):
    writer.press("Add a location")
    writer.fill(place_kind="park", name=PARK, text=f"There was {POLICE_WORDS}.", said_by="The allocated officer")
    writer.fill(reliability="likely", handling=["police_only"])
    writer.press("Add it")


# --- The panel --------------------------------------------------------------------------------------------------------


def sift(coordinator, form, decision="accept", reason="No single service can answer it."):
    """Proposed, then decided by two who are named: one of ours, one of the police."""
    coordinator.go("/panel/")
    coordinator.press(form)
    coordinator.press("Propose what becomes of it")
    without = {"without_meeting_reason": "The park cannot wait for a meeting."}
    warns = decision == "accept" and coordinator.main.locator("[name=without_meeting_reason]").count()
    coordinator.fill(proposal=decision, reason="What the facts say.", **(without if warns else {}))
    coordinator.press("Save the proposal")
    coordinator.press("Record what was decided")
    coordinator.fill(reason=reason, authority_user="ehmanager@example.org")
    coordinator.fill(police_name="Sergeant Example", police_agency="Borough police")
    coordinator.press("Record the decision")


def plan(coordinator):
    coordinator.go("/panel/")
    coordinator.press("Plan a panel")
    day = add_working_days(clock.today(), 10)
    coordinator.fill(planned_on=(day.day, day.month, day.year), place="Civic offices")
    coordinator.press("Plan the panel")
    coordinator.press("Begin to collect forms")
    coordinator.press("Begin to collect forms")
    return re.search(r"/panel/[^/]+/", coordinator.path).group()


def send_round(coordinator, button, **more):
    """What comes next on the panel's page: nobody there has an account, and somebody says why they are not told."""
    coordinator.press(button)
    coordinator.fill(reason="The services name somebody on the day, and get it by secure mail then.", **more)
    coordinator.press(button)
    coordinator.reads("Told with this round: nobody new.")


def hold(coordinator, panel):
    """On its day."""
    Panel.objects.filter(record__reference=reference_of(panel)).update(planned_on=clock.today())
    coordinator.go(f"{panel}hold/")
    for number in range(1, 6):
        coordinator.fill(**{f"state_{number}": "filled"})
        coordinator.fill(**{f"who_{number}": "Somebody of that service"})
    coordinator.press("Begin the panel")


def discuss(coordinator, panel, item, outcome="decided"):
    coordinator.go(f"{panel}items/{item.number}/")
    coordinator.press("Write what was said")
    coordinator.fill(discussion="What each service knows was put together.", outcome=outcome)
    coordinator.press("Save")


def act(coordinator, words, wording, agency="Youth service"):
    coordinator.press("Add an action")
    coordinator.fill(words=words, wording=wording, agency=agency, owner_name="The lead", due_on=steps.today())
    coordinator.press("Add the action")


def act_refused(coordinator, wording):
    act(coordinator, "What the panel says.", wording)
    coordinator.reads("is for the police only")


def reference_of(panel):
    return panel.strip("/").split("/")[-1]


def items(panel, section):
    of_panel = Panel.at(reference_of(panel)).get()
    found = AgendaItem.objects.filter(panel=of_panel, section=section, dropped_at__isnull=True)
    return list(found.order_by("position"))


def told(form, account):
    """What the reminder of the author's task says, the day before it is due: sent, and content-free."""
    task = Task.objects.open().get(record=form.record, kind="read_intel_answer")
    morning = timezone.localtime().replace(hour=9) + (task.due_on - clock.today())
    with clock.moved_to(morning):
        reminders.sweep()
        outbox.deliver()
    sent = [each for each in mail.outbox if each.to == [f"{account}@example.org"]]
    return [f"{each.subject} {each.body}" for each in sent]


def test_a_park_in_three_cases_comes_to_the_panel_and_back_to_the_children(actors, borough):
    clover = case(borough, "Clover", "Madeup", category="2")
    juniper = case(borough, "Juniper", "Pretend")
    wren = case(borough, "Wren", "Storybook")
    meeting = discussed(borough, clover)

    # A mapping meeting on the group; its intelligence becomes a form, its needs actions on the records.
    manager = actors("manager")
    mapping = map_the_group(manager, [juniper, wren, clover])
    agree_for_each(manager, mapping, [juniper, wren, clover])
    manager.go(f"{mapping}intel/")
    manager.press("Make the intel form")
    forms = [complete(manager)]
    manager.go(f"{mapping}close/")
    manager.press("Close the meeting")
    manager.reads("The map is frozen")

    # The strategy meeting's form, its child ticked; and one from a child's record.
    taker = actors("minutes")
    taker.go(f"/meetings/{meeting.reference}/intel/")
    taker.press("Begin the intel form")
    taker.reads("Clover Madeup")
    add_police_only(taker)
    forms.append(complete(taker))
    worker = actors("practitioner2")
    worker.go(f"/referrals/{juniper.reference}/intel/")
    worker.fill(criteria=["location"])
    worker.press("Begin the intel form")
    forms.append(complete(worker))
    worker.go(f"/referrals/{wren.reference}/intel/")
    worker.fill(criteria=["stuck"])
    worker.press("Begin the intel form")
    declined = complete(worker)

    # The sift: three are accepted, one is not for the panel, and its referrer reads why.
    coordinator = actors("coordinator")
    coordinator.finds_nothing(f"/referrals/{clover.reference}/")
    for form in forms:
        sift(coordinator, form)
    why = "One family, and a plan that holds: the team goes on with it."
    sift(coordinator, declined, "decline", why)
    messages = told(IntelForm.at(declined).get(), "practitioner2")
    assert any(declined in message for message in messages)
    assert all(word not in message for message in messages for word in ("Wren", "Storybook", "plan that holds"))
    worker.go("/messages/")
    worker.reads("Read what the panel answered")
    worker.go("/my-work/")
    worker.reads("Read what the panel answered")
    worker.follow_to(f"/intel/{declined}/answer/")
    worker.reads(why)
    worker.press("I have read the answer")

    # The agenda by subject: the park is one item with three sources.
    panel = plan(coordinator)
    coordinator.go(f"{panel}compile/")
    coordinator.press("Compile the agenda")
    (park,) = items(panel, "L")
    assert park.called == PARK
    assert park.forms == 3
    coordinator.reads("3 forms")
    coordinator.go(f"{panel}publish/")
    coordinator.press("Publish the agenda")
    send_round(coordinator, "Send the agenda round")

    # The sitting: nothing for the police only reaches a child's record.
    hold(coordinator, panel)
    children = {item.called: item for item in items(panel, "O")}
    assert sorted(children) == ["Clover Madeup", "Juniper Pretend", "Wren Storybook"]
    for item in children.values():
        discuss(coordinator, panel, item)
        act(coordinator, "Talk with the child about the eastern gate.", WORDING)
    act_refused(coordinator, f"Because of {POLICE_WORDS}.")
    discuss(coordinator, panel, park)
    act(coordinator, f"Because of {POLICE_WORDS}: walk the park.", "Walk the park.", "Safer neighbourhood team")
    (theme,) = items(panel, "T")
    discuss(coordinator, panel, theme, "carried")
    coordinator.go(f"{panel}issue-actions/")
    coordinator.press("Issue the actions")
    coordinator.press("Send the minutes round")
    boxes = coordinator.main.locator("[name=agencies]")
    codes = [boxes.nth(at).get_attribute("value") for at in range(boxes.count())]
    assert len(codes) == 2  # the youth service, and who walks the park
    coordinator.reads(WORDING)
    coordinator.fill(told=["1", "2", "3", "4", "5"], agencies=codes, told_how="by secure mail")
    coordinator.press("Send the minutes round")
    coordinator.reads("Told with this round: 5 seats.")
    coordinator.reads(f"Told on {words.day(clock.today())}, by secure mail")

    # On each child's record, in the wording for the record; done there.
    for referral in (clover, juniper, wren):
        worker.go(f"/referrals/{referral.reference}/")
        worker.reads(WORDING)
        assert "eastern gate" not in worker.main.inner_text()
    action = Action.objects.get(record=clover.record, source__reference=reference_of(panel))
    worker.go(f"/referrals/{clover.reference}/actions/{reference_of(panel)}/{action.number}/")
    worker.fill(done_on=steps.today(), outcome="The child chose a teacher.")
    worker.press("Save")
    worker.finds_nothing(panel)

    # Authors hear what came of a form of which everything is decided; the rest is counted on the next agenda.
    for form in forms[1:]:
        coordinator.go(f"{panel}feedback/{form}/")
        coordinator.reads("what the form said")
        coordinator.fill(feedback="The panel looked at the park: see the action on the child's record.")
        coordinator.press("Tell the author")
    coordinator.go(f"{panel}close/")
    coordinator.press("Close the panel")
    assert Panel.at(reference_of(panel)).get().state == "closed"
    following = plan(coordinator)
    coordinator.go(f"{following}compile/")
    coordinator.press("Compile the agenda")
    coordinator.reads("Carried over 1 time")
