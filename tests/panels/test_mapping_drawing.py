"""The picture: well-formed, without style, the same twice, and only what its reader may read."""

import xml.etree.ElementTree as ElementTree

import pytest

from panels.selectors.drawing import MOST_DRAWN, drawing, nearest
from panels.selectors.map_layout import MARK, laid_out, size_of
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


def boxes_of(layout, labels):
    """What each node takes up, with its label."""
    found = {}
    for number, (x, y) in layout.places.items():
        width, height = size_of(labels[number])
        found[number] = (x - width / 2, y - MARK, x + width / 2, y - MARK + height)
    return found


def covering(boxes, least=2):
    """Pairs that share more than `least` px both ways."""
    every = list(boxes)
    return [
        (one, other)
        for place, one in enumerate(every)
        for other in every[:place]
        if min(one[2], other[2]) - max(one[0], other[0]) > least
        and min(one[3], other[3]) - max(one[1], other[1]) > least
    ]


def several(number, linked):
    """So many nodes, the first `linked` of them in a row of links with some across, and their labels."""
    nodes = [node(each, f"Somebody Sample-{each}") for each in range(1, number + 1)]
    pairs = [(place - 1, place) for place in range(1, linked)]
    pairs += [(place, place + 5) for place in range(0, linked - 5, 3)]
    links = [link(place, nodes[one], nodes[other]) for place, (one, other) in enumerate(pairs, start=1)]
    return nodes, links, {each.number: ["Somebody", f"Sample-{each.number}"] for each in nodes}


@pytest.mark.parametrize(
    ("number", "linked"), [(1, 0), (2, 2), (5, 0), (5, 3), (13, 10), (30, 24), (41, 0), (120, 100)]
)
def test_no_label_lies_on_another_and_none_outside(number, linked):
    nodes, links, labels = several(number, linked)

    layout = laid_out(nodes, links, labels)

    boxes = boxes_of(layout, labels).values()
    assert covering(boxes) == []
    assert all(min(box) >= 0 and box[2] <= layout.width and box[3] <= layout.height for box in boxes)


def test_nor_round_somebody_with_many_links():
    nodes = [node(number, f"Somebody Sample-{number}") for number in range(1, 41)]
    links = [link(number, nodes[0], nodes[number]) for number in range(1, 40)]
    labels = {each.number: ["Somebody", f"Sample-{each.number}"] for each in nodes}

    assert covering(boxes_of(laid_out(nodes, links, labels), labels).values()) == []


@pytest.mark.parametrize(("number", "linked"), [(5, 0), (5, 3), (13, 10), (30, 24)])
def test_it_is_no_wider_than_the_page_and_not_much_higher_than_it_needs(number, linked):
    """What has no link used to push everything else into a corner of a large empty sheet."""
    nodes, links, labels = several(number, linked)

    layout = laid_out(nodes, links, labels)

    assert layout.width <= 1100
    covered = sum(width * height for width, height in map(size_of, labels.values()))
    assert layout.width * layout.height <= max(640 * 150, 10 * covered)


def test_what_has_no_link_stands_in_rows_beneath():
    nodes, links, labels = several(8, 5)

    layout = laid_out(nodes, links, labels)

    places = layout.places
    assert len({places[number][1] for number in (6, 7, 8)}) == 1
    assert layout.unlinked_from < places[6][1]
    assert all(places[number][1] < layout.unlinked_from for number in range(1, 6))
    assert "No link yet" in drawing(nodes, links)
    assert "No link yet" not in drawing(*several(5, 5)[:2])
    assert "No link yet" not in drawing(*several(5, 0)[:2])


def captions_of(root):
    """(what it says, what it takes up) of each caption: the words that are no label and no number in a mark."""
    texts = [each for each in root.findall(f"{SVG}text") if each.get("text-anchor")]
    found = []
    for each in texts:
        x, y, half = float(each.get("x")), float(each.get("y")), len(each.text) * 6.4 / 2
        found.append((each.text, (x - half, y - 10, x + half, y + 2)))
    return found


def test_captions_of_lines_beside_each_other_lie_on_nothing():
    """Two people with two links each to the same two places: the lines run nearly side by side."""
    nodes = [node(1), node(2, "Ash Made-Up"), node(3, "Lantern Park", "place"), node(4, "Elm Court", "place")]
    pairs = [(0, 2), (0, 2), (0, 3), (1, 2), (1, 3), (1, 3), (0, 1), (0, 1)]
    links = [link(place, nodes[one], nodes[other]) for place, (one, other) in enumerate(pairs, start=1)]
    labels = {each.number: [each.name] for each in nodes}

    captions = captions_of(parsed(drawing(nodes, links)))

    assert [said.split()[0] for said, _ in captions] == [str(number) for number in range(1, 9)]
    marks = boxes_of(laid_out(nodes, links, labels), labels).values()
    inner = [(box[0] + 12, box[1], box[2] - 12, box[3] - 14) for box in marks]
    assert covering([box for _, box in captions] + inner, least=3) == []


def test_where_there_is_no_room_for_words_a_caption_is_its_number():
    nodes = [node(number, f"Somebody Sample-{number}") for number in range(1, 13)]
    pairs = [(one, other) for place, one in enumerate(nodes) for other in nodes[:place]]
    links = [link(number, *pair) for number, pair in enumerate(pairs, start=1)]

    captions = [said for said, _ in captions_of(parsed(drawing(nodes, links)))]

    assert {said.split()[0] for said in captions} == {str(number) for number in range(1, len(pairs) + 1)}
    assert [said for said in captions if said.isdigit()]
    assert [said for said in captions if said.endswith("knows")]


def test_everything_that_is_said_can_be_read():
    for each in parsed(drawing(*several(30, 24)[:2])).iter():
        assert int(each.get("font-size", "14")) >= 14


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
