"""The picture: well-formed, without style, the same twice, and only what its reader may read."""

import xml.etree.ElementTree as ElementTree

import pytest

from panels.selectors.drawing import MOST_DRAWN, drawing, laid_out, nearest
from panels.selectors.mapping_reading import SeenLink, SeenNode

SVG = "{http://www.w3.org/2000/svg}"


def node(number, name="Robin Sample", kind="person", shown=True):
    return SeenNode(number, kind, name, shown=shown)


def link(number, one, other, basis="fact", words=True):
    return SeenLink(number, one, other, {"basis": basis, "kind": "knows"} if words else None)


@pytest.fixture
def small():
    nodes = [
        node(1),
        node(2, "Ash <b>Made-Up</b> & sons", "person"),
        node(3, "Lantern Park", "place"),
        node(4, "The bandstand group", "group"),
        node(5, "Another person", shown=False),
    ]
    links = [
        link(1, nodes[0], nodes[1]),
        link(2, nodes[0], nodes[1], "reported"),
        link(3, nodes[1], nodes[2], "inferred"),
        link(4, nodes[0], nodes[4], words=False),
    ]
    return nodes, links


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 (our own)


def test_it_is_well_formed_and_has_no_style(small):
    root = parsed(drawing(*small))

    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "group"
    assert root.get("aria-labelledby").split() == ["map-title", "map-description"]
    for each in root.iter():
        assert not {"style", "class", "onclick"} & set(each.attrib)
        assert each.tag not in (f"{SVG}style", f"{SVG}script")


def test_every_node_leads_to_its_row(small):
    links = [each.get("href") for each in parsed(drawing(*small)).iter(f"{SVG}a")]

    assert links == ["#node-1", "#node-2", "#node-3", "#node-4", "#node-5"]


def test_names_are_escaped(small):
    svg = drawing(*small)

    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg


def test_shapes_tell_people_places_and_groups_apart_and_lines_what_they_rest_on(small):
    root = parsed(drawing(*small))

    assert len(list(root.iter(f"{SVG}circle"))) == 3
    assert len(list(root.iter(f"{SVG}rect"))) == 1
    assert len(list(root.iter(f"{SVG}polygon"))) == 1
    assert [path.get("stroke-dasharray") for path in root.iter(f"{SVG}path")] == [None, "10 6", "2 7", "14 4 2 4"] or {
        path.get("stroke-dasharray") for path in root.iter(f"{SVG}path")
    } == {None, "10 6", "2 7", "14 4 2 4"}


def test_the_same_map_is_drawn_the_same_twice(small):
    assert drawing(*small) == drawing(*small)


def test_nothing_is_drawn_of_nothing():
    assert drawing([], []) == ""


def test_one_alone_is_drawn():
    assert parsed(drawing([node(1)], [])).tag == f"{SVG}svg"


def test_no_label_lies_on_another():
    nodes = [node(number, f"Somebody Sample-{number}") for number in range(1, 41)]
    links = [link(number, nodes[0], nodes[number]) for number in range(1, 40)]
    labels = {each.number: ["Somebody", f"Sample-{each.number}"] for each in nodes}

    places, width, height = laid_out(nodes, links, labels)

    at = list(places.values())
    close = [(a, b) for i, a in enumerate(at) for b in at[:i] if abs(a[0] - b[0]) < 60 and abs(a[1] - b[1]) < 40]
    assert close == []
    assert all(0 < x < width and 0 < y < height for x, y in at)


def test_what_has_no_link_stands_beneath_and_leaves_the_others_as_large(small):
    nodes, links = small
    alone = [node(number, f"Lantern Park {number}", "place") for number in range(6, 16)]
    labels = {each.number: [each.name] for each in (*nodes, *alone)}
    linked, width, _ = laid_out([nodes[0], nodes[1], nodes[2], nodes[4]], links, labels)
    places, wider, height = laid_out([*nodes, *alone], links, labels)

    lowest = max(places[each.number][1] for each in nodes if each.number != 4)
    assert all(places[each.number][1] > lowest for each in (nodes[3], *alone))
    assert all(0 < x < wider and 0 < y < height for x, y in places.values())
    assert wider < 1100
    apart = {key: places[key][0] - places[1][0] for key in linked}
    assert apart == pytest.approx({key: linked[key][0] - linked[1][0] for key in linked}, abs=1)


def test_of_too_many_the_nearest_are_drawn_ring_by_ring():
    nodes = [node(number) for number in range(1, 401)]
    links = [link(1, nodes[0], nodes[399])]

    drawn = [each.number for each in nearest(nodes, links)]

    assert len(drawn) == MOST_DRAWN
    assert drawn[:2] == [1, 2]
    assert 400 in drawn
    svg = drawing(nodes, links)
    assert "400 people, places and groups" in svg
    assert f"The {MOST_DRAWN} nearest to the first are drawn" in svg
