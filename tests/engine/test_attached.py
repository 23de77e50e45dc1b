"""What can go wrong where the worker carries the data, and that it never passes for a success."""

import errno
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from composer.engine.attached import Attached
from composer.engine.attempt import Attempt
from composer.engine.docker_attach import SocketLine
from composer.engine.docker_engine import DockerEngine
from composer.engine.layout import Layout
from composer.engine.ports import ContainerSpec, Entry, Line
from composer.engine.pump import Pump
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.workshop import Workshop
from tests.engine.conftest import Bench, script, wait_until
from tests.engine.test_take_over import claimed, wait_for

pytestmark = pytest.mark.containers

CAT = script("cat")
RECEIVE = SocketLine.receive
IS_BUSY = Attached.is_busy
Piece = tuple[int, bytes] | None


@pytest.fixture
def bench(attached_workshop: Workshop, tmp_path: Path) -> Bench:
    """Makes and executes runs, attached to every container."""
    return Bench(attached_workshop, tmp_path)


# On the way


def test_a_stop_does_not_wait_until_all_input_was_carried(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_carrying = threading.Event()
    put = DockerEngine.put

    def put_slowly(
        self: DockerEngine, container: str, entries: Sequence[Entry], wanted: Callable[[], bool]
    ) -> None:
        def goes_on() -> bool:
            is_carrying.set()
            time.sleep(0.05)
            return wanted()

        put(self, container, entries, goes_on if entries[0].path.endswith("/stdin") else wanted)

    monkeypatch.setattr(DockerEngine, "put", put_slowly)
    monkeypatch.setattr("composer.engine.docker_attach.CHUNK", 1000)
    run = bench.run({"a": script("cat", repeatable=False)}, data=bytes(10_000_000))
    going = bench.in_background(run)
    assert is_carrying.wait(30)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.CANCELED
    assert bench.output(run, "a") == b""


def break_lines(monkeypatch: pytest.MonkeyPatch, attempt: str, spoil: Callable[[SocketLine], Piece]) -> None:
    """Spoils what is received for one attempt."""
    start, receive = DockerEngine.start_attached, SocketLine.receive
    spoiled: set[Line] = set()

    def note_line(self: DockerEngine, spec: ContainerSpec, entries: Sequence[Entry]) -> tuple[str, Line]:
        container, line = start(self, spec, entries)
        if spec.labels["composer.attempt"] == attempt:
            spoiled.add(line)
        return container, line

    def receive_badly(self: SocketLine, seconds: float) -> Piece:
        return spoil(self) if self in spoiled else receive(self, seconds)

    monkeypatch.setattr(DockerEngine, "start_attached", note_line)
    monkeypatch.setattr(SocketLine, "receive", receive_badly)


def lose_a_piece(line: SocketLine) -> Piece:
    RECEIVE(line, 30)
    return RECEIVE(line, 30)


def break_down(line: SocketLine) -> Piece:
    RECEIVE(line, 30)
    raise ConnectionResetError("for a test")


def test_output_that_did_not_arrive_whole_is_never_taken_for_a_success(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_lines(monkeypatch, "1", lose_a_piece)
    step = script("for i in 1 2 3; do echo $i; sleep 0.1; done")
    run = bench.run({"a": step, "b": CAT}, "a-b")
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 2
    assert bench.output(run, "b", journal.last("b").attempt) == b"1\n2\n3\n"


def test_a_line_that_breaks_leaves_what_may_not_be_repeated_to_a_person(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_lines(monkeypatch, "1", break_down)
    outcome, journal = bench.execute(bench.run({"a": script("echo x; sleep 30", repeatable=False)}))
    assert (outcome.status, outcome.failed_node) == (Status.WAITING, "a")
    failure = journal.last("a").failure
    assert failure is not None
    assert failure.kind == "infrastructure"


def no_space(*anything: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("text", ["head -c 3000000 /dev/zero", "echo trouble >&2; sleep 30"])
def test_a_full_disk_of_the_worker_is_a_failure_with_that_name(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("composer.engine.pump.write_whole", no_space)
    outcome, journal = bench.execute(bench.run({"a": script(text), "b": CAT}, "a-b"))
    assert outcome.status is Status.FAILED
    failure = journal.last("a").failure
    assert failure is not None
    assert failure.kind == "disk"
    assert journal.steps("b") == [Status.SKIPPED]


def test_a_full_disk_of_the_engine_is_a_failure_with_that_name(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = DockerEngine.put

    def full(
        self: DockerEngine, container: str, entries: Sequence[Entry], wanted: Callable[[], bool]
    ) -> None:
        if any(entry.path.endswith("/stdin") for entry in entries):
            no_space()
        put(self, container, entries, wanted)

    monkeypatch.setattr(DockerEngine, "put", full)
    outcome, journal = bench.execute(bench.run({"a": CAT}, data=b"x"))
    failure = journal.last("a").failure
    assert outcome.status is Status.FAILED
    assert failure is not None
    assert failure.kind == "disk"


def test_a_container_that_goes_before_its_turn_is_made_again(bench: Bench) -> None:
    run = bench.run({"a": script("sleep 1.5; echo out"), "b": script("cat", repeatable=False)}, "a-b")
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    labels = {"composer.run": run.id, "composer.node": "b"}
    while not (found := bench.workshop.containers.find(labels)):
        time.sleep(0.01)
    time.sleep(0.3)
    bench.workshop.containers.remove(found[0].id)
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "b", going.journal.last("b").attempt) == b"out\n"


class Network:
    """A port of this machine behind which the container engine is, until the line is cut."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        """All connections at once, as a network does it."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._door.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect("/var/run/docker.sock")
            self._ends += [here, there]
            both = [
                threading.Thread(target=self._forward, args=ends) for ends in ((here, there), (there, here))
            ]
            for thread in both:
                thread.start()
            threading.Thread(target=self._bury, args=(both, here, there)).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _bury(self, both: list[threading.Thread], *ends: socket.socket) -> None:
        for thread in both:
            thread.join()
        for end in ends:
            end.close()


def test_a_network_that_fails_interrupts_a_step_and_nothing_else(gate: Path, tmp_path: Path) -> None:
    network = Network()
    engine = DockerEngine(network.url)
    installation = f"test-{uuid.uuid4().hex}"
    workshop = Workshop(
        engine, Spool(tmp_path), gate, installation=installation, instance="tests", carrier="attach"
    )
    bench = Bench(workshop, tmp_path)
    run = bench.run({"a": script("cat; [ $COMPOSER_ATTEMPT = 2 ] || sleep 60"), "b": CAT}, "a-b", data=b"x")
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    while not bench.output(run, "a"):
        time.sleep(0.01)
    network.cut()
    outcome = going.join()
    workshop.close()
    for container in bench.containers(run):
        engine.remove(container)
    engine.close()
    network.close()
    assert outcome is not None
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "b", going.journal.last("b").attempt) == b"x"


# Without the worker


@pytest.mark.parametrize(("repeatable", "status"), [(True, Status.SUCCEEDED), (False, Status.WAITING)])
def test_an_attempt_is_lost_with_its_worker(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, repeatable: bool, status: Status
) -> None:
    steps = {"a": script("[ $COMPOSER_ATTEMPT = 2 ] || sleep 30; echo out", repeatable=repeatable)}
    first = bench.run(steps)
    going = bench.in_background(first)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.5)
    going.desert()
    [lost] = bench.containers(first)
    monkeypatch.setattr(
        Attached, "is_busy", lambda self, container: container != lost and IS_BUSY(self, container)
    )
    outcome, journal = bench.execute(bench.run(steps, id=first.id, taken_over=True), records={"a": claimed()})
    assert outcome.status is status
    if status is Status.SUCCEEDED:
        assert bench.output(first, "a", journal.last("a").attempt) == b"out\n"


def test_a_worker_that_comes_back_to_its_own_run_goes_on(bench: Bench) -> None:
    steps = {"a": script("echo once >&2; sleep 1; echo out", repeatable=False)}
    first = bench.run(steps)
    going = bench.in_background(first)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.5)
    going.desert()
    outcome, journal = bench.execute(bench.run(steps, id=first.id, taken_over=True), records={"a": claimed()})
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 1
    assert (bench.output(first, "a"), bench.log(first, "a")) == (b"out\n", b"once\n")


def test_nothing_goes_on_when_all_is_over(bench: Bench) -> None:
    run = bench.run({"a": script("sleep 0.5; exit 1"), "b": CAT, "c": CAT}, "a-b", "b-c")
    going = bench.in_background(run)
    wait_until(lambda: carrying() != [])
    going.join()
    deadline = time.monotonic() + 30
    while (carrying() or bench.containers(run)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (carrying(), bench.containers(run)) == ([], [])


def carrying() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("attach-")]


def test_a_run_whose_files_were_removed_leaves_no_descriptor_open(attached_workshop: Workshop) -> None:
    files = attached_workshop.spool.attempt(uuid.uuid4().hex, "a", 1)
    files.create()
    files.log.unlink()
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(FileNotFoundError):
        Pump(None, "gone", None, Attempt("a", 1, CAT, files), Layout((), (), {}, {}), print)  # type: ignore[arg-type]
    assert len(os.listdir("/proc/self/fd")) == before
