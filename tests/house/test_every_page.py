"""Every page, asked by everybody, for referrals in every state: it opens or it does not, and never breaks.

What is asked here of all pages at once: a GET writes nothing but access and session rows, every template variable
is known (both fail inside the client), nothing answers with a fault, and who has no business with a child finds
nothing at its address, by GET or POST, in any state.
"""

from dataclasses import dataclass

import pytest

from hsb.core import clock
from hsb.core.models import AccessGrant, Record
from hsb.url_rules import RULES
from referrals.models import Concern, Referral
from referrals.services import deciding, meetings, restricting, urgent, working
from referrals.states import OfferKind
from tests.house.walk import places
from tests.pages import assert_well_formed, page
from tests.referrals import case_road

pytestmark = pytest.mark.django_db

MINE = [place for place in places() if place.name in RULES and not place.name.startswith(("account_", "mfa_"))]
OF_A_CASE = [place for place in MINE if "reference" in place.wants and place.name.startswith("referrals:")]


# 403 and 409 are pages too: she may open the case, but not do this, or not now.
NEXT = "\n"
OPENS_OR_DOES_NOT = {200, 302, 403, 404, 405, 409}


@dataclass
class Told:
    """What the paths of one case are made from."""

    state: str
    told: dict


@pytest.fixture
def cases(amara, mo, dot, dev, esi, eli, willow, hazel, front_door):
    """A case in every state, with every kind of thing on it: {state in words: the referral}."""
    received, _ = case_road.logged(dot, harmed=True)
    awaiting, other = case_road.awaiting(dot, "2", harmed=True)
    statutory = case_road.at_work(case_road.with_statutory(dot, dev, willow, amara), amara)
    early_help = case_road.with_early_help(dot, dev, hazel, eli)
    working.offer(early_help.reference, actor=eli, kind=OfferKind.STEP_UP, to_team=willow, reason="More is needed.")
    proposed = case_road.with_statutory(dot, dev, willow, amara)
    case_road.closing_proposed(case_road.at_work(proposed, amara), amara)
    closed = case_road.with_statutory(dot, dev, willow, amara)
    decision = closed.meeting_decisions.last()
    if decision is not None:
        meetings.decide_meeting(decision.reference, actor=mo, convene=False, reason="Not this time.")
    case_road.closing_proposed(case_road.at_work(closed, amara), amara)
    working.close(closed.reference, actor=mo, reason="The plan is met.")
    attached = awaiting
    restricted, _ = case_road.logged(dot, harmed=False)
    restricting.restrict(restricted.reference, actor=dev, reason="A councillor's family.", readers=[dot])
    deciding.return_to_worker(attached.reference, actor=dev, reason="Say more about the context.")
    urgent.record_police_call(
        statutory.reference,
        actor=amara,
        once="00000000-0000-4000-8000-000000000001",
        emergency=False,
        called_on=clock.today(),
        spoke_to="The duty sergeant",
        what_was_said="What had been reported.",
    )
    named = {
        "received": received,
        "harmed": other,
        "returned": awaiting,
        "statutory": statutory,
        "Early Help": early_help,
        "closing proposed": proposed,
        "closed": closed,
        "restricted": restricted,
    }
    return [Told(state, _told(Referral.at(referral.reference).get())) for state, referral in named.items()]


def _told(referral):
    """Whatever a path of this case may want to know."""
    concern = Concern.objects.filter(involvements__referral=referral).select_related("record").first()
    return {
        "reference": referral.reference,
        "concern": concern.reference,
        "number": 1,
        "page": "threshold",
    }


def some(cases):
    """Enough of them for a question to which every state has the same answer."""
    return [case for case in cases if case.state in {"received", "statutory", "closed", "restricted"}]


def asked(visitor, method, place, **told):
    """(status, the response) of asking for that place."""
    response = getattr(visitor, method)(place.path(**told))
    return response.status_code, response


def trouble_at(visitor, place, **told):
    """What is wrong with the page, in words; None when it opens well, or does not open. Goes on to the next page."""
    try:
        status, response = asked(visitor, "get", place, **told)
        if status not in OPENS_OR_DOES_NOT and place.name != "core:readyz":
            return f"answers {status}"
        if status == 200 and response["Content-Type"].startswith("text/html"):
            assert_well_formed(response)
            assert page(response).text
    except (Exception, pytest.fail.Exception) as problem:
        return f"{type(problem).__name__}: {problem}"
    return None


@pytest.mark.parametrize("who", ["amara", "mo", "dot", "esi", "aud"])
def test_every_page_of_a_case_opens_or_does_not(cases, client_of, request, who):
    visitor = client_of(request.getfixturevalue(who))

    found = [
        f"{place.name} ({case.state}) {trouble}"
        for case in cases
        for place in OF_A_CASE
        if (trouble := trouble_at(visitor, place, **case.told)) is not None
    ]

    assert not found, NEXT.join(found)


@pytest.mark.parametrize(
    ("who", "method"),
    [("carl", "get"), ("carl", "post"), ("dee", "get"), ("dee", "post"), ("cho", "get"), ("coo", "post")],
)
def test_who_has_no_business_with_a_child_finds_nothing_at_its_address(cases, client_of, request, who, method):
    visitor = client_of(request.getfixturevalue(who))
    before = list(Record.objects.order_by("pk").values_list("reference", "entry_count"))

    open_to_them = [
        (case.state, place.name, status)
        for case in some(cases)
        for place in OF_A_CASE
        if (status := asked(visitor, method, place, **case.told)[0]) not in {404, 405}
    ]

    assert open_to_them == []
    assert list(Record.objects.order_by("pk").values_list("reference", "entry_count")) == before


def test_when_every_grant_has_ended_nobody_finds_anything(cases, client_of, amara, mo, dot):
    AccessGrant.objects.update(ends_at=clock.now())
    visitors = {"received": client_of(dot), "statutory": client_of(amara), "closed": client_of(mo)}

    open_to_them = [
        (case.state, place.name, status)
        for case in cases
        if case.state in visitors
        for place in OF_A_CASE
        if (status := asked(visitors[case.state], "get", place, **case.told)[0]) not in {404, 405}
    ]

    assert open_to_them == []


@pytest.mark.parametrize("who", ["mo", "aud"])
def test_a_reference_that_does_not_exist_is_not_found(client_of, request, who):
    visitor = client_of(request.getfixturevalue(who))

    found = [
        (place.name, method, status)
        for place in OF_A_CASE
        for method in ("get", "post")
        if (status := asked(visitor, method, place)[0]) not in {404, 405}
    ]

    assert found == []


@pytest.mark.parametrize("who", ["amara", "mo", "dot", "esi", "cho", "aud", "dee"])
@pytest.mark.parametrize("house", ["an empty house", "a house at work"])
def test_every_other_page_opens_or_does_not(client_of, request, who, house):
    if house == "a house at work":
        request.getfixturevalue("cases")
    visitor = client_of(request.getfixturevalue(who))

    found = [
        f"{place.name} {trouble}"
        for place in MINE
        if place not in OF_A_CASE and (trouble := trouble_at(visitor, place)) is not None
    ]

    assert not found, NEXT.join(found)
