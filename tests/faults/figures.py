"""What the faults led to, in figures: one line for each, all of them in var/faults.json."""

import json
import os
import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.counts import IS_FULL
from tests.stack import ROOT

Figures = dict[str, float | int | str]


@dataclass
class Told:
    """The figures of all faults made, in the order in which they came."""

    rows: dict[str, Figures] = field(default_factory=dict)

    def note(self, name: str, count: int, figures: Mapping[str, float | int | str]) -> None:
        """Prints the figures of one test and keeps them."""
        self.rows[name] = {"count": count, **figures}
        print(f"\n{name}: {_words(self.rows[name])}", flush=True)
        self._save()

    def table(self) -> list[str]:
        """All of them, for people."""
        wide = max(map(len, self.rows), default=0)
        return [f"{name:<{wide}}  {_words(row)}" for name, row in self.rows.items()]

    def _save(self) -> None:
        path = Path(os.environ.get("COMPOSER_VAR", ROOT / "var")) / "faults.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        about = {"at": time.strftime("%Y-%m-%dT%H:%M:%S"), "counts": "full" if IS_FULL else "short"}
        path.write_text(json.dumps({**about, "faults": self.rows}, indent=1))


def spread(seconds: Iterable[float]) -> Figures:
    """The middle and the worst of some times."""
    known = [max(0.0, each) for each in seconds]
    if not known:
        return {}
    return {"median_s": round(statistics.median(known), 1), "max_s": round(max(known), 1)}


def _words(row: Figures) -> str:
    count, *others = row.items()
    return ", ".join([f"{count[1]} times", *(f"{key.replace('_', ' ')} {value}" for key, value in others)])
