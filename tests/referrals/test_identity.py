"""A child's identity in groups: each saved by itself, unknown as an answer, numbers checked, ages counted."""

import string
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from hsb.core import identifiers, words
from hsb.core.forms import date_parts
from hsb.core.models import Entry
from referrals import codes
from referrals.forms.identity import HealthForm
from referrals.models import PastSchool, Person
from referrals.selectors.people import find_persons
from referrals.selectors.person_details import years
from referrals.services import persons
from referrals.services.person_keys import index_person
from referrals.spelling import hider
from referrals.states import ReferralSource, ReferralState, Sex
from tests import cast
from tests.pages import filled, page

TWELVE = st.text("0123456789", min_size=12, max_size=12)
NINE = st.text("0123456789", min_size=9, max_size=9)


# --- Check digits ---------------------------------------------------------------------------------------------------


@given(NINE)
def test_of_ten_nhs_numbers_with_the_same_nine_digits_at_most_one_is_valid(nine):
    valid = [last for last in "0123456789" if identifiers.is_nhs_number(nine + last)]
    # Counted the other way round: all ten digits by weights 10 to 1 are a multiple of 11.
    whole = [
        last
        for last in "0123456789"
        if sum(int(digit) * weight for digit, weight in zip(nine + last, range(10, 0, -1), strict=True)) % 11 == 0
    ]

    assert valid == whole
    assert len(valid) <= 1


@given(NINE, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_makes_another_valid_nhs_number(nine, place, off):
    number = nine + identifiers.nhs_check_digit(nine)
    if len(number) == identifiers.NHS_NUMBER_LENGTH:
        wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
        assert not identifiers.is_nhs_number(wrong)


@given(TWELVE)
def test_of_all_letters_before_twelve_digits_one_makes_a_upn(twelve):
    valid = [letter for letter in string.ascii_uppercase if identifiers.is_upn(letter + twelve)]
    weighed = sum((place + 2) * int(digit) for place, digit in enumerate(twelve))

    assert valid == ["ABCDEFGHJKLMNPQRTUVWXYZ"[weighed % 23]]


@given(TWELVE, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_never_leaves_a_upn_valid(twelve, place, off):
    letter = identifiers.upn_check_letter(twelve)
    wrong = twelve[:place] + str((int(twelve[place]) + off) % 10) + twelve[place + 1 :]

    assert identifiers.is_upn(letter + twelve)
    assert not identifiers.is_upn(letter + wrong)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_of_all_letters_at_the_end_of_a_temporary_upn_one_goes_with_the_first(eleven):
    last = [end for end in string.ascii_uppercase if identifiers.is_upn(f"A{eleven}{end}")]
    weighed = sum((place + 2) * int(digit) for place, digit in enumerate(eleven))

    assert [(weighed + 13 * "ABCDEFGHJKLMNPQRTUVWXYZ".index(end)) % 23 for end in last] == [0]


# --- Ages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        pytest.param(date(2012, 5, 14), date(2026, 5, 13), 13, id="the day before the birthday"),
        pytest.param(date(2012, 5, 14), date(2026, 5, 14), 14, id="the birthday"),
        pytest.param(date(2012, 2, 29), date(2026, 2, 28), 13, id="29 February, on 28 February of a common year"),
        pytest.param(date(2012, 2, 29), date(2026, 3, 1), 14, id="29 February, on 1 March of a common year"),
        pytest.param(date(2012, 2, 29), date(2028, 2, 28), 15, id="29 February, the day before, in a leap year"),
        pytest.param(date(2012, 2, 29), date(2028, 2, 29), 16, id="29 February in a leap year"),
        pytest.param(date(2026, 5, 14), date(2026, 5, 14), 0, id="the day of birth"),
        pytest.param(date(2026, 5, 14), date(2026, 5, 13), None, id="not yet born"),
        pytest.param(None, date(2026, 5, 13), None, id="not known"),
    ],
)
def test_an_age_is_counted_in_whole_years(born, day, age):
    assert Person(born_on=born).age_on(day) == age


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.integers(0, 40 * 366))
def test_an_age_grows_by_one_a_year_and_never_falls(born, days):
    day = born + timedelta(days=days)
    age = Person(born_on=born).age_on(day)

    assert age == words.age(born, day)
    assert 0 <= Person(born_on=born).age_on(day + timedelta(days=1)) - age <= 1
    assert abs(days / 365.2425 - age) < 1.01


