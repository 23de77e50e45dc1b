"""A step that fails is told so that its author can mend it, and nothing behind it ever begins."""

import subprocess

from tests.system.flows import Flows, Json, step_of, until

LEFT_BEHIND = 30.0  # seconds in which every container of a failed run must be gone


def test_nothing_behind_a_failure_executes_one_instruction(flows: Flows) -> None:
    noisy = "for n in $(seq 30); do echo line $n >&2; done; echo half; exit 7"
    steps: dict[str, str | Json] = {
        "first": {"step": flows.add_step("cat; echo first >&2"), "title": "Begin well"},
        "second": {"step": flows.add_step(noisy), "title": "Break in the middle"},
        "third": flows.add_step("echo third ran >&2; echo out"),
        "fourth": flows.add_step("echo fourth ran >&2; echo out"),
    }
    run = flows.start(flows.add(steps))
    ended = flows.end(run)

    assert (ended["status"], ended["failed_node"]) == ("failed", "second")
    assert "“Break in the middle”" in ended["error"]
    broken = step_of(ended, "second")
    assert (broken["status"], broken["exit_code"], broken["attempt"]) == ("failed", 7, 1)
    assert "exit code 7" in broken["error"]
    assert broken["failure"]["log_tail"][-2:] == ["line 29", "line 30"]
    assert step_of(ended, "first")["status"] == "succeeded"

    for node in ("third", "fourth"):
        step = step_of(ended, node)
        assert (step["status"], step["started_at"], step["exit_code"]) == ("skipped", None, None)
        attempts = flows.stack.folder.glob(f"spool/runs/{run}/steps/{node}/*")
        for written in (folder / name for folder in attempts for name in ("stdout", "log", "started")):
            assert not written.read_bytes().strip(b"\0"), written
        assert flows.http.get(f"/api/runs/{run}/steps/{node}/output").status_code == 404
    until(lambda: not flows.containers(run=run), "the removal of its containers", LEFT_BEHIND)


def test_what_waits_at_its_gate_behind_a_failure_never_passes_it(flows: Flows) -> None:
    flow = flows.line(
        first="cat; until [ -e /tmp/go ]; do sleep 0.1; done; exit 1", second="echo second ran >&2; echo out"
    )
    run = flows.start(flow)
    until(lambda: bool(flows.containers(run=run, node="second")), "the container of the second step")
    [first] = flows.containers(run=run, node="first")
    until(lambda: step_of(flows.get(f"/api/runs/{run}/"), "first")["status"] == "running", "the first step")
    subprocess.run(["docker", "exec", first, "touch", "/tmp/go"], check=True)
    assert flows.end(run)["status"] == "failed"
    [folder] = flows.stack.folder.glob(f"spool/runs/{run}/steps/second/*")
    assert [(folder / name).read_bytes().strip(b"\0") for name in ("stdout", "log", "started")] == [b""] * 3
    until(lambda: not flows.containers(run=run), "the removal of its containers", LEFT_BEHIND)


def test_a_step_tells_in_its_own_words_what_is_wrong(flows: Flows) -> None:
    says = "echo noise >&2; echo 'composer:error There is no column “town”.' >&2; exit 2"
    ended = flows.end(flows.start(flows.line(only=says)))
    assert step_of(ended, "only")["error"] == "There is no column “town”."
    assert step_of(ended, "only")["failure"]["log_tail"] == ["noise"]
    assert "There is no column “town”." in ended["error"]


def test_a_crash_is_told_by_its_signal(flows: Flows) -> None:
    ended = flows.end(flows.start(flows.line(only="kill -SEGV $$")))
    assert step_of(ended, "only")["failure"]["kind"] == "signal"
    assert "SIGSEGV" in step_of(ended, "only")["error"]
    assert step_of(ended, "only")["exit_code"] == 139


def test_a_stopped_run_leaves_no_container(flows: Flows) -> None:
    run = flows.start(flows.line(a="cat; exec sleep 600", b="cat", c="cat"))
    until(lambda: step_of(flows.get(f"/api/runs/{run}/"), "a")["status"] == "running", "its start")
    assert flows.http.post(f"/api/runs/{run}/cancel/").status_code == 202
    ended = flows.end(run)
    assert [step["status"] for step in ended["steps"]] == ["canceled"] * 3
    until(lambda: not flows.containers(run=run), "the removal of its containers", LEFT_BEHIND)
