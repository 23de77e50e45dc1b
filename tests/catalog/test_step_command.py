"""manage.py step: what authors see who check a step, and what the start of the app sees."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from composer.catalog.docker_cli import attempt
from composer.catalog.images import build_all
from composer.catalog.manifest import STEPS

MANIFEST = """
slug: shout
version: 1.0.0
title: Shout it out
image: composer/steps-basic:1
command: [sh, -c, "tr a-z A-Z; printf '%s' \\"$MARK\\"; {more}"]
params: {{properties: {{mark: {{type: string, default: "!"}}}}}}
limits: {{seconds: 5, memory: 32m}}
examples:
  - title: One word
    input: hello
    output: "{output}"
"""


@pytest.fixture
def step(tmp_path: Path) -> Path:
    build_all(progress=lambda words: None)
    return tmp_path / "step.yaml"


def check(path: Path) -> tuple[str, str]:
    """What was printed, and how it ended: empty where all is well."""
    out = StringIO()
    try:
        call_command("step", "check", str(path), stdout=out, stderr=StringIO(), no_color=True)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.mark.containers
def test_a_good_step_is_told_example_by_example(step: Path) -> None:
    step.write_text(MANIFEST.format(more="", output="HELLO!"))
    assert check(step) == ("✓ Shout it out (shout 1.0.0)\n✓ One word\n", "")


@pytest.mark.containers
def test_a_difference_is_shown_line_by_line(step: Path) -> None:
    step.write_text(MANIFEST.format(more="", output="HELLO!\\n"))
    printed, ended = check(step)
    assert "  -HELLO!\n  +HELLO!⏹ (no line end)" in printed
    assert ended == "1 of 1 examples came out otherwise."


@pytest.mark.containers
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("echo composer:error too loud >&2; exit 3", "exit code 3.\n  composer:error too loud"),
        ("sh -c 'kill -9 $$'", "exit code 137"),
        ("sleep 60", "did not end within 5 seconds"),
        ("tail /dev/zero", "more than the 32m of memory"),
        ("touch /usr/x", "Read-only file system"),
        ("mkdir /tmp/x && id -u | grep -vx 65534", "exit code 1"),
    ],
)
def test_a_failure_is_told_with_what_the_program_said(step: Path, more: str, words: str) -> None:
    step.write_text(MANIFEST.format(more=more, output="HELLO!"))
    printed, ended = check(step)
    assert words in printed
    assert ended == "1 of 1 examples came out otherwise."


@pytest.mark.containers
def test_nothing_of_a_check_is_left_behind(step: Path, settings: Settings) -> None:
    settings.COMPOSER_INSTALLATION = "test-step-command"
    step.write_text(MANIFEST.format(more="sleep 60", output="HELLO!"))
    check(step)
    left = attempt("ps", "--all", "--quiet", "--filter", "label=composer.installation=test-step-command")
    assert left.stdout == b""


def test_a_wrong_manifest_is_told_by_field(tmp_path: Path) -> None:
    (tmp_path / "step.yaml").write_text("slug: Shout\ntitel: Shout\n")
    printed, ended = check(tmp_path)
    assert "✗ titel: There is no such key here. Did you mean “title”?" in printed
    assert "✗ slug:" in printed
    assert "is not a manifest yet" in ended


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in check(tmp_path / "nothing.yaml")[0]


@pytest.mark.containers
def test_an_image_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    (tmp_path / "step.yaml").write_text("slug: x\nversion: 1.0.0\ntitle: X\nimage: registry.invalid/x:1\n")
    assert "docker pull failed" in check(tmp_path)[1]


@pytest.mark.containers
def test_a_builtin_step_is_checked_in_its_folder() -> None:
    printed, ended = check(STEPS / "fetch-page")
    assert printed.count("✓") == 5
    assert ended == ""


@pytest.mark.containers
def test_building_names_the_images_that_are_ready() -> None:
    out = StringIO()
    call_command("step", "build", "--only", "make-words", stdout=out, stderr=StringIO())
    assert out.getvalue() == "composer/steps-basic:1 is ready\n"
    with pytest.raises(CommandError, match="no built-in step"):
        call_command("step", "build", "--only", "shout")


TAKEN = """
slug: tell
version: 1.0.0
title: Tell it
image: composer/steps-basic:1
command: [sh, -c, "{command}"]
{more}
examples:
  - {{title: Told, input: hello, output: "{output}"}}
"""


@pytest.mark.containers
@pytest.mark.parametrize(
    ("command", "more", "output"),
    [
        ("cat >&2; echo noise", "output: stderr", "hello"),
        ("cat >/tmp/result; echo noise", "output: /tmp/result", "hello"),
        ("echo noise", "output: /tmp/none", ""),
        ("echo noise; echo BEGIN; cat; echo; echo END; echo noise", "{begin: BEGIN, end: END}", "hello\\n"),
    ],
)
def test_examples_are_compared_with_what_counts_as_the_data(
    step: Path, command: str, more: str, output: str
) -> None:
    more = "\n".join(more.strip("{}").split(", "))
    step.write_text(TAKEN.format(command=command, more=more, output=output))
    assert check(step) == ("✓ Tell it (tell 1.0.0)\n✓ Told\n", "")
