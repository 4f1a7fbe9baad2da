"""Form 87A beside the rest: children attached or come back, one signature, days, and who reads whose words."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from hsb.core import clock, document_store
from hsb.core.forms import date_parts
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from referrals import documents
from referrals.models import Disclosure
from referrals.services import deciding, episodes, intake, police, restricting, signing
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _a_tuesday_morning(time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 10, 0, 30, tzinfo=UTC), tick=False)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Documents of a test go away with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


@pytest.fixture
def needed(front_door, amara, willow, mo):
    """A referral of category 2 that awaits a decision: its Form 87A is needed."""
    return road.awaiting(amara, "2")[0]


@pytest.fixture
def apart(front_door, amara, dot, dev, willow, rowan, max, carl, mo):
    """One concern: the child who displayed is Willow's, the child who was harmed is Rowan's."""
    displayed, harmed = road.logged(dot)
    road.assess_displayed(displayed, dot, "2")
    road.assess_harmed(harmed, dot, 3)
    for referral, team, worker in ((displayed, willow, amara), (harmed, rowan, carl)):
        there = deciding.Destination(team=team, worker=worker, reason="Social work is needed.")
        deciding.allocate(referral.reference, actor=dev, destination=there)
    return road.again(displayed), road.again(harmed)


def open_tasks(referral):
    """(kind, whose, due) of each open task about the police."""
    found = referral.record.tasks.open().filter(kind__contains="police")
    return sorted((task.kind, str(task.owner or task.team), task.due_on) for task in found)


# --- A referral that is attached, a child who comes back ---


@pytest.fixture
def twins(front_door, dot, dev):
    """(the child's open referral, a second one of the same child whose own concern needs a form)."""
    open_one, _ = road.logged(dot, harmed=False)
    again = intake.Known(person=open_one.person, roles=("displayed",), attach=False, separate_because="Found late.")
    second = intake.log_concern(
        author=dot,
        once=uuid4(),
        people=[again],
        what_was_reported="Something else.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    ).opened[0]
    concern = second.involvements.get().concern.reference
    police.ask_for_police_referral(second.reference, actor=dot, concern=concern, grounds="Images were shared.")
    return open_one, second


def attach(second, open_one, manager):
    intake.attach(second.reference, actor=manager, to_reference=open_one.reference, reason="The same child.")
    return road.again(open_one), road.again(second)


def returned(referral, worker, manager):
    police_road.drafted(referral, worker)
    police.return_to_drafter(police_road.of(referral).reference, actor=manager, reason="Say when.")


@pytest.mark.parametrize(
    ("until", "waits"),
    [
        pytest.param(lambda *_: None, [], id="needed"),
        pytest.param(
            lambda second, dot, dev: police_road.drafted(second, dot), ["approve_police_referral"], id="drafted"
        ),
        pytest.param(returned, ["draft_police_referral"], id="returned"),
        pytest.param(police_road.approved, [], id="approved"),
        pytest.param(police_road.refused, ["draft_police_referral"], id="refused"),
    ],
)
def test_an_unresolved_form_goes_on_where_the_child_is_attached(twins, dot, dev, time_machine, until, waits):
    open_one, second = twins
    until(second, dot, dev)
    time_machine.move_to(datetime(2026, 11, 26, 10, 0, tzinfo=UTC), tick=False)

    target, attached = attach(second, open_one, dev)

    assert (target.police_outstanding, attached.police_outstanding) == (True, False)
    assert open_tasks(attached) == []
    # Passing it on buys no time.
    assert open_tasks(target) == sorted((kind, "Front door", TODAY) for kind in [*waits, "police_referral"])
    form = police_road.of(target).latest_form()
    assert form is None or form.referral == target


def test_a_form_that_waits_for_its_answer_is_waited_for_where_the_child_is_attached(twins, dot, dev):
    open_one, second = twins
    police_road.sent(second, dot, dev)

    target, _ = attach(second, open_one, dev)
    assert [task[0] for task in open_tasks(target)] == ["police_acknowledgement"]
    form = police_road.of(target)
    police.acknowledge(form.reference, actor=dot, acknowledged_on=clock.today(), police_reference="CR 77")

    assert target.police_outstanding is False
    assert open_tasks(target) == []


def test_a_child_who_comes_back_shows_what_is_not_sent(front_door, amara, mo, willow):
    robin, sky = road.logged(amara)
    road.assess_harmed(sky, amara, 1)
    deciding.close_with_advice(sky.reference, actor=mo, closed_as="no_service", reason="No service.")
    road.assess_displayed(robin, amara, "3")

    episode = road.again(episodes.reopen(sky.reference, actor=amara, reason="She told somebody."))

    assert episode.police_outstanding is True
    assert [task[0] for task in open_tasks(episode)] == ["police_referral"]
    assert episode.next_due_on == TODAY
    assert (
        road.last_entry(episode, "police_referral_needed").facts["police_referral"] == police_road.of(robin).reference
    )


# --- What the pack says of a part ---


def test_the_pack_says_how_sure_each_part_is(front_door, amara, willow, mo):
    referral, _ = road.awaiting(amara, "2")
    concern = referral.involvements.get().concern
    intake.set_roles(referral.reference, actor=amara, concern=concern, roles=["harmed"])
    said = {"status": "admitted", "status_basis": "police", "status_since": concern.reported_on}
    concern.involvements.filter(role="harmed").update(**said)

    part = dict(documents.child_rows(referral, concern.involvements.order_by("pk")))["Part in it"]

    assert part == "Child who displayed the behaviour (unfounded); Child who was harmed (admitted)"


def test_the_pack_says_it_of_the_others_too(needed):
    concern = needed.involvements.get().concern
    wendy = cast.person("Wendy", "Witness")
    concern.involvements.create(person=wendy, role="witness", relationship="Cousin")
    concern.involvements.create(person=wendy, role="possible_risk", status="unfounded")

    others = documents.police_pack(police_road.of(needed), police_road.drafted(needed, concern.author).latest_form())

    assert others["others"] == [
        ["Wendy Witness", "Child who saw or heard it (alleged); Other child at possible risk (unfounded)", "Cousin"]
    ]


# --- Why it is not sent ---


SECRET = "Robin Sample was himself hurt at home."


def excused(apart, manager):
    form = police_road.of(apart[0])
    police.excuse(form.reference, actor=manager, exit_="not_sent_because", reason=SECRET, weighed=road.weighed())
    return form


@pytest.mark.parametrize("name", ["police-forms/", "", "chronology/", "who-looked/", "concern"])
def test_the_reason_is_not_read_by_who_may_not_open_every_child(apart, mo, max, client_of, name):
    _, harmed = apart
    excused(apart, mo)
    concern = harmed.involvements.get().concern.reference

    page = client_of(max).get(f"/concerns/{concern}/" if name == "concern" else f"/referrals/{harmed.reference}/{name}")

    assert page.status_code == 200
    assert SECRET not in road.text(page)


def test_who_decided_and_who_may_open_every_child_read_the_reason(apart, mo, max, amara, client_of):
    displayed, harmed = apart
    excused(apart, mo)
    restricting.name_reader(harmed.reference, actor=max, reader=amara, reason="Works with both.")

    shown = [road.text(client_of(user).get(road.url(displayed, "police-forms"))) for user in (mo, amara)]

    assert [SECRET in page for page in shown] == [True, True]


def test_each_childs_record_says_that_a_manager_decided_and_who(apart, mo):
    excused(apart, mo)

    for child in apart:
        disclosure = Disclosure.objects.filter(record=child.record).latest("pk")
        assert (disclosure.shared, disclosure.by) == (False, mo)
        assert disclosure.why == "Mo, a manager, decided it. The reason stands with Form 87A."


def test_of_one_child_alone_the_record_keeps_the_reason(needed, mo):
    police_road.excused(needed, mo)

    assert Disclosure.objects.filter(record=needed.record).latest("pk").why == "The police have it already."


def test_the_hint_says_who_will_read_the_reason(apart, mo, client_of):
    displayed, _ = apart
    url = f"/referrals/{displayed.reference}/police-forms/{police_road.of(displayed).reference}/not-sent/"

    page = road.text(client_of(mo).get(url))

    assert "It will be read by whoever may open every child that the form covers, you among them." in page
    assert "whoever has this child" not in page


def test_what_was_said_about_consent_stays_with_the_form_where_it_covers_several(front_door, amara, mo, willow):
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    police_road.sent(displayed, amara, mo, consent="Robin's mother said no.")

    for child in (displayed, harmed):
        sent = Disclosure.objects.filter(record=child.record).latest("pk")
        assert sent.consent == "Without asking: asking would put a child at risk, or hinder the police"


# --- Nobody approves her own words ---


@pytest.fixture
def redrafted(needed, amara, mo):
    """Mo drafted the first version, Amara saved the same text as the second."""
    police_road.drafted(needed, mo)
    return police_road.drafted(needed, amara)


def test_whose_words_may_still_stand_does_not_approve_them(redrafted, needed, mo, client_of):
    with pytest.raises(Denied):
        police.approve(redrafted.reference, actor=mo)

    assert "Approve Form 87A" not in road.text(client_of(mo).get(road.url(needed, "police-forms")))
    assert police_road.of(needed).state == "drafted"


def test_after_a_return_the_words_are_new(redrafted, needed, amara, mo, willow):
    other = cast.user("Mona", (willow, Role.MANAGER))
    police.return_to_drafter(redrafted.reference, actor=other, reason="Say when.")
    police_road.drafted(needed, amara, known="It was on Monday.")

    police.approve(redrafted.reference, actor=mo)

    assert police_road.of(needed).state == "approved"


# --- One page, one signature ---


def sign(referral, manager, team, **judgement):
    form = police_road.of(referral)
    there = deciding.Destination(team=team, reason="Social work is needed.")
    return signing.sign(
        referral.reference,
        lambda: deciding.allocate(
            referral.reference, actor=manager, destination=there, judgement=deciding.Judgement(**judgement)
        ),
        actor=manager,
        police_forms=[(form.reference, form.version)],
    )


def pack_of(referral):
    with BytesIO(document_store.content(police_road.of(referral).latest_form().document)) as stored:
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(stored).pages)


def test_the_pack_says_what_was_decided_on_the_same_page(needed, amara, mo, rowan):
    police_road.drafted(needed, amara)

    # Mo manages the author's team: the decision ends the right to the record.
    sign(needed, mo, rowan, category="3", category_reason="Force was used.")

    said = pack_of(needed)
    assert "Category 3: Violent" in said
    assert "waits for a manager" not in said
    assert "Rowan" in said
    assert (police_road.of(needed).state, open_tasks(needed)) == ("approved", [("police_referral", "Rowan", TODAY)])


def test_without_the_right_to_approve_nothing_is_decided(needed, mo, willow):
    police_road.drafted(needed, mo)

    with pytest.raises(Denied):
        sign(needed, mo, willow)

    assert road.again(needed).state == "awaiting_decision"


def test_a_decision_that_is_refused_leaves_no_file(needed, amara, mo, hazel, files):
    police_road.drafted(needed, amara)

    with pytest.raises(NotReady):
        sign(needed, mo, hazel)

    assert list(files.rglob("*.pdf")) == []
    assert police_road.of(needed).state == "drafted"


def test_a_pack_goes_when_what_follows_it_fails(needed, amara, mo, files, monkeypatch):
    police_road.drafted(needed, amara)

    def fail(*_):
        assert list(files.rglob("*.pdf"))
        raise NotReady("Not now.")

    with monkeypatch.context() as broken:
        broken.setattr(police, "tell_children", fail)
        with pytest.raises(NotReady):
            police.approve(police_road.of(needed).reference, actor=mo)
    assert list(files.rglob("*.pdf")) == []
    police.approve(police_road.of(needed).reference, actor=mo)

    assert default_storage.exists(police_road.of(needed).latest_form().document.stored_name)


# --- Days that can be ---


YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "at"),
    [(YESTERDAY, None), (TOMORROW, None), (TODAY, time(9, 59)), (TODAY, time(10, 1))],
    ids=["a day before it was approved", "tomorrow", "a minute before it was approved", "in a minute"],
)
def test_it_is_sent_between_its_approval_and_now(needed, amara, mo, on, at):
    form = police_road.approved(needed, amara, mo)

    with pytest.raises(NotReady, match="after its approval on 24 November 2026 at 10am, and not"):
        police.record_sent(form.reference, actor=amara, sent_to="CAIT", sent_how="E-mail", sent_on=on, sent_at=at)

    assert police_road.of(needed).state == "approved"


