"""The page of a concern: what is shared, and each person in it by the reader's right (practice.md B7)."""

import html as entities
import re
from datetime import UTC, date, datetime

import pytest

from hsb.core import access
from hsb.core.models import AccessBar, AccessRecord
from hsb.core.states import Because
from referrals.models import Involvement
from referrals.services import police
from referrals.states import InvolvementStatus, ReferralState
from tests import cast
from tests.referrals import police_road

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def concern(dot, front_door):
    return cast.concern(
        dot,
        what="Something was said in the playground.",
        happened_on=date(2026, 11, 18),
        reported_by="Ms Invented, head of year",
    )


@pytest.fixture
def robin(mo, willow, amara, concern):
    """Amara's: the child who displayed."""
    return cast.referral(mo, held_by=willow, about=concern, state=ReferralState.STATUTORY, worker=amara)


@pytest.fixture
def sky(max, rowan, carl, concern):
    """Carl's: the child who was harmed."""
    return cast.referral(
        max,
        held_by=rowan,
        about=concern,
        child=cast.person("Sky", "Other", born_on=date(2014, 2, 1)),
        side="harmed",
        state=ReferralState.STATUTORY,
        worker=carl,
    )


@pytest.fixture
def read(client_of, concern):
    def page(who):
        response = client_of(who).get(f"/concerns/{concern.reference}/")
        assert response.status_code == 200
        return entities.unescape(response.content.decode())

    return page


def test_what_was_reported_is_folded_until_somebody_opens_it(read, robin, amara):
    html = read(amara)

    assert "Concern reported on 23 November 2026" in html
    assert "School: Ms Invented, head of year" in html
    assert "18 November 2026" in html
    folded = re.search(r"<details class=\"govuk-details\">(.*?)</details>", html, re.DOTALL)
    assert "Something was said in the playground." in folded[1]
    assert html.count("Something was said in the playground.") == 1


def test_words_about_a_child_whose_record_i_may_not_open_are_not_shown_to_me(read, robin, sky, rowan, amara, dot):
    of_amara = read(amara)

    assert "playground" not in of_amara
    assert f"names somebody whose record you may not open. Ask {rowan.name}" in of_amara
    assert "playground" in read(dot)  # who wrote them


def test_of_a_restricted_child_no_team_is_named(read, robin, sky, rowan, amara, settings):
    sky.record.restricted = True
    sky.record.save(update_fields=["restricted"])

    html = read(amara)

    assert f"Ask {settings.DUTY_DESK}" in html
    assert rowan.name not in html


def test_each_other_child_is_masked_to_whom_may_not_open_them(read, robin, sky, amara, carl):
    of_amara, of_carl = read(amara), read(carl)

    assert "Robin Sample" in of_amara
    assert robin.reference in of_amara
    assert "Another child" in of_amara
    assert "Sky" not in of_amara
    assert sky.reference not in of_amara
    assert "Sky Other" in of_carl
    assert "Another child" in of_carl
    assert "Robin" not in of_carl
    assert robin.reference not in of_carl


def test_what_a_masked_child_is_to_the_others_is_masked_too(read, robin, sky, amara, carl):
    Involvement.objects.filter(referral=sky).update(relationship="cousin")

    assert "cousin" not in read(amara)
    assert "cousin" in read(carl)


def test_ages_are_shown_of_those_who_may_be_opened(read, robin, sky, amara):
    html = read(amara)

    assert "When it happened: 14 years old" in html
    assert "12 years old" not in html


def test_somebody_without_a_referral_is_shown_to_readers_of_one_of_the_concerns_referrals(
    read, robin, sky, concern, amara, carl
):
    witness = cast.person("Wyn", "Witness", born_on=None)
    Involvement.objects.create(concern=concern, person=witness, role="witness", relationship="same class")

    assert "Wyn Witness" in read(amara)
    assert "Wyn Witness" in read(carl)
    assert f"/referrals/{robin.reference}/people/{witness.reference}/" in read(amara)


def test_an_author_keeps_what_she_typed(read, robin, sky, dot):
    html = read(dot)

    assert "Something was said in the playground." in html
    assert "Robin Sample" in html
    assert "Sky Other" in html
    assert robin.reference not in html
    assert "14 years old" not in html


def test_an_author_is_not_shown_a_child_whose_record_was_restricted_since(read, robin, sky, dot):
    robin.record.restricted = True
    robin.record.save(update_fields=["restricted"])

    html = read(dot)
    assert "Robin" not in html
    assert "Another child" in html


def test_an_author_who_was_barred_from_a_child_opens_the_concern_no_more(client_of, concern, robin, sky, dot, mo):
    AccessBar.objects.create(
        user=dot, record=robin.person.record, reason="Related.", set_by=mo, set_at=datetime.now(UTC)
    )

    assert client_of(dot).get(f"/concerns/{concern.reference}/").status_code == 404


