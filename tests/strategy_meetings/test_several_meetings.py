"""A child in several meetings, or in none any more; what changes between planning and issuing; who was first."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.models import Action
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from hsb.people.states import Role
from referrals.models import PoliceReferral, Referral, Section47
from referrals.services import deciding, intake, meetings, persons, restricting
from strategy_meetings.guards import missing_agreements
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.services import amending, minutes, planning, sitting, telephone
from tests.pages import page
from tests.referrals import case_road, police_road
from tests.strategy_meetings import meeting_road as road
from tests.strategy_meetings.test_who_reads import planned_about, second_concern

pytestmark = pytest.mark.django_db
S47 = {"section_47": True}


@pytest.fixture(autouse=True)
def _a_tuesday_in_november(time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)


@pytest.fixture
def children(front_door, juniper, willow, amara, mo):
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def meeting(children, mo, cho, min):
    return road.planned(road.convened(children[0], mo), cho, min)


# --- Two meetings of one child --------------------------------------------------------------------------------------


def test_of_two_running_meetings_of_a_child_both_issue_and_the_last_concludes_the_decision(
    children, meeting, amara, mo, willow, cho, min
):
    concern, pip = second_concern(amara, mo, willow, children[0])
    second = planned_about(pip, concern, mo, cho, minute_taker=min)

    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})
    assert children[0].meeting_decisions.last().state == "convened"
    road.issued(second, cho, {child.number: S47 for child in second.children_in()})

    assert children[0].meeting_decisions.last().state == "concluded"
    assert Section47.objects.filter(referral=children[0]).count() == 1


def test_what_each_of_two_meetings_agreed_stands_on_the_childs_record(children, meeting, amara, mo, willow, cho, min):
    concern, pip = second_concern(amara, mo, willow, children[0])
    second = planned_about(pip, concern, mo, cho, minute_taker=min)

    road.issued(meeting, cho, {1: {"nfa": True}, 2: S47, 3: S47})
    sitting.decide_nfa(meeting.reference, 1, actor=mo, confirm=True, reason="Help goes on.")
    road.issued(second, cho, {child.number: S47 for child in second.children_in()})

    agreed = children[0].meeting_decisions.last().agreed
    assert "No further action, agreed by Mo" in agreed
    assert "Section 47 investigation" in agreed


def test_cancelling_one_of_two_leaves_the_decision_to_the_other(children, meeting, amara, mo, willow, cho, min):
    concern, pip = second_concern(amara, mo, willow, children[0])
    second = planned_about(pip, concern, mo, cho, minute_taker=min)

    planning.cancel(second.reference, actor=cho, reason="One is enough.")

    assert children[0].meeting_decisions.last().state == "convened"
    assert pip.meeting_decisions.last().state == "requested"
    assert road.issued(meeting, cho, {1: S47, 2: S47, 3: S47}).state == "decisions_issued"


def test_refused_nfa_takes_the_meeting_that_is_asked_for_already(children, meeting, cho, mo, amara):
    road.issued(meeting, cho, {1: {"nfa": True}, 2: S47, 3: S47})
    meetings.request_meeting(children[0].reference, actor=amara, grounds="New facts.")

    sitting.decide_nfa(meeting.reference, 1, actor=mo, confirm=False, reason="Not enough is known.")

    assert [each.state for each in children[0].meeting_decisions.all()] == ["concluded", "convened"]


# --- A child who has no open referral -------------------------------------------------------------------------------


def closed_sky(amara, mo, willow):
    """Robin and Ash with Willow, Sky closed with advice. Returns the three."""
    robin, ash, sky = road.logged(amara)
    case_road.assess_displayed(robin, amara, "2")
    case_road.assess_displayed(ash, amara, "1")
    case_road.assess_harmed(sky, amara, 1)
    for referral in (robin, ash):
        deciding.allocate(
            referral.reference, actor=mo, destination=deciding.Destination(team=willow, worker=None, reason="Needed.")
        )
    police_road.excused(robin, mo)
    deciding.close_with_advice(sky.reference, actor=mo, closed_as="no_service", reason="No service is needed.")
    return robin, ash, sky


def test_an_enquiry_for_a_child_whose_referral_had_ended_opens_a_linked_episode(
    front_door, juniper, amara, mo, willow, cho, min
):
    robin, _, sky = closed_sky(amara, mo, willow)
    meeting = road.planned(road.convened(robin, mo), cho, min)

    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})

    episode = Referral.objects.get(person=sky.person, state="received")
    assert episode.previous == sky
    assert Section47.objects.get(referral=episode).started_on == clock.today()
    assert meeting.children.get(number=3).referral == episode


def test_no_further_action_leaves_what_has_ended_as_it_is(front_door, juniper, amara, mo, willow, cho, min):
    robin, _, sky = closed_sky(amara, mo, willow)
    meeting = road.planned(road.convened(robin, mo), cho, min)

    road.issued(meeting, cho, {1: S47, 2: S47, 3: {"nfa": True}})

    assert Referral.objects.filter(person=sky.person).count() == 1


def test_of_an_enquiry_for_another_boroughs_child_the_chair_tells_that_borough(meeting, cho, dot):
    stranger = road.take_in_without_referral(meeting, dot)

    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47, stranger.number: S47})

    told = stranger.actions().get(what__startswith="Tell the authority")
    assert (told.owner, told.due_on) == (cho, clock.today())


def test_a_meeting_is_not_planned_for_a_referral_that_has_ended(children, mo, cho):
    decision = road.convened(children[0], mo)
    Referral.objects.filter(pk=children[0].pk).update(state="closed", closed_on=clock.today(), closed_as="plan_met")

    with pytest.raises(AlreadyMoved):
        road.planned(decision, cho)


# --- What changes between planning and issuing ----------------------------------------------------------------------


def test_a_part_that_was_not_known_is_agreed_as_it_is_known_now(front_door, juniper, amara, mo, willow, cho, min):
    robin, kim = road.logged(amara, (("Robin", "Sample", "displayed"), ("Kim", "Unsure", "not_yet_known")))
    case_road.assess_displayed(robin, amara, "1")
    deciding.allocate(
        robin.reference, actor=mo, destination=deciding.Destination(team=willow, worker=amara, reason="Needed.")
    )
    meeting = road.planned(road.convened(robin, mo), cho, min)
    intake.set_roles(kim.reference, actor=amara, concern=meeting.concern, roles=["displayed"])

    road.issued(meeting, cho, {1: S47, 2: {"nfa": True, "category": "1"}})

    child = meeting.children.get(number=2)
    assert (child.side, child.category, child.nfa_state) == ("displayed", "1", "waiting")


def test_whoever_was_only_harmed_after_all_has_no_category_any_more(children, meeting, amara, cho, client_of):
    road.held(meeting, cho)
    road.agreed(meeting, 2, cho, **S47)
    intake.set_roles(children[1].reference, actor=amara, concern=meeting.concern, roles=["harmed"])
    for number in (1, 3):
        road.agreed(meeting, number, cho, **S47)

    sitting.issue_decisions(meeting.reference, actor=cho)

    child = meeting.children.get(number=2)
    assert (child.side, child.category) == ("harmed", "")
    assert "Hackett category" not in page(client_of(amara).get(f"/meetings/{meeting.reference}/children/2/")).text


def test_a_child_known_by_a_first_name_whose_name_is_found_is_agreed_on_a_referral_of_its_own(
    front_door, juniper, amara, mo, willow, cho, min
):
    robin, *_ = road.logged(amara, (("Robin", "Sample", "displayed"), ("Wren", "", "harmed")))
    case_road.assess_displayed(robin, amara, "2")
    deciding.allocate(
        robin.reference, actor=mo, destination=deciding.Destination(team=willow, worker=amara, reason="Needed.")
    )
    meeting = road.planned(road.convened(robin, mo), cho, min)
    wren = meeting.children.get(number=2)
    assert wren.referral is None
    persons.change_person(
        wren.person.reference, actor=amara, details={"given_name": "Wren", "family_name": "Found"}, version=1
    )

    road.issued(meeting, cho, {1: S47, 2: S47})

    assert Section47.objects.filter(referral__person=wren.person, referral__state="received").exists()


def test_a_child_left_out_at_first_is_taken_in_and_another_left_out_instead(children, mo, cho, min):
    robin, ash, sky = children
    meeting = road.planned(road.convened(robin, mo), cho, min, left_out={ash.person_id: "Another borough's."})

    planning.change_children(meeting.reference, actor=cho, left_out={sky.person_id: "Has a meeting of her own."})

    assert [child.person.given_name for child in meeting.children_in()] == ["Robin", "Ash"]
    assert ash.meeting_decisions.last().state == "convened"
    assert sky.meeting_decisions.last().state == "requested"
    assert sky.record.tasks.open().filter(kind="meeting_decision").exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_leaving_a_child_out_needs_a_reason(children, meeting, cho, reason):
    with pytest.raises(NotReady, match="Say for each child"):
        planning.change_children(meeting.reference, actor=cho, left_out={children[1].person_id: reason})


def test_once_the_decisions_are_issued_nobody_is_taken_in_or_left_out(children, meeting, cho):
    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})

    with pytest.raises(NotReady, match="decisions are issued"):
        planning.change_children(meeting.reference, actor=cho, left_out={children[1].person_id: "Why."})


# --- Days that have sense -------------------------------------------------------------------------------------------


def test_a_meeting_is_not_held_before_it_was_convened(meeting, cho):
    road.seated(meeting, cho)

    with pytest.raises(NotReady, match="before it was convened"):
        sitting.hold(meeting.reference, actor=cho, held_on=date(2001, 1, 1))


def test_nor_planned_in_the_past(children, mo, cho):
    with pytest.raises(NotReady, match="from today on"):
        road.planned(road.convened(children[0], mo), cho, planned_on=date(2026, 11, 23))


def test_a_postponed_meeting_is_not_invited_to_before_it_has_a_new_day(children, mo, cho, min):
    at = clock.now() + timedelta(days=1)
    meeting = road.planned(road.convened(children[0], mo), cho, min, starts_at=at)
    planning.postpone(meeting.reference, actor=cho, reason="The officer is away.")

    with pytest.raises(NotReady, match="Set the day"):
        planning.invite(meeting.reference, actor=cho)


def test_the_enquiry_starts_on_the_day_of_the_sitting_that_agreed_it(children, meeting, cho, time_machine):
    road.held(meeting, cho)
    sitting.adjourn(meeting.reference, actor=cho, reason="A report is missing.", goes_on_on=date(2026, 12, 8))
    time_machine.move_to("2026-12-08T10:00:00Z", tick=False)
    sitting.hold(meeting.reference, actor=cho, held_on=date(2026, 12, 8))
    for number in (1, 2, 3):
        road.agreed(meeting, number, cho, **S47)

    sitting.issue_decisions(meeting.reference, actor=cho)

    enquiry = Section47.objects.get(referral=children[0])
    # 15 working days on, over Christmas, Boxing Day (held on the Monday) and New Year.
    assert (enquiry.started_on, enquiry.conference_due_on) == (date(2026, 12, 8), date(2026, 12, 31))


# --- Two people, one meeting ----------------------------------------------------------------------------------------


def test_a_closed_part_typed_meanwhile_is_not_overwritten_by_the_minutes(meeting, cho, min):
    road.held(meeting, cho)
    opened = meeting.children.get(number=1)
    sitting.save_child(meeting.reference, 1, actor=cho, answers={"closed_minutes": "The chair's own text."})

    with pytest.raises(Changed):
        minutes.write_minutes(
            meeting.reference, actor=min, shared="Shared.", closed={1: ("The taker's text.", opened.version)}
        )

    assert meeting.children.get(number=1).closed_minutes == "The chair's own text."


def test_nor_the_other_way_round(meeting, cho, min):
    road.held(meeting, cho)
    opened = meeting.children.get(number=1)
    minutes.write_minutes(meeting.reference, actor=min, shared="Shared.", closed={1: "The taker's text."})

    with pytest.raises(Changed):
        sitting.save_child(
            meeting.reference, 1, actor=cho, answers={"closed_minutes": "The chair's."}, version=opened.version
        )


def test_a_seat_that_was_named_meanwhile_is_not_wiped_out(meeting, cho, min, client_of):
    url = f"/meetings/{meeting.reference}/seats/3/"
    first, second = client_of(cho), client_of(min)
    version = second.get(url).context["form"].initial["version"]
    named = {"role": "police", "agency": "The borough's team", "name": "DC Finch", "state": "filled"}
    first.post(url, {**named, "version": version})

    answer = second.post(url, {"role": "police", "agency": "", "name": "", "state": "expected", "version": version})

    assert answer.status_code == 409
    assert meeting.seats.get(number=3).name == "DC Finch"


def test_asking_somebody_further_twice_by_one_form_is_one_seat(meeting, cho):
    once = uuid4()
    for _ in range(2):
        sitting.save_seat(meeting.reference, actor=cho, once=once, role="other", agency="Housing", name="A B")

    assert meeting.seats.filter(agency="Housing").count() == 1


def test_beginning_on_a_page_opened_before_a_seat_was_named_is_refused(meeting, cho, min):
    version = road.again(meeting).version
    sitting.save_seat(meeting.reference, actor=min, number=3, role="police", name="DC Finch", state="filled")
    stale = [{"number": s.number, "role": s.role, "name": "Somebody", "state": "filled"} for s in meeting.seats.all()]

    with pytest.raises(Changed):
        sitting.begin(meeting.reference, actor=cho, held_on=clock.today(), seats=stale, version=version)

    assert meeting.seats.get(number=3).name == "DC Finch"


# --- What is agreed -------------------------------------------------------------------------------------------------


def test_an_action_that_was_taken_out_is_no_plan(meeting, cho):
    road.held(meeting, cho)
    road.agreed(meeting, 1, cho, **S47)
    action = Action.objects.get(source=meeting.record)

    sitting.drop_action(meeting.reference, action.number, actor=cho, reason="Not agreed after all.")

    assert missing_agreements(meeting.children.get(number=1)) == ["Agree at least one action of the plan."]


def test_a_quorum_lost_after_the_beginning_asks_the_chair_for_her_reason(meeting, cho):
    road.held(meeting, cho)
    for number in (1, 2, 3):
        road.agreed(meeting, number, cho, **S47)
    sitting.save_seat(meeting.reference, actor=cho, number=3, role="police", state="empty")

    with pytest.raises(NotReady, match="not quorate"):
        sitting.issue_decisions(meeting.reference, actor=cho)

    issued = sitting.issue_decisions(meeting.reference, actor=cho, quorum_reason="The officer had to leave.")
    assert issued.quorum_reason == "The officer had to leave."


def test_what_a_cancelled_meeting_had_typed_is_asked_of_nobody(meeting, cho):
    road.held(meeting, cho)
    road.agreed(meeting, 1, cho, **S47)
    sitting.adjourn(meeting.reference, actor=cho, reason="A report.", goes_on_on=clock.today() + timedelta(days=3))

    planning.cancel(meeting.reference, actor=cho, reason="New facts.")

    assert not Action.objects.open().filter(source=meeting.record).exists()


# --- New facts ------------------------------------------------------------------------------------------------------


def test_new_facts_while_a_review_is_planned_reach_its_chair_the_same_day(children, meeting, amara, cho, min):
    road.issued(meeting, cho, {1: {"review": True, "review_on": date(2027, 1, 12)}, 2: S47, 3: S47})

    asked = meetings.bring_new_facts(children[0].reference, actor=amara, facts="It happened again.")
    task = asked.record.tasks.get(kind="meeting_facts")
    meetings.answer_new_facts(children[0].reference, actor=cho, reason="The review is held on Thursday.")

    assert (task.owner, task.due_on) == (cho, clock.today())
    assert not children[0].record.tasks.open().filter(kind="meeting_facts").exists()


def test_before_anybody_has_planned_all_chairs_are_asked(children, mo, amara, cho, juniper):
    road.convened(children[0], mo)

    asked = meetings.bring_new_facts(children[0].reference, actor=amara, facts="It happened again.")
    task = asked.record.tasks.get(kind="meeting_facts")

    assert (task.owner, task.team, task.role) == (None, juniper, Role.CHAIR)


def test_new_facts_without_a_meeting_are_a_request(children, amara):
    with pytest.raises(NotReady, match="request one"):
        meetings.bring_new_facts(children[1].reference, actor=amara, facts="It happened again.")


# --- By telephone ---------------------------------------------------------------------------------------------------


def discussed(referral, actor, **more):
    return telephone.record_discussion(
        referral.reference,
        actor=actor,
        **{"once": uuid4(), "held_on": clock.today(), "spoke_to": "DC Finch", "shared": "What was weighed.", **more},
    )


def test_a_discussion_by_telephone_starts_an_enquiry_and_convenes_the_meeting(children, mo, cho):
    robin = children[0]

    found = discussed(robin, mo, section_47=True, immediate_what="They stay apart.")

    assert (found.kind, found.state) == ("telephone", "closed")
    assert Section47.objects.get(referral=robin).started_on == clock.today()
    assert robin.meeting_decisions.last().state == "convened"
    kinds = set(robin.record.tasks.open().values_list("kind", flat=True))
    assert {"section_47", "immediate_action", "schedule_meeting"} <= kinds


def test_that_none_follows_needs_a_reason(children, mo):
    with pytest.raises(NotReady, match="why no meeting"):
        discussed(children[0], mo, meeting_follows=False)

    found = discussed(children[0], mo, meeting_follows=False, no_meeting_because="One was held yesterday.")
    assert found.children.get().outcome_reason == "One was held yesterday."


def test_the_same_form_twice_is_one_discussion(children, mo):
    once = uuid4()

    assert discussed(children[0], mo, once=once) == discussed(children[0], mo, once=once)
    assert StrategyMeeting.objects.filter(kind="telephone").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"spoke_to": " "}, "who of the police"),
        ({"held_on": date(2026, 11, 25)}, "Enter a day"),
        ({"held_on": date(2001, 1, 1)}, "Enter a day"),
        ({"shared": " "}, "shared and weighed"),
    ],
    ids=["nobody of the police", "in the future", "before the referral", "nothing was said"],
)
def test_what_cannot_be_is_refused(children, mo, wrong, said):
    with pytest.raises(NotReady, match=said):
        discussed(children[0], mo, **wrong)


# --- Amendments -----------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(meeting, cho, min):
    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})
    minutes.write_minutes(meeting.reference, actor=min, shared="Who was there.")
    minutes.submit_minutes(meeting.reference, actor=min)
    return minutes.approve_minutes(meeting.reference, actor=cho)


def test_confirmed_minutes_are_amended_by_a_second_person(confirmed, cho, min):
    amendment = amending.propose_amendment(confirmed.reference, actor=min, once=uuid4(), text="Health was there too.")
    task = confirmed.record.tasks.open().get(kind="decide_amendment")

    amending.decide_amendment(confirmed.reference, amendment.number, actor=cho, agree=True)

    assert task.owner == cho
    assert road.again(confirmed).shared_minutes == "Who was there."
    assert confirmed.amendments.get().agreed is True
    assert not confirmed.record.tasks.open().filter(kind="decide_amendment").exists()


def test_while_one_waits_it_is_what_comes_next(confirmed, cho, min, client_of):
    amending.propose_amendment(confirmed.reference, actor=min, once=uuid4(), text="Health was there too.")

    hers = client_of(cho).get(f"/meetings/{confirmed.reference}/").context["meeting"]["next"]
    his = client_of(min).get(f"/meetings/{confirmed.reference}/").context["meeting"]["next"]

    assert hers["url"] == f"/meetings/{confirmed.reference}/minutes/amendments/1/"
    assert (his["text"], "url" in his) == ("Decide on the amendment of the minutes", False)


def test_nobody_agrees_an_amendment_of_their_own(confirmed, cho):
    amendment = amending.propose_amendment(confirmed.reference, actor=cho, once=uuid4(), text="Health was there too.")

    with pytest.raises(Denied):
        amending.decide_amendment(confirmed.reference, amendment.number, actor=cho, agree=True)


def test_a_refusal_needs_a_reason_and_a_decision_stands(confirmed, cho, min):
    amendment = amending.propose_amendment(confirmed.reference, actor=min, once=uuid4(), text="Health was there too.")
    with pytest.raises(NotReady, match="Say why"):
        amending.decide_amendment(confirmed.reference, amendment.number, actor=cho, agree=False)
    amending.decide_amendment(confirmed.reference, amendment.number, actor=cho, agree=False, reason="They were not.")

    with pytest.raises(NotReady, match="already"):
        amending.decide_amendment(confirmed.reference, amendment.number, actor=cho, agree=True)


def test_minutes_that_are_not_confirmed_are_written_not_amended(meeting, cho, min):
    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})

    with pytest.raises(NotReady, match="once the chair has confirmed"):
        amending.propose_amendment(meeting.reference, actor=min, once=uuid4(), text="Something.")


def test_an_amendment_of_one_childs_part_is_read_by_who_may_read_that_part(
    confirmed, children, cho, min, carl, mo, client_of
):
    amending.propose_amendment(
        confirmed.reference, actor=min, once=uuid4(), text="A word about Robin alone.", child_number=1
    )
    restricting.name_reader(children[2].reference, actor=mo, reader=carl, reason="Works with Sky too.")

    assert "A word about Robin alone." in page(client_of(cho).get(f"/meetings/{confirmed.reference}/children/1/")).text
    assert "A word about Robin alone." not in page(client_of(carl).get(f"/meetings/{confirmed.reference}/")).text
    assert client_of(carl).get(f"/meetings/{confirmed.reference}/children/1/").status_code == 404


def test_a_category_raised_at_the_meeting_makes_form_87a_needed(children, meeting, cho):
    PoliceReferral.objects.all().update(state="no_longer_needed")

    road.issued(meeting, cho, {1: S47, 2: {**S47, "category": "3"}, 3: S47})

    assert PoliceReferral.objects.filter(state="needed").count() == 1
    assert case_road.again(children[2]).police_outstanding
