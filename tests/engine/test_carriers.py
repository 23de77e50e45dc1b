"""The contract of `carriers.Carrier`: what steps do is the same where worker and engine share no files.

The tests that are imported here run once more, over an attached workshop instead of shared files.
"""

import errno
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from composer.engine.attached import Attached
from composer.engine.carriers import SharedFiles, choose
from composer.engine.docker_attach import SocketLine
from composer.engine.docker_engine import DockerEngine
from composer.engine.errors import EngineAway
from composer.engine.ports import ContainerSpec, Entry, Line
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.workshop import Workshop
from tests.engine.conftest import Bench, edge, script
from tests.engine.test_execute import (  # noqa: F401
    test_a_step_never_starts_when_the_one_before_failed,
    test_a_step_that_ignores_its_input_does_no_harm,
    test_an_image_without_a_shell_works,
    test_every_end_has_its_name,
    test_nothing_of_a_secret_is_where_others_can_read,
    test_the_container_is_hardened,
)
from tests.engine.test_flows import (  # noqa: F401
    test_a_step_that_reads_only_the_first_of_its_inputs_does_no_harm,
    test_all_outputs_together_have_one_limit,
    test_inputs_that_a_step_declares_are_files_by_their_names,
    test_outputs_that_a_step_declares_are_pipes_of_their_own,
    test_several_pipes_are_read_one_after_the_other_in_their_order,
    test_the_data_may_be_what_else_a_step_writes,
)
from tests.engine.test_take_over import (  # noqa: F401
    claimed,
    desert,
    test_a_claimed_step_that_never_began_is_made_anew,
    test_a_step_killed_behind_our_back_is_repeated_where_it_may_be,
    test_a_step_killed_behind_our_back_waits_for_a_person_where_it_may_not_be_repeated,
    wait_for,
)

pytestmark = pytest.mark.containers

CAT = script("cat")
RECEIVE = SocketLine.receive
busy = Attached.is_busy

Piece = tuple[int, bytes] | None


@pytest.fixture(scope="module")
def attached_workshop(gate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    engine = DockerEngine()
    installation = f"test-{uuid.uuid4().hex}"
    spool = Spool(tmp_path_factory.mktemp("spool"))
    workshop = Workshop(engine, spool, gate, installation=installation, instance="tests", carrier="attach")
    assert isinstance(workshop.carrier, Attached)
    yield workshop
    workshop.close()
    for state in engine.find({"composer.installation": installation}):
        engine.remove(state.id)
    engine.close()


@pytest.fixture
def bench(attached_workshop: Workshop, tmp_path: Path) -> Bench:
    """Makes and executes runs, attached to every container."""
    return Bench(attached_workshop, tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\r\n\0\rno final newline",
        pytest.param(os.urandom(20_000_000), id="20 MB of random bytes"),
    ],
)
def test_bytes_are_exact(bench: Bench, data: bytes) -> None:
    run = bench.run({"a": CAT, "b": CAT}, "a-b", data=data)
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "b") == data
    assert (journal.last("b").bytes_in, journal.last("b").bytes_out) == (len(data), len(data))


def test_a_pipe_that_was_to_stream_is_kept(bench: Bench) -> None:
    run = bench.run({"a": CAT, "b": CAT}, edge("a=b"), data=b"drop by drop\n")
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert (bench.output(run, "a"), bench.output(run, "b")) == (b"drop by drop\n", b"drop by drop\n")
    assert journal.steps("b")[-2:] == [Status.RUNNING, Status.SUCCEEDED]
    assert bench.workshop.spool.keeps_all(run.id)


def test_of_the_data_only_some_lines_may_be_wanted(bench: Bench) -> None:
    step = script("printf 'x\nBEGIN\none\nEND\ny\n'; echo z >&2", between=("BEGIN", "END"))
    run = bench.run({"a": step})
    outcome, _ = bench.execute(run)
    assert (outcome.status, bench.output(run, "a")) == (Status.SUCCEEDED, b"one\n")
    assert sorted(bench.log(run, "a").splitlines()) == [b"BEGIN", b"END", b"one", b"x", b"y", b"z"]


