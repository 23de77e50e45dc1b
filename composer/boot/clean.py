"""`make clean`: removes what was made here, and nothing that is somebody else's."""

import shutil

from composer.boot import engine, places
from composer.boot.telling import stage


def clean(_: list[str]) -> int:
    """Containers of this installation, the front end's build and packages, and the state folder."""
    with stage("Containers") as told:
        installation = places.var() / "installation"
        count = 0
        if installation.exists() and engine.version():
            count = engine.remove_containers(installation.read_text().strip())
        told.say(f"{count} removed")
    with stage("Files") as told:
        for folder in (
            places.ROOT / "frontend" / "node_modules",
            places.ROOT / "frontend" / "dist",
            places.var(),
        ):
            shutil.rmtree(folder, ignore_errors=True)
        told.say("var/, the front end's build and its packages")
    return 0
