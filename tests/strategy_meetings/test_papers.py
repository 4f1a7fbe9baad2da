"""A meeting's documents: whole for the record, one child's alone for an agency, a few words for a family; no leaks."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from hsb.core import clock, document_store
from hsb.core.models import AccessRecord, Entry
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role, Service
from referrals.models import Concern, Involvement
from referrals.services import restricting, telling
from strategy_meetings import documents
from strategy_meetings.models import ChildConsidered, PaperFate, StrategyMeeting
from strategy_meetings.services import amending, minutes, papers, sitting
from tests import cast
from tests.pages import page
from tests.referrals import consent_road, notes_road, police_road
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
OWN = {1: "Robin's own closed sentence.", 2: "A sentence of the second child.", 3: "A sentence of the third child."}
SHARED = "Robin and Ash Made-Up were seen with SKY other; ash was spoken to. Made-up's school knows."


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Documents of a test go away with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def cho(juniper):
    return cast.user("Cho", (juniper, Role.CHAIR))


@pytest.fixture
def min_(juniper):
    return cast.user("Min", (juniper, Role.MINUTE_TAKER))


@pytest.fixture
def juniper():
    return cast.team("Juniper", Service.SPECIALIST)


@pytest.fixture
def meeting(front_door, dot, dev, mo, amara, willow, cho, min_):
    """Three children, decisions issued, minutes written: each names the others somewhere."""
    robin, ash, sky = meeting_road.allocated(dot, dev, willow, amara)
    planned = meeting_road.planned(meeting_road.convened(robin, mo), cho, min_)
    meeting_road.held(planned, cho)
    for number in (1, 2, 3):
        meeting_road.agreed(
            planned,
            number,
            cho,
            section_47=True,
            outcome_reason=f"What was weighed for {number}: Sky is safe, Ash is away.",
        )
    sitting.issue_decisions(planned.reference, actor=cho)
    minutes.write_minutes(planned.reference, actor=min_, shared=SHARED, closed=OWN)
    return meeting_road.again(planned)


@pytest.fixture
def confirmed(meeting, cho, min_):
    minutes.submit_minutes(meeting.reference, actor=min_)
    return minutes.approve_minutes(meeting.reference, actor=cho)


def make(meeting, actor, kind, number=None, **more):
    return papers.make_paper(
        meeting.reference, actor=actor, once=uuid4(), kind=kind, number=number, recipient="The school", **more
    )


def text(document):
    return " ".join(
        " ".join(p.extract_text() for p in PdfReader(BytesIO(document_store.content(document))).pages).split()
    )


def test_the_full_record_has_every_childs_part(confirmed, min_):
    found = text(make(confirmed, min_, "full"))

    assert all(own in found for own in OWN.values())
    assert {"Robin Sample", "Ash Made-Up", "Sky Other"} <= {name for name in meeting_names() if name in found}


def meeting_names():
    return [child.person.known_as for child in ChildConsidered.objects.select_related("person")]


def test_a_copy_about_one_child_has_nothing_of_the_others(confirmed, min_):
    found = text(make(confirmed, min_, "copy", 1))

    assert OWN[1] in found
    assert OWN[2] not in found
    assert OWN[3] not in found
    lowered = found.casefold()
    assert [name for name in ("ash", "made-up", "sky other", "sky is") if name in lowered] == []
    assert "Child B" in found
    assert "Child C" in found


def test_the_harmed_childs_copy_has_no_category_and_the_others_names_are_gone(confirmed, min_):
    found = text(make(confirmed, min_, "copy", 3))

    assert "Hackett" not in found
    assert "Category" not in found
    assert "Robin" not in found
    assert "Sample" not in found


def test_a_family_is_told_only_of_its_own_child(meeting, min_):
    found = text(make(meeting, min_, "letter", 1, contact="The team, 020 7946 0000."))

    assert "Robin Sample" in found
    assert "020 7946 0000" in found
    assert "A safety plan at school." in found
    for word in ("Ash", "Made-Up", "Sky", "Child B", "Category", "Hackett", "weighed", "closed sentence", "displayed"):
        assert word not in found, word


def test_the_head_of_a_copy_names_no_other_child(meeting, cho, min_):
    StrategyMeeting.objects.filter(pk=meeting.pk).update(
        place="At the home of Ash Made-Up", quorum_reason="Sky Other cannot wait."
    )
    meeting.seats.create(number=9, role="other", agency="Mother of Sky", name="Mrs Other", state="filled")
    meeting.seats.create(number=10, role="other", user=cast.user("Ash Colleague"), state="filled")

    head = documents.copy_about(meeting_road.again(meeting).children.get(number=1))

    assert (head["place"], head["quorum_reason"]) == ("At the home of Child B", "Child C cannot wait.")
    assert head["seats"][-2:] == [
        ["Further agency", "Mother of Child C", "Mrs Child C", "Attended"],
        # Our own people are called what they are called.
        ["Further agency", "", "Ash Colleague", "Attended"],
    ]
    assert documents.full_record(meeting_road.again(meeting))["place"] == "At the home of Ash Made-Up"


@pytest.mark.parametrize(
    ("role", "is_adult"),
    [("witness", False), ("possible_risk", False), ("person_of_concern", True), ("adult_affected", True)],
)
def test_who_else_is_in_the_concern_is_not_named_either(meeting, role, is_adult):
    wendy = cast.person("Wendy", "Witness", is_adult=is_adult)
    meeting.concern.involvements.create(person=wendy, role=role)
    StrategyMeeting.objects.filter(pk=meeting.pk).update(shared_minutes="Wendy Witness saw it.")
    meeting.children.get(number=1).actions().update(what="Speak to Wendy.", agency="The school of Wendy and Ash")
    child = meeting_road.again(meeting).children.get(number=1)

    copy, letter = (
        documents.copy_about(child),
        documents.family_letter(child, contact="The team.", greeting="Dear family", own_words="", signed_by="Min"),
    )

    assert copy["shared"] == "a person of the concern saw it."
    assert letter["actions"][0][:2] == ["Speak to another person.", "The school of another person and another child"]


# --- When a family is written to ------------------------------------------------------------------------------------


CONTACT = "The team, 020 7946 0000."


@pytest.fixture
def nothing_further(front_door, dot, dev, mo, amara, willow, cho, min_):
    """A meeting that agreed no further action for the first child, which a manager decides on."""
    robin, _, _ = meeting_road.allocated(dot, dev, willow, amara)
    planned = meeting_road.planned(meeting_road.convened(robin, mo), cho, min_)
    agreed = {"section_47": True}
    return meeting_road.issued(planned, cho, {1: {"nfa": True}, 2: agreed, 3: agreed})


def test_a_family_is_not_told_what_a_manager_has_not_decided(nothing_further, min_):
    with pytest.raises(NotReady, match="A manager decides on no further action first."):
        make(nothing_further, min_, "letter", 1, contact=CONTACT)

    assert make(nothing_further, min_, "letter", 2, contact=CONTACT).kind == "letter"


@pytest.mark.parametrize(("confirm", "said"), [(True, True), (False, False)], ids=["confirmed", "refused"])
def test_a_letter_says_no_further_meeting_only_where_that_is_decided(nothing_further, min_, mo, confirm, said):
    sitting.decide_nfa(nothing_further.reference, 1, actor=mo, confirm=confirm, reason="As I see it.")

    found = text(make(nothing_further, min_, "letter", 1, contact=CONTACT))

    assert ("No further meeting" in found) is said
    assert ("What comes next is not decided yet" in found) is not said


def test_no_family_is_written_to_while_nothing_is_to_be_disclosed(meeting, min_, client_of):
    Concern.objects.filter(pk=meeting.concern_id).update(do_not_disclose=True)

    with pytest.raises(NotReady, match="Do not disclose yet.*agrees with the police"):
        make(meeting, min_, "letter", 1, contact=CONTACT)

    # Of any concern about the child: a letter made before shows it in the list and where it is said how it went out.
    Concern.objects.filter(pk=meeting.concern_id).update(do_not_disclose=False)
    kept = make(meeting, min_, "letter", 1, contact=CONTACT)
    other = cast.concern(min_, do_not_disclose=True)
    child = meeting.children.get(number=1)
    Involvement.objects.create(concern=other, person=child.person, role="witness")
    with pytest.raises(NotReady, match="Do not disclose yet"):
        make(meeting, min_, "letter", 1, contact=CONTACT)
    laptop = client_of(min_)
    assert "Do not disclose yet" in page(laptop.get(f"/meetings/{meeting.reference}/documents/")).text
    fate = page(laptop.get(f"/meetings/{meeting.reference}/documents/{kept.number}/went-out/"))
    assert "no family is written to" in fate.text

    answer = laptop.post(
        f"/meetings/{meeting.reference}/documents/make/",
        {
            "once": str(uuid4()),
            "which": "letter-1",
            "recipient": "The family",
            "greeting": "Dear family",
            "contact": CONTACT,
        },
    )
    assert answer.status_code == 422
    assert "Do not disclose yet" in page(answer).text


def test_no_letter_says_what_a_note_says_that_is_held_back(meeting, min_, amara, mo, client_of):
    """In words for this family, in how it begins, in an action that stands there without any; whosever note it is."""
    robin, ash = (meeting.children.get(number=number).referral for number in (1, 2))
    note = notes_road.written(robin, amara, text="He was seen at the quarry.", do_not_disclose=True)
    notes_road.corrected(note, amara, text="It was the old mill.")
    told = notes_road.written(ash, amara, text="The school is told on Monday morning.")

    for number, words in ((1, "We know that he WAS seen\nat the quarry."), (2, "As it was, the old mill."), (2, "")):
        said = {"own_words": words}
        if not words:
            said = {"greeting": "Dear all: it was the old mill"}
        with pytest.raises(NotReady, match="Do not disclose yet.*(seen at the|was the old)"):
            make(meeting, min_, "letter", number, contact=CONTACT, **said)
    assert make(meeting, min_, "letter", 1, contact=CONTACT, own_words=told.text).kind == "letter"
    action = meeting.children.get(number=1).actions().first()
    same = notes_road.written(robin, amara, text=action.what)
    telling.hold_note_back(same.reference, actor=amara, reason="The police asked.")
    with pytest.raises(NotReady, match="Do not disclose yet"):
        make(meeting, min_, "letter", 1, contact=CONTACT)

    answer = page(client_of(min_).get(f"/meetings/{meeting.reference}/documents/make/")).text
    assert answer.count("Do not disclose yet") == 1
    for each in robin.case_notes.all():
        telling.tell_note(each.reference, actor=mo, reason="The police agreed.")
    assert make(meeting, min_, "letter", 1, contact=CONTACT, own_words="It was the old mill.").kind == "letter"


def test_no_letter_says_what_an_assessment_says_that_is_held_back(meeting, min_, amara, mo, client_of):
    robin = meeting.children.get(number=1).referral
    assessment = robin.assessments.latest("number")
    said = {"contact": CONTACT, "own_words": f"Dear all: {assessment.rationale}"}
    telling.hold_assessment_back(assessment.reference, actor=amara, reason="The police asked.")

    with pytest.raises(NotReady, match="Do not disclose yet.*a note, a paper"):
        make(meeting, min_, "letter", 1, **said)
    shown = page(client_of(min_).get(f"/meetings/{meeting.reference}/documents/make/")).text
    assert "“Do not disclose yet” stands on an assessment of this child's" in shown
    telling.tell_assessment(assessment.reference, actor=mo, reason="The police agreed.")
    assert make(meeting, min_, "letter", 1, **said).kind == "letter"


def test_what_the_police_advised_is_no_part_of_a_letter(meeting, min_, amara):
    robin = meeting.children.get(number=1).referral
    police_road.called(robin, amara, advice="Do not speak to the father.")

    assert "father" not in text(make(meeting, min_, "letter", 1, contact=CONTACT))


def test_a_letter_begins_and_ends_as_a_letter_and_says_what_happens_next_in_its_own_words(meeting, min_):
    found = text(
        make(
            meeting,
            min_,
            "letter",
            1,
            contact=CONTACT,
            greeting="Dear Mr Sample",
            own_words="Somebody visits you next week.",
        )
    )

    assert "Dear Mr Sample," in found
    assert "Somebody visits you next week." in found
    assert "A safety plan at school." not in found
    assert "Yours sincerely Min, Minute taker, Juniper" in found


@pytest.mark.parametrize("field", ["greeting", "own_words", "contact"])
def test_a_letter_whose_words_were_meant_for_another_family_is_refused(meeting, min_, field):
    words = {"contact": CONTACT, field: "Dear Mr and Mrs Made-Up"}

    with pytest.raises(NotReady, match="names no other child: read it again, and word it without “Made-Up”"):
        make(meeting, min_, "letter", 1, **words)


def test_the_choice_of_a_letter_says_what_the_meeting_wrote_about_telling_the_family(meeting, min_, client_of):
    ChildConsidered.objects.filter(meeting=meeting, number=1).update(
        family_invited="no", family_invited_reason="The police ask for it."
    )

    shown = page(client_of(min_).get(f"/meetings/{meeting.reference}/documents/make/")).text

    assert "The family was not invited: The police ask for it. May they be told now?" in shown


def test_circulating_says_which_families_have_no_letter(confirmed, min_, client_of):
    letter = make(confirmed, min_, "letter", 1, contact=CONTACT)
    went_out(confirmed, letter, min_, how="post")
    went_out(confirmed, make(confirmed, min_, "copy", 1), min_)

    shown = page(client_of(min_).get(f"/meetings/{confirmed.reference}/circulate/")).text

    assert "No letter to the family went out for Ash Made-Up and Sky Other." in shown


# --- How each went out ----------------------------------------------------------------------------------------------


def went_out(meeting, document, actor, **fate):
    return papers.record_fate(
        meeting.reference, document.number, actor=actor, **{"on": clock.today(), "how": "by_hand", **fate}
    )


def test_that_a_copy_went_out_stands_on_the_record_of_the_child_in_it_alone(confirmed, min_):
    went_out(confirmed, make(confirmed, min_, "copy", 1), min_, consent="The family was asked.")

    first, second, third = (child.referral.record for child in confirmed.children_in())
    disclosure = first.disclosures.get(to_whom="The school")
    assert (disclosure.shared, disclosure.consent) == (True, "The family was asked.")
    assert not second.disclosures.filter(to_whom="The school").exists()
    assert not third.disclosures.filter(to_whom="The school").exists()


def test_a_full_record_that_went_out_stands_on_every_childs_record(confirmed, min_):
    went_out(confirmed, make(confirmed, min_, "full"), min_)

    told = [child.referral.record.disclosures.filter(to_whom="The school").count() for child in confirmed.children_in()]

    assert told == [1, 1, 1]


def test_that_it_does_not_go_out_is_a_decision_not_to_share(confirmed, min_):
    went_out(confirmed, make(confirmed, min_, "copy", 1), min_, how="", reason="The school has one already.")

    disclosure = confirmed.children_in()[0].referral.record.disclosures.get(to_whom="The school")
    assert (disclosure.shared, disclosure.why) == (False, "The school has one already.")


def test_what_was_said_of_a_document_about_several_stands_on_no_childs_record(confirmed, min_):
    went_out(confirmed, make(confirmed, min_, "full"), min_, consent="Ash's mother said no.")
    went_out(confirmed, make(confirmed, min_, "full"), min_, how="", reason="Sky's school has one.")

    for child in confirmed.children_in():
        sent, kept = child.referral.record.disclosures.filter(to_whom="The school").order_by("pk")
        assert (sent.consent, sent.why) == ("", "What the strategy meeting agreed")
        assert kept.why == "Min decided it for the strategy meeting"
    assert PaperFate.objects.filter(reason="Sky's school has one.").exists()


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        ({"how": ""}, "Say how it went out"),
        ({"reason": "Both at once."}, "Say how it went out"),
        ({"on": date(2026, 1, 5)}, "Enter a day from the day"),
        ({"on": date(2126, 1, 5)}, "Enter a day from the day"),
    ],
    ids=["neither", "both", "before it was made", "in the future"],
)
def test_what_cannot_be_is_not_recorded(confirmed, min_, fate, said):
    document = make(confirmed, min_, "copy", 1)

    with pytest.raises(NotReady, match=said):
        went_out(confirmed, document, min_, **fate)

    assert not PaperFate.objects.exists()


def test_a_familys_letter_goes_by_no_email(meeting, min_):
    letter = make(meeting, min_, "letter", 1, contact="The team, 020 7946 0000.")

    with pytest.raises(NotReady, match="not written to by e-mail"):
        went_out(meeting, letter, min_, how="secure")


def test_it_is_recorded_once(confirmed, min_):
    document = make(confirmed, min_, "copy", 1)
    went_out(confirmed, document, min_)

    with pytest.raises(NotReady, match="already"):
        went_out(confirmed, document, min_)


def test_minutes_are_not_circulated_without_a_copy_or_while_one_lies_there(confirmed, min_):
    with pytest.raises(NotReady, match="Make the copies"):
        minutes.circulate(confirmed.reference, actor=min_)
    first, second = make(confirmed, min_, "copy", 1), make(confirmed, min_, "copy", 2)
    went_out(confirmed, first, min_)

    with pytest.raises(NotReady, match="Say for each copy"):
        minutes.circulate(confirmed.reference, actor=min_)

    went_out(confirmed, second, min_)
    assert minutes.circulate(confirmed.reference, actor=min_).state == "circulated"


def test_a_meeting_does_not_close_while_a_letter_lies_there(confirmed, min_, cho):
    went_out(confirmed, make(confirmed, min_, "copy", 1), min_)
    letter = make(confirmed, min_, "letter", 2, contact="The team, 020 7946 0000.")
    minutes.circulate(confirmed.reference, actor=min_)

    with pytest.raises(NotReady, match="each document"):
        minutes.close_meeting(confirmed.reference, actor=cho)

    went_out(confirmed, letter, min_)
    assert minutes.close_meeting(confirmed.reference, actor=cho).state == "closed"


def test_nobody_else_records_it(confirmed, min_, amara):
    document = make(confirmed, min_, "copy", 1)

    with pytest.raises(Denied):
        went_out(confirmed, document, amara)


def test_the_page_offers_no_email_for_a_letter_and_who_looked_says_what_was_shared(meeting, min_, mo, client_of):
    letter = make(meeting, min_, "letter", 1, contact="The team, 020 7946 0000.")
    browser = client_of(min_)
    url = f"/meetings/{meeting.reference}/documents/{letter.number}/went-out/"
    assert "secure e-mail" not in browser.get(url).text
    day = clock.today()

    browser.post(
        url,
        {"decision": "out", "how": "post", "on_day": day.day, "on_month": day.month, "on_year": day.year},
    )

    assert PaperFate.objects.get().how == "post"
    reference = meeting.children_in()[0].referral.reference
    shown = page(client_of(mo).get(f"/referrals/{reference}/who-looked/")).text
    assert "What was shared from this record" in shown
    assert "Letter to the family" in shown


# --- Who makes one, and who reads it ----------------------------------------------------------------------------------


def test_an_amendment_stands_in_the_papers_made_after_it_and_only_where_its_part_does(confirmed, min_, cho):
    amendments = [("Health was there too, said Ash Made-Up.", None), ("A word about Robin alone.", 1)]
    for said, child in amendments:
        made = amending.propose_amendment(confirmed.reference, actor=min_, once=uuid4(), text=said, child_number=child)
        amending.decide_amendment(confirmed.reference, made.number, actor=cho, agree=True)

    full, own, other = (text(make(confirmed, min_, *which)) for which in (("full",), ("copy", 1), ("copy", 3)))

    assert "said Ash Made-Up" in full
    assert "Health was there too, said Child B" in own
    assert "Health was there too, said Child B" in other
    assert ["A word about Robin alone" in each for each in (full, own, other)] == [True, True, False]


def test_nobody_gets_a_copy_before_the_chair_confirmed(meeting, min_):
    with pytest.raises(NotReady, match="confirms the minutes"):
        make(meeting, min_, "full")


def test_nobody_else_makes_one(confirmed, amara):
    with pytest.raises(Denied):
        make(confirmed, amara, "full")


def test_every_page_says_for_whom_it_is(confirmed, min_):
    document = make(confirmed, min_, "full")

    for each in PdfReader(BytesIO(document_store.content(document))).pages:
        assert "To: The school" in each.extract_text()
        assert "OFFICIAL-SENSITIVE" in each.extract_text()


def test_the_same_form_twice_makes_one(confirmed, min_):
    key = uuid4()
    first, second = (
        papers.make_paper(confirmed.reference, actor=min_, once=key, kind="full", recipient="The chair")
        for _ in range(2)
    )

    assert first.pk == second.pk


def test_its_digest_stands_in_the_journal_and_a_changed_file_is_not_given_out(confirmed, min_):
    document = make(confirmed, min_, "full")
    entry = Entry.objects.get(record=confirmed.record, verb="make_document")
    assert entry.facts["sha256"] == document.sha256

    with open(default_storage.path(document.stored_name), "ab") as stored:
        stored.write(b"x")

    with pytest.raises(document_store.Damaged):
        document_store.content(document)


def test_who_may_open_one_child_opens_that_childs_copy_and_no_other(confirmed, min_, mo, carl, client_of):
    own, other, whole = (
        make(confirmed, min_, "copy", 1),
        make(confirmed, min_, "copy", 2),
        make(confirmed, min_, "full"),
    )
    robin = confirmed.children.get(number=1).referral
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    browser, url = client_of(carl), f"/meetings/{confirmed.reference}/documents/"

    assert browser.get(f"{url}{own.number}/").content.startswith(b"%PDF")
    assert browser.get(f"{url}{other.number}/").status_code == 404
    assert browser.get(f"{url}{whole.number}/").status_code == 404
    listed = page(browser.get(url)).text
    assert "about Robin Sample" in listed
    assert "Ash" not in listed
    assert "Full record" not in listed
    assert AccessRecord.objects.filter(user=carl, record=robin.record_id, kind="document").count() == 1


def test_what_stands_of_one_childs_consent_is_shown_beside_the_field_for_it(confirmed, min_, amara, client_of):
    first = confirmed.children_in()[0]
    consent_road.answered(first.referral, amara)
    alone, several = make(confirmed, min_, "copy", 1), make(confirmed, min_, "full")

    shown = [
        page(client_of(min_).get(f"/meetings/{confirmed.reference}/documents/{each.number}/went-out/")).text
        for each in (alone, several)
    ]

    assert ["Information shared with school or college: the child agreed on" in text for text in shown] == [True, False]
    assert AccessRecord.objects.filter(user=min_, record=first.referral.record, page="consent").count() == 1
