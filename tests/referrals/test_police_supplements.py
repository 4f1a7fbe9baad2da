"""What adds to a Form 87A that went out: the form itself stays resolved."""

from io import BytesIO

import pytest
from django.db.models import Q
from docx import Document as Word

from hsb.core import clock, document_store
from hsb.core.refusals import Denied, NotReady
from referrals.models import Disclosure
from referrals.selectors.police_supplements import steps_of
from referrals.services import meetings, police, police_supplements, working
from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_police_word import said_in_pdf, said_in_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(front_door, amara, mo, willow):
    """A referral of category 2 whose Form 87A is sent."""
    referral, _ = road.awaiting(amara, "2")
    police_road.sent(referral, amara, mo)
    return referral


def open_tasks(referral):
    found = referral.record.tasks.open().filter(Q(kind__contains="police") | Q(kind="send_supplement"))
    return sorted((task.kind, task.about) for task in found)


def steps(referral, user):
    return [code for code, _, _ in steps_of(police_road.of(referral), user)]


def test_it_is_drafted_approved_by_somebody_else_sent_and_acknowledged(sent, amara, mo):
    reference = police_road.of(sent).reference
    ack = ("police_acknowledgement", reference)
    assert (steps(sent, amara), steps(sent, mo)) == (["police_supplement"], ["police_supplement"])

    police_road.supplement_drafted(sent, amara, mo)
    assert (steps(sent, amara), steps(sent, mo)) == (["police_supplement"], ["supplement_approve", "police_supplement"])
    assert open_tasks(sent) == [("approve_police_referral", reference), ack]
    with pytest.raises(Denied):
        police_supplements.approve(reference, actor=amara)
    with pytest.raises(NotReady):
        police_supplements.record_sent(reference, actor=amara, sent_to="A", sent_how="B", sent_on=clock.today())

    # The police acknowledge the form meanwhile: what is in work goes on.
    police.acknowledge(reference, actor=amara, acknowledged_on=clock.today(), police_reference="CR 77")
    assert open_tasks(sent) == [("approve_police_referral", reference)]

    form = police_supplements.approve(reference, actor=mo)
    assert steps(sent, amara) == ["supplement_sent", "police_supplement"]
    assert open_tasks(sent) == [("send_supplement", reference)]
    document = Word(BytesIO(document_store.content(form.word_document)))
    assert said_in_word(document) == said_in_pdf(form)
    said = said_in_word(document)
    assert said.startswith("Form87A:supplement")
    assert "AddstoVersion1" in said and "policereferenceCR77" in said and "Somethingnewcametolight." in said

    police_supplements.record_sent(
        reference, actor=amara, sent_to="The team", sent_how="Secure e-mail", sent_on=clock.today()
    )
    assert open_tasks(sent) == [("police_acknowledgement", f"{reference}-V2")]
    shared = Disclosure.objects.filter(record=sent.record).latest("pk")
    assert (shared.what, shared.to_whom) == ("Form 87A: supplement, version 2", "The team")
    assert steps(sent, amara) == ["supplement_answer", "police_supplement"]

    police_supplements.acknowledge(reference, actor=amara, acknowledged_on=clock.today(), police_reference="CR 78")
    each = police_road.of(sent)
    assert open_tasks(sent) == []
    assert (each.state, each.latest_form().number, each.latest_form().police_reference) == ("acknowledged", 1, "CR 77")
    assert road.again(sent).police_outstanding is False
    assert road.last_entry(sent, "police_supplement_acknowledged").actor == amara


def test_what_is_returned_is_written_anew_by_its_drafter(sent, amara, mo):
    reference = police_road.supplement_drafted(sent, amara, mo).reference

    with pytest.raises(NotReady):
        police_supplements.return_to_drafter(reference, actor=mo, reason=" ")
    police_supplements.return_to_drafter(reference, actor=mo, reason="Say who said so.")
    assert ("draft_police_referral", reference) in open_tasks(sent)
    assert steps(sent, mo) == ["police_supplement"]

    police_road.supplement_drafted(sent, amara, mo)
    assert police_road.of(sent).latest_supplement().number == 3
    assert ("draft_police_referral", reference) not in open_tasks(sent)


