"""`make backup`: the stack's database, the data of its runs, and its keys.

The database is saved first and the files after it, so that no run that was saved lacks its files;
files of runs that came in between belong to nobody and are swept.
"""

import json
import os
import shutil
import time
from pathlib import Path

from composer.boot import archive, compose, places, spool_tar
from composer.boot.stack_database import Place, StackDatabase, used_by
from composer.boot.telling import Trouble, stage

OF_DATABASE = "its database, with that server’s own tools (pg_dump)"


def backup(arguments: list[str]) -> int:
    """Saves the running stack; prints where."""
    only_files = wants_only_files()
    target = Path(arguments[0]) if arguments else _new_name(only_files)
    if target.exists():
        raise Trouble(f"{target} exists. Choose another name.")
    stack = compose.Stack(found_compose())
    web = stack.container("web")
    with stage("Which database") as told:
        place = used_by(web)
        check(place, only_files=only_files)
        told.say(f"{place}, to be saved by itself" if only_files else "the stack’s own")
    database = None if only_files else StackDatabase(stack.container("database"), place.name)
    _make_folder(target)
    _check_room(web, database, target)
    with archive.new(target) as writer:
        _save(writer, web, database)
    if only_files:
        print(
            f"Saved without its database: {target}. It is of use only beside a copy of the database ({place})"
        )
        print("that was made before it. It holds the keys: keep it where only you can read it.")
    else:
        print(f"Saved: {target}. It holds the keys: keep it where only you can read it.")
    return 0


def wants_only_files() -> bool:
    """Whether PARTS says that the database is seen to elsewhere. Raises Trouble."""
    parts = os.environ.get("PARTS") or "all"
    if parts not in ("all", "files"):
        raise Trouble(f"PARTS is “{parts}”, and can be “all” or “files”: all but the database.")
    return parts == "files"


def found_compose() -> list[str]:
    """The command of docker compose. Raises Trouble."""
    found = compose.find()
    if found is None:
        raise Trouble("There is no “docker compose”. Backups are for the stack of docker-compose.yml.")
    return found


def in_spool(command: str) -> list[str]:
    """What does this with the data of runs, in a container that has them."""
    return ["python3", "-c", Path(spool_tar.__file__).read_text(), command]


def _new_name(only_files: bool) -> Path:
    name = "composer-%Y%m%d-%H%M%S-files.tar" if only_files else "composer-%Y%m%d-%H%M%S.tar"
    return places.var() / "backups" / time.strftime(name)


def check(place: Place, *, only_files: bool) -> None:
    """What is called a backup must be one of the database that is used."""
    if place.is_the_stacks and only_files:
        raise Trouble("The database is in the stack. Save all of it: make backup")
    if not place.is_the_stacks and not only_files:
        raise Trouble(
            f"This stack uses a database of your own ({place}), which is not saved here. First save "
            f"{OF_DATABASE}; then the data of runs and the keys: make backup PARTS=files"
        )


def _make_folder(target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"{target.parent} could not be made: {error.strerror}.") from error


def _check_room(web: str, database: StackDatabase | None, target: Path) -> None:
    trouble = "The data of runs cannot be measured:"
    needed = int(compose.answer(web, in_spool("measure"), trouble=trouble))
    needed += database.size() if database else 0
    free = shutil.disk_usage(target.parent).free
    cure = "Make room, or save elsewhere: make backup FILE=/path/saved.tar"
    archive.check_room(f"The disk of {target.parent}", free=free, needed=needed, cure=cure)


def _save(writer: archive.Writer, web: str, database: StackDatabase | None) -> None:
    about = {"has_database": database is not None, "database_bytes": database.size() if database else 0}
    writer.add(archive.ABOUT, json.dumps(about))
    for name in archive.KEYS:
        key = compose.answer(web, ["cat", f"/state/{name}"], trouble=f"{name} could not be saved:")
        writer.add(name, key)
    if database:
        with stage("Database") as told, writer.part(archive.DATABASE) as taken:
            start = taken.tell()
            database.save(taken)
            told.say(archive.in_words(taken.tell() - start))
    with stage("Data of runs") as told, writer.part(archive.FILES) as taken:
        start = taken.tell()
        trouble = "The data of runs could not be saved:"
        compose.into(web, in_spool("save"), stdout=taken, trouble=trouble)
        told.say(archive.in_words(taken.tell() - start))
