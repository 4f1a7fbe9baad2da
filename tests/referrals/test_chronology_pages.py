"""The tabs that are long lists: the chronology in words, and who looked."""

import pytest

from hsb.core import access, journal
from hsb.core.door import Doored
from hsb.core.models import AccessRecord, Entry
from hsb.core.pages import Page
from referrals.models import Referral
from referrals.selectors.chronology import SENTENCES
from referrals.selectors.looks import PAGES
from referrals.services import persons, restricting, working
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
    rest = browser.get(first.context["next_url"])

    assert main(first).count("moj-timeline__item") == 50
    assert main(first).count("note 1<") == 0
    # The child's own record and the concern are in it.
    assert (
        main(rest).count("moj-timeline__item") == 61 + Entry.objects.filter(record=referral.person.record).count() - 50
    )
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


# --- Of the whole child -----------------------------------------------------------------------------------------------


def test_it_tells_of_the_childs_record_and_of_other_episodes_and_looking_is_recorded_on_each(
    house, client_of, amara, mo, bea, willow
):
    child = cast.person()
    earlier = cast.referral(amara, held_by=willow, state="closed", child=child, worker=bea)
    now = cast.referral(amara, held_by=willow, state="statutory", child=child, worker=bea)
    journal.write(earlier.record, "tell_referrer", actor=amara, reason="The school knows.")
    changed = {"school": "Elm Row", "nhs_number": "9434765919"}
    persons.change_person(child.record.reference, actor=bea, version=child.version, details=changed)
    browser = client_of(bea)

    said = main(page(browser, now, "chronology/"))
    printed = page(browser, now, "chronology/print/")

    assert f"On the referral {earlier.reference}" in said
    assert "The school knows." in said
    said_of_child = said.split("Details of the child changed")[1][:60]
    assert all(each in said_of_child for each in ("NHS number", "School")), said_of_child
    assert "The school knows." in road.text(printed)
    looked = AccessRecord.objects.filter(user=bea, page="chronology")
    assert set(looked.values_list("record", flat=True)) == {now.pk, earlier.pk}


def test_of_an_episode_that_the_reader_may_not_open_it_says_nothing(house, client_of, amara, carl, willow, rowan):
    child = cast.person()
    earlier = cast.referral(amara, held_by=willow, state="closed", child=child, worker=amara)
    now = cast.referral(carl, held_by=rowan, state="statutory", child=child, worker=carl)
    journal.write(earlier.record, "tell_referrer", actor=amara, reason="The school knows.")

    said = main(page(client_of(carl), now, "chronology/"))

    assert earlier.reference not in said
    assert "The school knows." not in said


def test_a_page_of_it_ends_and_begins_between_two_journals(client_of, amara, willow):
    child = cast.person()
    earlier = cast.referral(amara, held_by=willow, state="closed", child=child, worker=amara)
    now = cast.referral(amara, held_by=willow, state="statutory", child=child, worker=amara)
    for number in range(40):
        for each in (earlier, now):
            journal.write(Referral.at(each.reference).get().record, "tell_referrer", actor=amara, reason=f"<{number}>")
    browser = client_of(amara)

    first = page(browser, now, "chronology/")
    seen = [main(first)]
    following = first.context["next_url"]
    while following:
        rest = browser.get(following)
        seen.append(main(rest))
        following = rest.context["next_url"]

    told = "".join(seen)
    assert [told.count(f"&lt;{number}&gt;") + told.count(f"<{number}>") for number in range(40)] == [2] * 40
