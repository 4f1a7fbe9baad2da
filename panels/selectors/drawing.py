"""The map as a picture: SVG with presentation attributes only, because the CSP refuses inline style.

The same map gives the same picture: the layout's chance is seeded and nodes come in their order. Shapes and lines say
in black and white what they say in colour; everything drawn stands in the tables beneath.
"""

import math
import textwrap

import networkx
import numpy
from django.utils.html import format_html, format_html_join

from hsb.core import words
from panels.states import Basis, NodeKind

MOST_DRAWN = 300
SEED = 7
LINE, CHARACTER = 19, 8.2  # px: a line of a label, a character of it
WIDEST_LABEL = 18  # characters
MARK = 17  # px: half of a node's mark
GAP = 10  # px: between two labels
LEAST_WIDTH, LEAST_HEIGHT, MARGIN = 640, 320, 24
SCREEN = 880  # px between the outermost marks
LONG_ENOUGH = 190  # px: most lines, where their captions have words
# Where on a line its caption stands: in the middle, or as near to it as nothing else is.
PLACES_ON_A_LINE = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)
CAPTION_CHARACTER, CAPTION_HEIGHT = 7.0, 15  # px
TOO_MANY_WORDS = 40  # links: from here on a line has its number alone
INK, PAPER = "#0b0c0c", "#ffffff"
FILL = {NodeKind.PERSON: "#1d70b8", NodeKind.PLACE: "#00703c", NodeKind.GROUP: "#4c2c92"}
# A line for each basis, told apart without colour: (dashes, width).
LINES = {Basis.FACT: ("", 3), Basis.REPORTED: ("10 6", 3), Basis.INFERRED: ("2 7", 3)}
UNREAD = ("14 4 2 4", 1.5)


def drawing(nodes, links, *, title="The map"):
    """The SVG of what one reader sees (mapping_reading.SeenNode and SeenLink), or "" where there is nothing.

    At most MOST_DRAWN nodes: those nearest to the first ones, ring by ring.
    """
    drawn = nearest(nodes, links)
    if not drawn:
        return ""
    numbers = {node.number for node in drawn}
    links = [link for link in links if link.one.number in numbers and link.other.number in numbers]
    labels = {node.number: textwrap.wrap(node.name, WIDEST_LABEL, max_lines=2, placeholder="…") for node in drawn}
    places, width, height = laid_out(drawn, links, labels)
    lines, captions = _links(links, places, labels)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="group" '
        'aria-labelledby="map-title map-description" font-family="arial, sans-serif" font-size="15" fill="{}">'
        '<title id="map-title">{}</title><desc id="map-description">{}</desc>{}{}{}</svg>',
        width,
        height,
        width,
        height,
        INK,
        title,
        described(len(nodes), len(drawn), len(links)),
        lines,
        format_html_join("", "{}", ((_node(node, places[node.number], labels[node.number]),) for node in drawn)),
        captions,
    )


def described(number, drawn, links):
    """What the picture holds, in a sentence."""
    some = f" The {drawn} nearest to the first are drawn." if drawn < number else ""
    said = (
        f"{words.count(number, 'person, place or group', 'people, places and groups')}, {words.count(links, 'link')}."
    )
    return f"{said[0].upper()}{said[1:]}{some} The tables below say the same."


def nearest(nodes, links, most=MOST_DRAWN):
    """Of more than `most` nodes those nearest to the first ones, ring by ring, in their order."""
    if len(nodes) <= most:
        return list(nodes)
    graph = networkx.Graph()
    graph.add_nodes_from(node.number for node in nodes)
    graph.add_edges_from((link.one.number, link.other.number) for link in links)
    chosen = []
    for node in nodes:
        if node.number not in chosen:
            chosen += list(networkx.bfs_tree(graph, node.number))
        if len(chosen) >= most:
            break
    kept = set(chosen[:most])
    return [node for node in nodes if node.number in kept]


# --- Where everything is ----------------------------------------------------------------------------------------------


def laid_out(nodes, links, labels):
    """({number: (x, y)}, width, height) in px: linked nodes near each other, no label on another.

    What has no link yet stands in rows beneath: somewhere between the others it would make everything small.
    """
    ends = {end.number for link in links for end in (link.one, link.other)}
    numbers = sorted((node.number for node in nodes), key=lambda number: number not in ends)
    sizes = numpy.array([_size(labels[number]) for number in numbers])
    linked = sum(number in ends for number in numbers)
    at = numpy.zeros((len(numbers), 2))
    if linked:
        at[:linked] = _near_each_other(numbers[:linked], links, sizes[:linked])
    _in_rows(at, sizes, linked)
    low, high = (at - sizes / 2).min(axis=0), (at + sizes / 2).max(axis=0)
    size = numpy.maximum(high - low + 2 * MARGIN, (LEAST_WIDTH, LEAST_HEIGHT))
    at = at - low + MARGIN + (size - (high - low + 2 * MARGIN)) / 2
    width, height = (math.ceil(each) for each in size)
    # A node's mark stands at the top of its place, above its label.
    at[:, 1] += MARK + GAP / 2 - sizes[:, 1] / 2
    places = {number: (round(float(x), 1), round(float(y), 1)) for number, (x, y) in zip(numbers, at, strict=True)}
    return places, width, height


