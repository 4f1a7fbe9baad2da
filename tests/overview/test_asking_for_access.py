"""Asking for access: from a search, from a closed page, by whom it is answered, and what is told meanwhile (B7, B8)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from hsb.core import clock, outbox
from hsb.core.models import AccessGrant, Entry, Message, Task
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import Because
from referrals.models import AccessRequest, Referral
from referrals.services import access_requests, restricting
from referrals.services.person_keys import index_person
from tests import cast
from tests.pages import filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db
WHY = "A sibling is in my team."
NHS = "9434765919"


@pytest.fixture
def case(amara, bea, mo, willow, front_door):
    """Bea of Willow has Robin, who can be found."""
    child = cast.person("Robin", "Sample", born_on=date(2012, 5, 14), nhs_number=NHS)
    index_person(child)
    return cast.referral(amara, held_by=willow, state="statutory", worker=bea, child=child)


def asked(referral, by, **changed):
    return access_requests.ask(
        referral.reference, **({"actor": by, "reason": WHY, "days": 5, "once": uuid4()} | changed)
    )[0]


def answered(request, by, **changed):
    answer = {"granted": True, "days": 3} | changed
    return access_requests.answer(request.referral.reference, actor=by, number=request.number, **answer)


def opens(user, referral):
    return Referral.objects.visible_to(cast.again(user)).filter(pk=referral.pk).exists()


def ways_to_ask(browser, terms="Robin Sample"):
    found = page(browser.post("/search/", {"terms": terms}, follow=True))
    return [url for url, _ in found.links if "/ask-access/" in url]


# --- From a search to the answer ------------------------------------------------------------------------------------


def test_asked_from_a_search_answered_by_the_manager_and_told_without_a_name(case, client_of, carl, mo, bea):
    browser, manager = client_of(carl), client_of(mo)
    (url,) = ways_to_ask(browser)
    form = browser.get(url)
    assert "Robin Sample: open referral with Willow" in page(form).text
    assert case.reference not in page(form).text
    assert browser.post(url, filled(form, days="500", reason="")).status_code == 422

    sent = filled(form, reason=WHY, days="5")
    assert browser.post(url, sent).status_code == 302
    assert browser.post(url, sent).status_code == 302
    request = AccessRequest.objects.get()
    assert (request.by, request.days, request.reason) == (carl, 5, WHY)
    task = Task.objects.open().get(kind="answer_access")
    assert task.team == case.record.holding_team
    assert not opens(carl, case)
    assert Entry.objects.get(record=case.record, verb="ask_access").reason == WHY

    path = f"/referrals/{case.reference}/answer-access/"
    assert "Answer somebody who asks for access" in page(manager.get("/my-work/")).text
    opened = manager.get(path)
    assert WHY in page(opened).text
    assert manager.post(path, filled(opened, granted="yes", days="3")).status_code == 302

    assert opens(carl, case)
    grant = AccessGrant.objects.get(record=case.record, user=carl)
    assert grant.because == Because.NAMED
    assert timezone.localtime(grant.ends_at).date() == clock.today() + timedelta(days=2)
    assert not Task.objects.open().filter(kind="answer_access").exists()
    outbox.deliver()
    (letter,) = mail.outbox
    assert letter.to == [carl.email]
    assert case.reference in letter.body
    assert not any(word in letter.subject + letter.body for word in ("Robin", "Sample", "sibling"))
    assert "Granted until" in page(browser.get("/messages/")).text
    assert manager.get(path).status_code == 409


def test_a_refusal_says_why_and_names_no_child(case, client_of, carl, mo):
    request = asked(case, carl)

    with pytest.raises(NotReady, match="Leave the child's name out"):
        answered(request, mo, granted=False, reason="Robin's file is not yours.")
    with pytest.raises(NotReady, match="Say why"):
        answered(request, mo, granted=False)
    answered(request, mo, granted=False, reason="Your manager can tell you.")

    assert not opens(carl, case)
    assert Message.objects.get(what="access").user == carl
    own = page(client_of(carl).get(f"/ask-access/{case.reference}/"))
    assert "Refused: Your manager can tell you." in own.text
    assert "Robin" not in own.text
    with pytest.raises(NotReady, match="has answered this already"):
        answered(request, mo)


# --- A closed page says nothing -------------------------------------------------------------------------------------


def test_a_closed_page_and_one_that_is_not_there_offer_the_same(case, client_of, carl, amara, mo):
    restricting.bar(case.reference, actor=mo, user=amara, reason="A relative.")
    seen = {}
    for who, reference in ((carl, case.reference), (carl, "HSB-2026-99999"), (amara, case.reference)):
        browser = client_of(who)
        links = [url for url, _ in page(browser.get(f"/referrals/{reference}/")).links]
        url = f"/ask-access/{reference}/"
        assert url in links
        form = browser.get(url)
        done = browser.post(url, filled(form, reason=WHY, days="2"), follow=True)
        seen[who, reference] = (
            page(form).text.replace(reference, "").partition("The record ")[2],
            "a manager was asked" in page(done).text,
        )
    assert len({told for told, _ in seen.values()}) == 1
    assert all(done for _, done in seen.values())
    assert [request.by for request in AccessRequest.objects.all()] == [carl]


def test_who_may_open_it_is_led_there_and_nobody_else_is_let_near(case, client_of, bea, coo, carl, amara):
    url = f"/ask-access/{case.reference}/"

    assert client_of(bea).get(url).url == f"/referrals/{case.reference}/"
    assert client_of(coo).get(url).status_code == 404
    (way,) = ways_to_ask(client_of(carl))
    assert client_of(amara).get(way).status_code == 404
    with pytest.raises(NotReady, match="can open this record already"):
        asked(case, bea)


# --- Who answers ----------------------------------------------------------------------------------------------------


def test_a_restricted_record_is_asked_for_and_says_nothing(case, client_of, carl, mo, cho):
    restricting.restrict(case.reference, actor=mo, reason="A relative works here.")
    for user in (carl, cho):
        (url,) = ways_to_ask(client_of(user), NHS)
        form = client_of(user).get(url)
        assert not any(word in page(form).text for word in ("Robin", "Willow", case.reference))
        client_of(user).post(url, filled(form, reason=WHY, days="2"))

    for request in AccessRequest.objects.all():
        answered(request, mo)
    assert opens(carl, case)
    assert opens(cho, case)


def test_nobody_answers_themselves_and_a_bar_beats_what_is_granted(case, carl, mo, max, bea):
    other = cast.user("Ott", (case.record.holding_team, "manager"))
    restricting.restrict(case.reference, actor=mo, reason="A relative works here.")
    own = asked(case, other)
    assert Task.objects.open().get(kind="answer_access").owner == mo
    with pytest.raises(Denied):
        answered(own, other)
    request = asked(case, carl)
    for nobody in (bea, max):
        with pytest.raises(Denied):
            answered(request, nobody)
    restricting.bar(case.reference, actor=mo, user=carl, reason="A relative.")
    with pytest.raises(NotReady, match="is barred"):
        answered(request, mo)
    answered(request, mo, granted=False, reason="It cannot be.")
    with pytest.raises(Denied):
        asked(case, carl)


def test_one_request_waits_for_each_person(case, carl, mo):
    first = asked(case, carl)

    assert asked(case, carl) == first
    answered(first, mo, granted=False, reason="Not needed.")
    assert asked(case, carl, once=first.once) == first
    assert asked(case, carl).number == 2
    with pytest.raises(NotReady, match="Ask for 1 to 90 days"):
        asked(case, carl, days=0)


# --- Workers who are left out ---------------------------------------------------------------------------------------


def test_who_allocates_reads_how_many_workers_are_left_out(front_door, willow, hazel, client_of, amara, mo, bea, carl):
    referral, _ = road.awaiting(amara, "1")
    path = f"/referrals/{referral.reference}/decide/"
    browser = client_of(mo)
    assert "may not see this record" not in page(browser.get(path)).text

    restricting.restrict(referral.reference, actor=mo, reason="A relative works here.")
    shown = page(browser.get(path))

    # Mo and Amara are named; Bea is not.
    assert "Willow: 1 worker may not see this record, and is not in the list." in shown.text
    assert f"/referrals/{referral.reference}/name-reader/" in dict(shown.links)
    assert "Bea" not in shown.text


def test_of_an_open_record_only_who_is_barred_is_left_out(front_door, willow, hazel, client_of, amara, mo, bea):
    referral, _ = road.awaiting(amara, "1")
    restricting.bar(referral.reference, actor=mo, user=bea, reason="A relative.")

    shown = page(client_of(mo).get(f"/referrals/{referral.reference}/decide/"))

    assert "Willow: 1 worker may not see this record" in shown.text
    assert "They are barred" in shown.text
    assert "Bea" not in shown.text


def test_by_a_reference_nothing_says_whether_there_is_such_a_record(case, client_of, carl):
    browser = client_of(carl)
    for reference in (case.reference.lower(), "HSB-2026-09999"):
        form = browser.get(f"/ask-access/{reference}/")
        browser.post(f"/ask-access/{reference}/", filled(form, reason=WHY, days="5"))

    assert AccessRequest.objects.get().referral == case
    browser.get("/")  # what was said of the last one is read there
    here, nowhere = (page(browser.get(f"/ask-access/{each}/")).text for each in (case.reference, "HSB-2026-09999"))
    assert "Not answered yet" not in here
    assert here.replace(case.reference, "X") == nowhere.replace("HSB-2026-09999", "X")


def test_leave_for_some_days_outlives_a_restriction_that_is_lifted(case, carl, mo):
    answered(asked(case, carl), mo)
    restricting.restrict(case.reference, actor=mo, reason="The family is known here.")
    restricting.lift_restriction(case.reference, actor=mo, reason="No longer.")

    assert opens(carl, case)
