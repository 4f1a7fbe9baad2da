"""The road of an intel form, verb by verb: the state, the entry left behind, who was told and who was not."""

from uuid import uuid4

import pytest

from hsb.core import access, clock
from hsb.core.models import Entry, Place, Task
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import Because
from hsb.people.states import Role
from referrals.services import restricting
from strategy_meetings.models import ChildConsidered, IntelForm, StrategyMeeting, Theme
from strategy_meetings.selectors.intel import IntelReading
from strategy_meetings.services import intel, minutes, sitting
from tests import cast
from tests.strategy_meetings import intel_road as road
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
NEEDED = {"intel": "needed", "intel_reason": "", "intel_by_name": "An officer", "intel_due_on": clock.today}


@pytest.fixture
def children(front_door, juniper, willow, aspen, amara, mo):
    """Robin and Ash displayed, Sky was harmed; all with Willow."""
    return meeting_road.allocated(amara, mo, willow, amara)


@pytest.fixture
def meeting(children, mo, cho, min):
    """Held; nothing is agreed yet."""
    planned = meeting_road.planned(meeting_road.convened(children[0], mo), cho, min)
    meeting_road.held(planned, cho)
    return meeting_road.again(planned)


def needed(**more):
    return {**NEEDED, "intel_due_on": clock.today(), "section_47": True, **more}


def issued(meeting, cho, **answers):
    for number in (1, 2, 3):
        meeting_road.agreed(meeting, number, cho, **(needed(**answers) if number == 1 else {"section_47": True}))
    return sitting.issue_decisions(meeting.reference, actor=cho)


def tasks(record, *kinds):
    return list(Task.objects.open().filter(record=record, kind__in=kinds))


def verbs(record):
    return list(Entry.objects.filter(record=record).order_by("number").values_list("verb", flat=True))


def opens(user, form):
    return IntelForm.objects.visible_to(cast.again(user)).filter(pk=form.pk).exists()


# --- Begun ---


def test_what_the_meeting_knows_is_put_in(meeting, min):
    form = road.begun(meeting.reference, min, (1, 3))

    entries = [(entry.kind, entry.person.given_name) for entry in form.standing_entries()]
    assert form.state == "draft"
    assert entries == [("O", "Robin"), ("V", "Sky")]
    assert verbs(form.record)[0] == "begin_intel"


def test_chair_and_minute_taker_write_it_and_whoever_has_a_child_reads_their_own(meeting, amara, cho, min, carl):
    form = road.begun(meeting.reference, min)

    assert IntelReading(form, cho).whole
    assert opens(amara, form)
    assert not IntelReading(form, amara).whole
    assert not opens(carl, form)


def test_a_child_of_a_place_that_is_known_has_its_location_put_in(meeting, min):
    meeting.concern.place = Place.called("park", "Alder Park")
    meeting.concern.save()

    form = road.begun(meeting.reference, min)

    assert [entry.place.name for entry in form.standing_entries() if entry.kind == "L"] == ["Alder Park"]


def test_a_meeting_has_one_form(meeting, cho, min):
    first = road.begun(meeting.reference, min)

    assert road.begun(meeting.reference, cho) == first
    assert IntelForm.objects.count() == 1


def test_a_further_child_is_added_to_the_form_that_stands(meeting, cho, min):
    form = road.begun(meeting.reference, min)

    road.begun(meeting.reference, cho, (1, 2))

    assert [child.person.given_name for child in form.children.select_related("person")] == ["Robin", "Ash"]
    assert verbs(form.record)[-1] == "add_children"


def test_what_was_submitted_is_not_added_to(meeting, min):
    form = road.submitted(meeting.reference, min)

    second = road.begun(meeting.reference, min, (2,))

    assert second != form
    assert form.children.count() == 1


def test_the_same_click_twice_is_one_form(meeting, min):
    once = uuid4()

    first, second = (intel.begin_from_meeting(meeting.reference, actor=min, once=once, numbers=[1]) for _ in range(2))

    assert first == second


