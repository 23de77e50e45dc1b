"""`python3 -m composer.boot COMMAND`: what the Makefile's targets do."""

import sys
from collections.abc import Callable

from composer.boot import backup, clean, image, restore, run, test, test_more
from composer.boot.telling import Trouble, fail

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": lambda _: run.run(),
    "link": lambda _: run.link(),
    "test": test.test,
    "check": test.check,
    "bench": test.bench,
    "faults": test.faults,
    "demo": test.demo,
    "clean": clean.clean,
    "image": image.make,
    "backup": backup.backup,
    "restore": restore.restore,
    "compose-test": test_more.compose_test,
    "test-postgres": test_more.test_postgres,
}


def main() -> int:
    """Runs one command; what is in the way is told in one sentence."""
    name, *arguments = sys.argv[1:] or ["run"]
    if name not in COMMANDS:
        return fail(Trouble(f"There is no “{name}”. Choose one of: {', '.join(COMMANDS)}."))
    try:
        return COMMANDS[name](arguments)
    except Trouble as trouble:
        return fail(trouble)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
