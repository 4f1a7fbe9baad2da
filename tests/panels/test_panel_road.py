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
from panels.services import planning, sifting, sitting
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
    assert tasks(panel.record) == ["hold_panel"]

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
        planning.circulate(mo_sits.reference, actor=coo, told={2})
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
    planning.circulate(mo_sits.reference, actor=coo)
    road.accepted(robin, amara, coo, road.at_place("Elsewhere"))
    road.agenda.compile_agenda(mo_sits.reference, actor=coo)

    planning.circulate(mo_sits.reference, actor=coo)

    assert [message.agenda[:2] for message in Message.objects.order_by("pk")] == [
        (mo_sits.reference, "1"),
        (mo_sits.reference, "2"),
    ]


# --- The sitting ---


@pytest.fixture
def held(panel, coo):
    return road.held(panel, coo)


def test_it_begins_with_who_came(panel, coo):
    with pytest.raises(NotReady, match="Say for every seat"):
        sitting.begin(panel.reference, actor=coo, held_on=clock.today(), seats=[])

    held = road.held(panel, coo)

    assert held.state == "held"
    assert tasks(held.record) == ["issue_panel_actions"]
    assert held.record.tasks.open().get().due_on == add_working_days(clock.today(), 5)


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
    assert tasks(issued.record) == []


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
    meetings.decide_meeting(robin.meeting_decisions.get().reference, actor=mo, convene=False, reason="No need.")
    case_road.closing_proposed(case_road.at_work(robin, amara), amara)
    for form in PoliceReferral.objects.filter(concern__involvements__referral=robin):
        police.excuse(form.reference, actor=mo, exit_="not_sent_because", reason="The police brought it.")
    working.close(robin.reference, actor=mo, reason="The plan is met.")

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
    assert tasks(held.record) == []


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
    assert tasks(held.record) == []


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
        ({"agreed_on": clock.today() + timedelta(days=1)}, "cannot lie ahead"),
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
    assert planning.circulate(panel.reference, actor=coo, told={3}) == 2
    planning.postpone(panel.reference, actor=coo, reason="Snow.")
    made = panel.record.documents.count()
    day = add_working_days(clock.today(), 25)

    planning.resume(panel.reference, actor=coo, planned_on=day)

    assert panel.record.documents.count() == made + 2
    for document in panel.record.documents.order_by("-number")[:2]:
        pages = PdfReader(BytesIO(document_store.content(document))).pages
        assert words.day(day) in " ".join(" ".join(p.extract_text() for p in pages).split())
    assert not panel.seats.filter(told_on__isnull=False).exists()
    assert planning.circulate(panel.reference, actor=coo, told={3}) == 2
    assert planning.circulate(panel.reference, actor=coo, told={3}) == 0
    assert [message.agenda[2] for message in Message.objects.filter(user=mo, what="agenda").order_by("pk")] == [
        panel.planned_on,
        day,
    ]
