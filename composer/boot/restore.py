"""`make restore FILE=…`: what was saved takes the place of what is in the stack, or none of it does.

Everything is brought beside what is there, while that may still be used. Only when all of it is whole is the
stack stopped, and the two change places; whatever fails on the way is undone.
"""

import io
from contextlib import ExitStack
from pathlib import Path

from composer.boot import archive, backup, compose, engine, shell
from composer.boot.stack_database import StackDatabase, used_by
from composer.boot.telling import Trouble, stage

SERVICES = ("web", "worker", "beat")
NOTHING = "Nothing was changed."
PREPARED = "The stack could not be prepared:"
BROUGHT = "The data of runs could not be brought back:"
#: The key that was there is kept beside the one that comes.
REPLACE = 'cd /state && umask 077 && cp "$0" "$0.before" && cat > "$0.new" && mv "$0.new" "$0"'
PUT_BACK = 'cd /state && mv "$0.before" "$0"'
#: What `keys` would make of what it is given, in a place where it changes nothing.
GIVEN = """
import os, sys, tempfile
from pathlib import Path
from composer.boot import keys
folder = Path(tempfile.mkdtemp())
made = keys.make(os.environ, folder)
print("" if sys.argv[1] in made else (folder / sys.argv[1]).read_text())
"""
OURS = ["--filter", "label=org.opencontainers.image.title=Composer"]
PROJECT = "com.docker.compose.project"


def restore(arguments: list[str]) -> int:
    """Brings a backup back into the stack of docker-compose.yml, whatever is in it now, and starts it."""
    only_files = backup.wants_only_files()
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        raise Trouble("Name the backup: make restore FILE=saved.tar")
    with archive.opened(Path(arguments[0])) as saved, ExitStack() as helpers:
        stack = compose.Stack(backup.found_compose())
        with stage("Stack") as told:
            state = helpers.enter_context(stack.helper("keys"))
            _check_given(state, saved)
            stack.run("run", "--rm", "--no-deps", "-T", "keys", trouble="The keys could not be made:")
            files = helpers.enter_context(stack.helper("setup"))
            database = _database(stack, files, saved, only_files)
            told.say("prepared; what is in it is left alone so far")
        Restore(stack, saved, database, files, state).everything()
    return 0


def _database(
    stack: compose.Stack, files: str, saved: archive.Saved, only_files: bool
) -> StackDatabase | None:
    """The one to bring the backup into; None where it is on a server of one's own. Raises Trouble."""
    place = used_by(files)
    if place.is_the_stacks and (only_files or not saved.has_database):
        why = "PARTS=files leaves it out" if saved.has_database else f"{saved.source} has none"
        raise Trouble(f"The database of this stack is its own, and {why}. {NOTHING}")
    if not place.is_the_stacks and not only_files:
        raise Trouble(
            f"This stack uses a database of your own ({place}), which is not brought back here. "
            f"Stop the stack, bring back {backup.OF_DATABASE}; then the data of runs and the keys: "
            f"make restore PARTS=files FILE={saved.source}. {NOTHING}"
        )
    stack.run("up", "--detach", "--no-recreate", "database", "redis", trouble=PREPARED)
    if not place.is_the_stacks:
        return None
    database = StackDatabase(stack.container("database"), place.name)
    database.wait()
    return database


