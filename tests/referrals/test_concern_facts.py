"""What is known of a concern is corrected or completed: a reason where it stood, and every old value kept (A7, B17)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from hsb.core import access, clock
from hsb.core.forms import date_parts
from hsb.core.models import Entry, Place
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import Because
from referrals.models import Concern, Involvement, PoliceReferral
from referrals.selectors.chronology import chronology
from referrals.selectors.concern_facts import NOT_SHOWN, NOTHING, history
from referrals.selectors.police_missing import missing
from referrals.services import adding, concern_facts, intake, police, restricting
from referrals.states import AssessmentState
from tests import cast
from tests.pages import filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, bea, mo, willow):
    """A child with Willow; Bea works with them. It happened at school, nobody has said where or when."""
    return road.at_work(road.with_statutory(amara, mo, willow, bea), bea)


def concern_of(referral):
    return Concern.objects.select_related("record").filter(involvements__referral=referral).distinct().get()


def correct(referral, actor, reason="", **facts):
    concern = concern_of(referral)
    return concern_facts.correct_concern(
        referral.reference, actor=actor, concern=concern.reference, facts=facts, reason=reason, version=concern.version
    )


def rows(referral, user):
    """(what, before, after, why) of each change, the newest first."""
    return [tuple(cells[2:]) for cells in history(concern_of(referral), user)["rows"]]


# --- The facts --------------------------------------------------------------------------------------------------------


def test_what_was_missing_is_completed_without_a_reason(case, bea, amara):
    correct(case, bea, happened_on=clock.today(), reported_by="The head teacher", place_name="Oak Primary")

    concern = concern_of(case)
    assert (concern.happened_on, concern.reported_by, concern.version) == (clock.today(), "The head teacher", 2)
    assert concern.place == Place.objects.get(kind="school", name="Oak Primary")
    entry = road.last_entry(case, "correct_concern")
    assert (entry.actor, entry.facts["fields"]) == (bea, ["reported_by", "happened_on", "place_name"])
    assert "head teacher" not in str(entry.facts)
    assert ("Name of the place", NOTHING, "Oak Primary", "") in rows(case, bea)


def test_what_was_recorded_changes_with_a_reason_and_stays_on_record(case, bea):
    with pytest.raises(NotReady, match="Say why"):
        correct(case, bea, place_kind="park")
    with pytest.raises(NotReady, match="Nothing"):
        correct(case, bea, place_kind="school")

    correct(case, bea, "The teacher was mistaken.", place_kind="park")
    correct(case, bea, "It was on the way.", place_kind="street")

    assert rows(case, bea) == [
        ("Where it happened", "Park or open space", "Street or estate", "It was on the way."),
        ("Where it happened", "School or nursery", "Park or open space", "The teacher was mistaken."),
    ]
    assert concern_of(case).what_was_reported == "Something was reported at school."


def test_what_stood_before_history_was_kept_is_kept_too(case, bea):
    concern = Concern.history.model.objects.filter(record=concern_of(case).pk)
    assert concern.exists()
    # A concern that was logged before its history was kept.
    older = cast.concern(bea)
    older.skip_history_when_saving = True
    Involvement.objects.create(concern=older, person=case.person, role="harmed", referral=case)

    correct_one = {"facts": {"place_kind": "park"}, "reason": "It was there."}
    concern_facts.correct_concern(case.reference, actor=bea, concern=older.reference, **correct_one)

    assert [cells[3:5] for cells in history(older, bea)["rows"]] == [["School or nursery", "Park or open space"]]


def test_the_database_only_adds_to_it(case, bea):
    correct(case, bea, "It was there.", place_kind="park")

    with pytest.raises(DatabaseError), transaction.atomic():
        Concern.history.update(reported_by="x")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        pytest.param({"happened_on": date(2099, 1, 1)}, "on or before the day it was reported", id="after the report"),
        pytest.param({"place_postcode": "AA3 1AB"}, "name of the place", id="a postcode of nothing"),
        pytest.param({"borough": "other"}, "council", id="a council without a name"),
    ],
)
def test_what_cannot_be_is_refused(case, bea, facts, sentence):
    with pytest.raises(NotReady, match=sentence):
        correct(case, bea, "So it is.", **facts)


def test_who_may(case, carl, dee, aud, mo):
    for user in (carl, dee, aud):
        with pytest.raises(Denied):
            correct(case, user, reported_by="x")
    other = cast.concern(mo)
    with pytest.raises(Denied):
        concern_facts.correct_concern(
            case.reference, actor=mo, concern=other.reference, facts={"reported_by": "x"}, version=1
        )
    correct(case, mo, reported_by="The head teacher")


def test_an_ended_referral_stays_as_it_is(amara, willow):
    closed = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    with pytest.raises(NotReady, match="has ended"):
        correct(closed, amara, reported_by="x")
    with pytest.raises(NotReady, match="has ended"):
        relate(closed, amara, "Cousin")


def test_two_at_once_one_wins_and_the_other_is_told(case, bea, mo):
    stale = concern_of(case)
    correct(case, bea, reported_by="The head teacher")

    with pytest.raises(Changed):
        concern_facts.correct_concern(
            case.reference, actor=mo, concern=stale.reference, facts={"reported_by": "x"}, version=stale.version
        )
    assert concern_of(case).reported_by == "The head teacher"


def test_whoever_has_another_child_finds_it_in_the_chronology(front_door, amara, dot, dev):
    displayed, harmed = road.logged(amara)
    correct(displayed, dot, reported_by="The head teacher")
    assert road.last_entry(harmed, "concern_corrected").actor == dot

    restricting.restrict(displayed.reference, actor=dev, reason="Known to a councillor.")
    correct(displayed, dev, reported_by="Somebody", reason="Not she.")
    assert Entry.objects.filter(record=harmed.record, verb="concern_corrected").count() == 1


# --- Approvals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "state"),
    [
        pytest.param(date(2024, 6, 1), date(2024, 5, 1), "stale", id="another age: stale"),
        pytest.param(date(2024, 6, 1), date(2024, 7, 1), "approved", id="the same age: as it was"),
        pytest.param(None, date(2024, 6, 1), "approved", id="nothing had been said: as it was"),
        pytest.param(date(2024, 6, 1), None, "stale", id="not known after all: stale"),
    ],
)
def test_an_approval_goes_stale_where_the_age_was_another(case, mo, was, now, state):
    case.person.born_on, case.person.birth_precision = date(2012, 5, 14), "known"
    case.person.save()
    case.assessments.update(state=AssessmentState.APPROVED)
    Concern.objects.update(happened_on=was)

    correct(case, mo, "The school looked it up.", happened_on=now)

    assert case.assessments.last().state == state


# --- By the reader's right --------------------------------------------------------------------------------------------


def test_an_address_is_kept_from_who_may_not_read_it(front_door, amara, bea, mo, willow, carl, rowan):
    case = road.at_work(road.with_statutory(amara, mo, willow, bea), bea)
    correct(case, mo, "It was there.", place_kind="home", place_name="1 Example Road")
    theirs = cast.referral(carl, held_by=rowan, state="statutory", worker=carl, child=cast.person("Sky", "Elsewhere"))
    assert any("1 Example Road" in row for row in rows(case, bea))

    part = intake.Known(person=theirs.person, roles=("harmed",))
    adding.add_to_concern(case.reference, actor=bea, once=uuid4(), concern=concern_of(case).reference, part=part)

    found = rows(case, bea)
    assert ("Name of the place", NOT_SHOWN, NOT_SHOWN, NOT_SHOWN) in found
    assert "Example Road" not in str(found)
    with pytest.raises(Denied):
        correct(case, bea, "Not there.", place_name="2 Example Road")
    # Who wrote a reason reads it.
    assert any(row[3] == "It was there." for row in rows(case, mo))


# --- Relationship -----------------------------------------------------------------------------------------------------


def relate(referral, actor, relationship, *, reason="", was="", part=None):
    part = part or referral.involvements.order_by("pk").first()
    return concern_facts.set_relationship(
        referral.reference, actor=actor, part=part.pk, relationship=relationship, was=was, reason=reason
    )


def test_a_relationship_is_said_later_and_put_right_with_a_reason(case, bea, mo):
    relate(case, bea, "Cousin")
    with pytest.raises(NotReady, match="Say why"):
        relate(case, bea, "Same class", was="Cousin")
    with pytest.raises(Changed):
        relate(case, mo, "Neighbour")
    with pytest.raises(NotReady, match="Nothing"):
        relate(case, bea, "Cousin", was="Cousin")
    relate(case, bea, "Same class", was="Cousin", reason="The mother said so.")

    label = f"Relationship of {case.person.known_as} to the others"
    assert rows(case, bea) == [
        (label, "Cousin", "Same class", "The mother said so."),
        (label, NOTHING, "Cousin", ""),
    ]
    assert "Cousin" not in str(road.last_entry(case, "set_relationship").facts)


def test_of_another_child_it_is_said_on_their_own_record(front_door, amara, dot, carl):
    displayed, harmed = road.logged(amara)

    with pytest.raises(Denied):
        relate(displayed, dot, "Cousin", part=harmed.involvements.get())
    with pytest.raises(Denied):
        relate(displayed, carl, "Cousin")


# --- Pages ------------------------------------------------------------------------------------------------------------


def url_of(referral):
    return reverse("referrals:correct_concern", args=[referral.reference, concern_of(referral).reference])


def test_the_page_asks_why_only_where_something_stood(case, client_of, bea, mo, aud):
    laptop, address = client_of(bea), reverse("referrals:concern", args=[concern_of(case).reference])
    assert url_of(case) in dict(page(laptop.get(address)).links)
    assert url_of(case) not in dict(page(client_of(aud).get(address)).links)
    form, other = laptop.get(url_of(case)), client_of(mo).get(url_of(case))

    refused = laptop.post(url_of(case), filled(form, place_kind="park"))
    done = laptop.post(url_of(case), filled(form, reported_by="The head teacher"))
    again = laptop.post(url_of(case), filled(form, reported_by="The head teacher"))
    late = client_of(mo).post(url_of(case), filled(other, reported_by="Her deputy"))

    assert (refused.status_code, done.status_code, again.status_code, late.status_code) == (422, 302, 302, 409)
    assert "Say why what was recorded is changed" in road.text(refused)
    assert "The head teacher" in road.text(late) and "Her deputy" in road.text(late)
    assert "What was corrected or completed" in road.text(laptop.get(address))
    # Opened again, the draft that came late stands beside what was saved meanwhile: saving it unread would undo that.
    opened = page(client_of(mo).get(url_of(case))).text
    assert "Somebody saved a change while you typed." in opened
    assert "The head teacher" in opened
    assert Entry.objects.filter(record=case.record, verb="correct_concern").count() == 1


def test_nothing_happens_before_a_birth(case, client_of, bea):
    case.person.born_on, case.person.birth_precision = clock.today() - timedelta(days=300), "known"
    case.person.save()
    laptop = client_of(bea)
    sent = filled(laptop.get(url_of(case))) | date_parts("happened_on", clock.today() - timedelta(days=301))

    refused = laptop.post(url_of(case), sent)

    assert refused.status_code == 422 and "after the day on which you say it happened" in road.text(refused)


def test_the_page_of_a_relationship(case, client_of, bea):
    laptop, part = client_of(bea), case.involvements.get()
    address = reverse("referrals:set_relationship", args=[case.reference, part.pk])
    tab = page(laptop.get(reverse("referrals:people_tab", args=[case.reference])))
    assert address in dict(tab.links)
    form = laptop.get(address)

    done, again = (laptop.post(address, filled(form, relationship="Cousin")) for _ in range(2))
    late = laptop.post(address, filled(form, relationship="Neighbour"))

    assert (done.status_code, again.status_code, late.status_code) == (302, 302, 409)
    part.refresh_from_db()
    assert part.relationship == "Cousin"


def test_form_87a_leads_to_where_it_is_completed(case, bea):
    police.ask_for_police_referral(case.reference, actor=bea, concern=concern_of(case).reference, grounds="Assault.")

    found = {each["text"]: each["url"] for each in missing(PoliceReferral.objects.get(), bea)}

    assert found["The concern does not say who reported it"] == url_of(case)


def test_the_history_is_read_in_as_many_questions_however_long(case, bea, django_assert_max_num_queries):
    for place in ("park", "street", "shop", "club"):
        correct(case, bea, "So it was.", place_kind=place)

    with django_assert_max_num_queries(9):
        assert len(history(concern_of(case), bea)["rows"]) == 4


def test_why_is_read_in_the_chronology_by_whoever_may_open_every_child(front_door, amara, dot, dev, willow, bea):
    displayed, harmed = road.logged(amara)
    concern_facts.correct_concern(
        displayed.reference,
        actor=dot,
        concern=concern_of(displayed).reference,
        facts={"place_kind": "park"},
        reason="The other child's aunt said so.",
        version=concern_of(displayed).version,
    )

    def reasons(user):
        return [entry["reason"] for entry in chronology(displayed, user, [displayed])["entries"] if entry["reason"]]

    assert "The other child's aunt said so." in reasons(dev)
    access.end_grants(harmed.record, Because.HOLDING_TEAM)
    assert "The other child's aunt said so." not in reasons(dev)
    assert "The other child's aunt said so." in reasons(dot), "who wrote it"
