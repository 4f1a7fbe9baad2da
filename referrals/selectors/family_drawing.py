"""Household and family as a picture: SVG with presentation attributes only, because the CSP refuses inline style.

Three columns, so that it is read on a phone as it is: the child in the middle, carers above, brothers and sisters
beside, the others in rows around them; whoever lives with the child inside a dashed outline. Everybody stands in a
column, and the lines run between the columns: nothing lies on anything. What colour would say, a frame says.
"""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join

from hsb.core import words
from referrals.kinships import Circle

MOST_DRAWN = 14
INK, PAPER, SHADE = "#0b0c0c", "#ffffff", "#f3f2f1"
WIDTH, EDGE = 360, 4  # px: of the picture, and around the outline of the home
COLUMNS = (12, 128, 244)  # px: where each begins
BOX, PADDING = 104, 6  # px: as wide as a column; around the words in it
MIDDLE, ABOVE, BELOW = 180, 122, 238  # px: the child's line, and the ways down beside the columns
BUS, GAP = 10, 12  # px: from a row to the line that joins it; from there to what is next
NAME, LINE, SMALL = 17, 16, 13  # px: heights of the lines, size of the small letters
HEADING = 20
MOST_LINES = 2
# Which columns a row of so many takes: its lines then never lie under a box.
TAKES = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}
# How wide letters are, in parts of their size: what is none of these is as wide as most small ones.
NARROW, WIDE = set("fijlrtI.,:;'|!()[]- "), set("mwMW@%")


@dataclass(frozen=True, eq=False)
class Figure:
    """One person on the picture. Not `shown`: somebody of whom no name is said; two of them can say the same."""

    name: str
    relation: str
    circle: Circle
    at_home: bool = False
    shown: bool = True
    responsible: bool = False


@dataclass(frozen=True)
class Box:
    """A figure (None: the child) with its lines of words, and where it stands."""

    figure: Figure | None
    lines: tuple  # of (words, bold)
    x: float = 0
    y: float = 0

    @property
    def height(self):
        return 2 * PADDING + sum(NAME if bold else LINE for _, bold in self.lines)

    @property
    def middle(self):
        return self.x + BOX / 2


def drawing(child, figures):
    """The SVG of the child's family, or "" where nobody is recorded. At most MOST_DRAWN are drawn, the rest counted."""
    if not figures:
        return ""
    return _Picture(child, figures).svg()


def nearest(figures):
    """Those who are drawn: carers and whoever is at home before the others."""
    order = list(Circle)
    ranked = sorted(
        figures, key=lambda each: (each.circle != Circle.CARERS, not each.at_home, order.index(each.circle))
    )
    return ranked[:MOST_DRAWN]


class _Picture:
    """Walks down the page once: boxes and lines as they come."""

    def __init__(self, child, figures):
        self.child, self.all, self.drawn = child, figures, nearest(figures)
        self.boxes, self.lines, self.headings, self.home = [], [], [], None
        # Of each row above and below the child: where its line runs, and the middles of its boxes.
        self.above, self.below = [], []
        self.y = EDGE
        self._walk()

    def _walk(self):
        home = [each for each in self.drawn if each.at_home]
        away = [each for each in self.drawn if not each.at_home]
        other = "Other {}" if home else "{}"
        self._above(_capital(other.format("parents and carers")), _of(away, Circle.CARERS))
        top = self.y
        if home:
            self.y += HEADING
            self.headings.append(("In one home", top + 15))
        self._above("", _of(home, Circle.CARERS))
        beside = _of(home or away, Circle.SIBLINGS)[:2]
        self._child(beside)
        self._below("", [each for each in home if each.circle != Circle.CARERS and each not in beside])
        if home:
            self.home = (top, self.y)
            self.y += GAP
        for circle, heading in (
            (Circle.SIBLINGS, _capital(other.format("brothers and sisters"))),
            (Circle.FAMILY, "Other family"),
            (Circle.OTHERS, "Friends and others"),
        ):
            self._below(heading, [each for each in _of(away, circle) if each not in beside])
        self._join_below()
        more = len(self.all) - len(self.drawn)
        if more:
            self.y += LINE
            self.headings.append((f"And {words.count(more, 'more person', 'more people')}, in the lists.", self.y))
            self.y += GAP

    def _heading(self, text):
        if text:
            self.headings.append((text, self.y + 14))
            self.y += HEADING

    def _row(self, figures, *, at):
        """Boxes of one row, their lower ends (`at` is 1) or their upper ones (0) level. Moves down past it."""
        boxes = [_box(each) for each in figures]
        high = max(box.height for box in boxes)
        placed = [
            Box(box.figure, box.lines, COLUMNS[column], self.y + (high - box.height) * at)
            for box, column in zip(boxes, TAKES[len(boxes)], strict=True)
        ]
        self.boxes += placed
        self.y += high
        return placed

    def _above(self, heading, figures):
        """Rows whose line runs beneath them, and from one to the next on the left."""
        if not figures:
            return
        self._heading(heading)
        for row in _threes(figures):
            placed = self._row(row, at=1)
            bus = self.y + BUS
            self.lines += [(box.middle, box.y + box.height, box.middle, bus) for box in placed]
            self.above.append((bus, [box.middle for box in placed]))
            self.y = bus + GAP

    def _child(self, beside):
        boxes = [_box(each) for each in beside]
        middle = Box(None, _child_lines(self.child))
        high = max(box.height for box in [*boxes, middle])
        level = self.y + high / 2
        for box, column in zip(boxes, (0, 2), strict=False):
            self.boxes.append(Box(box.figure, box.lines, COLUMNS[column], level - box.height / 2))
            ends = (COLUMNS[0] + BOX, COLUMNS[1]) if column == 0 else (COLUMNS[1] + BOX, COLUMNS[2])
            self.lines.append((ends[0], level, ends[1], level))
        self.centre = Box(None, middle.lines, COLUMNS[1], level - middle.height / 2)
        self.boxes.append(self.centre)
        self._join_above()
        self.y += high
        # Beneath the child, on the way to the right: no heading and no box is there.
        self.turn = self.y + GAP / 2
        self.y += GAP

    def _join_above(self):
        rows = self.above
        for place, (bus, middles) in enumerate(rows):
            last = place == len(rows) - 1
            ends = [*middles, *([MIDDLE] if last else []), *([ABOVE] if len(rows) > 1 else [])]
            self.lines.append((min(ends), bus, max(ends), bus))
        if rows:
            self.lines.append((MIDDLE, rows[-1][0], MIDDLE, self.centre.y))
            if len(rows) > 1:
                self.lines.append((ABOVE, rows[0][0], ABOVE, rows[-1][0]))

    def _below(self, heading, figures):
        """Rows whose line runs above them, and from one to the next on the right."""
        if not figures:
            return
        self._heading(heading)
        for row in _threes(figures):
            bus = self.y
            self.y += BUS
            placed = self._row(row, at=0)
            self.lines += [(box.middle, bus, box.middle, box.y) for box in placed]
            self.below.append((bus, [box.middle for box in placed]))
            self.y += GAP

    def _join_below(self):
        if not self.below:
            return
        for bus, middles in self.below:
            ends = [*middles, BELOW]
            self.lines.append((min(ends), bus, max(ends), bus))
        self.lines += [
            (MIDDLE, self.centre.y + self.centre.height, MIDDLE, self.turn),
            (MIDDLE, self.turn, BELOW, self.turn),
            (BELOW, self.turn, BELOW, self.below[-1][0]),
        ]

    # --- As SVG ---

    def svg(self):
        height = self.y + EDGE
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="family-title '
            'family-description" font-family="arial, sans-serif" font-size="{}" fill="{}">'
            '<title id="family-title">{}</title><desc id="family-description">{}</desc>{}{}{}{}</svg>',
            *_px(WIDTH, height),
            SMALL,
            INK,
            f"Household and family of {self.child}",
            self.described(),
            self._outline(),
            format_html_join(
                "",
                '<path d="M{} {}L{} {}" stroke="{}" stroke-width="1.5"/>',
                ((*_px(*line), INK) for line in self.lines),
            ),
            format_html_join(
                "", '<text x="{}" y="{}">{}</text>', ((COLUMNS[0], *_px(y), text) for text, y in self.headings)
            ),
            format_html_join("", "{}", ((_drawn(box),) for box in self.boxes)),
        )

    def described(self):
        """What the picture holds, in a sentence."""
        people = words.count(len(self.all), "person", "people")
        home = sum(each.at_home for each in self.all)
        return (
            f"{people[:1].upper()}{people[1:]} around {self.child}, {home or 'nobody'} of them in the same home. "
            "The lists below say the same."
        )

    def _outline(self):
        if self.home is None:
            return ""
        top, bottom = self.home
        return format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="8" fill="{}" stroke="{}" stroke-width="2" '
            'stroke-dasharray="9 5"/>',
            *_px(EDGE, top, WIDTH - 2 * EDGE, bottom - top),
            SHADE,
            INK,
        )


