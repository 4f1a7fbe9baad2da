"""Going on with somebody else's intel form, reading it through a child, or long after: nothing of anybody is opened who
was not open before; nothing typed is lost to a colleague who was quicker."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from hsb.core import clock, reminders
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessGrant, Reminder
from hsb.core.refusals import Denied
from hsb.overview.selectors import tasks
from hsb.people.models import Membership
from panels.services import mapping
from referrals.models import Referral
from referrals.services import restricting
from strategy_meetings.selectors.intel import people_to_name
from strategy_meetings.services import intel
from strategy_meetings.states import EntryKind
from tests import cast
from tests.pages import filled, page
from tests.panels import mapping_road
from tests.strategy_meetings import intel_road, meeting_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(front_door, juniper, willow, aspen, amara, mo, cho, min):
    """Held; Robin, Ash and Sky, of the made-up names, with Amara."""
    robin, *_ = meeting_road.allocated(amara, mo, willow, amara)
    planned = meeting_road.planned(meeting_road.convened(robin, mo), cho, min)
    meeting_road.held(planned, cho)
    return meeting_road.again(planned)


@pytest.fixture
def robin(meeting):
    return meeting.children.get(number=1).referral


@pytest.fixture
def ash(meeting):
    return meeting.children.get(number=2).referral


@pytest.fixture
def carl(carl, robin, mo):
    """May open Robin's record, and no other child's."""
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    return cast.again(carl)


def text_of(client_of, user, form):
    answer = client_of(cast.again(user)).get(f"/intel/{form.reference}/")
    return page(answer).text if answer.status_code == 200 else ""


def test_who_goes_on_after_a_writer_who_left_opens_nobody_of_an_entry(amara, mo, robin, ash, carl, client_of):
    form = intel.begin_from_referral(robin.reference, actor=amara, once=uuid4())
    intel_road.added(form, amara, EntryKind.PERSON, person=ash.person, text="Ash waits there.", police_only=True)
    restricting.restrict(ash.reference, actor=mo, reason="A relative works here.")
    amara.is_active = False
    amara.save()

    own = intel.begin_from_referral(robin.reference, actor=carl, once=uuid4())

    assert own != form
    assert "Ash waits there" not in text_of(client_of, carl, form) + text_of(client_of, carl, own)


def test_who_was_asked_by_name_goes_on_with_no_form_that_speaks_of_others(meeting, cho, ash, carl, client_of):
    form = intel_road.begun(meeting.reference, cho, (1,))
    intel_road.added(form, cho, EntryKind.PERSON, person=ash.person, text="Ash waits there.")
    meeting_road.agreed(
        meeting,
        1,
        cho,
        section_47=True,
        intel="needed",
        intel_reason="",
        intel_by=carl,
        intel_due_on=clock.today(),
    )

    own = intel.begin_from_meeting(meeting.reference, actor=carl, once=uuid4(), numbers=(1,))

    assert own != form
    assert "Ash waits there" not in text_of(client_of, carl, form) + text_of(client_of, carl, own)


def test_a_chair_goes_on_with_her_own(meeting, cho, ash):
    form = intel_road.begun(meeting.reference, cho, (1,))
    intel_road.added(form, cho, EntryKind.PERSON, person=ash.person, text="Ash waits there.")

    assert intel.begin_from_meeting(meeting.reference, actor=cho, once=uuid4(), numbers=(1, 2)) == form


@pytest.mark.parametrize("about", ["nobody", "Ash, taken out"])
def test_the_names_of_everybody_in_the_concern_are_words(meeting, cho, ash, carl, client_of, about):
    form = intel_road.begun(meeting.reference, cho, (1,))
    if about != "nobody":
        entry = intel_road.added(form, cho, EntryKind.PERSON, person=ash.person, text="Waits there.")
        intel.drop_entry(form.reference, entry.number, actor=cho, reason="It was somebody else.")
    intel_road.located(form, cho, "The pier", text=f"Robin and {ash.person.known_as} were seen there.")

    text = text_of(client_of, carl, form)

    assert "The pier" in text
    assert ash.person.family_name not in text
    assert "Robin and another child were seen there" in text


@pytest.fixture
def from_a_map(cho, robin, ash):
    """A form from a mapping meeting, about Robin and Ash."""
    called = mapping_road.called(cho)
    mapping_road.held(called, cho)
    for child in (robin, ash):
        mapping_road.put(called, cho, child.person)
    return mapping.begin_intel(called.reference, actor=cho, once=uuid4())


def test_of_a_form_from_a_map_too_the_names_of_the_others_in_it_are_words(from_a_map, cho, ash, carl, client_of):
    intel_road.located(from_a_map, cho, "The pier", text=f"Robin and {ash.person.known_as} were seen there.")

    text = text_of(client_of, carl, from_a_map)

    assert ash.person.family_name not in text
    assert "Robin and another child were seen there" in text


def test_who_writes_a_form_from_a_map_can_name_its_own_children(from_a_map, cho, robin, ash):
    assert set(people_to_name(from_a_map, cho)) == {robin.person, ash.person}


def test_what_a_child_record_says_is_no_chairs_through_a_map(meeting, robin, client_of, cho, mo, juniper):
    other = cast.user("Other chair", (juniper, "chair"))
    assert not Referral.objects.visible_to(other).filter(pk=robin.pk).exists()
    called = mapping_road.called(other)
    mapping_road.held(called, other)
    mapping_road.put(called, other, robin.person)
    form = intel_road.complete(mapping.begin_intel(called.reference, actor=other, once=uuid4()), other)
    intel.submit(form.reference, actor=other)

    text = text_of(client_of, other, form)

    assert robin.person.known_as in text
    assert "ategory 2" not in text
    assert "which is not yours to open" in text


def test_leave_of_the_panel_ends_with_the_coordinators_role(meeting, robin, cho, mo, coo, rowan, client_of):
    form = intel_road.begun(meeting.reference, cho, (1,))
    restricting.restrict(robin.reference, actor=mo, reason="A relative works here.")
    form = intel_road.complete(form, cho)
    intel.submit(form.reference, actor=cho)
    assert robin.person.known_as in text_of(client_of, coo, form)

    coo.memberships.all().delete()
    Membership.objects.create(user=coo, team=rowan, role="practitioner", starts_on=clock.today() - timedelta(days=1))

    assert text_of(client_of, coo, form) == ""


def moved(user, team, role):
    """Since today in another role or team; what they were given before is three days old."""
    today = clock.today()
    AccessGrant.objects.filter(user=user).update(starts_at=clock.now() - timedelta(days=3))
    user.memberships.update(ends_on=today - timedelta(days=1))
    cast.join(user, team, role, starts_on=today)
    return cast.again(user)


@pytest.mark.parametrize("role", ["administrator", "coordinator", "practitioner"])
def test_leave_of_a_writer_ends_with_the_role_and_with_the_team(meeting, min, aspen, linden, rowan, client_of, role):
    form = intel_road.begun(meeting.reference, min, (1,))
    intel_road.added(form, min, described="A tall adult", text="Waits by the gate.", police_only=True)
    assert "Waits by the gate" in text_of(client_of, min, form)
    teams = {"administrator": linden, "coordinator": aspen, "practitioner": rowan}

    moved(min, teams[role], role)

    assert "Waits by the gate" not in text_of(client_of, min, form)
    with pytest.raises(Denied):
        intel_road.located(form, cast.again(min))


def test_a_role_that_is_given_again_in_the_same_team_ends_nothing(meeting, min, juniper):
    form = intel_road.begun(meeting.reference, min, (1,))

    again = moved(min, juniper, "minute_taker")

    assert intel_road.located(form, again).form == form


def test_leave_that_is_given_in_the_new_team_holds_there(meeting, cho, min, juniper, rowan):
    form = intel_road.begun(meeting.reference, min, (1,))
    again = moved(min, rowan, "practitioner")
    cast.join(again, juniper, "minute_taker", starts_on=clock.today())

    assert intel_road.begun(meeting.reference, cast.again(min), (1,)) == form
    assert intel_road.located(form, cast.again(min)).form == form


def test_what_a_writer_leaves_with_a_team_waits_for_who_has_the_child(robin, amara, mo, rowan, coo, client_of):
    form = intel_road.complete(intel.begin_from_referral(robin.reference, actor=amara, once=uuid4()), amara)
    intel.submit(form.reference, actor=amara)
    intel.answer(form.reference, "return_with_advice", actor=coo, reason="Say when.")
    asked = form.record.tasks.open().get(kind="intel_again")
    gone = moved(amara, rowan, "practitioner")
    assert asked not in tasks.tasks_of(gone)
    assert asked in tasks.team_tasks_of(mo)
    path, laptop = f"/referrals/{robin.reference}/intel/", client_of(mo)
    assert "works elsewhere now" in page(laptop.get(path)).text

    laptop.post(path, filled(laptop.get(path)))

    assert asked in tasks.tasks_of(cast.again(mo))
    intel.submit(form.reference, actor=cast.again(mo))
    intel.answer(form.reference, "decline", actor=coo, reason="It is for another panel.")
    assert form.record.tasks.open().get(kind="read_intel_answer").owner == mo


def closed(user, *_):
    """The account is closed, and every role ended with it."""
    user.memberships.update(ends_on=clock.today() - timedelta(days=1))
    user.is_active = False
    user.save()


def test_an_answer_that_nobody_is_left_to_read_is_read_by_who_goes_on(robin, amara, mo, rowan, coo, client_of):
    form = intel_road.complete(intel.begin_from_referral(robin.reference, actor=amara, once=uuid4()), amara)
    intel.submit(form.reference, actor=amara)
    asked = form.record.tasks.open().get(kind="sift_intel")
    assert asked not in tasks.team_tasks_of(mo)
    intel.answer(form.reference, "accept", actor=coo, reason="It is for the panel.")
    moved(amara, rowan, "practitioner")
    shown = page(client_of(mo).get("/team-work/"))
    assert f"/intel/{form.reference}/" in [href for href, _ in shown.links]

    assert intel.begin_from_referral(robin.reference, actor=mo, once=uuid4()) == form
    intel.read_answer(form.reference, actor=mo)

    assert intel.begin_from_referral(robin.reference, actor=cast.again(mo), once=uuid4()) != form


@pytest.mark.parametrize("goes", [moved, closed], ids=["to another team", "with a closed account"])
def test_of_what_a_writer_left_its_team_s_managers_are_reminded(robin, amara, mo, rowan, coo, time_machine, goes):
    form = intel_road.complete(intel.begin_from_referral(robin.reference, actor=amara, once=uuid4()), amara)
    intel.submit(form.reference, actor=amara)
    intel.answer(form.reference, "return_with_advice", actor=coo, reason="Say when.")
    asked = form.record.tasks.open().get(kind="intel_again")
    goes(amara, rowan, "practitioner")
    assert asked in tasks.team_tasks_of(mo)
    day = add_working_days(clock.today(), 1)
    form.record.tasks.filter(pk=asked.pk).update(due_on=day)

    time_machine.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False)
    reminders.sweep()

    told = set(Reminder.objects.filter(task=asked).values_list("user__name", flat=True))
    assert told == {mo.name}


def test_an_answer_that_its_author_may_not_open_is_read_by_who_writes_it_too(meeting, robin, cho, min, mo, coo):
    form = intel_road.submitted(meeting.reference, cho)
    restricting.bar(robin.reference, actor=mo, user=cho, reason="Lives next door.")
    intel.answer(form.reference, "decline", actor=coo, reason="Not for the panel.")

    assert form.record.tasks.open().get(kind="read_intel_answer").owner == min
    intel.read_answer(form.reference, actor=min)

    assert not form.record.tasks.open().exists()


def test_what_was_typed_stays_where_a_colleague_took_the_entry_out(meeting, cho, min, client_of):
    form = intel_road.begun(meeting.reference, cho, (1,))
    entry = intel_road.located(form, cho, "The pier", text="One.")
    browser, address = client_of(cho), f"/intel/{form.reference}/entries/{entry.number}/"
    typed = filled(browser.get(address)) | {"text": "What nobody wrote before."}
    intel.drop_entry(form.reference, entry.number, actor=min, reason="Wrong place.")

    answer = browser.post(address, typed)

    assert answer.status_code == 409
    assert "What nobody wrote before." in answer.content.decode()
    assert browser.get(f"/intel/{form.reference}/entries/99/").status_code == 404


def test_what_was_written_anew_is_read_before_it_is_taken_out(meeting, cho, min, client_of):
    form = intel_road.begun(meeting.reference, cho, (1,))
    entry = intel_road.located(form, cho, "The pier", text="One.")
    browser, address = client_of(cho), f"/intel/{form.reference}/entries/{entry.number}/take-out/"
    typed = filled(browser.get(address)) | {"reason": "It says nothing."}
    intel.change_entry(
        form.reference, entry.number, actor=min, entry=intel_road.entry(text="Seen each day.", said_by="A warden")
    )

    answer = browser.post(address, typed)

    assert answer.status_code == 409
    assert form.standing_entries().filter(pk=entry.pk).exists()
