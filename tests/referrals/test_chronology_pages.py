"""The tabs that are long lists: the chronology in words, and who looked."""

import pytest

from hsb.core import access, journal
from hsb.core.door import Doored
from hsb.core.pages import Page
from referrals.models import Referral
from referrals.selectors.chronology import SENTENCES
from referrals.selectors.looks import PAGES
from referrals.services import restricting, working
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(front_door, willow, rowan, hazel):
    """Teams; the front door holds what was logged."""


def page(browser, referral, tab=""):
    return browser.get(f"/referrals/{referral.reference}/{tab}")


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def test_the_chronology_tells_the_road_in_words_newest_first(house, client_of, amara, mo, bea, willow):
    referral = road.with_statutory(amara, mo, willow)
    working.name_worker(referral.reference, actor=mo, worker=bea)

    said = main(page(client_of(mo), referral, "chronology/"))

    told = [
        "Worker named: Bea",
        "Allocated to statutory social work: Willow",
        "Passed to a manager for a decision",
        "Assessment started",
        "Concern logged, referral received",
    ]
    assert sorted(told, key=said.index) == told
    assert "From “Awaiting decision” to “With statutory social work”" in said
    assert "by Mo" in said


def test_the_chronology_has_fifty_on_a_page_and_goes_on(client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    for number in range(60):
        journal.write(
            Referral.at(referral.reference).get().record, "tell_referrer", actor=amara, reason=f"note {number}"
        )
    browser = client_of(amara)

    first = page(browser, referral, "chronology/")
    rest = browser.get(f"/referrals/{referral.reference}/chronology/?before=12")

    assert main(first).count("moj-timeline__item") == 50
    assert "?before=12" in main(first)
    assert main(rest).count("moj-timeline__item") == 11
    assert "Back to the first 50 entries" in main(rest)


@pytest.mark.parametrize("before", ["x", "²", "-1", "9" * 40, "20260101000000000000-9999999999999999999999"])
@pytest.mark.parametrize("tab", ["chronology/", "who-looked/"])
def test_a_broken_place_in_the_list_does_no_harm(client_of, amara, willow, tab, before):
    referral = cast.referral(amara, held_by=willow)

    assert client_of(amara).get(f"/referrals/{referral.reference}/{tab}", {"before": before}).status_code == 200


def test_a_long_reason_is_folded(client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    journal.write(referral.record, "tell_referrer", actor=amara, reason="A long story. " * 40)

    assert "What was written" in main(page(client_of(amara), referral, "chronology/"))


def test_every_verb_of_the_journal_has_its_sentence(house, client_of, amara, mo, bea, eli, esi, willow, hazel):
    """What this road writes is said in words: no code of ours reaches a page."""
    referral = road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)
    working.offer(referral.reference, actor=eli, kind="step_up", to_team=willow, reason="More is needed.")
    offer = referral.offers.get()
    working.accept_offer(offer.reference, actor=mo, answer="Yes.", tier=3, worker=bea)
    restricting.restrict(referral.reference, actor=mo, reason="A relative works here.")

    verbs = set(referral.record.entries.values_list("verb", flat=True))

    assert verbs - set(SENTENCES) == set()


def test_who_looked_names_everybody_newest_first(house, client_of, amara, mo):
    referral, _ = road.logged(amara)
    page(client_of(amara), referral)

    said = main(page(client_of(mo), referral, "who-looked/"))

    assert said.index("Mo") < said.index("Amara")
    assert "Overview" in said


def test_who_looked_goes_on_after_fifty(client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow)
    for _ in range(55):
        access.look(amara, referral.record, "overview")
    browser = client_of(amara)

    first = main(page(browser, referral, "who-looked/"))
    following = first.split('rel="next"')[0].split('href="')[-1].split('"')[0]
    rest = main(browser.get(following.replace("&amp;", "&")))

    assert first.count('<tr class="govuk-table__row">') == 51
    assert rest.count('<tr class="govuk-table__row">') == 1 + 6


def test_a_refusal_stands_in_who_looked(house, client_of, amara, dot, mo):
    referral, _ = road.awaiting(amara, "0")
    client_of(dot).get(road.url(referral, "decide"))

    assert "Was refused" in main(page(client_of(mo), referral, "who-looked/"))


def pages_of_records():
    """What every page of ours calls itself under "Who looked"."""
    kinds = [Page]
    for kind in kinds:
        kinds += kind.__subclasses__()
    named = {kind().looked_at_as for kind in kinds}
    return sorted(named - {""})


def test_every_page_that_is_looked_at_has_a_plain_name(front_door):
    assert len(pages_of_records()) > 25
    assert set(pages_of_records()) - set(PAGES) == set()


def test_no_plain_name_is_left_over():
    # "page": a record was asked for by its address, and refused. "break_glass": opened from a search.
    assert set(PAGES) - set(pages_of_records()) == {"page", "break_glass"}


def test_a_refused_verb_has_a_plain_name():
    nouns = [noun for noun in Doored.__subclasses__() if noun.__module__.startswith("referrals.")]
    moves = {move.name for noun in nouns for move in noun(state="").get_all_state_transitions()}

    assert len(moves) > 25
    assert moves - {*PAGES, *SENTENCES} == set()
