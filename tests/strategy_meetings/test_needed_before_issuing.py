"""A child's part: what can be left while one types, and is needed before the decisions are issued, says so (A11)."""

import re

import pytest

from hsb.core import forms, govuk
from strategy_meetings.forms.sitting import ChildForm

LEFT = "You can leave this for now. It is needed before the decisions are issued."
OPTIONAL = {"child_views", "family_views", "closed_minutes"}


class Asked(forms.CaseForm):
    name = forms.TextField(label="Name", required=False)
    reason = forms.LongTextField(label="Reason", required=False, needed_before="the letter goes out")
    on = forms.DateField(label="Day", required=False, needed_before="the letter goes out")


def drawn(form, name):
    return " ".join(re.sub(r"<[^>]+>", " ", govuk.field(form[name])).split())


def test_a_field_that_is_needed_later_is_not_optional():
    form = Asked()

    assert "Name (optional)" in drawn(form, "name")
    assert "leave this" not in drawn(form, "name")
    assert "optional" not in drawn(form, "reason")
    assert "Reason You can leave this for now. It is needed before the letter goes out." in drawn(form, "reason")


def test_its_own_hint_stays_before_it():
    said = "For example, 23 11 2026. You can leave this for now. It is needed before the letter goes out."

    assert said in drawn(Asked(), "on")


def test_it_can_be_left():
    assert Asked({}).is_valid()


@pytest.mark.parametrize("has_category", [True, False], ids=["displayed", "harmed"])
def test_in_a_childs_part_only_what_is_never_asked_is_optional(has_category):
    form = ChildForm(has_category=has_category, people=[], in_force="Category 2: Abusive")
    asked = [bound.name for bound in form.visible_fields()]

    assert {name for name in asked if "(optional)" in drawn(form, name)} == OPTIONAL
    assert {name for name in asked if LEFT in drawn(form, name)} == set(asked) - OPTIONAL
