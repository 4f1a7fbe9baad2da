"""Calls to the police, and Form 87A: through a browser."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from hsb.core import access, clock, document_store, words, work
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from hsb.core.states import Because
from referrals.models import Disclosure, PoliceCall, PoliceReferral
from referrals.services import deciding, police, restricting
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db


def call(**answers):
    return {
        "once": str(uuid4()),
        "emergency": "no",
        "spoke_to": "PC 1234, duty desk",
        "what_was_said": "What the school reported.",
        **date_parts("called", clock.today(), at=""),
    } | answers


@pytest.fixture
def needed(front_door, amara, willow, mo):
    """A referral of category 2: its Form 87A is needed."""
    referral, _ = road.awaiting(amara, "2")
    return referral


# --- The call ----------------------------------------------------


@pytest.mark.parametrize("state", ["received", "statutory", "closing_proposed"])
def test_a_call_is_recorded_as_something_shared(front_door, client_of, amara, willow, state):
    worker = None if state == "received" else amara
    referral = cast.referral(amara, held_by=willow, state=state, worker=worker)

    answer = client_of(amara).post(road.url(referral, "police-call"), call(emergency="yes", police_reference="CAD 77"))

    row = PoliceCall.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/"
    assert (row.emergency, row.spoke_to, row.police_reference) == (True, "PC 1234, duty desk", "CAD 77")
    assert Disclosure.objects.get(record=referral.record).to_whom == "Police: PC 1234, duty desk"
    assert road.last_entry(referral, "record_police_call").actor == amara


def test_a_second_click_makes_no_second_call(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    form = call()

    for _ in range(2):
        client_of(amara).post(road.url(referral, "police-call"), form)

    assert PoliceCall.objects.count() == 1


def test_a_call_about_a_closed_referral_opens_a_new_episode(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    client_of(amara).post(road.url(referral, "police-call"), call())

    assert PoliceCall.objects.get().referral.previous == referral


def test_what_is_missing_is_asked_for_and_the_rest_is_kept(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)

    answer = client_of(amara).post(road.url(referral, "police-call"), call(spoke_to=""))

    assert answer.status_code == 422
    assert "Enter who you spoke to" in road.text(answer)
    assert "What the school reported." in road.text(answer)


# --- Form 87A: the steps, one after the other ----------------------------------------------------


def step(referral, name):
    return f"/referrals/{referral.reference}/police-forms/{police_road.of(referral).reference}/{name}/"


def drafted(**answers):
    return police_road.CONTENT | answers


def version(referral):
    return {"version": police_road.of(referral).version}


def sent(**answers):
    return {
        "sent_to": "Child abuse team, Exampleborough",
        "sent_how": "Secure e-mail",
        **date_parts("sent", clock.today(), at=""),
    } | answers


def test_the_call_comes_first(needed, client_of, amara):
    browser = client_of(amara)

    hub = browser.get(road.url(needed, "police-forms"))
    early = browser.get(step(needed, "draft"))
    forged = browser.post(step(needed, "draft"), drafted() | version(needed))

    assert "Record the call to the police" in road.text(hub)
    assert early.status_code == 409
    assert "Record the call to the police first." in road.text(early)
    assert forged.status_code == 422
    assert "Record the call to the police first." in road.text(forged)
    assert police_road.of(needed).state == "needed"


def test_what_is_recorded_is_put_into_the_draft(needed, client_of, amara):
    police_road.called(needed, amara)

    page = road.text(client_of(amara).get(step(needed, "draft")))

    assert "Something was reported at school." in page
    assert "Police child abuse investigation team" in page


def test_it_goes_from_draft_to_acknowledged_by_its_pages(needed, client_of, amara, mo):
    police_road.called(needed, amara)
    writer, manager = client_of(amara), client_of(mo)

    writer.post(step(needed, "draft"), drafted() | version(needed))
    assert police_road.of(needed).state == "drafted"
    assert task(needed, "approve_police_referral").role == "manager"
    assert "87A not sent" in road.text(writer.get(f"/referrals/{needed.reference}/"))

    manager.post(step(needed, "approve"), {"decision": "approve"} | version(needed))
    form = police_road.of(needed).latest_form()
    assert (police_road.of(needed).state, form.approved_by, form.document.kind) == ("approved", mo, "police_pack")
    assert task(needed, "approve_police_referral") is None

    writer.post(step(needed, "sent"), sent() | version(needed))
    again = road.again(needed)
    assert again.police_outstanding is False
    assert task(needed, "police_referral") is None
    assert task(needed, "police_acknowledgement").owner or task(needed, "police_acknowledgement").role == "manager"
    disclosed = Disclosure.objects.filter(record=needed.record).latest("pk")
    assert disclosed.what == "Form 87A with the HSB risk assessment, version 1"
    assert disclosed.consent == police_road.CONTENT["consent"]

    writer.post(
        step(needed, "answer"),
        {"answer": "acknowledged", "police_reference": "CR 77", **date_parts("acknowledged_on", clock.today())}
        | version(needed),
    )
    assert police_road.of(needed).state == "acknowledged"
    assert task(needed, "police_acknowledgement") is None
    assert "reference CR 77" in road.text(writer.get(road.url(needed, "police-forms")))


def task(referral, kind):
    return referral.record.tasks.open().filter(kind=kind).first()


def test_who_drafted_it_never_approves_it(needed, client_of, mo, dev):
    police_road.drafted(needed, mo)

    own = client_of(mo).get(step(needed, "approve"))
    forged = client_of(mo).post(step(needed, "approve"), {"decision": "approve"} | version(needed))

    assert (own.status_code, forged.status_code) == (403, 403)
    assert police_road.of(needed).state == "drafted"


def test_the_database_knows_no_form_approved_by_who_drafted_it(needed, amara, mo):
    form = police_road.approved(needed, amara, mo).latest_form()
    form.approved_by = form.drafted_by

    with pytest.raises(IntegrityError), transaction.atomic():
        form.save()


def test_a_worker_approves_nothing(needed, client_of, amara, bea):
    police_road.drafted(needed, amara)

    assert client_of(bea).get(step(needed, "approve")).status_code in (403, 404)


def test_a_draft_is_returned_with_a_reason_and_written_again(needed, client_of, amara, mo):
    police_road.drafted(needed, amara)

    asked = client_of(mo).post(step(needed, "approve"), {"decision": "return"} | version(needed))
    client_of(mo).post(
        step(needed, "approve"), {"decision": "return", "reason": "Say when it happened."} | version(needed)
    )

    assert asked.status_code == 422
    assert police_road.of(needed).state == "needed"
    assert task(needed, "draft_police_referral").owner == amara
    assert "Returned by Mo because: Say when it happened." in road.text(client_of(amara).get(step(needed, "draft")))
    page = road.text(client_of(amara).get(road.url(needed, "police-forms")))
    assert "By Mo" in page
    assert "Say when it happened." in page

    client_of(amara).post(step(needed, "draft"), drafted(known="It happened on Monday.") | version(needed))
    assert [form.known for form in police_road.of(needed).forms.all()] == [
        "What the school reported.",
        "It happened on Monday.",
    ]
    assert task(needed, "draft_police_referral") is None


def test_a_refusal_makes_it_outstanding_again_and_it_is_sent_anew(needed, client_of, amara, mo):
    police_road.sent(needed, amara, mo)
    browser = client_of(amara)

    browser.post(
        step(needed, "answer"),
        {
            "answer": "refused",
            "refused_by": "DC Finch",
            "refusal": "It says nothing of the place.",
            "after": "resend",
            "after_said": "The place is added.",
            **date_parts("refused_on", clock.today()),
        }
        | version(needed),
    )

    assert police_road.of(needed).state == "refused"
    assert road.again(needed).police_outstanding is True
    assert task(needed, "police_referral").due_on == clock.today()
    assert task(needed, "police_acknowledgement") is None
    assert "It says nothing of the place." in road.text(browser.get(road.url(needed, "police-forms")))

    police_road.sent(needed, amara, mo)
    assert road.again(needed).police_outstanding is False
    assert Disclosure.objects.filter(record=needed.record, what__contains="version").count() == 2


def test_a_refusal_asks_why_and_by_whom(needed, client_of, amara, mo):
    police_road.sent(needed, amara, mo)

    answer = client_of(amara).post(step(needed, "answer"), {"answer": "refused"} | version(needed))

    assert answer.status_code == 422
    assert "Say why the police refused it" in road.text(answer)
    assert "Enter who refused it" in road.text(answer)
    assert "Choose what is done now" in road.text(answer)
    assert "Say in a sentence what is done now" in road.text(answer)


@pytest.mark.parametrize(
    ("decision", "field", "state"),
    [
        ("not_sent_because", "not_sent_reason", "not_sent"),
        ("no_longer_needed_because", "not_needed_reason", "no_longer_needed"),
    ],
)
@pytest.mark.parametrize("until", ["drafted", "approved", "refused"])
def test_a_manager_decides_that_it_is_not_sent(needed, client_of, amara, mo, decision, field, state, until):
    getattr(police_road, until)(needed, amara, *(() if until == "drafted" else (mo,)))
    typed = {"decision": decision, **road.WEIGHED} | version(needed)

    asked = client_of(mo).post(step(needed, "not-sent"), typed)
    done = client_of(mo).post(step(needed, "not-sent"), typed | {field: "The police have it already."})

    form = police_road.of(needed)
    assert asked.status_code == 422
    assert done.status_code == 302
    assert (form.state, form.reason) == (state, "The police have it already.")
    assert Disclosure.objects.filter(record=needed.record).latest("pk").shared is False
    assert not needed.record.tasks.open().filter(kind__contains="police").exists()


def test_a_worker_cannot_decide_that_it_is_not_sent(needed, client_of, amara):
    page = road.text(client_of(amara).get(road.url(needed, "police-forms")))
    forged = client_of(amara).post(
        step(needed, "not-sent"),
        {"decision": "not_sent_because", "not_sent_reason": "No."} | version(needed),
    )

    assert "is not sent, or no longer needed" not in page
    assert forged.status_code == 403
    assert police_road.of(needed).state == "needed"


def test_the_second_to_record_it_is_told_who_was_first(needed, client_of, amara, mo):
    police_road.approved(needed, amara, mo)
    first = version(needed)
    client_of(amara).post(step(needed, "sent"), sent() | first)

    second = client_of(mo).post(step(needed, "sent"), sent() | first)

    assert second.status_code == 409
    assert "Amara changed this record" in road.text(second)
    assert "Form 87A: sent" in road.text(second)


def test_a_draft_changed_meanwhile_is_not_approved_unread(needed, client_of, amara, mo):
    police_road.drafted(needed, amara)
    seen = version(needed)
    police_road.drafted(needed, amara, known="Something else.")

    answer = client_of(mo).post(step(needed, "approve"), {"decision": "approve"} | seen)

    assert answer.status_code == 409
    assert police_road.of(needed).state == "drafted"


def test_a_form_of_another_childs_concern_is_not_found_here(needed, client_of, amara):
    other, _ = road.awaiting(amara, "2")

    answer = client_of(amara).get(
        f"/referrals/{needed.reference}/police-forms/{police_road.of(other).reference}/draft/"
    )

    assert answer.status_code == 404


def test_the_task_leads_to_the_step_that_is_mine(needed, client_of, amara, mo):
    goes = lambda user: client_of(user).get(road.url(needed, "police-referral")).url  # noqa: E731

    assert goes(amara) == road.url(needed, "police-call")
    police_road.called(needed, amara)
    assert goes(amara) == step(needed, "draft")
    police_road.drafted(needed, amara)
    assert goes(amara) == road.url(needed, "police-forms")
    assert goes(mo) == step(needed, "approve")
    police_road.of(needed)
    police.approve(police_road.of(needed).reference, actor=mo)
    assert goes(amara) == step(needed, "sent")


def test_the_answer_is_waited_for_by_somebody_who_may_record_it_or_is_told_whom_to_ask(apart, client_of, amara, carl):
    displayed, harmed = apart
    form = police_road.of(displayed)
    PoliceReferral.objects.filter(pk=form.pk).update(state="sent")
    work.ask(displayed.record, "police_acknowledgement", owner=amara, about=form.reference)

    shown = client_of(amara).get(f"/referrals/{displayed.reference}/").content.decode()
    goes = client_of(amara).get(road.url(displayed, "police-referral")).url

    assert step(displayed, "answer") not in shown
    assert road.url(displayed, "police-forms") in shown
    assert goes == road.url(displayed, "police-forms")


def test_where_none_is_needed_that_is_said(front_door, client_of, amara, willow):
    referral, _ = road.logged(amara)

    answer = client_of(amara).get(road.url(referral, "police-referral"), follow=True)

    assert "Form 87A has not been asked for." in road.text(answer)


# --- A crime is suspected, at any category ----------------------------------------------------


def test_it_is_asked_for_at_any_category(front_door, client_of, amara, mo, willow):
    referral, other = road.awaiting(amara, "0", harmed=True)
    concern = referral.involvements.get().concern.reference
    browser = client_of(amara)

    asked = browser.post(road.url(referral, "police-forms/ask"), {"concern": concern})
    browser.post(road.url(referral, "police-forms/ask"), {"concern": concern, "grounds": "Images were shared."})

    assert asked.status_code == 422
    assert police_road.of(referral).grounds == "Images were shared."
    assert [road.again(child).police_outstanding for child in (referral, other)] == [True, True]
    assert browser.get(road.url(referral, "police-forms/ask")).status_code == 409


def test_after_a_managers_exit_it_can_be_asked_for_again(needed, client_of, amara, mo):
    police_road.excused(needed, mo)
    concern = needed.involvements.get().concern.reference

    client_of(amara).post(road.url(needed, "police-forms/ask"), {"concern": concern, "grounds": "A new fact."})

    assert PoliceReferral.objects.count() == 2
    assert road.again(needed).police_outstanding is True


# --- Several children: who may open every one of them ----------------------------------------------------


@pytest.fixture
def apart(front_door, amara, mo, dev, willow, rowan, max, carl):
    """One concern: the child who displayed is Willow's, the child who was harmed is Rowan's."""
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    road.assess_harmed(harmed, amara)
    for referral, team, worker in ((displayed, willow, amara), (harmed, rowan, carl)):
        there = deciding.Destination(team=team, worker=worker, reason="Social work is needed.")
        deciding.allocate(referral.reference, actor=mo, destination=there)
    access.end_grants(harmed.record, Because.AUTHOR)
    return road.again(displayed), road.again(harmed)


def test_who_may_open_one_child_alone_reads_where_it_stands_and_whom_to_ask(apart, client_of, amara):
    displayed, _ = apart
    police_road.called(displayed, amara)

    page = road.text(client_of(amara).get(road.url(displayed, "police-forms")))

    assert "covers another child, whose record you cannot open" in page
    assert "Ask the managers of Rowan" in page
    assert "Draft Form 87A" not in page
    overview = road.text(client_of(amara).get(f"/referrals/{displayed.reference}/"))
    assert "See who goes on with Form 87A" in overview
    assert "Yours to pass on: it covers a child whose record you cannot open" in overview
    assert "Yours to do, on this page" not in page
    assert client_of(amara).get(step(displayed, "draft")).status_code == 403


def test_a_restricted_child_names_the_duty_desk_alone(apart, client_of, amara, max, settings):
    displayed, harmed = apart
    restricting.restrict(harmed.reference, actor=max, reason="A councillor's family.")

    page = road.text(client_of(amara).get(road.url(displayed, "police-forms")))

    assert "Rowan" not in page
    assert settings.DUTY_DESK in page


def test_a_named_reader_drafts_it_for_all_and_the_pack_is_theirs_alone(apart, client_of, amara, carl, mo, max):
    displayed, harmed = apart
    for user in (amara, mo):
        restricting.name_reader(harmed.reference, actor=max, reader=user, reason="Drafts Form 87A for all.")
    police_road.approved(displayed, amara, mo)
    pack = f"{step(displayed, 'pack')}1/"

    mine = client_of(amara).get(pack)
    theirs = client_of(carl).get(f"{step(harmed, 'pack')}1/")

    assert mine.status_code == 200
    assert mine["Content-Type"] == "application/pdf"
    assert theirs.status_code == 404
    assert "What the school reported." not in road.text(client_of(carl).get(road.url(harmed, "police-forms")))
    for child in apart:
        assert AccessRecord.objects.filter(record=child.record, user=amara, kind="document").count() == 1


# --- The pack ----------------------------------------------------


def text_of(form):
    with BytesIO(document_store.content(form.document)) as stored:
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(stored).pages)


def test_the_pack_has_the_form_and_each_childs_assessment(front_door, amara, mo, willow):
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    road.assess_harmed(harmed, amara)
    form = police_road.approved(displayed, amara, mo, interpreter="Portuguese, for the mother").latest_form()

    said = text_of(form)

    for expected in (
        "OFFICIAL-SENSITIVE",
        "To: Child abuse team, Exampleborough",
        words.day(clock.today()),
        "Checks, and a strategy discussion.",
        "PC 1234, duty desk",
        "Portuguese, for the mother",
        "HSB risk assessment: Robin",
        "Category 2: Abusive",
        "Safety and support: Sky",
        "Safe at home.",
        f"Approved by {mo.name}",
    ):
        assert expected in said, expected


def test_nothing_speaks_of_a_category_on_the_pages_of_the_child_who_was_harmed(front_door, amara, mo, willow):
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    road.assess_harmed(harmed, amara)

    said = text_of(police_road.approved(displayed, amara, mo).latest_form())

    assert "ategory" not in said[said.index("Safety and support: Sky") :]


def test_a_confidential_address_is_in_no_pack(needed, amara, mo):
    needed.person.address, needed.person.postcode = "1 Example Street", "EX1 1EX"
    needed.person.address_confidential = True
    needed.person.save()

    said = text_of(police_road.approved(needed, amara, mo).latest_form())

    assert "Example Street" not in said
    assert "EX1 1EX" not in said
    assert "Confidential: ask the social worker" in said


def test_a_child_whose_assessment_is_not_submitted_is_in_it_all_the_same(front_door, amara, mo, willow):
    displayed, _ = road.awaiting(amara, "2", harmed=True)

    assert "Not submitted yet: it will follow." in text_of(police_road.approved(displayed, amara, mo).latest_form())


# --- On the manager's one page ----------------------------------------------------


def decision(referral, **answers):
    return {
        "version": road.again(referral).version,
        "agrees": "yes",
        "decision": "statutory",
        "statutory_team": "willow",
        "reason": "Social work is needed.",
    } | answers


def test_a_manager_approves_assessment_team_and_form_on_one_page(needed, client_of, amara, mo):
    draft = police_road.drafted(needed, amara)
    browser = client_of(mo)

    page = road.text(browser.get(road.url(needed, "decide")))
    answer = browser.post(
        road.url(needed, "decide"), decision(needed, police_forms=[f"{draft.reference}:{draft.version}"])
    )

    assert "What the school reported." in page
    assert answer.status_code == 302
    assert road.again(needed).state == "statutory"
    assert police_road.of(needed).state == "approved"


def test_what_is_not_ticked_is_not_approved(needed, client_of, amara, mo):
    police_road.drafted(needed, amara)

    client_of(mo).post(road.url(needed, "decide"), decision(needed))

    assert road.again(needed).state == "statutory"
    assert police_road.of(needed).state == "drafted"


def test_both_or_neither(needed, client_of, amara, mo):
    draft = police_road.drafted(needed, amara)
    seen = f"{draft.reference}:{draft.version}"
    police_road.drafted(needed, amara, known="Something else.")

    answer = client_of(mo).post(road.url(needed, "decide"), decision(needed, police_forms=[seen]))

    assert answer.status_code in (409, 422)
    assert road.again(needed).state == "awaiting_decision"
    assert police_road.of(needed).state == "drafted"


# --- Who may not ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("who", "status"), [("carl", 404), ("dee", 404), ("coo", 404), ("cho", 404), ("aud", 403)])
def test_who_does_not_work_with_it_records_no_call(needed, request, client_of, who, status, method):
    written = road.entries(needed)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(needed, "police-call"), call())

    assert answer.status_code == status
    assert road.entries(needed) == written


@pytest.mark.parametrize("name", ["draft", "approve", "sent", "answer", "not-sent"])
@pytest.mark.parametrize("who", ["carl", "dee", "coo", "cho", "aud"])
def test_who_does_not_work_with_it_takes_no_step(needed, request, client_of, who, name):
    written = road.entries(needed)

    answer = client_of(request.getfixturevalue(who)).post(step(needed, name), drafted())

    assert answer.status_code in (403, 404)
    assert road.entries(needed) == written
    assert police_road.of(needed).state == "needed"


# --- Why there is a version before this one ----------------------------------------------------

REFUSED = "Refused by DC Finch on {day} because: Nothing is asked that the police can answer."


def test_the_refusal_stands_where_it_is_drafted_anew_and_approved(needed, client_of, amara, mo):
    police_road.refused(needed, amara, mo)
    said = REFUSED.format(day=words.day(clock.today()))

    drafting = road.text(client_of(amara).get(step(needed, "draft")))
    police_road.drafted(needed, amara, known="Better said.")
    redrafting = road.text(client_of(amara).get(step(needed, "draft")))
    approving = road.text(client_of(mo).get(step(needed, "approve")))
    deciding_too = road.text(client_of(mo).get(road.url(needed, "decide")))

    for page in (drafting, redrafting, approving, deciding_too):
        assert page.count(said) == 1


def test_a_return_after_the_refusal_stands_beside_it(needed, client_of, amara, mo):
    police_road.refused(needed, amara, mo)
    police_road.drafted(needed, amara)
    police.return_to_drafter(police_road.of(needed).reference, actor=mo, reason="Say when.")
    police_road.drafted(needed, amara)

    page = road.text(client_of(mo).get(step(needed, "approve")))

    assert REFUSED.format(day=words.day(clock.today())) in page
    assert "Returned by Mo because: Say when." in page


def test_a_first_draft_says_nothing_of_a_refusal(needed, client_of, amara, mo):
    police_road.drafted(needed, amara)

    page = road.text(client_of(mo).get(step(needed, "approve")))

    assert "Refused by" not in page
    assert "Returned by" not in page
