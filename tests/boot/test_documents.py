"""What the documents say stays true: a setting without a line in docs/operators.md fails here."""

import re

import pytest

from composer.boot.__main__ import COMMANDS
from composer.boot.places import ROOT
from composer.environment import Environment

OPERATORS = (ROOT / "docs" / "operators.md").read_text()


@pytest.mark.parametrize("name", [name.upper() for name in Environment.model_fields])
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in OPERATORS


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", OPERATORS, re.MULTILINE)
    assert sorted(documented) == sorted(name.upper() for name in Environment.model_fields)


def test_every_make_target_is_a_command_and_every_command_a_target() -> None:
    targets = re.findall(r"^([\w-]+): ##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(targets) == sorted(COMMANDS)


@pytest.mark.parametrize(
    "document",
    ["README.md", "CONTRIBUTING.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))],
)
def test_no_link_leads_nowhere(document: str) -> None:
    path = ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []
