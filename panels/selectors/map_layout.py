"""Where everything on a map stands: in px, the same for the same map, with no label on another.

What is linked is laid out by its links, part by part: as far from each other as it is steps away (stress
majorisation), the longer way across the page. What has no link yet stands in rows beneath.
"""

import math
from dataclasses import dataclass

import networkx
import numpy

SEED = 7
LINE, CHARACTER = 19, 9.2  # px: a line of a label, a character of it
MARK = 17  # px: half of a node's mark
GAP = 14  # px: between two labels
MARGIN, HEADING = 20, 40  # px: around the map, and above the rows of what has no link
PAGE = 1040  # px: as wide as the page's column
LEAST_WIDTH, LEAST_HEIGHT = 320, 150
MANY = 60  # nodes: from here on the map is wider than the page
STEP = numpy.array([250.0, 118.0])  # px: a link across, a link down; captions are wide and flat
COLUMN = 240  # px: the widest column of what has no link
ROUNDS = 60  # of majorisation, and of moving apart
ROOMY = 1.8  # by how much more paper a map takes than its labels
FEW, STARTS = 20, 3  # up to so many nodes, from so many beginnings by chance


@dataclass
class Layout:
    """`places`: {number: (x, y)} of the marks; `unlinked_from`: where the rows of what has no link begin, or None."""

    places: dict
    width: int
    height: int
    unlinked_from: float | None = None


@dataclass
class Block:
    """Some nodes with their middles, from its own upper left corner."""

    numbers: list
    at: numpy.ndarray
    width: float
    height: float


def size_of(label):
    """Width and height of a node with the lines of its label."""
    longest = max((len(line) for line in label), default=0)
    return max(2 * MARK, longest * CHARACTER) + GAP, 2 * MARK + len(label) * LINE + GAP


def laid_out(nodes, links, labels):
    """The Layout of nodes and links (mapping_reading) with these labels ({number: lines})."""
    page = PAGE * math.sqrt(max(1.0, len(nodes) / MANY))
    sizes = {node.number: size_of(labels[node.number]) for node in nodes}
    graph = networkx.Graph()
    graph.add_nodes_from(node.number for node in nodes)
    graph.add_edges_from((link.one.number, link.other.number) for link in links)
    parts = [sorted(part) for part in networkx.connected_components(graph)]
    linked = sorted((part for part in parts if len(part) > 1), key=lambda part: (-len(part), part))
    alone = sorted(part[0] for part in parts if len(part) == 1)
    placed, width, height = _shelved([_linked(part, graph, sizes, page) for part in linked], page)
    unlinked_from = None
    if alone:
        rows = _rows(alone, sizes, page)
        unlinked_from = height + GAP if linked else None
        top = height + GAP + HEADING if linked else 0
        width = max(width, rows.width)
        placed.append((rows, 0 if linked else (width - rows.width) / 2, top))
        height = top + rows.height
    return _framed(placed, sizes, width, height, unlinked_from)


def _framed(placed, sizes, width, height, unlinked_from):
    """Everything in its frame, in the middle of one that is at least as large as is worth looking at."""
    whole = max(width + 2 * MARGIN, LEAST_WIDTH), max(height + 2 * MARGIN, LEAST_HEIGHT)
    left, top = (whole[0] - width) / 2, (whole[1] - height) / 2
    places = {}
    for block, x, y in placed:
        for number, (across, down) in zip(block.numbers, block.at, strict=True):
            # A node's mark stands at the top of its place, above its label.
            mark = down - sizes[number][1] / 2 + MARK + GAP / 2
            places[number] = (round(float(left + x + across), 1), round(float(top + y + mark), 1))
    begins = None if unlinked_from is None else round(float(top + unlinked_from), 1)
    return Layout(places, math.ceil(whole[0]), math.ceil(whole[1]), begins)


# --- What has no link, and several parts beside each other ------------------------------------------------------------


