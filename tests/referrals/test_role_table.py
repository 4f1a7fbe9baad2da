"""Who may do what, typed by hand from practice.md B6, B9, B23: one allow for each row, everybody else denied."""

import pytest

from hsb.core.door import may
from referrals import permissions
from referrals.models import Referral
from tests import cast

EVERYBODY = {"amara", "bea", "carl", "dee", "mo", "max", "dot", "dev", "eli", "esi", "cho", "min", "coo", "aud"}

# Amara logged the concern; the front door holds it while nothing is decided.
FRONT_DOOR_HOLDS = {
    ("received", "begin_assessment"): {"amara", "dot", "dev"},
    ("received", "attach"): {"dev"},
    ("assessing", "attach"): {"dev"},
    ("assessing", "submit"): {"amara", "dot", "dev"},
    ("awaiting_decision", "return_to_worker"): {"dev", "mo"},
    ("awaiting_decision", "accept_not_hsb"): {"dev", "mo"},
    ("awaiting_decision", "close_with_advice"): {"dev", "mo"},
    ("awaiting_decision", "allocate_to_early_help"): {"dev", "mo"},
    ("awaiting_decision", "allocate_to_statutory"): {"dev", "mo"},
}
# Eli is the allocated worker in Early Help, whose manager is Esi.
EARLY_HELP_HOLDS = {
    ("early_help", "refuse_allocation"): {"esi"},
    ("early_help", "step_up"): set(),
    ("early_help", "step_up_urgently"): {"eli", "esi"},
    ("early_help", "propose_closing"): {"eli", "esi"},
    ("closing_proposed", "close"): {"esi"},
    ("closing_proposed", "return_to_service"): {"esi"},
}
# Bea is the allocated worker in Willow, whose manager is Mo.
WILLOW_HOLDS = {
    ("statutory", "refuse_allocation"): {"mo"},
    ("statutory", "step_down"): set(),
    ("statutory", "propose_closing"): {"amara", "bea", "mo"},
    ("closing_proposed", "close"): {"mo"},
}


def in_words(value):
    """A row's id: its state and verb. The names are not part of it: a set has no order."""
    return " ".join(value) if isinstance(value, tuple) else ""


@pytest.fixture
def everybody(request):
    return {name: request.getfixturevalue(name) for name in sorted(EVERYBODY)}


def allowed(everybody, referral, verb):
    return {name for name, user in everybody.items() if may(referral, verb, cast.again(user))}


@pytest.mark.parametrize(("row", "names"), FRONT_DOOR_HOLDS.items(), ids=in_words)
def test_while_the_front_door_holds_it(row, names, everybody, front_door):
    state, verb = row
    referral = cast.referral(everybody["amara"], held_by=front_door, state=state)

    assert allowed(everybody, referral, verb) == names


@pytest.mark.parametrize(("row", "names"), EARLY_HELP_HOLDS.items(), ids=in_words)
def test_while_early_help_holds_it(row, names, everybody, hazel):
    state, verb = row
    referral = cast.referral(everybody["amara"], held_by=hazel, state=state, worker=everybody["eli"])

    assert allowed(everybody, referral, verb) == names


@pytest.mark.parametrize(("row", "names"), WILLOW_HOLDS.items(), ids=in_words)
def test_while_a_statutory_team_holds_it(row, names, everybody, willow):
    state, verb = row
    referral = cast.referral(everybody["dot"], held_by=willow, state=state, worker=everybody["bea"])

    assert allowed(everybody, referral, verb) == names


@pytest.mark.parametrize("verb", ["return_to_worker", "allocate_to_statutory", "close_with_advice"])
def test_nobody_decides_on_a_concern_they_logged(verb, mo, willow):
    referral = cast.referral(mo, held_by=willow, state="awaiting_decision")

    assert not may(referral, verb, mo)


def test_nobody_decides_on_an_assessment_they_submitted(amara, mo, willow):
    referral = cast.referral(amara, held_by=willow, state="awaiting_decision")
    cast.assessment(referral, mo, submitted_by=mo)

    assert not may(referral, "allocate_to_statutory", mo)


def test_nobody_closes_what_they_proposed(mo, bea, willow):
    referral = cast.referral(bea, held_by=willow, state="closing_proposed", worker=bea)
    referral.closing_proposals.create(
        proposed_by=mo, proposed_at=referral.received_at, closed_as="plan_met", plan_met=True, what_changed="Much."
    )

    assert not permissions.can_close(Referral.objects.get(pk=referral.pk), mo)


# Amara logged it; Bea, then Eli, is the allocated worker. The author and the team-mates read whom to ask.
READ_THE_ADDRESS = {
    ("received", "front_door", ""): {"dev"},
    ("awaiting_decision", "front_door", ""): {"dev"},
    ("statutory", "willow", "bea"): {"bea", "mo"},
    ("statutory", "willow", ""): {"mo"},
    ("early_help", "hazel", "eli"): {"eli", "esi"},
    ("closed", "willow", "bea"): {"bea", "mo"},
}


@pytest.mark.parametrize(("row", "names"), READ_THE_ADDRESS.items(), ids=in_words)
def test_a_confidential_address_is_read_by_the_worker_and_their_managers(row, names, everybody, request):
    state, team, worker = row
    referral = cast.referral(
        everybody["amara"],
        held_by=request.getfixturevalue(team),
        state=state,
        worker=everybody[worker] if worker else None,
        child=cast.person(address="7 Hidden Mews", address_confidential=True),
    )

    read = {name for name, user in everybody.items() if permissions.can_read_address(referral.person, cast.again(user))}
    assert read == names
