"""What may I say: one sentence first, and what it rests on, each child by the reader's right."""

from datetime import timedelta

import pytest
from django.conf import settings

from hsb.core import access, clock
from hsb.core.models import AccessRecord, Entry
from referrals.models import Involvement
from referrals.selectors.main_system import VERB
from referrals.selectors.saying import what_may_be_said
from referrals.services import disclosing, relating, telling
from referrals.states import InvolvementRole, InvolvementStatus, StatusBasis
from tests import cast
from tests.pages import assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import notes_road, papers_of_a_child, police_road
from tests.referrals.test_family import MOTHER, relate
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(front_door, willow, amara, mo):
    """Amara's: Robin Sample."""
    return road.with_statutory(amara, mo, willow, amara)


def first(referral, user):
    return what_may_be_said(road.again(referral), user)["sentences"][0]


def test_everything_that_stands_in_the_way_is_on_one_page(referral, amara, mo, client_of):
    relate(referral, amara, "mother", newcomer=MOTHER, parental_responsibility="yes", safe_contact="Only before 3pm.")
    note = notes_road.written(referral, amara, do_not_disclose=True)
    document = papers_of_a_child.added(referral, amara, do_not_disclose=True)
    disclosing.disclose(
        referral.record,
        actor=amara,
        what="Letter of the meeting",
        to_whom="Lin Motherly",
        why="She asked.",
        basis="Consent",
        on=clock.today(),
    )
    them = "You may tell Robin Sample and Lin Motherly (read first how to contact them)"
    url = road.url(referral, "what-may-i-say")

    assert first(referral, amara).startswith(
        f"{them} what is recorded about Robin Sample; do not tell them what {note.reference} and {document.reference} "
    )
    concern = referral.involvements.first().concern
    police_road.called(referral, amara, advice="Say nothing yet.", advice_for=[concern.reference])
    assert first(referral, amara).startswith(f"{them} only what the police’s advice below leaves open")
    telling.hold_back(referral.reference, actor=amara, concern=concern.reference, reason="The police asked.")

    answer = client_of(amara).get(url)

    assert_well_formed(answer.content.decode())
    said = page(answer).text
    for words in (
        f"{them} what keeps Robin Sample safe now; do not tell them, or any other family, anything about the concern",
        "Say nothing yet. Given by PC 1234, duty desk. It stands until the police lift it.",
        "The police asked.",
        note.reference,
        document.title,
        "Letter of the meeting",
        "Only before 3pm.",
        "Nothing is told to the families yet, Amara",
    ):
        assert words in said
    looked = AccessRecord.objects.filter(user=amara, record=referral.record, page="say")
    assert looked.count() == 1
    assert client_of(mo).get(url).status_code == 200


def test_who_is_not_told_as_others_are(referral, amara):
    father = relate(referral, amara, "father", newcomer=MOTHER | {"given_name": "Jo"}, parental_responsibility="no")
    assert what_may_be_said(road.again(referral), amara)["sentences"] == [
        "You may tell Robin Sample what is recorded about Robin Sample; do not tell them anything about another child "
        "or another family.",
        "Jo Motherly has no parental responsibility: ask before you tell Jo Motherly anything.",
    ]
    concern = referral.involvements.first().concern
    Involvement.objects.create(concern=concern, person=father.other, role=InvolvementRole.PERSON_OF_CONCERN)

    sentences = what_may_be_said(road.again(referral), amara)["sentences"]

    assert sentences[1].startswith("Jo Motherly is a person of concern: do not tell Jo Motherly anything")
    relating.end_relationship(
        referral.reference, actor=amara, about=father.once, version=father.version, reason="It ended."
    )
    assert "No parent or carer is recorded" in what_may_be_said(road.again(referral), amara)["sentences"][1]


def test_a_carer_of_whom_another_concern_speaks_is_not_told_and_which_it_is_is_not_said(referral, amara, carl):
    father = relate(referral, amara, "father", newcomer=MOTHER | {"given_name": "Jo"}, parental_responsibility="yes")
    other = cast.referral(carl, held_by=carl.memberships.get().team, child=cast.person("Sky", "Elsewhere"))
    part = Involvement.objects.create(
        concern=other.involvements.get().concern, person=father.other, role=InvolvementRole.PERSON_OF_CONCERN
    )

    said = what_may_be_said(road.again(referral), amara)["sentences"]

    assert said[0].startswith("You may tell Robin Sample what is recorded")
    assert said[1] == (
        f"Do not tell Jo Motherly anything before you have asked {settings.DUTY_DESK}: a record that is not shown "
        "here speaks of Jo Motherly."
    )
    assert "Sky" not in str(said) and other.reference not in str(said)
    part.status = InvolvementStatus.UNFOUNDED
    part.status_basis, part.status_since = StatusBasis.values[0], clock.today()
    part.save()
    assert "Jo Motherly" in what_may_be_said(road.again(referral), amara)["sentences"][0]


def test_each_child_by_the_readers_right(front_door, juniper, willow, amara, mo, bea, client_of):
    children = meeting_road.allocated(amara, mo, willow, amara)
    other = children[1]

    opened = page(client_of(amara).get(road.url(children[0], "what-may-i-say")))
    assert road.url(other, "what-may-i-say") in [href for href, _ in opened.links]

    access.end_grants(other.record, *{grant.because for grant in other.record.grants.all()})
    told = page(client_of(amara).get(road.url(children[0], "what-may-i-say")))
    assert road.url(other, "what-may-i-say") not in [href for href, _ in told.links]
    assert "say nothing to that family, and ask" in told.text


def test_it_asks_the_same_for_more_rows(referral, amara, client_of):
    def grow():
        number = Entry.objects.count()
        relate(referral, amara, "aunt_uncle", newcomer=MOTHER | {"given_name": f"Aunt {number}"})
        notes_road.written(referral, amara, do_not_disclose=True)
        papers_of_a_child.added(referral, amara, do_not_disclose=True)

    grow()
    assert_same_queries(client_of(amara), road.url(referral, "what-may-i-say"), grow, at_most=13)


def test_the_summary_is_copied_and_the_overview_says_so_and_what_is_new(referral, amara, mo, client_of):
    laptop, url = client_of(amara), road.url(referral, "main-system")
    overview = f"/referrals/{referral.reference}/"
    with clock.moved_to(clock.now() - timedelta(hours=5)):
        access.look(amara, referral.record, "overview")
    shown = laptop.get(url)
    assert f"Reference: {referral.reference}" in page(shown).text
    assert "Not recorded in the main system yet." in page(shown).text

    answer = laptop.post(url, filled(shown), follow=True)

    assert "Recorded: the summary stands in the main system." in page(answer).text
    assert Entry.objects.filter(record=referral.pk, verb=VERB, actor=amara).count() == 1
    notes_road.written(referral, mo)
    before = Entry.objects.count()
    seen = page(laptop.get(overview))
    assert "by Amara." in seen.text
    assert "Changed since" not in seen.text
    assert "Since you last looked" in seen.text
    assert {road.url(referral, "what-may-i-say"), url} <= {href for href, _ in seen.links}
    assert Entry.objects.count() == before
    again = laptop.post(url, filled(shown))
    assert again.status_code == 422
    assert "This was recorded already." in page(again).text