def test_a_key_that_made_another_form_makes_none_and_gives_none(meeting, children, amara, min):
    once = uuid4()
    intel.begin_from_meeting(meeting.reference, actor=min, once=once, numbers=[1])

    with pytest.raises(NotReady):
        intel.begin_from_referral(children[1].reference, actor=amara, once=once)

    assert IntelForm.objects.count() == 1


def test_a_key_that_made_an_entry_of_another_form_is_refused_in_words(meeting, children, amara, min):
    once, one = uuid4(), road.begun(meeting.reference, min)
    other = intel.begin_from_referral(children[1].reference, actor=amara, once=uuid4())
    intel.add_entry(one.reference, actor=min, once=once, entry=road.entry(described="Somebody older"))

    with pytest.raises(NotReady):
        intel.add_entry(other.reference, actor=amara, once=once, entry=road.entry(described="Somebody else"))

    assert not other.entries.filter(described="Somebody else").exists()


def test_before_it_was_held_there_is_nothing_to_tell(children, mo, cho, min):
    planned = meeting_road.planned(meeting_road.convened(children[0], mo), cho, min)

    with pytest.raises(NotReady):
        road.begun(planned.reference, min)


def test_whoever_only_reads_the_meeting_does_not_begin_its_form(meeting, amara, mo):
    for reader in (amara, mo):
        with pytest.raises(Denied):
            road.begun(meeting.reference, reader)
    assert not IntelForm.objects.exists()


def test_nobody_writes_about_a_child_whom_they_may_not_open(meeting, mo, cho, carl):
    """Carl is named on Robin's referral alone, and asked for Robin's form."""
    robin = meeting.children.get(number=1).referral
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    ChildConsidered.objects.filter(meeting=meeting, number=1).update(intel="needed", intel_by=carl)
    carl = cast.again(carl)

    with pytest.raises(Denied):
        road.begun(meeting.reference, carl, (1, 2))
    assert not IntelForm.objects.exists()


def test_whoever_may_not_open_all_of_the_form_that_stands_gets_one_of_their_own(meeting, mo, min, carl):
    whole = road.begun(meeting.reference, min, (1, 2, 3))
    robin = meeting.children.get(number=1).referral
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    ChildConsidered.objects.filter(meeting=meeting, number=1).update(intel="needed", intel_by=carl)
    carl = cast.again(carl)

    own = road.begun(meeting.reference, carl, (1,))

    assert own != whole
    assert not IntelReading(whole, carl).whole


def test_whoever_has_the_child_begins_one_without_a_meeting_and_goes_on_with_it(children, amara):
    robin = children[0]

    form = intel.begin_from_referral(robin.reference, actor=amara, once=uuid4(), criteria=["stuck"])
    again = intel.begin_from_referral(robin.reference, actor=amara, once=uuid4())

    assert form == again
    assert (form.source, form.criteria) == (robin.record, ["stuck"])


@pytest.mark.parametrize("who", ["carl", "min", "aud", "coo"])
def test_nobody_else_begins_one(children, who, carl, min, aud, coo):
    stranger = {"carl": carl, "min": min, "aud": aud, "coo": coo}[who]

    with pytest.raises(Denied):
        intel.begin_from_referral(children[0].reference, actor=stranger, once=uuid4())


# --- Written ---


def test_the_same_place_and_the_same_group_are_one_in_two_forms(meeting, children, amara, min):
    one = road.begun(meeting.reference, min)
    other = intel.begin_from_referral(children[1].reference, actor=amara, once=uuid4())
    said = {"text": "Seen there.", "said_by": "A teacher", "reliability": "likely"}

    road.located(one, min, "Alder Park")
    road.located(other, amara, "alder  PARK")
    for form, writer, name in ((one, min, "The Bandstand"), (other, amara, "the bandstand")):
        intel.add_theme(form.reference, actor=writer, once=uuid4(), theme_kind="group", name=name, **said)

    assert Place.objects.get(kind="park").intel.count() == 2
    assert Theme.objects.get().intel.count() == 2


