"""Rows of a table are escaped wherever something from outside stands in them, and say what their cells have."""

from html.parser import HTMLParser

import pytest
from django.utils.html import format_html

from hsb.core.table_rows import drawn_rows
from hsb.core.templatetags.govuk import TAG_CLASSES

HOSTILE = """"><script>alert('x')</script>&amp;"""


class _Read(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return "".join(self.said).strip()


def read(*cells, columns=None, **how):
    columns = columns or [(f"Column {number}", False) for number, _ in enumerate(cells)]
    return _Read(drawn_rows(columns, [list(cells)], TAG_CLASSES, **how))


@pytest.mark.parametrize(
    "cell",
    [
        HOSTILE,
        {"text": HOSTILE},
        {"text": "", "note": HOSTILE},
        {"text": "", "url": "/", "hidden": HOSTILE},
        {"text": "", "links": [{"text": HOSTILE, "url": "/"}]},
        {"text": "", "tags": [{"text": HOSTILE}]},
    ],
)
def test_what_is_typed_is_text(cell):
    found = read(cell)

    assert found.text == HOSTILE
    assert "script" not in dict(found.tags)


@pytest.mark.parametrize(
    ("cell", "tag", "attribute"),
    [
        ({"text": "", "url": HOSTILE}, "a", "href"),
        ({"text": "", "links": [{"text": "", "url": HOSTILE}]}, "a", "href"),
        ({"text": "", "anchor": HOSTILE}, "span", "id"),
    ],
)
def test_what_is_typed_ends_no_attribute(cell, tag, attribute):
    found = read(cell)

    assert (tag, HOSTILE) in [(each, attributes.get(attribute)) for each, attributes in found.tags]
    assert "script" not in dict(found.tags)


def test_a_column_is_called_by_what_it_says():
    found = read("7", columns=[(HOSTILE, True)])

    cell = {"class": "govuk-table__cell govuk-table__cell--numeric", "data-label": HOSTILE}
    assert ("td", cell) in found.tags


def test_what_is_safe_stays_as_it_is_and_nothing_is_nothing():
    found = read(format_html("<strong>{}</strong>", HOSTILE), None, 7)

    assert ("strong", {}) in found.tags
    assert [said.strip() for said in found.said if said.strip()] == [HOSTILE, "7"]


def test_the_first_cell_can_name_its_row():
    found = read("Who", "7", first_is_header=True)

    assert [tag for tag, _ in found.tags if tag in ("th", "td")] == ["th", "td"]
    assert found.tags[1][1]["scope"] == "row"


def test_a_row_has_a_cell_for_each_column():
    with pytest.raises(ValueError, match="zip"):
        drawn_rows([("One", False), ("Two", False)], [["only one"]], TAG_CLASSES)
