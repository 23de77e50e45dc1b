"""How often each fault is made: at full by `make faults`, a few times in `make test`."""

import os

IS_FULL = os.environ.get("COMPOSER_FAULTS") == "full"

#: The name of a test: how often at full, how often in the short selection. 0: not in there.
TIMES: dict[str, tuple[int, int]] = {
    "test_workers_killed_at_random": (200, 6),
    "test_a_worker_killed_at_each_point_of_the_protocol": (10, 0),  # once: tests/runs/test_worker_process.py
    "test_workers_that_die_one_after_the_other": (10, 0),
    "test_a_worker_that_slept_through_its_lease": (1, 0),
    "test_two_workers_are_given_the_same_runs": (500, 20),
    "test_every_message_is_dropped": (60, 0),
    "test_redis_killed": (20, 1),
    "test_redis_forgets_everything": (10, 1),
    "test_redis_away": (1, 0),
    "test_runs_stopped_at_random": (200, 5),
    "test_containers_removed_behind_our_back": (40, 0),
    "test_container_engine_killed": (10, 0),
    "test_the_disk_fills_up": (5, 0),
    "test_a_fork_bomb": (5, 1),
    "test_more_memory_than_allowed": (10, 1),
    "test_endless_standard_error": (5, 1),
    "test_ten_gigabytes_are_too_much": (1, 0),
    "test_ten_gigabytes_stream": (1, 0),
}


def times(test: str) -> int:
    """How often, this time."""
    full, short = TIMES[test]
    return full if IS_FULL else short
