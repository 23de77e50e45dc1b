"""Steps that stream run together, and start, fail, stop and are tried again as one. In real containers."""

import hashlib
import os
import time
from collections.abc import Sequence

import pytest

from composer.engine.attempt import Attempt
from composer.engine.carriers import SharedFiles
from composer.engine.errors import LeaseLost
from composer.engine.events import Change, EdgeFlow, GateClaimed, StepChanged
from composer.engine.gate import gate
from composer.engine.ports import StepRecord
from composer.engine.rule_reading import read_rule
from composer.engine.states import Status
from composer.engine.wiring import SAMPLE_BYTES
from tests.engine.conftest import Background, Bench, ListJournal, edge, script, wait_until

pytestmark = pytest.mark.containers

CAT = script("cat")
S, F, K, C, W = Status.SUCCEEDED, Status.FAILED, Status.SKIPPED, Status.CANCELED, Status.WAITING
MEGABYTE = 1_000_000


def ends(journal: ListJournal, nodes: str) -> list[Status]:
    return [journal.last(node).status for node in nodes]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def flows(going: Background, edge_id: str) -> list[EdgeFlow]:
    return [each.edges[edge_id] for each in going.journal.progressed if edge_id in each.edges]


# What goes through


def test_bytes_that_stream_are_exact(bench: Bench) -> None:
    data = os.urandom(50 * MEGABYTE)
    run = bench.run({"a": CAT, "b": CAT, "c": CAT}, edge("a=b"), edge("b=c"), data=data)
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert sha(bench.output(run, "c")) == sha(data)
    assert [journal.last(n).bytes_in for n in "abc"] == [len(data)] * 3
    assert [journal.last(n).bytes_out for n in "abc"] == [len(data)] * 3


def test_of_what_only_streams_a_sample_is_kept_and_is_never_taken_for_the_whole(bench: Bench) -> None:
    data = os.urandom(3 * MEGABYTE)
    run = bench.run({"a": CAT, "b": CAT}, edge("a=b"), data=data)
    bench.execute(run)
    files = bench.workshop.spool.attempt(run.id, "a", 1)
    assert files.sample("stdout").read_bytes() == data[:SAMPLE_BYTES]
    assert not files.stdout.exists()


@pytest.mark.parametrize("pipes", [("a+b",), ("a=b", "a-c")])
def test_what_streams_can_be_kept_too(bench: Bench, pipes: tuple[str, ...]) -> None:
    data = os.urandom(5 * MEGABYTE)
    edges = [edge("a=b", mode="stream+keep") if pipe == "a+b" else edge(pipe) for pipe in pipes]
    run = bench.run({"a": CAT, "b": script("sha256sum"), "c": CAT}, *edges, data=data)
    outcome, _ = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "a") == data
    assert sha(data).encode() in bench.output(run, "b")


def test_both_ends_of_a_stream_run_at_once(bench: Bench) -> None:
    talk = script("echo first; until [ -e /tmp/never ]; do sleep 0.1; echo more; done")
    listen = script("read -r line; echo got $line; exec 0<&-")
    run = bench.run({"a": talk, "b": listen}, edge("a=b"))
    outcome, _ = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "b") == b"got first\n"


def test_a_reader_that_ends_early_is_right_and_so_is_its_writer(bench: Bench) -> None:
    run = bench.run({"a": script("yes"), "b": CAT, "c": script("head -n 3")}, edge("a=b"), edge("b=c"))
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert ends(journal, "abc") == [S, S, S]
    assert bench.output(run, "c") == b"y\ny\ny\n"


def test_a_writer_that_goes_on_when_nobody_reads_is_stopped_and_was_right(bench: Bench) -> None:
    stubborn = script("trap '' PIPE; while :; do echo x 2>/dev/null; done")
    run = bench.run({"a": stubborn, "b": script("head -n 1")}, edge("a=b"))
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert ends(journal, "ab") == [S, S]


