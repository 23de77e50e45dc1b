"""Jobs are done earliest deadline first, and none before its time."""

import threading
import time
from collections.abc import Iterator

import pytest

from composer.engine.jobs import Jobs


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    one = Jobs(1)
    yield one
    one.close()


def test_what_is_due_goes_before_what_can_wait(jobs: Jobs) -> None:
    done: list[str] = []
    hold, over = threading.Event(), threading.Event()
    jobs.add(hold.wait)  # type: ignore[arg-type]
    jobs.add(over.set, slack=20)
    jobs.add(lambda: done.append("removal"), slack=10)
    jobs.add(lambda: done.append("preparation"))
    hold.set()
    assert over.wait(60)
    assert done == ["preparation", "removal"]


def test_a_job_rests_first_though_the_threads_are_idle(jobs: Jobs) -> None:
    over = threading.Event()
    begun: list[float] = []
    asked = time.monotonic()
    jobs.add(lambda: begun.append(time.monotonic()), after=0.05)
    jobs.add(over.set, slack=1, after=0.05)
    assert over.wait(60)
    assert begun[0] - asked >= 0.05


def test_a_job_that_rests_holds_up_no_other(jobs: Jobs) -> None:
    over = threading.Event()
    jobs.add(lambda: None, after=3600)
    jobs.add(over.set)
    assert over.wait(60)


def test_a_job_whose_rest_is_over_is_seen_while_another_thread_is_busy() -> None:
    jobs = Jobs(2)
    hold, over = threading.Event(), threading.Event()
    jobs.add(over.set, after=0.02)
    jobs.add(hold.wait)  # type: ignore[arg-type]
    assert over.wait(60)
    hold.set()
    jobs.close()


def test_a_job_that_fails_takes_no_thread_with_it(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    over = threading.Event()
    jobs.add(lambda: 1 // 0)  # type: ignore[arg-type]
    jobs.add(over.set)
    assert over.wait(60)
    assert "ZeroDivisionError" in caplog.text


def test_closing_does_all_that_is_queued() -> None:
    jobs = Jobs(2)
    done: list[int] = []
    for number in range(20):
        jobs.add(lambda number=number: done.append(number), slack=100, after=3600)  # type: ignore[misc]
    jobs.close()
    assert sorted(done) == list(range(20))
