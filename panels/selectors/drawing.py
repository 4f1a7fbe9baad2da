"""The map as a picture: SVG with presentation attributes only, because the CSP refuses inline style.

The same map gives the same picture: the chance of its layout is seeded (map_layout) and nodes come in their order.
Shapes and lines say in black and white what they say in colour; everything drawn stands in the tables beneath.
"""

import math
import textwrap

import networkx
from django.utils.html import format_html, format_html_join

from hsb.core import words
from panels.selectors.map_layout import GAP, LINE, MARGIN, MARK, laid_out, size_of
from panels.states import Basis, NodeKind

MOST_DRAWN = 300
WIDEST_LABEL = 18  # characters
# Where on a line its caption stands: in the middle, or as near to it as nothing else is; on the line or beside it.
PLACES_ON_A_LINE = (0.5, 0.43, 0.57, 0.36, 0.64, 0.29, 0.71, 0.22, 0.78)
BESIDE_A_LINE = (0, -11, 11)  # px
CAPTION_CHARACTER, CAPTION_HEIGHT = 7.4, 17  # px
TOUCHING = 12  # px of area: less of an overlap is none
TOO_MANY_WORDS = 80  # links: from here on a line has its number alone
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
    layout = laid_out(drawn, links, labels)
    places = layout.places
    lines, captions = _links(links, places, labels)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="group" '
        'aria-labelledby="map-title map-description" font-family="arial, sans-serif" font-size="15" fill="{}">'
        '<title id="map-title">{}</title><desc id="map-description">{}</desc>{}{}{}{}</svg>',
        layout.width,
        layout.height,
        layout.width,
        layout.height,
        INK,
        title,
        described(len(nodes), len(drawn), len(links)),
        _unlinked(layout),
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


# --- What is drawn ----------------------------------------------------------------------------------------------------


def _unlinked(layout):
    """What stands over the rows of what has no link yet."""
    if layout.unlinked_from is None:
        return ""
    return format_html(
        '<path d="M{} {}H{}" stroke="#b1b4b6" stroke-width="1"/><text x="{}" y="{}">No link yet</text>',
        *_px(MARGIN, layout.unlinked_from, layout.width - MARGIN, MARGIN, layout.unlinked_from + 24),
    )


def _links(links, places, labels):
    """(the lines, their captions): the captions are drawn last, so that nothing lies over them."""
    several, lines, captions = {}, [], []
    taken = [box for number in places for box in _boxes_of(places[number], labels[number])]
    for link in links:
        ends = tuple(sorted((link.one.number, link.other.number)))
        several.setdefault(ends, []).append(link)
    for ends, between in several.items():
        for place, link in enumerate(between):
            curve = _curve(places[ends[0]], places[ends[1]], place - (len(between) - 1) / 2)
            lines.append((_line(link, curve),))
            captions.append((_caption(link, curve, taken, len(links) <= TOO_MANY_WORDS),))
    return format_html_join("", "{}", lines), format_html_join("", "{}", captions)


def _boxes_of(at, label):
    """What a node takes up: its mark, and its label beneath."""
    x, y = at
    width, height = size_of(label)
    half = (width - GAP) / 2 + 3
    yield x - MARK - 3, y - MARK - 3, x + MARK + 3, y + MARK + 3
    yield x - half, y + MARK, x + half, y - MARK + height - GAP


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
    """The number by which the table calls the link, and what it is, where there is room on nothing else for that."""
    said = [str(link.number)]
    if link.words and with_words:
        said.insert(0, f"{link.number} {link.words['kind']}")
    for text in said:
        box, covered = _free(curve, len(text) * CAPTION_CHARACTER / 2, taken)
        if covered < TOUCHING:
            break
    taken.append(box)
    return format_html(
        '<path d="M{} {}H{}" stroke="{}" stroke-width="14"/><text x="{}" y="{}" text-anchor="middle" font-size="14" '
        'paint-order="stroke" stroke="{}" stroke-width="4" stroke-linejoin="round">{}</text>',
        *_px(box[0] + 3, (box[1] + box[3]) / 2, box[2] - 3),
        PAPER,  # no line is seen through the words
        *_px((box[0] + box[2]) / 2, box[3] - 4),
        PAPER,
        text,
    )


def _free(curve, half, taken):
    """(box, how much of it is taken) of a caption so wide: the first that is free, else where least is taken."""
    (x1, y1), (middle, level), (x2, y2) = curve
    length = math.hypot(x2 - x1, y2 - y1) or 1
    room = half + CAPTION_HEIGHT
    reach = (
        min(x1, middle, x2) - room,
        min(y1, level, y2) - room,
        max(x1, middle, x2) + room,
        max(y1, level, y2) + room,
    )
    taken = [other for other in taken if _overlap(reach, other)]
    best = None
    for beside in BESIDE_A_LINE:
        across, down = -(y2 - y1) / length * beside, (x2 - x1) / length * beside
        for part in PLACES_ON_A_LINE:
            x, y = _on(curve, part)
            box = _around(x + across, y + down, half)
            covered = sum(_overlap(box, other) for other in taken)
            if covered < TOUCHING:
                return box, covered
            if best is None or covered < best[1]:
                best = box, covered
    return best


def _around(x, y, half):
    return x - half, y - CAPTION_HEIGHT / 2, x + half, y + CAPTION_HEIGHT / 2


def _overlap(one, other):
    """The area that two boxes share."""
    if one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]:
        return 0
    return (min(one[2], other[2]) - max(one[0], other[0])) * (min(one[3], other[3]) - max(one[1], other[1]))


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
