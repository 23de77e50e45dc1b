#!/usr/bin/python3 -I
"""Adds up, counts or averages the rows that share a value. Sums are exact, to the cent."""

from dataclasses import dataclass
from decimal import Decimal

from stepkit import choice, setting
from stepkit.numbers import Numbers, rounded, show
from stepkit.tables import Table, Writer

Group = tuple[str, ...]


@dataclass(slots=True)
class Total:
    """What is known of one group so far."""

    rows: int = 0
    numbers: int = 0
    sum: Decimal = Decimal(0)
    smallest: Decimal | None = None
    largest: Decimal | None = None

    def add(self, number: Decimal) -> None:
        self.numbers += 1
        self.sum += number
        if self.smallest is None or number < self.smallest:
            self.smallest = number
        if self.largest is None or number > self.largest:
            self.largest = number

    def result(self, calculate: str) -> Decimal | None:
        """None where a group has no number at all."""
        if calculate == "count":
            return Decimal(self.rows)
        if calculate == "sum":
            return self.sum
        if calculate == "average":
            return rounded(self.sum / self.numbers) if self.numbers else None
        return self.smallest if calculate == "smallest" else self.largest


def totals(table: Table, by: list[int], calculate: str) -> dict[Group, Total]:
    """One pass over the table; what is kept is one Total for each group."""
    name = setting("column")
    place = None if calculate == "count" else table.find(name)
    numbers = Numbers(name)
    groups: dict[Group, Total] = {}
    for row in table.rows():
        total = groups.setdefault(tuple(row[each].strip() for each in by), Total())
        total.rows += 1
        if place is not None and row[place].strip():  # an empty cell is no zero
            total.add(numbers.read(row[place], table.line))
    return groups


def arranged(results: list[tuple[Group, Decimal | None]], order: str) -> list[tuple[Group, Decimal | None]]:
    if order == "name":
        return sorted(results, key=lambda each: [part.casefold() for part in each[0]])
    if order in ("largest", "smallest"):
        some = [each for each in results if each[1] is not None]
        some.sort(key=lambda each: each[1] or Decimal(0), reverse=order == "largest")
        return some + [each for each in results if each[1] is None]
    return results


def main() -> None:
    table = Table()
    calculate = choice("calculate", "sum", "count", "average", "smallest", "largest")
    order = choice("order", "first", "name", "largest", "smallest")
    by = [table.find(name) for name in (setting("by"), setting("also")) if name or name == setting("by")]
    groups = totals(table, by, calculate)
    results = [(group, total.result(calculate)) for group, total in groups.items()]
    out = Writer()
    out.row([*(table.columns[each] for each in by), setting("name", "total")])
    for group, result in arranged(results, order):
        out.row([*group, "" if result is None else show(result)])
    out.close()


if __name__ == "__main__":
    main()
