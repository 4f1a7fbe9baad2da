"""The chronology in a browser: narrowed, either way round, as it stood; significant events; both on paper."""

from datetime import timedelta

import pytest

from hsb.core import clock, journal
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from referrals.models import SignificantEvent
from tests import cast
from tests.pages import assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals.events_road import MEANING, PUT_RIGHT, TEXT, corrected, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    """Amara's case."""
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words)).replace("&amp;", "&")


def written(case, by, verb, many, about="note"):
    for number in range(many):
        journal.write(case.record, verb, actor=by, reason=f"{about} {number:02}.")


def test_a_kind_and_an_order_are_kept_from_page_to_page(case, client_of, amara):
    case.record.refresh_from_db()
    written(case, amara, "record_police_call", 55, about="call")
    written(case, amara, "tell_referrer", 2, about="letter")
    browser, tab = client_of(amara), road.url(case, "chronology")

    calls = browser.get(link(browser.get(tab), "Police"))
    oldest = browser.get(link(calls, "Oldest first"))
    rest = browser.get(link(oldest, "Show the next"))
    newest_rest = browser.get(link(calls, "Show the next"))
    printed = browser.get(link(oldest, "Print it"))

    assert_well_formed(oldest)
    assert "letter" not in main(calls) + main(oldest) + main(rest) + main(printed)
    assert main(calls).index("call 54.") < main(calls).index("call 05.")
    assert main(oldest).index("call 00.") < main(oldest).index("call 49.")
    assert (main(rest).count("moj-timeline__item"), "call 54." in main(rest)) == (5, True)
    assert (main(newest_rest).count("moj-timeline__item"), "call 00." in main(newest_rest)) == (5, True)
    assert "order=oldest" in link(rest, "Back to the first")
    assert [f["data"].get("order") for f in page(oldest).forms if "as_of_day" in f["data"]] == [["oldest"]]
    assert main(printed).count("moj-timeline__item") == 55
    for nonsense in ({"kind": "x", "order": "y"}, {"order": "oldest", "after": "x"}, {"as_of_day": "31"}):
        assert browser.get(tab, nonsense).status_code == 200


def test_the_chronology_is_read_as_it_stood(case, client_of, amara, time_machine):
    then = clock.today()
    time_machine.move_to(clock.now() + timedelta(days=3), tick=False)
    written(case, amara, "tell_referrer", 1, about="later")
    browser, tab = client_of(amara), road.url(case, "chronology")

    answer = browser.get(tab, date_parts("as_of", then))
    said = main(answer)

    assert_well_formed(answer)
    for words in ("As it stood at the end of", "With statutory social work", "Willow", "Amara", "Not kept by day"):
        assert words in said
    assert "later 00." not in said
    assert "Take in as significant" not in said
    assert "later 00." in main(browser.get(link(answer, "Read the chronology as it stands now")))
    assert "later 00." not in main(browser.get(link(answer, "Oldest first")))


def test_an_event_is_recorded_taken_in_and_corrected(case, client_of, amara):
    browser = client_of(amara)
    tab = browser.get(road.url(case, "chronology"))
    asked = browser.get(link(tab, "Take in as significant"))
    day = case.record.entries.order_by("-number").first().happened_on
    assert_well_formed(asked)
    assert "Taken in from the chronology" in main(asked)
    answers = filled(asked, text=TEXT, meaning=MEANING, basis="both")
    assert [answers[name] for name in date_parts("happened_on", day)] == [
        [str(part)] for part in (day.day, day.month, day.year)
    ]

    sent = [browser.post(asked.wsgi_request.path, answers) for _ in range(2)]
    table = browser.get(sent[0].url)
    event = SignificantEvent.objects.get()
    corrects = browser.get(link(table, "Correct"))
    browser.post(link(table, "Correct"), filled(corrects, text=PUT_RIGHT, reason="It was misread."))
    stale = browser.post(link(table, "Correct"), filled(corrects, text="Other.", reason="Other.", once=str(event.once)))
    said = main(browser.get(sent[0].url))

    assert [each.url for each in sent] == [road.url(case, "significant-events")] * 2
    assert_well_formed(table)
    assert_well_formed(corrects)
    assert stale.status_code == 409
    assert said.index(TEXT) < said.index(PUT_RIGHT) < said.index("It was misread.") < said.index(MEANING)
    assert f"Taken in as significant: {event.reference}" in main(browser.get(road.url(case, "chronology")))
    empty = browser.post(road.url(case, "significant-events/record/0"), {})
    assert empty.status_code == 422
    assert "Say why it matters" in page(empty).text
    assert browser.get(road.url(case, "significant-events/record/999")).status_code == 404
    assert browser.get(road.url(case, "significant-events/9/correct")).status_code == 404


def test_the_table_holds_the_episodes_that_the_reader_may_open_and_is_printed(case, client_of, amara, mo, aud, willow):
    earlier = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=case.person)
    recorded(earlier, amara, text="Before.", happened_on=clock.today() - timedelta(days=40), about_then=True)
    recorded(case, amara)
    browser = client_of(mo)

    table = browser.get(road.url(case, "significant-events"))
    printed = browser.get(link(table, "Print it"))
    whole = browser.get(road.url(case, "chronology/print"))
    said = main(printed)

    assert main(table).index("Before.") < main(table).index(TEXT)
    assert_well_formed(printed)
    assert_well_formed(whole)
    for words in ("About ", "OFFICIAL-SENSITIVE", case.reference, earlier.reference, "Printed by Mo on", MEANING):
        assert words in said
    assert "OFFICIAL-SENSITIVE" in main(whole)
    assert "Concern logged, referral received" in main(whole)
    assert TEXT not in main(whole)
    looks = AccessRecord.objects.filter(user=mo).order_by("pk").values_list("record__reference", "page", "kind")
    here, there = case.reference, earlier.reference
    assert sorted(looks[:2]) == sorted((each, "significant_events", "page") for each in (here, there))
    assert sorted(looks[2:4]) == sorted((each, "print_chronology", "export") for each in (here, there))
    assert sorted(looks[4:]) == sorted((each, "print_chronology", "export") for each in (here, there))
    assert "Exported" in main(client_of(aud).get(road.url(case, "who-looked")))


def test_paper_says_where_there_is_more(case, client_of, amara, monkeypatch):
    monkeypatch.setattr("referrals.views.chronology.MOST_PRINTED", 3)
    written(case, amara, "tell_referrer", 4)

    said = main(client_of(amara).get(road.url(case, "chronology/print")))

    assert said.count("moj-timeline__item") == 3
    assert "There is more than is printed here: these are 3 entries" in said


def test_the_pages_ask_as_much_for_many_as_for_few(case, client_of, amara, mo):
    def more():
        for number in range(4):
            corrected(recorded(case, amara if number % 2 else mo), mo)

    more()

    assert_same_queries(client_of(amara), road.url(case, "significant-events"), more)
    assert_same_queries(client_of(amara), road.url(case, "chronology"), more)


def test_where_nothing_can_be_written_none_is_offered(front_door, client_of, amara, aud, willow):
    closed = cast.referral(amara, held_by=willow, state="closed", worker=amara)
    open_one = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    recorded(open_one, amara)

    for user, referral in ((amara, closed), (aud, open_one)):
        browser = client_of(user)
        said = main(browser.get(road.url(referral, "chronology"))) + main(
            browser.get(road.url(referral, "significant-events"))
        )
        assert "Take in as significant" not in said
        assert "Record a significant event" not in said
        assert "/correct/" not in said
