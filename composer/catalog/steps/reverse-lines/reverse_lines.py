#!/usr/bin/python3 -I
"""Turns the letters of each line round, or the order of the lines.

Line ends stay where they are: a last line without one stays without one, so nothing is
glued together and nothing is added.
"""

import sys
import unicodedata
from collections.abc import Iterator

from stepkit import choice
from stepkit.lines import BOM, decode, encode, lines, out, split

_JOINER = "\u200d"


def letters(text: str) -> Iterator[str]:
    """The letters as people see them: an accent or a joined emoji stays with what it belongs to."""
    start = 0
    for place in range(1, len(text)):
        if _belongs(text, place):
            continue
        yield text[start:place]
        start = place
    yield text[start:]


def _belongs(text: str, place: int) -> bool:
    character = text[place]
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character == _JOINER
        or text[place - 1] == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or _no_text(text[place - 1], character)
    )


def _no_text(*characters: str) -> bool:
    # Bytes that are no UTF-8 keep their order among themselves.
    return all("\udc80" <= each <= "\udcff" for each in characters)


def mirrored(said: bytes) -> bytes:
    if said.isascii():
        return said[::-1]
    return encode("".join(reversed(list(letters(decode(said))))))


def reverse_letters() -> None:
    for number, line in enumerate(lines()):
        said, end = split(line)
        if number == 0 and said.startswith(BOM):
            out.write(BOM)
            said = said[len(BOM) :]
        out.write(mirrored(said) + end)


def reverse_order() -> None:
    text = sys.stdin.buffer.read()
    if text.startswith(BOM):
        out.write(BOM)
        text = text[len(BOM) :]
    whole = text.splitlines(keepends=True) if b"\r" not in text else _lines(text)
    if not whole:
        return
    ends = [split(line)[1] for line in whole]
    out.writelines(split(line)[0] + end for line, end in zip(reversed(whole), ends, strict=True))


def _lines(text: bytes) -> list[bytes]:
    # bytes.splitlines would also part at a lone \r, which ends no line.
    return [line + b"\n" for line in text.split(b"\n")[:-1]] + [text.rsplit(b"\n", 1)[-1]] * (
        text[-1:] != b"\n"
    )


def main() -> None:
    if choice("what", "letters", "lines") == "letters":
        reverse_letters()
    else:
        reverse_order()
    out.flush()


if __name__ == "__main__":
    main()
