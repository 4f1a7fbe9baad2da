"""Who covers for whom, arranged by whom, and what it opens."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.refusals import Denied, NotReady
from hsb.people.models import Cover
from hsb.people.services import cover
from referrals.models import Referral
from referrals.states import ReferralState
from tests import cast


@pytest.fixture
def today():
    return clock.today()


def typed(by, first, last, **more):
    return {"by": by, **date_parts("starts_on", first), **date_parts("ends_on", last)} | more


def arrange_page(person):
    return reverse("people:arrange_cover", args=[person.reference])


@pytest.mark.parametrize(
    ("who", "leads_to"),
    [("amara", "/people/my-account/"), ("mo", "/people/cover/")],
    ids=["by herself", "by her manager"],
)
def test_cover_by_a_team_mate_is_arranged(who, leads_to, amara, bea, today, client_of, request):
    arranger = request.getfixturevalue(who)

    response = client_of(arranger).post(arrange_page(amara), typed(bea.reference, today, today + timedelta(days=7)))

    made = Cover.objects.get()
    assert (made.covered, made.by, made.arranged_by) == (amara, bea, arranger)
    assert (made.starts_on, made.ends_on) == (today, today + timedelta(days=7))
    assert made.history.get().history_user == arranger
    assert response.url == leads_to


def test_the_administrator_names_somebody_of_another_team_by_name(dee, amara, carl, today, client_of):
    answers = typed("elsewhere", today, today, somebody="carl")

    response = client_of(dee).post(arrange_page(amara), answers)

    assert response.url == f"/people/users/{amara.reference}/"
    assert Cover.objects.get().by == carl


def test_the_administrators_page_asks_for_a_name_only_when_chosen(dee, amara, bea, today, client_of):
    client_of(dee).post(arrange_page(amara), typed(bea.reference, today, today, somebody="carl@example.org"))

    assert Cover.objects.get().by == bea


@pytest.mark.parametrize("by", ["carl", "aud", "dee"])
def test_a_worker_names_nobody_from_elsewhere(by, amara, today, client_of, request):
    stranger = request.getfixturevalue(by)

    response = client_of(amara).post(arrange_page(amara), typed(stranger.reference, today, today))

    assert response.status_code == 422
    assert not Cover.objects.exists()


def test_the_service_refuses_it_too(amara, carl, today):
    with pytest.raises(NotReady, match="Choose somebody else"):
        cover.arrange_cover(amara.reference, actor=amara, by=carl.reference, starts_on=today, ends_on=today)


@pytest.mark.parametrize("who", ["bea", "carl", "max", "aud", "cho"])
def test_who_does_not_answer_for_amara_is_denied(who, amara, bea, today, request):
    with pytest.raises(Denied):
        cover.arrange_cover(
            amara.reference, actor=request.getfixturevalue(who), by=bea.reference, starts_on=today, ends_on=today
        )


def test_the_same_form_twice_is_one_cover(amara, bea, today, client_of):
    browser = client_of(amara)

    browser.post(arrange_page(amara), typed(bea.reference, today, today))
    second = browser.post(arrange_page(amara), typed(bea.reference, today, today))

    assert second.status_code == 302
    assert Cover.objects.count() == 1


def test_days_that_overlap_are_refused(amara, bea, today):
    cast.cover(bea, amara, starts_on=today, ends_on=today + timedelta(days=5))

    with pytest.raises(NotReady, match="Bea already covers from"):
        cover.arrange_cover(
            amara.reference, actor=amara, by=bea.reference, starts_on=today + timedelta(days=5),
            ends_on=today + timedelta(days=9),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (-1, 3, "First day must be today or in the future"),
        (3, 2, "Last day must be on or after the first day"),
    ],
    ids=["a first day in the past", "a last day before the first"],
)
def test_wrong_days_get_a_sentence(first, last, sentence, amara, bea, today, client_of):
    answers = typed(bea.reference, today + timedelta(days=first), today + timedelta(days=last))

    response = client_of(amara).post(arrange_page(amara), answers)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Cover.objects.exists()


def test_where_there_is_no_team_mate_the_page_says_whom_to_ask(carl, client_of):
    page = client_of(carl).get(arrange_page(carl)).content.decode()

    assert "Ask an administrator to arrange cover" in page


@pytest.mark.parametrize(
    ("first", "last", "opens"),
    [(0, 0, True), (-3, 0, True), (0, 3, True), (1, 3, False), (-3, -1, False)],
    ids=["today only", "its last day", "its first day", "not the day before", "not the day after"],
)
def test_cover_opens_what_is_allocated_on_its_days(first, last, opens, amara, bea, willow, today):
    referral = cast.referral(amara, held_by=willow, state=ReferralState.STATUTORY, worker=amara)
    cast.cover(bea, amara, starts_on=today + timedelta(days=first), ends_on=today + timedelta(days=last))

    assert Referral.objects.visible_to(bea).filter(pk=referral.pk).exists() is opens


def test_ending_cover_closes_at_once(mo, amara, bea, willow, today, client_of):
    referral = cast.referral(amara, held_by=willow, state=ReferralState.STATUTORY, worker=amara)
    standing = cast.cover(bea, amara, starts_on=today, ends_on=today + timedelta(days=5))
    address = reverse("people:end_cover", args=[amara.reference, bea.reference, today.isoformat()])

    client_of(mo).post(address)

    assert not Referral.objects.visible_to(bea).filter(pk=referral.pk).exists()
    assert standing.history.order_by("-history_id").first().history_user == mo


def test_ending_cover_twice_says_that_it_has_ended(mo, amara, bea, today, client_of):
    cast.cover(bea, amara, starts_on=today, ends_on=today)
    browser = client_of(mo)
    address = reverse("people:end_cover", args=[amara.reference, bea.reference, today.isoformat()])
    browser.post(address)

    response = browser.post(address)

    assert response.status_code == 422
    assert "This cover has already ended" in response.content.decode()


def test_a_managers_page_lists_her_own_teams_only(mo, amara, bea, carl, client_of):
    cast.cover(bea, amara)

    page = client_of(mo).get(reverse("people:team_cover")).content.decode()

    assert "Amara" in page
    assert "Bea" in page
    assert "Carl" not in page


def test_my_account_ends_my_own_cover_only(amara, bea, today, client_of):
    cast.cover(bea, amara, starts_on=today, ends_on=today)
    cast.cover(amara, bea, starts_on=today, ends_on=today)

    rows = client_of(amara).get(reverse("people:account")).context["cover_rows"]

    ends = {row[0]: row[3] for row in rows}
    assert ends["Amara covers for Bea"] == "Ask Bea"
    assert ends["Bea covers for Amara"]["text"] == "End"


def test_the_person_who_covers_sees_it_on_her_account(amara, bea, today, client_of):
    cast.cover(bea, amara, starts_on=today, ends_on=today)

    page = client_of(bea).get(reverse("people:account")).content.decode()

    assert "Bea covers for Amara" in page
