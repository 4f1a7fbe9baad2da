"""A meeting's documents: whole for the record, one child's alone for an agency, a few words for a family; no leaks."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from hsb.core import document_store
from hsb.core.models import AccessRecord, Entry
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role, Service
from referrals.services import restricting
from strategy_meetings.models import ChildConsidered
from strategy_meetings.services import minutes, papers, sitting
from tests import cast
from tests.pages import page
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