def test_the_same_click_twice_adds_once(meeting, min):
    form, once = road.begun(meeting.reference, min), uuid4()

    for _ in range(2):
        intel.add_entry(form.reference, actor=min, once=once, entry=road.entry(described="Somebody older"))

    assert form.standing_entries().filter(described="Somebody older").count() == 1


def test_an_entry_that_is_taken_out_stays_with_its_reason(meeting, min):
    form = road.begun(meeting.reference, min)

    intel.drop_entry(form.reference, 1, actor=min, reason="It was somebody else.")

    assert not form.standing_entries().exists()
    assert form.entries.count() == 1
    assert Entry.objects.get(record=form.record, verb="drop_entry").reason == "It was somebody else."


def test_of_two_who_write_at_once_the_second_is_told(meeting, cho, min):
    form = road.begun(meeting.reference, min)
    intel.write(form.reference, actor=cho, answers={"why": "First."}, version=form.version)

    with pytest.raises(Changed) as refusal:
        intel.write(form.reference, actor=min, answers={"why": "Second."}, version=form.version)
    assert refusal.value.now["why"] == "First."


def test_of_two_who_change_an_entry_the_second_is_told(meeting, cho, min):
    form = road.begun(meeting.reference, min)
    intel.change_entry(form.reference, 1, actor=cho, entry=road.entry(text="First.", police_only=True), version=1)

    with pytest.raises(Changed) as refusal:
        intel.change_entry(form.reference, 1, actor=min, entry=road.entry(text="Second."), version=1)
    assert (refusal.value.now["text"], refusal.value.now["handling"]) == ("First.", "For the police only")


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda at, by: intel.change_entry(at, 1, actor=by, entry=road.entry()), id="changed"),
        pytest.param(lambda at, by: intel.drop_entry(at, 1, actor=by, reason="Wrong."), id="taken out"),
        pytest.param(lambda at, by: road.located(IntelForm.at(at).get(), by, "The pier"), id="added"),
        pytest.param(lambda at, by: intel.write(at, actor=by, answers={"why": "Another reason."}), id="reasons"),
        pytest.param(lambda at, by: road.begun(IntelForm.at(at).get().source.reference, by, (2,)), id="a child added"),
    ],
)
def test_whoever_submits_has_read_all_that_the_form_says_now(meeting, cho, min, edit):
    form = road.complete(road.begun(meeting.reference, min), min)
    shown = intel.shown_for_submitting(form)
    edit(form.reference, cho)

    with pytest.raises(Changed) as refusal:
        intel.submit(form.reference, actor=min, shown=shown)

    assert (refusal.value.who, road.again(form).state) == (cho.name, "draft")
    assert intel.submit(form.reference, actor=min, shown=refusal.value.version).state == "submitted"


def test_what_was_submitted_is_not_written_any_more(meeting, min):
    form = road.submitted(meeting.reference, min)

    for verb in (
        lambda: intel.write(form.reference, actor=min, answers={"why": "Later."}),
        lambda: road.added(form, min, described="Somebody"),
        lambda: intel.change_entry(form.reference, 1, actor=min, entry=road.entry()),
        lambda: intel.drop_entry(form.reference, 1, actor=min, reason="Wrong."),
    ):
        with pytest.raises(NotReady):
            verb()


# --- Submitted ---


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ({"criteria": []}, "Say why the panel should look at it, and what is asked of it."),
        ({"why": ""}, "Say why the panel should look at it, and what is asked of it."),
        ({"asked": " "}, "Say why the panel should look at it, and what is asked of it."),
    ],
    ids=["no criterion", "no why", "nothing asked"],
)
def test_what_is_missing_is_said(meeting, min, lacks, sentence):
    form = road.complete(road.begun(meeting.reference, min), min)
    intel.write(form.reference, actor=min, answers=lacks)

    with pytest.raises(NotReady) as refusal:
        intel.submit(form.reference, actor=min)
    assert refusal.value.sentences == (sentence,)


