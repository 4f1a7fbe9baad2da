"""Colleagues are asked for by name: found on the server, chosen where several may be meant, nothing is lost."""

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template import Context, Template

from hsb.core import colleagues
from hsb.core.forms import CaseForm, ColleagueField, TextField
from hsb.people.models import User
from hsb.people.states import Role
from tests import cast

pytestmark = pytest.mark.django_db


def refuse_dee(user):
    if user.name == "Dee":
        raise ValidationError("Dee will not do: choose somebody else")


class Asked(CaseForm):
    who = ColleagueField(label="Who agreed?", ask="Enter who agreed", check=refuse_dee)
    readers = ColleagueField(label="Who reads it", required=False, many=True, roles=(Role.MANAGER,))
    title = TextField(label="Title", required=False)


def sent(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return Asked(data)


def drawn(form):
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


@pytest.fixture
def osei(willow, rowan):
    return cast.user("Amara Osei", (willow, "practitioner")), cast.user(
        "Amara Osei", (rowan, "manager"), email="amara2@example.org"
    )


@pytest.mark.parametrize("typed", ["bea", " Béa ", "BEA@example.org", "Bea, Willow"])
def test_a_name_or_an_address_finds_one_person(bea, willow, typed):
    willow.name = "Willow"
    willow.save()

    form = sent(who=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["who"] == bea
    assert form.cleaned_data["readers"] == []


def test_two_of_one_name_are_listed_with_their_team_and_one_is_chosen(osei):
    form = sent(who="amara osei", title="Kept")

    assert form.errors["who"] == ["2 people may be meant by “amara osei”: choose which of them"]
    page = drawn(form)
    assert all(user.reference in page for user in osei)
    assert 'value="amara osei"' in page
    assert 'value="Kept"' in page

    again = sent(who="amara osei", who_for_0="amara osei", who_which_0=osei[1].reference)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["who"] == osei[1]


def test_a_choice_is_for_the_words_it_was_offered_for(osei, bea):
    form = sent(who="amara", who_for_0="amara osei", who_which_0=osei[1].reference)

    assert not form.is_valid()
    meant = sent(who="Bea", who_for_0="amara osei", who_which_0=osei[1].reference)
    assert meant.is_valid()
    assert meant.cleaned_data["who"] == bea


def test_part_of_a_name_is_asked_about_and_never_taken(osei, bea):
    assert "choose whether you mean Bea" in sent(who="be").errors["who"][0]
    assert not sent(who="be", who_for_0="be", who_which_0=osei[0].reference).is_valid()
    assert sent(who="be", who_for_0="be", who_which_0=bea.reference).is_valid()


def test_nobody_of_that_name_and_nobody_who_will_do_are_said_beside_the_field(dee):
    assert "is called “Nobody Known”" in sent(who="Nobody Known").errors["who"][0]
    assert sent(who="").errors["who"] == ["Enter who agreed"]
    assert sent(who="Dee").errors["who"] == ["Dee will not do: choose somebody else"]
    assert sent(who="Dee\x07").errors["who"]


def test_several_are_named_one_in_each_box_or_pasted(bea, mo, osei):
    form = sent(who="Bea", readers=["Mo", "", "amara osei"], readers_for_1="amara osei")
    assert list(form.errors) == ["readers"]
    assert drawn(form).count('name="readers"') == 4
    assert "&lt;" not in drawn(form)

    form = sent(
        who="Bea",
        readers=["Mo", "amara osei", "bea@example.org, mo@example.org"],
        readers_for_1="amara osei",
        readers_which_1=osei[0].reference,
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["readers"] == [mo, osei[0], bea]


def test_two_alike_in_one_team_are_told_apart_by_their_address(willow):
    for number in (1, 2):
        cast.user("Sam Lee", (willow, "practitioner"), email=f"sam{number}@example.org")

    form = sent(who="Sam Lee, Willow, sam2@example.org", readers=["Sam Lee, Willow, sam1@example.org"])

    assert form.is_valid(), form.errors
    assert form.cleaned_data["who"].email == "sam2@example.org"
    assert [user.email for user in form.cleaned_data["readers"]] == ["sam1@example.org"]


def test_open_accounts_of_the_asked_roles_are_suggested(bea, mo, client_of):
    left = cast.user("Lea Gone")
    left.is_active = False
    left.save()

    page = drawn(Asked())

    addresses = [unescape(each) for each in re.findall('data-names="([^"]+)"', page)]
    assert len(set(addresses)) == 2
    suggested = [client_of(bea).get(each).json()["names"] for each in addresses]
    of_all = max(suggested, key=len)
    of_managers = min(suggested, key=len)
    assert {name.partition(",")[0] for name in of_all} == {"Bea", "Mo"}
    assert [name.partition(",")[0] for name in of_managers] == ["Mo"]
    assert "Bea" not in page
    assert not sent(who="Lea Gone").is_valid()


def test_a_page_does_not_grow_with_who_uses_the_service(bea, willow):
    before = drawn(Asked())
    for number in range(30):
        cast.user(f"Sam Number {number}", (willow, Role.PRACTITIONER))

    assert drawn(Asked()) == before


def test_a_role_that_there_is_not_is_not_asked_for(bea, mo, client_of):
    names = client_of(bea).get("/colleagues/?role=manager&role=%00&role=nobody").json()["names"]

    assert [name.partition(",")[0] for name in names] == ["Mo"]


def test_who_is_named_already_stands_in_the_box(bea, mo):
    page = drawn(Asked(initial={"who": bea, "readers": [mo]}))

    assert 'value="bea@example.org"' in page
    assert 'value="mo@example.org"' in page


def test_letters_and_marks_that_a_keyboard_has_otherwise_find_the_name_too(willow, rowan):
    brien = cast.user("Niamh O’Brien", (willow, Role.PRACTITIONER))
    lukasz = cast.user("Łukasz Nowak", (willow, Role.PRACTITIONER))

    assert colleagues.called("Niamh O'Brien") == brien
    assert colleagues.called("Lukasz Nowak") == lukasz
    twins = [cast.user(f"Sam Twin {n}", (rowan, Role.PRACTITIONER)) for n in (1, 2)]
    User.objects.filter(pk__in=[each.pk for each in twins]).update(name="Sam Twin")
    with pytest.raises(colleagues.Unclear) as unclear:
        colleagues.called("Sam Twin, Rowan")
    assert len(unclear.value.like_it) == 2