def _near_each_other(numbers, links, sizes):
    """Where linked nodes stand."""
    spread = math.sqrt(len(numbers))
    at = _spring(numbers, links) * numpy.array([95 * spread + 60, 62 * spread + 30])
    at = at * _stretch(numbers, links, at)
    at = _apart(at, sizes)
    if (wide := float(numpy.ptp(at[:, 0]))) > SCREEN:
        # As wide as a screen, and higher for it, where there is room.
        at = _apart(at * numpy.array([SCREEN / wide, 1.15]), sizes)
    return at


def _in_rows(at, sizes, linked):
    """Gives the nodes from the place `linked` on theirs: in rows beneath the others, each about its middle."""
    middle, top = 0.0, 0.0
    if linked:
        low, high = (at[:linked] - sizes[:linked] / 2).min(axis=0), (at[:linked] + sizes[:linked] / 2).max(axis=0)
        middle, top = (low[0] + high[0]) / 2, high[1] + GAP
    row = []
    for node in range(linked, len(at)):
        if row and sizes[[*row, node], 0].sum() > SCREEN:
            top = _row(at, sizes, row, middle, top)
            row = []
        row.append(node)
    if row:
        _row(at, sizes, row, middle, top)


def _row(at, sizes, row, middle, top):
    """Puts one row under `top`; returns where the next one begins."""
    height, left = sizes[row, 1].max(), middle - sizes[row, 0].sum() / 2
    for node in row:
        at[node] = left + sizes[node, 0] / 2, top + sizes[node, 1] / 2
        left += sizes[node, 0]
    return top + height


def _size(label):
    """Width and height of a node with its label."""
    longest = max((len(line) for line in label), default=0)
    return max(2 * MARK, longest * CHARACTER) + GAP, 2 * MARK + len(label) * LINE + GAP


def _stretch(numbers, links, at):
    """By how much the map grows, so that a line is long enough for its caption."""
    place = {number: row for row, number in enumerate(numbers)}
    lengths = [float(numpy.hypot(*(at[place[link.one.number]] - at[place[link.other.number]]))) for link in links]
    if not lengths or len(links) > TOO_MANY_WORDS:
        return 1.0
    return min(max(1.0, LONG_ENOUGH / max(float(numpy.percentile(lengths, 30)), 1.0)), 1.8)


def _spring(numbers, links):
    """Positions about 0, -1 to 1 in both directions."""
    graph = networkx.Graph()
    graph.add_nodes_from(numbers)
    graph.add_edges_from((link.one.number, link.other.number) for link in links)
    if len(numbers) == 1:
        return numpy.zeros((1, 2))
    rounds = 300 if len(numbers) <= 60 else 60
    found = networkx.spring_layout(graph, seed=SEED, iterations=rounds, k=3 / math.sqrt(len(numbers)))
    at = numpy.array([found[number] for number in numbers])
    low, high = at.min(axis=0), at.max(axis=0)
    return (at - (low + high) / 2) / numpy.maximum((high - low) / 2, 0.001)


def _apart(at, sizes):
    """Moves what overlaps apart, along the shorter way, until nothing does."""
    least = (sizes[:, None, :] + sizes[None, :, :]) / 2
    order = numpy.sign(numpy.arange(len(at))[:, None] - numpy.arange(len(at))[None, :])
    for _ in range(150):
        way = at[:, None, :] - at[None, :, :]
        over = least - numpy.abs(way)
        overlaps = (over > 0.5).all(axis=2)
        numpy.fill_diagonal(overlaps, False)
        if not overlaps.any():
            break
        across = over[:, :, 0] < over[:, :, 1]
        sign = numpy.where(way == 0, order[:, :, None], numpy.sign(way))
        push = numpy.stack([across, ~across], axis=2) * sign * over * overlaps[:, :, None] / 2
        at = at + push.sum(axis=1) * 0.9
    return at


# --- What is drawn ----------------------------------------------------------------------------------------------------


def _links(links, places, labels):
    """(the lines, their captions): the captions are drawn last, so that nothing lies over them."""
    several, lines, captions = {}, [], []
    taken = [_box_of(places[number], labels[number]) for number in places]
    for link in links:
        ends = tuple(sorted((link.one.number, link.other.number)))
        several.setdefault(ends, []).append(link)
    for ends, between in several.items():
        for place, link in enumerate(between):
            curve = _curve(places[ends[0]], places[ends[1]], place - (len(between) - 1) / 2)
            lines.append((_line(link, curve),))
            captions.append((_caption(link, curve, taken, len(links) <= TOO_MANY_WORDS),))
    return format_html_join("", "{}", lines), format_html_join("", "{}", captions)


