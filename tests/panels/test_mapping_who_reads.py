"""Who reads what of a map: on the page, in the picture, in every table and list; nothing leaks to anybody else."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from hsb.core import access, clock
from hsb.core.models import AccessRecord, Action
from hsb.core.states import Because
from panels.models import MappingMeeting
from panels.services import mapping
from referrals.models import Person
from referrals.services import restricting
from tests import cast
from tests.pages import page, queries_of
from tests.panels import mapping_road as road
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
SAID = "A neighbour called Quillson"
NOTE = "Keeps a tin whistle"


@pytest.fixture
def robin(amara, willow):
    """With Amara of Willow."""
    return road.child(amara, willow, "Robin", "Visible", worker=amara)


@pytest.fixture
def ash(max, rowan, carl):
    """With Carl of Rowan."""
    return road.child(max, rowan, "Ashling", "Faraway", worker=carl)


@remembered
def mapped(by, one, other):
    """[the meeting, the nodes of both children, of a park and of an address]: held, linked and agreed."""
    meeting = road.called(by)
    road.held(meeting, by)
    robin = road.put(meeting, by, one.person)
    ash = road.put(meeting, by, other.person, note=NOTE)
    park = road.placed(meeting, by)
    home = road.placed(meeting, by, "7 Thimblewick Lane", "home")
    road.linked(meeting, by, robin, park, "goes_to", said_by="Somebody else")
    road.linked(meeting, by, robin, ash, "travels_with", said_by=SAID)
    road.linked(meeting, by, ash, home, "goes_to", said_by=SAID)
    road.acted(meeting, by, ash, what="Speak with the grandmother.")
    road.no_action(meeting, by, robin)
    return [meeting, robin, ash, park, home]


@pytest.fixture
def nodes(cho, juniper, robin, ash):
    """Held by Cho: Robin, Ashling, a park, an address, a group; links between them, and what is agreed."""
    return dict(zip(("meeting", "robin", "ash", "park", "home"), mapped(cho, robin, ash), strict=True))


def opened(client_of, user, meeting):
    """The meeting's page as `user` gets it, all of its text, the picture's too."""
    response = client_of(cast.again(user)).get(f"/mapping/{meeting.reference}/")
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def shut(client_of, user, meeting):
    answer = client_of(cast.again(user)).get(f"/mapping/{meeting.reference}/")
    return answer.status_code == 404


OF_ASH = ("Ashling", "Faraway", SAID, NOTE, "grandmother", "Thimblewick", "Rowan")


def test_who_holds_the_meeting_reads_the_map(nodes, client_of, cho):
    html = opened(client_of, cho, nodes["meeting"])

    for words in ("Robin Visible", *OF_ASH, "Lantern Park", "To see who meets"):
        assert words in html


def test_who_is_named_reads_it_and_gets_no_leave_to_read_a_record(nodes, client_of, cho, eli, robin):
    meeting = nodes["meeting"]
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=cho, readers=[eli])

    assert "Ashling Faraway" in opened(client_of, eli, meeting)
    assert f"/referrals/{robin.reference}/" not in opened(client_of, eli, meeting)
    assert client_of(eli).get(f"/referrals/{robin.reference}/").status_code == 404


def test_a_childs_worker_reads_that_child_places_and_groups_and_no_other_child(nodes, client_of, amara):
    html = opened(client_of, amara, nodes["meeting"])

    assert "Robin Visible" in html
    assert "Lantern Park" in html
    assert "The bandstand group" in html
    assert "Another person" in html
    assert "An address" in html
    assert "Somebody else" in html
    assert [words for words in OF_ASH if words in html] == []
    assert "To see who meets" not in html


def test_the_other_childs_worker_reads_the_other_child(nodes, client_of, carl):
    html = opened(client_of, carl, nodes["meeting"])

    assert "Ashling Faraway" in html
    assert "Thimblewick" in html
    assert "Robin" not in html
    assert "Is safe, and has an adult" not in html


def test_a_childs_record_lists_the_maps_the_child_stands_on_while_it_does(nodes, client_of, amara, robin, cho):
    laptop, meeting = client_of(amara), nodes["meeting"]
    maps = f"/referrals/{robin.reference}/mapping/"
    assert maps in dict(page(laptop.get(f"/referrals/{robin.reference}/meetings/")).links)

    listed = page(laptop.get(maps))

    assert f"/mapping/{meeting.reference}/" in dict(listed.links)
    assert "Ashling" not in listed.text
    mapping.take_out_node(meeting.reference, nodes["robin"].number, actor=cho, reason="Another Robin was meant.")
    assert "on no map that you may open" in page(laptop.get(maps)).text


@pytest.mark.parametrize("who", ["bea", "eli", "coo", "dee", "min", "dot"])
def test_nobody_else_opens_it(nodes, client_of, request, who):
    assert shut(client_of, request.getfixturevalue(who), nodes["meeting"])


def test_an_auditor_reads_what_is_not_restricted(nodes, client_of, aud):
    assert "Ashling Faraway" in opened(client_of, aud, nodes["meeting"])


# --- What was typed -----------------------------------------------------------------------------------------------


NAMED = "Ashling Faraway"


def test_what_was_typed_names_nobody_whom_the_reader_does_not_read(nodes, client_of, cho, amara):
    meeting = nodes["meeting"]
    wren = road.put(meeting, cho, cast.person("Wren", "Newcomer", is_adult=True))
    garage = road.placed(meeting, cho, f"Garage of {NAMED}", "other")
    mapping.put_group(meeting.reference, actor=cho, once=uuid4(), name=f"Friends of {NAMED}")
    road.linked(meeting, cho, nodes["robin"], garage, "goes_to", said_by=f"Mother of {NAMED}")
    action = road.acted(meeting, cho, nodes["robin"], owner_name=f"Aunt of {NAMED}")
    # As it stands where it was agreed before Ashling was put on the map: since then it would be refused.
    Action.objects.filter(pk=action.pk).update(what=f"Is kept apart from {NAMED}.")
    mapping.take_out_node(meeting.reference, wren.number, actor=cho, reason=f"Only {NAMED} knows Wren.")

    html = opened(client_of, amara, meeting)

    for words in ("Garage of another person", "Friends of another person", "Mother of another person"):
        assert words in html
    assert "Is kept apart from another person." in html
    assert "Aunt of another person" in html
    assert [words for words in ("Ashling", "Faraway") if words in html] == []
    assert f"Garage of {NAMED}" in opened(client_of, cho, meeting)


def noted(meeting, by, child):
    """The child on a map whose note, and whose reason for no action, name Ashling."""
    road.held(meeting, by)
    node = road.put(meeting, by, child.person, note=f"Goes with {NAMED}")
    mapping.need_no_action(meeting.reference, node.number, actor=by, reason=f"Is safe without {NAMED}.")
    return node


def test_nor_does_a_note(client_of, cho, juniper, robin, ash, amara):
    meeting = road.called(cho)
    noted(meeting, cho, robin)
    road.put(meeting, cho, ash.person)

    html = opened(client_of, amara, meeting)

    assert "Goes with another person" in html
    assert "Is safe without another person." in html
    assert "Faraway" not in html


def test_who_holds_the_meeting_reads_no_restricted_name_in_what_was_typed(client_of, cho, juniper, robin, ash, max):
    meeting = road.called(cho)
    node = noted(meeting, cho, robin)
    other = road.put(meeting, cho, ash.person)
    mapping.take_out_node(meeting.reference, other.number, actor=cho, reason="Another was meant.")
    restricting.restrict(ash.reference, actor=max, reason="A councillor's family.")

    assert "Goes with a restricted person" in opened(client_of, cho, meeting)
    assert "Faraway" not in opened(client_of, cho, meeting)
    page_of_reason = f"/mapping/{meeting.reference}/on-the-map/{node.number}/no-action/"
    assert "Faraway" not in client_of(cho).get(page_of_reason).content.decode()


def test_who_has_another_name_since_the_map_was_frozen_is_not_named_by_the_old_one(
    client_of, cho, juniper, robin, ash, amara
):
    meeting = road.called(cho)
    noted(meeting, cho, robin)
    road.no_action(meeting, cho, road.put(meeting, cho, ash.person))
    road.closed(meeting, cho)
    Person.objects.filter(pk=ash.person_id).update(given_name="Renamed", family_name="Elsewhere")

    html = opened(client_of, amara, meeting)

    assert [words for words in ("Ashling", "Faraway") if words in html] == []


def test_a_list_names_no_child_by_a_group(client_of, cho, juniper, robin, ash, amara):
    meeting = road.called(cho, group=f"Friends of {NAMED}")
    road.put(meeting, cho, robin.person)
    road.put(meeting, cho, ash.person)

    for url in ("/mapping/", f"/referrals/{robin.reference}/mapping/"):
        html = unescape(client_of(amara).get(url).content.decode())
        assert "The group “Friends of another person”" in html
        assert "Faraway" not in html
    assert NAMED in client_of(cho).get("/mapping/").content.decode()


# --- Restricted, barred -------------------------------------------------------------------------------------------


@pytest.fixture
def restricted(nodes, ash, max):
    restricting.restrict(ash.reference, actor=max, reason="A councillor's family.")
    return nodes["meeting"]


@pytest.mark.parametrize("who", ["cho", "aud", "amara"])
def test_a_restricted_child_is_restricted_to_whoever_may_not_open_it(restricted, client_of, request, who):
    html = opened(client_of, request.getfixturevalue(who), restricted)

    assert "Restricted" in html
    assert [words for words in OF_ASH if words in html] == []


def test_and_is_read_by_who_may(restricted, client_of, carl):
    assert "Ashling Faraway" in opened(client_of, carl, restricted)


def test_a_restricted_person_without_a_referral_is_restricted_too(nodes, client_of, cho):
    adult = cast.person("Zebedee", "Hushed", is_adult=True)
    road.put(nodes["meeting"], cho, adult)
    adult.record.restricted = True
    adult.record.save()

    assert "Zebedee" not in opened(client_of, cho, nodes["meeting"])


def test_nothing_of_a_restricted_child_can_be_asked_for_by_number(restricted, client_of, cho, nodes):
    laptop = client_of(cho)
    number = nodes["ash"].number

    for path in (
        f"on-the-map/{number}/add-action/",
        f"on-the-map/{number}/no-action/",
        f"on-the-map/{number}/take-out/",
        "links/2/take-out/",
        "actions/1/take-back/",
    ):
        assert laptop.get(f"/mapping/{restricted.reference}/{path}").status_code == 404, path
    assert "Ashling" not in laptop.get(f"/mapping/{restricted.reference}/links/").content.decode()


@pytest.mark.parametrize("who", ["cho", "amara"])
def test_whoever_is_barred_from_somebody_on_it_does_not_open_it(nodes, client_of, request, who, ash, max):
    user = request.getfixturevalue(who)
    restricting.bar(ash.reference, actor=max, user=user, reason="Knows the family.")

    assert shut(client_of, user, nodes["meeting"])
    assert nodes["meeting"].reference not in client_of(cast.again(user)).get("/mapping/").content.decode()


def test_also_where_they_were_taken_out(nodes, client_of, cho, ash, max):
    meeting = nodes["meeting"]
    mapping.drop_action(meeting.reference, 1, actor=cho, reason="Done.")
    mapping.take_out_node(meeting.reference, nodes["ash"].number, actor=cho, reason="Another was meant.")
    assert "Another was meant" in opened(client_of, cho, meeting)

    restricting.bar(ash.reference, actor=max, user=cho, reason="Knows the family.")

    assert shut(client_of, cho, meeting)


def test_what_was_taken_out_is_read_by_who_holds_the_meeting_alone(nodes, client_of, cho, amara, carl):
    meeting = nodes["meeting"]
    mapping.drop_action(meeting.reference, 1, actor=cho, reason="Done.")
    mapping.take_out_node(meeting.reference, nodes["ash"].number, actor=cho, reason="Another Ashling was meant.")

    assert "Ashling" not in opened(client_of, amara, meeting)
    assert shut(client_of, carl, meeting)


def test_who_was_taken_out_and_is_restricted_is_not_there_for_whom_they_are_not_shown(nodes, client_of, cho, ash, max):
    meeting, number = nodes["meeting"], nodes["ash"].number
    mapping.drop_action(meeting.reference, 1, actor=cho, reason="Done.")
    mapping.take_out_node(meeting.reference, number, actor=cho, reason="Another was meant.")
    laptop = client_of(cho)
    paths = [f"on-the-map/{number}/add-action/", f"on-the-map/{number}/take-out/", "links/2/take-out/"]
    urls = [f"/mapping/{meeting.reference}/{path}" for path in paths]
    assert [laptop.get(url).status_code for url in urls] == [409, 409, 409]

    restricting.restrict(ash.reference, actor=max, reason="A councillor's family.")

    assert [laptop.get(url).status_code for url in urls] == [404, 404, 404]


# --- Frozen -------------------------------------------------------------------------------------------------------


@pytest.fixture
def frozen(nodes, cho):
    return road.closed(nodes["meeting"], cho)


def test_a_name_that_changes_afterwards_does_not_change_the_map(frozen, client_of, cho, robin):
    Person.objects.filter(pk=robin.person_id).update(given_name="Renamed")

    html = opened(client_of, cho, frozen)

    assert "Robin Visible" in html
    assert "Renamed" not in html
    assert frozen.snapshot.digest[:12] in html


@pytest.mark.parametrize("who", ["cho", "amara"])
def test_who_is_restricted_afterwards_is_hidden_on_it(frozen, client_of, request, who, ash, max):
    restricting.restrict(ash.reference, actor=max, reason="A councillor's family.")

    html = opened(client_of, request.getfixturevalue(who), frozen)

    assert [words for words in OF_ASH if words in html] == []


def test_a_frozen_map_shows_no_page_that_changes_it(frozen, client_of, cho):
    laptop = client_of(cho)

    html = opened(client_of, cho, frozen)

    assert "Take out" not in html
    assert "Add a person" not in html
    for path in ("people/", "places/", "groups/", "links/", "on-the-map/1/take-out/", "close/"):
        assert laptop.get(f"/mapping/{frozen.reference}/{path}").status_code == 409, path


def test_what_hangs_on_the_meeting_is_done_after_it_closed(nodes, client_of, cho):
    meeting = nodes["meeting"]
    wren = road.put(meeting, cho, cast.person("Wren", "Newcomer", is_adult=True))
    action = road.acted(meeting, cho, wren)
    road.closed(meeting, cho)
    laptop = client_of(cast.again(cho))

    assert f"/mapping/{meeting.reference}/actions/{action.number}/" in opened(client_of, cho, meeting)
    assert laptop.get(f"/mapping/{meeting.reference}/actions/{action.number}/").status_code == 200


# --- Who looked, lists, tasks, numbers ------------------------------------------------------------------------------


def looks(record):
    return list(AccessRecord.objects.filter(record=record, kind="page").values_list("user__name", "page"))


def test_a_look_stands_on_the_meeting_and_on_each_child_who_is_shown(nodes, client_of, amara, cho, robin, ash):
    opened(client_of, amara, nodes["meeting"])
    assert looks(nodes["meeting"].record) == [("Amara", "mapping")]
    assert looks(robin.record) == [("Amara", "mapping")]
    assert looks(ash.record) == []

    opened(client_of, cho, nodes["meeting"])

    assert ("Cho", "mapping") in looks(ash.record)


def test_its_tasks_lead_to_it(nodes, client_of, cho, amara, robin):
    road.acted(nodes["meeting"], cho, nodes["robin"], owner=amara, owner_name="")

    hers = client_of(cho).get("/my-work/")
    action = client_of(amara).get("/my-work/")

    assert f"/mapping/{nodes['meeting'].reference}/" in [href for href, _ in page(hers).links]
    assert "Mapping meeting of" in page(hers).text
    url = f"/referrals/{robin.reference}/actions/{nodes['meeting'].reference}/2/"
    assert url in [href for href, _ in page(action).links]
    assert client_of(amara).get(url).status_code == 200


def test_a_list_says_nothing_to_whom_it_is_shut(nodes, client_of, bea, amara):
    assert nodes["meeting"].reference in client_of(amara).get("/mapping/").content.decode()
    told = page(client_of(bea).get("/mapping/")).text
    assert "bandstand" not in told
    assert "No map is being completed" in told


def test_the_flowcharts_numbers_are_those_of_the_lists(nodes, client_of, cho, bea):
    road.called(cho, planned_on=clock.today() + timedelta(days=1))

    for user, planned, running in ((cho, 1, 1), (bea, 0, 0)):
        home = page(client_of(user).get("/"))
        numbers = {href: text.split()[0] for href, text in home.links if href.startswith("/mapping/?show=")}
        assert numbers == {"/mapping/?show=to_come": str(planned), "/mapping/?show=running": str(running)}


def test_late_ones_can_be_looked_at_alone(nodes, client_of, cho, time_machine):
    time_machine.move_to(clock.now() + timedelta(days=20))

    found = page(client_of(cast.again(cho)).get("/mapping/?show=running&late=1")).text

    assert nodes["meeting"].reference in found


def test_the_page_asks_as_much_for_many_as_for_few(nodes, client_of, cho, amara, willow):
    laptop, url = client_of(cho), f"/mapping/{nodes['meeting'].reference}/"
    laptop.get(url)
    few = queries_of(laptop, url).total()

    for number in range(12):
        child = road.child(amara, willow, f"Another{number}", worker=amara)
        node = road.put(nodes["meeting"], cho, child.person)
        road.linked(nodes["meeting"], cho, node, nodes["park"], "goes_to")
        road.acted(nodes["meeting"], cho, node)

    assert queries_of(laptop, url).total() == few


def test_the_list_asks_as_much_for_many_as_for_few(nodes, client_of, cho):
    road.put(road.called(cho), cho, cast.person("Extra", "Person", is_adult=True))
    laptop = client_of(cho)
    laptop.get("/mapping/")
    few = queries_of(laptop, "/mapping/").total()

    for number in range(5):
        road.put(road.called(cho), cho, cast.person("Extra", f"Person{number}", is_adult=True))

    assert queries_of(laptop, "/mapping/").total() == few


# --- Adding: the same search as when a concern is logged --------------------------------------------------------------


def test_the_search_shows_what_its_reader_may_see_and_is_recorded(nodes, client_of, cho, max, rowan):
    mapping.add_person({"given_name": "Findable", "family_name": "Somebody", "is_adult": True}, actor=cho)
    laptop = client_of(cho)
    base = f"/mapping/{nodes['meeting'].reference}/people/"
    answer = laptop.post(base, {"words": "Findable Somebody", "number": ""})
    assert answer.status_code == 302
    assert "Findable" not in answer.url

    html = laptop.get(answer.url).content.decode()

    assert "Findable Somebody" in html
    assert AccessRecord.objects.filter(user=cho, kind="search", page="mapping meeting").count() == 1
    pick = html.split('name="pick" value="')[1].split('"')[0]
    assert laptop.post(f"{base}add/", {"pick": pick}).status_code == 302
    assert MappingMeeting.objects.get(pk=nodes["meeting"].pk).nodes.filter(person__given_name="Findable").exists()


def test_nobody_elses_search_is_shown(nodes, client_of, cho, amara):
    meeting = nodes["meeting"]
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=amara, readers=[])
    kept = mapping.search(meeting.reference, actor=cho, terms={"words": "Robin Visible", "born_on": "", "number": ""})

    assert client_of(cast.again(amara)).get(f"/mapping/{meeting.reference}/people/found/{kept}/").status_code == 404


def test_a_pick_of_somebody_else_puts_nobody_on_the_map(nodes, client_of, cho, amara, ash):
    before = nodes["meeting"].nodes.count()

    client_of(cho).post(f"/mapping/{nodes['meeting'].reference}/people/add/", {"pick": "forged"})

    assert nodes["meeting"].nodes.count() == before


def test_the_people_of_the_incident_are_offered_where_they_may_be_opened(client_of, mo, robin, max, rowan):
    concern = robin.involvements.get().concern
    road_child = road.child(max, rowan, "Hiddenone", "Elsewhere", about=concern)
    meeting = road.called(mo, referral=robin.reference)

    html = client_of(mo).get(f"/mapping/{meeting.reference}/people/").content.decode()

    assert road_child.person.given_name not in html
    assert "Robin Visible" in html


def test_a_chair_who_is_barred_from_somebody_stops_them_from_being_put_on(nodes, cho, amara, mo, willow):
    meeting = nodes["meeting"]
    mapping.arrange(meeting.reference, actor=cho, planned_on=meeting.planned_on, chair=cho, keeper=amara, readers=[])
    other = road.child(amara, willow, "Neighbour", worker=amara)
    restricting.bar(other.reference, actor=mo, user=cho, reason="Lives next door.")

    with pytest.raises(mapping.NotReady, match="Choose somebody else"):
        road.put(meeting, amara, other.person)


def test_so_does_a_keeper_until_another_is_named(nodes, client_of, cho, carl, amara, mo, willow):
    meeting = nodes["meeting"]
    kept = {"actor": cho, "planned_on": meeting.planned_on, "chair": cho, "readers": []}
    mapping.arrange(meeting.reference, keeper=carl, **kept)
    other = road.child(amara, willow, "Neighbour", worker=amara)
    restricting.bar(other.reference, actor=mo, user=carl, reason="Lives next door.")

    with pytest.raises(mapping.NotReady, match="Name another keeper first"):
        road.put(meeting, cho, other.person)

    assert "Ashling" in opened(client_of, carl, meeting)
    mapping.arrange(meeting.reference, keeper=cho, **kept)
    assert road.put(meeting, cho, other.person).number


def test_a_grant_that_has_ended_shows_nothing(nodes, client_of, cho):
    access.end_grants(nodes["meeting"].record, Because.MAPS)

    assert shut(client_of, cho, nodes["meeting"])
