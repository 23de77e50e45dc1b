"""Workflows as shell scripts: what they give, to the byte, and what they say they cannot do."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from composer.catalog.manifest import builtin, parse_manifest
from composer.engine.graph_parse import parse
from composer.workflows.files import SAMPLES
from composer.workflows.shell_script import shell_script
from composer.workflows.shell_steps import Placed
from tests.engine.images import have_busybox
from tests.installation import Installation

BUSYBOX = "composer-test/busybox:1"
Given = dict[str, Any]
TEXT = {"kind": "text", "title": "Words", "sample": "from the sample"}


def placed(script: str, **manifest: Any) -> Placed:
    """A step that runs this with the shell of busybox."""
    data = {"slug": "s", "version": "1.0.0", "title": script[:60], "image": BUSYBOX, **manifest}
    data.setdefault("entrypoint", ["/bin/sh", "-c", script])
    return Placed(parse_manifest(data), BUSYBOX)


def written(
    steps: dict[str, Placed], *edges: dict[str, Any], given: Given | None = None, **nodes: dict[str, Any]
) -> str:
    """The script of a graph in which each pipe is named by its ends: `a-b`."""
    graph = parse(
        {
            "nodes": [{"id": name, "step": "s", **nodes.get(name, {})} for name in steps],
            "edges": [{"source": e["id"].split("-")[0], "target": e["id"].split("-")[1], **e} for e in edges],
        }
    )
    return shell_script("Test", "What it does\nis this.", given or TEXT, graph, steps)


def execute(
    script: str, data: bytes = b"", *arguments: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", script, "script.sh", *arguments],
        input=data,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def gives(script: str, data: bytes = b"", *arguments: str, **environment: str) -> bytes:
    done = execute(script, data, *arguments, **environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="session", autouse=True)
def _busybox() -> None:
    have_busybox()


@pytest.fixture(scope="module")
def run_sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """What the engine gives for a workflow file, in an installation of its own."""
    installation = Installation(tmp_path_factory.mktemp("var"))
    installation.must("bootstrap")
    return lambda *arguments: installation.must("run", *arguments)


@pytest.mark.containers
@pytest.mark.parametrize("name", ["word-job", "sales-report", "log-digest"])
def test_a_sample_gives_the_same_bytes_as_a_script(name: str, run_sample: Callable[..., bytes]) -> None:
    file = SAMPLES / name / "workflow.yaml"
    data = yaml.safe_load(file.read_text())
    graph, known = parse(data["graph"]), {manifest.slug: manifest for manifest in builtin()}
    if name == "word-job":
        data["graph"]["nodes"][0]["params"]["seed"] = 7  # else it never gives the same words twice
        graph = parse(data["graph"])
    steps = {n.id: Placed(known[n.step], known[n.step].image or "", is_built_in=True) for n in graph.nodes}
    script = shell_script(data["name"], data["description"], data["input"], graph, steps)
    sample = data["input"].get("file")
    came = gives(script, (file.parent / sample).read_bytes() if sample else b"")
    assert len(came) > 50
    assert came == run_sample(file, *(["--param", "words.seed=7"] if name == "word-job" else []))


@pytest.mark.containers
def test_data_parts_and_meets_again_in_its_order_with_every_byte() -> None:
    steps = {
        "a": placed("cat"),
        "b": placed("tr a-z A-Z"),
        "c": placed("tr d D"),
        "d": placed("cat"),
    }
    pipes: list[dict[str, Any]] = [
        {"id": "a-b"},
        {"id": "a-c"},
        {"id": "b-d", "order": 2},
        {"id": "c-d", "order": 1},
    ]
    data = b"\x00\xffabc\ndef"
    assert gives(written(steps, *pipes), data) == b"\x00\xffabc\nDef" + b"\x00\xffABC\nDEF"


@pytest.mark.containers
def test_named_inputs_and_outputs_are_files() -> None:
    steps = {
        "a": placed("tee /outputs/copy | wc -c", outputs=[{"name": "copy"}]),
        "b": placed("cat; cat /inputs/other", inputs=[{"name": "other"}]),
    }
    pipes = [{"id": "a-b"}, {"id": "a-b-2", "output": "copy", "input": "other"}]
    assert gives(written(steps, *pipes), b"hello") == b"5\nhello"


@pytest.mark.containers
def test_settings_and_secrets_reach_the_program_and_no_secret_stands_in_the_script() -> None:
    odd = 'it\'s "$HOME" `id`\n\\n; rm -rf / # ü*'
    step = placed(
        'printf "%s|%s|%s" "$ODD" "$COUNT" "$TOKEN"',
        params={"properties": {"odd": {"type": "string"}, "count": {"type": "integer", "default": 5}}},
        secrets=[{"name": "TOKEN", "title": "The token"}],
        takes="nothing",
    )
    node = {"params": {"odd": odd}, "connections": {"TOKEN": "11111111-2222"}}
    script = written({"a": step}, a=node)
    assert gives(script, TOKEN="s3cret") == f"{odd}|5|s3cret".encode()
    assert "11111111" not in script
    without = execute(script)
    assert without.returncode != 0
    assert b"TOKEN" in without.stderr


@pytest.mark.containers
def test_a_step_is_locked_up_as_in_a_run() -> None:
    memory = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null || true"
    rights = "grep -E 'CapBnd|NoNewPrivs' /proc/self/status"
    look = f"id -u; touch /x 2>&1 | grep -o 'Read-only'; ls /sys/class/net; {rights}; {memory}"
    step = placed(look, takes="nothing", limits={"memory": "64m"})
    lines = gives(written({"a": step}, a={"limits": {"memory": "32m"}})).decode().split()
    assert lines[:3] == ["65534", "Read-only", "lo"]
    assert lines[3:7] == ["CapBnd:", "0" * 16, "NoNewPrivs:", "1"]
    assert lines[-1] == str(32 * 1024 * 1024)


@pytest.mark.containers
def test_standard_error_a_file_or_the_lines_between_two_others_are_the_data() -> None:
    talk = "echo log; echo data >&2"
    assert gives(written({"a": placed(talk, output="stderr")})) == b"data\n"
    leave = "echo log; cat >/tmp/o,ut"
    assert gives(written({"a": placed(leave, output="/tmp/o,ut")}), b"left\x00behind") == b"left\x00behind"
    lines = b"10\nno\n1e1\nyes\n1e1\n\n10\nno\n1e1\nto the end\n"
    between = placed("cat", begin="1e1", end="10")
    assert gives(written({"a": between}), lines) == b"yes\n1e1\n\nto the end\n"
    failing = placed("echo 1e1; echo half; exit 3", begin="1e1", end="10")
    assert execute(written({"a": failing})).stdout == b""


@pytest.mark.containers
def test_what_streams_runs_at_once_and_one_failure_fails_all() -> None:
    endless = {"a": placed("yes"), "b": placed("cat"), "c": placed("head -n 2")}
    pipes = [{"id": "a-b", "mode": "stream"}, {"id": "b-c", "mode": "stream"}]
    script = written(endless, *pipes)
    assert script.count(" | composer_part") == 2
    assert gives(script) == b"y\ny\n"
    broken = {**endless, "a": placed("echo half; exit 3")}
    done = execute(written(broken, *pipes))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "“echo half; exit 3” failed." in done.stderr.decode()


@pytest.mark.containers
def test_a_failure_stops_what_follows_and_gives_no_result() -> None:
    steps = {"a": placed("echo half; exit 7", title="Half"), "b": placed("echo never >&2")}
    done = execute(written(steps, {"id": "a-b"}))
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", "“Half” failed.\n")


@pytest.mark.containers
@pytest.mark.parametrize("code", [0, 3])
def test_ways_for_success_and_failure_are_taken_and_meet_again(code: int) -> None:
    steps = {
        "a": placed(f"cat; exit {code}", title="Try it"),
        "b": placed("sed s/^/well:/"),
        "c": placed('printf "%s:" "$COMPOSER_FAILED_STEP"; cat'),
        "d": placed("echo always >&2"),
        "e": placed("cat; echo end"),
    }
    pipes: list[dict[str, Any]] = [
        {"id": "a-b"},
        {"id": "a-c", "when": "failure"},
        {"id": "a-d", "when": "always"},
        *({"id": "b-e"}, {"id": "c-e"}, {"id": "d-e", "when": "failure"}),
    ]
    done = execute(
        written(steps, *pipes, given=TEXT, e={"join": "any"}, d={"join": "any"}), b"in\n", "results"
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == (b"Try it:in\nend\n" if code else b"well:in\nend\n")
    assert done.stderr == b"always\n"


@pytest.mark.containers
def test_a_failure_that_nobody_sees_to_is_the_workflows() -> None:
    steps = {"a": placed("true"), "b": placed("exit 1", title="Break"), "c": placed("echo fine")}
    script = written(steps, {"id": "a-b"}, {"id": "a-c", "when": "always"})
    done = execute(script)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", "“Break” failed.\n")


@pytest.mark.containers
def test_several_results_go_into_a_folder(tmp_path: Path) -> None:
    steps = {"a": placed("cat"), "b": placed("tr a-z A-Z"), "c": placed("rev")}
    script = written(steps, {"id": "a-b"}, {"id": "a-c"})
    assert b"name a folder" in execute(script, b"abc").stderr
    assert gives(script, b"abc", str(tmp_path / "out")) == b""
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == {
        "b": b"ABC",
        "c": b"cba",
    }
    ways = written(steps, {"id": "a-b"}, {"id": "a-c", "when": "failure"})
    assert gives(ways, b"abc") == b"ABC"


@pytest.mark.containers
def test_no_file_and_no_container_is_left_behind(tmp_path: Path) -> None:
    # A writer that never ends goes on in its container when nobody reads any more.
    script = written({"a": placed("yes"), "b": placed("head -n 1")}, {"id": "a-b", "mode": "stream"})
    name = f"script-test-{os.getpid()}"
    named = script.replace('$(basename "$composer_dir")', name)
    assert named != script
    gives(named, TMPDIR=str(tmp_path))
    left = ["docker", "ps", "--all", "--quiet", "--filter", f"name={name}"]
    assert subprocess.run(left, capture_output=True, check=True).stdout == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.containers
def test_without_an_input_the_sample_is_used() -> None:
    script = written({"a": placed("cat")}, given={**TEXT, "sample": "it's\n\tso"})
    assert "it'\"'\"'s" in script
    assert gives(script.replace("[ -t 0 ]", "true")) == b"it's\n\tso"
    large = written({"a": placed("cat")}, given={**TEXT, "sample": "x" * 20_000})
    assert execute(large.replace("[ -t 0 ]", "true")).returncode == 1
    assert gives(written({"a": placed("cat")}, given={"kind": "none"}), b"unasked") == b""


def test_a_rule_keeps_the_script_from_doing_half_of_the_work() -> None:
    steps = {"a": placed("cat"), "b": placed("echo dear"), "c": placed("echo cheap")}
    rule = {"all": [{"field": "price", "test": "greater", "value": 10}]}
    script = written(steps, {"id": "a-b", "rule": rule}, {"id": "a-c", "rule": {"else": True}})
    done = execute(script)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "not all of the workflow" in done.stderr.decode()
    assert "# MISSING:" in script
    assert "# Only if price is greater than 10: MISSING" in script


def test_what_cannot_be_done_is_named() -> None:
    secret = {"takes": "nothing", "secrets": [{"name": "TOKEN"}]}
    steps = {"a": placed("true", **secret), "b": placed("true", **secret)}
    script = written(steps, a={"connections": {"TOKEN": "1"}}, b={"connections": {"TOKEN": "2"}})
    assert "Several values for the secret TOKEN" in script
    bare = placed("Bare", entrypoint=None, command=[])
    assert "without its image’s command" in written({"a": bare})
    assert "exit 1" in written({"a": bare}).split("composer_dir")[0]


@pytest.mark.parametrize(
    "title", ["two\nlines", "$(touch /tmp/x)", "`id`", "'; exit 9; '", "\u2028 # \r\n exit 9"]
)
def test_no_name_can_become_a_command(title: str) -> None:
    steps = {"a": placed("cat", title="Plain")}
    graph = parse({"nodes": [{"id": "a", "step": "s", "title": title}], "edges": []})
    script = shell_script(title, title, {**TEXT, "title": title, "sample": title}, graph, steps)
    stubbed = "docker() { echo docker; }\n" + script
    assert gives(stubbed) == b"docker\n"
    checked = subprocess.run(["sh", "-n"], input=script.encode(), capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_dray_s_variables_are_set() -> None:
    script = written({"a": placed("env", dray=True, takes="nothing", title="First")})
    for each in ("DRAY_JOB_NAME=Test", "DRAY_CURRENT_STEP_INDEX=0", "DRAY_CURRENT_STEP_NAME=First"):
        assert f"--env {each}" in script


def test_the_api_gives_the_script_or_says_what_is_to_be_mended(api: Any, library: None) -> None:
    from tests.workflows.conftest import graph, node, word_job

    made = api.post("/api/workflows/", {"name": "Wörds now", "graph": word_job()}).json()
    answer = api.get(f"/api/workflows/{made['id']}/export/?as=shell")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/x-shellscript")
    assert answer["Content-Disposition"] == 'attachment; filename="w-rds-now.sh"'
    assert answer.content.decode().startswith("#!/bin/sh\n# Wörds now\n")
    unfinished = api.post("/api/workflows/", {"graph": graph([node("a", "keep-rows")])}).json()
    answer = api.get(f"/api/workflows/{unfinished['id']}/export/?as=shell")
    assert (answer.status_code, answer.json()["problems"][0]["node"]) == (400, "a")
