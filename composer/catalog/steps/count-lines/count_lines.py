#!/usr/bin/python3 -I
"""Counts lines by hour, day or minute, by word, or by what fits a pattern. Gives a table."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from stepkit import choice, fail, flag, setting, shorten
from stepkit.lines import BOM, decode, lines, split
from stepkit.tables import Writer

Part = Callable[[str], str | None]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEB_LOG = re.compile(r"(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")
_SHAPES = {"hour": "%Y-%m-%d %H:00", "day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M"}
_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "minute": timedelta(minutes=1)}
_MOST_GAPS = 1_000_000


def time_in(text: str) -> datetime | None:
    """The first time in a line: [12/Mar/2026:09:00:03 …] or 2026-03-12T09:00:03."""
    try:
        if found := _WEB_LOG.search(text):
            month = _MONTHS.index(found[2]) + 1
            return datetime(int(found[3]), month, int(found[1]), int(found[4]), int(found[5]))
        if found := _ISO.search(text):
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute)
    except ValueError:
        pass  # such as 31 February: no time at all
    return None


def part_of(by: str) -> Part:
    """What lines must share to be counted together."""
    if by in _SHAPES:
        shape = _SHAPES[by]
        return lambda text: moment.strftime(shape) if (moment := time_in(text)) else None
    if by == "word":
        return lambda text: next(iter(text.split(None, 1)), None)
    if by == "line":
        return lambda text: text or None
    return fitting(setting("pattern"))


def fitting(pattern: str) -> Part:
    if not pattern:
        fail("There is no pattern to count by. Write one in the settings.")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        fail(f"The pattern “{shorten(pattern)}” is not complete: {error.msg}.")
    group = 1 if compiled.groups else 0
    return lambda text: found[group] if (found := compiled.search(text)) else None


def counted(part: Part, others: str) -> tuple[Counter[str], int]:
    """How often each part is there, and how many lines have none."""
    counts: Counter[str] = Counter()
    rest = 0
    for number, line in enumerate(lines(), 1):
        text = decode(split(line)[0])
        if number == 1:
            text = text.removeprefix(BOM.decode())
        found = part(text)
        if found is not None:
            counts[found] += 1
        elif text.strip():
            rest += 1
            if others == "stop":
                fail(f"Line {number} has nothing to count by: “{shorten(text)}”.")
    return counts, rest


def with_gaps(counts: Counter[str], by: str) -> Iterator[tuple[str, int]]:
    """From the first to the last time without leaving one out."""
    shape, step = _SHAPES[by], _STEPS[by]
    times = sorted(counts)
    moment, last = (datetime.strptime(each, shape) for each in (times[0], times[-1]))
    if (last - moment) / step > _MOST_GAPS:
        fail(f"There are more than {_MOST_GAPS:,} from {times[0]} to {times[-1]}. Count by a longer time.")
    while moment <= last:
        name = moment.strftime(shape)
        yield name, counts[name]
        moment += step


def main() -> None:
    by = choice("by", "hour", "day", "minute", "word", "line", "pattern")
    others = choice("others", "skip", "count", "stop")
    counts, rest = counted(part_of(by), others)
    if not counts and rest and by in _SHAPES:
        fail("No line has a time such as 12/Mar/2026:09:00:03 or 2026-03-12 09:00.")
    table = Writer()
    table.row([by, "count"])
    if by not in _SHAPES:
        rows: Iterator[tuple[str, int]] = iter(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
    elif flag("gaps", True) and counts:
        rows = with_gaps(counts, by)
    else:
        rows = iter(sorted(counts.items()))
    for row in rows:
        table.row(row)
    if rest and others == "count":
        table.row(["other", rest])
    table.close()


if __name__ == "__main__":
    main()