def test_one_output_streams_to_several_and_the_slowest_sets_the_pace(bench: Bench) -> None:
    data = os.urandom(6 * MEGABYTE)
    steps = {
        "a": CAT,
        "b": script("sha256sum"),
        "c": script("sleep 0.5; sha256sum"),
        "d": script("sha256sum"),
    }
    run = bench.run(steps, edge("a=b"), edge("a=c"), edge("a=d"), data=data)
    outcome, _ = bench.execute(run)
    assert outcome.status is S
    for node in "bcd":
        assert sha(data).encode() in bench.output(run, node)


def test_a_reader_that_ended_is_dropped_and_the_others_get_all(bench: Bench) -> None:
    data = os.urandom(6 * MEGABYTE)
    steps = {"a": CAT, "b": script("head -c 10"), "c": script("sha256sum")}
    run = bench.run(steps, edge("a=b"), edge("a=c"), data=data)
    outcome, _ = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "b") == data[:10]
    assert sha(data).encode() in bench.output(run, "c")


def test_further_outputs_stream_too(bench: Bench) -> None:
    split = script("tee /outputs/copy", outputs={"copy": "any"})
    data = os.urandom(2 * MEGABYTE)
    run = bench.run({"a": split, "b": CAT, "c": CAT}, edge("a=b"), edge("a=c", output="copy"), data=data)
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "b") == bench.output(run, "c") == data
    assert journal.last("c").bytes_in == len(data)


def test_several_streams_are_read_one_after_the_other(bench: Bench) -> None:
    steps = {
        "a": script("sleep 0.3; yes a | head -c 2000000"),
        "b": script("yes b | head -c 2000000"),
        "c": CAT,
    }
    run = bench.run(steps, edge("a=c"), edge("b=c"))
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "c") == b"a\n" * MEGABYTE + b"b\n" * MEGABYTE
    assert journal.last("c").bytes_in == 4 * MEGABYTE


def test_streams_that_part_and_meet_again_lose_nothing(bench: Bench) -> None:
    data = os.urandom(4 * MEGABYTE)
    pipes = (edge("a=b"), edge("a=c"), edge("b=d"), edge("c=d"))
    run = bench.run(dict.fromkeys("abcd", CAT), *pipes, data=data)
    outcome, _ = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "d") == data * 2


def test_a_reader_whose_other_way_is_closed_holds_up_nobody(bench: Bench) -> None:
    rule = read_rule({"all": [{"field": "text", "test": "is", "value": "no"}]})
    steps = {"a": script("echo data"), "b": script("echo yes"), "c": CAT, "d": CAT}
    run = bench.run(steps, edge("a=c"), edge("a=d"), edge("b-c", rule=rule))
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert ends(journal, "abcd") == [S, S, K, S]
    assert bench.output(run, "d") == b"data\n"


def test_it_is_told_which_side_is_waited_for(bench: Bench) -> None:
    steps = {"a": script("yes"), "b": script("sleep 1.5"), "c": script("sleep 1.5; echo x"), "d": CAT}
    going = bench.in_background(bench.run(steps, edge("a=b"), edge("c=d")))
    going.join()
    assert "reader" in {flow.waits_for for flow in flows(going, "a_b")}
    assert {flow.waits_for for flow in flows(going, "c_d")} <= {"writer", None}
    assert "writer" in {flow.waits_for for flow in flows(going, "c_d")}


# Failing together


def test_a_writer_that_fails_fails_its_readers_and_what_follows_never_runs(bench: Bench) -> None:
    steps = {"a": script("echo half; exit 4", title="Writer"), "b": CAT, "c": CAT}
    outcome, journal = bench.execute(bench.run(steps, edge("a=b"), edge("b-c")))
    assert (outcome.status, outcome.failed_node) == (F, "a")
    assert ends(journal, "abc") == [F, F, K]
    told = journal.last("b").failure
    assert told is not None
    assert told.message == "It streams together with “Writer”, which failed."
    assert Status.RUNNING not in journal.steps("c")


