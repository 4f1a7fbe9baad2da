"""A call to the police is about the concern: it shows with every child of it, as far as each reader may read."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.people.states import Role
from referrals.models import Involvement, Person, PoliceCall
from referrals.services import intake, police, restricting, urgent
from referrals.states import InvolvementStatus, ReferralState
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_case_pages import queries
from tests.referrals.test_police_pages import step

pytestmark = pytest.mark.django_db

SAID = "What the school reported."
ADVICE = "Say nothing to any family before Thursday."
FOR_ALL = "The police's advice for every child of the concern"


@pytest.fixture
def together(front_door, amara, mo, willow):
    """(displayed, harmed): one concern, both with Amara's team."""
    return road.awaiting(amara, "2", harmed=True)


@pytest.fixture
def apart(front_door, amara, mo, willow, rowan, carl, max):
    """(Willow's child, Rowan's child) of one concern: Amara opens the first alone, Carl the second alone."""
    return police_road.apart(amara, mo, ((willow, amara), (rowan, carl)))


def concern_of(referral):
    return referral.involvements.first().concern


def overview(browser, referral):
    return road.text(browser.get(f"/referrals/{referral.reference}/"))


def call(**answers):
    return {
        "once": str(uuid4()),
        "emergency": "no",
        "spoke_to": "PC 1234, duty desk",
        "police_reference": "CAD 77",
        "what_was_said": SAID,
        "advice": ADVICE,
        **date_parts("called", clock.today(), at=""),
    } | answers


# --- Who reads it -------------------------------------------------------------------------------------------------


def test_a_call_shows_on_the_record_of_every_child_of_the_concern(together, client_of, amara):
    displayed, harmed = together
    police_road.called(harmed, amara, advice=ADVICE)

    pages = [overview(client_of(amara), child) for child in together]
    pages.append(road.text(client_of(amara).get(road.url(displayed, "police-forms"))))

    for page in pages:
        assert SAID in page
        assert ADVICE in page
    assert f"Recorded on {harmed.reference}" in pages[0]
    assert f"Recorded on {harmed.reference}" not in pages[1]


def test_on_another_childs_record_that_does_not_open_only_that_the_police_were_called(apart, client_of, amara, carl):
    displayed, harmed = apart
    police_road.called(displayed, amara, advice=ADVICE, police_reference="CAD 77")
    browser = client_of(carl)

    for page in (overview(browser, harmed), road.text(browser.get(road.url(harmed, "police-forms")))):
        assert "The police were called on" in page
        assert "CAD 77" in page
        assert "stands on another child's record" in page
        assert "The police gave advice too: ask the managers of Willow before you tell" in page
        for hidden in (SAID, ADVICE, "PC 1234", "Robin", displayed.reference):
            assert hidden not in page, hidden


def test_without_advice_nobody_is_asked_for_it(apart, client_of, amara, carl):
    displayed, harmed = apart
    police_road.called(displayed, amara)

    page = overview(client_of(carl), harmed)

    assert "The police were called on" in page
    assert "gave advice" not in page


def test_a_restricted_childs_call_names_the_duty_desk_alone(apart, client_of, amara, carl, mo, settings):
    displayed, harmed = apart
    police_road.called(displayed, amara, advice=ADVICE)
    restricting.restrict(displayed.reference, actor=mo, reason="A councillor's family.")

    page = overview(client_of(carl), harmed)

    assert settings.DUTY_DESK in page
    assert "managers of Willow" not in page


def only_the_advice_of_every_child(browser, referral):
    """Whether neither page of the referral says more of its concern's calls than the advice for every child."""
    for page in (overview(browser, referral), road.text(browser.get(road.url(referral, "police-forms")))):
        assert f"{FOR_ALL}: {ADVICE}" in page
        for hidden in ("The police were called", "CAD 77", "The police gave advice too", "What was said", SAID):
            assert hidden not in page, hidden


def test_who_is_barred_from_its_child_reads_the_advice_for_every_child_alone(apart, client_of, amara, carl, mo):
    displayed, harmed = apart
    police_road.called(displayed, amara, advice="Ask nothing.", police_reference="CAD 77")
    client_of(amara).post(road.url(displayed, "police-call"), call(advice_for=[concern_of(displayed).reference]))
    restricting.bar(displayed.reference, actor=mo, user=carl, reason="Related to the family.")

    only_the_advice_of_every_child(client_of(carl), harmed)


def test_so_does_the_reader_of_a_child_whose_part_is_unfounded(apart, client_of, amara, carl):
    displayed, harmed = apart
    client_of(amara).post(road.url(displayed, "police-call"), call(advice_for=[concern_of(displayed).reference]))
    harmed.involvements.update(status=InvolvementStatus.UNFOUNDED)

    only_the_advice_of_every_child(client_of(carl), harmed)


def test_a_child_with_one_part_left_has_a_part(apart, client_of, amara, carl):
    displayed, harmed = apart
    police_road.called(displayed, amara)
    part = harmed.involvements.get()
    Involvement.objects.create(
        concern=part.concern, person=part.person, referral=harmed, role="witness", status=InvolvementStatus.UNFOUNDED
    )

    assert "The police were called on" in overview(client_of(carl), harmed)


def test_a_call_about_what_came_before_the_concern_is_not_the_concerns(together, client_of, amara):
    displayed, harmed = together
    police_road.called(harmed, amara)
    PoliceCall.objects.update(recorded_at=concern_of(harmed).recorded_at.replace(year=2020))

    assert SAID not in overview(client_of(amara), displayed)


def test_a_call_of_another_concern_is_not_shown(together, client_of, amara):
    other, _ = road.logged(amara)
    police_road.called(other, amara)

    assert "The police were called" not in overview(client_of(amara), together[0])
    assert SAID not in overview(client_of(amara), together[0])


def test_many_calls_take_no_more_queries_than_one(together, client_of, amara):
    displayed, harmed = together
    police_road.called(harmed, amara, advice=ADVICE)
    browser = client_of(amara)
    few = queries(browser, displayed), queries(browser, displayed, "police-forms/")
    for _ in range(4):
        police_road.called(harmed, amara, advice=ADVICE)

    assert (queries(browser, displayed), queries(browser, displayed, "police-forms/")) == few


# --- Advice that holds for every child ----------------------------------------------------------------------------


def test_advice_that_holds_for_every_child_is_read_by_whoever_opens_one(apart, client_of, amara, carl):
    displayed, harmed = apart

    client_of(amara).post(road.url(displayed, "police-call"), call(advice_for=[concern_of(displayed).reference]))

    browser = client_of(carl)
    for page in (overview(browser, harmed), road.text(browser.get(road.url(harmed, "police-forms")))):
        assert FOR_ALL in page
        assert ADVICE in page
        assert SAID not in page
        assert "PC 1234" not in page
    assert FOR_ALL in overview(client_of(amara), displayed)


def test_it_holds_for_the_concern_that_is_ticked_alone(apart, client_of, amara, carl):
    """Another concern of the child who was called about: its children read nothing of this advice."""
    displayed, harmed = apart
    elsewhere = cast.referral(amara, held_by=displayed.record.holding_team, child=displayed.person)
    concern = concern_of(elsewhere)
    concern.involvements.update(referral=displayed)

    client_of(amara).post(road.url(displayed, "police-call"), call(advice_for=[concern.reference]))

    page = overview(client_of(carl), harmed)
    assert ADVICE not in page
    assert "The police gave advice too" in page


def test_a_tick_without_advice_is_asked_about(together, client_of, amara):
    displayed, _ = together
    typed = call(advice="", advice_for=[concern_of(displayed).reference])

    answer = client_of(amara).post(road.url(displayed, "police-call"), typed)

    assert answer.status_code == 422
    assert "Say what the police advised, or take the tick away" in road.text(answer)
    assert not PoliceCall.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "Robin",
        "Sky",
        "Sample",
        pytest.param("Robin's", id="a possessive"),
        pytest.param("Robins", id="a possessive without its apostrophe"),
        pytest.param("ROBIN", id="in capitals"),
        pytest.param("robin", id="in small letters"),
        pytest.param("Róbin", id="with an accent"),
        pytest.param("the Samples", id="the whole family"),
    ],
)
def test_a_name_in_advice_for_every_child_is_refused(together, client_of, amara, name):
    displayed, _ = together
    typed = call(advice=f"Do not tell {name} yet.", advice_for=[concern_of(displayed).reference])

    answer = client_of(amara).post(road.url(displayed, "police-call"), typed)

    assert answer.status_code == 422
    assert "Write no name in advice that holds for every child" in road.text(answer)
    assert not PoliceCall.objects.exists()


def test_so_is_the_name_of_a_child_without_a_referral(together, client_of, amara):
    displayed, _ = together
    Involvement.objects.create(concern=concern_of(displayed), person=cast.person("Wren", "Hidden"), role="witness")
    typed = call(advice="Do not tell Wren yet.", advice_for=[concern_of(displayed).reference])

    assert client_of(amara).post(road.url(displayed, "police-call"), typed).status_code == 422
    assert not PoliceCall.objects.exists()


def test_the_refusal_says_on_which_words_it_stumbled(together, client_of, amara):
    displayed, _ = together
    Person.objects.filter(pk=displayed.person_id).update(given_name="Say", family_name="May")
    typed = call(advice="Say nothing to Sky before 4 May. Say it again.", advice_for=[concern_of(displayed).reference])

    page = road.text(client_of(amara).post(road.url(displayed, "police-call"), typed))

    assert "Word it without “Say”, “Sky” and “May”, also where that is an ordinary word" in page


def test_whoever_does_not_open_a_child_learns_no_name_from_the_refusal(apart, client_of, carl):
    _, harmed = apart
    typed = call(advice="Do not tell Robin yet.", advice_for=[concern_of(harmed).reference])

    assert client_of(carl).post(road.url(harmed, "police-call"), typed).status_code == 302


def test_a_name_that_the_writer_did_not_know_is_read_by_nobody_who_may_not_open_the_child(
    apart, client_of, carl, eli, hazel
):
    displayed, harmed = apart
    concern = concern_of(harmed)
    third = cast.referral(
        carl, held_by=hazel, child=cast.person("Fern", "Third"), about=concern, state="early_help", worker=eli
    )
    police_road.called(harmed, carl, advice="Do not tell Robin yet.", advice_for=[concern.reference])

    page = overview(client_of(eli), third)

    assert "Do not tell somebody else of the concern yet." in page
    assert "Robin" not in page


def test_a_name_that_may_be_read_in_another_concern_is_no_reason_to_show_it(apart, client_of, carl, eli, hazel):
    _, harmed = apart
    concern = concern_of(harmed)
    held = {"held_by": hazel, "state": "early_help", "worker": eli}
    third = cast.referral(carl, child=cast.person("Fern", "Third"), about=concern, **held)
    police_road.called(harmed, carl, advice="Do not tell Robin yet.", advice_for=[concern.reference])
    # Another Robin, whom Eli may open, in another concern about the same child.
    other = road.harmed_too(third, carl)
    cast.referral(carl, child=cast.person("Robin", "Namesake"), about=other, **held)
    police.ask_for_police_referral(third.reference, actor=eli, concern=other.reference, grounds="Images were shared.")

    page = road.text(client_of(eli).get(road.url(third, "police-forms")))

    assert "Do not tell somebody else of the concern yet." in page


def test_a_concern_that_is_not_the_childs_cannot_be_ticked(together, client_of, amara):
    other, _ = road.logged(amara)
    typed = call(advice_for=[concern_of(other).reference])

    answer = client_of(amara).post(road.url(together[0], "police-call"), typed)

    assert answer.status_code == 422
    assert not PoliceCall.objects.exists()