def _box_of(at, label):
    """What a node takes up: its mark, with its label beneath."""
    x, y = at
    width, height = _size(label)
    return x - width / 2, y - MARK, x + width / 2, y - MARK + height


def _curve(start, end, beside):
    """The three points of a line; several between the same two bend away from each other."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1
    across, down = -(y2 - y1) / length * beside * 52, (x2 - x1) / length * beside * 52
    return (x1, y1), ((x1 + x2) / 2 + across, (y1 + y2) / 2 + down), (x2, y2)


def _on(curve, part):
    """The point of a curve at that part of it, 0 to 1."""
    (x1, y1), (x, y), (x2, y2) = curve
    rest = 1 - part
    return (
        rest * rest * x1 + 2 * rest * part * x + part * part * x2,
        rest * rest * y1 + 2 * rest * part * y + part * part * y2,
    )


def _line(link, curve):
    dashes, width = LINES[link.words["basis"]] if link.words else UNREAD
    return format_html(
        '<path d="M{} {} Q{} {} {} {}" fill="none" stroke="{}" stroke-width="{}"{} stroke-linecap="{}"/>',
        *_px(*curve[0], *curve[1], *curve[2]),
        "#505a5f",
        width,
        format_html(' stroke-dasharray="{}"', dashes) if dashes else "",
        "round" if dashes.startswith("2") else "butt",
    )


def _caption(link, curve, taken, with_words):
    """The number by which the table calls the link, and what it is: where it lies on nothing else, if there is room."""
    said = f"{link.number} {link.words['kind']}" if link.words and with_words else str(link.number)
    half = len(said) * CAPTION_CHARACTER / 2
    boxes = [
        (x - half, y - CAPTION_HEIGHT / 2, x + half, y + CAPTION_HEIGHT / 2)
        for x, y in (_on(curve, part) for part in (PLACES_ON_A_LINE if with_words else PLACES_ON_A_LINE[:1]))
    ]
    box = min(boxes, key=lambda each: sum(_overlap(each, other) for other in taken)) if with_words else boxes[0]
    taken.append(box)
    return format_html(
        '<text x="{}" y="{}" text-anchor="middle" font-size="13" paint-order="stroke" stroke="{}" stroke-width="5" '
        'stroke-linejoin="round">{}</text>',
        *_px((box[0] + box[2]) / 2, box[3] - 3),
        PAPER,
        said,
    )


def _overlap(one, other):
    """The area that two boxes share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0


def _node(node, at, label):
    """A mark with the node's number in it, its label beneath; a link to its row of the table."""
    x, y = at
    rows = format_html_join(
        "",
        '<tspan x="{}" dy="{}">{}</tspan>',
        ((*_px(x), 0 if line == 0 else LINE, text) for line, text in enumerate(label)),
    )
    return format_html(
        '<a href="#node-{}">{}<text x="{}" y="{}" text-anchor="middle" font-size="14" font-weight="bold" fill="{}">{}'
        '</text><text y="{}" text-anchor="middle" font-weight="{}" paint-order="stroke" stroke="{}" stroke-width="4" '
        'stroke-linejoin="round">{}</text></a>',
        node.number,
        _mark(node, x, y),
        *_px(x, y + 5),
        PAPER if node.shown else INK,
        node.number,
        *_px(y + MARK + 16),
        "bold" if node.is_person and node.shown else "normal",
        PAPER,
        rows,
    )


def _mark(node, x, y):
    """A circle for a person, a square for a place, a hexagon for a group; empty and dashed where it is not shown."""
    look = format_html(
        'fill="{}" stroke="{}" stroke-width="2"{}',
        FILL[node.kind] if node.shown else PAPER,
        INK,
        "" if node.shown else format_html(' stroke-dasharray="{}"', "4 3"),
    )
    if node.kind == NodeKind.PERSON:
        return format_html('<circle cx="{}" cy="{}" r="{}" {}/>', *_px(x, y), MARK, look)
    if node.kind == NodeKind.PLACE:
        return format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" {}/>', *_px(x - MARK, y - MARK), 2 * MARK, 2 * MARK, look
        )
    corners = [
        (MARK + 3, 0),
        (MARK / 2, MARK),
        (-MARK / 2, MARK),
        (-MARK - 3, 0),
        (-MARK / 2, -MARK),
        (MARK / 2, -MARK),
    ]
    points = " ".join(",".join(_px(x + across, y + down)) for across, down in corners)
    return format_html('<polygon points="{}" {}/>', points, look)


def _px(*numbers):
    return [f"{number:.1f}".removesuffix(".0") for number in numbers]
