"""`make bench`: measures a stack of its own, prints a table, saves var/bench.json."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import rows
from tests.bench.client import Api
from tests.bench.images import have_bench_image
from tests.bench.measure import Row, table
from tests.stack import ROOT, Stack


def main() -> int:
    """Measures; each row alternates with its yardstick in the same run."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--rounds", type=int, default=7, help="measurements per row")
    asked.add_argument("--only", default="", help="rows whose name holds this")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="composer-bench-") as folder, Stack(Path(folder)) as stack:
        api = Api(stack)
        rows.add_steps(api, have_bench_image())
        measured = measure(api, chosen.rounds, chosen.only)
    print(f"\nmin / median / max of {chosen.rounds} rounds, {os.cpu_count()} cores\n")
    print(table(measured))
    _tell_handover(measured)
    save(measured)
    return 0 if all(all(row.ours) for row in measured if row.name.endswith("exact")) else 1


def measure(api: Api, rounds: int, only: str) -> list[Row]:
    """The rows, in order."""
    plan: dict[str, Callable[[], Row | list[Row]]] = {
        "memory": lambda: rows.memory_at_rest(api),
        "one": lambda: rows.one_step_cold(api, rounds),
        "ten": lambda: rows.ten_steps_cold(api, rounds),
        "armed-one": lambda: rows.one_step_armed(api, rounds),
        "armed-ten": lambda: rows.ten_steps_armed(api, rounds),
        "handover": lambda: rows.handover(api, rounds),
        "kept": lambda: rows.kept_edge(api, max(3, rounds // 2)),
        "stream": lambda: rows.streaming_edge(api, max(3, rounds // 2)),
        "rate": lambda: rows.runs_per_second(api, 60),
        "length": lambda: rows.by_length(api, (1, 10, 100, 500)),
        "width": lambda: rows.by_width(api, (1, 10, 100)),
        "exact": lambda: rows.exact_bytes(api),
    }
    measured = []
    for name, work in plan.items():
        if only in name:
            print(f"{time.strftime('%H:%M:%S')} {name}…", file=sys.stderr, flush=True)
            found = work()
            measured += found if isinstance(found, list) else [found]
    return measured


def _tell_handover(measured: list[Row]) -> None:
    for row in measured:
        if "next one's start" in row.name and len(row.ours) > 1:
            print(f"\n{row.name}: p95 {rows.percentile(row.ours, 0.95):.1f} ms of {len(row.ours)} hand-overs")


def save(measured: list[Row]) -> None:
    """Keeps the figures for comparison."""
    path = Path(os.environ.get("COMPOSER_VAR", ROOT / "var")) / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"at": time.strftime("%Y-%m-%dT%H:%M:%S"), "cores": os.cpu_count(), "machine": platform.machine()}
    path.write_text(json.dumps({**about, "rows": [row.to_json() for row in measured]}, indent=1))
    print(f"\nSaved to {path}")


if __name__ == "__main__":
    sys.exit(main())
