"""One Form 87A for several children is one thing to do: one row, one in every count."""

from datetime import timedelta

import pytest

from hsb.core import access, clock, composed, work
from hsb.core.models import AccessGrant
from hsb.core.states import Because
from hsb.overview import frame
from hsb.overview.selectors import tasks
from hsb.overview.selectors.tasks import task_rows, tasks_due, team_task_rows
from hsb.people.states import Role
from referrals.models import Involvement, Referral
from referrals.services import police
from referrals.states import InvolvementRole, ReferralState
from tests import cast
from tests.pages import assert_same_queries, page

pytestmark = pytest.mark.django_db


def children(author, team, worker, number=3):
    """Referrals of that many children of one concern."""
    about = cast.concern(author)
    names = ("Robin", "Sky", "Ash", "Wren")[:number]
    return [
        cast.referral(
            author, held_by=team, state="statutory", worker=worker, child=cast.person(name, "Sample"), about=about
        )
        for name in names
    ]


def need(referral, actor):
    """Form 87A of the referral's first concern: every child of it has the task."""
    concern = referral.involvements.order_by("pk").first().concern
    return police.need_police_referral(concern, actor=actor, grounds="Images were shared.")


@pytest.fixture
def three(amara, bea, willow):
    """Three children with Bea, one Form 87A that is needed."""
    found = children(amara, willow, bea)
    need(found[0], amara)
    return found


def test_three_children_are_one_row_that_says_for_how_many(three, bea):
    (what, child, _), *more = task_rows(bea)["own"]

    assert more == []
    assert what["text"] == "Send Form 87A to the police"
    assert what["url"] == f"/referrals/{three[0].reference}/police-referral/"
    assert child["text"] == "Robin Sample, Sky Sample and Ash Sample"
    assert child["note"] == f"{three[0].reference}: one form for 3 children"


@pytest.mark.parametrize("hers", [1, 2])
def test_it_says_how_many_children_the_form_covers_not_how_many_are_the_readers(three, amara, bea, hers):
    for referral in three[hers:]:
        Referral.objects.filter(pk=referral.pk).update(worker=amara)
        referral.record.tasks.update(owner=amara)

    ((_, child, _),) = task_rows(bea)["own"]

    assert child["note"] == f"{three[0].reference}: one form for 3 children"


def test_a_referral_that_was_attached_elsewhere_does_not_count(three, amara, bea, willow):
    ended = children(amara, willow, bea, 1)[0]
    ended.involvements.update(concern=three[0].involvements.first().concern)
    Referral.objects.filter(pk=ended.pk).update(state=ReferralState.ATTACHED)

    ((_, child, _),) = task_rows(bea)["own"]

    assert child["note"].endswith("one form for 3 children")


def test_a_form_of_one_child_says_nothing_of_children(amara, bea, willow):
    (only,) = children(amara, willow, bea, 1)
    need(only, amara)

    ((_, child, _),) = task_rows(bea)["own"]

    assert child["note"] == only.reference


def test_the_counts_agree_with_the_rows(three, bea, mo, client_of):
    work.ask(three[0].record, "start_work", owner=bea, due_on=clock.today())

    rows = task_rows(bea)
    found = team_task_rows(mo, 20)

    assert tasks_due(bea) == len(rows["own"] + rows["teams"] + rows["decisions"]) == 2
    assert (found["number"], len(found["rows"])) == (2, 2)
    assert "Tasks due 2" in page(client_of(bea).get("/my-work/")).text


@pytest.mark.parametrize("single", [0, 1, 6])
@pytest.mark.parametrize("counted", range(1, 10))
@pytest.mark.usefixtures("nothing_kept")
def test_the_number_is_counted_so_far_and_no_further(three, bea, amara, willow, monkeypatch, single, counted):
    for child in children(amara, willow, bea, 1) * min(single, 1):
        for number in range(single):
            work.ask(child.record, "start_work", owner=bea, about=str(number), due_on=clock.today())
    monkeypatch.setattr(tasks, "COUNTED", counted)
    composed.forget()

    assert tasks_due(bea) == min(1 + single, counted)


