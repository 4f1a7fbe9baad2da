"""Every page on which something is done about a meeting has a way back that opens, before anything is saved."""

import pytest

from tests.clients import HouseClient
from tests.house.the_scene import Scene
from tests.of_a_module import made_once
from tests.pages import page
from tests.referrals.filled_forms import by_deed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("postgresql", "where a link leads does not depend on the database"),
]

FORMS = {deed: form for deed, form in by_deed().items() if form.name.startswith("strategy_meetings:")}
OF_A_CHILD = {"agree_child", "add_action", "decide_nfa"}
OF_A_CASE = {"schedule", "new_facts", "telephone"}


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The scene with a case for every form, for all tests of this module: they only read."""
    with made_once(django_db_blocker, lambda: Scene(form.case for form in FORMS.values())) as made:
        yield made


def ways_back(response):
    return [a["href"] for tag, a in page(response).tags if tag == "a" and a.get("class") == "govuk-back-link"]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_there_is_a_way_back_and_it_opens(scene, form):
    browser = HouseClient()
    browser.force_login(form.user(scene))

    found = ways_back(browser.get(form.path(scene)))

    assert len(found) == 1
    assert browser.get(found[0]).status_code == 200
    assert found[0] != form.path(scene)


@pytest.mark.parametrize("deed", sorted(OF_A_CHILD | OF_A_CASE | {"paper_fate", "cancel"}))
def test_it_leads_to_where_the_page_is_opened_from(scene, deed):
    form = FORMS[deed]
    browser = HouseClient()
    browser.force_login(form.user(scene))

    (found,) = ways_back(browser.get(form.path(scene)))

    parts = found.strip("/").split("/")
    expected = {"paper_fate": "documents", "cancel": parts[1]} | dict.fromkeys(OF_A_CASE, "meetings")
    assert parts[-1] == expected.get(deed, parts[-1])
    assert ("children" in parts) is (deed in OF_A_CHILD)
