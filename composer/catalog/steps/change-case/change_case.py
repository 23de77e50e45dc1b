#!/usr/bin/python3 -I
"""Writes a text in capitals, in small letters, in Title Case or in Sentence case."""

import re
from collections.abc import Callable

from stepkit import choice
from stepkit.lines import decode, encode, lines, out

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+$")
_NEXT_SENTENCE = re.compile(r"([.!?…][\"'”’)\]]*\s+[\"'“(\[]*)([^\W\d_])")


def title(text: str) -> str:
    """Every word begins with a capital; “it's” stays one word."""
    return _WORD.sub(lambda word: word[0][0].title() + word[0][1:].lower(), text)


class Sentences:
    """Remembers from line to line whether a sentence is going on."""

    def __init__(self) -> None:
        self.begins = True

    def __call__(self, text: str) -> str:
        if not text.strip():
            self.begins = True  # an empty line ends a paragraph
            return text
        small = _NEXT_SENTENCE.sub(lambda found: found[1] + found[2].title(), text.lower())
        if self.begins:
            small = _LETTER.sub(lambda letter: letter[0].title(), small, count=1)
        self.begins = bool(_SENTENCE_END.search(text if text[-1:].isspace() else text + "\n"))
        return small


def main() -> None:
    changes: dict[str, Callable[[str], str]] = {
        "upper": str.upper,
        "lower": str.lower,
        "title": title,
        "sentence": Sentences(),
    }
    change = changes[choice("to", *changes)]
    for line in lines():
        out.write(encode(change(decode(line))))
    out.flush()


if __name__ == "__main__":
    main()
