"""The panel's pages as somebody sees them: the start page, the road through the forms, the same queries for many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hsb.core import clock, words
from hsb.core.forms import date_parts
from hsb.core.models import Action
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from panels.models import AgendaItem, ItemAmendment, Panel, PanelSeat, SiftDecision
from panels.services import planning, rounds, sitting
from referrals.services import restricting
from tests import cast
from tests.pages import assert_no_dead_error_links, assert_same_queries, filled, page
from tests.panels import panel_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(robin, amara, coo):
    return road.submitted(robin, amara, road.of_child(robin.person), road.at_place(), children=[(robin.person, robin)])


@pytest.fixture
def laptop(client_of, coo):
    return client_of(coo)


def send(laptop, path, **answers):
    """Fills in the page's own form; returns the answer."""
    return laptop.post(path, filled(laptop.get(path), **answers))


def test_from_the_sift_to_the_closing_through_the_forms(laptop, form, coo, mo, robin):
    sift = f"/panel/sift/{form.reference}/"
    why = {"reason": "What was weighed.", "without_meeting_reason": "It cannot wait."}
    assert send(laptop, f"{sift}propose/", proposal="accept", **why).status_code == 302
    decided = {
        "decision": "accept",
        "authority_user": mo.email,
        "police_name": "Sergeant Example",
        "police_agency": "Police",
    }
    assert send(laptop, f"{sift}decide/", **decided, **why).url == "/panel/"
    assert SiftDecision.objects.get().authority_user == mo

    day = road.add_working_days(clock.today(), 10)
    path = send(laptop, "/panel/plan/", **date_parts("planned_on", day), place="Room 1").url
    send(laptop, f"{path}collect/")
    send(laptop, f"{path}compile/")
    send(laptop, f"{path}items/1/move/", to="1", reason="First.")
    send(laptop, f"{path}seats/1/", user=mo.email)
    send(laptop, f"{path}publish/")
    assert f"{path}send-round/" in dict(page(laptop.get(path)).links)
    assert send(laptop, f"{path}send-round/", reason="Nobody is named there yet.").url == path
    road.day_comes(Panel.objects.get())
    came = {f"state_{number}": "empty" for number in (2, 3, 4, 5)} | {"state_1": "filled"}
    send(laptop, f"{path}hold/", **came)
    for item in AgendaItem.objects.all():
        send(laptop, f"{path}items/{item.number}/discuss/", discussion="Said.", outcome="decided")
    action = {
        "words": "Talk at home.",
        "wording": "A talk at home.",
        "agency": "Willow",
        "owner": mo.reference,
        **date_parts("due_on", day),
    }
    person = AgendaItem.objects.get(section="O")
    assert send(laptop, f"{path}items/{person.number}/add-action/", **action).status_code == 302
    send(laptop, f"{path}issue-actions/")
    shown = page(laptop.get(path))
    assert shown.text.count(form.reference) == 1
    assert f"{path}send-minutes-round/" in dict(shown.links)
    assert laptop.get(f"{path}close/").status_code == 409
    send(laptop, f"{path}send-minutes-round/", reason="Nobody came for them.")
    send(laptop, f"{path}feedback/{form.reference}/", feedback="A talk is agreed.")
    send(laptop, f"{path}close/")
    item = f"{path}items/{person.number}/"
    agreed = {"agreed_name": "Sergeant Example", "agreed_agency": "Police"}
    assert send(laptop, f"{item}amend/", text="The nurse was there.", reason="She said so.", **agreed).url == item
    assert "The nurse was there." in page(laptop.get(item)).text

    assert Panel.objects.get().state == "closed"
    assert Action.objects.get().record_id == robin.pk
    assert road.form_again(form).state == "heard"


def test_an_address_nobody_has_is_an_error_of_its_field(laptop, form, coo):
    road.proposed(form, coo)
    answer = send(
        laptop,
        f"/panel/sift/{form.reference}/decide/",
        decision="decline",
        reason="Not for it.",
        authority_user="nobody@example.org",
        police_name="Sergeant Example",
        police_agency="Police",
    )

    assert answer.status_code == 422
    assert "Nobody who uses this service has the address nobody@example.org" in page(answer).text
    assert_no_dead_error_links(answer)
    assert road.form_again(form).state == "submitted"


def test_a_stale_decision_shows_both_versions(laptop, form, coo, cy):
    road.proposed(form, coo)
    path = f"/panel/sift/{form.reference}/decide/"
    opened = laptop.get(path)
    road.proposed(form, cy, "decline")
    who = {"authority_name": "Lane", "authority_agency": "Care", "police_name": "Sam", "police_agency": "Police"}

    answer = laptop.post(path, filled(opened, decision="accept", reason="Both agree.", **who))

    assert answer.status_code == 409
    assert "Both agree." in page(answer).text


