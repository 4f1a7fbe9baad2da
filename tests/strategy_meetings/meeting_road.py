"""The road of a strategy meeting, walked through the services: a meeting in the state that a test begins with."""

from datetime import timedelta
from uuid import uuid4

from hsb.core import clock
from referrals.services import deciding, intake, meetings
from strategy_meetings.models import ChildConsidered, StrategyMeeting
from strategy_meetings.services import minutes, papers, planning, sitting
from tests.referrals import case_road
from tests.remembered import remembered

# Who displayed (twice) and who was harmed.
CHILDREN = (("Robin", "Sample", "displayed"), ("Ash", "Made-Up", "displayed"), ("Sky", "Other", "harmed"))
AGREED = {
    "child_invited": "no",
    "child_invited_reason": "The police ask for it.",
    "family_invited": "yes",
    "outcome_reason": "What was weighed.",
    "intel": "not_appropriate",
    "intel_reason": "Nothing beyond the two families.",
}


def logged(author, children=CHILDREN):
    """The referrals of a concern with these children, just received."""
    people = [
        intake.Newcomer(details={"given_name": given, "family_name": family}, roles=(role,))
        for given, family, role in children
    ]
    return intake.log_concern(
        author=author,
        once=uuid4(),
        people=people,
        what_was_reported="Something was reported at school.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    ).opened


@remembered
def allocated(author, manager, team, worker=None):
    """The three children with a statutory team; the two who displayed in category 2 and 1."""
    robin, ash, sky = logged(author)
    case_road.assess_displayed(robin, author, "2")
    case_road.assess_displayed(ash, author, "1")
    case_road.assess_harmed(sky, author, 3)
    for referral in (robin, ash, sky):
        deciding.allocate(
            referral.reference,
            actor=manager,
            destination=deciding.Destination(
                team=team, worker=worker, reason="Social work is needed.", same_worker_reason="One worker for now."
            ),
        )
    return [case_road.again(referral) for referral in (robin, ash, sky)]


@remembered
def convened(referral, manager):
    """A social work manager decided that a meeting is held; a further one, where one was. Returns the decision."""
    latest = referral.meeting_decisions.last()
    if latest is None or latest.state == "concluded":
        meetings.request_meeting(referral.reference, actor=manager, grounds="There is reasonable cause.")
    decision = referral.meeting_decisions.last()
    return meetings.decide_meeting(decision.reference, actor=manager, convene=True)


@remembered
def planned(decision, chair, minute_taker=None, **fields):
    return planning.plan(
        decision.reference,
        actor=chair,
        once=fields.pop("once", uuid4()),
        concern=decision.referral.involvements.first().concern,
        planned_on=fields.pop("planned_on", clock.today()),
        chair=chair,
        minute_taker=minute_taker,
        **fields,
    )


def seated(meeting, chair, *, without=()):
    """Somebody came for each seat but those `without`."""
    for seat in meeting.seats.all():
        empty = seat.role in without
        sitting.save_seat(
            meeting.reference,
            actor=chair,
            number=seat.number,
            role=seat.role,
            name="" if empty else "Somebody of that service",
            state="empty" if empty else "filled",
        )


@remembered
def held(meeting, chair, **fields):
    seated(meeting, chair)
    return sitting.hold(meeting.reference, actor=chair, held_on=clock.today(), **fields)


def agreed(meeting, number, writer, **answers):
    """Everything that is agreed for a child; an action unless there is no further action."""
    child = meeting.children.get(number=number)
    usual = dict(AGREED)
    if child.has_category:
        usual |= {"category": "2", "category_reason": "As assessed."}
    sitting.save_child(meeting.reference, number, actor=writer, answers=usual | answers)
    if not answers.get("nfa"):
        sitting.agree_action(
            meeting.reference,
            number,
            actor=writer,
            once=uuid4(),
            what="A safety plan at school.",
            agency="Education",
            owner_name="The designated lead",
            due_on=clock.today() + timedelta(days=7),
        )


@remembered
def issued(meeting, chair, outcomes):
    """Held, agreed and issued; `outcomes` gives for each child's number what is agreed beside the usual."""
    held(meeting, chair)
    for number, answers in outcomes.items():
        agreed(meeting, number, chair, **answers)
    return sitting.issue_decisions(meeting.reference, actor=chair)


@remembered
def circulated(meeting, writer, chair):
    minutes.write_minutes(meeting.reference, actor=writer, shared="Who was there and what was shared.")
    minutes.submit_minutes(meeting.reference, actor=writer)
    minutes.approve_minutes(meeting.reference, actor=chair)
    sent_out(meeting, writer)
    return minutes.circulate(meeting.reference, actor=writer)


def sent_out(meeting, writer):
    """A copy about each child is made, and went out by hand."""
    for number in meeting.children_in().values_list("number", flat=True):
        document = papers.make_paper(
            meeting.reference, actor=writer, once=uuid4(), kind="copy", number=number, recipient="The school"
        )
        papers.record_fate(meeting.reference, document.number, actor=writer, on=clock.today(), how="by_hand")


def take_in_without_referral(meeting, author):
    """A child of another borough is in the meeting, without a referral of ours. Returns the ChildConsidered."""
    person = logged(author, CHILDREN[1:2])[0].person
    child = ChildConsidered(meeting=meeting, number=meeting.children.count() + 1, person=person, side="displayed")
    child.save()
    return child


def again(meeting):
    return StrategyMeeting.at(meeting.reference).get()
