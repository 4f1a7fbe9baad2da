"""Home: the customer's flowchart, whose numbers are the reader's own and each the count of the list it opens."""

import re

import pytest

from hsb.core import clock, settings_in_force
from referrals.selectors.boxes import BOXES, chart_counts
from referrals.selectors.filters import Filters
from referrals.selectors.flowchart import chart, place_on_chart
from referrals.selectors.lists import referral_list
from tests import cast
from tests.overview import a_borough
from tests.pages import assert_same_queries, assert_well_formed, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("what is found, counted and sorted is the database's"),
]


@pytest.fixture
def borough(amara, front_door):
    return a_borough.build(amara, front_door)


def numbers(counts):
    return {code: (box["number"], box["late"]) for code, box in counts.items()}


def test_the_chart_is_drawn_anew_where_its_numbers_or_the_boroughs_words_are_others(amara, willow, eli, dee, client_of):
    browser = client_of(eli)
    own = {"held_by": willow, "worker": eli, "state": "statutory", "category": "1", "brook": "orange", "tier": 3}
    drawn = []
    for _ in range(2):
        cast.referral(amara, **own)
        drawn.append(browser.get("/").content.decode())
        assert f'<span class="hsb-chart__number">{len(drawn)}</span>' in drawn[-1]
    try:
        settings_in_force.set_value("police_form", "Form 99Z", from_on=clock.today(), actor=dee)
        settings_in_force.forget()
        assert "Form 99Z not sent" in browser.get("/").content.decode()
    finally:
        settings_in_force.forget()


# --- The numbers ------------------------------------------------------------------------------------------------


def test_an_auditor_counts_every_box_as_typed_by_hand(borough, aud):
    assert numbers(chart_counts(aud)) == a_borough.COUNTED


def test_somebody_who_may_open_nothing_counts_nothing(borough, carl):
    assert set(numbers(chart_counts(carl)).values()) == {(0, 0)}


def test_a_worker_with_one_referral_counts_that_one(borough, amara, willow, eli):
    own = cast.referral(amara, held_by=willow, state="statutory", worker=eli, category="1", brook="orange", tier=3)
    assert own.worker == eli

    counted = {code for code, (number, _) in numbers(chart_counts(eli)).items() if number}

    assert counted == {"category-1", "brook-1", "tier-3", "statutory"}


@pytest.mark.parametrize("who", ["aud", "amara", "dot", "mo", "carl"])
def test_every_number_is_the_count_of_the_list_it_opens(borough, request, client_of, who):
    reader = request.getfixturevalue(who)
    browser = client_of(reader)

    lists = {code: browser.get(box["url"]).context["found"] for code, box in chart_counts(reader).items()}
    late = {code: browser.get(f"{box['url']}&late=1").context["found"] for code, box in chart_counts(reader).items()}

    found = numbers(chart_counts(reader))
    assert {code: (listed["count"], listed["late"]) for code, listed in lists.items()} == found
    assert {code: (len(lists[code]["rows"]), len(late[code]["rows"])) for code in lists} == found


@pytest.mark.parametrize("code", BOXES)
def test_the_list_of_a_box_is_titled_by_its_number(borough, aud, client_of, code):
    number, late = a_borough.COUNTED[code]

    title = page(client_of(aud).get(BOXES[code].url)).text

    assert re.search(rf"\b{number or 'No'} child(ren)?\b", title)
    assert (f", {late} late" in title) is bool(late)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("harmed", "1 child who was harmed"),
        ("category-1", "1 child in Category 1: Problematic"),
        ("police-outstanding", "1 child whose Form 87A is not sent"),
        ("meeting-asked", "1 child for whom a strategy meeting decision waits"),
    ],
)
def test_one_child_is_said_of_one(code, title):
    assert Filters(box=code).title(1, 0) == title


def test_an_ended_referral_is_in_no_box(amara, aud, willow):
    cast.referral(amara, held_by=willow, state="closed", category="2", brook="red", tier=4)

    assert set(numbers(chart_counts(aud)).values()) == {(0, 0)}


def test_a_restricted_referral_is_counted_only_for_those_named_on_it(amara, bea, mo, willow):
    cast.referral(amara, held_by=willow, state="statutory", worker=bea, restricted=True, category="1", tier=3)

    assert numbers(chart_counts(bea))["category-1"] == (1, 0)
    assert numbers(chart_counts(mo))["category-1"] == (0, 0)


def test_a_child_held_while_closing_is_proposed_stands_with_its_service(amara, aud, willow):
    made = cast.referral(amara, held_by=willow, state="closing_proposed", category="1", tier=3)

    found = referral_list(aud, Filters(box="statutory"))
    assert [row[0]["note"].endswith(made.reference) for row in found["rows"]] == [True]