def test_what_was_decided_cannot_be_decided_again(laptop, form, coo):
    road.proposed(form, coo)
    road.decided(form, coo)

    assert laptop.get(f"/panel/sift/{form.reference}/propose/").status_code == 409
    assert "Decision 1: Accepted for the panel" in page(laptop.get(f"/panel/sift/{form.reference}/")).text


def test_the_start_page_counts_down_to_the_next_panel(client_of, form, coo, time_machine):
    time_machine.move_to("2027-01-11T09:00:00Z", tick=False)
    road.collecting(coo, days=10)

    text = page(client_of(coo).get("/panel/")).text

    assert "5 working days to the cut-off" in text
    assert "10 working days to the panel" in text
    assert form.reference in text


def test_what_waits_while_no_panel_is_planned_is_counted(laptop, robin, amara, coo):
    assert "No panel is planned." in page(laptop.get("/panel/")).text
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place(), road.of_theme())
    road.held(road.published(panel, coo), coo)
    road.issued(panel, coo, carried=("Lantern Park",))

    assert "No panel is planned. 1 item waits for one." in page(laptop.get("/panel/")).text


def test_whoever_publishes_before_the_cut_off_is_told_that_forms_are_still_collected(client_of, coo, time_machine):
    time_machine.move_to("2027-01-11T09:00:00Z", tick=False)
    panel = road.collecting(coo, days=10)
    road.agenda.compile_agenda(panel.reference, actor=coo)
    still = "Forms are still collected until 18 January 2027 at 5pm"
    assert still in page(client_of(coo).get(f"/panel/{panel.reference}/publish/")).text
    assert still in page(client_of(coo).get(f"/panel/{panel.reference}/")).text

    time_machine.move_to("2027-01-18T17:30:00Z", tick=False)

    assert "Publish the agenda" in page(client_of(coo).get(f"/panel/{panel.reference}/publish/")).text
    assert still not in page(client_of(coo).get(f"/panel/{panel.reference}/publish/")).text


def test_late_actions_stand_by_agency_on_the_start_page(laptop, robin, amara, coo, time_machine):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place())
    road.held(road.published(panel, coo), coo)
    road.action(panel, road.items(panel)[0], coo)
    road.issued(panel, coo)
    assert "late, by agency" not in page(laptop.get("/panel/")).text

    Action.objects.update(due_on=clock.today() - timedelta(days=1))

    shown = page(laptop.get("/panel/"))
    assert "Actions that are late, by agency" in shown.text
    assert "Schools" in shown.text
    assert shown.links.count([f"/panel/{panel.reference}/", panel.reference]) == 1


def test_a_child_is_called_so_and_what_is_still_open_is_counted(laptop, children, amara, coo):
    """Whoever is under "persons of concern" and under eighteen is a child of concern (A8)."""
    robin, _, sky = children
    first = road.collecting(coo)
    said = (road.of_child(robin.person), road.of_child(sky.person, "V"), road.at_place())
    road.accepted(robin, amara, coo, *said, children=[(robin.person, robin)])
    road.held(road.published(first, coo), coo)
    road.action(first, next(item for item in road.items(first) if item.place_id), coo)
    road.issued(first, coo, carried=("Lantern Park",))
    panel = road.collecting(coo)
    road.agenda.compile_agenda(panel.reference, actor=coo)

    shown = page(laptop.get(f"/panel/{first.reference}/")).text
    coming = page(laptop.get(f"/panel/{panel.reference}/")).text

    assert "Child of concern" in shown
    assert "Child who was harmed" in shown
    assert "Person of concern" not in shown
    assert "1 open action of earlier panels" in coming
    for item in road.items(first):
        assert "Person of concern" not in page(laptop.get(f"/panel/{first.reference}/items/{item.number}/")).text


def test_the_childs_record_says_what_the_panel_agreed_in_the_wording_for_the_record(client_of, robin, amara, coo):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.of_child(robin.person), children=[(robin.person, robin)])
    road.held(road.published(panel, coo), coo)
    road.action(panel, road.items(panel)[0], coo, words="Stop the van.", wording="Walk home together.")
    path, laptop = f"/referrals/{robin.reference}/", client_of(amara)
    assert "Walk home together." not in page(laptop.get(path)).text

    road.issued(panel, coo)

    shown = page(laptop.get(path))
    assert "Walk home together.Agreed by the panel, to be done by The designated lead (Schools)" in shown.text
    assert "Stop the van." not in shown.text
    assert f"{path}actions/{panel.reference}/1/" in dict(shown.links)


