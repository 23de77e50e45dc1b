"""Debian's packages: installed where something is missing, as root or with sudo."""

import os
import subprocess
from collections.abc import Iterable

from composer.boot import shell
from composer.boot.telling import Stage, Trouble

_updated = False


def as_root() -> list[str]:
    """What to write before a command that only root may run. Raises Trouble where nobody is root."""
    if os.geteuid() == 0:
        return []
    sudo = shell.find("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "--preserve-env=DEBIAN_FRONTEND"]
    raise Trouble("Something must be installed, and you are not root. Run it again with: sudo make run")


def install(packages: Iterable[str], told: Stage, *, why: str) -> None:
    """Installs packages with apt-get. Raises Trouble in one sentence."""
    global _updated  # noqa: PLW0603 - the lists are read once per start
    wanted = list(packages)
    if not shell.have("apt-get"):
        raise Trouble(f"{why} is missing, and this is no Debian. Install these yourself: {' '.join(wanted)}")
    root = as_root()
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    options = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"]
    told.busy(f"installing {', '.join(wanted)}")
    if not _updated:
        trouble = "Debian's package lists cannot be read. Is there a network?"
        shell.run([*root, "apt-get", *options, "update"], trouble=trouble, environment=quiet)
        _updated = True
    shell.run(
        [*root, "apt-get", *options, "install", "--yes", "--no-install-recommends", *wanted],
        trouble=f"{why} could not be installed. Is there a network, and does no other apt-get run?",
        environment=quiet,
    )