def test_an_expected_child_is_not_yet_born():
    assert years(Person(born_on=date(2027, 1, 5), birth_precision="expected"), date(2026, 11, 23)) == "not yet born"


# --- The codes ------------------------------------------------------------------------------------------------------


def test_the_codes_are_those_of_the_census():
    assert " ".join(codes.Ethnicity.values) == (
        "WBRI WIRI WIRT WROM WOTH MWBC MWBA MWAS MOTH AIND APKN ABAN CHNE AOTH BCRB BAFR BOTH OOTH REFU NOBT"
    )
    assert {*codes.Disability.values} - {"UNK"} == {
        *["NONE", "MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA"],
    }
    assert " ".join(codes.UPNUnknown.values) == "UN1 UN2 UN3 UN4 UN5 UN6 UN7"
    assert " ".join(codes.LegalStatus.values) == "NONE V2 V3 V4 C1 C2 E1 L1 L2 L3 J1 J2 J3 UNK"
    assert " ".join(Sex.values) == "F M U"
    assert " ".join(ReferralSource.values) == "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10"


@given(st.lists(st.sampled_from(codes.Disability.values), max_size=4))
def test_no_disability_and_not_known_stand_alone_in_the_form_and_in_the_service(chosen):
    ticked = QueryDict(mutable=True)
    ticked.update({"version": "1", "gp_known": "unknown"})
    ticked.setlist("disabilities", chosen)
    form, once = HealthForm(ticked), set(chosen)
    stands = bool(chosen) and (len(once) == 1 or not once & {"NONE", "UNK"})

    assert form.is_valid() is stands
    if stands:
        assert set(form.cleaned_data["disabilities"]) == once
    assert is_taken_by_the_service(list(once)) is stands
    if len(once) < len(chosen):
        assert not is_taken_by_the_service(chosen)


def is_taken_by_the_service(disabilities):
    try:
        persons.refuse_two_answers(Person(disabilities=disabilities))
    except persons.NotReady:
        return False
    return True


# --- The pages ------------------------------------------------------------------------------------------------------

pages = pytest.mark.django_db


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def referral(monday, mo, willow, amara):
    """Amara's: Robin Sample, born on 14 May 2012, at Oak School."""
    about = cast.concern(mo, happened_on=date(2025, 1, 6), reported_on=date(2026, 11, 20))
    child = cast.person(school="Oak School", address="1 Example Road", postcode="AA3 1AB")
    return cast.referral(mo, held_by=willow, about=about, child=child, state=ReferralState.STATUTORY, worker=amara)


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


def at(referral, group=""):
    return f"/referrals/{referral.reference}/people/{referral.person.reference}/{group}{'/' if group else ''}"


def now(referral):
    return Person.objects.get(pk=referral.person_id)


def change(browser, referral, group, **answers):
    return browser.post(at(referral, group), filled(browser.get(at(referral, group)), **answers))


@pages
def test_the_people_tab_shows_all_groups_with_a_way_to_change_each(laptop, referral):
    tab = page(laptop.get(f"/referrals/{referral.reference}/people/"))

    for group in ("Identity", "Contact", "Education", "Health", "Status"):
        assert f"Change {group.lower()}" in {" ".join(said.split()) for _, said in tab.links}
    for said in (
        "Ethnicity Not yet obtained",
        "NHS number Not known",
        "First language Not known",
        "Interpreter needed Not known",
        "Unique pupil number (UPN) Not known: nobody has asked yet",
        "Special educational needs Not known",
        "Disabilities Not known",
        "GP Not known",
        "Legal status Not known",
        "Responsible council This borough",
        "When it happened (6 January 2025) 12 years old",
        "Today (23 November 2026) 14 years old",
    ):
        assert said in tab.text


@pages
def test_an_nhs_number_is_read_in_threes(laptop, referral):
    change(laptop, referral, "edit", nhs_number="9434765919")

    assert "NHS number 943 476 5919" in page(laptop.get(at(referral))).text