def _capital(text):
    return text[:1].upper() + text[1:]


def _of(figures, circle):
    return [each for each in figures if each.circle == circle]


def _threes(figures):
    """Rows of at most three, as even as they can be: four are two and two."""
    number = -(-len(figures) // 3)
    size = -(-len(figures) // number)
    return [figures[at : at + size] for at in range(0, len(figures), size)]


def _box(figure):
    lines = [(line, True) for line in wrapped(figure.name, NAME - 3, bold=True)]
    lines += [(line, False) for line in wrapped(figure.relation, SMALL)]
    if figure.responsible:
        lines.append(("Has PR", False))
    return Box(figure, tuple(lines))


def _child_lines(name):
    return tuple((line, True) for line in wrapped(name, NAME - 3, bold=True))


def _drawn(box):
    figure = box.figure
    border = 3 if figure is None or figure.responsible else 1.5
    dotted = figure is not None and not figure.shown
    rows, y = [], box.y + PADDING
    for text, bold in box.lines:
        y += NAME if bold else LINE
        rows.append((*_px(box.middle, y - 4), NAME - 3 if bold else SMALL, "bold" if bold else "normal", text))
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="{}"{}/>{}',
        *_px(box.x, box.y, BOX, box.height),
        16 if figure is None else 3,
        PAPER,
        INK,
        border,
        format_html(' stroke-dasharray="{}"', "2 3") if dotted else "",
        format_html_join(
            "", '<text x="{}" y="{}" text-anchor="middle" font-size="{}" font-weight="{}">{}</text>', rows
        ),
    )


# --- Words in a box ---------------------------------------------------------------------------------------------------


def wrapped(text, size, *, bold=False):
    """The text in at most MOST_LINES lines that fit into a box; what is too long ends in "…"."""
    room = BOX - 2 * PADDING
    lines, left = [], text.split()
    while left and len(lines) < MOST_LINES:
        line = left.pop(0)
        while left and width(f"{line} {left[0]}", size, bold) <= room:
            line = f"{line} {left.pop(0)}"
        if width(line, size, bold) > room:
            fits = next(n for n in range(len(line), 0, -1) if n == 1 or width(line[:n], size, bold) <= room)
            left.insert(0, line[fits:])
            line = line[:fits]
        lines.append(line)
    if left:
        last = lines[-1]
        while last and width(f"{last}…", size, bold) > room:
            last = last[:-1]
        lines[-1] = f"{last}…"
    return lines


def width(text, size, bold=False):
    """About how wide a text is, in px, rather too much than too little."""
    return size * (1.08 if bold else 1) * sum(map(_part, text))


def _part(letter):
    if letter in NARROW:
        return 0.36
    if letter in WIDE or ord(letter) > 0x2E7F:
        return 1.0
    return 0.73 if letter.isupper() else 0.58


def _px(*numbers):
    return [f"{number:.1f}".removesuffix(".0") for number in numbers]
