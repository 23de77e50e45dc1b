"""What lies in the place of a file of the spool, and is none, is shown to no step."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from composer.engine.docker_engine import DockerEngine
from composer.engine.errors import NotOurs
from composer.engine.events import GateClaimed
from composer.engine.execute import Outcome
from composer.engine.ports import RunSpec
from composer.engine.sources import ensure_ours
from composer.engine.spool import AttemptFiles, Spool
from composer.engine.states import Status
from composer.engine.workshop import Workshop
from tests.engine.conftest import Bench, ListJournal, edge, script

SECRET = b"of the host\n"
READS = script("cat")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the host, that no step is to see."""
    path = tmp_path / "host" / "stdout"
    path.parent.mkdir()
    path.write_bytes(SECRET)
    path.chmod(0o666)
    return path


@pytest.fixture
def files(tmp_path: Path) -> AttemptFiles:
    made = Spool(tmp_path / "spool").attempt("run", "a", 1)
    made.create()
    return made


def link_to(secret: Path, place: Path) -> None:
    place.unlink()
    place.symlink_to(secret)


def folder_instead(secret: Path, place: Path) -> None:
    place.unlink()
    place.mkdir()


def link_on_the_way(secret: Path, place: Path) -> None:
    place.parent.rename(place.parent.with_name("moved"))
    place.parent.symlink_to(secret.parent)


def pipe_instead(secret: Path, place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def socket_instead(secret: Path, place: Path) -> None:
    place.unlink()
    # A socket's own path may not be long.
    fd = os.open(place.parent, os.O_PATH)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(f"/proc/self/fd/{fd}/{place.name}")
    os.close(fd)


def nothing(secret: Path, place: Path) -> None:
    place.unlink()


Trick = Callable[[Path, Path], None]
TRICKS = [link_to, folder_instead, link_on_the_way, pipe_instead, socket_instead, nothing]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_not_ours_is_refused_by_its_place(files: AttemptFiles, secret: Path, trick: Trick) -> None:
    seen = files.mounts(secret, [])
    ensure_ours(seen)
    trick(secret, files.log)
    with pytest.raises(NotOurs) as refused:
        ensure_ours(seen)
    assert str(files.folder) in refused.value.failure.detail
    assert "not what Composer put there" in refused.value.failure.message


def test_a_file_in_the_place_of_a_pipe_is_refused(files: AttemptFiles, secret: Path) -> None:
    files.gate.unlink()
    files.gate.touch()
    with pytest.raises(NotOurs, match="not what Composer"):
        ensure_ours(files.mounts(secret, []))


def test_a_file_of_another_user_is_refused(
    files: AttemptFiles, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = files.mounts(secret, [])
    os.chown(files.log, 4711, -1)
    with pytest.raises(NotOurs) as refused:
        ensure_ours(seen)
    assert refused.value.failure.detail.endswith("belongs to user 4711.")


def test_the_spool_itself_may_be_behind_a_link(tmp_path: Path, secret: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "spool").symlink_to(tmp_path / "elsewhere")
    files = Spool(tmp_path / "spool").attempt("run", "a", 1)
    files.create()
    ensure_ours(files.mounts(secret, []))


def planted(bench: Bench, trick: Trick, secret: Path, *pipes: str) -> tuple[RunSpec, Outcome, ListJournal]:
    """A run in which something is laid in the place of the first step's output, as soon as there is one."""
    steps = {"a": script("echo fine"), "b": READS}
    run = bench.run(steps, *pipes)
    create = AttemptFiles.create

    def create_and_lay(self: AttemptFiles, **what: object) -> None:
        create(self, **what)  # type: ignore[arg-type]
        if self.folder.parent.name == "a":
            trick(secret, self.stdout)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(AttemptFiles, "create", create_and_lay)
        return run, *bench.execute(run)


@pytest.mark.containers
@pytest.mark.parametrize("trick", TRICKS)
def test_a_step_is_not_started_over_what_is_not_ours(bench: Bench, secret: Path, trick: Trick) -> None:
    run, outcome, journal = planted(bench, trick, secret, "a-b")
    assert (outcome.status, outcome.failed_node) == (Status.FAILED, "a")
    failure = journal.last("a").failure
    assert failure is not None
    assert failure.message.startswith("One of its files is not what Composer put there")
    assert not any(isinstance(change, GateClaimed) for change in journal.changes)
    assert secret.read_bytes() == SECRET
    assert bench.containers(run) == []


@pytest.mark.containers
@pytest.mark.parametrize("carrier", ["session_workshop", "attached_workshop"])
def test_an_input_that_leads_elsewhere_is_not_read(
    carrier: str, secret: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    workshop: Workshop = request.getfixturevalue(carrier)
    bench = Bench(workshop, tmp_path)
    run = bench.run({"a": READS}, data=b"fine")
    assert run.input is not None
    link_to(secret, run.input)
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.FAILED
    assert SECRET not in bench.output(run, "a")
    failure = journal.last("a").failure
    assert failure is not None
    assert failure.kind == "infrastructure"


@pytest.mark.containers
def test_no_holder_is_made_of_a_gate_that_leads_elsewhere(secret: Path, tmp_path: Path, gate: Path) -> None:
    engine = DockerEngine()
    place = tmp_path / "gate"
    place.symlink_to(gate)
    workshop = Workshop(engine, Spool(tmp_path / "spool"), place, installation="test-links", instance="tests")
    try:
        with pytest.raises(NotOurs):
            workshop.holders.acquire()
        outcome, _ = Bench(workshop, tmp_path).execute(
            Bench(workshop, tmp_path).run({"a": READS, "b": READS}, edge("a=b"))
        )
        assert outcome.status is Status.FAILED
        assert outcome.failure is not None
        assert "not what Composer put there" in outcome.failure.message
        assert engine.find({"composer.installation": "test-links"}) == []
    finally:
        workshop.close()
        engine.close()
