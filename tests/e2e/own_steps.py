"""Steps that the library does not have and tests need, added as their authors would add them."""

from tests.engine.images import have_busybox
from tests.stack import Stack

# Works until somebody stops it, and says so on its log.
GOES_ON = {"slug": "go-on", "title": "Go on and on", "script": "cat; echo going on >&2; exec sleep 3600"}
# Long enough to be seen at work by whoever looks.
TAKES_A_MOMENT = {"slug": "take-a-moment", "title": "Take a moment", "script": "cat; sleep 0.7"}
# For streams: one that gives steadily, one that hands on, one that stops to give, and one that does not take.
COUNT_ON = {
    "slug": "count-on",
    "title": "Count on and on",
    "script": "while :; do seq 1 2000; sleep 0.05; done",
}
PASS_ON = {"slug": "pass-on", "title": "Pass on", "script": "exec cat"}
SAY_LITTLE = {"slug": "say-little", "title": "Say little", "script": "echo a little; exec sleep 3600"}
NEVER_READ = {"slug": "never-read", "title": "Never read", "script": "exec sleep 3600"}
STEPS = (GOES_ON, TAKES_A_MOMENT, COUNT_ON, PASS_ON, SAY_LITTLE, NEVER_READ)


def add_own_steps(stack: Stack) -> None:
    """Puts them into the library of the owner's workspace."""
    image = have_busybox()
    with stack.client() as http:
        for step in STEPS:
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
