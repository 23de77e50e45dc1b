"""What docs/gate-protocol.md says of the bytes is what is written and read."""

import re
import struct
from pathlib import Path

import pytest

from composer.engine.gate import gate

TEXT = (Path(__file__).parents[3] / "docs" / "gate-protocol.md").read_text()
SOURCE = (Path(gate.__file__).parent / "gate.c").read_text()


def fields(table: str) -> list[tuple[int, int]]:
    """Offset and size of each field, from the table behind this mark."""
    rows = TEXT.split(f"<!-- {table} -->")[1].split("\n\n")[0]
    return [(int(row[1]), int(row[2])) for row in re.finditer(r"^\| +(\d+) \| +(\d+) \|", rows, re.MULTILINE)]


@pytest.mark.parametrize(
    ("table", "layout"), [("order", gate._ORDER), ("meter", gate._METER), ("ended", gate._ENDED)]
)
def test_the_tables_agree_with_the_worker(table: str, layout: struct.Struct) -> None:
    codes = re.findall(r"\d*[sQIi]", layout.format)
    sizes = [struct.calcsize(f"={code}") for code in codes]
    assert fields(table) == [(sum(sizes[:at]), size) for at, size in enumerate(sizes)]
    assert f"sizeof(struct {table}) == {layout.size}" in SOURCE


def test_the_magic_words_agree() -> None:
    for word in (gate.MAGIC, gate._ENDED_MAGIC):
        assert f"`{word.decode()}`" in TEXT
        assert f'"{word.decode()}"' in SOURCE


def test_the_flags_agree() -> None:
    names = ("OOM", "TIME_LIMIT", "OUTPUT_LIMIT", "BROKEN_PIPE", "DISK_FULL", "LOG_CUT", "UNREAD", "TOLD")
    described = [f"{name} = {1 << bit}" for bit, name in enumerate(names)]
    for some in (described[:6], described[6:]):
        assert f"enum {{ {', '.join(some)} }};" in SOURCE
    told = (gate._OOM, gate._TIME, gate._OUTPUT, gate._BROKEN_PIPE, gate._DISK_FULL, gate._LOG_CUT)
    assert (*told, gate._UNREAD, gate._TOLD) == (1, 2, 4, 8, 16, 32, 64, 128)