@pytest.mark.parametrize("who", ["bea", "max", "dee", "coo", "cho"])
def test_nobody_else_opens_it(request, client_of, concern, robin, who):
    assert client_of(request.getfixturevalue(who)).get(f"/concerns/{concern.reference}/").status_code == 404


def test_an_auditor_reads_it(read, robin, sky, aud):
    html = read(aud)

    assert "Robin Sample" in html
    assert "Sky Other" in html


def test_looking_is_recorded_on_the_concern(read, robin, concern, amara):
    read(amara)

    looked = AccessRecord.objects.get()
    assert (looked.user, looked.record, looked.page) == (amara, concern.record, "concern")


def test_do_not_disclose_stands_out(read, robin, concern, amara):
    before = read(amara)
    concern.do_not_disclose = True
    concern.save()

    assert "Do not disclose yet" not in before
    assert "Do not disclose yet: do not tell the child or the family" in read(amara)


def test_an_address_is_shown_only_where_everybody_may_be_opened(
    client_of, mo, willow, amara, sky, max, rowan, carl, front_door
):
    place = sky.involvements.get().concern
    place.place_kind = "home"
    place.place = type(place).place.field.related_model.called("home", "1 Invented Street", "AA3 1AB")
    place.save()
    cast.referral(mo, held_by=willow, about=place, state=ReferralState.STATUTORY, worker=amara)

    html = client_of(amara).get(f"/concerns/{place.reference}/").content.decode()
    assert "1 Invented Street" not in html
    assert "home" in html


def test_a_part_that_turned_out_unfounded_says_so(read, robin, amara):
    Involvement.objects.filter(referral=robin).update(status=InvolvementStatus.UNFOUNDED)

    assert "Child who displayed the behaviour: unfounded" in read(amara)


# --- Form 87A ---


def test_form_87a_that_was_not_asked_for_is_said(read, robin, amara):
    assert "Form 87A has not been asked for." in read(amara)


def test_form_87a_that_is_needed_leads_to_its_page(read, robin, concern, amara):
    police.need_police_referral(concern, actor=amara)

    html = read(amara)
    assert "Form 87A is needed since 23 November 2026. Needed." in html
    assert f"/referrals/{robin.reference}/police-forms/" in html


def test_form_87a_that_was_sent_says_to_whom(read, robin, concern, amara, mo):
    police.need_police_referral(concern, actor=amara)
    police_road.sent(robin, amara, mo)

    assert "Sent 23 November 2026 to Child abuse team, Exampleborough, Secure e-mail, by Amara" in read(amara)


def test_one_more_child_costs_no_more_questions_to_the_database(
    client_of, mo, willow, amara, concern, robin, django_assert_max_num_queries
):
    browser = client_of(amara)
    browser.get(f"/concerns/{concern.reference}/")
    with django_assert_max_num_queries(60) as of_one:
        browser.get(f"/concerns/{concern.reference}/")
    for number in range(6):
        child = cast.person(f"Child{number}")
        more = cast.referral(mo, held_by=willow, about=concern, child=child, state=ReferralState.STATUTORY)
        access.grant(more.record, because=Because.NAMED, user=amara, given_by=mo)
    with django_assert_max_num_queries(60) as of_many:
        browser.get(f"/concerns/{concern.reference}/")

    assert len(of_many) == len(of_one)


# --- The tab of the case ---


def test_the_tab_shows_the_child_and_each_concern_with_everybody_by_right(client_of, robin, sky, concern, amara):
    html = entities.unescape(client_of(amara).get(f"/referrals/{robin.reference}/people/").content.decode())

    assert f"/concerns/{concern.reference}/" in html
    assert f"/referrals/{robin.reference}/people/{robin.person.reference}/edit/" in html
    assert f"/referrals/{robin.reference}/set-roles/" in html
    assert "14 May 2012" in html
    assert "Another child" in html
    assert "Sky" not in html
    assert "Something was said in the playground." not in html


def test_looking_at_the_tab_is_recorded_on_the_referral(client_of, robin, amara):
    client_of(amara).get(f"/referrals/{robin.reference}/people/")

    assert AccessRecord.objects.get().record == robin.record


@pytest.mark.parametrize("who", ["carl", "dee", "bea"])
def test_strangers_do_not_get_the_tab(request, client_of, robin, who):
    assert client_of(request.getfixturevalue(who)).get(f"/referrals/{robin.reference}/people/").status_code == 404


def test_one_more_concern_costs_the_tab_no_more_questions(client_of, robin, amara, dot, django_assert_max_num_queries):
    browser, url = client_of(amara), f"/referrals/{robin.reference}/people/"
    browser.get(url)
    with django_assert_max_num_queries(60) as of_one:
        browser.get(url)
    for _ in range(5):
        Involvement.objects.create(concern=cast.concern(dot), person=robin.person, role="displayed", referral=robin)
    with django_assert_max_num_queries(60) as of_many:
        browser.get(url)

    assert len(of_many) == len(of_one)
