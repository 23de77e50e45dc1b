"""`manage.py run FILE.yaml`: the result on standard output, the way there on standard error."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.engine.images import have_busybox
from tests.installation import Installation, Result

pytestmark = pytest.mark.containers

Command = Callable[..., Result]

_ADD_STEPS = """
from composer.accounts.services import bootstrap_owner
from composer.catalog.services import add_step
for slug, script, params in (
    ("shout", 'cat; printf "%s" "$WORD"', {"word": {"type": "string", "title": "Word", "default": "!"}}),
    ("break", "cat >/dev/null; echo 'composer:error It is broken' >&2; exit 7", {}),
):
    add_step(bootstrap_owner().workspace, {
        "slug": slug, "version": "1.0.0", "title": slug.title() + " it", "image": "composer-test/busybox:1",
        "entrypoint": ["/bin/sh", "-c", script], "params": {"type": "object", "properties": params},
    }, registries=["docker.io"])
"""


@pytest.fixture(scope="module")
def manage(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """An installation of its own, where no Redis and no worker is."""
    have_busybox()
    installation = Installation(tmp_path_factory.mktemp("var"))
    installation.must("shell", "-c", _ADD_STEPS)
    return installation.manage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "workflow.yaml"
    write(path, "shout", "shout")
    return path


def write(path: Path, *steps: str) -> None:
    nodes = [{"id": f"n{place}", "step": slug} for place, slug in enumerate(steps)]
    edges = [
        {"id": f"e{place}", "source": f"n{place - 1}", "target": f"n{place}"}
        for place in range(1, len(steps))
    ]
    about = {"kind": "text", "title": "Words", "sample": "hello"}
    path.write_text(
        yaml.safe_dump({"name": "Shout", "input": about, "graph": {"nodes": nodes, "edges": edges}})
    )


def test_the_result_is_all_there_is_on_standard_output(manage: Command, file: Path) -> None:
    done = manage("run", file)
    assert (done.returncode, done.stdout) == (0, b"hello!!"), done.stderr.decode()
    said = done.stderr.decode().splitlines()
    assert any("Shout it" in line and "Done" in line for line in said)
    assert said[-1].startswith("Run 1: done")
    assert "\x1b" not in done.stderr.decode()


def test_bytes_of_a_file_come_out_as_they_went_in(manage: Command, file: Path, tmp_path: Path) -> None:
    data = os.urandom(3_000_000) + b"\r\n\0"
    (tmp_path / "data").write_bytes(data)
    done = manage("run", file, "--input", tmp_path / "data", "--param", "n0.word=", "--param", "n1.word=end")
    assert (done.returncode, done.stdout == data + b"end") == (0, True), done.stderr.decode()


def test_a_failure_is_exit_code_1_in_words(manage: Command, file: Path) -> None:
    write(file, "shout", "break", "shout")
    done = manage("run", file)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "It is broken" in done.stderr.decode()
    assert "Not started" in done.stderr.decode()


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("{", [], "This is not a workflow. Choose"),
        ("[1, 2]", [], "no workflow"),
        ("name: x\ngraph: {nodes: [], edges: []}", [], "Add a step"),
        ("name: x\ngraph: {nodes: [{id: a, step: nope}], edges: []}", [], "nope"),
        (None, ["--param", "nope.word=x"], "no step with the id “nope”"),
        (None, ["--param", "n0.nope=x"], "nope"),
        (None, ["--param", "nonsense"], "NODE.NAME=VALUE"),
        (None, ["--input", "/nowhere"], "no file"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence(
    manage: Command, file: Path, content: str | None, arguments: list[str], words: str
) -> None:
    if content is not None:
        file.write_text(content)
    done = manage("run", file, *arguments)
    assert done.returncode not in (0, None)
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert done.stdout == b""
