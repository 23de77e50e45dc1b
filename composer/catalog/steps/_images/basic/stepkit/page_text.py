"""The text of a web page, as a person reads it."""

import re
from html.parser import HTMLParser

_BLOCK = re.compile(
    "address|article|aside|blockquote|d[dlt]|div|fieldset|figcaption|figure|footer|form|h[1-6r]|header|li|main"
    "|nav|ol|p|pre|section|table|title|tr|ul"
)
_SILENT = re.compile("script|style|noscript|template|svg")


def page_text(page: str) -> str:
    """A paragraph for each block of the page; no scripts, no styles."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.result()


class _Reader(HTMLParser):
    """Collects what a person would read: a paragraph for each block, no scripts, no styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _SILENT.fullmatch(tag):
            self.silent += 1
        elif _BLOCK.fullmatch(tag):
            self.paragraphs.append("")
        elif tag == "br":
            self.paragraphs[-1] += "\n"
        elif tag in ("td", "th"):
            self.paragraphs[-1] += "\t"

    def handle_endtag(self, tag: str) -> None:
        if _SILENT.fullmatch(tag):
            self.silent = max(0, self.silent - 1)
        elif _BLOCK.fullmatch(tag):
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.paragraphs[-1] += re.sub(r"\s+", " ", data)

    def result(self) -> str:
        """The paragraphs, an empty line between them."""
        lines = (re.sub(r" *\n *", "\n", each).strip() for each in self.paragraphs)
        return "\n\n".join(each for each in lines if each) + "\n"