@pages
def test_each_group_saves_by_itself(laptop, referral):
    change(laptop, referral, "health", disabilities=["LD", "AUT"], gp_known="known", gp="Oak Surgery")
    change(laptop, referral, "status", legal_status="C1", looked_after="on")
    change(laptop, referral, "contact", first_language="OTH", language_name="Twi", interpreter="yes")
    change(laptop, referral, "education", upn_known="UN4", send="E")

    child = now(referral)
    assert (child.disabilities, child.gp, child.legal_status, child.looked_after) == (
        ["LD", "AUT"],
        "Oak Surgery",
        "C1",
        True,
    )
    assert (child.first_language, child.language_name, child.interpreter) == ("OTH", "Twi", "yes")
    assert (child.upn, child.upn_unknown, child.send, child.school) == (None, "UN4", "E", "Oak School")
    assert (child.address, child.version) == ("1 Example Road", 5)


@pages
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_saved(laptop, referral):
    # Opened before anything is refused: a page that is opened again has what was typed.
    opened = {group: laptop.get(at(referral, group)) for group in ("edit", "contact", "education", "health", "status")}
    for group, answers, sentence in (
        ("health", {"disabilities": ["NONE", "LD"]}, "Choose 'No disability' or 'Not known' alone"),
        ("health", {"disabilities": ["UNK", "LD"]}, "Choose 'No disability' or 'Not known' alone"),
        ("health", {"disabilities": None}, "Choose each disability, or 'No disability', or 'Not known'"),
        ("health", {"gp_known": "known"}, "Enter the GP practice"),
        ("education", {"upn_known": "known", "upn": "B123456789012"}, "with a valid check letter"),
        ("education", {"upn_known": "known"}, "Enter the unique pupil number"),
        ("education", {"school": "Elm School"}, "Choose whether the school changed, or what was recorded was wrong"),
        ("contact", {"first_language": "OTH"}, "Enter the language"),
        ("contact", {"address_known": "none"}, "Choose whether the address changed, or what was recorded was wrong"),
        ("contact", {"postcode": "nowhere"}, "Enter a full UK postcode"),
        ("edit", {"nhs_number": "999 000 0001"}, "with a valid check digit"),
        ("edit", {"ethnicity": ""}, "Choose an ethnicity"),
        ("status", {"legal_status": "C9"}, "choose from the answers shown"),
        ("status", {"responsible": "other"}, "Enter the name of the council that is responsible"),
    ):
        response = laptop.post(at(referral, group), filled(opened[group], **answers))

        assert response.status_code == 422, answers
        assert sentence in page(response).text
    assert now(referral).version == 1


@pages
def test_what_was_typed_stays_on_a_page_that_is_refused(laptop, referral):
    response = change(laptop, referral, "education", school="Elm School", school_change="moved", upn_known="known")

    assert filled(response)["school"] == ["Elm School"]


@pages
def test_no_service_takes_two_answers(referral, amara):
    for details in (
        {"disabilities": ["NONE", "LD"]},
        {"disabilities": []},
        {"disabilities": ["LD", "LD"]},
        {"disabilities": ["XX"]},
        {"upn": "T123456789012", "upn_unknown": "UN4"},
        {"other_authority": "Elsewhere Council", "authority_unknown": True},
    ):
        with pytest.raises(persons.NotReady):
            persons.change_person(referral.person.reference, actor=amara, details=details, version=1)

    assert now(referral).version == 1


@pages
def test_a_school_that_was_left_is_kept_with_its_days(laptop, referral):
    change(
        laptop,
        referral,
        "education",
        school="Elm School",
        school_change="moved",
        **date_parts("school_from", date(2026, 9, 1)),
    )
    change(laptop, referral, "education", school="Elm Hill School", school_change="corrected")

    text = page(laptop.get(at(referral))).text
    past = PastSchool.objects.get(person=referral.person)
    assert (past.name, past.from_on, past.until_on) == ("Oak School", None, date(2026, 9, 1))
    assert "Oak School Day not known 1 September 2026 Amara" in text
    assert "School or nursery Elm Hill School There since 1 September 2026" in text
    assert "School or nursery Elm School Elm Hill School" in text.partition("Changes")[2]


@pages
def test_a_school_cannot_be_followed_by_one_that_began_no_later(laptop, referral):
    change(laptop, referral, "education", **date_parts("school_from", date(2026, 9, 1)))

    for day in (date(2026, 8, 1), date(2026, 9, 1)):
        since = date_parts("school_from", day)
        response = change(laptop, referral, "education", school="Elm School", school_change="moved", **since)

        assert response.status_code == 422, day
        assert "must be after 1 September 2026" in page(response).text