def test_the_flowchart_shows_the_panels_numbers_to_whom_they_are(client_of, form, coo, aud, amara):
    shown = page(client_of(coo).get("/"))

    assert "1 waiting to be sifted" in shown.text
    assert "0 on the next agenda" in shown.text
    assert "waiting to be sifted" in page(client_of(aud).get("/")).text
    assert "waiting to be sifted" not in page(client_of(amara).get("/")).text


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("amara", "1 intel form of yours with the panel"),
        ("cho", "0 intel forms of yours with the panel"),
        ("mo", "0 intel forms of yours with the panel"),
        ("min", "0 intel forms of yours with the panel"),
    ],
    ids=["who wrote it", "chair", "manager", "minute taker"],
)
def test_the_panels_box_is_live_for_who_writes_forms(client_of, form, amara, cho, mo, min, who, said):
    reader = {"amara": amara, "cho": cho, "mo": mo, "min": min}[who]

    text = page(client_of(reader).get("/")).text
    assert said in text
    assert "0 intel forms of yours to finish" in text


def test_the_coordinators_tasks_stand_in_their_work_and_lead_to_the_page(laptop, form, coo):
    panel = road.planned(coo)

    shown = page(laptop.get("/my-work/"))

    assert f"/panel/sift/{form.reference}/" in dict(shown.links)
    assert f"/panel/{panel.reference}/" in dict(shown.links)
    assert "Robin" not in shown.text


def test_who_sits_on_it_finds_the_agenda_among_their_messages(client_of, coo, mo, robin, amara):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place())
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    road.published(panel, coo)
    rounds.circulate_agenda(panel.reference, actor=coo)

    shown = page(client_of(mo).get("/messages/"))

    assert [f"/panel/{panel.reference}/", "The panel's agenda, version 1"] in shown.links
    assert "Lantern" not in shown.text


# --- What goes round, as the coordinator sees it ---


def test_the_minutes_page_says_who_gets_which_paper_and_what_each_agency_is_to_do(
    laptop, client_of, robin, amara, coo, mo
):
    panel = road.collecting(coo)
    said = (road.of_child(robin.person), road.at_place())
    road.accepted(robin, amara, coo, *said, children=[(robin.person, robin)])
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    planning.save_seat(panel.reference, actor=coo, number=2, role="police", agency="Borough police", name="Sergeant X")
    road.held(road.published(panel, coo), coo)
    robins = next(item for item in road.items(panel) if item.person_id)
    road.action(panel, robins, coo, words="Stop the van.", wording="Walk home together.")
    road.issued(panel, coo)
    path = f"/panel/{panel.reference}/send-minutes-round/"

    before = laptop.get(path)
    shown = page(before)
    assert "Minutes for the police" in shown.text
    assert "By a message, when you send it round" in shown.text
    assert "Walk home together." in shown.text
    assert "Stop the van." not in shown.text
    answer = laptop.post(path, filled(before, told=["2", "3", "4", "5"], agencies=["1"]))
    assert answer.status_code == 422
    assert "Say how the agencies were told." in page(answer).text
    answer = laptop.post(path, filled(before, told=["2", "3", "4", "5"], agencies=["1"], told_how="by secure mail"))
    assert answer.status_code == 302

    of_panel, of_item = (
        page(laptop.get(f"/panel/{panel.reference}/")),
        page(laptop.get(f"/panel/{panel.reference}/items/{robins.number}/")),
    )
    told = f"Schools. Told on {words.day(clock.today())}, by secure mail"
    assert told in of_panel.text
    assert told in of_item.text
    assert of_panel.text.count(f"Version 1, {words.day(clock.today())}") == 5
    messages = page(client_of(mo).get("/messages/"))
    assert [f"/panel/{panel.reference}/", "The panel's minutes, version 1"] in messages.links
    assert "Robin" not in messages.text


