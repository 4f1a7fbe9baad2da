"""Places and themes that were written under an earlier fold: found again, and nothing is lost where two are one now."""

from importlib import import_module

import pytest
from django.apps import apps

from hsb.core.models import Place
from strategy_meetings.models import Theme

pytestmark = pytest.mark.django_db
PLACES = "hsb.core.migrations.0007_places_folded_anew"
THEMES = "strategy_meetings.migrations.0010_themes_folded_anew"


def fold_anew(migration):
    import_module(migration).fold_anew(apps, None)


@pytest.mark.parametrize(("model", "kind", "migration"), [(Place, "park", PLACES), (Theme, "group", THEMES)])
def test_what_was_written_under_an_earlier_fold_is_found_again(model, kind, migration):
    early = model.objects.create(kind=kind, name="O'Neil's café", folded="o neil s café")

    fold_anew(migration)

    assert model.called(kind, "ONeils Cafe") == early
    early.refresh_from_db()
    assert early.folded == "oneils cafe"


@pytest.mark.parametrize(("model", "kind", "migration"), [(Place, "park", PLACES), (Theme, "group", THEMES)])
def test_of_two_that_are_one_under_todays_fold_both_stay(model, kind, migration):
    first = model.objects.create(kind=kind, name="Café", folded="café")
    later = model.objects.create(kind=kind, name="Cafè", folded="cafè")

    for _ in range(2):  # run again it changes nothing
        fold_anew(migration)
        first.refresh_from_db()
        later.refresh_from_db()
        assert (first.folded, later.folded) == ("cafe", "cafè")
    assert model.called(kind, "cafe") == first