def _rows(numbers, sizes, page):
    """A Block of rows that are as even as they can be."""
    widest, highest = (max(sizes[number][axis] for number in numbers) for axis in (0, 1))
    most = max(1, int(page // widest))
    columns = math.ceil(len(numbers) / math.ceil(len(numbers) / most))
    column = min(page / columns, max(widest, COLUMN))
    at = [(column * (row % columns + 0.5), highest * (row // columns + 0.5)) for row in range(len(numbers))]
    # A shorter label stands as high as a longer one beside it.
    at = [(x, y - (highest - sizes[number][1]) / 2) for number, (x, y) in zip(numbers, at, strict=True)]
    return Block(numbers, numpy.array(at), column * columns, highest * math.ceil(len(numbers) / columns))


def _shelved(blocks, page):
    """([(block, x, y)], width, height): beside each other where they fit on the page, else beneath."""
    shelves = []
    for block in blocks:
        if shelves and sum(each.width + 2 * GAP for each in shelves[-1]) + block.width <= page:
            shelves[-1].append(block)
        else:
            shelves.append([block])
    width = max((sum(each.width for each in shelf) + 2 * GAP * (len(shelf) - 1) for shelf in shelves), default=0)
    placed, top = [], 0
    for shelf in shelves:
        high = max(each.height for each in shelf)
        x = (width - sum(each.width for each in shelf) - 2 * GAP * (len(shelf) - 1)) / 2
        for block in shelf:
            placed.append((block, x, top + (high - block.height) / 2))
            x += block.width + 2 * GAP
        top += high + GAP
    return placed, width, max(top - GAP, 0)


# --- What is linked ---------------------------------------------------------------------------------------------------


def _linked(numbers, graph, sizes, page):
    """The Block of one linked part: of several layouts the one whose lines cross least, and run through nobody."""
    row = {number: place for place, number in enumerate(numbers)}
    edges = numpy.array([(row[one], row[other]) for one, other in graph.subgraph(numbers).edges])
    boxes = numpy.array([sizes[number] for number in numbers])
    steps = _steps(len(numbers), edges)
    found = [_fitted(start, steps, boxes, page) for start in _starts(len(numbers), steps)]
    at = min(found, key=lambda each: _muddle(each, edges, boxes)) if len(found) > 1 else found[0]
    low, high = (at - boxes / 2).min(axis=0), (at + boxes / 2).max(axis=0)
    return Block(numbers, at - low, float(high[0] - low[0]), float(high[1] - low[1]))


def _steps(number, edges):
    """How far from each other any two are to stand, in steps; a link of somebody who has many is longer."""
    degree = numpy.bincount(edges.ravel(), minlength=number)
    one, other = edges.T
    length = 1 + numpy.maximum(0, numpy.sqrt(numpy.maximum(degree[one], degree[other])) - 2) / 2
    away = numpy.full((number, number), numpy.inf)
    numpy.fill_diagonal(away, 0)
    away[one, other] = away[other, one] = length
    for between in range(number):
        numpy.minimum(away, away[:, between, None] + away[None, between, :], out=away)
    return away


def _starts(number, steps):
    """Where everybody stands at first: by the two main axes of their distances, on a circle, and by a seeded chance."""
    angle = 2 * math.pi * numpy.arange(number) / number
    circle = numpy.stack([numpy.cos(angle), numpy.sin(angle)], axis=1) * steps.max() / 2
    if number == 2:
        return [circle]
    chance = numpy.random.default_rng(SEED)
    far = _far_apart(steps)
    squares = steps[:, far] ** 2
    squares = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    _, _, axes = numpy.linalg.svd(squares.T @ squares)
    main = -squares @ axes[:2].T
    main *= steps.max() / max(float(numpy.ptp(main)), 1e-6)
    main += chance.normal(scale=0.1, size=main.shape)  # two that are alike do not stand on one point
    if number > MANY:
        return [main]
    more = [chance.normal(size=(number, 2)) * steps.max() / 2 for _ in range(STARTS if number <= FEW else 1)]
    return [main, circle, *more]


def _far_apart(steps, most=20):
    """Some of them, each as far as can be from those before: their distances stand for everybody's."""
    far = [0]
    nearest = steps[0].copy()
    while len(far) < min(most, len(steps)):
        far.append(int(nearest.argmax()))
        numpy.minimum(nearest, steps[far[-1]], out=nearest)
    return far


def _fitted(start, steps, boxes, page):
    """In px: laid out, the longer way across, no wider than the page where that can be, nothing on anything."""
    at = _majorised(start, steps)
    at -= at.mean(axis=0)
    _, _, axes = numpy.linalg.svd(at, full_matrices=False)
    at = at @ axes.T * STEP
    at *= numpy.where(at[0] > 0, -1, 1)  # the first of them to the left and above
    room = page - boxes[:, 0].max()
    high = ROOMY * float(boxes.prod(axis=1).sum()) / page
    for _ in range(3):
        at = _apart(at, boxes)
        wide = float(numpy.ptp(at[:, 0]))
        if wide <= room:
            return _beneath(at, boxes)
        at = at * numpy.array([room / wide, max(1.1, high / max(float(numpy.ptp(at[:, 1])), 1.0))])
    return _beneath(_apart(at, boxes), boxes)


def _majorised(at, steps):
    """Stress majorisation: each round brings all distances nearer to what they are to be."""
    number = len(at)
    away = steps + numpy.eye(number)
    weights = away**-2.0
    numpy.fill_diagonal(weights, 0)
    pulls = numpy.diag(weights.sum(axis=1)) - weights
    inverse = numpy.linalg.inv(pulls + 1 / number) - 1 / number
    wanted = weights * steps
    for _ in range(ROUNDS):
        x, y = at.T
        now = numpy.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
        ratio = wanted / numpy.maximum(now, 1e-6)
        moved = inverse @ (ratio.sum(axis=1)[:, None] * at - ratio @ at)
        if numpy.abs(moved - at).max() < 0.005:
            return moved
        at = moved
    return at


def _apart(at, boxes):
    """Moves what overlaps apart, along the shorter way, until nothing does."""
    x, y = at.T.copy()
    least_x, least_y = ((side[:, None] + side[None, :]) / 2 for side in boxes.T)
    later = numpy.sign(numpy.arange(len(x))[:, None] - numpy.arange(len(x))[None, :])
    for _ in range(ROUNDS if len(x) > MANY else 3 * ROUNDS):
        way_x, way_y = x[:, None] - x[None, :], y[:, None] - y[None, :]
        over_x, over_y = least_x - numpy.abs(way_x), least_y - numpy.abs(way_y)
        overlaps = (over_x > 0.5) & (over_y > 0.5) & (later != 0)
        one, other = numpy.nonzero(overlaps)
        if not len(one):
            break
        aside = over_x[one, other] < over_y[one, other]
        ordered = later[one, other]
        for axis, way, over, chosen in ((x, way_x, over_x, aside), (y, way_y, over_y, ~aside)):
            sign = numpy.where(way[one, other] == 0, ordered, numpy.sign(way[one, other]))
            numpy.add.at(axis, one, 0.45 * sign * over[one, other] * chosen)
    return numpy.stack([x, y], axis=1)


def _beneath(at, boxes):
    """What still lies on something else moves down to where it does not, from above on."""
    at = at.copy()
    done = []
    for each in numpy.lexsort((at[:, 0], at[:, 1])):
        while done:
            least = (boxes[done] + boxes[each]) / 2
            on = (numpy.abs(at[done] - at[each]) < least - 0.5).all(axis=1)
            if not on.any():
                break
            at[each, 1] = (at[done][on, 1] + least[on, 1]).max()
        done.append(each)
    return at


def _muddle(at, edges, boxes):
    """How hard the lines are to follow: how many cross, how many run through somebody else, how much paper it takes."""
    one, other = at[edges[:, 0]], at[edges[:, 1]]
    along = other - one

    def side(points):  # of each line, on which of its sides each point lies
        return numpy.sign(
            along[:, None, 0] * (points[None, :, 1] - one[:, None, 1])
            - along[:, None, 1] * (points[None, :, 0] - one[:, None, 0])
        )

    apart = side(one) * side(other) < 0
    crossing = int((apart & apart.T).sum()) / 2
    part = numpy.linspace(0.15, 0.85, 12)[None, :, None]
    points = one[:, None, :] + part * along[:, None, :]
    near = numpy.abs(points[:, :, None, :] - at[None, None, :, :]) < (boxes - GAP) / 2
    through = near.all(axis=3).any(axis=1)
    through[numpy.arange(len(edges)), edges[:, 0]] = through[numpy.arange(len(edges)), edges[:, 1]] = False
    paper = numpy.prod(numpy.ptp(at, axis=0)) / 2e5
    return crossing + 2 * int(through.sum()) + float(paper)