def test_whoever_changed_a_seat_while_the_panel_was_begun_is_not_written_over(laptop, coo, cy, robin, amara):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place())
    road.published(panel, coo)
    road.day_comes(panel)
    path = f"/panel/{panel.reference}/hold/"
    opened = laptop.get(path)
    planning.save_seat(panel.reference, actor=coo, number=3, role="health", name="Nurse Example", version=1)
    planning.save_seat(panel.reference, actor=cy, number=2, role="police", name="Constable Sample")
    rounds.circulate_agenda(panel.reference, actor=coo, told={3})  # the last entry is not the seat's
    came = {f"state_{number}": "empty" for number in (1, 4, 5)} | {"state_2": "filled", "who_2": "Sergeant Typed"}

    answer = laptop.post(path, filled(opened, **came, state_3="apologies"))

    assert answer.status_code == 409
    shown = page(answer)
    assert all(said in shown.text for said in ("Cy saved a change", "Constable Sample", "Nurse Example"))
    assert "Sergeant Typed" in answer.content.decode()
    assert road.again(panel).state == "published"
    assert panel.seats.get(number=2).name == "Constable Sample"
    again = laptop.get(path)
    assert "Sergeant Typed" in again.content.decode()
    assert laptop.post(path, filled(again)).status_code == 302
    assert panel.seats.get(number=2).name == "Sergeant Typed"


def test_a_seat_that_was_added_while_the_panel_was_begun_is_asked_about(laptop, coo, robin, amara):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place())
    road.published(panel, coo)
    road.day_comes(panel)
    path = f"/panel/{panel.reference}/hold/"
    opened = laptop.get(path)
    planning.save_seat(panel.reference, actor=coo, role="other", agency="A charity", name="Sam Example")

    answer = laptop.post(path, filled(opened, **{f"state_{number}": "empty" for number in range(1, 6)}))

    assert answer.status_code == 422
    assert "Say whether somebody came for: further agency, a charity" in page(answer).text
    assert laptop.post(path, filled(answer, state_6="apologies")).status_code == 302


# --- The same queries for many rows as for few ---


@pytest.fixture
def grow(robin, amara, coo):
    """`grow(panel)`: three more forms accepted, six items more, and the agenda compiled."""

    def more(panel):
        for number in range(3):
            entries = (road.at_place(f"Place {number} {clock.now()}"), road.of_theme(f"Theme {number} {clock.now()}"))
            road.accepted(robin, amara, coo, *entries)
        road.agenda.compile_agenda(panel.reference)

    return more


def test_the_panels_page_asks_the_same_for_many_items(laptop, coo, grow):
    panel = road.collecting(coo)
    grow(panel)

    assert_same_queries(laptop, f"/panel/{panel.reference}/", lambda: grow(panel), at_most=8)


def test_the_start_page_asks_the_same_for_many_forms_and_panels(laptop, form, robin, amara, coo):
    road.collecting(coo)

    def more():
        for number in range(3):
            road.submitted(robin, amara, road.at_place(f"Place {number}"))
            road.planned(coo, days=20 + number)

    assert_same_queries(laptop, "/panel/", more, at_most=8)


def test_an_item_asks_the_same_for_many_sources(laptop, robin, amara, coo):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place())
    road.agenda.compile_agenda(panel.reference)

    def more():
        for _ in range(3):
            road.accepted(robin, amara, coo, road.at_place())
        road.agenda.compile_agenda(panel.reference)

    assert_same_queries(laptop, f"/panel/{panel.reference}/items/1/", more, at_most=8)


def test_an_item_about_somebody_stands_on_many_records_in_one_statement(laptop, robin, amara, coo):
    panel = road.collecting(coo)

    def more():
        for _ in range(2):
            road.accepted(robin, amara, coo, road.of_child(robin.person), children=[(robin.person, robin)])
        road.agenda.compile_agenda(panel.reference)

    more()
    assert_same_queries(laptop, f"/panel/{panel.reference}/items/1/", more, at_most=8)


def test_after_the_panel_its_pages_ask_the_same_for_many_items_seats_and_actions(laptop, robin, amara, coo):
    panel = road.collecting(coo)
    for number in range(2):
        road.accepted(robin, amara, coo, road.at_place(f"Place {number}"))
    road.published(panel, coo)
    road.held(panel, coo)
    for item in road.items(panel):
        road.action(panel, item, coo)
    sat = road.issued(panel, coo)
    form = sat.forms_to_hear().first()

    def more():
        for _ in range(3):
            PanelSeat.objects.create(
                panel=panel, number=50 + PanelSeat.objects.count(), role="other", name="Sam Example"
            )
        for item in road.items(panel):
            AgendaItem.objects.filter(pk=item.pk).update(discussion="Said.")
            ItemAmendment.objects.create(
                item=item,
                number=item.amendments.count() + 1,
                text="The school was there.",
                reason="It was left out.",
                written_by=coo,
                agreed_name="Sergeant Example",
                agreed_agency="Police",
                agreed_on=clock.today(),
                at=clock.now(),
                once=road.uuid4(),
            )

    for page_of in ("", "send-minutes-round/", f"feedback/{form.reference}/", "items/1/", "items/1/amend/"):
        address = f"/panel/{panel.reference}/{page_of}"
        assert_same_queries(laptop, address, more, at_most=8)


