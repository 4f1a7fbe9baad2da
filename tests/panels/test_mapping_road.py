"""A mapping meeting from the call to the frozen map, through its services: state, entry, and who was told."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import override_settings

from hsb.core import clock, words
from hsb.core.calendar import add_working_days
from hsb.core.forms import date_parts
from hsb.core.models import Action, Entry, Place, Task
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from hsb.people.models import User
from panels.models import MapLink, MapNode, MappingMeeting, MapSnapshot
from panels.models.mapping import digest_of
from panels.selectors import mapping as pages
from panels.selectors.mapping import chairs, mapping_frame, section
from panels.selectors.mapping_reading import MapReading
from panels.services import mapping
from referrals.models import Referral
from referrals.selectors import people
from referrals.services import agreed
from strategy_meetings.models import IntelForm, Theme
from tests import cast
from tests.pages import filled, page
from tests.panels import mapping_road as road
from tests.referrals import case_road

pytestmark = pytest.mark.django_db
DAY = date_parts("planned_on", clock.today())


@pytest.fixture
def robin(amara, willow):
    return road.child(amara, willow, "Robin", worker=amara)


@pytest.fixture
def meeting(cho, juniper):
    return road.called(cho)


@pytest.fixture
def mapped(meeting, cho, robin):
    """Held, with Robin, the park and a link on the map."""
    road.held(meeting, cho)
    one = road.put(meeting, cho, robin.person)
    park = road.placed(meeting, cho)
    road.linked(meeting, cho, one, park, "goes_to")
    return road.again(meeting)


def verbs(record):
    return list(Entry.objects.filter(record=record).order_by("number").values_list("verb", flat=True))


def open_tasks(record):
    return list(Task.objects.open().filter(record=record).values_list("kind", "owner__name", "due_on"))


# --- Called ---


def test_a_chair_calls_one_on_a_group(meeting, cho):
    assert meeting.reference.startswith("MAP-")
    assert meeting.state == "planned"
    assert [node.group.name for node in meeting.nodes.all()] == ["The bandstand group"]
    assert open_tasks(meeting.record) == [("hold_mapping", "Cho", clock.today())]
    assert verbs(meeting.record) == ["call_mapping"]


def test_a_manager_calls_one_on_an_incident_of_a_child_whom_they_may_open(mo, robin):
    meeting = road.called(mo, referral=robin.reference)

    assert meeting.concern == robin.involvements.get().concern
    assert not meeting.nodes.exists()


def test_nobody_calls_one_on_an_incident_of_a_child_whom_they_may_not_open(max, robin):
    with pytest.raises(NotReady, match="that you may open"):
        road.called(max, referral=robin.reference)
    assert not MappingMeeting.objects.exists()


@pytest.mark.parametrize("who", ["amara", "min", "coo", "aud", "dee"])
def test_nobody_else_calls_one(request, who):
    with pytest.raises(Denied):
        road.called(request.getfixturevalue(who))


def test_the_same_form_twice_is_one_meeting(cho, juniper):
    once = uuid4()

    assert road.called(cho, once=once) == road.called(cho, once=once)
    assert MappingMeeting.objects.count() == 1


def test_who_is_named_reads_it_and_is_taken_away_again(meeting, cho, amara):
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=cho, readers=[amara])
    assert MappingMeeting.objects.visible_to(amara).filter(pk=meeting.pk).exists()

    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=cho, readers=[])

    assert not MappingMeeting.objects.visible_to(amara).filter(pk=meeting.pk).exists()


def with_an_adult(meeting, by):
    """Held, with an adult without a referral on the map: what is agreed for them hangs on the meeting itself."""
    road.held(meeting, by)
    return road.put(meeting, by, cast.person("Gus", "Grown", is_adult=True))


def test_who_has_an_action_to_do_opens_the_meeting_when_nobody_names_them_any_more(meeting, cho, eli, client_of):
    node = with_an_adult(meeting, cho)
    kept = {"actor": cho, "planned_on": meeting.planned_on, "chair": cho, "keeper": cho}
    mapping.arrange(meeting.reference, readers=[eli], **kept)
    action = road.acted(meeting, cho, node, owner=eli, owner_name="")

    mapping.arrange(meeting.reference, readers=[], **kept)

    page_of_action = f"/mapping/{meeting.reference}/actions/{action.number}/"
    assert client_of(cast.again(eli)).get(page_of_action).status_code == 200
    said = f"{eli.name} reads the map until what they have to do for it is done"
    assert said in page(client_of(cho).get(f"/mapping/{meeting.reference}/arrange/")).text
    mapping.finish_action(meeting.reference, action.number, actor=eli, done_on=clock.today(), outcome="Done.")
    mapping.arrange(meeting.reference, readers=[], **kept)
    assert not MappingMeeting.objects.visible_to(cast.again(eli)).exists()


def test_an_action_on_a_childs_record_names_nobody_else_of_the_map(mapped, cho, robin):
    node = mapped.nodes.get(person=robin.person)
    road.put(mapped, cho, cast.person("Gussie", "Grownup", is_adult=True))

    with pytest.raises(NotReady, match="word it without “Gussie Grownup”"):
        road.acted(mapped, cho, node, what="Walks home without Gussie Grownup.")

    assert road.acted(mapped, cho, node, what="Walks home with a trusted adult.").record == robin.record


def test_an_action_that_nobody_of_ours_does_is_the_new_chairs(juniper, cho):
    kay, zoe = cast.user("Kay", (juniper, "manager")), cast.user("Zoe", (juniper, "chair"))
    meeting = road.called(kay, chair=cho)
    node = with_an_adult(meeting, kay)
    road.acted(meeting, kay, node)
    road.acted(meeting, kay, node, owner=cho, owner_name="")

    mapping.arrange(meeting.reference, actor=kay, planned_on=meeting.planned_on, chair=zoe, keeper=zoe, readers=[])

    tasks = meeting.record.tasks.open().order_by("about").values_list("kind", "about", "owner__name")
    about = f"{meeting.reference}-"
    assert set(tasks) == {("complete_map", "", "Zoe"), ("action", f"{about}1", "Zoe"), ("action", f"{about}2", "Cho")}
    assert MappingMeeting.objects.visible_to(cast.again(cho)).exists()


def test_a_stale_arrangement_is_refused(meeting, cho):
    kept = {"actor": cho, "planned_on": meeting.planned_on, "chair": cho, "keeper": cho, "readers": []}
    mapping.arrange(meeting.reference, version=1, **kept)

    with pytest.raises(Changed):
        mapping.arrange(meeting.reference, version=1, **kept)


# --- Held, put off ---


@pytest.mark.parametrize(("days", "sentence"), [(1, "cannot lie ahead"), (-12, "working days before")])
def test_the_day_on_which_it_was_held_can_be(meeting, cho, days, sentence):
    road.placed(meeting, cho)
    with pytest.raises(NotReady, match=sentence):
        mapping.hold(meeting.reference, actor=cho, held_on=clock.today() + timedelta(days=days))


def test_what_another_meetings_form_made_is_not_given_back(meeting, cho, robin):
    other, once = road.called(cho), uuid4()
    theirs = road.put(other, cho, robin.person, once=once)

    with pytest.raises(NotReady, match="sent before"):
        road.put(meeting, cho, robin.person, once=once)

    assert list(other.nodes.filter(person__isnull=False)) == [theirs]


def test_whoever_may_complete_the_map_too_is_told_whose_it_is(mapped, cho, amara, client_of):
    mapping.arrange(mapped.reference, actor=cho, planned_on=mapped.planned_on, chair=cho, keeper=amara, readers=())
    path = f"/mapping/{mapped.reference}/"

    assert "Amara does this. You may do it too" in page(client_of(cho).get(path)).text
    assert "Yours to do" in page(client_of(amara).get(path)).text


def test_an_action_was_not_done_long_before_it_was_agreed(mapped, cho, amara):
    wren = road.put(mapped, cho, cast.person("Wren", "Newcomer", is_adult=True))
    road.acted(mapped, cho, wren)
    agreed = mapped.record.actions.get()
    done = {"actor": cho, "outcome": "Walked home."}

    with pytest.raises(NotReady, match="was agreed on"):
        mapping.finish_action(mapped.reference, agreed.number, done_on=clock.today() - timedelta(days=1), **done)

    assert mapping.finish_action(mapped.reference, agreed.number, done_on=clock.today(), **done).done_on


def test_once_held_its_map_is_to_be_completed(meeting, cho):
    road.held(meeting, cho)

    assert road.again(meeting).state == "held"
    assert open_tasks(meeting.record) == [("complete_map", "Cho", add_working_days(clock.today(), 5))]


def test_it_was_not_held_long_before_it_was_called(meeting, cho):
    """A few working days before is a meeting that came about at once; a year before is a slip of the hand."""
    first = add_working_days(clock.today(), -5)
    for day in (clock.today() - timedelta(days=365), first - timedelta(days=1)):
        with pytest.raises(NotReady, match="was called on .* check the day"):
            mapping.hold(meeting.reference, actor=cho, held_on=day)
    with pytest.raises(NotReady, match="cannot lie ahead"):
        mapping.hold(meeting.reference, actor=cho, held_on=clock.today() + timedelta(days=1))
    assert road.again(meeting).state == "planned"

    assert mapping.hold(meeting.reference, actor=cho, held_on=first).held_on == first


def test_put_off_and_planned_again(meeting, cho):
    day = clock.today() + timedelta(days=7)
    mapping.postpone(meeting.reference, actor=cho, reason="The police cannot come.")
    assert road.again(meeting).state == "postponed"
    with pytest.raises(AlreadyMoved):
        road.held(meeting, cho)

    mapping.plan_again(meeting.reference, actor=cho, planned_on=day)

    assert road.again(meeting).state == "planned"
    assert open_tasks(meeting.record) == [("hold_mapping", "Cho", day)]


def test_cancelled_nobody_reads_it_and_nothing_is_asked(meeting, cho):
    mapping.cancel(meeting.reference, actor=cho, reason="It was about nothing.")

    assert road.again(meeting).state == "cancelled"
    assert open_tasks(meeting.record) == []
    assert not MappingMeeting.objects.visible_to(cho).exists()


@pytest.mark.parametrize("who", ["amara", "mo"])
def test_nobody_else_moves_it(meeting, cho, who, request):
    user = request.getfixturevalue(who)
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=cho, readers=[user])

    with pytest.raises(Denied):
        mapping.hold(meeting.reference, actor=user, held_on=clock.today())
    with pytest.raises(Denied):
        road.placed(meeting, user)


def test_who_keeps_the_map_writes_on_it_and_does_not_move_it(meeting, cho, amara):
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=amara, readers=[])

    road.placed(meeting, amara)

    with pytest.raises(Denied):
        mapping.hold(meeting.reference, actor=amara, held_on=clock.today())


# --- On the map ---


def test_a_childs_own_record_says_that_the_child_is_on_a_map(meeting, cho, robin):
    road.put(meeting, cho, robin.person)
    road.put(meeting, cho, robin.person)

    assert MapNode.objects.filter(person=robin.person).count() == 1
    assert verbs(robin.record).count("put_on_map") == 1


def test_a_place_is_the_same_as_elsewhere(meeting, cho):
    road.placed(meeting, cho, "Lantern Park")
    road.placed(meeting, cho, "lantern  park")

    assert meeting.nodes.filter(kind="place").count() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café Park", "Cafe\u0301 Park"),
        ("Café Park", "Cafe park"),
        ("St John's Park", "St Johns Park"),
        ("St John’s Park", "St. John's park"),
        ("...", " ..."),
    ],
)
def test_one_place_and_one_group_is_one_however_it_is_spelt(one, other):
    assert Place.called("park", one) == Place.called("park", other)
    assert Theme.called("group", one) == Theme.called("group", other)
    assert Place.called("park", "Elm Park") != Place.called("park", one)


def test_somebody_new_can_be_found_afterwards(meeting, cho, amara):
    node = mapping.put_new_person(
        meeting.reference,
        actor=cho,
        once=uuid4(),
        details={"given_name": "Wren", "family_name": "Newcomer", "is_adult": True, "born_on": None},
    )

    from_search = people.find_persons(amara, {"words": "Wren Newcomer"})
    assert [row["name"] for row in from_search] == ["Wren Newcomer"]
    assert node.person.keys.exists()


def test_a_link_reads_the_right_way_round(meeting, cho, robin):
    one, park = road.put(meeting, cho, robin.person), road.placed(meeting, cho)

    link = road.linked(meeting, cho, park, one, "goes_to")

    assert (link.one, link.other) == (one, park)


@pytest.mark.parametrize("kind", ["family", "member_of", "lives_with"])
def test_a_link_that_means_nothing_is_explained(meeting, cho, robin, kind):
    one, park = road.put(meeting, cho, robin.person), road.placed(meeting, cho)

    with pytest.raises(NotReady, match="joins a"):
        road.linked(meeting, cho, one, park, kind)


def test_no_link_says_what_somebody_did_to_somebody():
    assert {kind for kind, _ in MapLink._meta.get_field("kind").choices} == {
        "knows",
        "family",
        "lives_with",
        "travels_with",
        "online",
        "goes_to",
        "member_of",
    }


def test_the_same_form_twice_is_one_link(meeting, cho, robin):
    one, park, once = road.put(meeting, cho, robin.person), road.placed(meeting, cho), uuid4()

    for _ in range(2):
        road.linked(meeting, cho, one, park, "goes_to", once=once)

    assert meeting.links.count() == 1


def test_a_form_that_was_sent_for_another_meeting_gives_nothing_of_it_and_adds_nothing(meeting, cho, robin):
    other, once = road.called(cho, group="The football table"), [uuid4() for _ in range(4)]
    road.held(meeting, cho), road.held(other, cho)
    new = {"given_name": "Wren", "family_name": "Newcomer", "is_adult": True, "born_on": None}
    deeds = [
        lambda m: road.placed(m, cho, once=once[0]),
        lambda m: mapping.put_new_person(m.reference, actor=cho, once=once[1], details=new),
        lambda m: road.linked(m, cho, *m.nodes.filter(kind__in=("group", "place")), "goes_to", once=once[2]),
        lambda m: road.acted(m, cho, m.nodes.get(kind="person"), once=once[3]),
    ]
    for deed in deeds:
        deed(other)
    road.placed(meeting, cho)
    road.put(meeting, cho, robin.person)

    for deed in deeds:
        with pytest.raises(NotReady, match="sent before, for something else"):
            deed(meeting)
    assert (meeting.nodes.count(), meeting.links.count(), Action.objects.count()) == (3, 0, 1)


def test_nor_does_a_call_that_somebody_else_sent(cho, mo, juniper):
    once = uuid4()
    road.called(cho, once=once)

    with pytest.raises(NotReady, match="sent before"):
        road.called(mo, once=once)
    assert MappingMeeting.objects.count() == 1


def test_what_is_taken_out_stays_with_its_reason_and_takes_its_links_along(mapped, cho, robin):
    node = mapped.nodes.get(person=robin.person)

    mapping.take_out_node(mapped.reference, node.number, actor=cho, reason="Another Robin was meant.")

    node.refresh_from_db()
    assert node.taken_out_because == "Another Robin was meant."
    assert not mapped.standing_links().exists()
    assert mapped.links.count() == 1
    assert verbs(robin.record)[-1] == "taken_off_map"


def test_a_reason_that_the_page_did_not_show_is_not_replaced(mapped, cho, robin, client_of):
    node, first, second = mapped.nodes.get(person=robin.person), client_of(cho), client_of(cho)
    url = f"/mapping/{mapped.reference}/on-the-map/{node.number}/no-action/"
    one, other = filled(first.get(url)) | {"reason": "Is safe."}, filled(second.get(url)) | {"reason": "Has an adult."}
    assert first.post(url, one).status_code == 302
    assert first.post(url, one).status_code == 302  # the same form twice

    answer = second.post(url, other)

    assert answer.status_code == 409
    assert "Is safe." in page(answer).text
    assert "Has an adult." in page(answer).text
    node.refresh_from_db()
    assert node.no_action_because == "Is safe."
    again = filled(second.get(url))  # what was typed is there, kept
    assert second.post(url, again).status_code == 302  # whoever saw the other one may replace it
    node.refresh_from_db()
    assert node.no_action_because == "Has an adult."


@pytest.mark.parametrize(
    "change",
    [
        lambda m, by, node: road.placed(m, by, "Elm Court", "other"),
        lambda m, by, node: mapping.take_out_link(m.reference, 1, actor=by, reason="Nobody says so."),
        lambda m, by, node: road.acted(m, by, node),
    ],
    ids=["put on", "taken out", "agreed"],
)
def test_what_changed_since_the_page_was_shown_is_not_frozen_unseen(mapped, cho, robin, client_of, change):
    node, laptop, url = mapped.nodes.get(person=robin.person), client_of(cho), f"/mapping/{mapped.reference}/close/"
    road.no_action(mapped, cho, node)
    form = filled(laptop.get(url))
    change(mapped, cho, node)

    assert laptop.post(url, form).status_code == 409
    assert road.again(mapped).state == "held"
    assert laptop.post(url, filled(laptop.get(url))).status_code == 302
    assert road.again(mapped).state == "closed"


def test_nothing_is_taken_out_without_a_reason(mapped, cho):
    with pytest.raises(NotReady, match="why it is taken out"):
        mapping.take_out_link(mapped.reference, 1, actor=cho, reason=" ")


def test_what_was_typed_for_somebody_who_was_taken_out_meanwhile_is_not_lost(mapped, cho, robin, client_of):
    laptop, number = client_of(cho), mapped.nodes.get(person=robin.person).number
    base = f"/mapping/{mapped.reference}"
    typed = {
        f"{base}/on-the-map/{number}/add-action/": {"what": "Walk home together.", "agency": "x", "owner_name": "y"},
        f"{base}/on-the-map/{number}/no-action/": {"reason": "Is safe at the grandmother's."},
        f"{base}/on-the-map/{number}/take-out/": {"reason": "Somebody else was meant."},
        f"{base}/links/1/take-out/": {"reason": "Nobody says so any more."},
    }
    forms = {url: filled(laptop.get(url)) | said for url, said in typed.items()}
    mapping.take_out_node(mapped.reference, number, actor=cho, reason="Another Robin was meant.")

    for url, form in forms.items():
        answer = laptop.post(url, form)
        assert answer.status_code == 409, url
        assert next(iter(typed[url].values())) in page(answer).text
        assert "It is now: Taken out of the map." in page(answer).text
    assert laptop.get(f"{base}/on-the-map/99/add-action/").status_code == 404


def test_nor_for_an_action_that_was_taken_back_meanwhile(mapped, cho, robin, client_of):
    node = mapped.nodes.get(person=robin.person)
    action = road.acted(mapped, cho, node)
    laptop, url = client_of(cho), f"/mapping/{mapped.reference}/actions/{action.number}/take-back/"
    form = filled(laptop.get(url)) | {"reason": "It was done before."}
    mapping.drop_action(mapped.reference, action.number, actor=cho, reason="Not needed.")
    mapping.take_out_node(mapped.reference, node.number, actor=cho, reason="Another Robin was meant.")

    answer = laptop.post(url, form)

    assert answer.status_code == 409
    assert "It was done before." in page(answer).text


# --- What is agreed ---


def test_an_action_stands_on_the_childs_referral_and_is_done_there(mapped, cho, amara, robin):
    node = mapped.nodes.get(person=robin.person)

    action = road.acted(mapped, cho, node, owner=amara, owner_name="")

    assert (action.record_id, action.source_id, action.about) == (robin.pk, mapped.pk, str(node.number))
    assert [(k, o) for k, o, _ in open_tasks(robin.record)] == [("action", "Amara")]
    assert verbs(robin.record)[-1] == "mapping_agreed"
    assert Referral.objects.get(pk=robin.pk).next_due_on == action.due_on

    agreed.finish_action(
        robin.reference,
        actor=amara,
        source=mapped.reference,
        number=action.number,
        done_on=clock.today(),
        outcome="Done.",
    )
    assert open_tasks(robin.record) == []


def test_for_somebody_without_a_referral_it_stands_on_the_meeting(mapped, cho):
    node = road.put(mapped, cho, cast.person("Wren", "Newcomer", is_adult=True))

    action = road.acted(mapped, cho, node)

    assert action.record_id == mapped.pk
    assert ("action", "Cho", action.due_on) in open_tasks(mapped.record)
    mapping.finish_action(mapped.reference, action.number, actor=cho, done_on=clock.today(), outcome="Done.")
    assert [kind for kind, *_ in open_tasks(mapped.record)] == ["complete_map"]


@pytest.mark.parametrize("on_a_referral", [True, False], ids=["on the referral", "on the meeting"])
def test_no_action_was_done_before_it_was_agreed(meeting, cho, amara, robin, on_a_referral):
    held_on = clock.today() - timedelta(days=1)
    mapping.hold(meeting.reference, actor=cho, held_on=held_on)
    person = robin.person if on_a_referral else cast.person("Gus", "Grown", is_adult=True)
    action = road.acted(meeting, cho, road.put(meeting, cho, person))

    def done(day):
        said = {"number": action.number, "done_on": day, "outcome": "Done."}
        if on_a_referral:
            return agreed.finish_action(robin.reference, actor=amara, source=meeting.reference, **said)
        return mapping.finish_action(meeting.reference, actor=cho, **said)

    with pytest.raises(NotReady, match=f"It was agreed on {words.day(held_on)}: check the day"):
        done(held_on - timedelta(days=1))
    assert Action.objects.get().is_open
    assert done(held_on).done_on == held_on  # before it was typed, on the day of the meeting


def test_an_action_is_taken_back_with_a_reason(mapped, cho, robin):
    action = road.acted(mapped, cho, mapped.nodes.get(person=robin.person))

    mapping.drop_action(mapped.reference, action.number, actor=cho, reason="Done by school already.")

    assert open_tasks(robin.record) == []
    assert verbs(robin.record)[-1] == "mapping_dropped"


def test_the_same_form_twice_is_one_action(mapped, cho, robin):
    once = uuid4()
    for _ in range(2):
        road.acted(mapped, cho, mapped.nodes.get(person=robin.person), once=once)

    assert Action.objects.count() == 1


def test_before_it_was_held_nothing_is_agreed(meeting, cho, robin):
    node = road.put(meeting, cho, robin.person)

    with pytest.raises(NotReady, match="was held"):
        road.acted(meeting, cho, node)


# --- Closed ---


def test_no_name_without_an_action_or_a_reason_for_none(mapped, cho, robin):
    road.put(mapped, cho, cast.person("Wren", "Newcomer"))
    with pytest.raises(NotReady, match="2 people on the map have neither an action nor a reason for none"):
        road.closed(mapped, cho)
    road.acted(mapped, cho, mapped.nodes.get(person=robin.person))

    with pytest.raises(NotReady, match="1 person on the map has neither"):
        road.closed(mapped, cho)

    assert road.again(mapped).state == "held"
    assert not MapSnapshot.objects.exists()


def test_an_action_that_was_taken_back_is_none(mapped, cho, robin):
    action = road.acted(mapped, cho, mapped.nodes.get(person=robin.person))
    mapping.drop_action(mapped.reference, action.number, actor=cho, reason="Not needed.")

    with pytest.raises(NotReady, match="1 person"):
        road.closed(mapped, cho)


def test_an_empty_map_is_not_closed(meeting, cho):
    road.held(meeting, cho)
    mapping.take_out_node(meeting.reference, 1, actor=cho, reason="It is another group.")

    with pytest.raises(NotReady, match="at least one"):
        road.closed(meeting, cho)


@pytest.fixture
def frozen(mapped, cho, robin):
    road.no_action(mapped, cho, mapped.nodes.get(person=robin.person))
    return road.closed(mapped, cho)


def test_closed_it_is_frozen_and_the_journal_vouches_for_it(frozen, cho, tmp_path):
    snapshot = frozen.snapshot
    entry = Entry.objects.get(record=frozen.record, verb="close")

    assert frozen.state == "closed"
    assert open_tasks(frozen.record) == []
    assert snapshot.digest == digest_of(snapshot.content) == entry.facts["text"]
    assert [node["name"] for node in snapshot.content["nodes"]] == [
        "The bandstand group",
        "Robin Sample",
        "Lantern Park",
    ]
    said = StringIO()
    with override_settings(ANCHOR_DIR=tmp_path):
        call_command("verify_record", "--no-anchor", stdout=said)
    assert "whole" in said.getvalue()


def test_the_database_refuses_to_change_what_was_frozen(frozen):
    for act in (lambda: MapSnapshot.objects.update(digest="0"), lambda: MapSnapshot.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


@pytest.mark.parametrize(
    "deed",
    [
        lambda m, by: road.placed(m, by),
        lambda m, by: road.put(m, by, cast.person("Wren", "Newcomer")),
        lambda m, by: mapping.put_group(m.reference, actor=by, once=uuid4(), name="Others"),
        lambda m, by: mapping.link(
            m.reference,
            actor=by,
            once=uuid4(),
            one=1,
            other=2,
            kind="member_of",
            said_by="x",
            said_on=clock.today(),
            reliability="likely",
            basis="fact",
        ),
        lambda m, by: mapping.take_out_node(m.reference, 1, actor=by, reason="Why."),
        lambda m, by: mapping.take_out_link(m.reference, 1, actor=by, reason="Why."),
        lambda m, by: road.acted(m, by, m.nodes.get(number=2)),
        lambda m, by: road.no_action(m, by, m.nodes.get(number=2)),
        lambda m, by: mapping.arrange(m.reference, actor=by, planned_on=m.planned_on, chair=by, keeper=by, readers=[]),
    ],
    ids=["place", "person", "group", "link", "take out", "take out a link", "action", "no action", "people"],
)
def test_after_that_nothing_changes(frozen, cho, deed):
    before = Entry.objects.filter(record=frozen.record).count()

    with pytest.raises(NotReady, match="frozen"):
        deed(frozen, cho)

    assert Entry.objects.filter(record=frozen.record).count() == before


def test_it_is_read_for_twenty_working_days_more(frozen, cho, time_machine):
    assert MappingMeeting.objects.visible_to(cho).exists()

    time_machine.move_to(clock.now() + timedelta(days=40))

    assert not MappingMeeting.objects.visible_to(cast.again(cho)).exists()


# --- Whose it is, and the list ---


def test_what_is_next_says_whose_it_is(meeting, cho, amara):
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=amara, readers=[])

    def next_for(user):
        found = road.again(meeting)
        return mapping_frame(MapReading(found, cast.again(user)))["next"]

    assert [next_for(user)["who"] for user in (cho, amara)] == ["Yours to do", "Cho does this"]
    road.held(meeting, cho)
    road.put(meeting, cho, cast.person("Gus", "Grown", is_adult=True))
    assert next_for(cho)["who"] == "Amara does this. You may do it too, on the meeting's page"
    assert next_for(amara)["who"] == "Yours to do, on the meeting's page"
    road.no_action(meeting, cho, meeting.nodes.get(kind="person"))
    assert [next_for(user)["who"] for user in (cho, amara)] == ["Yours to do", "Cho does this"]


def test_the_parts_of_the_page_can_be_jumped_to_and_nothing_is_offered_twice(mapped, cho, client_of):
    for number in range(7):
        road.linked(mapped, cho, *mapped.standing_nodes()[1:3], "goes_to", said_by=f"Worker {number}")

    found = page(client_of(cho).get(f"/mapping/{mapped.reference}/"))

    links = {said: href for href, said in found.links}
    assert links["People, places and groups (3)"] == "#on-the-map"
    assert links["Links (8)"] == "#links"
    assert "8 links, one by one" in found.text
    assert [said for _, said in found.links].count("Add a person") == 1


def test_a_long_section_says_how_many_it_shows_and_leads_to_the_next(cho, juniper, monkeypatch, client_of):
    monkeypatch.setattr(pages, "SHOWN", 2)
    days = [clock.today() + timedelta(days=number) for number in (3, 1, 2, 1, 1)]
    made = [road.called(cho, planned_on=day, group=f"Group {number}") for number, day in enumerate(days)]
    shown, url = [], "/mapping/"
    laptop = client_of(cho)
    while url:
        found = laptop.get(url).context["sections"][0]
        shown += [row[0]["note"] for row in found["rows"]]
        assert (", the first 2" in found["title"]) == (len(shown) == 2)
        assert bool(found["first_url"]) == (len(shown) > 2)
        url = found["next_url"]

    assert shown == [made[number].reference for number in (1, 3, 4, 2, 0)]
    text = page(laptop.get("/mapping/")).text
    assert "Show the next 2 meetings" in text
    for nothing in ("MAP-2020-99999", "%00", "x" * 300):  # no meeting of ours: the first ones
        found = laptop.get(f"/mapping/?show=to_come&after={nothing}").context["sections"][0]
        assert (len(found["rows"]), found["first_url"]) == (2, "")


def test_the_lists_sections_hold_it_by_its_state(frozen, cho):
    assert [section(cho, code).count() for code in ("to_come", "running", "over")] == [0, 0, 1]


# --- Intelligence ---


def test_its_intelligence_becomes_one_intel_form(frozen, cho, robin):
    made = mapping.begin_intel(frozen.reference, actor=cho, once=uuid4())
    again = mapping.begin_intel(frozen.reference, actor=cho, once=uuid4())

    assert made == again
    assert made.source == frozen.record
    assert [child.person for child in made.children.all()] == [robin.person]
    assert [entry.kind for entry in made.entries.all()] == ["T", "O", "L"]
    assert {entry.reliability for entry in made.entries.all()} == {"unknown"}
    assert "Robin" not in " ".join(entry.text for entry in made.entries.all())


def test_its_page_leads_on_to_the_form(frozen, cho, client_of):
    path, laptop = f"/mapping/{frozen.reference}/intel/", client_of(cho)

    sent = laptop.post(path, filled(laptop.get(path)))

    assert sent.url == f"/intel/{IntelForm.objects.get().reference}/"
    assert laptop.get(sent.url).status_code == 200


def test_closing_is_offered_once_it_can_be_done(mapped, cho, client_of):
    close, laptop = f"/mapping/{mapped.reference}/close/", client_of(cho)
    assert close not in [href for href, _ in page(laptop.get(f"/mapping/{mapped.reference}/")).links]

    for node in mapped.nodes.filter(kind="person"):
        road.no_action(mapped, cho, node)

    assert close in [href for href, _ in page(laptop.get(f"/mapping/{mapped.reference}/")).links]


def test_where_caller_and_chair_have_left_another_chair_takes_it_over(mapped, cho, juniper, client_of):
    other = cast.user("Chi", (juniper, "chair"))
    laptop, path = client_of(other), f"/mapping/{mapped.reference}/arrange/"
    assert laptop.get(path).status_code == 404
    User.objects.filter(pk=cho.pk).update(is_active=False)

    sent = laptop.post(path, filled(laptop.get(path), chair=other.reference, keeper=""))

    assert sent.status_code == 302
    found = road.again(mapped)
    assert (found.chair, found.keeper) == (other, other)
    assert MappingMeeting.objects.read_whole_by(other).exists()


def test_nobody_who_has_left_can_be_chosen_to_chair(cho, juniper):
    other = cast.user("Chi", (juniper, "chair"))
    User.objects.filter(pk=cho.pk).update(is_active=False)

    assert chairs(cast.again(cho)) == [(other.reference, "Chi")]


def test_a_manager_calls_it_from_the_childs_record(front_door, amara, mo, willow, client_of):
    robin = case_road.with_statutory(amara, mo, willow, amara)
    laptop = client_of(mo)
    links = page(laptop.get(f"/referrals/{robin.reference}/meetings/")).links
    path = next(href for href, said in links if said == "Call a mapping meeting")

    sent = laptop.post(path, filled(laptop.get(path), purpose="To see who is near.", question="Who needs what?", **DAY))

    meeting = MappingMeeting.objects.get()
    assert sent.url == f"/mapping/{meeting.reference}/"
    assert meeting.concern == robin.involvements.get().concern
    assert "Call a mapping" not in page(client_of(amara).get(f"/referrals/{robin.reference}/meetings/")).text


def test_no_intel_form_before_it_was_held(meeting, cho):
    with pytest.raises(NotReady, match="still to be held"):
        mapping.begin_intel(meeting.reference, actor=cho, once=uuid4())
    assert not IntelForm.objects.exists()


def test_a_restricted_child_is_in_no_form_of_who_may_not_open_it(mapped, cho, amara, bea, willow, robin):
    secret = road.child(bea, willow, "Secretive", "Hidden", worker=bea, restricted=True)
    mapping.arrange(mapped.reference, actor=cho, planned_on=mapped.planned_on, chair=cho, keeper=bea, readers=[])
    road.put(mapped, bea, secret.person)

    of_chair = mapping.begin_intel(mapped.reference, actor=cho, once=uuid4())

    assert [child.person for child in of_chair.children.all()] == [robin.person]


def test_a_form_with_a_restricted_child_does_not_open_to_who_may_not_read_it(mapped, cho, bea, willow):
    secret = road.child(bea, willow, "Secretive", "Hidden", worker=bea, restricted=True)
    mapping.arrange(mapped.reference, actor=cho, planned_on=mapped.planned_on, chair=cho, keeper=bea, readers=[])
    road.put(mapped, bea, secret.person)
    mapping.begin_intel(mapped.reference, actor=bea, once=uuid4())

    with pytest.raises(NotReady, match="begun already"):
        mapping.begin_intel(mapped.reference, actor=cho, once=uuid4())
