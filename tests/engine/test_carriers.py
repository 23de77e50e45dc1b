"""The contract of `carriers.Carrier`: what steps do is the same where worker and engine share no files.

The tests that are imported here run once more, over an attached workshop instead of shared files.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.engine.attached import Attached
from composer.engine.carriers import SharedFiles, choose
from composer.engine.docker_engine import DockerEngine
from composer.engine.errors import EngineAway
from composer.engine.ports import ContainerSpec
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
    test_a_claimed_step_that_never_began_is_made_anew,
    test_a_step_killed_behind_our_back_is_repeated_where_it_may_be,
    test_a_step_killed_behind_our_back_waits_for_a_person_where_it_may_not_be_repeated,
    wait_for,
)
from tests.engine.test_whole import (  # noqa: F401
    test_a_further_output_counts_as_well,
    test_a_step_that_had_failed_stays_failed_whatever_is_missing,
    test_a_step_whose_output_was_lost_while_nobody_watched_is_begun_anew,
    test_what_is_all_there_is_a_success,
    test_where_it_may_not_be_begun_anew_a_person_decides,
)

pytestmark = pytest.mark.containers

CAT = script("cat")


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


# Which of the two it is


class Elsewhere(DockerEngine):
    """An engine on a machine with other files."""

    def _source(self, path: Path) -> str:
        return f"/not/on/this/machine{path}"


class WithoutFifos(DockerEngine):
    """An engine that shows files of this machine, but what is written into a FIFO stays here."""

    def start(self, spec: ContainerSpec) -> str:
        container = super().start(spec)
        for path in spec.mounts[-1].source.parent.glob("*.here"):
            path.rename(path.with_suffix(""))
        return container

    def _source(self, path: Path) -> str:
        if path.is_fifo():
            path.rename(path.with_suffix(".here"))
            path.touch()
            path.chmod(0o666)
        return str(path)


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
