"""What was shared, in a browser: read, recorded, refused with its words kept; a paper held back on its own page."""

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from referrals.models import Disclosure
from referrals.services import telling
from tests import cast
from tests.pages import assert_no_dead_error_links, assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import consent_road, papers_of_a_child, police_road, sharing_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words))


def typed(**fields):
    return {
        "recipient": "parent",
        "to_whom": "Lin Sample, mother",
        "what": sharing_road.WHAT,
        "decision": "shared",
        "why": "She asked what happens next.",
        "basis": "public_task",
        "asked": "not_asked",
        "not_asked_words": "She is the one who is told.",
        **date_parts("happened_on", clock.today()),
    } | fields


def test_what_a_mother_was_told_is_recorded_once_and_gathered_where_somebody_tells_her_more(case, client_of, amara, mo):
    browser, tab = client_of(amara), road.url(case, "sharing")
    shown = browser.get(link(browser.get(road.url(case, "people")), "What was shared"))
    asked = browser.get(link(shown, "Record what was shared"))
    sent = [browser.post(asked.wsgi_request.path, filled(asked, **typed())) for _ in range(2)]
    withheld = browser.get(asked.wsgi_request.path)
    browser.post(
        withheld.wsgi_request.path,
        filled(
            withheld,
            **typed(decision="not_shared", recipient="school", because="detriment", why_not_shared="They would leave."),
        ),
    )
    after = client_of(mo).get(tab)
    say = client_of(mo).get(road.url(case, "what-may-i-say"))

    for answer in (shown, asked, after, say):
        assert_well_formed(answer)
    assert "Nothing was shared yet" in main(shown)
    assert [answer.url for answer in sent] == [tab] * 2
    assert [(row.shared, row.asked) for row in Disclosure.objects.order_by("pk")] == [(True, "not_asked"), (False, "")]
    said = page(after).text
    for words in ("Not shared", "They would leave.", "more detrimental", "Not asked", "She is the one who is told."):
        assert words in said
    told = page(say).text
    assert "What the family was told" in told
    assert told.count(sharing_road.WHAT) == 3  # to the mother, and both among all that was shared
    assert AccessRecord.objects.filter(user=mo, record=case.record, page="sharing").count() == 1
    story = page(browser.get(road.url(case, "chronology"))).text
    assert "Not shared: a school or college" in story
    assert sharing_road.WHAT not in story


def test_what_is_refused_is_said_beside_the_field_and_what_was_typed_stays(case, client_of, amara):
    browser, url = client_of(amara), road.url(case, "sharing/record")
    empty = browser.post(url, {})
    given = {"basis": "consent", "asked": "given", "recipient": "school"}
    refused = [
        browser.post(url, filled(browser.get(url), **typed(**fields)))
        for fields in (given, given | {"basis": "public_task"}, {"basis": "consent"})
    ]
    telling.hold_back(
        case.reference, actor=amara, concern=case.involvements.get().concern.reference, reason="The police asked."
    )
    held = browser.post(url, filled(browser.get(url), **typed()))

    for answer in (empty, *refused, held):
        assert answer.status_code == 422
        assert_no_dead_error_links(answer)
    for words in ("Choose with whom", "Enter who exactly", "Say what it is", "Choose whether it was shared"):
        assert words in main(empty)
    assert "no answer is recorded for" in main(refused[0])
    assert "no answer is recorded for" in main(refused[1])
    assert "only where somebody was asked, and agreed" in main(refused[2])
    assert "“Do not disclose yet” stands on a concern" in main(held)
    assert all(sharing_road.WHAT in main(answer) for answer in (*refused, held))
    consent_road.answered(case, amara)
    agreed = browser.post(url, filled(browser.get(url), **typed(**given)))
    assert agreed.status_code == 302
    assert Disclosure.objects.latest("pk").basis == f"With consent: {case.reference}-CON1"


def test_the_page_asks_the_same_for_more_and_reads_every_episode_that_opens(case, client_of, amara, mo, willow, carl):
    before = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=case.person)
    sharing_road.recorded(before, amara, what="Told in the first episode.")
    hidden = cast.referral(carl, held_by=carl.memberships.get().team, child=case.person, restricted=True)
    sharing_road.recorded(hidden, carl, what="Kept apart.")
    url = road.url(case, "sharing")

    said = page(client_of(mo).get(url)).text
    assert "Told in the first episode." in said and before.reference in said
    assert "Kept apart." not in said and hidden.reference not in said
    assert AccessRecord.objects.filter(user=mo, record=before.record, page="sharing").exists()
    assert_same_queries(client_of(amara), url, lambda: sharing_road.recorded(case, amara))


def test_an_assessment_is_held_back_and_told_again_on_its_page(front_door, amara, mo, willow, client_of):
    case = road.with_statutory(amara, mo, willow, amara)
    tab, worker = road.url(case, "assessment"), client_of(amara)
    asked = worker.get(link(worker.get(tab), "Decide what the family is told"))
    sent = worker.post(asked.wsgi_request.path, filled(asked, decision="hold_back", reason="The police asked."))
    held = worker.get(sent.url)

    assert_well_formed(held)
    assert "Do not disclose yet: do not tell the child or the family what this assessment says." in page(held).text
    assert "Nothing of it is told to the family yet: Amara" in page(worker.get(tab)).text
    assert worker.get(asked.wsgi_request.path).status_code == 409
    manager = client_of(mo)
    lifting = manager.get(asked.wsgi_request.path)
    manager.post(asked.wsgi_request.path, filled(lifting, decision="tell", reason="The police agreed."))
    assert "Do not disclose yet" not in page(manager.get(sent.url)).text
    stale = manager.post(asked.wsgi_request.path, filled(lifting, decision="tell", reason="Again."))
    assert stale.status_code == 422


def test_a_form_is_held_back_on_the_page_of_each_of_its_children(front_door, amara, mo, willow, rowan, carl, client_of):
    first, other = police_road.apart(amara, mo, ((willow, amara), (rowan, carl)))
    browser = client_of(amara)
    asked = browser.get(link(browser.get(road.url(first, "police-forms")), "Decide what the family is told"))
    browser.post(asked.wsgi_request.path, filled(asked, decision="hold_back", reason="Robin's officer asked."))

    mine = page(browser.get(road.url(first, "police-forms"))).text
    theirs = page(client_of(carl).get(road.url(other, "police-forms"))).text
    for said in (mine, theirs):
        assert "Do not disclose yet: do not tell the child or the family what Form 87A says." in said
        assert "Robin's officer" not in said  # neither may open every child of it
    assert (
        "“Do not disclose yet” stands on Form 87A" in page(client_of(carl).get(road.url(other, "sharing/record"))).text
    )


def test_a_document_is_held_back_again_on_the_tab(case, client_of, amara, mo):
    document = papers_of_a_child.added(case, amara)
    browser, tab = client_of(amara), road.url(case, "documents")
    asked = browser.get(link(browser.get(tab), "Do not disclose U1 yet"))
    browser.post(asked.wsgi_request.path, filled(asked, reason="The police asked."))

    assert "Do not disclose yet" in page(browser.get(tab)).text
    assert browser.get(asked.wsgi_request.path).status_code == 409
    document.refresh_from_db()
    assert document.do_not_disclose
    assert "A document" in page(client_of(mo).get(link(client_of(mo).get(tab), "U1 can be disclosed"))).text
