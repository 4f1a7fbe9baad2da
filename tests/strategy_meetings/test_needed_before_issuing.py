"""What can be left while one types, and is needed later, says so: of a child's part, before the decisions (A11)."""

import re

import pytest
from django.urls import reverse

from hsb.core import clock, forms, govuk
from strategy_meetings.forms.planning import ArrangeForm, PlanForm, TakeOverForm
from strategy_meetings.forms.sitting import ChildForm, HoldForm
from strategy_meetings.services import planning
from tests.pages import page
from tests.strategy_meetings import meeting_road as road

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


NOBODY = {"chairs": [], "minute_takers": []}
BY_THE_INVITATIONS = "Minute taker You can leave this for now. It is needed before the invitations go out."


@pytest.mark.parametrize(
    ("form", "kwargs"),
    [(PlanForm, {"others": []}), (ArrangeForm, {"invited": False}), (TakeOverForm, {"invited": False})],
)
def test_a_minute_taker_is_needed_before_the_invitations(form, kwargs):
    said = drawn(form(**NOBODY, **kwargs), "minute_taker")

    assert BY_THE_INVITATIONS in said
    assert "optional" not in said


@pytest.mark.parametrize("form", [ArrangeForm, TakeOverForm])
def test_once_they_are_out_nobody_asks_for_one(form):
    said = drawn(form(**NOBODY, invited=True), "minute_taker")

    assert "Minute taker (optional)" in said
    assert "leave this" not in said


def test_why_one_goes_on_is_needed_where_a_service_is_missing():
    said = drawn(HoldForm(seats=[]), "quorum_reason")

    assert "It is needed before the meeting begins, where nobody came for one of them." in said
    assert "optional" not in said


@pytest.mark.django_db
@pytest.mark.parametrize(("invite", "said"), [(False, "before the invitations go out"), (True, "taker (optional)")])
def test_the_pages_know_whether_they_are_out(front_door, juniper, willow, amara, mo, cho, min, client_of, invite, said):
    robin = road.allocated(amara, mo, willow, amara)[0]
    meeting = road.planned(road.convened(robin, mo), cho, min, starts_at=clock.now())
    if invite:
        planning.invite(meeting.reference, actor=cho)

    for page_of in ("arrange", "take_over"):
        url = reverse(f"strategy_meetings:{page_of}", args=[meeting.reference])
        assert said in page(client_of(cho).get(url)).text, url
