"""What tests of rules work with: a condition, and a folder with the data that arrived."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from composer.engine.rule_facts import Facts
from composer.engine.rule_reading import read_rule
from composer.engine.rules import CannotDecide, Decision, decide

ORDERS = "order,city,price\n1,Berlin,12.50\n2,Lima,8.00\n"
ORDER = json.dumps(
    {
        "total": 1284,
        "paid": True,
        "note": None,
        "tags": ["new", 5, True],
        "none": [],
        "a.b": "dotted",
        "a": {"b": "nested", "c": 1},
        "items": [{"price": 3.5, "x.y": {"z": "deep"}}, {"price": "8"}],
        "text": "its own",
        "due": "2024-05-31",
        "huge": 1e3,
        "bad": "\ud800\u0000",
    }
)

JSON_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["all", "any", "else", "field", "test", "value", "x"]), inner)
    ),
    max_leaves=20,
)


def cond(field: str, test: str, *value: Any) -> dict[str, Any]:
    return {"field": field, "test": test, **({"value": value[0]} if value else {})}


class Folder:
    """Writes data to files and decides rules about it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def facts(self, data: str | bytes | None, gives: str = "any", exit_code: int | None = 0) -> Facts:
        if data is None:
            return Facts(None, gives, 0, exit_code)
        content = data.encode() if isinstance(data, str) else data
        file = self.path / "stdout"
        file.write_bytes(content)
        return Facts(file, gives, len(content), exit_code)

    def decide(self, data: str | bytes | None, gives: str, field: str, test: str, *value: Any) -> Decision:
        return decide(read_rule({"all": [cond(field, test, *value)]}), self.facts(data, gives))

    def holds(self, data: str | bytes | None, gives: str, field: str, test: str, *value: Any) -> bool:
        return self.decide(data, gives, field, test, *value).holds

    def cannot(self, data: str | bytes | None, gives: str, field: str, test: str, *value: Any) -> str:
        with pytest.raises(CannotDecide) as caught:
            self.decide(data, gives, field, test, *value)
        return str(caught.value)