def test_a_round_that_is_refused_asks_the_same_for_many_seats(laptop, robin, amara, coo, mo):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place())
    road.published(panel, coo)

    def refused():
        with CaptureQueriesContext(connection) as asked:
            answer = laptop.post(f"/panel/{panel.reference}/send-round/", {"told": "999"})
        assert answer.status_code == 422
        return len(asked)

    PanelSeat.objects.create(panel=panel, number=49, role="other", name="Sam Example")
    PanelSeat.objects.create(panel=panel, number=50, role="other", user=mo)
    refused()
    few = refused()
    for number in range(51, 55):
        PanelSeat.objects.create(panel=panel, number=number, role="other", user=mo)

    assert refused() == few


def test_the_sift_asks_the_same_for_many_entries(laptop, robin, amara, coo):
    few = road.submitted(robin, amara, road.at_place("One"))

    def more():
        for number in range(4):
            road.intel.IntelEntry.objects.create(
                form=few,
                number=10 + number,
                kind="L",
                place=road.Place.called("park", f"Place {number}"),
                text="More.",
                said_by="School",
                reliability="likely",
                once=road.uuid4(),
            )

    assert_same_queries(laptop, f"/panel/sift/{few.reference}/", more, at_most=8)


def test_the_author_of_a_form_restricted_since_is_told_too_and_the_panel_closes(laptop, sky, amara, coo, mo):
    panel = road.collecting(coo)
    form = road.accepted(sky, amara, coo, road.of_child(sky.person, "V"), children=[(sky.person, sky)])
    road.published(panel, coo)
    restricting.restrict(sky.reference, actor=mo, reason="A councillor's family.")
    road.held(panel, coo)
    road.issued(panel, coo)

    assert send(laptop, f"/panel/{panel.reference}/feedback/{form.reference}/", feedback="Agreed.").status_code == 302
    assert form.record.tasks.open().get(kind="read_intel_answer").owner == amara
    assert closed_by(laptop, panel) == "closed"


def closed_by(laptop, panel):
    send(laptop, f"/panel/{panel.reference}/send-minutes-round/", reason="They have no mailbox.")
    send(laptop, f"/panel/{panel.reference}/close/")
    return road.again(panel).state


def test_nobody_is_asked_to_tell_themselves_nor_who_is_barred_to_tell_anybody(
    laptop, client_of, robin, coo, cy, mo, willow, aspen
):
    both = cast.user("Both", (aspen, Role.COORDINATOR), (willow, Role.PRACTITIONER))
    panel = road.collecting(coo)
    form = road.accepted(robin, both, coo, road.at_place(), children=[(robin.person, robin)])
    road.published(panel, coo)
    road.held(panel, coo)
    road.issued(panel, coo)
    restricting.bar(robin.reference, actor=mo, user=cy, reason="Lives next door.")
    path = f"/panel/{panel.reference}/feedback/{form.reference}/"

    for user, status, linked in ((both, 403, False), (cy, 404, False), (coo, 200, True)):
        browser = client_of(user)
        assert (path in browser.get(f"/panel/{panel.reference}/").content.decode()) is linked
        assert browser.get(path).status_code == status
    with pytest.raises(NotReady, match="does not wait for feedback"):
        sitting.give_feedback(panel.reference, form.reference, actor=cy, feedback="Agreed.")
    with pytest.raises(Denied):
        sitting.give_feedback(panel.reference, form.reference, actor=both, feedback="Agreed.")


def test_who_arranges_a_panel_second_sees_what_stands_and_what_they_typed(laptop, coo, cy):
    panel = road.collecting(coo)
    path = f"/panel/{panel.reference}/arrange/"
    opened = laptop.get(path)
    now = road.again(panel)
    planning.arrange(
        panel.reference,
        actor=cy,
        planned_on=now.planned_on,
        cut_off_at=now.cut_off_at,
        place="Room 9",
        authority_chair="",
        police_chair="",
    )

    answer = laptop.post(path, filled(opened, place="Room 1"))

    assert answer.status_code == 409
    assert "Room 9" in page(answer).text
    assert "Room 1" in answer.content.decode()
    assert laptop.post(path, filled(laptop.get(path))).status_code == 302
    assert road.again(panel).place == "Room 1"
