"""The examples of a manifest: shown in the library, and run as tests in the real container."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from composer.catalog.manifest_params import params_problems
from composer.catalog.manifest_reader import Reader

KEYS = ("title", "params", "input", "output", "output_starts", "picture", "error", "pages")
_CHECKS = ("output", "output_starts", "picture", "error")
MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What is checked of a PNG whose bytes may differ from one library version to the next."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Example:
    """Input and settings, and what comes out. Of the four checks at most one is given."""

    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    input: str = ""
    output: str | None = None  # exactly this
    output_starts: str | None = None  # this, and then whatever
    picture: Picture | None = None  # a PNG of that size
    error: str | None = None  # it fails, and says this to the person
    pages: Mapping[str, str] = field(default_factory=dict)  # served at http://localhost:8000 meanwhile

    def to_json(self) -> dict[str, Any]:
        picture = self.picture and {"width": self.picture.width, "height": self.picture.height}
        optional = {
            "output": self.output,
            "output_starts": self.output_starts,
            "picture": picture,
            "error": self.error,
            "pages": dict(self.pages) or None,
        }
        given = {key: value for key, value in optional.items() if value is not None}
        return {"title": self.title, "params": dict(self.params), "input": self.input, **given}


def read_examples(reader: Reader, params: Mapping[str, Any]) -> tuple[Example, ...]:
    """The examples; notes what is wrong with them."""
    return tuple(_example(part, params) for part in reader.parts("examples"))


def _example(part: Reader, schema: Mapping[str, Any]) -> Example:
    part.refuse_unknown(KEYS)
    params = part.mapping("params")
    part.found += params_problems(schema, params, part.field("params"))
    given = [key for key in _CHECKS if part.raw.get(key) is not None]
    if len(given) > 1:
        part.problem(given[1], f"An example has one of {', '.join(_CHECKS)}. Remove “{given[0]}” or this.")
    return Example(
        title=part.text("title", "Example"),
        params=dict(params),
        input=part.text("input", "", most=MOST_TEXT, lines=True),
        output=_text(part, "output"),
        output_starts=_text(part, "output_starts"),
        picture=_picture(part),
        error=_text(part, "error"),
        pages=_pages(part),
    )


def _text(part: Reader, key: str) -> str | None:
    if part.raw.get(key) is None:
        return None
    return part.text(key, "", most=MOST_TEXT, lines=True)


def _picture(part: Reader) -> Picture | None:
    if part.raw.get("picture") is None:
        return None
    picture = Reader(part.mapping("picture"), part.field("picture"), part.found)
    picture.refuse_unknown(("width", "height"))
    return Picture(_pixels(picture, "width"), _pixels(picture, "height"))


def _pixels(picture: Reader, key: str) -> int:
    value = picture.raw.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        picture.problem(key, "Write the number of pixels.")
        return 1
    return value


def _pages(part: Reader) -> dict[str, str]:
    pages: dict[str, str] = {}
    for path, body in part.mapping("pages").items():
        if not path.startswith("/") or not isinstance(body, str):
            part.problem("pages", "Write each page as its path and its text, such as {/prices: 12.50}.")
            continue
        pages[path] = body
    return pages
