"""A worker in a container finds out where its files lie on the engine's host."""

from pathlib import Path

import pytest

from composer.engine import docker_paths
from composer.engine.docker_config import container_config
from composer.engine.docker_paths import found_by_inspection, on_host, own_names, paths_of
from composer.engine.ports import ContainerSpec, Limits, Mount

ID = "4f" * 32
MOUNTS = [
    {"Type": "volume", "Destination": "/spool", "Source": "/var/lib/docker/volumes/spool/_data"},
    {"Type": "bind", "Destination": "/var/run/docker.sock", "Source": "/run/docker.sock"},
    {"Type": "tmpfs", "Destination": "/tmp", "Source": ""},
]
IN_DOCKER = f"1 2 254:0 /var/lib/docker/containers/{ID}/hostname /etc/hostname rw - ext4 /dev/vda rw\n"


def test_a_file_of_a_volume_is_found_on_the_host() -> None:
    known = paths_of(MOUNTS)
    assert on_host(Path("/spool/runs/1/input"), known) == "/var/lib/docker/volumes/spool/_data/runs/1/input"
    assert on_host(Path("/spool"), known) == "/var/lib/docker/volumes/spool/_data"


@pytest.mark.parametrize("path", ["/spooler/file", "/tmp/file", "/elsewhere"])
def test_any_other_path_stays_as_it_is(path: str) -> None:
    assert on_host(Path(path), paths_of(MOUNTS)) == path


def test_the_innermost_of_two_mounts_counts() -> None:
    inner = {"Type": "bind", "Destination": "/spool/runs", "Source": "/fast"}
    assert on_host(Path("/spool/runs/1"), paths_of([*MOUNTS, inner])) == "/fast/1"


def test_a_container_knows_its_own_id(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(IN_DOCKER)
    assert own_names(table, [])[0] == ID


def test_where_nothing_says_that_this_is_a_container_nobody_is_asked(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text("1 2 254:0 / / rw - ext4 /dev/vda rw\n")
    assert own_names(table, [tmp_path / ".dockerenv"]) == []
    (tmp_path / ".dockerenv").touch()
    assert len(own_names(table, [tmp_path / ".dockerenv"])) == 1


def test_an_engine_that_does_not_know_our_container_mounts_what_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(docker_paths, "own_names", lambda: [ID, "name"])
    assert found_by_inspection(lambda name: None) == {}
    assert found_by_inspection(lambda name: {"Mounts": MOUNTS} if name == "name" else None) == paths_of(
        MOUNTS
    )


def step(limits: Limits) -> ContainerSpec:
    return ContainerSpec(
        image="x",
        arguments=(),
        mounts=(Mount(Path("/spool/gate/run"), "/.composer/run", read_only=True),),
        labels={},
        limits=limits,
        network="none",
        user="65534:65534",
        writable=False,
    )


@pytest.mark.parametrize("cpus", [1e-10, 1e300])
def test_no_step_is_without_a_limit_of_its_processors(cpus: float) -> None:
    assert 0 < container_config(step(Limits(cpus=cpus)))["HostConfig"]["NanoCpus"] <= 1024 * 10**9


def test_every_mount_of_a_step_is_told_by_the_hosts_path() -> None:
    known = paths_of(MOUNTS)
    (mount,) = container_config(step(Limits()), lambda path: on_host(path, known))["HostConfig"]["Mounts"]
    assert mount["Source"] == "/var/lib/docker/volumes/spool/_data/gate/run"
    assert mount["ReadOnly"]
