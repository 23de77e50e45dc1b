"""The contract of `ports.ContainerEngine`, kept by the fake and by Docker alike."""

import gc
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.engine.docker_engine import DockerEngine
from composer.engine.errors import CommandRefused, EngineAway, ImageMissing
from composer.engine.ports import ContainerEngine, ContainerSpec, Image, Limits, Mount
from tests.engine.fake_engine import FakeEngine
from tests.engine.images import have_busybox

MINE = {"composer.installation": f"test-{uuid.uuid4().hex}"}


def quiet(words: str) -> None:
    """Progress of a download, of no interest here."""


@pytest.fixture(params=["fake", pytest.param("docker", marks=pytest.mark.containers)])
def engine(request: pytest.FixtureRequest) -> Iterator[ContainerEngine]:
    busybox = have_busybox()
    if request.param == "fake":
        image = Image("sha256:1", "sha256:1", (), ("/bin/sh",), {"PATH": "/bin"}, "amd64", "linux")
        yield FakeEngine({busybox: image})
        return
    real = DockerEngine()
    yield real
    for state in real.find(MINE):
        real.remove(state.id)
    real.close()


def sleeper(gate: Path, **more: object) -> ContainerSpec:
    described = {
        "image": have_busybox(),
        "entrypoint": "/bin/sleep",
        "arguments": ("600",),
        "mounts": (Mount(gate, "/somewhere", read_only=True),),
        "labels": {**MINE, "composer.node": "a"},
        "limits": Limits(memory=16 * 1024 * 1024),
        "network": "none",
        "user": "65534:65534",
        "writable": False,
        **more,
    }
    return ContainerSpec(**described)  # type: ignore[arg-type]


@pytest.fixture
def some_file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("x")
    return path


def test_an_image_tells_what_it_would_run(engine: ContainerEngine) -> None:
    image = engine.image(have_busybox(), may_pull=False, on_progress=quiet)
    assert (image.entrypoint, image.command, image.os) == ((), ("/bin/sh",), "linux")
    assert image.environment["PATH"] == "/bin"
    assert engine.image(image.id, may_pull=False, on_progress=quiet).id == image.id


def test_a_missing_image_is_said_to_be_missing(engine: ContainerEngine) -> None:
    with pytest.raises(ImageMissing):
        engine.image("composer-test/no-such-image:1", may_pull=False, on_progress=quiet)


def test_a_started_container_runs_until_it_is_killed(engine: ContainerEngine, some_file: Path) -> None:
    container = engine.start(sleeper(some_file))
    state = engine.inspect(container)
    assert state is not None
    assert state.running
    assert state.exit_code is None
    engine.kill(container)
    state = engine.inspect(container)
    assert state is not None
    assert (state.running, state.exit_code) == (False, 137)


def test_a_container_is_found_by_its_labels(engine: ContainerEngine, some_file: Path) -> None:
    container = engine.start(sleeper(some_file))
    assert [state.id for state in engine.find(MINE)] == [container]
    assert [state.id for state in engine.find({**MINE, "composer.node": ""})] == [container]
    assert engine.find({**MINE, "composer.node": "b"}) == []


def test_what_is_gone_is_gone_without_a_word(engine: ContainerEngine, some_file: Path) -> None:
    container = engine.start(sleeper(some_file))
    engine.remove(container)
    engine.remove(container)
    engine.kill(container)
    assert engine.inspect(container) is None
    assert engine.find(MINE) == []


def test_a_container_that_cannot_start_is_refused_and_leaves_nothing(
    engine: ContainerEngine, some_file: Path
) -> None:
    with pytest.raises(CommandRefused):
        engine.start(sleeper(some_file, user="nobody-of-that-name"))
    assert engine.find(MINE) == []


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_engine_that_does_not_answer_is_away(tmp_path: Path) -> None:
    nowhere = DockerEngine(f"unix://{tmp_path}/no.sock")
    with pytest.raises(EngineAway):
        nowhere.inspect("x")
    fake = FakeEngine({})
    fake.away.set()
    with pytest.raises(EngineAway):
        fake.inspect("x")
    gc.collect()  # the SDK leaves the socket of a connection that was refused to the collector
