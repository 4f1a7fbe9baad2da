"""The tests' own tools, tried where they must fail: a fence that never refuses proves nothing."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Origin, Template, engines

from hsb.core import append_only
from hsb.core.models import Record
from hsb.people.models import Team
from tests import cast
from tests.clients import reads_only_block
from tests.pages import assert_no_dead_error_links, assert_same_queries, assert_well_formed, filled, page, shape

pytestmark = pytest.mark.django_db


# --- The database -----------------------------------------------------------------------------------------------


def test_the_test_database_has_its_cache_table():
    cache.set("key", "value")

    assert cache.get("key") == "value"
    assert "core_cache" in connection.introspection.table_names()


def test_the_test_database_is_not_the_services(settings):
    assert "test" in str(connection.settings_dict["NAME"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_leaves_nothing_behind_though_the_journal_refuses_deletion(amara, front_door, turn):
    cast.referral(amara, held_by=front_door)

    assert Record.objects.filter(kind="referral").count() == 1
    assert append_only.missing(connection) == []


# --- Templates ----------------------------------------------------------------------------------------------------


def render(source, template_dir, **context):
    """The source drawn as a template file of ours, in a folder for this test."""
    template = Template(source, origin=Origin(str(template_dir / "page.html")), engine=engines["django"].engine)
    return template.render(Context(context))


@pytest.fixture
def ours(settings):
    return settings.BASE_DIR / "templates"


@pytest.mark.parametrize(
    "source",
    [
        "{{ name }}",
        "{{ person.name }}",
        "{{ name|upper }}",
        "{% with other=name %}{% endwith %}",
    ],
)
def test_an_unknown_variable_in_a_template_of_ours_fails(ours, source):
    with pytest.raises(pytest.fail.Exception, match="Unknown template variable in templates/page.html"):
        render(source, ours, person={})


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("{% if name %}yes{% else %}no{% endif %}", "no"),
        ("{% for each in names %}{{ each }}{% empty %}none{% endfor %}", "none"),
        ('{{ name|default:"nobody" }}', "nobody"),
        ('{{ name|default:"" }}', ""),
        ("{% if name|default:other %}yes{% else %}no{% endif %}", "no"),
    ],
)
def test_what_may_be_left_out_may_be_unknown(ours, source, drawn):
    assert render(source, ours) == drawn


def test_a_template_of_somebody_elses_may_do_as_it_likes(tmp_path):
    assert render("{{ name }}", tmp_path) == ""


# --- Reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda: Team.objects.create(slug="x", name="X", service="early_help"),
        lambda: Team.objects.update(name="X"),
        lambda: Team.objects.all().delete(),
        lambda: Team.objects.bulk_create([Team(slug="x", name="X", service="early_help")], ignore_conflicts=True),
    ],
    ids=["an insert", "an update", "a delete", "an insert that may conflict"],
)
def test_a_write_where_only_reading_is_allowed_fails(willow, write):
    with pytest.raises(AssertionError, match="only reads wrote to people_team"), reads_only_block():
        write()


def test_reading_is_allowed(willow):
    with reads_only_block():
        assert Team.objects.count() == 1


# --- Pages -----------------------------------------------------------------------------------------------------------


class Answer:
    """A view's answer that asks the database what it is told to."""

    status_code = 200

    def __init__(self, *asks):
        self.asks = asks

    def get(self, url):
        for ask in self.asks:
            ask()
        return self


def test_a_page_that_asks_once_for_each_row_is_found_out(willow):
    client = Answer(lambda: [list(Team.objects.filter(pk=team.pk)) for team in Team.objects.all()])

    with pytest.raises(AssertionError, match="asks differently for more rows"):
        assert_same_queries(client, "/", lambda: cast.team("Another"))


def test_a_page_that_asks_once_for_all_rows_is_fine(willow):
    client = Answer(lambda: list(Team.objects.filter(pk__in=[t.pk for t in Team.objects.all()])))

    assert assert_same_queries(client, "/", lambda: cast.team("Another"), at_most=2) == 2


def test_a_page_that_asks_too_much_is_found_out(willow):
    with pytest.raises(AssertionError, match="runs 2 queries"):
        assert_same_queries(Answer(Team.objects.count, Team.objects.exists), "/", lambda: None, at_most=1)


def test_the_shape_of_a_statement_is_without_its_values():
    assert shape("SELECT 1 FROM t WHERE a = 'it''s' AND b IN (1, 2, 3) AND c2 = 4.5") == (
        "SELECT ? FROM t WHERE a = ? AND b IN (?) AND c2 = ?"
    )


SUMMARY = (
    '<div class="govuk-error-summary"><ul><li><a href="#{href}">Enter a note</a></li></ul></div><input id="id_note">'
)


def test_a_dead_error_link_is_found_out():
    assert assert_no_dead_error_links(SUMMARY.format(href="id_note")) == ["#id_note"]
    with pytest.raises(AssertionError, match="lead nowhere"):
        assert_no_dead_error_links(SUMMARY.format(href="id_other"))
    with pytest.raises(AssertionError, match="no error summary"):
        assert_no_dead_error_links("<a href='#x'>x</a>")


@pytest.mark.parametrize(
    ("html", "complaint"),
    [("<p id=a></p><p id=a></p>", "stand twice"), ("<label for=b>B</label>", "belong to no field")],
)
def test_an_ill_formed_page_is_found_out(html, complaint):
    with pytest.raises(AssertionError, match=complaint):
        assert_well_formed(html)


FORM = """
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<input type="hidden" name="version" value="3">
<textarea name="note">
First &amp; last
line</textarea><input type="checkbox" name="groups" value="a" checked><input type="checkbox" name="groups" value="b">
<input type="radio" name="one" value="y" checked>
<select name="pick"><option value="1">One<option value="2" selected>Two</select>
<button name="save" value="1">Save</button></form>
<form method="post" action="/sign-out/"><input name="other" value="form"></form>
"""


def test_a_form_is_filled_as_a_browser_would():
    assert filled(FORM, one="n", groups=["a", "b"]) == {
        "version": ["3"],
        "note": ["First & last\nline"],
        "groups": ["a", "b"],
        "one": ["n"],
        "pick": ["2"],
    }
    assert "note" not in filled(FORM, note=None)
    assert filled(FORM, form=1) == {"other": ["form"]}


def test_a_pages_words_and_links():
    found = page('<h1>Two\n words</h1><script>no</script><a href="/x/">Go <b>there</b></a>')

    assert found.text == "Two words Go there"
    assert [tuple(link) for link in found.links] == [("/x/", "Go there")]
