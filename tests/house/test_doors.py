"""Every way to move is guarded: a permission, plain sentences, and no way round the door."""

import re

import pytest
from django.apps import apps
from django.db import models

from hsb.core.door import Doored, Guard
from hsb.core.models import Recorded
from tests.house.source import FLOORS, ours, short

pytestmark = pytest.mark.django_db  # the borough's words are dated settings
DOORED = [model for model in apps.get_models() if issubclass(model, Doored)]
TRANSITIONS = [
    pytest.param(model, transition, id=f"{model.__name__}.{transition.name} from {transition.source}")
    for model in DOORED
    for transition in model().get_all_state_transitions()
]


def test_there_are_doors():
    assert {"Referral", "RiskAssessment", "PoliceReferral", "Offer", "MeetingDecision"} <= {m.__name__ for m in DOORED}
    assert len(TRANSITIONS) >= 25


@pytest.mark.parametrize(("model", "transition"), TRANSITIONS)
def test_a_transition_has_a_permission_a_plain_target_and_guards_that_speak(model, transition):
    assert callable(transition.permission)
    assert transition.source not in {"*", "+"}
    assert all(isinstance(condition, Guard) for condition in transition.conditions)
    asks = transition.custom.get("reason")
    for sentence in [condition.sentence for condition in transition.conditions] + ([asks] if asks else []):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize(("model", "transition"), TRANSITIONS)
def test_a_transition_moves_somewhere_else(model, transition):
    """A verb that leaves the state as it is writes an entry from its service; it is no transition."""
    assert transition.source != transition.target


@pytest.mark.parametrize("model", DOORED, ids=lambda model: model.__name__)
def test_a_state_can_be_set_by_the_door_alone(model):
    assert model._meta.get_field("state").protected


@pytest.mark.parametrize("model", DOORED, ids=lambda model: model.__name__)
def test_a_state_is_one_of_the_states_named(model):
    named = {value for value, _ in model._meta.get_field("state").choices}
    used = {t.source for t in model().get_all_state_transitions()}

    assert used <= named


FLOOR_MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in FLOORS]
NEED_TO_KNOW = [model for model in FLOOR_MODELS if issubclass(model, (Recorded, Doored))]


@pytest.mark.parametrize("model", NEED_TO_KNOW, ids=lambda model: model.__name__)
def test_what_has_a_life_of_its_own_knows_who_may_open_it(model):
    if model.__name__ == "PersonKey":
        return

    assert callable(getattr(model.objects.all(), "visible_to", None))


PAST_THE_DOOR = re.compile(r"\.update\([^)]*\bstate\s*=|\b\w+\.state\s*=(?!=)|\.bulk_update\([^)]*state")


def test_nobody_sets_a_state_past_the_door():
    found = [
        f"{short(path)}:{number}"
        for path in ours("*.py")
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if PAST_THE_DOOR.search(line)
    ]

    assert found == []


# --- What must always be true ------------------------------------------------------------------------------------


# Typed by hand: rows that may go with what they hang on, because they are short-lived or can be made again.
GOES_WITH_IT = {("Draft", "user"), ("SearchTerms", "user"), ("PersonKey", "person"), ("Session", "account")}


def test_nothing_is_deleted_with_something_else():
    cascading = {
        (model.__name__, field.name)
        for model in FLOOR_MODELS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    }

    assert cascading <= GOES_WITH_IT


def test_every_list_of_what_may_cascade_is_still_needed():
    names = {(model.__name__, field.name) for model in FLOOR_MODELS for field in model._meta.get_fields()}

    assert names >= GOES_WITH_IT