# --- A referral that is attached to an open one -------------------------------------------------------------------


@pytest.fixture
def attached(front_door, amara, mo, willow, max, rowan):
    """(attached, the open one of the same child with Max, the other child of the concern): the call was recorded on
    the first, before it was attached."""
    child = cast.person("Robin")
    open_one = cast.referral(max, held_by=rowan, child=child, side="harmed", state=ReferralState.STATUTORY, worker=max)
    new = cast.referral(amara, held_by=willow, child=child)
    other = cast.referral(
        amara, held_by=willow, child=cast.person("Sky", "Other"), about=concern_of(new), side="harmed"
    )
    police.need_police_referral(concern_of(new), actor=mo)
    police_road.called(new, amara, advice=ADVICE, advice_for=[concern_of(new).reference])
    intake.attach(new.reference, actor=mo, to_reference=open_one.reference, reason="Found by date of birth.")
    return road.again(new), road.again(open_one), other


def test_the_call_goes_along_with_the_concern(attached, client_of, amara, max):
    new, open_one, other = attached

    pages = [overview(client_of(amara), other), overview(client_of(max), open_one)]

    for page in pages:
        assert FOR_ALL in page
        assert SAID in page
        assert f"Recorded on {new.reference}" in page


def test_the_form_of_the_concern_still_has_its_call(attached, client_of, max):
    _, open_one, other = attached

    page = road.text(client_of(max).get(road.url(open_one, "police-forms")))

    assert police_road.of(other).calls().count() == 1
    assert SAID in page
    assert "The police are called first" not in page


def test_the_same_form_sent_again_leads_to_where_the_call_was_recorded(attached, amara):
    new, _, _ = attached
    row = PoliceCall.objects.get()

    again = urgent.record_police_call(
        new.reference,
        actor=amara,
        once=row.once,
        emergency=False,
        called_on=row.called_on,
        spoke_to=row.spoke_to,
        what_was_said=row.what_was_said,
    )

    assert again == new
    assert PoliceCall.objects.count() == 1


def test_the_call_stays_readable_where_it_was_recorded(attached, client_of, mo):
    page = overview(client_of(mo), attached[0])

    assert SAID in page
    assert "Recorded on" not in page.split("Calls to the police")[1].split("Form 87A")[0]


# --- Form 87A -----------------------------------------------------------------------------------------------------


def test_a_call_on_any_child_of_the_concern_comes_before_the_form(together, client_of, amara):
    displayed, harmed = together
    browser = client_of(amara)
    before = browser.get(step(displayed, "draft")).status_code

    police_road.called(harmed, amara)

    assert before == 409
    assert browser.get(step(displayed, "draft")).status_code == 200


def test_every_step_of_the_form_shows_the_calls_and_what_they_advised(together, client_of, amara, mo):
    displayed, harmed = together
    concern = concern_of(displayed).reference
    client_of(amara).post(road.url(harmed, "police-call"), call(advice_for=[concern]))
    writer, manager = client_of(amara), client_of(mo)

    pages = [writer.get(step(displayed, "draft"))]
    police_road.drafted(displayed, amara)
    pages += [manager.get(step(displayed, "approve")), manager.get(step(displayed, "not-sent"))]
    police_road.approved(displayed, amara, mo)
    pages.append(writer.get(step(displayed, "sent")))
    police_road.sent(displayed, amara, mo)
    pages.append(writer.get(step(displayed, "answer")))

    for page in pages:
        assert page.status_code == 200
        assert SAID in road.text(page)
        assert FOR_ALL in road.text(page)


def test_a_manager_of_one_child_alone_reads_no_more_on_the_managers_exit(apart, client_of, amara, rowan):
    displayed, harmed = apart
    police_road.called(displayed, amara, advice=ADVICE)
    rowans = cast.user("Ros", (rowan, Role.MANAGER))

    page = road.text(client_of(rowans).get(step(harmed, "not-sent")))

    assert "The police were called on" in page
    assert SAID not in page
    assert ADVICE not in page