def test_submitted_the_panel_s_coordinators_are_asked_and_open_the_form_and_no_file(meeting, children, min, coo):
    form = road.submitted(meeting.reference, min)

    assert form.state == "submitted"
    assert [(task.team.slug, task.role) for task in tasks(form.record, "sift_intel")] == [("aspen", Role.COORDINATOR)]
    assert opens(coo, form)
    assert not type(children[0]).objects.visible_to(coo).exists()
    assert not StrategyMeeting.objects.visible_to(coo).exists()


def test_a_draft_is_not_the_coordinators_to_open(meeting, min, coo):
    assert not opens(coo, road.begun(meeting.reference, min))


def test_submitted_it_keeps_what_stands_on_each_child_s_record(meeting, cho, min):
    issued(meeting, cho)
    form = road.submitted(meeting.reference, min, (1, 3))

    robin, sky = form.children.all()
    assert (robin.category, robin.met_on) == ("2", clock.today())
    assert sky.category == ""


def test_each_child_s_chronology_says_so_and_nothing_of_what_it_says(meeting, children, min):
    form = road.complete(road.begun(meeting.reference, min, (1, 2)), min)
    road.added(form, min, described="Somebody older", text="For the police.", police_only=True)

    intel.submit(form.reference, actor=min)

    last = Entry.objects.filter(record=children[1].record).latest("number")
    assert (last.verb, last.reason, last.facts) == ("intel_submitted", "", {"intel": form.reference})
    assert "intel_submitted" not in verbs(children[2].record)


def test_submitted_it_answers_what_its_meeting_asked_for(meeting, cho, min):
    issued(meeting, cho)
    assert len(tasks(meeting.record, "intel_form")) == 1

    road.submitted(meeting.reference, min)

    assert meeting.children.get(number=1).intel_done_on == clock.today()
    assert not tasks(meeting.record, "intel_form")


def test_about_another_child_it_answers_nothing(meeting, cho, min):
    issued(meeting, cho)

    road.submitted(meeting.reference, min, (2,))

    assert meeting.children.get(number=1).intel_done_on is None
    assert len(tasks(meeting.record, "intel_form")) == 1


def test_submitted_before_the_decisions_it_is_not_asked_for_again(meeting, cho, min):
    road.submitted(meeting.reference, min)

    issued(meeting, cho)

    assert meeting.children.get(number=1).intel_done_on == clock.today()
    assert not tasks(meeting.record, "intel_form")


def test_withdrawn_its_meeting_asks_again_by_the_same_day(meeting, cho, min, coo):
    issued(meeting, cho)
    form = road.submitted(meeting.reference, min)

    intel.withdraw(form.reference, actor=min, reason="It was another place.")

    [task] = tasks(meeting.record, "intel_form")
    assert (task.owner, task.due_on) == (cho, clock.today())
    assert meeting.children.get(number=1).intel_done_on is None
    assert not tasks(form.record, "sift_intel")
    assert not opens(coo, form)


def test_without_a_panel_team_it_says_whom_to_ask(meeting, aspen, min):
    form = road.complete(road.begun(meeting.reference, min), min)
    aspen.closed_on = clock.today()
    aspen.save()

    with pytest.raises(NotReady):
        intel.submit(form.reference, actor=min)
    assert road.again(form).state == "draft"


# --- Answered ---


@pytest.mark.parametrize(
    ("verb", "state", "told"),
    [
        ("accept", "accepted", "read_intel_answer"),
        ("defer", "deferred", "read_intel_answer"),
        ("decline", "not_for_panel", "read_intel_answer"),
        ("return_with_advice", "returned", "intel_again"),
    ],
)
def test_its_author_is_told_what_was_answered(meeting, min, coo, verb, state, told):
    form = road.submitted(meeting.reference, min)

    intel.answer(form.reference, verb, actor=coo, reason="What was weighed.")

    form = road.again(form)
    assert (form.state, form.answer) == (state, "What was weighed.")
    assert [task.owner for task in tasks(form.record, told)] == [min]
    assert not tasks(form.record, "sift_intel")


def test_a_deferred_one_comes_back_to_the_coordinators(meeting, min, coo):
    form = road.submitted(meeting.reference, min)

    intel.answer(form.reference, "defer", actor=coo, reason="Until the enquiry ends.")

    assert len(tasks(form.record, "sift_deferred")) == 1