def test_a_reader_that_fails_stops_all_that_stream_with_it(bench: Bench) -> None:
    steps = {"a": script("echo go; sleep 60"), "b": CAT, "c": script("exit 5", title="Reader")}
    run = bench.run(steps, edge("a=b"), edge("a=c"))
    outcome, journal = bench.execute(run)
    assert (outcome.status, outcome.failed_node) == (F, "c")
    assert ends(journal, "abc") == [F, F, F]
    wait_until(lambda: bench.containers(run) == [])


def test_a_failure_of_a_group_can_be_seen_to(bench: Bench) -> None:
    steps = {"a": script("yes"), "b": script("read x; exit 5"), "c": script("echo sorry")}
    run = bench.run(steps, edge("a=b"), edge("b-c", when="failure"))
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert ends(journal, "abc") == [F, F, S]


def test_a_step_that_cannot_start_keeps_its_whole_group_from_starting(bench: Bench) -> None:
    steps = {"a": script("echo x"), "b": script("cat", image="composer-test/none:1")}
    outcome, journal = bench.execute(bench.run(steps, edge("a=b")))
    assert (outcome.status, outcome.failed_node) == (F, "b")
    assert Status.RUNNING not in journal.steps("a")


def test_an_endless_sensor_streams_until_it_is_stopped(bench: Bench) -> None:
    steps = {"a": script("while :; do date; sleep 0.05; done"), "b": CAT}
    run = bench.run(steps, edge("a=b"))
    going = bench.in_background(run)
    wait_until(lambda: len({flow.bytes for flow in flows(going, "a_b")}) > 2)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is C
    assert ends(going.journal, "ab") == [C, C]


# Interruptions


def remove(bench: Bench, going: Background, run_id: str, node: str) -> None:
    wait_until(lambda: Status.RUNNING in going.journal.steps(node))
    time.sleep(0.4)
    [state] = bench.workshop.containers.find({"composer.run": run_id, "composer.node": node})
    bench.workshop.containers.remove(state.id)


@pytest.mark.parametrize("victim", ["a", "b"])
def test_a_group_is_made_anew_as_one_where_it_may_be_repeated(bench: Bench, victim: str) -> None:
    first = "[ $COMPOSER_ATTEMPT != 1 ] || sleep 60"
    steps = {"a": script(f"echo from $COMPOSER_ATTEMPT; {first}"), "b": script(f"cat; {first}")}
    run = bench.run(steps, edge("a=b"))
    going = bench.in_background(run)
    remove(bench, going, run.id, victim)
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is S
    assert bench.output(run, "b", 2) == b"from 2\n"
    assert [going.journal.last(node).attempt for node in "ab"] == [2, 2]


def test_a_reader_that_fails_because_its_writer_was_interrupted_is_made_anew_with_it(bench: Bench) -> None:
    steps = {
        "a": script("echo half; [ $COMPOSER_ATTEMPT != 1 ] || sleep 60; echo whole"),
        "b": script("grep -v half"),
    }
    run = bench.run(steps, edge("a=b"))
    going = bench.in_background(run)
    remove(bench, going, run.id, "a")
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is S
    assert bench.output(run, "b", 2) == b"whole\n"


def test_a_group_waits_for_a_person_where_one_of_it_may_not_be_repeated(bench: Bench) -> None:
    steps = {"a": script("echo x; sleep 60"), "b": script("cat", repeatable=False)}
    run = bench.run(steps, edge("a=b"))
    going = bench.in_background(run)
    remove(bench, going, run.id, "a")
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is W
    assert ends(going.journal, "ab") == [W, W]


def test_a_failure_stays_one_where_its_worker_died_while_it_stopped_the_others(bench: Bench) -> None:
    steps = {"a": script("echo go; exec sleep 60"), "b": script("sleep 1; exit 5")}
    first = bench.run(steps, edge("a=b"))
    going = bench.in_background(first)
    wait_until(lambda: gate.read_started(bench.workshop.spool.attempt(first.id, "b", 1)))
    going.desert()
    wait_until(lambda: gate.read_ended(bench.workshop.spool.attempt(first.id, "b", 1)) is not None)
    [writer] = bench.workshop.containers.find({"composer.run": first.id, "composer.node": "a"})
    bench.workshop.containers.kill(writer.id, "TERM")
    wait_until(lambda: gate.read_ended(bench.workshop.spool.attempt(first.id, "a", 1)) is not None)
    second = bench.run(steps, edge("a=b"), id=first.id, taken_over=True)
    outcome, _ = bench.execute(second, records=dict.fromkeys("ab", CLAIMED))
    assert (outcome.status, outcome.failed_node) == (F, "b")
    assert not bench.workshop.spool.attempt(first.id, "b", 2).exists()