class Restore:
    """One backup on its way into one stack."""

    def __init__(
        self,
        stack: compose.Stack,
        saved: archive.Saved,
        database: StackDatabase | None,
        files: str,
        state: str,
    ) -> None:
        self.stack, self.saved, self.database = stack, saved, database
        self.files, self.state = files, state  # containers that see the spool, and that may change the keys
        self.keys = {name: saved.text(name).strip() for name in archive.KEYS}
        self.workers = 0

    def everything(self) -> None:
        """All of it, in the order in which nothing is lost."""
        self._check_others()
        self._check_room()
        with ExitStack() as undo:
            self._bring(undo)
            self._stop(undo)
            self._change_places(undo)
            undo.pop_all()
        try:
            if self.database:
                self.database.forget()
            self._in_spool("forget")
        finally:
            self._start()

    def _check_others(self) -> None:
        """Two stacks on one engine must not both take the containers of one installation for theirs."""
        stacks = _containers()
        mine = stacks[self.files]
        for container, other in stacks.items():
            if other != mine and _is_of(container, self.keys["installation"]):
                raise Trouble(
                    f"The stack that was saved runs on this engine, as {other or container}. Beside it, this "
                    f"one would take its steps for its own and remove them. Stop that one first. {NOTHING}"
                )

    def _check_room(self) -> None:
        """On the disks of both volumes, which may be the same one."""
        needed = {self.files: ("/spool", self.saved.size(archive.FILES))}
        if self.database:
            size = max(self.saved.database_bytes, self.saved.size(archive.DATABASE))
            needed[self.database.container] = ("/var/lib/postgresql/data", size)
        free: dict[str, int] = {}
        wanted: dict[str, int] = {}
        for container, (folder, size) in needed.items():
            disk = self._stat(container, "-c", "%d", folder)
            blocks, block = self._stat(container, "-f", "-c", "%a %S", folder).split()
            free[disk] = int(blocks) * int(block)
            wanted[disk] = wanted.get(disk, 0) + size
        for disk, size in wanted.items():
            cure = f"Make room: what is in the stack stays until the backup is whole. {NOTHING}"
            archive.check_room("The disk of the stack’s volumes", free=free[disk], needed=size, cure=cure)

    def _stat(self, container: str, *arguments: str) -> str:
        return compose.answer(
            container, ["stat", *arguments], trouble="Its disk cannot be looked at:"
        ).strip()

    def _bring(self, undo: ExitStack) -> None:
        """Beside what is there, and what is there may go on meanwhile."""
        if self.database:
            with stage("Database") as told, self.saved.part(archive.DATABASE) as given:
                self.database.bring(given)
                undo.callback(self.database.drop_new)
                told.say(
                    f"{archive.in_words(self.saved.size(archive.DATABASE))} brought, beside the one in use"
                )
        with stage("Data of runs") as told, self.saved.part(archive.FILES) as given:
            compose.into(self.files, backup.in_spool("bring"), stdin=given, trouble=BROUGHT)
            undo.callback(self._in_spool, "drop_new")
            told.say(f"{archive.in_words(self.saved.size(archive.FILES))} brought, beside those in use")

    def _stop(self, undo: ExitStack) -> None:
        """Nobody works any more: Composer does not, and no step does."""
        with stage("Stopped") as told:
            running = {service: len(self.stack.running(service)) for service in SERVICES}
            self.workers = running["worker"]
            if services := [service for service, count in running.items() if count]:
                undo.callback(self.stack.run, "start", *services, trouble="It could not be started again:")
                self.stack.run("stop", *services, trouble="The stack could not be stopped:")
            count = 0
            for installation in {_key(self.state, "installation"), self.keys["installation"]}:
                count += engine.remove_containers(installation)
                if engine.remove_containers(installation):
                    raise Trouble("Containers of steps could not be removed. Is the container engine well?")
            told.say(f"web, workers and beat; {count} containers of steps removed")

    def _change_places(self, undo: ExitStack) -> None:
        """Files, database, and the keys last."""
        with stage("In place of what was") as told:
            self._in_spool("take_place")
            undo.callback(self._in_spool, "put_back")
            if self.database:
                self.database.take_place()
                undo.callback(self.database.put_back)
            for name, key in self.keys.items():
                self._bring_key(name, key, undo)
            self._manage("migrate", "--verbosity", "0")
            held = self._manage("hold_unfinished")
            told.say(held or "database, data of runs, keys")

    def _start(self) -> None:
        """With as many workers as there were. `keys` runs again; whatever it is given now went before."""
        with stage("Composer") as told:
            scale = ["--scale", f"worker={self.workers}"] if self.workers > 1 else []
            self.stack.run("up", "--detach", *scale, trouble="The stack could not be started:")
            for name, key in self.keys.items():
                if _key(self.state, name) != key:
                    raise Trouble(f"{name} was replaced while the stack was started. Restore it once more.")
            told.say("starts" + (f", with {self.workers} workers" if scale else ""))

    def _bring_key(self, name: str, key: str, undo: ExitStack) -> None:
        if _key(self.state, name) == key:
            return
        trouble = f"{name} could not be brought back:"
        command = ["sh", "-c", REPLACE, name]
        compose.into(self.state, command, stdin=io.BytesIO(key.encode()), trouble=trouble)
        undo.callback(compose.into, self.state, ["sh", "-c", PUT_BACK, name], trouble=trouble)

    def _manage(self, *arguments: str) -> str:
        trouble = f"manage.py {arguments[0]} failed on what was brought back, so it was taken back:"
        return compose.answer(self.files, ["python3", "manage.py", *arguments], trouble=trouble).strip()

    def _in_spool(self, command: str) -> None:
        compose.into(self.files, backup.in_spool(command), trouble=BROUGHT)


def _check_given(state: str, saved: archive.Saved) -> None:
    """What `keys` is given goes before what is there, at each start; so it must be what the backup has."""
    for name, variable in archive.KEYS.items():
        given = _given(state, name)
        if given and given != saved.text(name).strip():
            raise Trouble(
                f"{variable} is set, in .env or the environment or as a secret of the service keys, and is "
                f"not that of the backup, without which what is sealed in it stays shut. Take it away there, "
                f"or set it to what this says: tar -xOf {saved.source} {name}. {NOTHING}"
            )


def _given(state: str, name: str) -> str:
    """What is given for a key, in whichever way; nothing where none is."""
    command = ["python3", "-c", GIVEN, name]
    return compose.answer(state, command, trouble="The keys could not be looked at:").strip()


def _key(container: str, name: str) -> str:
    """A key of the stack that a container belongs to. Raises Trouble."""
    return compose.answer(container, ["cat", f"/state/{name}"], trouble=f"{name} cannot be read:").strip()


def _is_of(container: str, installation: str) -> bool:
    """Whether it bears the mark. One that has no keys, or has just ended, does not."""
    try:
        return _key(container, "installation") == installation
    except Trouble:
        return False


def _containers() -> dict[str, str]:
    """The containers of Composer's image that run on this engine, by name, and their stacks."""
    shown = f'{{{{.Names}}}} {{{{.Label "{PROJECT}"}}}}'
    said = shell.run(["docker", "ps", *OURS, "--format", shown], trouble=compose.LOOKED_AT)
    return {name: project for name, _, project in (line.partition(" ") for line in said.splitlines())}
