"""The gate as PID 1 of real containers."""

import time

import pytest

from composer.engine.states import Status
from tests.engine.conftest import Bench, script
from tests.engine.images import have_bare

pytestmark = pytest.mark.containers


def test_orphans_are_reaped(bench: Bench) -> None:
    # Each inner shell ends at once, so its child is left to PID 1, and ends after it.
    orphans = "for i in 1 2 3 4 5 6 7 8 9; do sh -c 'sleep 0.1 & exit 0'; done; sleep 0.5; "
    run = bench.run({"a": script(orphans + "grep -l '^State:.Z' /proc/[0-9]*/status; echo done")})
    bench.execute(run)
    assert bench.output(run, "a") == b"done\n"


def test_a_daemon_left_behind_holds_nothing_up(bench: Bench) -> None:
    run = bench.run({"a": script("setsid sleep 1000 & setsid yes >&2 & echo done")})
    outcome, _ = bench.execute(run)
    assert (outcome.status, bench.output(run, "a")) == (Status.SUCCEEDED, b"done\n")


def test_a_step_cannot_end_its_gate(bench: Bench) -> None:
    run = bench.run({"a": script("kill -KILL 1; kill -STOP 1; sleep 0.1; echo still here; exit 4")})
    _, journal = bench.execute(run)
    assert (journal.last("a").exit_code, bench.output(run, "a")) == (4, b"still here\n")


@pytest.mark.parametrize("user", ["65534:65534", "12345:54321", "0", "nobody"])
def test_any_user_can_write_through_it(bench: Bench, user: str) -> None:
    words = "echo out; echo more >/dev/stdout; echo log >/dev/stderr; echo again | tee /dev/stderr"
    run = bench.run({"a": script(words, user=user)})
    outcome, _ = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "a") == b"out\nmore\nagain\n"
    assert bench.log(run, "a") == b"log\nagain\n"


def test_an_image_that_holds_nothing_but_one_program(bench: Bench) -> None:
    step = script("", image=have_bare(), entrypoint=("/cat",), command=(), user="12345:12345")
    data = bytes(range(256)) * 1000
    run = bench.run({"a": step}, data=data)
    outcome, _ = bench.execute(run)
    assert (outcome.status, bench.output(run, "a")) == (Status.SUCCEEDED, data)


def test_a_name_with_a_dot_passes_and_a_secret_shows_nowhere(bench: Bench) -> None:
    secret = "hunter2-very-secret"
    step = script(
        "tr '\\0' '\\n' < /proc/self/environ; sleep 60", environment={"a.b": "dotted"}, secrets={"S": secret}
    )
    run = bench.run({"a": step})
    going = bench.in_background(run)
    while secret.encode() not in _output(bench, run.id) or b"a.b" not in _output(bench, run.id):
        time.sleep(0.01)
    [container] = bench.containers(run)
    top = bench.workshop.containers._api.top(container, "-eo pid,args")  # type: ignore[attr-defined]
    assert "/proc/self/environ" in str(top), "the step, and all that it was called with"
    assert secret not in str(top)
    going.inbox.cancel()
    going.join()
    lines = bench.output(run, "a").decode().splitlines()
    assert {"a.b=dotted", f"S={secret}"} <= set(lines)


def _output(bench: Bench, run: str) -> bytes:
    path = bench.workshop.spool.stdout(run, "a", 1)
    return path.read_bytes() if path.exists() else b""