def test_it_may_be_refused_and_the_form_stays_sent(sent, amara, mo):
    reference = police_road.supplement_sent(sent, amara, mo).reference

    police_supplements.refuse(
        reference,
        actor=amara,
        refused_on=clock.today(),
        refused_by="DC Finch",
        reason="It is known.",
        done=police_road.DONE,
    )

    assert police_road.of(sent).state == "sent"
    assert road.again(sent).police_outstanding is False
    # It waits with whoever wrote it, until it is written anew.
    assert ("draft_police_referral", reference) in open_tasks(sent)
    assert steps(sent, amara) == ["police_supplement"]
    with pytest.raises(NotReady):
        police_supplements.acknowledge(reference, actor=amara, acknowledged_on=clock.today(), police_reference="1")


def test_what_is_wrong_in_an_approved_one_is_written_anew_and_approved_again(sent, amara, mo):
    reference = police_road.supplement_approved(sent, amara, mo).reference

    police_supplements.draft(
        reference,
        actor=amara,
        on=sent.reference,
        content=police.Draft(**police_road.CONTENT | {"known": "Another park."}),
    )

    assert open_tasks(sent) == [("approve_police_referral", reference), ("police_acknowledgement", reference)]
    with pytest.raises(NotReady):
        police_supplements.record_sent(reference, actor=amara, sent_to="A", sent_how="B", sent_on=clock.today())
    assert police_supplements.approve(reference, actor=mo).known == "Another park."
    assert steps(sent, amara) == ["supplement_sent", "police_supplement"]


@pytest.mark.parametrize("returned", [True, False])
def test_closing_drops_no_supplement(front_door, amara, mo, willow, returned):
    referral = road.at_work(road.with_statutory(amara, mo, willow, amara, category="2"), amara)
    decision = referral.meeting_decisions.get()
    meetings.decide_meeting(
        decision.reference, actor=mo, convene=False, reason="Nothing points to it.", weighed=road.weighed()
    )
    reference = police_road.supplement_drafted(referral, amara, mo).reference
    referral = road.closing_proposed(road.again(referral), amara)
    working.close(referral.reference, actor=mo, reason="The plan is met.", weighed=road.weighed())
    assert ("approve_police_referral", reference) in open_tasks(referral)
    assert (steps(referral, amara), steps(referral, mo)) == ([], ["supplement_approve"])

    if returned:
        police_supplements.return_to_drafter(reference, actor=mo, reason="The police know it.")
    else:
        police_supplements.approve(reference, actor=mo)
        same = {"actor": amara, "sent_on": clock.today()}
        police_supplements.record_sent(reference, sent_to="The team", sent_how="Secure e-mail", **same)
        police_supplements.acknowledge(reference, actor=amara, acknowledged_on=clock.today(), police_reference="CR 78")

    assert open_tasks(referral) == [("police_acknowledgement", reference)]
    assert steps(referral, amara) == steps(referral, mo) == []
    with pytest.raises(NotReady, match="has ended"):
        police_supplements.draft(
            reference, actor=amara, on=referral.reference, content=police.Draft(**police_road.CONTENT)
        )


def test_where_the_form_itself_is_refused_its_supplement_goes_with_it(sent, amara, mo):
    reference = police_road.supplement_drafted(sent, amara, mo).reference
    police_road.refuse(sent, amara)

    assert [kind for kind, _ in open_tasks(sent)] == ["draft_police_referral", "police_referral"]
    assert steps(sent, amara) == steps(sent, mo) == []
    with pytest.raises(NotReady):
        police_supplements.approve(reference, actor=mo)
    police_road.drafted(sent, amara)
    assert (police_road.of(sent).latest_form().number, police_road.of(sent).latest_form().supplement_to) == (3, None)


def test_only_a_form_that_went_out_is_added_to(front_door, amara, mo, willow):
    referral, _ = road.awaiting(amara, "2")
    police_road.drafted(referral, amara)

    assert steps(referral, amara) == []
    with pytest.raises(NotReady):
        police_supplements.draft(
            police_road.of(referral).reference,
            actor=amara,
            on=referral.reference,
            content=police.Draft(**police_road.CONTENT),
        )
