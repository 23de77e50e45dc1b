"""Many runs at once and one after the other: none sees another's data, none leaves anything behind."""

from tests.stack import Stack
from tests.system.flows import Flows, until
from tests.system.processes import family, open_files, threads

AT_ONCE = 20
FIRST, MORE = 60, 140  # the first ones keep every thread of the worker busy at once
SLACK = 4  # a connection that is being closed, a timer that is about to end


def test_twenty_runs_at_once_share_no_file(flows: Flows) -> None:
    workflow = flows.line(
        a="touch /tmp/mine; ls /tmp | wc -l >&2; cat", b="touch /tmp/mine; ls /tmp | wc -l >&2; cat"
    )
    texts = [f"run {number}\n" * (number + 1) for number in range(AT_ONCE)]
    runs = [flows.start(workflow, text) for text in texts]
    for run, text in zip(runs, texts, strict=True):
        ended = flows.end(run)
        assert ended["status"] == "succeeded", ended
        for path in ("input", "steps/a/output", "steps/b/input", "output"):
            assert flows.http.get(f"/api/runs/{run}/{path}").content == text.encode()
        for node in "ab":
            assert flows.http.get(f"/api/runs/{run}/steps/{node}/log").content == b"1\n"
    folders = [set(flows.stack.folder.glob(f"spool/runs/{run}/**/*")) for run in runs]
    assert all(folders), "each has files of its own"
    inodes = [{path.stat().st_ino for path in folder} for folder in folders]
    assert sum(map(len, inodes)) == len(set().union(*inodes))


def test_two_hundred_runs_leave_a_worker_as_it_was(flows: Flows, stack: Stack) -> None:
    workflow = flows.line(only="cat")
    pid = stack.processes["worker"].pid

    def some(numbers: range) -> None:
        runs = {number: flows.start(workflow, f"{number}\n") for number in numbers}
        done = f"/api/runs/?workflow={workflow}&status=succeeded&page_size=1"
        until(lambda: flows.get(done)["count"] == numbers.stop, f"the end of {len(numbers)} runs", every=0.3)
        for number, run in runs.items():
            assert flows.http.get(f"/api/runs/{run}/output").content == b"%d\n" % number
        until(lambda: not flows.containers(role="step"), "the removal of the containers")

    some(range(FIRST))
    files, busy, children = len(open_files(pid)), threads(pid), len(family(pid))
    some(range(FIRST, FIRST + MORE))
    print(f"open files {files} -> {len(open_files(pid))}, threads {busy} -> {threads(pid)}")
    until(lambda: len(open_files(pid)) <= files + SLACK, "the end of open files", 15)
    until(lambda: threads(pid) <= busy + SLACK, "the end of threads", 15)
    assert len(family(pid)) == children
