"""The panel from its planning to its closing: days, seats, messages, discussion, actions, feedback (A16, A17, B12)."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core import mail
from pypdf import PdfReader

from hsb.core import clock, document_store, outbox, words
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessGrant, Action, Entry, Message
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from panels.models import ItemAction, Panel
from panels.selectors import deeds
from panels.selectors.reading import PanelReading
from panels.selectors.rounds import agencies_to_tell
from panels.services import planning, rounds, sifting, sitting
from referrals.models import PoliceReferral
from referrals.services import meetings, police, working
from tests.panels import panel_road as road
from tests.referrals import case_road

pytestmark = pytest.mark.django_db
SECRET = "An informant saw the blue car leave at ten."


@pytest.fixture
def panel(robin, amara, coo):
    """Published: Robin, whom one form names, with an entry for the police only; a place; a theme."""
    panel = road.collecting(coo)
    road.accepted(
        robin,
        amara,
        coo,
        road.of_child(robin.person, text="Seen with older pupils."),
        road.of_child(robin.person, text=SECRET, police_only=True),
        children=[(robin.person, robin)],
    )
    road.accepted(robin, amara, coo, road.at_place(), road.of_theme())
    return road.published(panel, coo)


def item_of(panel, section):
    return next(item for item in road.items(panel) if item.section == section)


def tasks(record):
    return sorted(record.tasks.open().values_list("kind", flat=True))


# --- Planned ---


def test_it_is_planned_on_a_working_day_with_the_usual_cut_off(coo, aspen, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)

    panel = road.planned(coo, days=10)

    assert panel.planned_on.isoformat() == "2026-12-07"
    assert panel.cut_off_at.isoformat() == "2026-11-30T17:00:00+00:00"
    assert panel.reference == "PAN-2026-00001"
    assert tasks(panel.record) == ["publish_agenda"]
    assert panel.record.tasks.get().due_on.isoformat() == "2026-11-30"
    with pytest.raises(NotReady, match="on a working day"):
        planning.plan(actor=coo, once=uuid4(), planned_on=clock.today() + timedelta(days=5))
    with pytest.raises(NotReady, match="from today on"):
        planning.plan(actor=coo, once=uuid4(), planned_on=clock.today() - timedelta(days=7))


@pytest.mark.parametrize("who", ["amara", "mo", "cho", "aud", "dee"])
def test_only_a_coordinator_plans(request, aspen, who):
    with pytest.raises(Denied):
        road.planned(request.getfixturevalue(who))


def test_the_same_form_twice_plans_one(coo, aspen):
    once = uuid4()
    day = add_working_days(clock.today(), 10)
    for _ in range(2):
        planning.plan(actor=coo, once=once, planned_on=day)

    assert Panel.objects.count() == 1


def test_a_cancelled_panel_asks_for_nothing_more(panel, coo):
    assert tasks(panel.record) == ["circulate_agenda", "hold_panel"]

    cancelled = planning.cancel(panel.reference, actor=coo, reason="Both chairs are ill.")

    assert cancelled.state == "cancelled"
    assert tasks(panel.record) == []
    assert Entry.objects.filter(record=panel.record).last().verb == "cancel"


# --- Who sits there, and who is told ---


@pytest.fixture
def mo_sits(panel, coo, mo):
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    planning.save_seat(panel.reference, actor=coo, number=2, role="police", name="Sergeant Example", agency="Police")
    return panel


def test_a_user_on_a_seat_opens_the_panel_once_it_is_published(coo, aspen, mo, robin, amara):
    panel = road.collecting(coo)
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    assert not Panel.objects.visible_to(mo).exists()

    road.published(panel, coo)

    assert Panel.objects.visible_to(mo).exists()
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", name="Somebody else")
    assert not Panel.objects.visible_to(mo).exists()
    assert AccessGrant.objects.get(record=panel.record, user=mo).ends_at is not None


def test_it_goes_round_by_link_only_and_once(mo_sits, coo, mo, settings):
    settings.BASE_URL = "https://hsb.example.org"
    for _ in range(2):
        rounds.circulate_agenda(mo_sits.reference, actor=coo, told={2})
    outbox.deliver()
    outbox.deliver()

    sent = mail.outbox[0]
    assert len(mail.outbox) == Message.objects.count() == 1
    assert sent.to == [mo.email]
    assert f"https://hsb.example.org/panel/{mo_sits.reference}/" in sent.body
    assert not sent.attachments
    assert not any(word in f"{sent.subject}{sent.body}" for word in ("Robin", "Sample", "Lantern", "informant"))
    told = {seat.number: (seat.told_version, seat.told_on) for seat in mo_sits.seats.filter(told_on__isnull=False)}
    assert told == {1: (1, clock.today()), 2: (1, clock.today())}


def test_of_an_addendum_they_are_told_again(mo_sits, coo, robin, amara):
    rounds.circulate_agenda(mo_sits.reference, actor=coo)
    road.accepted(robin, amara, coo, road.at_place("Elsewhere"))
    road.agenda.compile_agenda(mo_sits.reference, actor=coo)

    rounds.circulate_agenda(mo_sits.reference, actor=coo)

    assert [message.agenda[:2] for message in Message.objects.order_by("pk")] == [
        (mo_sits.reference, "1"),
        (mo_sits.reference, "2"),
    ]


def test_the_agenda_goes_round_before_anything_else_and_again_when_it_says_something_new(mo_sits, coo, robin, amara):
    """Published, with an addendum, with a new day, with somebody else on a seat: each time it is asked for."""

    def comes(panel):
        return deeds.coming(road.again(panel)), tasks(panel.record)

    first = ("circulate", ["circulate_agenda", "hold_panel"])
    then = ("hold", ["hold_panel"])
    assert comes(mo_sits) == first
    assert mo_sits.record.tasks.open().get(kind="circulate_agenda").due_on == add_working_days(clock.today(), 1)
    rounds.circulate_agenda(mo_sits.reference, actor=coo, told={2})
    assert comes(mo_sits) == first  # three seats are not told, and nobody said why

    rounds.circulate_agenda(mo_sits.reference, actor=coo, reason="They have named nobody yet.")
    assert comes(mo_sits) == then
    assert set(mo_sits.seats.filter(told_on=None).values_list("untold_reason", flat=True)) == {
        "They have named nobody yet."
    }

    road.accepted(robin, amara, coo, road.at_place("Elsewhere"))
    road.agenda.compile_agenda(mo_sits.reference, actor=coo)
    assert comes(mo_sits) == first
    assert not mo_sits.seats.exclude(untold_reason="").exists()
    rounds.circulate_agenda(mo_sits.reference, actor=coo, told={2}, reason="They have named nobody yet.")
    assert comes(mo_sits) == then

    planning.save_seat(mo_sits.reference, actor=coo, number=2, role="police", name="Constable Sample")
    assert comes(mo_sits) == first
    rounds.circulate_agenda(mo_sits.reference, actor=coo, told={2})
    assert comes(mo_sits) == then

    planning.postpone(mo_sits.reference, actor=coo, reason="Snow.")
    assert tasks(mo_sits.record) == []
    planning.resume(mo_sits.reference, actor=coo, planned_on=add_working_days(clock.today(), 25))
    assert comes(mo_sits) == first
    road.held(mo_sits, coo)
    assert tasks(mo_sits.record) == ["issue_panel_actions"]


def test_whoever_has_left_is_told_by_hand(mo_sits, coo, mo):
    mo.is_active = False
    mo.save()

    assert rounds.circulate_agenda(mo_sits.reference, actor=coo) == 0
    assert rounds.circulate_agenda(mo_sits.reference, actor=coo, told={1}) == 1
    assert not Message.objects.exists()


# --- The sitting ---


@pytest.fixture
def held(panel, coo):
    return road.held(panel, coo)


def test_it_begins_with_who_came(panel, coo):
    road.day_comes(panel)
    with pytest.raises(NotReady, match="Say for every seat"):
        sitting.begin(panel.reference, actor=coo, held_on=clock.today(), seats=[])

    held = road.held(panel, coo)

    assert held.state == "held"
    assert tasks(held.record) == ["issue_panel_actions"]
    assert held.record.tasks.open().get().due_on == add_working_days(clock.today(), 5)


def test_it_does_not_sit_before_the_day_for_which_it_is_planned(panel, coo):
    with pytest.raises(NotReady, match=f"It is planned for {words.day(panel.planned_on)}: postpone it to its new day"):
        sitting.begin(panel.reference, actor=coo, held_on=clock.today(), seats=[])

    assert road.again(panel).state == "published"


def test_nothing_is_discussed_before_it_sits_or_by_who_only_reads(panel, coo, aud):
    item = item_of(panel, "L")

    with pytest.raises(NotReady, match="while the panel sits"):
        road.outcome(panel, item, coo)
    with pytest.raises(Denied):
        road.outcome(panel, item, aud)


def test_every_item_has_its_outcome_first(held, coo):
    with pytest.raises(NotReady, match="for every item"):
        sitting.issue_actions(held.reference, actor=coo)

    issued = road.issued(held, coo)

    assert issued.state == "actions_issued"
    assert tasks(issued.record) == ["circulate_panel_minutes"]


def test_a_childs_record_gets_its_action_in_the_wording_for_the_record(held, coo, robin, amara):
    made = road.action(held, item_of(held, "O"), coo, words="Watch for the car; talk to him at home.")
    assert not robin.record.tasks.open().filter(kind="action").exists()

    road.issued(held, coo)

    action = made.action
    assert action.record_id == robin.pk
    assert action.source_id == held.pk
    assert action.what == "A safe way home is agreed with the school."
    assert made.words == "Watch for the car; talk to him at home."
    task = robin.record.tasks.open().get(kind="action")
    assert (task.owner, task.about) == (amara, f"{held.reference}-1")
    assert Entry.objects.filter(record=robin.record, verb="panel_agreed").get().facts == {
        "panel": held.reference,
        "action": 1,
    }


def test_an_action_of_a_referral_that_was_closed_since_is_the_coordinators(held, coo, robin, amara, mo):
    road.action(held, item_of(held, "O"), coo)
    meetings.decide_meeting(
        robin.meeting_decisions.get().reference, actor=mo, convene=False, reason="No need.", weighed=case_road.weighed()
    )
    case_road.closing_proposed(case_road.at_work(robin, amara), amara)
    for form in PoliceReferral.objects.filter(concern__involvements__referral=robin):
        police.excuse(
            form.reference,
            actor=mo,
            exit_="not_sent_because",
            reason="The police brought it.",
            weighed=case_road.weighed(),
        )
    working.close(robin.reference, actor=mo, reason="The plan is met.", weighed=case_road.weighed())

    road.issued(held, coo)

    action = Action.objects.get()
    assert action.record_id == held.pk
    assert held.record.tasks.open().get(kind="action").role == Role.COORDINATOR
    assert not robin.record.tasks.open().filter(kind="action").exists()


def test_a_places_action_stands_on_the_panels_own_record(held, coo):
    road.action(held, item_of(held, "L"), coo, wording="")
    road.issued(held, coo)

    action = Action.objects.get()
    assert action.record_id == held.pk
    assert action.what == "Walk the park with the school."
    assert held.record.tasks.open().get(kind="action").role == Role.COORDINATOR
    done = sitting.finish_action(held.reference, 1, actor=coo, done_on=clock.today(), outcome="It was walked.")
    assert done.done_on == clock.today()
    assert tasks(held.record) == ["circulate_panel_minutes"]


@pytest.mark.parametrize(
    "wording",
    [
        pytest.param("He was told of the BLUE CAR, leave at once.", id="four words, other capitals and commas"),
        pytest.param(f"Note: {SECRET}", id="all of it"),
    ],
)
def test_police_only_words_do_not_reach_the_record(held, coo, wording):
    with pytest.raises(NotReady, match="for the police only") as refused:
        road.action(held, item_of(held, "O"), coo, wording=wording)

    assert "the blue car leave" in str(refused.value)
    assert "entry 2" in str(refused.value)
    assert not Action.objects.exists()


def test_three_words_in_a_row_are_no_quotation(held, coo):
    assert road.action(held, item_of(held, "O"), coo, wording="Ask who drives the blue car. Then call.")


def test_a_childs_record_needs_its_wording_and_an_action_somebody(held, coo):
    with pytest.raises(NotReady, match="wording for the child's record"):
        road.action(held, item_of(held, "O"), coo, wording=" ")
    with pytest.raises(NotReady, match="who does it"):
        road.action(held, item_of(held, "O"), coo, owner_name="")


def test_a_places_own_words_may_not_repeat_them_either(robin, amara, coo, aspen):
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place(text=SECRET, police_only=True))
    road.held(road.published(panel, coo), coo)

    with pytest.raises(NotReady, match="for the police only"):
        road.action(panel, item_of(panel, "L"), coo, words=SECRET, wording="")
    kept = road.action(panel, item_of(panel, "L"), coo, words=SECRET, wording="Look at the car park.")
    assert (kept.words, kept.action.what) == (SECRET, "Look at the car park.")


def test_an_action_can_be_taken_out_until_they_are_issued(held, coo):
    road.action(held, item_of(held, "L"), coo)
    sitting.drop_action(held.reference, 1, actor=coo, reason="Typed twice.")
    road.issued(held, coo)

    assert Action.objects.get().cancelled_reason == "Typed twice."
    assert tasks(held.record) == ["circulate_panel_minutes"]


def test_the_same_form_twice_is_one_action(held, coo):
    once = uuid4()
    for _ in range(2):
        road.action(held, item_of(held, "L"), coo, once=once)

    assert ItemAction.objects.count() == 1


# --- Feedback, and the end ---


def test_the_author_hears_once_every_item_of_the_form_is_decided(held, coo, amara):
    forms = list(held.record.panel.sources.order_by("entry__form").values_list("entry__form", flat=True).distinct())
    issued = road.issued(held, coo, carried=("Lantern Park",))
    heard = issued.forms_to_hear().get()
    assert heard.pk == forms[0]
    with pytest.raises(NotReady, match="Tell the author of each form"):
        sitting.close_panel(issued.reference, actor=coo)
    with pytest.raises(NotReady, match="for the police only"):
        sitting.give_feedback(issued.reference, heard.reference, actor=coo, feedback=SECRET)

    form = sitting.give_feedback(issued.reference, heard.reference, actor=coo, feedback="A way home is agreed.")

    assert (form.state, form.answer) == ("heard", "A way home is agreed.")
    assert form.record.tasks.open().get(kind="read_intel_answer").owner == amara
    with pytest.raises(NotReady, match="Send the minutes round first"):
        sitting.close_panel(issued.reference, actor=coo)
    road.sent_round(issued, coo)
    assert sitting.close_panel(issued.reference, actor=coo).state == "closed"


def test_what_is_carried_over_is_heard_by_a_later_panel(held, coo):
    road.issued(held, coo, carried=("Lantern Park",))
    later = road.collecting(coo, days=25)
    road.held(road.published(later, coo), coo)
    assert road.called(later) == ["L Lantern Park"]

    road.issued(later, coo)

    assert road.items(later)[0].carried_times == 1
    assert later.forms_to_hear().count() == 1
    sitting.give_feedback(later.reference, later.forms_to_hear().get().reference, actor=coo, feedback="Done.")


# --- The minutes go round, and agencies hear of their actions ---


@pytest.fixture
def sat(mo_sits, coo):
    """Held, with Mo and the police on it; its actions are issued by the test."""
    road.held(mo_sits, coo)
    return mo_sits


def test_the_minutes_go_round_by_link_and_name_no_child(sat, coo, mo, settings):
    settings.BASE_URL = "https://hsb.example.org"
    with pytest.raises(NotReady, match="once the panel has issued"):
        rounds.circulate_minutes(sat.reference, actor=coo)
    road.issued(sat, coo)
    assert deeds.coming(road.again(sat)) == "circulate_minutes"
    assert sat.record.tasks.open().get().due_on == add_working_days(clock.today(), 5)

    for _ in range(2):
        rounds.circulate_minutes(sat.reference, actor=coo, told={2})
    outbox.deliver()

    (sent,) = mail.outbox
    assert sent.to == [mo.email]
    assert (
        f"The minutes of {sat.reference} are made (version 1). It was held on {words.day(clock.today())}." in sent.body
    )
    assert f"https://hsb.example.org/panel/{sat.reference}/" in sent.body
    assert not any(word in f"{sent.subject}{sent.body}" for word in ("Robin", "Sample", "Lantern", "informant"))
    told = {seat.number: (seat.minutes_version, seat.minutes_on) for seat in sat.seats.exclude(minutes_on=None)}
    assert told == {1: (1, clock.today()), 2: (1, clock.today())}
    assert deeds.coming(road.again(sat)) == "circulate_minutes"  # the other seats are named, and not told
    rounds.circulate_minutes(sat.reference, actor=coo, told={3, 4}, reason="The service has no secure mailbox.")
    assert deeds.coming(road.again(sat)) == "close"
    assert tasks(sat.record) == []
    assert sat.seats.get(number=5).minutes_untold_reason == "The service has no secure mailbox."


def test_amended_minutes_go_round_again(sat, coo, mo):
    road.issued(sat, coo)
    road.sent_round(sat, coo)
    assert tasks(sat.record) == []

    amended(sat, item_of(sat, "O"), coo)

    assert tasks(sat.record) == ["circulate_panel_minutes"]
    assert road.again(sat).minutes_version(police=False) == 2
    assert sat.seats.get(number=1).minutes_version == 1
    assert len(road.again(sat).seats_to_tell_of_minutes()) == 5
    with pytest.raises(NotReady, match="Send the minutes round first"):
        sitting.close_panel(sat.reference, actor=coo)
    road.sent_round(sat, coo)
    assert [message.agenda[1] for message in Message.objects.filter(user=mo, what="minutes").order_by("pk")] == [
        "1",
        "2",
    ]
    assert tasks(sat.record) == []


def test_each_agency_without_an_account_is_told_of_its_actions_before_the_panel_closes(sat, coo, mo):
    person, place = item_of(sat, "O"), item_of(sat, "L")
    road.action(sat, person, coo)
    road.action(sat, place, coo, agency=" schools", owner_name="The caretaker")
    road.action(sat, place, coo, agency="Parks", owner_name="The warden")
    road.action(sat, place, coo, agency="Willow", owner=mo, owner_name="")
    road.issued(sat, coo)
    sat = road.again(sat)
    assert {
        code: [each.number for each in found] for code, found in agencies_to_tell(PanelReading(sat, coo)).items()
    } == {
        "1": [1, 2],
        "3": [3],
    }
    everybody = {"told": {2, 3, 4, 5}}
    with pytest.raises(NotReady, match="Say how the agencies were told"):
        rounds.circulate_minutes(sat.reference, actor=coo, **everybody, agencies=["1"], told_on=clock.today())

    by_mail = {"told_on": clock.today(), "told_how": "by secure mail"}
    rounds.circulate_minutes(sat.reference, actor=coo, **everybody, agencies=["1"], **by_mail)

    told = dict(ItemAction.objects.order_by("action__number").values_list("action__number", "told_how"))
    assert told == {1: "by secure mail", 2: "by secure mail", 3: "", 4: ""}
    assert Entry.objects.filter(record=sat.record, verb="circulate_panel_minutes").last().facts["actions"] == [1, 2]
    with pytest.raises(NotReady, match="Tell each agency without an account"):
        sitting.close_panel(sat.reference, actor=coo)
    assert tasks(sat.record).count("circulate_panel_minutes") == 1
    rounds.circulate_minutes(sat.reference, actor=coo, reason="The warden left, the council asks for another.")
    assert deeds.coming(road.again(sat)) == "close"
    assert "circulate_panel_minutes" not in tasks(sat.record)
    assert ItemAction.objects.get(action__number=3).untold_reason.startswith("The warden left")


# --- Amended ---


def amended(panel, item, coo, **more):
    agreed = {"agreed_by": road.POLICE, "agreed_on": clock.today(), "once": uuid4()}
    typed = {"text": "The school was not there.", "reason": "The nurse noticed it."}
    return sitting.amend_item(panel.reference, item.number, actor=coo, **agreed | typed | more)


def test_minutes_are_amended_by_two_and_say_so(held, coo, mo):
    issued = road.issued(held, coo)
    item = item_of(held, "O")

    made = amended(issued, item, coo)

    item.refresh_from_db()
    assert item.discussion == "What was said."
    assert (made.number, made.agreed, made.written_by) == (1, "Sergeant Example, Borough police", coo)
    entry = Entry.objects.filter(record=held.record, verb="amend_minutes").get()
    assert entry.reason == "The nurse noticed it."
    kinds = [document.kind for document in held.record.documents.order_by("number")]
    assert [kind for kind in kinds if kind.startswith("minutes")] == ["minutes_police", "minutes_agencies"] * 2


def test_the_same_form_twice_amends_once(held, coo):
    issued, once = road.issued(held, coo), uuid4()
    item = item_of(held, "O")

    assert amended(issued, item, coo, once=once) == amended(issued, item, coo, once=once)
    assert item.amendments.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"agreed_by": sifting.Decider()}, "Say who agreed"),
        ({"agreed_by": sifting.Decider(name="Coo", agency="Panel office")}, "A second person"),
        # Two days: midnight may pass before it is asked.
        ({"agreed_on": clock.today() + timedelta(days=2)}, "cannot lie ahead"),
        ({"reason": " "}, "Say why"),
        ({"text": SECRET}, "does not stand in this paper"),
    ],
    ids=["nobody agreed", "the writer agreed", "a day ahead", "no reason", "what is for the police only"],
)
def test_an_amendment_is_refused(held, coo, more, sentence):
    issued = road.issued(held, coo)

    with pytest.raises(NotReady, match=sentence):
        amended(issued, item_of(held, "O"), coo, **more)

    assert not item_of(held, "O").amendments.exists()


def test_nothing_is_amended_while_the_panel_sits(held, coo):
    with pytest.raises(NotReady, match="once the panel has issued"):
        amended(held, item_of(held, "O"), coo)


def test_an_author_is_told_once_what_was_decided_is_issued_and_not_while_another_panel_sits(robin, amara, coo):
    first = road.collecting(coo)
    form = road.accepted(
        robin, amara, coo, road.of_child(robin.person), road.at_place(), children=[(robin.person, robin)]
    )
    road.held(road.published(first, coo), coo)
    road.issued(first, coo, carried=("Lantern Park",))
    second = road.published(road.collecting(coo, days=20), coo)
    road.held(second, coo)
    road.outcome(second, item_of(second, "L"), coo, "decided")

    with pytest.raises(NotReady, match="does not wait for feedback"):
        sitting.give_feedback(first.reference, form.reference, actor=coo, feedback="All is decided.")

    road.issued(second, coo)
    sitting.give_feedback(second.reference, form.reference, actor=coo, feedback="All is decided.")
    assert road.form_again(form).state == "heard"


def test_a_published_panel_that_has_a_new_day_says_so_in_its_papers_and_everybody_is_told_again(panel, coo, mo):
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    planning.save_seat(panel.reference, actor=coo, number=3, role="health", name="Nurse Example")
    assert rounds.circulate_agenda(panel.reference, actor=coo, told={3}) == 2
    planning.postpone(panel.reference, actor=coo, reason="Snow.")
    made = panel.record.documents.count()
    day = add_working_days(clock.today(), 25)

    planning.resume(panel.reference, actor=coo, planned_on=day)

    assert panel.record.documents.count() == made + 2
    for document in panel.record.documents.order_by("-number")[:2]:
        pages = PdfReader(BytesIO(document_store.content(document))).pages
        assert words.day(day) in " ".join(" ".join(p.extract_text() for p in pages).split())
    assert not panel.seats.filter(told_on__isnull=False).exists()
    assert rounds.circulate_agenda(panel.reference, actor=coo, told={3}) == 2
    assert rounds.circulate_agenda(panel.reference, actor=coo, told={3}) == 0
    assert [message.agenda[2] for message in Message.objects.filter(user=mo, what="agenda").order_by("pk")] == [
        panel.planned_on,
        day,
    ]