def test_it_may_be_sent_in_the_minute_of_its_approval(needed, amara, mo):
    form = police_road.approved(needed, amara, mo)

    police.record_sent(
        form.reference, actor=amara, sent_to="CAIT", sent_how="E-mail", sent_on=TODAY, sent_at=time(10, 0)
    )

    assert police_road.of(needed).state == "sent"


@pytest.mark.parametrize("on", [YESTERDAY, TOMORROW], ids=["before it was sent", "tomorrow"])
def test_it_is_answered_between_its_sending_and_today(needed, amara, mo, on):
    form = police_road.sent(needed, amara, mo)
    said = "Enter a day from 24 November 2026, on which Form 87A was sent, until today."

    with pytest.raises(NotReady) as acknowledged:
        police.acknowledge(form.reference, actor=amara, acknowledged_on=on, police_reference="CR 77")
    with pytest.raises(NotReady) as refused:
        police.refuse(
            form.reference,
            actor=amara,
            refused_on=on,
            refused_by="DC Finch",
            reason="Too little.",
            done=police_road.DONE,
        )

    assert (str(acknowledged.value), str(refused.value)) == (said, said)
    assert police_road.of(needed).state == "sent"


def test_it_is_refused_after_it_was_acknowledged(needed, amara, mo, time_machine):
    form = police_road.sent(needed, amara, mo)
    time_machine.move_to(datetime(2026, 11, 26, 10, 0, tzinfo=UTC), tick=False)
    police.acknowledge(form.reference, actor=amara, acknowledged_on=date(2026, 11, 26), police_reference="CR 77")

    with pytest.raises(NotReady, match="from 26 November 2026, on which Form 87A was acknowledged, until today"):
        police.refuse(
            form.reference,
            actor=amara,
            refused_on=date(2026, 11, 25),
            refused_by="DC Finch",
            reason="Too little.",
            done=police_road.DONE,
        )


def test_the_page_says_it_beside_the_form(needed, amara, mo, client_of):
    form = police_road.approved(needed, amara, mo)

    answer = client_of(amara).post(
        f"/referrals/{needed.reference}/police-forms/{form.reference}/sent/",
        {"version": form.version, "sent_to": "CAIT", "sent_how": "E-mail", **date_parts("sent", YESTERDAY, at="")},
    )

    assert answer.status_code == 422
    assert "after its approval on 24 November 2026" in road.text(answer)