# --- The page ---------------------------------------------------------------------------------------------------


def drawn(browser):
    return page(browser.get("/"))


def test_the_rows_are_titled_as_in_the_customers_document():
    assert [row["title"] for row in chart()["rows"]] == [
        "Hackett Continuum of Risk",
        "Brook Traffic Light Tool",
        "Child Protection Threshold",
        "Allocated Service Response",
        "Risk Assessment / Review Process",
        "Mapping / Strategic Response",
    ]


def test_every_row_is_four_columns_wide_and_cells_are_merged_as_in_the_document():
    spans = [[cell["span"] for cell in row["cells"]] for row in chart()["rows"]]

    assert spans == [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 2], [1, 1, 2], [4], [2, 2]]


def test_the_cards_of_a_phone_hold_every_cell_of_the_table_once():
    drawn = chart()

    in_table = sorted(cell["key"] for row in drawn["rows"] for cell in row["cells"])
    assert sorted(part["cell"]["key"] for card in drawn["cards"] for part in card["parts"]) == in_table
    assert [card["title"] for card in drawn["cards"]] == [
        "Category 0 (Hackett: Inappropriate)",
        "Category 1 (Hackett: Problematic)",
        "Category 2 (Hackett: Abusive)",
        "Category 3 (Hackett: Violent)",
        "Categories 2 and 3",
        "Risk Assessment / Review Process",
        "Mapping / Strategic Response",
    ]


def test_every_number_of_the_chart_is_drawn_and_linked(borough, client_of, aud):
    links = {href for href, _ in drawn(client_of(aud)).links}

    assert {box.url for box in BOXES.values()} <= links


def test_home_says_whose_numbers_they_are(borough, client_of, amara):
    assert "Numbers are of the open referrals that you may open." in drawn(client_of(amara)).text


def test_a_coordinator_has_the_panels_numbers_alone(borough, client_of, coo):
    found = drawn(client_of(coo))

    assert "what waits for the panel" in found.text
    assert "0 waiting to be sifted" in found.text
    assert not [href for href, _ in found.links if href.startswith("/referrals/")]


@pytest.mark.parametrize("who", ["dee"])
def test_roles_without_case_content_see_the_workflow_without_numbers(borough, request, client_of, who):
    found = drawn(client_of(request.getfixturevalue(who)))

    assert "Your role has no case content" in found.text
    assert "Victimising intent or outcome" in found.text
    assert not [href for href, _ in found.links if href.startswith("/referrals/")]


@pytest.mark.parametrize(("who", "may"), [("amara", True), ("mo", True), ("cho", False), ("aud", False)])
def test_who_may_log_a_concern_finds_the_button(request, client_of, who, may):
    links = [words for href, words in drawn(client_of(request.getfixturevalue(who))).links if href == "/concerns/new/"]

    assert bool(links) is may


def test_somebody_who_has_not_signed_in_is_asked_to(client):
    response = client.get("/")

    assert (response.status_code, response.url) == (302, "/account/login/?next=%2F")


def test_home_is_well_formed(borough, client_of, aud):
    assert_well_formed(client_of(aud).get("/"))


def test_home_asks_as_much_for_many_rows_as_for_one(amara, front_door, client_of):
    cast.referral(amara, held_by=front_door)

    asked = assert_same_queries(client_of(amara), "/", lambda: a_borough.more(amara, front_door))

    # The last of them counts the reader's own intel forms, for the panel's box.
    assert asked == 3


# --- One child's place ----------------------------------------------------------------------------------------


def test_one_childs_place_is_marked_in_words(amara, willow):
    child = cast.referral(amara, held_by=willow, state="statutory", category="2", brook="red", tier=4)

    found = chart(place=place_on_chart(child))

    here = [cell["key"] for row in found["rows"] for cell in row["cells"] if cell["here"]]
    assert here == ["category-2", "brook-2", "tier-4", "statutory-police"]


def test_a_colour_that_does_not_match_marks_no_colour(amara, willow):
    child = cast.referral(amara, held_by=willow, state="early_help", category="0", brook="red", tier=2)

    assert place_on_chart(child)["boxes"] == {"category-0", "tier-2", "early-help"}


def test_the_chart_of_a_child_has_no_numbers_and_is_of_its_own_pathway(amara, willow):
    child = cast.referral(amara, held_by=willow, state="statutory", category="1", tier=3)
    place = place_on_chart(child)

    assert place["version"] == child.pathway_version
    assert chart(place=place)["steps"] == []
