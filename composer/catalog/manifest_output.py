"""What of all that a program writes is the step's data: `output`, and the lines between `begin` and `end`."""

from composer.catalog.manifest_reader import Reader, shorten

STDOUT, STDERR = "stdout", "stderr"
CHANNELS = (STDOUT, STDERR)
LONGEST_PATH = 255
LONGEST_DELIMITER = 4_095  # bytes: what the gate holds back while a line may still be one
#: Folders in which no program can leave a file: they are the kernel's, or the gate's.
NOT_FILES = ("/proc", "/sys", "/dev", "/.composer")


def read_output(reader: Reader) -> str:
    """The channel that carries the data: standard output, standard error, or a file left behind."""
    value = reader.raw.get("output")
    if value is None:
        return STDOUT
    if problem := output_problem(value):
        reader.problem("output", problem)
        return STDOUT
    return str(value)


def output_problem(value: object) -> str | None:
    """Why this cannot be a step's output; None where it can."""
    if value in CHANNELS:
        return None
    if not isinstance(value, str) or not value.startswith("/"):
        return f"“{shorten(value)}” is not possible here. Write stdout, stderr or a path such as /result.csv."
    return _path_problem(value)


def _path_problem(value: str) -> str | None:
    if len(value) > LONGEST_PATH:
        return f"This path is {len(value):,} characters long; at most {LONGEST_PATH} fit."
    if not value.isprintable():
        return "A path holds no control characters."
    parts = value.split("/")[1:]
    if any(part in ("", ".", "..") for part in parts):
        return "Write the path of a file, without “..” and without a slash at its end."
    if any(value == folder or value.startswith(f"{folder}/") for folder in NOT_FILES):
        return f"No file can be left in {shorten(value)}. Choose another folder, such as /tmp."
    return None


def read_delimiters(reader: Reader) -> tuple[str | None, str | None]:
    """The line before what is passed on and the line behind it: both, or neither."""
    begin, end = _delimiter(reader, "begin"), _delimiter(reader, "end")
    for key, other in (("begin", "end"), ("end", "begin")):
        if reader.raw.get(key) is not None and reader.raw.get(other) is None:
            reader.problem(other, f"“{key}” needs “{other}” beside it. Write both, or neither.")
    return begin, end


def _delimiter(reader: Reader, key: str) -> str | None:
    value = reader.raw.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        reader.problem(key, "This must be a text. Put it in quotes.")
    elif value == "":
        reader.problem(key, "This must be a line that says something.")
    elif "\n" in value or "\r" in value:
        reader.problem(key, "This must be one line, without a line break.")
    elif (size := len(value.encode("utf-8", "replace"))) > LONGEST_DELIMITER:
        reader.problem(key, f"This is {size:,} bytes long; at most {LONGEST_DELIMITER:,} fit.")
    else:
        return value
    return None