@pages
def test_the_journal_keeps_names_of_fields_and_one_digest_and_no_value(laptop, referral):
    change(laptop, referral, "edit", nhs_number="9434765919")

    facts = Entry.objects.get(verb="change_person").facts
    assert facts["fields"] == ["nhs_number"]
    assert len(facts["text"]) == 64
    assert "9434765919" not in str(facts)


@pages
def test_the_responsible_council_is_ours_another_or_not_known(laptop, referral):
    change(laptop, referral, "status", responsible="unknown")
    after_not_known = now(referral)
    change(laptop, referral, "status", responsible="other", other_authority="Elsewhere Council")
    text = page(laptop.get(at(referral))).text

    assert (after_not_known.authority_unknown, after_not_known.ours) == (True, True)
    assert (now(referral).authority_unknown, now(referral).ours) == (False, False)
    assert "Responsible council Elsewhere Council" in text
    assert "Responsible council Not known Elsewhere Council" in text.partition("Changes")[2]
    assert "Responsible council This borough Not known" in text.partition("Changes")[2]


# --- Two people ---


@pages
def test_another_group_saved_meanwhile_stands_in_nobodys_way(laptop, client_of, mo, referral):
    opened = filled(laptop.get(at(referral, "health")), disabilities=["LD"])
    change(client_of(mo), referral, "status", legal_status="C2")

    response = laptop.post(at(referral, "health"), opened)

    assert response.status_code == 302
    assert (now(referral).legal_status, now(referral).disabilities) == ("C2", ["LD"])


@pages
def test_the_same_group_saved_meanwhile_shows_both_versions(laptop, client_of, mo, referral):
    opened = filled(laptop.get(at(referral, "health")), disabilities=["LD"])
    change(client_of(mo), referral, "health", disabilities=["AUT", "VIS"])

    response = laptop.post(at(referral, "health"), opened)

    assert response.status_code == 409
    assert "Vision, Autism or Asperger syndrome" in page(response).text
    assert "Learning" in page(response).text
    assert now(referral).disabilities == ["VIS", "AUT"]


@pages
def test_a_double_click_keeps_what_ended_once(laptop, referral):
    sent = filled(laptop.get(at(referral, "education")), school="Elm School", school_change="moved")

    answers = [laptop.post(at(referral, "education"), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert PastSchool.objects.count() == 1


# --- Who may ---


@pages
def test_an_auditor_reads_every_group_and_changes_none(client_of, aud, referral):
    browser = client_of(aud)

    for group in ("", "edit", "contact", "education", "health", "status"):
        text = page(browser.get(at(referral, group))).text
        assert "Oak School" in text, group
        assert "Change education" not in text, group
        if group:
            assert browser.post(at(referral, group), {"version": "1"}).status_code == 403, group


@pages
def test_strangers_get_nothing_and_a_group_that_there_is_not_is_not_found(
    laptop, client_of, referral, carl, dee, bea, coo
):
    for stranger in (carl, dee, bea, coo):
        browser = client_of(stranger)
        answers = [browser.get(at(referral)), browser.get(at(referral, "contact"))]
        answers.append(browser.post(at(referral, "contact"), {"version": "1"}))
        assert {answer.status_code for answer in answers} == {404}, stranger
    assert {laptop.get(at(referral, group)).status_code for group in ("finances", "identity")} == {404}


# --- Found by other names and by numbers ---


@pages
def test_other_names_are_found_and_hidden_like_the_name(laptop, referral, amara):
    index_person(referral.person)
    change(laptop, referral, "edit", aliases="Kit Otherwise\n Bobbin ")

    (found,) = find_persons(amara, {"words": "Kit Otherwise"})
    assert found["name"] == "Robin Sample"
    assert "known by another name" in found["matches"]
    assert now(referral).other_names == ["Kit Otherwise", "Bobbin"]
    assert hider([(now(referral), "Child B")])("Bobbin, with Kit Otherwise") == "Child B, with Child B"


@pages
def test_each_number_finds_its_child(laptop, referral, amara):
    upn = f"{identifiers.upn_check_letter('999000000000')}999000000000"
    change(laptop, referral, "edit", nhs_number="943 476 5919", local_id="LC1")
    change(laptop, referral, "education", upn_known="known", upn=upn)

    for terms in ({"nhs_number": "9434765919"}, {"upn": upn}, {"local_id": "LC1"}, {"numbers": ["lc1"]}):
        assert [found["name"] for found in find_persons(amara, terms)] == ["Robin Sample"], terms