CLAIMED = StepRecord(Status.RUNNING, 1, claimed=True)


def test_a_stream_goes_on_when_its_worker_dies_and_loses_no_byte(bench: Bench) -> None:
    talk = script("for i in $(seq 40); do seq $((i*1000)); sleep 0.05; done")
    steps = {"a": talk, "b": CAT, "c": script("sha256sum")}
    pipes = (edge("a=b"), edge("b=c"))
    first = bench.run(steps, *pipes)
    going = bench.in_background(first)
    wait_until(lambda: bool(flows(going, "a_b")))
    going.desert()
    second = bench.run(steps, *pipes, id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records=dict.fromkeys("abc", CLAIMED))
    assert outcome.status is S
    whole = b"".join(b"%d\n" % n for i in range(1, 41) for n in range(1, i * 1000 + 1))
    assert sha(whole).encode() in bench.output(second, "c")
    assert [journal.last(node).attempt for node in "abc"] == [1, 1, 1]


def test_a_stream_that_ended_while_nobody_watched_is_settled_as_one(bench: Bench) -> None:
    steps = {"a": script("sleep 0.3; seq 5"), "b": CAT, "c": CAT}
    first = bench.run(steps, edge("a=b"), edge("b-c"))
    going = bench.in_background(first)
    wait_until(lambda: Status.RUNNING in going.journal.steps("b"))
    going.desert()
    time.sleep(1.5)
    second = bench.run(steps, edge("a=b"), edge("b-c"), id=first.id, taken_over=True)
    records = {"a": CLAIMED, "b": CLAIMED, "c": StepRecord()}
    outcome, journal = bench.execute(second, records=records)
    assert outcome.status is S
    assert bench.output(second, "c", journal.last("c").attempt) == b"1\n2\n3\n4\n5\n"


@pytest.mark.parametrize("opened", [0, 1, 2])
def test_a_group_of_which_only_some_gates_were_opened_is_made_anew(
    bench: Bench, opened: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {"a": script("echo a"), "b": CAT, "c": script("cat", repeatable=False)}
    pipes = (edge("a=b"), edge("b=c"))
    first = bench.run(steps, *pipes)
    count = 0

    def open_some(carrier: SharedFiles, attempt: Attempt, order: gate.Order) -> None:
        nonlocal count
        count += 1
        if count > opened:
            raise LeaseLost("died between two gates")
        gate.open_gate(attempt.files, order)

    with monkeypatch.context() as patch:
        patch.setattr(SharedFiles, "open", open_some)
        with pytest.raises(LeaseLost):
            bench.in_background(first).join()
    time.sleep(0.2)
    second = bench.run(steps, *pipes, id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records=dict.fromkeys("abc", CLAIMED))
    assert outcome.status is S
    assert [journal.last(node).attempt for node in "abc"] == [2, 2, 2]
    assert bench.output(second, "c", 2) == b"a\n"


def test_the_gates_of_a_group_are_claimed_in_one_transaction(bench: Bench) -> None:
    commits: list[list[str]] = []

    def note(changes: Sequence[Change]) -> None:
        commits.append([change.node for change in changes if isinstance(change, GateClaimed)])

    run = bench.run({"a": script("seq 3"), "b": CAT, "c": CAT}, edge("a=b"), edge("b=c"))
    _, journal = bench.execute(run, journal=ListJournal(on_commit=note))
    assert [sorted(nodes) for nodes in commits if nodes] == [["a", "b", "c"]]
    over = [c.node for c in journal.changes if isinstance(c, StepChanged) and c.status is S]
    assert over == ["a", "b", "c"]
