"""The intel form's table, typed by hand from practice.md B12 and B23: every state, every verb, and who may."""

from uuid import uuid4

import pytest

from hsb.core import access
from hsb.core.door import perform
from hsb.core.refusals import AlreadyMoved, Denied
from hsb.core.states import Because
from hsb.people.states import Role
from strategy_meetings.models import IntelForm
from strategy_meetings.services import intel
from tests import cast
from tests.remembered import remembered
from tests.strategy_meetings import intel_road

# verb: (states it leaves, state it reaches)
TABLE = {
    "submit": (["draft", "returned", "not_for_panel"], "submitted"),
    "return_with_advice": (["submitted", "deferred"], "returned"),
    "accept": (["submitted", "deferred"], "accepted"),
    "defer": (["submitted"], "deferred"),
    "decline": (["submitted", "deferred"], "not_for_panel"),
    "withdraw": (["draft", "submitted", "returned", "deferred"], "withdrawn"),
    "hear": (["accepted"], "heard"),
}
STATES = ["draft", "submitted", "returned", "accepted", "deferred", "not_for_panel", "withdrawn", "heard"]
WRITERS = ["submit", "withdraw"]
PANEL = ["return_with_advice", "accept", "defer", "decline", "hear"]


def table_of(model):
    found = {}
    for transition in model().get_all_state_transitions():
        sources, _ = found.setdefault(transition.name, ([], str(transition.target)))
        sources.append(str(transition.source))
    return {verb: (sorted(sources), target) for verb, (sources, target) in found.items()}


def test_the_machine_is_the_table():
    assert table_of(IntelForm) == {verb: (sorted(sources), target) for verb, (sources, target) in TABLE.items()}


def test_what_sends_it_back_or_stops_it_asks_for_a_reason():
    asks = {t.name for t in IntelForm().get_all_state_transitions() if t.custom.get("reason")}

    assert asks == {"return_with_advice", "withdraw", "defer", "decline"}


# --- Walked ---


@remembered
def written(worker, team, writer, other):
    child = cast.referral(worker, held_by=team, state="statutory", worker=worker)
    begun = intel.begin(
        child.record, actor=writer, once=uuid4(), children=[(child.person, child)], entries=[], writers=[other]
    )
    return intel_road.complete(begun, writer)


@pytest.fixture
def form(amara, mo, willow, juniper, aspen, cho, min):
    """Complete, written by Min with Cho; Amara has the child."""
    return written(amara, willow, min, cho)


def put_in(form, state):
    IntelForm.objects.filter(pk=form.pk).update(state=state, submitted_at="2026-11-24T10:00Z")


def shown_to_panel(form, aspen):
    access.grant(form.record, because=Because.PANEL, team=aspen, role=Role.COORDINATOR)


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", TABLE)
def test_a_verb_moves_from_its_own_states_and_from_no_other(form, aspen, min, coo, verb, state):
    sources, target = TABLE[verb]
    put_in(form, state)
    shown_to_panel(form, aspen)
    actor = min if verb in WRITERS else coo

    if state not in sources:
        with cast.refused(AlreadyMoved):
            perform(IntelForm, form.reference, verb, actor=actor, reason="What was weighed.")
        assert intel_road.again(form).state == state
        return

    assert perform(IntelForm, form.reference, verb, actor=actor, reason="What was weighed.").state == target


@pytest.mark.django_db
@pytest.mark.parametrize("verb", WRITERS)
@pytest.mark.parametrize("who", ["amara", "mo", "coo", "aud"])
def test_whoever_only_reads_it_does_not_move_it(form, aspen, aud, coo, amara, mo, verb, who):
    put_in(form, TABLE[verb][0][0])
    shown_to_panel(form, aspen)
    reader = {"amara": amara, "mo": mo, "coo": coo, "aud": aud}[who]

    with cast.refused(Denied):
        perform(IntelForm, form.reference, verb, actor=reader, reason="What was weighed.")


@pytest.mark.django_db
@pytest.mark.parametrize("verb", PANEL)
@pytest.mark.parametrize("who", ["min", "cho", "amara", "mo", "aud"])
def test_the_panel_s_verbs_are_its_coordinators(form, aspen, aud, amara, mo, cho, min, verb, who):
    put_in(form, TABLE[verb][0][0])
    someone = {"min": min, "cho": cho, "amara": amara, "mo": mo, "aud": aud}[who]

    with cast.refused(Denied):
        perform(IntelForm, form.reference, verb, actor=someone, reason="What was weighed.")


@pytest.mark.django_db
@pytest.mark.parametrize("verb", PANEL)
@pytest.mark.parametrize("whose", ["author", "submitted_by", "writes with the author"])
def test_nobody_sifts_their_own(form, aspen, coo, verb, whose):
    put_in(form, TABLE[verb][0][0])
    shown_to_panel(form, aspen)
    if whose == "writes with the author":
        access.grant(form.record, because=Because.WRITES_INTEL, user=coo)
    else:
        IntelForm.objects.filter(pk=form.pk).update(**{whose: coo})

    with cast.refused(Denied):
        perform(IntelForm, form.reference, verb, actor=cast.again(coo), reason="What was weighed.")
