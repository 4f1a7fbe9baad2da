"""A manager's and a meeting's own view of one behaviour, beside the worker's; every view is kept (practice.md A4)."""

import pytest

from hsb.core.refusals import NotReady
from referrals.models import CategoryDecision
from referrals.services import deciding, meetings
from referrals.services.deciding import Judgement
from tests import cast
from tests.pages import assert_well_formed, filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db
WHY = "The wintergreen teacher saw both of them laugh."


@pytest.fixture
def waiting(front_door, amara, mo, willow):
    """A referral of category 1 that waits for Mo's decision."""
    return road.awaiting(amara, "1")[0]


def behaviour_of(referral):
    return referral.behaviours().get()


def views(referral):
    found = CategoryDecision.objects.filter(referral=referral, behaviour__isnull=False).order_by("pk")
    return [(each.view, each.category, each.by.name, each.reason) for each in found]


def allocated(referral, manager, team, worker=None, **judged):
    there = deciding.Destination(team=team, worker=worker, reason="Social work is needed.")
    return deciding.allocate(referral.reference, actor=manager, destination=there, judgement=Judgement(**judged))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("2", " "), "Say what the category of behaviour 1 rests on"),
        (("7", WHY), "Choose the category of behaviour 1"),
    ],
)
def test_a_view_of_one_behaviour_has_its_reason(waiting, mo, willow, given, sentence):
    with pytest.raises(NotReady, match=sentence):
        allocated(waiting, mo, willow, behaviours={behaviour_of(waiting).pk: given})

    assert road.again(waiting).state == "awaiting_decision"


def test_every_view_is_kept_and_the_overall_category_is_another_question(waiting, amara, mo, willow):
    other = road.awaiting(amara, "1")[0]
    with pytest.raises(NotReady, match="Choose among the behaviours of this child"):
        allocated(waiting, mo, willow, behaviours={behaviour_of(other).pk: ("2", WHY)})

    allocated(waiting, mo, willow, behaviours={behaviour_of(waiting).pk: ("2", WHY)})

    referral = road.again(waiting)
    assert [each[:3] for each in views(referral)] == [("worker", "1", "Amara"), ("manager", "2", "Mo")]
    assert views(referral)[1][3] == WHY
    assert referral.category == "1"
    entry = road.last_entry(referral, "allocate_to_statutory")
    assert entry.facts["behaviours"] == {"1": "2"}
    assert WHY not in str(entry.facts)


def test_where_nothing_is_said_of_it_alone_no_view_is_made_up(waiting, mo, willow):
    allocated(waiting, mo, willow)

    assert [view for view, *_ in views(waiting)] == ["worker"]


def test_a_reassessment_is_decided_in_the_same_way(waiting, amara, mo, willow):
    allocated(waiting, mo, willow, worker=amara)
    referral = road.reassessed(road.at_work(road.again(waiting), amara), amara, "1")
    view = Judgement(behaviours={behaviour_of(referral).pk: ("0", WHY)})

    deciding.decide_reassessment(referral.reference, actor=mo, approve=True, judgement=view)

    assert views(referral)[-1] == ("manager", "0", "Mo", WHY)


def test_the_manager_gives_it_on_the_one_page_and_reads_it_beside_the_workers(waiting, amara, mo, willow, client_of):
    browser, where = client_of(mo), road.url(waiting, "decide")
    key = f"each_{behaviour_of(waiting).pk}"
    asked = browser.get(where)
    told = {"agrees": "yes", "decision": "statutory", "statutory_team": willow.slug, "reason": "It is needed."}
    answers = filled(asked, **told, **{key: "2"})

    refused = browser.post(where, answers)
    sent = browser.post(where, {**answers, f"{key}_reason": [WHY]})

    assert_well_formed(asked)
    said = page(asked).text
    assert "Your view of single behaviours" in said
    assert "Behaviour 1: every view of its category" in said
    assert "Worker Amara Category 1: Problematic The rationale of the assessment" in said
    assert refused.status_code == 422
    assert "Say what the category of behaviour 1 rests on" in page(refused).text
    assert sent.status_code == 302
    tab = client_of(amara).get(road.url(waiting, "assessment"))
    assert_well_formed(tab)
    assert f"Manager Mo Category 2: Abusive {WHY}" in page(tab).text
    assert "Behaviour 1: Category 2: Abusive" in page(client_of(mo).get(road.url(waiting, "chronology"))).text


def test_a_return_keeps_no_view(waiting, mo, client_of):
    asked = client_of(mo).get(road.url(waiting, "decide"))
    key = f"each_{behaviour_of(waiting).pk}"

    answers = filled(asked, decision="return", reason="Say more.", **{key: "2", f"{key}_reason": WHY})
    assert client_of(mo).post(road.url(waiting, "decide"), answers).status_code == 302

    assert [view for view, *_ in views(waiting)] == ["worker"]


def test_what_a_meeting_or_a_review_agrees_of_it_is_a_view_of_its_own(waiting, mo, willow):
    allocated(waiting, mo, willow)
    referral = road.again(waiting)
    same = {"actor": mo, "category": "1", "reason": "As assessed.", "agreed_on": cast.SINCE}

    meetings.agree_category(referral, behaviours={behaviour_of(referral).pk: ("2", WHY)}, **same)
    meetings.agree_category(referral, review=True, behaviours={behaviour_of(referral).pk: ("1", WHY)}, **same)

    assert [each[:2] for each in views(referral)] == [("worker", "1"), ("meeting", "2"), ("review", "1")]


def test_one_behaviour_of_category_2_is_for_the_police_whatever_the_whole_comes_to(waiting, mo, willow):
    allocated(waiting, mo, willow, behaviours={behaviour_of(waiting).pk: ("3", WHY)})

    assert road.again(waiting).police_outstanding
