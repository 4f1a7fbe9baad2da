"""What was done after a refusal, and what changed since a version was decided on, in a browser."""

import pytest

from referrals.models import RefusalStep
from referrals.services import police
from tests.pages import assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db
LONG = "The wintergreen path was named. " * 12


@pytest.fixture
def sent(front_door, amara, mo, willow):
    referral, _ = road.awaiting(amara, "2")
    police_road.sent(referral, amara, mo)
    return referral


def url(referral, step):
    return road.url(referral, f"police-forms/{police_road.of(referral).reference}/{step}")


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words))


def test_the_refusal_asks_and_more_is_added_later(sent, client_of, amara, mo):
    browser, forms = client_of(amara), road.url(sent, "police-forms")
    asked = browser.get(url(sent, "answer"))
    refused = {"answer": "refused", "refused_by": "DC Finch", "refusal": "No place.", "after": "manager"}
    answers = filled(asked, **refused, manager="nobody@example.org", after_said="Decided on the telephone.")

    wrong = browser.post(asked.wsgi_request.path, answers)
    browser.post(asked.wsgi_request.path, {**answers, "manager": mo.email})
    shown = browser.get(forms)
    more = browser.get(link(shown, "Record what was done after it was refused"))
    nameless = browser.post(more.wsgi_request.path, filled(more, after="escalated", after_said="She looks at it."))
    told = filled(more, after="escalated", supervisor="DI Larkspur", after_said="She looks at it tonight.")
    twice = [browser.post(more.wsgi_request.path, told) for _ in range(2)]
    after, chronology = page(browser.get(forms)).text, page(browser.get(road.url(sent, "chronology"))).text

    assert wrong.status_code == 422
    assert nameless.status_code == 422
    assert "Enter the name of the police supervisor" in page(nameless).text
    assert "Nobody who uses this service has the address" in page(wrong).text
    assert "It waits for Mo, who records that it is not sent, and why." in page(shown).text
    assert [each.url for each in twice] == [forms] * 2
    assert RefusalStep.objects.count() == 2
    for answer in (asked, shown, more):
        assert_well_formed(answer)
    assert "It was taken to a police supervisor: DI Larkspur" in after
    assert "She looks at it tonight." in after
    assert "Recorded what was done after the police refused Form 87A" in chronology
    assert "It was taken to a police supervisor" in chronology
    assert "Larkspur" not in chronology
    # It is the task of the manager with whom it was decided, until it was taken further.
    assert browser.get(more.wsgi_request.path.replace("/refused/1/", "/refused/2/")).status_code == 404


def test_the_approver_sees_each_answer_that_changed(sent, client_of, amara, mo):
    police_road.refuse(sent, amara)
    police_road.drafted(sent, amara, known=LONG)
    returned = "Say what the school saw."
    police.return_to_drafter(police_road.of(sent).reference, actor=mo, reason=returned)
    police_road.drafted(sent, amara, known=f"{LONG}In the morning.", interpreter="Tigrinya")
    police_road.drafted(sent, amara, known=f"{LONG}In the morning.", interpreter="Tigrinya, for the mother")

    shown = client_of(mo).get(url(sent, "approve"))
    said = page(shown).text

    assert_well_formed(shown)
    assert "Changed since version 2, by Amara" in said
    assert "What is known, before" in said
    assert "What is known, now" in said
    assert "Before Nothing Now Tigrinya, for the mother" in said
    assert "What is asked, before" not in said
    assert returned in said
    # Who drafts it is told what was asked, and not shown their own words again.
    drafting = page(client_of(amara).get(url(sent, "draft"))).text
    assert returned in drafting
    assert "Changed since" not in drafting


def test_a_first_version_has_changed_nothing(front_door, amara, mo, willow, client_of):
    referral, _ = road.awaiting(amara, "2")
    police_road.drafted(referral, amara)

    assert "Changed since" not in page(client_of(mo).get(url(referral, "approve"))).text
