"""Paper to draw charts on: text, bars with round corners, axes with round numbers. Sizes are in points
of a sheet 1200 wide; other sheets are scaled, so that everything keeps its proportions."""

import io
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import cairo

Colour = tuple[float, float, float]


def colour(code: str) -> Colour:
    """#5151cd as three shares."""
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255)


INK, MUTED, LINE, WHITE = colour("#1f1e1c"), colour("#66635d"), colour("#e4e3e0"), colour("#ffffff")
# Told apart by people who see few colours too: neighbours differ in lightness.
PALETTE = [
    colour(code)
    for code in (
        *("#5151cd", "#f0a13a", "#0d8f83", "#e26b8e", "#2f6fb5", "#b7c34a", "#8c4fb0", "#e2703a"),
        *("#5fb7d9", "#96733f"),
    )
]
REST = colour("#a9a6a0")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Paper:
    """A white sheet of so many pixels."""

    def __init__(self, width: int, height: int) -> None:
        scale = min(width / 1200, height / 720)
        self.scale = max(0.55, min(scale, 3.0))
        self.width, self.height = width / self.scale, height / self.scale
        self._surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
        self._pen = cairo.Context(self._surface)
        self._pen.scale(self.scale, self.scale)
        self._fill(WHITE)
        self._pen.paint()

    def text(
        self,
        words: str,
        x: float,
        y: float,
        *,
        size: float = 19,
        ink: Colour = MUTED,
        bold: bool = False,
        align: float = 0,
    ) -> None:
        """One line, its middle at height y; align 0 begins at x, 0.5 is centred on it, 1 ends there."""
        self._font(size, bold)
        extents = self._pen.text_extents(words)
        self._fill(ink)
        # All lines stand on the middle of a capital, so labels with and without a “g” are level.
        self._pen.move_to(x - extents.x_advance * align, y + size * 0.36)
        self._pen.show_text(words)
        self._pen.new_path()  # else the next shape would begin where the text ends

    def text_width(self, words: str, *, size: float = 19, bold: bool = False) -> float:
        self._font(size, bold)
        return float(self._pen.text_extents(words).x_advance)

    def fit(self, words: str, width: float, *, size: float = 19, bold: bool = False) -> str:
        """The words, cut with … where they are wider."""
        if self.text_width(words, size=size, bold=bold) <= width:
            return words
        fewer = words
        while fewer and self.text_width(fewer + "…", size=size, bold=bold) > width:
            fewer = fewer[:-1]
        return fewer.rstrip() + "…"

    def line(self, *points: tuple[float, float], ink: Colour = LINE, width: float = 1.5) -> None:
        for place, point in enumerate(points):
            (self._pen.line_to if place else self._pen.move_to)(*point)
        self._fill(ink)
        self._pen.set_line_width(width)
        self._pen.set_line_join(cairo.LINE_JOIN_ROUND)
        self._pen.set_line_cap(cairo.LINE_CAP_ROUND)
        self._pen.stroke()

    def area(self, *points: tuple[float, float], ink: Colour, alpha: float) -> None:
        for point in points:
            self._pen.line_to(*point)
        self._pen.close_path()
        self._pen.set_source_rgba(*ink, alpha)
        self._pen.fill()

    def dot(self, x: float, y: float, radius: float, ink: Colour) -> None:
        for size, shade in ((radius + 2.5, WHITE), (radius, ink)):
            self._pen.arc(x, y, size, 0, 2 * math.pi)
            self._fill(shade)
            self._pen.fill()

    def bar(self, box: Box, ink: Colour, *, horizontal: bool, negative: bool = False) -> None:
        """A bar with round corners at the end that is away from the axis."""
        radius = min(6.0, box.width / 2, box.height / 2)
        far = ("right", "left") if horizontal else ("top", "bottom")
        rounded = far[1] if negative else far[0]
        corners = {"right": (1, 2), "left": (3, 0), "top": (0, 1), "bottom": (2, 3)}[rounded]
        middles = (
            (box.left + radius, box.top + radius),
            (box.right - radius, box.top + radius),
            (box.right - radius, box.bottom - radius),
            (box.left + radius, box.bottom - radius),
        )
        sharp = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
        for corner in range(4):
            if corner in corners:
                start = math.pi + corner * math.pi / 2
                self._pen.arc(*middles[corner], radius, start, start + math.pi / 2)
            else:
                self._pen.line_to(*sharp[corner])
        self._pen.close_path()
        self._fill(ink)
        self._pen.fill()

    def slice(self, x: float, y: float, radius: float, begin: float, end: float, ink: Colour) -> None:
        """A piece of a ring; angles in turns, from the top and clockwise."""
        start, stop = (each * 2 * math.pi - math.pi / 2 for each in (begin, end))
        self._pen.arc(x, y, radius, start, stop)
        self._pen.arc_negative(x, y, radius * 0.58, stop, start)
        self._pen.close_path()
        self._fill(ink)
        self._pen.fill_preserve()
        self._fill(WHITE)
        self._pen.set_line_width(3)
        self._pen.stroke()

    def png(self) -> None:
        """Writes the picture to standard output."""
        out = io.BytesIO()
        self._surface.write_to_png(out)
        sys.stdout.buffer.write(out.getvalue())
        sys.stdout.buffer.flush()

    def _font(self, size: float, bold: bool) -> None:
        weight = cairo.FONT_WEIGHT_BOLD if bold else cairo.FONT_WEIGHT_NORMAL
        self._pen.select_font_face("Inter", cairo.FONT_SLANT_NORMAL, weight)
        self._pen.set_font_size(size)

    def _fill(self, ink: Colour) -> None:
        self._pen.set_source_rgb(*ink)


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers along an axis, in round steps."""

    low: float
    high: float
    step: float

    def share(self, value: float) -> float:
        """Where a value lies between low and high, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> Iterator[float]:
        for place in range(round((self.high - self.low) / self.step) + 1):
            yield self.low + place * self.step

    def show(self, value: float) -> str:
        """As many digits as the steps need: 0.25, 1,500."""
        digits = max(0, -math.floor(math.log10(self.step) + 1e-9))
        if digits and abs(self.step * 10**digits - round(self.step * 10**digits)) > 1e-6:
            digits += 1  # steps of 0.25 and 2.5
        elif not digits and self.step % 1:
            digits = 1
        return f"{value:,.{min(digits, 12)}f}".replace("-", "\u2212")


def scale_for(smallest: float, largest: float, *, from_zero: bool) -> Scale:
    """Round steps that hold all values; bars always stand on zero."""
    low = min(0.0, smallest) if from_zero or smallest < largest * 0.6 else smallest
    high = max(0.0, largest) if from_zero or largest > 0 else largest
    spread = (high - low) or abs(high) or 1.0
    rough = spread / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999)
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Scale(bottom, top if top > bottom else bottom + step, step)
