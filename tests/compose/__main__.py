"""`make compose-test`: the whole stack is started, used, broken, saved, destroyed and brought back."""

import os
import subprocess
import sys
import time
from typing import cast

import httpx

from composer.boot import compose
from composer.boot.telling import Stage, Trouble, fail, stage
from composer.catalog.images import recipes
from tests.compose.saving import Saving
from tests.compose.stack import NAMES, ComposeStack, build_images, ran
from tests.engine.images import have_busybox
from tests.stack import ROOT, Stack
from tests.system.flows import Flows, Json, step_of, until

WORKERS, AT_ONCE = 3, 20
SAMPLES = ("Word job", "Sales report", "Log digest")
MEGABYTES = 64
SLOW = "cat; echo begun >&2; sleep 6; echo ended"


def main() -> int:
    """All of it; the stack is gone at the end, however it ends."""
    began = time.monotonic()
    have_busybox()
    build_images()
    stack = ComposeStack(compose.ensure(Stage("Compose")))
    try:
        Test(stack).everything()
    except Exception:
        print(stack.compose("logs", "--no-color", "--tail", "100"), file=sys.stderr)
        raise
    finally:
        with stage("Taken down") as told:
            stack.destroy_all()
            told.say("no container, volume or network is left")
    print(f"\nAll of it in {time.monotonic() - began:.0f} s.")
    return 0