def test_the_author_has_read_it_and_nobody_else_says_so(meeting, cho, min, coo):
    form = road.submitted(meeting.reference, min)
    intel.answer(form.reference, "accept", actor=coo, reason="It is for the panel.")

    with pytest.raises(Denied):
        intel.read_answer(form.reference, actor=cho)
    intel.read_answer(form.reference, actor=min)

    assert not tasks(form.record, "read_intel_answer")
    with pytest.raises(NotReady):
        intel.read_answer(form.reference, actor=min)


def test_where_the_author_has_left_whoever_writes_it_with_them_reads_the_answer(meeting, cho, min, coo):
    form = road.submitted(meeting.reference, min)
    intel.answer(form.reference, "accept", actor=coo, reason="It is for the panel.")
    min.is_active = False
    min.save()

    intel.read_answer(form.reference, actor=cho)

    assert not tasks(form.record, "read_intel_answer")


def test_what_came_back_is_written_and_submitted_again(meeting, min, coo):
    form = road.submitted(meeting.reference, min)
    intel.answer(form.reference, "return_with_advice", actor=coo, reason="Say when.")
    road.located(form, min, "The bandstand")

    form = intel.submit(form.reference, actor=min)

    assert (form.state, form.answer) == ("submitted", "")
    assert not tasks(form.record, "intel_again")
    assert len(tasks(form.record, "sift_intel")) == 1


# --- Restricted, and barred ---


def test_of_a_restricted_child_only_who_is_named_reads_it(meeting, mo, cho, min, coo, aud, aspen):
    later = cast.user("Later", (aspen, Role.COORDINATOR))
    cast.again(later)
    restricting.restrict(meeting.children.get(number=1).referral.reference, actor=mo, reason="A councillor's family.")

    form = road.submitted(meeting.reference, min)
    newcomer = cast.user("Newcomer", (aspen, Role.COORDINATOR))

    assert opens(cho, form)
    assert opens(coo, form)
    assert not opens(newcomer, form)
    assert not opens(aud, form)


def test_somebody_restricted_in_an_entry_restricts_the_form(meeting, children, mo, min, aud):
    form = road.begun(meeting.reference, min)
    road.added(form, min, person=children[1].person)
    restricting.restrict(children[1].reference, actor=mo, reason="A councillor's family.")

    reading = IntelReading(road.again(form), aud)
    assert road.again(form).is_restricted
    assert not reading.whole
    assert [entry.person.given_name for entry in reading.entries()] == ["Robin"]


def test_a_bar_beats_everything_of_a_child_and_of_whoever_an_entry_is_about(meeting, children, mo, cho, min):
    form = road.begun(meeting.reference, min)
    road.added(form, min, person=children[1].person)

    restricting.bar(children[1].reference, actor=mo, user=cho, reason="Lives next door.")

    assert not opens(cho, form)
    with pytest.raises(Denied):
        road.located(form, cast.again(cho))


# --- The minutes wait ---


def test_the_minutes_are_confirmed_once_the_form_is_given_or_promised(meeting, cho, min):
    issued(meeting, cho)
    minutes.write_minutes(meeting.reference, actor=min, shared="Who was there.")
    minutes.submit_minutes(meeting.reference, actor=min)
    ChildConsidered.objects.filter(meeting=meeting, number=1).update(intel_by_name="")

    with pytest.raises(NotReady) as refusal:
        minutes.approve_minutes(meeting.reference, actor=cho)
    assert "intel form" in str(refusal.value)

    road.submitted(meeting.reference, min)
    assert minutes.approve_minutes(meeting.reference, actor=cho).state == "approved"


def test_a_grant_to_write_ends_with_the_role(meeting, cho, min):
    form = road.begun(meeting.reference, min)
    cho.memberships.update(ends_on="2020-01-02")
    access.grant(form.record, because=Because.WRITES_INTEL, user=cho)

    with pytest.raises(Denied):
        road.located(form, cast.again(cho))
