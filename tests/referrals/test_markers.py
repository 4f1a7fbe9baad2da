"""Markers: agreed with a manager, shown to whoever opens the child, looked at again, ended; never deleted (A8, B15)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hsb.core import clock, settings_in_force
from hsb.core.calendar import add_working_days
from hsb.core.forms import date_parts
from hsb.core.models import AccessBar, Entry, Record, Task
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from hsb.people.states import Role
from referrals.models import Marker, Person
from referrals.services import episodes, markers, meetings, working
from tests import cast
from tests.pages import filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db

WHY = "The neighbour shouts at visitors."


@pytest.fixture
def case(front_door, amara, bea, mo, willow):
    """A child with Willow; Bea works with them."""
    return road.at_work(road.with_statutory(amara, mo, willow, bea), bea)


def add(referral, actor, agreed_by, **changed):
    answers = {
        "once": uuid4(),
        "person": referral.person.reference,
        "kind": "in_pairs",
        "reason": WHY,
        "agreed_by": agreed_by,
        "review_on": clock.today() + timedelta(days=30),
        "person_told_on": clock.today(),
        "parent_not_told_because": "Nobody was at home.",
    }
    return markers.add_marker(referral.reference, actor=actor, **answers | changed)


def review(referral, actor, marker, **changed):
    answers = {"review_on": clock.today() + timedelta(days=60), "reason": "Still so.", "version": marker.version}
    return markers.review_marker(
        referral.reference, actor=actor, person=marker.person.reference, number=marker.number, **answers | changed
    )


def end(referral, actor, marker, **changed):
    answers = {"reason": "They moved away.", "version": marker.version} | changed
    return markers.end_marker(
        referral.reference, actor=actor, person=marker.person.reference, number=marker.number, **answers
    )


def address(referral, verb, *more):
    return reverse(f"referrals:{verb}", args=[referral.reference, referral.person.reference, *more])


def case_url(referral):
    return reverse("referrals:case", args=[referral.reference])


def tasks(referral, kind="review_marker"):
    return list(Task.objects.open().filter(record=referral.record, kind=kind).order_by("pk"))


def confirm(referral, actor, marker, agreed=True, **more):
    return markers.confirm_marker(
        referral.reference,
        actor=actor,
        person=marker.person.reference,
        number=marker.number,
        agreed=agreed,
        **more,
    )


def tell(referral, actor, marker, who="parent", told_on=None):
    return markers.tell_marker(
        referral.reference,
        actor=actor,
        person=marker.person.reference,
        number=marker.number,
        who=who,
        told_on=told_on or clock.today(),
    )


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_worker_adds_a_marker_through_the_page(case, client_of, bea, mo):
    laptop = client_of(bea)
    opened = laptop.get(address(case, "add_marker"))
    review_on = clock.today() + timedelta(days=30)

    answer = laptop.post(
        address(case, "add_marker"),
        filled(
            opened,
            kind="in_pairs",
            reason=WHY,
            agreed_by=mo.email,
            told="yes",
            parent_told="no",
            parent_not_told_because="Nobody was at home.",
            **date_parts("told_on", clock.today()),
            **date_parts("review_on", review_on),
        ),
    )

    assert answer.status_code == 302
    marker = case.person.markers.get()
    assert (marker.kind, marker.agreed_by, marker.added_by, marker.review_on) == ("in_pairs", mo, bea, review_on)
    assert (marker.person_told_on, marker.parent_told_on) == (clock.today(), None)
    told = page(laptop.get(answer.url)).text
    assert "Home visit in pairs" in told
    assert f"Agreed with {mo.name}, who has not confirmed it yet" in told
    assert "Not told: Nobody was at home." in told


def test_whoever_opens_the_case_sees_the_type_and_finds_the_reason_folded(case, client_of, bea, mo):
    add(case, bea, mo)
    laptop = client_of(mo)

    overview, chronology = laptop.get(case_url(case)), laptop.get(road.url(case, "chronology"))

    assert "Home visit in pairs" in page(chronology).text
    assert WHY not in page(chronology).text
    assert f'<div class="govuk-details__text">{WHY}</div>' in overview.content.decode()


def test_the_entry_on_the_persons_record_says_nothing_of_what_was_written(case, bea, mo):
    marker = add(case, bea, mo)
    review(case, bea, marker)
    end(case, bea, Marker.objects.get())

    entries = Entry.objects.filter(record=case.person.record).order_by("number")
    assert [entry.verb for entry in entries][-3:] == ["add_marker", "review_marker", "end_marker"]
    said = "".join(f"{entry.reason}{entry.facts}" for entry in entries)
    assert not any(text in said for text in (WHY, "Nobody was at home", "Still so", "They moved away"))
    assert not case.person.history.exclude(pk=case.person.history.last().pk).exists(), "no empty old version"


def test_a_manager_must_agree_and_never_who_adds_it(case, bea, mo, max, amara):
    for nobody in (bea, amara, max):
        with pytest.raises(NotReady):
            add(case, bea, nobody)
    with pytest.raises(NotReady, match="never the person who adds it"):
        add(case, mo, mo)

    assert not Marker.objects.exists()


def test_without_saying_who_was_told_or_why_not_it_is_refused(case, bea, mo):
    with pytest.raises(NotReady, match="Say when the child was told.*Say when the parent was told"):
        add(case, bea, mo, person_told_on=None, parent_not_told_because=" ")


def test_sent_twice_it_is_one_marker(case, bea, mo):
    once = uuid4()

    assert add(case, bea, mo, once=once).pk == add(case, bea, mo, once=once).pk
    assert Marker.objects.count() == 1


def test_who_does_not_work_with_the_case_adds_none(case, dot, mo, carl):
    for stranger in (dot, carl):
        with pytest.raises(Denied):
            add(case, stranger, mo)


def test_of_somebody_who_is_in_no_concern_of_the_case_nothing_is_added(case, bea, mo):
    other = cast.person(given_name="Ash")

    with pytest.raises(Denied):
        add(case, bea, mo, person=other.reference)


def test_wording_that_labels_is_asked_about_and_kept_by_a_tick(case, client_of, bea, mo):
    laptop = client_of(bea)
    typed = filled(
        laptop.get(address(case, "add_marker")),
        kind="lone_worker",
        reason="The uncle is an offender.",
        agreed_by=mo.email,
        told="no",
        not_told_because="Too young.",
        parent_told="yes",
        **date_parts("parent_told_on", clock.today()),
        **date_parts("review_on", clock.today()),
    )

    asked = laptop.post(address(case, "add_marker"), typed)

    assert asked.status_code == 422
    assert "You wrote “offender”." in page(asked).text
    assert laptop.post(address(case, "add_marker"), filled(asked, keep_words_reason="on")).status_code == 302
    assert Marker.objects.get().reason == "The uncle is an offender."


def test_the_borough_names_the_types_in_its_own_words(case, client_of, bea, mo, dee):
    add(case, bea, mo)
    settings_in_force.set_value(
        "marker_labels", {"in_pairs": "Visit with a colleague"}, from_on=clock.today(), actor=dee
    )
    settings_in_force.forget()

    told = page(client_of(bea).get(case_url(case))).text
    assert "Visit with a colleague" in told
    assert "Home visit in pairs" not in told


# --- Who sees it ------------------------------------------------------------------------------------------------------


def test_who_may_not_open_the_case_sees_nothing(case, client_of, bea, mo, carl):
    add(case, bea, mo)

    assert client_of(carl).get(address(case, "markers")).status_code == 404
    assert not Marker.objects.visible_to(carl).exists()


def test_a_bar_beats_it(case, client_of, bea, mo):
    add(case, bea, mo)
    AccessBar.objects.create(record=case.person.record, user=bea, reason="Kin.", set_by=mo, set_at=clock.now())

    assert not Marker.objects.visible_to(bea).exists()
    assert client_of(bea).get(address(case, "markers")).status_code == 404


def test_on_a_restricted_child_only_the_named_see_it(case, client_of, bea, mo, aud):
    add(case, bea, mo)
    assert Marker.objects.visible_to(aud).exists()

    Record.objects.filter(pk__in=(case.pk, case.person_id)).update(restricted=True)

    assert not Marker.objects.visible_to(aud).exists()
    assert not Marker.objects.visible_to(mo).exists()
    assert client_of(aud).get(address(case, "markers")).status_code == 404


def test_no_search_tells_of_it(case, client_of, bea, mo):
    add(case, bea, mo)

    found = client_of(bea).post(reverse("overview:search"), {"terms": "Robin Sample"}, follow=True)

    assert "Robin Sample" in page(found).text
    assert "Home visit in pairs" not in page(found).text


def test_readers_without_a_part_in_the_case_are_offered_no_change(case, client_of, bea, mo, aud):
    add(case, bea, mo)

    links = [href for href, _ in page(client_of(aud).get(address(case, "markers"))).links]

    assert not any("/markers/" in href and href != address(case, "markers") for href in links)


# --- The manager who agreed -------------------------------------------------------------------------------------------


def test_the_manager_who_agreed_is_asked_to_say_so_and_does(case, client_of, bea, mo):
    marker = add(case, bea, mo)
    (asked,) = tasks(case, "confirm_marker")
    assert (asked.owner, asked.due_on) == (mo, add_working_days(clock.today(), 1))
    path, desk = address(case, "confirm_marker", 1), client_of(mo)
    assert path in [href for href, _ in page(desk.get(address(case, "markers"))).links]
    opened = desk.get(path)
    assert WHY in page(opened).text

    answer = desk.post(path, filled(opened, agreed="yes"))

    assert answer.status_code == 302
    assert f"Agreed by {mo.name} on" in page(desk.get(answer.url)).text
    marker.refresh_from_db()
    assert (marker.confirmed_by, marker.ended_at) == (mo, None)
    asked.refresh_from_db()
    assert asked.done_by == mo
    assert len(tasks(case)) == 1, "its review is still to come"
    assert desk.post(path, {"agreed": "no", "reason": "x"}).status_code == 409
    with pytest.raises(AlreadyMoved):
        confirm(case, mo, marker)


def test_a_marker_that_its_manager_did_not_agree_to_ends(case, client_of, bea, mo):
    add(case, bea, mo)
    path, desk = address(case, "confirm_marker", 1), client_of(mo)

    assert desk.post(path, filled(desk.get(path), agreed="no")).status_code == 422, "with the reason why"
    assert desk.post(path, filled(desk.get(path), agreed="no", reason="It was the other house.")).status_code == 302

    marker = Marker.objects.get()
    assert (marker.ended_by, marker.ended_reason, marker.confirmed_at) == (mo, "It was the other house.", None)
    assert tasks(case) == tasks(case, "confirm_marker") == []


def test_nobody_else_confirms_it(case, willow, bea, mo, amara):
    other = cast.user("Mia", (willow, Role.MANAGER))
    marker = add(case, bea, mo)

    for somebody in (bea, amara, other):
        with pytest.raises(Denied):
            confirm(case, somebody, marker)

    ends = add(case, other, mo)
    mo.memberships.update(role=Role.PRACTITIONER)
    with pytest.raises(Denied):
        confirm(case, other, ends)  # never who added it


def test_where_that_manager_may_not_any_more_the_teams_managers_are_asked(case, willow, client_of, bea, mo, amara):
    other = cast.user("Mia", (willow, Role.MANAGER))
    marker = add(case, bea, mo)
    working.name_worker(case.reference, actor=mo, worker=amara, reason="Bea leaves.")
    assert [task.owner for task in tasks(case, "confirm_marker")] == [mo]
    mo.memberships.update(role=Role.PRACTITIONER)

    working.name_worker(case.reference, actor=other, worker=bea, reason="Amara leaves.")

    assert [(task.owner, task.team, task.role) for task in tasks(case, "confirm_marker")] == [
        (None, willow, Role.MANAGER)
    ]
    confirm(case, other, marker)
    told = page(client_of(other).get(address(case, "markers"))).text
    assert f"Agreed by {other.name}, in place of {mo.name}" in told


# --- Told later -------------------------------------------------------------------------------------------------------


def test_who_was_not_told_at_first_and_is_later_is_recorded_once(case, client_of, bea, mo):
    marker = add(case, bea, mo)
    path, laptop = address(case, "tell_marker", 1), client_of(bea)
    assert path in [href for href, _ in page(laptop.get(address(case, "markers"))).links]
    with pytest.raises(NotReady, match="in the future"):
        tell(case, bea, marker, told_on=clock.today() + timedelta(days=1))
    with pytest.raises(AlreadyMoved):
        tell(case, bea, marker, who="person")

    answer = laptop.post(path, filled(laptop.get(path), **date_parts("told_on", clock.today())))

    assert answer.status_code == 302
    told = page(laptop.get(answer.url))
    assert f"recorded by {bea.name}. At first: Not told: Nobody was at home." in told.text
    assert path not in [href for href, _ in told.links]
    kept = marker.tellings.get()
    assert (kept.who, kept.told_on, kept.by) == ("parent", clock.today(), bea)
    assert laptop.get(path).status_code == 409
    with pytest.raises(AlreadyMoved):
        tell(case, bea, marker)


# --- Looking at it again ----------------------------------------------------------------------------------------------


def test_whoever_has_the_child_is_asked_to_look_again_and_gives_a_new_day(case, client_of, bea, mo):
    marker = add(case, bea, mo)
    (asked,) = tasks(case)
    assert (asked.owner, asked.due_on) == (bea, marker.review_on)
    laptop = client_of(bea)
    path = address(case, "review_marker", 1)
    assert path in [href for href, _ in page(laptop.get(case_url(case))).links]
    again_on = clock.today() + timedelta(days=90)

    answer = laptop.post(path, filled(laptop.get(path), reason="Still so.", **date_parts("review_on", again_on)))

    assert answer.status_code == 302
    marker.refresh_from_db()
    kept = marker.reviews.get()
    assert (kept.due_on, kept.review_on, kept.reason, kept.by) == (asked.due_on, again_on, "Still so.", bea)
    assert marker.review_on == again_on
    (again,) = tasks(case)
    assert (again.due_on, again.owner) == (again_on, bea)
    asked.refresh_from_db()
    assert asked.done_by == bea


def test_two_who_look_at_it_at_once_are_not_one(case, bea, mo):
    marker = add(case, bea, mo)
    review(case, bea, marker)

    with pytest.raises(Changed) as refused:
        review(case, mo, marker)

    assert refused.value.who == bea.name
    assert refused.value.reference == case.reference


def test_an_ended_one_is_not_ended_again(case, bea, mo, client_of):
    marker = add(case, bea, mo)
    end(case, bea, marker)

    with pytest.raises(AlreadyMoved):
        end(case, mo, marker)
    assert client_of(mo).post(address(case, "end_marker", 1), {"version": 0, "reason": "x"}).status_code == 409


def test_ended_it_stays_to_be_read_and_asks_for_nothing(case, client_of, bea, mo):
    end(case, bea, add(case, bea, mo))

    assert tasks(case) == []
    told = page(client_of(mo).get(address(case, "markers"))).text
    assert "Markers that have ended" in told
    assert "They moved away." in told
    assert "Home visit in pairs" not in page(client_of(mo).get(case_url(case))).text


def test_the_task_goes_along_with_the_child(case, bea, mo, amara):
    add(case, bea, mo)

    working.name_worker(case.reference, actor=mo, worker=amara, reason="Bea leaves.")

    assert [task.owner for task in tasks(case)] == [amara]


# --- Closing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def proposed(case, bea, mo):
    meetings.decide_meeting(
        case.meeting_decisions.get().reference, actor=mo, convene=False, reason="Nothing points to it."
    )
    return road.closing_proposed(road.again(case), bea)


def close(browser, referral, **answers):
    path = road.url(referral, "close")
    sure = browser.post(path, filled(browser.get(path), reason="The plan is met.", **road.WEIGHED, **answers))
    return sure


def test_closing_asks_of_each_marker_whether_it_stays(proposed, client_of, bea, mo):
    add(proposed, bea, mo)
    add(proposed, bea, mo, kind="interpreter", reason="Speaks Tigrinya.")
    desk = client_of(mo)

    assert close(desk, proposed).status_code == 422
    sure = close(desk, proposed, marker_1="end", marker_1_because="The neighbour moved.", marker_2="keep")

    told = page(sure).text
    assert "The marker “Home visit in pairs” ends." in told
    assert "The marker “Needs an interpreter” stays on the child." in told
    closed = desk.post(road.url(proposed, "close"), filled(sure, confirmed="1"))
    assert closed.status_code == 302
    assert road.again(proposed).state == "closed"
    first, second = Marker.objects.order_by("number")
    assert (first.ended_by, first.ended_reason) == (mo, "The neighbour moved.")
    assert second.ended_at is None
    assert [(task.about, task.owner) for task in tasks(proposed)] == [(second.about, bea)], "the last holder's"
    assert [task.about for task in tasks(proposed, "confirm_marker")] == [second.about]


def test_a_child_without_markers_is_closed_without_a_question(proposed, client_of, mo):
    assert "marker" not in page(client_of(mo).get(road.url(proposed, "close"))).text.lower()


def test_a_new_episode_asks_for_the_review_of_what_stayed(proposed, bea, mo, front_door):
    marker = add(proposed, bea, mo)
    working.close(proposed.reference, actor=mo, reason="The plan is met.", weighed=road.weighed())
    review(proposed, bea, marker)
    marker.refresh_from_db()
    assert [task.due_on for task in tasks(proposed)] == [marker.review_on]

    episode = episodes.reopen(proposed.reference, actor=bea, reason="New information.")

    assert [task.due_on for task in tasks(episode)] == [marker.review_on]
    assert tasks(proposed) == []
    assert [task.due_on for task in tasks(episode, "confirm_marker")] == [add_working_days(clock.today(), 1)]


def test_what_was_asked_about_an_adult_goes_along_when_the_referral_is_attached(case, bea, mo):
    adult = cast.person(given_name="Kit", is_adult=True)
    case.involvements.get().concern.involvements.create(person=adult, role="person_of_concern")
    marker = add(case, bea, mo, person=adult.reference)
    other = cast.referral(bea, held_by=case.record.holding_team, state="statutory", worker=bea)

    markers.carry_over(case, other)

    assert [(task.about, task.due_on, task.owner) for task in tasks(other)] == [(marker.about, marker.review_on, bea)]
    assert [task.owner for task in tasks(other, "confirm_marker")] == [mo]


# --- An adult ---------------------------------------------------------------------------------------------------------


def test_an_adult_is_told_and_no_parent_asked(case, client_of, bea, mo):
    adult = cast.person(given_name="Kit", is_adult=True)
    concern = case.involvements.get().concern
    concern.involvements.create(person=adult, role="person_of_concern")
    path = reverse("referrals:add_marker", args=[case.reference, adult.reference])
    laptop = client_of(bea)

    answer = laptop.post(
        path,
        filled(
            laptop.get(path),
            kind="lone_worker",
            reason=WHY,
            agreed_by=mo.email,
            told="no",
            not_told_because="It would be no safer.",
            **date_parts("review_on", clock.today()),
        ),
    )

    assert answer.status_code == 302
    assert Person.objects.get(pk=adult.pk).markers.get().parent_not_told_because == ""
    assert [task.about for task in tasks(case)] == [f"{adult.reference}-1"]
    assert "Risk to lone workers" not in page(laptop.get(case_url(case))).text.split("Open tasks")[0]


def test_a_form_that_is_sent_again_with_other_words_is_refused_not_forgotten(case, bea, mo):
    once = uuid4()
    made = add(case, bea, mo, once=once)

    assert add(case, bea, mo, once=once) == made
    with pytest.raises(NotReady, match="says something else"):
        add(case, bea, mo, once=once, reason="Another dog.")
    assert Marker.objects.get() == made
