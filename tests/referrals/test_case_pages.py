"""The case frame, and the overview."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hsb.core import access, clock
from hsb.core.models import AccessRecord
from hsb.core.states import Because
from referrals.selectors.case import age_in_words, case_frame
from referrals.services import deciding, episodes, meetings, restricting, urgent
from referrals.states import OPEN, Category, ReferralState, Side
from tests import cast
from tests.pages import page as parsed
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(front_door, willow, rowan, hazel):
    """Teams; the front door holds what was logged."""


def page(browser, referral, tab=""):
    return browser.get(f"/referrals/{referral.reference}/{tab}")


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def bar(answer):
    return road.text(answer).split('class="hsb-identity"')[1].split("</section>")[0]


def links(answer):
    return [part.split('"')[0].rstrip("/").split("/")[-1] for part in main(answer).split('href="')[1:]]


# --- The identity bar ----------------------------------------------------


def test_the_identity_bar_says_who_it_is_who_has_it_and_how_it_stands(client_of, amara, mo, willow):
    child = cast.person("Robin", "Sample", preferred_name="Rob", born_on=clock.today().replace(year=2012, month=1))
    referral = cast.referral(
        amara, held_by=willow, state="statutory", worker=amara, child=child, category="2", police_outstanding=True
    )

    said = bar(page(client_of(mo), referral))

    for words in ("Rob Sample", referral.reference, "14 years old", "With Willow: Amara", "Category 2: Abusive"):
        assert words in said, words
    assert "With statutory social work since" in said
    assert "87A not sent" in said


def test_a_restricted_record_says_so(client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow, restricted=True)

    assert "Restricted" in bar(page(client_of(amara), referral))


@pytest.mark.parametrize("side", [Side.HARMED, Side.NOT_YET_KNOWN])
def test_nothing_says_category_for_a_child_without_one(client_of, amara, willow, side):
    referral = cast.referral(amara, held_by=willow, state="awaiting_decision", side=side, tier=3)
    browser = client_of(amara)

    for tab in ("", "chronology/", "who-looked/"):
        answer = page(browser, referral, tab)
        assert "ategory" not in main(answer), tab
        assert "ategory" not in bar(answer), tab


@pytest.mark.parametrize(
    ("born_on", "precision", "said"),
    [
        (date(2012, 5, 14), "known", "14 years old"),
        (date(2025, 11, 1), "known", "1 year old"),
        (date(2026, 5, 1), "known", "Under 1 year old"),
        (date(2012, 5, 15), "estimated", "14 years old, estimated"),
        (date(2027, 3, 1), "expected", "Not yet born, expected 1 March 2027"),
        (None, "unknown", "Age not known"),
    ],
)
def test_the_age_today_is_said_as_it_is_known(db, born_on, precision, said):
    child = cast.person(born_on=born_on, birth_precision=precision)

    assert age_in_words(child, on=date(2026, 11, 23)) == said


# --- Next, and the other doors ----------------------------------------------------


@pytest.fixture
def a_tuesday(time_machine):
    """The next day is a working day."""
    time_machine.move_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))


def test_next_is_a_button_for_whose_it_is_and_a_sentence_for_others(
    a_tuesday, house, client_of, amara, mo, bea, willow
):
    referral = road.with_statutory(amara, mo, willow, bea)
    meetings.decide_meeting(
        referral.meeting_decisions.get().reference, actor=mo, convene=False, reason="Nothing points to it."
    )

    hers = case_frame(road.again(referral), cast.again(bea))["next"]
    his = case_frame(road.again(referral), cast.again(mo))["next"]

    assert (hers["text"], hers["when"]) == ("Start work with the child", "due tomorrow")
    assert hers["url"].endswith("/start-work/")
    assert (his["text"], his["when"]) == ("Bea is to start work with the child", "due tomorrow")
    assert "url" not in his


def test_late_is_said_in_words(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")
    referral.record.tasks.open().update(due_on=clock.today() - timedelta(days=14))

    answer = page(client_of(mo), referral)

    assert "working days late" in main(answer)


def test_what_cannot_be_done_yet_stands_folded_with_what_must_be_done_first(house, client_of, amara, mo, bea, willow):
    referral = road.closing_proposed(road.at_work(road.with_statutory(amara, mo, willow, bea), bea), bea)

    answer = page(client_of(mo), referral)

    folded = main(answer).split("Not possible yet")[1].split("</details>")[0]
    assert "Close the referral" in folded
    assert "Decide on the request for a strategy meeting first." in folded
    assert "close" not in links(answer)
    assert "return-to-service" in links(answer)


@pytest.mark.parametrize("state", ReferralState.values)
def test_protection_and_a_call_to_the_police_can_be_recorded_in_any_state(client_of, amara, mo, willow, state):
    worker = amara if state in ("early_help", "statutory", "closing_proposed", "closed", "attached") else None
    referral = cast.referral(amara, held_by=willow, state=state, worker=worker)

    found = links(page(client_of(mo), referral))

    assert "protection" in found
    assert "police-call" in found
    assert ("request-meeting" in found) == (state in OPEN)


@pytest.mark.parametrize("state", ReferralState.values)
@pytest.mark.parametrize("who", ["amara", "mo"])
def test_every_link_that_shows_is_a_page_that_opens(front_door, request, client_of, amara, mo, willow, state, who):
    worker = amara if state in ("early_help", "statutory", "closing_proposed", "closed", "attached") else None
    referral = cast.referral(amara, held_by=willow, state=state, worker=worker, tier=3)
    if state == "awaiting_decision":
        cast.assessment(
            referral,
            amara,
            state="submitted",
            category="1",
            tier=3,
            brook="not_used",
            submitted_by=amara,
            submitted_at=clock.now(),
            rationale="What was weighed.",
        )
    browser = client_of(request.getfixturevalue(who))
    frame = case_frame(road.again(referral), cast.again(request.getfixturevalue(who)))

    for link in [*frame["actions"], *frame["urgent"], *frame["readers"]]:
        assert browser.get(link["url"], follow=True).status_code == 200, link["url"]


def test_an_auditor_reads_and_does_nothing(house, client_of, amara, aud):
    referral, _ = road.awaiting(amara, "0")

    answer = page(client_of(aud), referral)

    assert answer.status_code == 200
    assert "you are an auditor".capitalize() in main(answer) or "You are an auditor" in main(answer)
    assert not {"protection", "decide", "restrict"} & set(links(answer))


# --- The overview ----------------------------------------------------


def test_the_overview_shows_everything_that_is_in_force(house, client_of, amara, mo, bea, willow):
    referral, _ = road.awaiting(amara, "2")
    urgent.record_protection(
        referral.reference,
        actor=amara,
        once=uuid4(),
        what="An adult stays with them.",
        done_on=clock.today(),
        who_was_told="The duty manager",
    )
    urgent.record_police_call(
        referral.reference,
        actor=amara,
        once=uuid4(),
        emergency=True,
        called_on=clock.today(),
        spoke_to="Duty desk",
        what_was_said="What the school reported.",
    )
    deciding.allocate(
        referral.reference, actor=mo, destination=deciding.Destination(team=willow, worker=bea, reason="It fits.")
    )

    said = main(page(client_of(bea), referral))

    for words in (
        "Manager's view: Mo",
        "Category 2: Abusive leads to: Statutory Social Work team for response",
        "(pathway 2026.1, in force from 1 January 2026)",
        "Reason for the allocation: It fits.",
        "Immediate protection on",
        "Follow-up due",
        "999 call on",
        "Form 87A, needed since",
        "Strategy meeting, expected by the pathway",
        "Where this child is on the workflow",
        "Why can I see this?",
        "You are the allocated worker.",
        "Complete the Child and Family assessment",
    ):
        assert words in said, words


def test_what_was_reported_is_one_click_from_the_overview(house, client_of, amara):
    referral, _ = road.logged(amara)
    concern = referral.involvements.get().concern

    said = main(page(client_of(amara), referral))

    assert f'What was reported: <a class="govuk-link" href="/concerns/{concern.reference}/">read the concern of' in said


def test_every_concern_of_the_referral_is_linked_the_latest_first(house, client_of, amara, willow):
    referral, _ = road.logged(amara)
    earlier = cast.concern(amara, reported_on=clock.today() - timedelta(days=30))
    earlier.involvements.create(person=referral.person, role="displayed", referral=referral)
    latest = referral.involvements.exclude(concern=earlier).get().concern

    found = [url for url, _ in parsed(page(client_of(amara), referral)).links if url.startswith("/concerns/CON")]

    assert found == [f"/concerns/{latest.reference}/", f"/concerns/{earlier.reference}/"]


def test_who_may_open_a_restricted_record_is_said_to_those_who_may_change_it(house, client_of, amara, mo, bea, willow):
    referral = road.with_statutory(amara, mo, willow, bea)
    restricting.restrict(referral.reference, actor=mo, reason="A relative works here.")
    restricting.bar(referral.reference, actor=mo, user=amara, reason="A relative of the child.")

    his = main(page(client_of(mo), referral)).split("Who may open this record")[1].split("Why here?")[0]
    hers = main(page(client_of(bea), referral))

    assert his.index("Restricted to") < his.index("Bea") < his.index("Mo") < his.index("Barred") < his.index("Amara")
    assert "Restricted to" not in hers


def test_episodes_are_linked_where_the_reader_may_open_them(house, client_of, amara, mo, bea, willow):
    closed = cast.referral(amara, held_by=willow, state="closed", worker=bea)
    episode = episodes.reopen(closed.reference, actor=bea, reason="Something new was reported.")

    hers = main(page(client_of(bea), episode))
    theirs = main(page(client_of(cast.user("Dot", (episode.record.holding_team, "practitioner"))), episode))

    assert "The episode before this one: <a" in hers
    assert closed.reference in hers
    assert closed.reference not in theirs


def test_looking_leaves_one_record_of_the_look(house, client_of, amara):
    referral, _ = road.logged(amara)

    page(client_of(amara), referral)

    look = AccessRecord.objects.get(record=referral.record)
    assert (look.user, look.page) == (amara, "overview")


@pytest.mark.parametrize("tab", ["", "chronology/", "who-looked/"])
@pytest.mark.parametrize("who", ["carl", "max", "dee", "coo", "cho"])
def test_strangers_find_nothing(house, request, client_of, amara, who, tab):
    referral, _ = road.logged(amara)

    assert page(client_of(request.getfixturevalue(who)), referral, tab).status_code == 404


def test_there_is_no_page_of_a_referral_that_never_was(client_of, amara):
    assert client_of(amara).get("/referrals/HSB-2026-99999/").status_code == 404


# --- How much is read ----------------------------------------------------


def queries(browser, referral, tab=""):
    page(browser, referral, tab)
    with CaptureQueriesContext(connection) as found:
        page(browser, referral, tab)
    return len(found)


def go_on(referral, actor, what):
    """One more immediate protection, and one more call to the police."""
    urgent.record_protection(
        referral.reference, actor=actor, once=uuid4(), what=what, done_on=clock.today(), who_was_told="All"
    )
    urgent.record_police_call(
        referral.reference,
        actor=actor,
        once=uuid4(),
        emergency=False,
        called_on=clock.today(),
        spoke_to="Desk",
        what_was_said="Said.",
    )


@pytest.mark.parametrize("tab", ["", "chronology/", "who-looked/"])
def test_many_rows_take_no_more_queries_than_few(house, client_of, amara, mo, bea, willow, tab):
    referral = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)
    go_on(referral, bea, "An adult stays.")
    browser = client_of(bea)
    few = queries(browser, referral, tab)
    for number in range(8):
        go_on(referral, bea, f"Step {number}")

    assert queries(browser, referral, tab) == few


def test_the_overview_reads_little(house, client_of, amara, mo, bea, willow):
    referral = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)
    browser = client_of(bea)

    # Form 87A is outstanding: whether each of its children opens, its latest version, and the call to the police. One
    # more is when the reader last looked.
    assert queries(browser, referral) <= 20


def test_what_does_not_hang_on_a_referral_is_not_asked_for(house, client_of, amara):
    referral, _ = road.logged(amara, harmed=False)

    assert queries(client_of(amara), referral) <= 11


def test_why_is_empty_handed_only_for_a_right_that_ended(client_of, amara, mo, willow):
    referral = cast.referral(amara, held_by=willow)
    access.end_grants(referral.record, Because.AUTHOR)

    assert "Your team holds the referral." in main(page(client_of(amara), referral))


def test_the_tag_of_category_not_hsb_is_quiet(client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow, state="awaiting_decision", category=Category.NOT_HSB, tier=1)

    assert "Developmentally expected: not HSB" in bar(page(client_of(amara), referral))
