"""No name, number, day, action or reason tells the other agencies that the police know of more."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from hsb.core import clock, document_store, words
from hsb.core.models import Message
from hsb.core.refusals import NotReady
from hsb.people.states import Role
from panels.selectors.wording import runs_in
from panels.services import agenda, planning, rounds, sitting
from panels.services.sifting import Decider
from referrals.services import agreed
from strategy_meetings.models import IntelEntry, Theme
from tests import cast
from tests.pages import page
from tests.panels import panel_road as road

pytestmark = pytest.mark.django_db
POLICE = "Quillfeather drove the van."


@pytest.fixture
def officer(rowan):
    return cast.user("Pat", (rowan, Role.PRACTITIONER))


@pytest.fixture
def told(robin, amara, coo):
    """A function: a form about Robin with these entries is accepted."""
    return lambda *entries: road.accepted(robin, amara, coo, *entries, children=[(robin.person, robin)])


@pytest.fixture
def panel(told, robin, coo, mo, officer):
    """Published: Robin, whom all know of, and Hidden Yard, of which only the police know. Mo and the police sit."""
    panel = road.collecting(coo)
    told(road.of_child(robin.person), road.at_place("Hidden Yard", text=POLICE, police_only=True))
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    planning.save_seat(panel.reference, actor=coo, number=2, role="police", user=officer)
    panel.seats.filter(user__isnull=True).delete()
    return road.published(panel, coo)


def item_of(panel, name):
    return next(item for item in road.items(panel) if item.called == name)


def text_of(panel, kind):
    document = panel.record.documents.filter(kind=kind).order_by("-number").first()
    pages = PdfReader(BytesIO(document_store.content(document))).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


def url(panel, item=None):
    return f"/panel/{panel.reference}/" + (f"items/{item.number}/" if item else "")


def shown(client_of, user, panel, item=None):
    return page(client_of(user).get(url(panel, item))).text


@pytest.mark.parametrize("subject", ["place", "group"])
def test_what_only_the_police_call_a_place_or_a_group_is_told_of_no_other(told, robin, coo, subject):
    panel = road.collecting(coo)
    name = "Hidden Yard" if subject == "place" else "Canal Lads"
    of_group = {"theme": Theme.called("group", "Canal Lads")}
    kept = road.at_place(name) if subject == "place" else road.entry("T", **of_group)
    kept.police_only = True
    told(road.of_child(robin.person), kept)
    road.held(road.published(panel, coo), coo)

    with pytest.raises(NotReady, match=f"“{name.lower()}” is for the police only"):
        road.outcome(panel, item_of(panel, "Robin Sample"), coo, discussion=f"He was seen with {name}.")


@pytest.mark.parametrize("subject", ["place", "described"])
def test_what_all_know_it_by_is_said_though_the_police_know_more(told, robin, coo, subject):
    panel = road.collecting(coo)
    man = {"described": "A man with a van"}
    entries = (
        [road.at_place(text="Busy."), road.at_place(text=POLICE, police_only=True)]
        if subject == "place"
        else [road.entry("O", text="Seen.", **man), road.entry("O", text=POLICE, police_only=True, **man)]
    )
    told(road.of_child(robin.person), *entries)
    road.held(road.published(panel, coo), coo)

    said = "It is Lantern Park." if subject == "place" else "A man with a van was seen."
    road.outcome(panel, item_of(panel, "Robin Sample"), coo, discussion=said)

    assert item_of(panel, "Robin Sample").discussion == said


@pytest.mark.parametrize(
    "said", ["He sits in the cafe\u0301 on Ash Road.", "He sits in the ca\u00adfé on Ash\u200b Road."]
)
def test_words_are_found_however_their_letters_are_composed(said):
    assert runs_in(said, [IntelEntry(pk=1, text="Sits in the café on Ash Road.", police_only=True)])


def test_the_next_agenda_tells_nothing_of_what_the_police_alone_carried_over(panel, sky, amara, coo):
    road.held(panel, coo)
    road.action(panel, item_of(panel, "Hidden Yard"), coo, words="Watch it.", wording="A round is agreed.")
    road.issued(panel, coo, carried=("Hidden Yard",))
    road.accepted(sky, amara, coo, road.at_place("Hidden Yard", text="Seen there."), children=[(sky.person, sky)])
    following = road.published(road.collecting(coo, days=20), coo)

    police, others = (text_of(following, kind) for kind in ("agenda_police", "agenda_agencies"))

    assert "L1 Hidden Yard" in others
    assert "carried over 1 time" not in others
    assert "A round is agreed." not in others
    assert "Watch it." in police


def test_why_an_item_is_moved_is_read_by_who_coordinates(told, robin, coo, mo, client_of):
    panel = road.collecting(coo)
    told(road.of_child(robin.person))
    agenda.compile_agenda(panel.reference, actor=coo)
    item = item_of(panel, "Robin Sample")
    agenda.move_item(panel.reference, item.number, actor=coo, to=1, reason=POLICE)
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    road.published(panel, coo)

    assert "Quillfeather" in shown(client_of, coo, panel, item)
    assert "Quillfeather" not in shown(client_of, mo, panel, item) + shown(client_of, mo, panel)


def test_why_somebody_is_not_told_repeats_nothing_of_the_police(panel, coo):
    with pytest.raises(NotReady, match="quillfeather drove the van"):
        rounds.circulate_agenda(panel.reference, actor=coo, reason=POLICE)
    road.held(panel, coo)
    road.issued(panel, coo)
    with pytest.raises(NotReady, match="quillfeather drove the van"):
        rounds.circulate_minutes(panel.reference, actor=coo, reason=POLICE)


def test_no_version_is_missing_among_those_of_the_other_agencies(panel, told, coo, mo, client_of):
    for place, police_only in (("Hidden Mews", True), ("Lantern Park", False)):
        rounds.circulate_agenda(panel.reference, actor=coo)
        told(road.at_place(place, police_only=police_only))
        agenda.compile_agenda(panel.reference, actor=coo)
    rounds.circulate_agenda(panel.reference, actor=coo)

    messages = page(client_of(mo).get("/messages/")).text
    for text in (shown(client_of, mo, panel), text_of(panel, "agenda_agencies"), messages):
        assert "version 2" in text.lower()
        assert "version 3" not in text.lower()
    assert "version 3" in text_of(panel, "agenda_police")
    assert {message.agenda[1] for message in Message.objects.filter(user=mo)} == {"1", "2"}
    assert not panel.seats_to_tell()


def test_an_addendum_for_the_police_asks_nothing_anew_of_the_others(panel, told, coo):
    planning.save_seat(panel.reference, actor=coo, role="health", name="Nurse Example")
    rounds.circulate_agenda(panel.reference, actor=coo, reason="No secure mailbox.")
    told(road.at_place("Hidden Mews", police_only=True))
    agenda.compile_agenda(panel.reference, actor=coo)

    assert [seat.role for seat in panel.seats_to_tell()] == ["police"]


def test_on_which_day_the_police_were_told_is_theirs_to_know(panel, coo, mo, officer, client_of):
    rounds.circulate_agenda(panel.reference, actor=coo)
    before = clock.today() - timedelta(days=40)
    panel.seats.filter(role="police").update(told_on=before)

    assert words.day(before) in shown(client_of, officer, panel)
    assert words.day(before) not in shown(client_of, mo, panel)


def amended(panel, item, coo):
    return sitting.amend_item(
        panel.reference,
        item.number,
        actor=coo,
        once=uuid4(),
        text="It was the evening.",
        reason="A slip.",
        agreed_by=Decider(name="Sergeant Example", agency="Borough police"),
        agreed_on=clock.today(),
    )


def test_of_amended_minutes_of_the_police_the_others_hear_nothing(panel, coo, mo, client_of):
    road.held(panel, coo)
    road.issued(panel, coo)
    road.sent_round(panel, coo)
    papers = panel.record.documents.filter(kind="minutes_agencies")
    before, seen = papers.count(), shown(client_of, mo, panel)

    amended(panel, item_of(panel, "Hidden Yard"), coo)
    assert [seat.role for seat in road.again(panel).seats_to_tell_of_minutes()] == ["police"]
    road.sent_round(panel, coo)

    assert papers.count() == before
    assert shown(client_of, mo, panel) == seen
    assert "It was the evening." in text_of(panel, "minutes_police")
    amended(panel, item_of(panel, "Robin Sample"), coo)
    road.sent_round(panel, coo)
    told_of = Message.objects.filter(user=mo, what="minutes").order_by("pk")
    assert [message.agenda[1] for message in told_of] == ["1", "2"]
    assert not road.again(panel).seats_to_tell_of_minutes()


def test_feedback_repeats_nothing_that_the_police_said_at_an_earlier_panel(told, robin, sky, amara, coo):
    first = road.collecting(coo)
    form = told(road.of_child(robin.person), road.at_place())
    road.accepted(sky, amara, coo, road.at_place(text=POLICE, police_only=True), children=[(sky.person, sky)])
    road.held(road.published(first, coo), coo)
    road.issued(first, coo, carried=("Robin Sample",))
    second = road.published(road.collecting(coo, days=20), coo)
    road.held(second, coo)
    road.issued(second, coo)

    with pytest.raises(NotReady, match="quillfeather drove the van"):
        sitting.give_feedback(second.reference, form.reference, actor=coo, feedback=f"We heard: {POLICE}")


def test_who_sits_for_the_police_from_now_on_was_not_told_of_their_paper(panel, coo, mo):
    rounds.circulate_agenda(panel.reference, actor=coo)
    seat = panel.seats.get(role="local_authority")

    planning.save_seat(panel.reference, actor=coo, number=seat.number, role="police", user=mo)

    assert panel.seats_to_tell() == [seat]


def test_a_key_that_added_a_seat_elsewhere_adds_none_here(coo):
    once = uuid4()
    first, second = road.planned(coo), road.planned(coo)
    planning.save_seat(first.reference, actor=coo, role="other", agency="A charity", once=once)

    with pytest.raises(NotReady, match="sent before, for something else"):
        planning.save_seat(second.reference, actor=coo, role="other", agency="A charity", once=once)


def test_nobody_is_asked_to_tell_of_an_action_that_was_done(panel, coo):
    road.held(panel, coo)
    road.action(panel, item_of(panel, "Hidden Yard"), coo)
    road.issued(panel, coo)
    road.sent_round(panel, coo, agencies=(), reason="")
    sitting.finish_action(panel.reference, 1, actor=coo, done_on=clock.today(), outcome="Done.")
    form = panel.forms_to_hear().get()
    sitting.give_feedback(panel.reference, form.reference, actor=coo, feedback="Done.")

    sitting.close_panel(panel.reference, actor=coo)

    assert not panel.record.tasks.open().exists()


def test_what_a_manager_ended_since_stands_on_the_panels_pages_and_in_its_minutes(panel, robin, coo, mo, client_of):
    road.held(panel, coo)
    robins = item_of(panel, "Robin Sample")
    road.action(panel, robins, coo, words="Typed by mistake.", wording="A slip.")
    road.sitting.drop_action(panel.reference, 1, actor=coo, reason="A slip.")
    road.action(panel, robins, coo)
    road.issued(panel, coo)
    agreed.end_action(robin.reference, actor=mo, source=panel.reference, number=2, reason="The family moved.")
    amended(panel, robins, coo)

    for text in (shown(client_of, coo, panel, robins), shown(client_of, coo, panel)):
        assert "Walk the park with the school." in text
        assert "No longer needed" in text
        assert "The family moved." not in text
        assert "Typed by mistake." not in text
    assert "A safe way home is agreed with the school." in text_of(panel, "minutes_agencies")
    assert "A slip." not in text_of(panel, "minutes_agencies")