@pytest.mark.usefixtures("nothing_kept")
def test_what_is_asked_in_two_ways_is_one_of_those_counted(three, amara, mo, willow, front_door, monkeypatch):
    """Mo's team logged these and has two of them; a form of another child is counted after them."""
    two = children(amara, willow, amara, 2)
    (elsewhere,) = children(amara, front_door, amara, 1)
    Referral.objects.filter(pk__in=[each.pk for each in (*two, elsewhere)]).update(authors_team=willow)
    for each, team in ((two[0], willow), (two[1], willow), (elsewhere, front_door)):
        work.ask(each.record, "decide", team=team, role=Role.MANAGER, due_on=clock.today())
    manages = {"team": willow, "role": Role.MANAGER}
    access.grant(elsewhere.record, because=Because.AUTHORS_MANAGER, given_by=amara, **manages)
    work.ask(three[0].record, "police_referral", **manages, about="x", due_on=clock.today())

    for counted in range(1, 7):
        monkeypatch.setattr(tasks, "COUNTED", counted)
        composed.forget()
        assert tasks_due(mo) == min(4, counted), counted


@pytest.mark.usefixtures("nothing_kept")
def test_the_header_says_that_there_are_more(three, bea, client_of, monkeypatch):
    for number in range(2):
        work.ask(three[0].record, "start_work", owner=bea, about=str(number), due_on=clock.today())
    for module in (tasks, frame):
        monkeypatch.setattr(module, "COUNTED", 3)
    composed.forget()

    assert "Tasks due 2+" in page(client_of(bea).get("/my-work/")).text


def test_what_is_late_is_late_once(three, mo):
    for referral in three:
        referral.record.tasks.update(due_on=clock.today() - timedelta(days=3))

    assert team_task_rows(mo, 20)["late"] == 1


def test_the_row_is_due_when_the_first_of_them_is(three, bea):
    three[1].record.tasks.update(due_on=clock.today() - timedelta(days=7))

    ((_, child, by_when),) = task_rows(bea)["own"]

    assert by_when["tags"] == [{"text": "5 working days late", "meaning": "late"}]
    assert child["note"].endswith("one form for 3 children")


def test_two_forms_are_two_rows(three, amara, bea, willow):
    need(children(amara, willow, bea, 2)[0], amara)

    assert len(task_rows(bea)["own"]) == 2
    assert tasks_due(bea) == 2


def test_a_child_of_two_concerns_with_a_form_each_keeps_a_row_of_its_own(three, amara, bea, willow):
    another = cast.concern(amara)
    Involvement.objects.create(
        concern=another, person=three[0].person, role=InvolvementRole.DISPLAYED, referral=three[0]
    )
    police.need_police_referral(another, actor=amara, grounds="Images were shared.")

    notes = [child["note"] for _, child, _ in task_rows(bea)["own"]]

    assert sorted(notes) == sorted([three[0].reference, f"{three[1].reference}: one form for 3 children"])
    assert tasks_due(bea) == 2


def test_only_children_whose_record_opens_are_named_and_the_link_leads_to_one_of_them(three, bea):
    access.end_grants(three[0].record, Because.ALLOCATED)

    ((what, child, _),) = task_rows(bea)["own"]

    assert what["url"] == f"/referrals/{three[1].reference}/police-referral/"
    assert child["text"] == "Sky Sample, Ash Sample and 1 more, restricted or not yours to open"
    assert "Robin" not in str(what) + str(child)


def test_one_row_for_the_team_says_who_is_asked(amara, bea, mo, willow):
    mine, hers = children(amara, willow, bea, 2)
    Referral.objects.filter(pk=mine.pk).update(worker=amara)
    need(mine, amara)
    mine.record.tasks.update(owner=amara)

    ((what, child, who, _),) = team_task_rows(mo, 20)["rows"]

    assert who["text"] == "Amara and Bea"
    assert "url" not in what
    assert child["url"] == f"/referrals/{mine.reference}/"


def test_a_team_row_names_nobody_whose_record_does_not_open(amara, bea, mo, willow):
    mine, hers = children(amara, willow, bea, 2)
    need(mine, amara)
    AccessGrant.objects.filter(record=hers.record).update(ends_at=clock.now())

    ((_, child, _, _),) = team_task_rows(mo, 20)["rows"]

    assert child["text"] == "Robin Sample and 1 more, restricted or not yours to open"


def test_a_row_that_is_partly_mine_stands_with_my_own(three, bea, willow):
    three[0].record.tasks.update(owner=None, team=willow, role=Role.PRACTITIONER)

    rows = task_rows(bea)

    assert (len(rows["own"]), rows["teams"]) == (1, [])


def test_many_forms_ask_as_much_as_one(amara, bea, willow, client_of):
    def grow(number=12):
        for _ in range(number):
            need(children(amara, willow, bea)[0], amara)

    grow(1)

    assert_same_queries(client_of(bea), "/my-work/", grow)
