"""The drawing of household and family: nothing lies on anything, and a frame says what colour would."""

import random
from itertools import combinations
from xml.etree import ElementTree

import pytest

from referrals.kinships import Circle
from referrals.selectors.family_drawing import BOX, EDGE, MOST_DRAWN, PADDING, WIDTH, Figure, drawing, width, wrapped

NAMES = ("Lin", "Maximiliana Featherstonehaugh-Cholmondeley", "WWWWWWWWWWWWWWWWWW", "Ŵyn ëo 你好", "Another child")
RELATIONS = ("Mother", "Sibling, schoolmate and neighbour", "Somebody they care for", "Other")
SVG = "{http://www.w3.org/2000/svg}"


def somebody(dice):
    return Figure(
        name=dice.choice(NAMES),
        relation=dice.choice(RELATIONS),
        circle=dice.choice(list(Circle)),
        at_home=dice.random() < 0.4,
        shown=dice.random() < 0.8,
        responsible=dice.random() < 0.3,
    )


def read(svg):
    """(root, boxes, outline or None, lines) of a drawing; each of four numbers: left, top, right, bottom."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)
    boxes, outline = [], None
    for rect in root.findall(f"{SVG}rect"):
        x, y, wide, high = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        if rect.get("stroke-dasharray") == "9 5":
            outline = (x, y, x + wide, y + high)
        else:
            boxes.append((x, y, x + wide, y + high))
    lines = []
    for path in root.findall(f"{SVG}path"):
        x1, y1, x2, y2 = map(float, path.get("d")[1:].replace("L", " ").split())
        lines.append((min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))
    return root, boxes, outline, lines


def share(one, other):
    """Whether two rectangles (or a line and one) share more than an edge."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > -0.01
        and min(one[3], other[3]) - max(one[1], other[1]) > -0.01
        and not (one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1])
    )


def headings(root):
    """What stands beside the boxes, as rectangles: from its left end, about as wide as it is."""
    for text in root.findall(f"{SVG}text"):
        if text.get("text-anchor") is None:
            x, y = float(text.get("x")), float(text.get("y"))
            yield x, y - 12, x + width(text.text, 13), y + 3


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, MOST_DRAWN, 30])
def test_nothing_lies_on_anything(number):
    for seed in range(12):
        dice = random.Random(seed)
        people = [somebody(dice) for _ in range(number)]
        root, boxes, outline, lines = read(drawing("Robin Sample", people))
        height = float(root.get("viewBox").split()[3])

        assert len(boxes) == min(number, MOST_DRAWN) + 1
        assert not [pair for pair in combinations([*boxes, *headings(root)], 2) if share(*pair)], seed
        assert not [(line, box) for line in lines for box in [*boxes, *headings(root)] if share(line, box)], seed
        for left, top, right, bottom in [*boxes, *headings(root)]:
            assert left >= EDGE and right <= WIDTH - EDGE and top >= EDGE and bottom <= height
        inside = sum(outline is not None and outline[1] < box[1] and box[3] < outline[3] for box in boxes)
        home = sum(each.at_home for each in people) if number <= MOST_DRAWN else inside - 1
        assert inside == (home + 1 if home else 0), seed


def test_several_who_say_the_same_are_all_drawn():
    same = [Figure("Another child", "Sibling", Circle.SIBLINGS, at_home=True, shown=False) for _ in range(4)]

    assert len(read(drawing("Robin Sample", same))[1]) == 5


def test_everybody_is_joined_to_the_child():
    dice = random.Random(3)
    _, boxes, _, lines = read(drawing("Robin Sample", [somebody(dice) for _ in range(MOST_DRAWN)]))

    def touch(one, other):
        return all(min(one[2 + at], other[2 + at]) - max(one[at], other[at]) >= -0.2 for at in (0, 1))

    reached, left = [boxes[0]], [*boxes[1:], *lines]
    while found := [each for each in left if any(touch(each, other) for other in reached)]:
        reached += found
        left = [each for each in left if each not in found]
    assert left == []


def test_it_says_what_it_holds_and_how_many_more_there_are():
    dice = random.Random(1)
    root, *_ = read(drawing("Robin <b>", [somebody(dice) for _ in range(MOST_DRAWN + 3)]))

    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert title.text == "Household and family of Robin <b>"
    assert desc.text.startswith("17 people around Robin <b>") and "lists below say the same" in desc.text
    assert "And 3 more people, in the lists." in [text.text for text in root.findall(f"{SVG}text")]
    assert drawing("Robin", []) == ""


def test_without_colour_a_frame_says_it():
    def frame(**figure):
        root, *_ = read(drawing("Robin", [Figure("Lin", "Mother", Circle.CARERS, **figure)]))
        rect = root.findall(f"{SVG}rect")[-2 if figure.get("at_home") is None else -1]
        return rect.get("stroke-width"), rect.get("stroke-dasharray")

    assert (frame(), frame(responsible=True), frame(shown=False)) == (("1.5", None), ("3", None), ("1.5", "2 3"))


@pytest.mark.parametrize("text", [*NAMES, *RELATIONS, "", "Grandmother"])
def test_words_fit_into_their_box(text):
    lines = wrapped(text, 14, bold=True)

    assert len(lines) <= 2
    assert all(width(line, 14, bold=True) <= BOX - 2 * PADDING for line in lines)
    assert "".join(lines).replace("…", "").replace(" ", "") in text.replace(" ", "")
