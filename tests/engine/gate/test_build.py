"""The gate compiles without a warning, here or in an image."""

import os
import struct
import subprocess
from pathlib import Path

import pytest

from composer.engine.gate import build

DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2" in
  "image ls") echo "$IMAGES" ;;
  "build --quiet") cp "$5/gate.c" "$5/Dockerfile" "${CALLS%/*}"; echo sha256:made ;;
  "create sha256:made") echo container ;;
  "cp container:/run-gate") echo program > "$3" ;;
esac
"""


@pytest.fixture
def without_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a docker that only takes notes, and no compiler."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text(DOCKER)
    (folder / "docker").chmod(0o755)
    (folder / "cp").symlink_to("/bin/cp")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    return tmp_path


def test_no_warning_of_the_compilers_own_analysis(tmp_path: Path) -> None:
    flags = [flag for flag in build.FLAGS if flag != "-static"]
    command = ["cc", *flags, "-fanalyzer", "-c", "-o", str(tmp_path / "gate.o"), str(build.SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unrecognized" in done.stderr:
        pytest.skip("this compiler has no -fanalyzer")
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_one_program_that_needs_no_library(tmp_path: Path) -> None:
    build.build(tmp_path / "new" / "run")
    made = tmp_path / "new" / "run"
    assert os.access(made, os.X_OK)
    program = made.read_bytes()
    (offset,), (size, count) = struct.unpack_from("=Q", program, 32), struct.unpack_from("=HH", program, 54)
    kinds = [struct.unpack_from("=I", program, offset + number * size)[0] for number in range(count)]
    assert 1 in kinds, "a segment to load"
    assert 3 not in kinds, "it asks for an interpreter, so it is not static"
    assert [path.name for path in made.parent.iterdir()] == ["run"]


def test_a_running_gate_keeps_its_file(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.write_text("old")
    with target.open() as old:
        build.build(target)
        assert old.read() == "old"
    assert target.read_bytes()[:4] == b"\x7fELF"


def test_the_compilers_words_are_not_lost_and_the_old_gate_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gate.c").write_text("int main(void) { return nothing; }")
    (tmp_path / "run").write_text("old")
    monkeypatch.setattr(build, "SOURCE", tmp_path / "gate.c")
    with pytest.raises(subprocess.CalledProcessError):
        build.build(tmp_path / "run")
    assert (tmp_path / "run").read_text() == "old"


@pytest.mark.parametrize(
    ("images", "base"),
    [
        ("", build.DEBIAN),
        ("composer/debian:bookworm-1", "composer/debian:bookworm-1"),
        (f"composer/debian:bookworm-1\n{build.DEBIAN}", build.DEBIAN),
        ("composer/debian-other:1\nother/composer/debian:1", build.DEBIAN),
    ],
)
def test_without_a_compiler_it_is_built_in_an_image(
    without_compiler: Path, monkeypatch: pytest.MonkeyPatch, images: str, base: str
) -> None:
    monkeypatch.setenv("IMAGES", images)
    build.build(without_compiler / "gate" / "run")
    assert (without_compiler / "gate" / "run").read_text() == "program\n"
    assert (without_compiler / "gate.c").read_bytes() == build.SOURCE.read_bytes()
    assert " ".join(build.FLAGS) in (without_compiler / "Dockerfile").read_text()
    calls = (without_compiler / "calls").read_text().splitlines()
    assert calls[1].startswith(f"build --quiet --build-arg BASE={base} /")
    assert calls[-2:] == ["rm container", "rmi sha256:made"]
