#!/usr/bin/python3 -I
"""Draws two columns of a table as bars, a line or a pie, into a PNG."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from stepkit import choice, fail, setting, whole_number
from stepkit.numbers import Numbers
from stepkit.paper import INK, MUTED, PALETTE, REST, Box, Colour, Paper, Scale, scale_for
from stepkit.tables import Table

MOST = {"bars": 60, "line": 100_000, "pie": 10_000}
SLICES = 8  # smaller ones are put together as “others”
EDGE = 44
MOST_DIGITS = 2  # after the point, on the picture


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    value: float
    shown: str


def points(kind: str) -> list[Point]:
    """The two columns; an empty cell has nothing to draw."""
    table = Table()
    label, value = table.find(setting("labels")), table.find(setting("values"))
    numbers = Numbers(setting("values"))
    found: list[tuple[str, Decimal]] = []
    for row in table.rows():
        if row[value].strip():
            found.append((row[label].strip(), numbers.read(row[value], table.line)))
        if len(found) > MOST[kind]:
            fail(f"The table has more than {MOST[kind]:,} rows to draw. Group them first, or draw a line.")
    if not found:
        fail(f"There is nothing to draw: the column “{setting('values')}” has no numbers.")
    order = choice("order", "first", "largest", "smallest")
    if order != "first":
        found.sort(key=lambda each: each[1], reverse=order == "largest")
    digits = min(MOST_DIGITS, max(decimals(number) for _, number in found))
    return [Point(name, float(number), shown(number, digits)) for name, number in found]


def decimals(number: Decimal) -> int:
    """How many digits stand after the point."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shown(number: Decimal | float, digits: int) -> str:
    """With thousands parted, and as many digits after the point as its neighbours."""
    return f"{number:,.{digits}f}".replace("-", "\u2212")


def heading(paper: Paper) -> Box:
    """Writes the title; returns the room that is left."""
    title = setting("title")
    if not title:
        return Box(EDGE, EDGE, paper.width - EDGE, paper.height - EDGE)
    room = paper.width - 2 * EDGE
    paper.text(paper.fit(title, room, size=30, bold=True), EDGE, EDGE + 16, size=30, ink=INK, bold=True)
    return Box(EDGE, EDGE + 66, paper.width - EDGE, paper.height - EDGE)


def bars(paper: Paper, data: list[Point], room: Box) -> None:
    low, high = min(p.value for p in data), max(p.value for p in data)
    widest = max(paper.text_width(point.label) for point in data)
    if widest > (room.width - 90) / len(data) - 14 or len(data) > 24:
        # No marks along this axis, so it need not end at a round number.
        lying_bars(paper, data, room, Scale(min(0.0, low), max(0.0, high) or 1.0, 1.0))
    else:
        standing_bars(paper, data, room, scale_for(low, high, from_zero=True))


def standing_bars(paper: Paper, data: list[Point], room: Box, scale: Scale) -> None:
    plot = grid(paper, Box(room.left, room.top + 20, room.right, room.bottom - 40), scale)
    slot = plot.width / len(data)
    thick = min(slot * 0.66, 130)
    zero = plot.bottom - plot.height * scale.share(0)
    for place, point in enumerate(data):
        middle = plot.left + slot * (place + 0.5)
        end = plot.bottom - plot.height * scale.share(point.value)
        if end != zero:
            box = Box(middle - thick / 2, min(end, zero), middle + thick / 2, max(end, zero))
            paper.bar(box, PALETTE[0], horizontal=False, negative=point.value < 0)
        if paper.text_width(point.shown) < slot - 6:
            paper.text(point.shown, middle, end + (16 if point.value < 0 else -16), ink=INK, align=0.5)
        paper.text(point.label, middle, plot.bottom + 28, align=0.5)
    paper.line((plot.left, zero), (plot.right, zero), ink=REST)


def lying_bars(paper: Paper, data: list[Point], room: Box, scale: Scale) -> None:
    slot = room.height / len(data)
    size = min(19.0, slot * 0.8)
    labels = min(max(paper.text_width(point.label, size=size) for point in data), room.width * 0.4)
    numbers = max(paper.text_width(point.shown, size=size) for point in data) + 14
    below = numbers if scale.low < 0 else 0
    plot = Box(room.left + labels + 18 + below, room.top, room.right - numbers, room.bottom)
    zero = plot.left + plot.width * scale.share(0)
    for place, point in enumerate(data):
        middle = plot.top + slot * (place + 0.5)
        thick = min(slot * 0.68, 54)
        end = plot.left + plot.width * scale.share(point.value)
        if end != zero:
            box = Box(min(end, zero), middle - thick / 2, max(end, zero), middle + thick / 2)
            paper.bar(box, PALETTE[0], horizontal=True, negative=point.value < 0)
        paper.text(paper.fit(point.label, labels, size=size), room.left + labels, middle, size=size, align=1)
        side = (-10, 1) if point.value < 0 else (10, 0)
        paper.text(point.shown, end + side[0], middle, size=size, ink=INK, align=side[1])
    paper.line((zero, plot.top), (zero, plot.bottom), ink=REST)


