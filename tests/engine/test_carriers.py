"""The contract of `carriers.Carrier`: what steps do is the same where worker and engine share no files.

The tests that are imported here run once more, over an attached workshop instead of shared files.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.engine.docker_engine import DockerEngine
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.workshop import Workshop
from tests.engine.conftest import Bench, script
from tests.engine.test_execute import (  # noqa: F401
    test_a_step_never_starts_when_the_one_before_failed,
    test_a_step_that_ignores_its_input_does_no_harm,
    test_a_stopped_run_stops_its_steps_and_never_starts_the_rest,
    test_an_image_without_a_shell_works,
    test_every_end_has_its_name,
    test_no_container_is_left,
    test_nothing_of_a_secret_is_where_others_can_read,
    test_progress_tells_what_went_through_each_pipe,
    test_the_container_is_hardened,
    test_the_runs_input_feeds_every_first_step_that_reads,
    test_what_one_step_writes_the_next_one_reads,
)
from tests.engine.test_flows import (  # noqa: F401
    test_a_step_that_reads_only_the_first_of_its_inputs_does_no_harm,
    test_all_outputs_together_have_one_limit,
    test_inputs_that_a_step_declares_are_files_by_their_names,
    test_of_the_data_only_what_stands_between_two_lines_may_be_wanted,
    test_outputs_that_a_step_declares_are_pipes_of_their_own,
    test_several_pipes_are_read_one_after_the_other_in_their_order,
    test_the_data_may_be_what_else_a_step_writes,
)
from tests.engine.test_take_over import (  # noqa: F401
    test_a_claimed_step_that_never_began_is_made_anew,
    test_a_step_killed_behind_our_back_is_repeated_where_it_may_be,
    test_a_step_killed_behind_our_back_waits_for_a_person_where_it_may_not_be_repeated,
)

pytestmark = pytest.mark.containers

CAT = script("cat")


@pytest.fixture(scope="module")
def attached_workshop(gate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    engine = DockerEngine()
    installation = f"test-{uuid.uuid4().hex}"
    spool = Spool(tmp_path_factory.mktemp("spool"))
    workshop = Workshop(engine, spool, gate, installation=installation, instance="tests", carrier="attach")
    yield workshop
    workshop.close()
    for state in engine.find({"composer.installation": installation}):
        engine.remove(state.id)
    engine.close()


@pytest.fixture
def bench(attached_workshop: Workshop, tmp_path: Path) -> Bench:
    """Makes and executes runs, attached to every container."""
    return Bench(attached_workshop, tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no final newline",
        b"\0\r\n\0\r",
        pytest.param(os.urandom(20_000_000), id="20 MB of random bytes"),
    ],
)
def test_bytes_are_exact(bench: Bench, data: bytes) -> None:
    run = bench.run({"a": CAT, "b": CAT}, "a-b", data=data)
    outcome, journal = bench.execute(run)
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "b") == data
    assert (journal.last("b").bytes_in, journal.last("b").bytes_out) == (len(data), len(data))
