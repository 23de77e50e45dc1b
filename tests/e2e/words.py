"""Which words a run's screen has said about each step, however shortly they stood there."""

from playwright.sync_api import Page

COLLECT = """
const WORDS = ['Waiting', 'Getting ready', 'Working', 'Done', 'Failed', 'Not started', 'Stopped']
const seen = []
window.wordsSeen = () => seen
const look = () => {
  const lines = [...document.querySelectorAll('ol[aria-label="Steps of the run"] > li')]
  const found = lines.map(line =>
    [...line.querySelectorAll('[data-tone]')].map(mark => mark.textContent.split(' · ')[0])
      .find(word => WORDS.includes(word)))
  found.filter(word => word !== undefined).forEach((word, place) => {
    seen[place] ??= []
    if (seen[place].at(-1) !== word) seen[place].push(word)
  })
}
new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
"""


def collect_words(page: Page) -> None:
    """From the next page load on; call it before the run starts."""
    page.add_init_script(f"{{{COLLECT}}}")


def words_seen(page: Page) -> list[list[str]]:
    """For each step, from top to bottom, the words in the order in which they came."""
    seen: list[list[str]] = page.evaluate("() => window.wordsSeen()")
    return seen
