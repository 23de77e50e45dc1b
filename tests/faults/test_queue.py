"""The queue loses messages, doubles them, or is gone: the database knows what is to be done."""

import itertools
import time
from collections.abc import Callable

import redis

from tests.faults.harness import Faults, Started, hit
from tests.faults.shapes import Shape
from tests.system.flows import until

AWAY = 120.0  # seconds
PAUSE = 2.0  # seconds, about what a run takes


def test_two_workers_are_given_the_same_runs(faults: Faults, count: int, note: Callable[..., None]) -> None:
    runs = _queued(faults, [faults.shape("one")], count)
    with faults.in_redis() as server:
        waiting = [message for message in server.lrange(faults.queue, 0, -1) if b"execute_run" in message]
        assert len(waiting) >= count
        server.delete(faults.queue)
        for message in waiting:  # side by side, so that both workers get it at the same moment
            server.rpush(faults.queue, message, message)
    faults.staff(2)
    faults.await_end(runs, 600)
    note(**faults.clean(runs))


def test_every_message_is_dropped(faults: Faults, count: int, note: Callable[..., None]) -> None:
    runs = _queued(faults, [faults.shape("one")], count)
    with faults.in_redis() as server:
        assert server.llen(faults.queue) >= count
        server.delete(faults.queue)
    faults.staff()
    hit(runs, time.time())
    note(**faults.clean(runs))


def test_redis_killed(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff()
    runs: list[Started] = []
    for _ in range(count):
        some = faults.begin(faults.shapes())
        time.sleep(faults.chance.uniform(0, PAUSE))
        faults.stack.kill("redis")
        some += faults.begin(faults.shapes()[:1])
        time.sleep(faults.chance.uniform(0, PAUSE))
        _bring_back_redis(faults)
        hit(some, time.time())
        faults.await_end(some)
        runs += some
    note(**faults.clean(runs))


def test_redis_forgets_everything(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff()
    runs: list[Started] = []
    for _ in range(count):
        some = faults.begin(faults.shapes())
        time.sleep(faults.chance.uniform(0, PAUSE))
        with faults.in_redis() as server:
            server.flushall()
        hit(some, time.time())
        some += faults.begin(faults.shapes()[:1])
        faults.await_end(some)
        runs += some
    note(**faults.clean(runs))


def test_redis_away(faults: Faults, note: Callable[..., None]) -> None:
    faults.staff()
    runs = faults.begin(faults.shapes())
    until(lambda: faults.running(runs[0], "a"), "the start of the first run")
    faults.stack.kill("redis")
    back_at = time.monotonic() + AWAY
    while time.monotonic() < back_at:
        runs += faults.begin(faults.shapes())
        time.sleep(AWAY / 6)
    _bring_back_redis(faults)
    hit(runs, time.time())
    note(**faults.clean(runs), runs=len(runs))


def _queued(faults: Faults, shapes: list[Shape], count: int) -> list[Started]:
    """Runs that no worker was there for."""
    faults.staff(0)
    return faults.begin(itertools.islice(itertools.cycle(shapes), count))


def _bring_back_redis(faults: Faults) -> None:
    faults.stack.start_redis()

    def answers() -> bool:
        try:
            with faults.in_redis() as server:
                return bool(server.ping())
        except redis.ConnectionError:
            return False

    until(answers, "Redis")