def line(paper: Paper, data: list[Point], room: Box) -> None:
    scale = scale_for(min(p.value for p in data), max(p.value for p in data), from_zero=False)
    plot = grid(paper, Box(room.left, room.top + 12, room.right - 10, room.bottom - 40), scale)
    gap = plot.width / max(1, len(data) - 1)
    path = [
        (plot.left + gap * place, plot.bottom - plot.height * scale.share(point.value))
        for place, point in enumerate(data)
    ]
    if len(path) == 1:
        path = [((plot.left + plot.right) / 2, path[0][1])]
    floor = plot.bottom - plot.height * scale.share(max(scale.low, min(0.0, scale.high)))
    paper.area((path[0][0], floor), *path, (path[-1][0], floor), ink=PALETTE[0], alpha=0.10)
    paper.line(*path, ink=PALETTE[0], width=3.5)
    if len(path) <= 60:
        for x, y in path:
            paper.dot(x, y, 5, PALETTE[0])
    below(paper, data, path, plot)


def below(paper: Paper, data: list[Point], path: list[tuple[float, float]], plot: Box) -> None:
    """As many labels as fit, evenly thinned."""
    widest = max(paper.text_width(point.label) for point in data[:2000]) + 26
    room = max(1, int(plot.width // widest))
    every = -(-len(data) // room)
    for place in range(0, len(data), every):
        x, words = path[place][0], data[place].label
        half = paper.text_width(words) / 2
        x = max(half + 4, min(x, paper.width - half - 4))
        paper.text(words, x, plot.bottom + 28, align=0.5)


def pie(paper: Paper, data: list[Point], room: Box) -> None:
    if any(point.value < 0 for point in data):
        fail("A pie cannot show numbers below zero. Draw bars instead.")
    whole = sum(point.value for point in data)
    if not whole:
        fail("All numbers are zero, so a pie has nothing to share out. Draw bars instead.")
    parts = slices([point for point in data if point.value])
    radius = min(room.height / 2, room.width * 0.26)
    x, y = room.left + radius + 10, (room.top + room.bottom) / 2
    edges = [0.0]
    for point, _ in parts:
        edges.append(edges[-1] + point.value / whole)
    for (begin, end), (_, ink) in zip(pairwise(edges), parts, strict=True):
        paper.slice(x, y, radius, begin, end, ink)
    legend(paper, parts, whole, Box(x + radius + 60, y - len(parts) * 23, room.right, room.bottom))


def slices(data: list[Point]) -> list[tuple[Point, Colour]]:
    """The largest with a colour each; the rest as one, in grey."""
    if len(data) <= SLICES + 1:
        return list(zip(data, PALETTE, strict=False))
    large = sorted(data, key=lambda point: -point.value)[:SLICES]
    chosen = set(map(id, large))
    rest = [point for point in data if id(point) not in chosen]
    others = Point(f"{len(rest):,} others", sum(point.value for point in rest), "")
    kept = [point for point in data if id(point) in chosen]
    return [*zip(kept, PALETTE, strict=False), (others, REST)]


def legend(paper: Paper, parts: list[tuple[Point, Colour]], whole: float, room: Box) -> None:
    for place, (point, ink) in enumerate(parts):
        y = room.top + 46 * place + 23
        paper.dot(room.left, y, 9, ink)
        share = f"{point.value / whole:.0%}"
        numbers = f"{point.shown}  ·  {share}" if point.shown else share
        width = paper.text_width(numbers) + 30
        label = paper.fit(point.label, room.width - width - 24, size=21)
        paper.text(label, room.left + 24, y, size=21, ink=INK)
        paper.text(numbers, room.right, y, align=1)


def grid(paper: Paper, room: Box, scale: Scale) -> Box:
    """Lines across with their numbers at the left; returns the room between."""
    margin = max(paper.text_width(scale.show(mark)) for mark in scale.marks()) + 18
    plot = Box(room.left + margin, room.top, room.right, room.bottom)
    for mark in scale.marks():
        y = plot.bottom - plot.height * scale.share(mark)
        paper.line((plot.left, y), (plot.right, y))
        paper.text(scale.show(mark), plot.left - 18, y, ink=MUTED, align=1)
    return plot


def main() -> None:
    kind = choice("kind", "bars", "line", "pie")
    width, height = whole_number("width", 1200, 300, 4000), whole_number("height", 720, 200, 4000)
    data = points(kind)
    paper = Paper(width, height)
    {"bars": bars, "line": line, "pie": pie}[kind](paper, data, heading(paper))
    paper.png()


if __name__ == "__main__":
    main()
