"""A job as Dray took them, imported and run: the data between delimiters, further channels, its variables."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from composer.catalog.images import build_all
from tests.engine.images import build, have_busybox
from tests.stack import ROOT, Stack

pytestmark = pytest.mark.containers


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Only a database and a spool: the command itself works on the run."""
    build_all(progress=lambda words: None)
    stack = Stack(tmp_path_factory.mktemp("dray"))
    stack._prepare()
    stack.manage("bootstrap")
    return stack


def image(name: str, script: str) -> str:
    """An image whose entrypoint is this script."""
    entrypoint = json.dumps(["/bin/sh", "-c", script])
    return build(f"composer-test/dray-{name}:1", f"FROM {have_busybox()}\nENTRYPOINT {entrypoint}\n")


def test_a_job_runs_as_dray_ran_it(stack: Stack, tmp_path: Path) -> None:
    tell = 'echo "$DRAY_JOB_NAME $DRAY_CURRENT_STEP_INDEX $DRAY_CURRENT_STEP_NAME $WHO $DRAY_JOB_ID"'
    first = image("first", f"echo noise; echo BEGIN; {tell}; echo END; echo BEGIN; cat; echo END; echo bye")
    second = image("second", "tr a-z A-Z >&2; echo log")
    third = image("third", "cat >/tmp/result; printf '%s' \"$WHO\" >>/tmp/result")
    job = {
        "name": "greet",
        "environment": [{"variable": "WHO", "value": "job"}],
        "steps": [
            {"name": "one", "source": first, "beginDelimiter": "BEGIN", "endDelimiter": "END"},
            {"name": "two", "source": second, "output": "stderr"},
            {
                "name": "three",
                "source": third,
                "output": "/tmp/result",
                "environment": [{"variable": "WHO", "value": "step"}],
            },
        ],
    }
    file, given = tmp_path / "job.json", tmp_path / "given"
    file.write_text(json.dumps(job))
    given.write_text("hello\n")
    done = subprocess.run(
        [sys.executable, "manage.py", "run", str(file), "--input", str(given)],
        cwd=ROOT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told, said, who = done.stdout.splitlines()
    assert told.startswith("GREET 0 ONE JOB ")
    assert len(told.split()[-1]) == 36
    assert (said, who) == ("HELLO", "step")