class Test:
    """What is tried, in the order in which it is tried."""

    def __init__(self, stack: ComposeStack) -> None:
        self.stack = stack

    def everything(self) -> None:
        with stage("From nothing to healthy") as told:
            self.stack.start(WORKERS)
            told.say(f"database, Redis, web, {WORKERS} workers, beat")
        self.stack.know_installation()
        with stage("The owner's link") as told:
            assert f"{self.stack.url}/sign-in/" in self.stack.compose("logs", "--no-color", "setup")
            self.stack.token = self.stack.manage("create_token").split()[-1]
            told.say("was printed by the first start")
        with stage("What each may") as told:
            told.say(self.rights())
        with self.stack.client() as http:
            self.flows = self.flows_over(http)
            self.use()
        self.browser()
        Saving(self.stack, WORKERS).everything()

    def flows_over(self, http: httpx.Client) -> Flows:
        """A stack has what flows need of it, whichever way it was started."""
        return Flows(cast(Stack, self.stack), http)

    def use(self) -> None:
        with stage("Programs of the steps") as told:
            told.say(self.steps())
        with stage("The samples") as told:
            told.say(self.samples())
        with stage("A stream") as told:
            told.say(self.stream())
        with stage(f"{AT_ONCE} runs at once") as told:
            told.say(self.many())
        with stage("A worker is killed") as told:
            told.say(self.kill_a_worker())
        with stage("The database starts anew") as told:
            told.say(self.restart("database"))
        with stage("Redis starts anew") as told:
            told.say(self.restart("redis"))

    def rights(self) -> str:
        """Only workers reach the engine; no process is root, none but workers may ever have been."""
        for service in ("web", "worker", "beat"):
            for found in self.stack.described(service):
                host = found["HostConfig"]
                assert host["ReadonlyRootfs"], service
                assert host["CapDrop"] == ["ALL"], service
                sockets = [mount for mount in found["Mounts"] if "docker.sock" in mount["Destination"]]
                assert bool(sockets) == (service == "worker"), service
                status = ran(["docker", "exec", found["Id"], "cat", "/proc/1/status"])
                rows = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
                assert rows["Uid"].split() == ["10001"] * 4, service
                assert int(rows["CapEff"], 16) == 0, service
                assert rows["NoNewPrivs"] == "1", service
        log = self.stack.compose("logs", "--no-color", "worker")
        assert "does not see" not in log, "The spool's volume was not found on the engine's host"
        return "read-only, no capabilities; the engine only for workers"

    def steps(self) -> str:
        """The stack's own image of the steps holds the same programs as the one that the library builds."""
        look = "cd /usr/local && sha256sum bin/* lib/python3.11/dist-packages/stepkit/*.py"
        ways = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "sh"]
        (recipe,) = recipes()
        found = [ran([*ways, name, "-c", look]) for name in (NAMES["steps"], recipe.built)]
        assert found[0] == found[1]
        return f"{len(found[0].splitlines())} files, as the library has them"

    def samples(self) -> str:
        known = {each["name"]: each["id"] for each in self.flows.get("/api/workflows/")["results"]}
        for name in SAMPLES:
            run = str(self.flows.post(f"/api/workflows/{known[name]}/runs/", {})["id"])
            ended = self.flows.end(run)
            assert ended["status"] == "succeeded", ended
            assert self.flows.http.get(f"/api/runs/{run}/output").content
        return ", ".join(SAMPLES)

    def stream(self) -> str:
        """Two steps at once over one FIFO of the spool's volume, and the bytes are exact."""
        make = self.flows.add_step(f"yes | head -c {MEGABYTES << 20}")
        count = self.flows.add_step("wc -c")
        edges = [{"id": "pipe", "source": "make", "target": "count", "mode": "stream"}]
        workflow = self.flows.add({"make": make, "count": count}, edges)
        run = self.flows.start(workflow)
        ended = self.flows.end(run)
        assert ended["status"] == "succeeded", ended
        assert int(self.flows.http.get(f"/api/runs/{run}/output").content) == MEGABYTES << 20
        begun, over = step_of(ended, "count")["started_at"], step_of(ended, "make")["finished_at"]
        assert begun < over, "They did not work at once"
        return f"{MEGABYTES} MB between two steps at once"

    def many(self) -> str:
        """None is lost and none is done twice, and every worker has a share."""
        workflow = self.flows.line(first="echo once >&2; sleep 1; cat", second="cat")
        texts = [f"run {number}\n" for number in range(AT_ONCE)]
        runs = [self.flows.start(workflow, text) for text in texts]
        owners: set[str] = set()
        until(lambda: self._saw_all(runs, owners), "the end of all runs", every=0.2)
        for run, text in zip(runs, texts, strict=True):
            ended = self.flows.end(run)
            assert ended["status"] == "succeeded", ended
            assert self.flows.http.get(f"/api/runs/{run}/output").content == text.encode()
            assert self.flows.http.get(f"/api/runs/{run}/steps/first/log").content == b"once\n"
            assert {step["attempt"] for step in ended["steps"]} == {1}
        assert len(owners) == WORKERS, owners
        return f"none lost, none twice, over {len(owners)} workers"

    def _saw_all(self, runs: list[str], owners: set[str]) -> bool:
        owners |= {owner for owner in self.owners(runs).values() if owner}
        states = [self.flows.get(f"/api/runs/{run}/")["status"] for run in runs]
        return all(state in ("succeeded", "failed", "canceled") for state in states)

    def owners(self, runs: list[str]) -> dict[str, str]:
        """Which worker works on each run, as the database has it."""
        code = (
            "from composer.runs.models import Run\n"
            f"for run in Run.objects.filter(id__in={runs!r}): print(run.id, run.owner_instance or '-')"
        )
        pairs = (line.split() for line in self.stack.ask(code).splitlines())
        return {run: owner if owner != "-" else "" for run, owner in pairs}

    def kill_a_worker(self) -> str:
        """Its runs are taken over by the others; a step that ran goes on, and is not begun again."""
        workflow = self.flows.line(slow=SLOW, after="cat")
        runs = [self.flows.start(workflow, "x\n") for _ in range(WORKERS)]
        for run in runs:
            self.has_begun(run)
        owners = self.owners(runs)
        victim = self.stack.instances()[owners[runs[0]]]
        before = sum(owner == owners[runs[0]] for owner in owners.values())
        ran(["docker", "kill", "--signal", "KILL", victim])
        for run in runs:
            self.ends_right(run)
        ran(["docker", "start", victim])
        self.stack.wait_until_healthy({"worker"})
        return f"{before} of {len(runs)} runs taken over, steps adopted"

    def has_begun(self, run: str) -> None:
        """Waits until its slow step works."""
        log = f"/api/runs/{run}/steps/slow/log"
        until(lambda: b"begun" in self.flows.http.get(log).content, "a step that works")

    def ends_right(self, run: str) -> None:
        """With what the script says, begun once. What only waited at its gate may have been made anew."""
        ended: Json = self.flows.end(run)
        assert ended["status"] == "succeeded", ended
        assert self.flows.http.get(f"/api/runs/{run}/output").content == b"x\nended\n"
        assert self.flows.http.get(f"/api/runs/{run}/steps/slow/log").content == b"begun\n"
        assert step_of(ended, "slow")["attempt"] == 1, ended

    def restart(self, service: str) -> str:
        """A run that is under way ends right, and so does the next one."""
        workflow = self.flows.line(slow=SLOW, after="cat")
        run = self.flows.start(workflow)
        self.has_begun(run)
        self.stack.compose("restart", service)
        self.stack.wait_until_healthy({service, "web"})
        over = f"/api/runs/{run}/"
        until(
            lambda: self.flows.http.get(over).json().get("status") in ("succeeded", "failed"), "the run's end"
        )
        self.ends_right(run)
        self.ends_right(self.flows.start(workflow))
        return "a run under way and the next one end right"

    def browser(self) -> None:
        """The same tests of the screens as `make test` has; some of them where they are named."""
        with stage("A browser") as told:
            environment = {
                **os.environ,
                "COMPOSE_TEST": f"{self.stack.project} {self.stack.port} {self.stack.token}",
            }
            command = [sys.executable, "-m", "pytest", "-q", *(sys.argv[1:] or ["tests/e2e"])]
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
            told.say(done.stdout.strip().splitlines()[-1].strip("= "))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(fail(trouble))