def test_what_a_step_says_and_how_much_it_wrote_is_known_while_it_runs(bench: Bench) -> None:
    step = script("echo composer:progress 0.5 half >&2; printf 12345; sleep 0.8; printf 6")
    run = bench.run({"a": step})
    _, journal = bench.execute(run)
    seen = [progress.steps["a"] for progress in journal.progressed if "a" in progress.steps]
    assert any((flow.bytes_out, flow.fraction) == (5, 0.5) for flow in seen)


def test_a_stopped_run_stops_its_steps(bench: Bench) -> None:
    run = bench.run({"a": script("echo on; sleep 60"), "b": CAT}, "a-b")
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.CANCELED
    assert (going.journal.steps("a")[-1], going.journal.steps("b")) == (Status.CANCELED, [Status.CANCELED])


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


# What can go wrong on the way


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
    monkeypatch.setattr("composer.engine.pump._write_whole", no_space)
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
    desert(going)
    [lost] = bench.containers(first)
    monkeypatch.setattr(
        Attached, "is_busy", lambda self, container: container != lost and busy(self, container)
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
    desert(going)
    outcome, journal = bench.execute(bench.run(steps, id=first.id, taken_over=True), records={"a": claimed()})
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 1
    assert (bench.output(first, "a"), bench.log(first, "a")) == (b"out\n", b"once\n")


def test_nothing_goes_on_when_all_is_over(bench: Bench) -> None:
    run = bench.run({"a": script("exit 1"), "b": CAT, "c": CAT}, "a-b", "b-c")
    bench.execute(run)
    deadline = time.monotonic() + 30
    while (carrying() or bench.containers(run)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (carrying(), bench.containers(run)) == ([], [])


def carrying() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("attach-")]


# Which of the two it is


class Elsewhere(DockerEngine):
    """An engine on a machine with other files."""

    def start(self, spec: ContainerSpec) -> str:
        away = [replace(m, source=Path("/not/on/this/machine") / m.source.name) for m in spec.mounts]
        return super().start(replace(spec, mounts=tuple(away)))


class WithoutFifos(DockerEngine):
    """An engine that shows files of this machine, but what is written into a FIFO stays here."""

    def start(self, spec: ContainerSpec) -> str:
        for mount in spec.mounts:
            if mount.source.is_fifo():
                mount.source.rename(mount.source.with_suffix(".here"))
                mount.source.touch()
                mount.source.chmod(0o666)
        container = super().start(spec)
        for path in spec.mounts[-1].source.parent.glob("*.here"):
            path.rename(path.with_suffix(""))
        return container


@pytest.fixture
def engines() -> Iterator[list[DockerEngine]]:
    made: list[DockerEngine] = []
    yield made
    for engine in made:
        engine.close()


@pytest.mark.parametrize(
    ("kind", "carrier"), [(DockerEngine, SharedFiles), (Elsewhere, Attached), (WithoutFifos, Attached)]
)
def test_the_carrier_is_found_out_by_trying(
    kind: type[DockerEngine],
    carrier: type[object],
    engines: list[DockerEngine],
    gate: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("composer.engine.carriers.PROBE_SECONDS", 1.0 if kind is WithoutFifos else 10.0)
    engine = kind()
    engines.append(engine)
    labels = {"composer.installation": f"test-{uuid.uuid4().hex}"}
    assert isinstance(choose("auto", engine, Spool(tmp_path), gate, labels), carrier)
    assert engine.find(labels) == []
    assert Spool(tmp_path).runs() == []


def test_a_wish_is_not_questioned(engines: list[DockerEngine], gate: Path, tmp_path: Path) -> None:
    engines.append(Elsewhere())
    assert isinstance(choose("files", engines[0], Spool(tmp_path), gate, {}), SharedFiles)
    assert isinstance(choose("attach", engines[0], Spool(tmp_path), gate, {}), Attached)


def test_while_the_engine_is_away_nothing_is_decided(
    engines: list[DockerEngine], gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines.append(DockerEngine())
    workshop = Workshop(engines[0], Spool(tmp_path), gate, installation="test-none", instance="tests")
    with monkeypatch.context() as patched:
        patched.setattr(DockerEngine, "start", away)
        with pytest.raises(EngineAway):
            _ = workshop.carrier
    assert isinstance(workshop.carrier, SharedFiles)
    workshop.close()


def away(*anything: object) -> str:
    raise EngineAway("for a test")
