"""Steps that the library does not have and tests need, added as their authors would add them."""

from tests.engine.images import have_busybox
from tests.stack import Stack

# Works until somebody stops it, and says so on its log.
GOES_ON = {"slug": "go-on", "title": "Go on and on", "script": "cat; echo going on >&2; exec sleep 3600"}
# Long enough to be seen at work by whoever looks.
TAKES_A_MOMENT = {"slug": "take-a-moment", "title": "Take a moment", "script": "cat; sleep 0.7"}


def add_own_steps(stack: Stack) -> None:
    """Puts them into the library of the owner's workspace."""
    image = have_busybox()
    with stack.client() as http:
        for step in (GOES_ON, TAKES_A_MOMENT):
            manifest = {
                "slug": step["slug"],
                "version": "1.0.0",
                "title": step["title"],
                "summary": "A step of the tests.",
                "image": image,
                "entrypoint": ["sh", "-c", step["script"]],
                "takes": "any",
                "gives": "any",
            }
            answer = http.post("/api/steps/", json=manifest)
            assert answer.status_code == 201, answer.text
