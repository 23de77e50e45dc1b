"""What is in the way is told in one sentence, with the cure, before anything long is begun."""

import os
import socket
from pathlib import Path

import pytest

from composer.boot import engine, machine, run
from composer.boot.telling import Trouble
from tests.ports import free_port


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def only_path(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(
        "composer.boot.shell.find", lambda name: str(folder / name) if (folder / name).exists() else None
    )


def test_an_old_python_is_told() -> None:
    with pytest.raises(Trouble, match=r"Python 3\.9.*3\.11 or newer"):
        machine.check_python((3, 9))


def test_an_old_node_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "node", "echo v18.19.0")
    program(tmp_path, "npm", "true")
    only_path(monkeypatch, tmp_path)
    with pytest.raises(Trouble, match=r"Node\.js v18\.19\.0.*20 or newer"):
        machine.check_node()


def test_a_missing_node_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only_path(monkeypatch, tmp_path)
    with pytest.raises(Trouble, match=r"Node\.js is missing\. Install"):
        machine.check_node()


def test_a_new_node_is_fine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "node", "echo v22.1.0")
    program(tmp_path, "npm", "true")
    only_path(monkeypatch, tmp_path)
    assert machine.check_node() == "v22.1.0"


def test_a_full_disk_is_told_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="Make room, or choose another disk with COMPOSER_VAR"):
        machine.check_room(tmp_path, room=2**62)


def test_a_busy_port_is_told_with_who_holds_it_and_the_next_one() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(Trouble) as caught:
            machine.check_port("127.0.0.1", port)
    assert f"process {os.getpid()}" in str(caught.value)
    assert f"PORT={port + 1} make run" in str(caught.value)


def test_a_free_port_is_fine() -> None:
    machine.check_port("127.0.0.1", free_port())


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Trouble, match="must be a number from 1 to 65535"):
        machine.port_setting()


def test_a_second_start_in_the_same_folder_is_told(tmp_path: Path) -> None:
    first = run._only_one(tmp_path)
    with pytest.raises(Trouble, match=f"already \\(process {os.getpid()}\\)"):
        run._only_one(tmp_path)
    first.close()
    run._only_one(tmp_path).close()


def test_a_docker_host_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    from composer.boot.telling import Stage

    with pytest.raises(Trouble, match="unset DOCKER_HOST"):
        engine.ensure(Stage("Container engine"))


def test_nobody_who_is_root_is_told_to_use_sudo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from composer.boot import debian

    only_path(monkeypatch, tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match="sudo make run"):
        debian.as_root()
