"""The run loop on real containers."""

import errno
import hashlib
import os
import threading
import time
from collections.abc import Mapping

import pytest

from composer.engine.errors import EngineAway
from composer.engine.events import EdgeFlow
from composer.engine.ports import ContainerSpec, Limits
from composer.engine.spool import AttemptFiles
from composer.engine.states import Status
from tests.engine.conftest import Bench, script, wait_until
from tests.engine.images import build, have_bare, have_busybox

pytestmark = pytest.mark.containers

CAT = script("cat")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_one_step_writes_the_next_one_reads(bench: Bench) -> None:
    run = bench.run(
        {"a": script("printf 'b\\na\\n'"), "b": script("sort"), "c": script("tr a-z A-Z")}, "a-b", "b-c"
    )
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "c") == b"A\nB\n"
    assert journal.run_statuses() == [Status.PREPARING, Status.RUNNING, Status.SUCCEEDED]
    assert journal.steps("c")[-2:] == [Status.RUNNING, Status.SUCCEEDED]
    assert (journal.last("b").bytes_in, journal.last("b").bytes_out) == (4, 4)


def test_the_runs_input_feeds_every_first_step_that_reads(bench: Bench) -> None:
    run = bench.run({"a": CAT, "b": script("wc -c"), "c": script("cat", reads_input=False)}, data=b"hello")
    outcome, _ = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert (bench.output(run, "a"), bench.output(run, "b").strip(), bench.output(run, "c")) == (
        b"hello",
        b"5",
        b"",
    )


def test_one_output_feeds_several_steps(bench: Bench) -> None:
    run = bench.run({"a": CAT, "b": script("sort"), "c": script("sort -r")}, "a-b", "a-c", data=b"1\n2\n")
    bench.execute(run)
    assert (bench.output(run, "b"), bench.output(run, "c")) == (b"1\n2\n", b"2\n1\n")


def test_a_reader_may_be_prepared_sooner_than_its_writer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader_is_ready = threading.Event()
    start = bench.workshop.containers.start

    def writer_last(environment: Mapping[str, str]) -> None:
        if environment["COMPOSER_NODE"] == "a":
            assert reader_is_ready.wait(60)

    def start_and_tell(spec: ContainerSpec) -> str:
        container = start(spec)
        if spec.labels.get("composer.node") == "b":
            reader_is_ready.set()
        return container

    monkeypatch.setattr("composer.engine.prepare.check_environment", writer_last)
    monkeypatch.setattr(bench.workshop.containers, "start", start_and_tell)
    run = bench.run({"a": script("echo hello"), "b": script("cat")}, "a-b")
    assert bench.execute(run)[0].status is Status.SUCCEEDED
    assert bench.output(run, "b") == b"hello\n"


def test_a_place_without_room_is_named_before_anything_starts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: AttemptFiles, **files: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(AttemptFiles, "create", full)
    outcome, journal = bench.execute(bench.run({"a": script("echo hello")}))
    assert outcome.status is Status.FAILED
    assert outcome.failure
    assert outcome.failure.kind == "disk"
    assert journal.steps("a")[-1] is Status.FAILED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no final newline",
        b"\0\r\n\0\r",
        pytest.param(os.urandom(100_000_000), id="100 MB of random bytes"),
        pytest.param(b"x" * 100_000_000, id="a single line of 100 MB"),
    ],
)
def test_bytes_are_exact(bench: Bench, data: bytes) -> None:
    run = bench.run({"a": CAT, "b": CAT, "c": CAT}, "a-b", "b-c", data=data)
    bench.execute(run)
    assert sha(bench.output(run, "c")) == sha(data)


def test_a_step_never_starts_when_the_one_before_failed(bench: Bench) -> None:
    failing = script("echo some; echo 'it broke' >&2; exit 3", title="Break")
    run = bench.run({"a": failing, "b": script("echo started >&2")}, "a-b")
    outcome, journal = bench.execute(run)
    assert (outcome.status, outcome.failed_node) == (Status.FAILED, "a")
    assert outcome.failure is not None
    assert "“Break”" in outcome.failure.message
    failed = journal.last("a")
    assert failed.exit_code == 3
    assert failed.failure is not None
    assert failed.failure.log_tail == ("it broke",)
    assert journal.steps("b") == [Status.SKIPPED]
    assert not bench.workshop.spool.attempt(run.id, "b", 1).started.read_bytes().strip(b"\0")


def test_branches_that_do_not_hang_on_a_failure_go_on(bench: Bench) -> None:
    run = bench.run({"a": script("exit 1"), "b": CAT, "c": script("sleep 0.3; echo ok")}, "a-b")
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.FAILED
    assert journal.steps("c")[-1] is Status.SUCCEEDED


def test_a_steps_own_words_for_its_error_come_first(bench: Bench) -> None:
    run = bench.run({"a": script("echo 'composer:error There is no column “town”.' >&2; echo x >&2; exit 1")})
    _, journal = bench.execute(run)
    failure = journal.last("a").failure
    assert failure is not None
    assert failure.message == "There is no column “town”."
    assert failure.log_tail == ("x",)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (script("kill -SEGV $$"), "signal"),
        (script("sleep 60", limits=Limits(seconds=0.5)), "time"),
        (script("while :; do echo xxxxxxxx; done", limits=Limits(output=1_000_000)), "output"),
        (script("exec tail /dev/zero", limits=Limits(memory=16 * 1024 * 1024)), "memory"),
        (script("tail /dev/zero; exit 0", limits=Limits(memory=16 * 1024 * 1024)), "memory"),
        (script("", entrypoint=("/no/such/program",)), "command"),
        (script("", user="nobody-of-that-name"), "command"),
        (script("", image="composer-test/no-such-image:1"), "image"),
        (script("", environment={"BIG": "x" * 3_000_000}), "environment"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_end_has_its_name(bench: Bench, step: object, kind: str) -> None:
    run = bench.run({"a": step, "b": CAT}, "a-b")  # type: ignore[dict-item]
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.FAILED
    failure = journal.last("a").failure
    assert failure is not None
    assert failure.kind == kind
    assert failure.message
    assert journal.steps("b") == [Status.SKIPPED]


def test_too_large_an_environment_is_refused_by_name(bench: Bench) -> None:
    _, journal = bench.execute(bench.run({"a": script("", environment={"BIG": "x" * 3_000_000})}))
    failure = journal.last("a").failure
    assert failure is not None
    assert "BIG" in failure.message


def test_an_image_that_names_no_program_is_refused_in_words(bench: Bench) -> None:
    _, journal = bench.execute(bench.run({"a": script("", image=have_bare(), entrypoint=None, command=None)}))
    failure = journal.last("a").failure
    assert failure is not None
    assert (failure.kind, "which program" in failure.message) == ("command", True)


def test_an_image_without_a_shell_works(bench: Bench) -> None:
    step = script("", image=have_bare(), entrypoint=("/cat",), command=())
    run = bench.run({"a": step}, data=b"bare")
    outcome, _ = bench.execute(run)
    assert (outcome.status, bench.output(run, "a")) == (Status.SUCCEEDED, b"bare")


def test_what_an_image_says_of_itself_is_kept(bench: Bench) -> None:
    image = build(
        "composer-test/talkative:1",
        f"""FROM {have_busybox()}
        ENV a.b=dotted PLAIN=yes
        RUN mkdir /own && printf '#!/bin/sh\\nprintf "mine<%%s>" "$@"\\n' > /own/sort && chmod 755 /own/sort
        RUN mkdir /data && chmod 777 /data
        VOLUME /data
        HEALTHCHECK --interval=1s CMD touch /data/checked
        WORKDIR /own
        ENTRYPOINT ["./sort"]
        CMD ["two words", "quote\\"s'", "$HOME", "new\\nline"]
        """,
    )
    own = script("", image=image, entrypoint=None, command=None)
    environment = script("", image=image, entrypoint=("env",), command=())
    volume = script("touch /data/mine; sleep 1.5; ls /data", image=image)
    on_path = script("", image=image, entrypoint=("sort",), command=(), environment={}, secrets={})
    run = bench.run({"own": own, "env": environment, "path": on_path, "volume": volume})
    bench.execute(run)
    assert bench.output(run, "own") == b"mine<two words>mine<quote\"s'>mine<$HOME>mine<new\nline>"
    lines = bench.output(run, "env").decode().splitlines()
    assert {"a.b=dotted", "PLAIN=yes", "HOME=/tmp", "COMPOSER_NODE=env"} <= set(lines)
    assert bench.output(run, "volume") == b"mine\n", "the health check must not run"
    assert bench.output(run, "path") == b"", "sort, as found on the image's PATH, of no input"


def test_a_step_that_ignores_its_input_does_no_harm(bench: Bench) -> None:
    run = bench.run(
        {"a": CAT, "b": script("echo done"), "c": script("head -c 3")}, "a-b", "a-c", data=b"x" * 5_000_000
    )
    outcome, _ = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert (bench.output(run, "b"), bench.output(run, "c")) == (b"done\n", b"xxx")


def test_nothing_of_a_secret_is_where_others_can_read(bench: Bench) -> None:
    secret = "hunter2-very-secret"
    step = script(
        'sleep 1; printf %s "$PASSWORD" | wc -c', secrets={"PASSWORD": secret}, environment={"OPEN": "o"}
    )
    run = bench.run({"a": step})
    going = bench.in_background(run)
    while Status.RUNNING not in going.journal.steps("a"):
        time.sleep(0.01)
    [container] = bench.containers(run)
    inspected = bench.workshop.containers._api.inspect_container(container)  # type: ignore[attr-defined]
    assert secret not in str(inspected)
    assert secret not in str(going.journal.changes)
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "a").strip() == str(len(secret)).encode()
    folder = bench.workshop.spool.attempt(run.id, "a", 1).folder
    assert not any(secret.encode() in path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_the_container_is_hardened(bench: Bench) -> None:
    step = script(
        "id -u; touch /nope 2>&1 | grep -o 'Read-only file system'; grep -c . /proc/net/route; "
        "grep Cap /proc/self/status; grep NoNewPrivs /proc/self/status; touch /tmp/x && echo tmp; "
        "cp /bin/busybox /tmp/ && /tmp/busybox true && echo exec"
    )
    run = bench.run({"a": step})
    bench.execute(run)
    lines = bench.output(run, "a").decode().split("\n")
    assert lines[:3] == ["65534", "Read-only file system", "1"]
    # What it may do now, and all that any program in it could ever be given (CapBnd).
    assert [line.split()[1] for line in lines[3:8]] == ["0" * 16] * 5
    assert lines[8].split() == ["NoNewPrivs:", "1"]
    assert lines[9:11] == ["tmp", "exec"]


def test_a_stopped_run_stops_its_steps_and_never_starts_the_rest(bench: Bench) -> None:
    run = bench.run({"a": script("trap '' TERM; sleep 60 & wait; sleep 60"), "b": CAT}, "a-b")
    going = bench.in_background(run)
    while Status.RUNNING not in going.journal.steps("a"):
        time.sleep(0.01)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.CANCELED
    assert (going.journal.steps("a")[-1], going.journal.steps("b")) == (Status.CANCELED, [Status.CANCELED])


def test_a_stop_is_heard_though_the_engine_does_not_answer_at_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = bench.run({"a": script("echo begun >&2; sleep 600")})
    going = bench.in_background(run)
    wait_until(
        lambda: bench.workshop.spool.attempt(run.id, "a", 1).log.exists() and bench.log(run, "a") != b""
    )
    kill, asked = bench.workshop.containers.kill, []

    def away_twice(container: str, signal: str = "KILL") -> None:
        asked.append(signal)
        if len(asked) < 3:
            raise EngineAway("for a test")
        kill(container, signal)

    monkeypatch.setattr(bench.workshop.containers, "kill", away_twice)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.CANCELED
    assert asked[:3] == ["TERM"] * 3


def test_no_container_is_left(bench: Bench) -> None:
    run = bench.run({"a": script("exit 1"), "b": CAT, "c": CAT}, "a-b", "b-c")
    bench.execute(run)
    deadline = time.monotonic() + 30
    while bench.containers(run) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert bench.containers(run) == []


def test_progress_tells_what_went_through_each_pipe(bench: Bench) -> None:
    slow = script("for i in 1 2 3 4; do echo composer:progress 0.$i half >&2; printf 12345; sleep 0.3; done")
    run = bench.run({"a": slow, "b": CAT}, "a-b")
    _, journal = bench.execute(run)
    flows = [progress.steps["a"] for progress in journal.progressed if "a" in progress.steps]
    assert len(flows) >= 2
    assert [flow.bytes_out for flow in flows] == sorted(flow.bytes_out for flow in flows)
    assert any(flow.fraction and 0 < flow.fraction < 1 for flow in flows)
    assert any(isinstance(progress.edges.get("a-b"), EdgeFlow) for progress in journal.progressed)


def test_twenty_runs_at_once_share_no_file(bench: Bench) -> None:
    runs = [bench.run({"a": CAT, "b": CAT}, "a-b", data=f"run {number}".encode()) for number in range(20)]
    going = [bench.in_background(run) for run in runs]
    for each in going:
        outcome = each.join(120)
        assert outcome is not None
        assert outcome.status is Status.SUCCEEDED
    assert [bench.output(run, "b") for run in runs] == [f"run {number}".encode() for number in range(20)]
