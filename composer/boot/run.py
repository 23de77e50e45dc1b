"""`make run`: from nothing to an address on the screen; Ctrl-C ends all that it started."""

import fcntl
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import IO

from composer.boot import answering, build, engine, machine, places, processes, redis
from composer.boot.telling import Trouble, box, stage

STOPPING = 40.0  # seconds that the processes have to end


def run() -> int:
    """Starts everything and waits; returns the exit code."""
    host, port = os.environ.get("HOST") or "127.0.0.1", machine.port_setting()
    stop = _stop_on_signal()
    folder = machine.state_folder()
    lock = _only_one(folder)
    with stage("This machine") as told:
        machine.check_python()
        told.say(f"Python, Node.js {machine.check_node()}, room on the disk, port {port}")
        machine.check_room(folder)
        machine.check_port(host, port)
    with stage("Container engine") as told:
        own_engine = engine.ensure(told)
    try:
        return _with_engine(host, port, stop)
    finally:
        if own_engine:
            own_engine.stop()
        lock.close()


def _with_engine(host: str, port: int, stop: threading.Event) -> int:
    prepare()
    with stage("Redis") as told:
        chosen = redis.choose(told)
    environment = {
        "COMPOSER_VAR": str(places.var()),
        "DJANGO_SETTINGS_MODULE": "composer.settings",
        "REDIS_URL": chosen.url,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    with stage("Database") as told:
        build.database(told, {**os.environ, **environment})
    with stage("Steps of the samples") as told:
        build.images(told, environment, only=steps_of_samples())
    settings = processes.write_settings(processes.programs(host, port, chosen.command))
    shown = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"
    began = time.time()
    supervisor = processes.start(settings, environment)
    try:
        with stage("Composer") as told:
            local = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
            answering.wait_for_web(local, supervisor)
            answering.wait_for_worker(_spool(), began, supervisor)
            told.say("web, worker and schedule answer")
        (places.var() / "address").write_text(shown)
        _welcome(shown, environment)
        _other_images(environment)
        return _wait(supervisor, stop)
    finally:
        _end(supervisor)


def prepare(requirements: str = "base") -> None:
    """What is made once and kept, up to the screens."""
    with stage("Python packages") as told:
        build.virtual_environment(told, requirements)
    with stage("Gate") as told:
        build.gate(told)
    with stage("Front end's packages") as told:
        build.front_end_packages(told)
    with stage("Front end") as told:
        build.front_end(told)


def steps_of_samples() -> list[str]:
    """The built-in steps that the sample workflows use: a visitor runs these first."""
    samples = (places.ROOT / "composer" / "catalog" / "samples").glob("*/workflow.yaml")
    return sorted(
        {
            slug
            for path in samples
            for slug in re.findall(r"^\s*step: ([\w-]+)$", path.read_text(), re.MULTILINE)
        }
    )


def link() -> int:
    """`make link`: prints a new sign-in link for the owner."""
    address = places.var() / "address"
    known = address.read_text() if address.exists() else f"http://localhost:{machine.port_setting()}"
    trouble = "No link could be made. Start Composer once with make run:"
    path = build.manage("sign_in_link", trouble=trouble, environment={}, secret=True)
    print(known + path.strip())
    return 0


def _welcome(shown: str, environment: dict[str, str]) -> None:
    trouble = "No sign-in link could be made:"
    path = build.manage("sign_in_link", trouble=trouble, environment=environment, secret=True).strip()
    box(
        [
            f"Composer is ready: {shown}",
            "",
            "Open this link to sign in (it works once; make link prints another):",
            f"{shown}{path}",
            "",
            "Ctrl-C stops everything.",
        ]
    )


def _other_images(environment: dict[str, str]) -> None:
    """The images that no sample needs are made while people already work."""

    def work() -> None:
        command = [str(places.python()), "manage.py", "step", "build"]
        with (places.logs() / "images.log").open("ab") as log:
            subprocess.run(
                command,
                cwd=places.ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )

    threading.Thread(target=work, daemon=True).start()


def _only_one(folder: Path) -> IO[str]:
    """Held for as long as we run. Raises Trouble where another one holds it."""
    lock = (folder / "running").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        other = (folder / "running").read_text().strip()
        raise Trouble(
            f"Composer is running in this folder already (process {other or 'unknown'}). "
            "Stop that one, or give this one a state folder: COMPOSER_VAR=/path PORT=8001 make run."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()

    def heed(*_: object) -> None:
        if stop.is_set():
            return
        stop.set()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, heed)
    return stop


def _wait(supervisor: "subprocess.Popen[bytes]", stop: threading.Event) -> int:
    try:
        supervisor.wait()
    except KeyboardInterrupt:
        print("\nStopping…", flush=True)
        return 0
    raise Trouble(f"The process manager ended. Its log is {places.logs() / 'supervisor-output.log'}.")


def _end(supervisor: "subprocess.Popen[bytes]") -> None:
    """Processes first, then the containers that they left to be adopted, which nobody will now."""
    with stage("Stopped") as told:
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(STOPPING)
        except subprocess.TimeoutExpired:
            supervisor.kill()
        installation = places.var() / "installation"
        count = engine.remove_containers(installation.read_text().strip()) if installation.exists() else 0
        told.say(f"{count} containers removed" if count else "nothing is left running")


def _spool() -> Path:
    return Path(os.environ.get("COMPOSER_SPOOL") or places.var() / "spool")
