"""Makes the data of the sample workflows; run it again and the same bytes come out.

Nothing in it is real: the addresses are those reserved for documentation (RFC 5737 and 3849).
"""

import csv
import math
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).parent

ORDERS = 2_340
CITIES = {
    "Berlin": 18,
    "Hamburg": 13,
    "Vienna": 11,
    "Zurich": 9,
    "Munich": 12,
    "Cologne": 10,
    "Graz": 6,
    "Basel": 5,
}
PRODUCTS = {  # share of the orders, price of one
    "Notebook A5": (22, 4.90),
    "Desk lamp": (14, 39.90),
    "Office chair": (9, 189.00),
    "Standing desk": (5, 549.00),
    "Monitor arm": (8, 79.50),
    "Keyboard": (12, 64.90),
    "Headset": (10, 89.00),
    "Pen set": (15, 12.50),
    "Footrest": (5, 34.00),
}
MONTH = date(2026, 10, 1)

DAY = datetime(2026, 11, 17)
HITS = 3_600
PAGES = {
    "/": 30,
    "/products": 22,
    "/products/desk-lamp": 9,
    "/cart": 10,
    "/checkout": 7,
    "/login": 6,
    "/search?q=lamp": 5,
}
FILES = {"/static/app.css": 8, "/static/app.js": 8, "/favicon.ico": 4}
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
)


def pick(chance: random.Random, shares: dict[str, int]) -> str:
    """One of the keys, each as often as its share says."""
    return chance.choices(list(shares), list(shares.values()))[0]


def orders() -> Iterator[Sequence[object]]:
    """A month of an office shop."""
    chance = random.Random(20261001)  # noqa: S311 - data to play with
    yield "order", "date", "city", "product", "quantity", "price", "paid"
    days = sorted(int(chance.random() * 31) for _ in range(ORDERS))
    for number, day in enumerate(days, 10_001):
        product = pick(chance, {name: share for name, (share, _) in PRODUCTS.items()})
        quantity = 1 + int(chance.random() ** 3 * (12 if PRODUCTS[product][1] < 20 else 4))
        price = f"{quantity * PRODUCTS[product][1]:.2f}"
        paid = "yes" if chance.random() < 0.87 else "no"
        yield number, MONTH + timedelta(days=day), pick(chance, CITIES), product, quantity, price, paid


def busy(second: int) -> float:
    """How busy the shop is at a time of day, from 0 to 1: quiet at night, two peaks."""
    hour = second / 3600
    return 0.08 + 0.6 * math.exp(-((hour - 12.5) ** 2) / 10) + 0.5 * math.exp(-((hour - 20) ** 2) / 5)


def status(chance: random.Random, page: str, moment: datetime) -> int:
    """Mostly well; the database is away for a while after two, and a disk fills up in the evening."""
    trouble = 0.004
    if moment.hour == 14 and 6 <= moment.minute < 49:
        trouble = 0.55
    elif moment.hour == 15 and moment.minute < 20:
        trouble = 0.2
    elif 20 <= moment.hour < 22 and page == "/checkout":
        trouble = 0.5
    if chance.random() < trouble:
        return chance.choices([502, 503, 500, 504], [5, 3, 2, 1])[0]
    return chance.choices([200, 304, 301, 404], [84, 9, 3, 4])[0]


def hits() -> Iterator[str]:
    """A day of a web server's log in the combined format."""
    chance = random.Random(20261117)  # noqa: S311 - data to play with
    seconds: list[int] = []
    while len(seconds) < HITS:
        second = int(chance.random() * 86_400)
        if chance.random() < busy(second):
            seconds.append(second)
    for second in sorted(seconds):
        moment = DAY + timedelta(seconds=second)
        page = pick(chance, {**PAGES, **FILES})
        code = status(chance, page, moment)
        size = 0 if code == 304 else 178 if code >= 300 else 900 + int(chance.random() * 24_000)
        method = "POST" if page in ("/cart", "/checkout", "/login") and chance.random() < 0.6 else "GET"
        came_from = "https://shop.example/" if chance.random() < 0.6 else "-"
        asked = f'[{moment:%d/%b/%Y:%H:%M:%S} +0000] "{method} {page} HTTP/1.1"'
        yield f'{address(chance)} - - {asked} {code} {size} "{came_from}" "{chance.choice(BROWSERS)}"\n'


def address(chance: random.Random) -> str:
    if chance.random() < 0.15:
        return f"2001:db8::{int(chance.random() * 0xFFFF):x}"
    net = chance.choice(["192.0.2", "198.51.100", "203.0.113"])
    return f"{net}.{1 + int(chance.random() ** 2 * 253)}"


def main() -> None:
    with (SAMPLES / "sales-report/orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(orders())
    with (SAMPLES / "log-digest/access.log").open("w", encoding="utf-8", newline="") as file:
        file.writelines(hits())


if __name__ == "__main__":
    main()
