"""How data and failures find their way: several inputs and outputs, branches, rules, in real containers."""

from typing import Any

import pytest

from composer.engine.execute import Outcome
from composer.engine.ports import Limits
from composer.engine.rule_reading import read_rule
from composer.engine.states import Status
from tests.engine.conftest import Bench, ListJournal, edge, script

pytestmark = pytest.mark.containers

CAT = script("cat")
GONE = script("echo half; echo composer:error Nothing there >&2; exit 3")
S, F, K = Status.SUCCEEDED, Status.FAILED, Status.SKIPPED


def rule(field: str, test: str, value: object = None) -> Any:
    given = {} if value is None else {"value": value}
    return read_rule({"all": [{"field": field, "test": test, **given}]})


OTHERWISE = read_rule({"else": True})


def ends(outcome: Outcome, journal: ListJournal, nodes: str) -> tuple[Status | None, list[Status]]:
    """How the run ended, and its nodes."""
    return outcome.status, [journal.last(node).status for node in nodes]


# Several inputs


def test_several_pipes_are_read_one_after_the_other_in_their_order(bench: Bench) -> None:
    steps = {"a": script("echo a"), "b": script("printf b"), "c": script("echo c"), "d": CAT}
    pipes = (edge("a-d", order=2), edge("b-d", order=0), edge("c-d", order=1))
    run = bench.run(steps, *pipes)
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abcd") == (S, [S, S, S, S])
    assert bench.output(run, "d") == b"bc\na\n"
    assert (journal.last("d").bytes_in, journal.last("d").bytes_out) == (5, 5)


def test_a_step_that_reads_only_the_first_of_its_inputs_does_no_harm(bench: Bench) -> None:
    much = script("yes | head -c 3000000")
    steps = {"a": much, "b": much, "c": script("head -c 2")}
    run = bench.run(steps, edge("a-c"), edge("b-c"))
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abc") == (S, [S, S, S])
    assert bench.output(run, "c") == b"y\n"


def test_inputs_that_a_step_declares_are_files_by_their_names(bench: Bench) -> None:
    steps = {
        "a": script("echo orders"),
        "b": script("echo prices"),
        "c": script("cat; cat /inputs/prices; ! (echo x >/inputs/prices) 2>/dev/null"),
    }
    run = bench.run(steps, edge("a-c"), edge("b-c", input="prices"))
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abc") == (S, [S, S, S])
    assert bench.output(run, "c") == b"orders\nprices\n"


# Several outputs


def test_outputs_that_a_step_declares_are_pipes_of_their_own(bench: Bench) -> None:
    split = script(
        "while read -r n; do [ $n -lt 3 ] && echo $n || echo $n >>/outputs/rest; done;"
        "echo end >/outputs/rest",
        outputs={"rest": "lines", "unused": "any"},
    )
    pipes = (edge("a-b"), edge("a-c", output="rest"))
    run = bench.run({"a": split, "b": CAT, "c": CAT}, *pipes, data=b"1\n2\n3\n4\n")
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abc") == (S, [S, S, S])
    assert (bench.output(run, "b"), bench.output(run, "c")) == (b"1\n2\n", b"3\n4\nend\n")
    files = bench.workshop.spool.attempt(run.id, "a", 1)
    assert (files.output("rest").read_bytes(), files.output("unused").read_bytes()) == (b"3\n4\nend\n", b"")


def test_all_outputs_together_have_one_limit(bench: Bench) -> None:
    step = script("yes >/outputs/more", outputs={"more": "any"}, limits=Limits(output=1_000_000))
    outcome, journal = bench.execute(bench.run({"a": step}))
    failure = journal.last("a").failure
    assert outcome.status is F
    assert failure is not None
    assert failure.kind == "output"


@pytest.mark.parametrize(
    ("text", "take", "data", "log"),
    [
        ("echo out; echo err >&2", "stderr", b"err\n", b"out\n"),
        ("echo out; echo err >&2; echo file >/tmp/result", "/tmp/result", b"file\n", b"err\nout\n"),
        ("echo out", "/tmp/none", b"", b"out\n"),
        ("mkdir /tmp/folder", "/tmp/folder", b"", b""),
        ("head -c 3000000 /dev/zero >/tmp/large", "/tmp/large", bytes(3_000_000), b""),
    ],
)
def test_the_data_may_be_what_else_a_step_writes(
    bench: Bench, text: str, take: str, data: bytes, log: bytes
) -> None:
    run = bench.run({"a": script(text, take=take)})
    outcome, journal = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "a") == data
    assert sorted(bench.log(run, "a").splitlines()) == sorted(log.splitlines())
    assert journal.last("a").bytes_out == len(data)


@pytest.mark.parametrize(
    ("said", "passed_on"),
    [
        ("x\nBEGIN\none\ntwo\nEND\ny\n", "one\ntwo\n"),
        ("BEGIN\n1\nEND\n-\nBEGIN\n2\nEND\n", "1\n2\n"),
        ("BEGIN\n1\nBEGIN\n2", "1\nBEGIN\n2"),
        ("BEGIN\n1\nEND", "1\n"),
        (" BEGIN\nBEGIN \nBEGINBEGIN\nBEGI\nbegin\n", ""),
        ("BEGIN\nEND.\nEN\nENDEND\nEND\n", "END.\nEN\nENDEND\n"),
        ("END\nBEGIN\nEND\nx\n", ""),
        ("BEGIN\n" + "long" * 50_000 + "\nEND\n", "long" * 50_000 + "\n"),
        ("", ""),
    ],
)
def test_of_the_data_only_what_stands_between_two_lines_may_be_wanted(
    bench: Bench, said: str, passed_on: str
) -> None:
    run = bench.run({"a": script("cat", between=("BEGIN", "END")), "b": CAT}, "a-b", data=said.encode())
    outcome, _ = bench.execute(run)
    assert outcome.status is S
    assert bench.output(run, "b") == passed_on.encode()
    assert bench.log(run, "a") == said.encode(), "the log keeps everything"


# Branches


def test_a_failure_that_is_seen_to_is_a_success(bench: Bench) -> None:
    tell = script('cat; echo "$COMPOSER_FAILED_STEP: $COMPOSER_ERROR"')
    steps = {"a": script("exit 0", title="Fetch"), "b": GONE, "c": CAT, "d": tell, "e": CAT}
    pipes = (edge("a-b"), edge("b-c"), edge("b-d", when="failure"), edge("b-e", when="always"))
    run = bench.run(steps, *pipes)
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abcde") == (S, [S, F, K, S, S])
    assert bench.output(run, "d") == b"half\nScript: Nothing there\n"
    assert bench.output(run, "e") == b"half\n"
    assert journal.last("b").ways["b-c"].why == "“Script” failed"
    assert journal.last("c").note == "“Script” failed"


def test_a_failure_that_is_seen_to_by_what_fails_itself_is_a_failure(bench: Bench) -> None:
    run = bench.run({"a": GONE, "b": GONE}, edge("a-b", when="failure"))
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "ab") == (F, [F, F])
    assert outcome.failed_node == "b"


def test_where_nothing_fails_the_way_for_failures_is_skipped(bench: Bench) -> None:
    run = bench.run({"a": CAT, "b": CAT, "c": CAT}, edge("a-b", when="failure"), edge("b-c"), data=b"x")
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abc") == (S, [S, K, K])


@pytest.mark.parametrize(("join", "last"), [("all", K), ("any", S)])
def test_branches_meet_again_where_any_is_enough(bench: Bench, join: str, last: Status) -> None:
    steps = {"a": script("echo 5"), "b": script("echo b"), "c": script("echo c"), "d": CAT}
    pipes = (
        edge("a-b", rule=rule("text", "is", "4")),
        edge("a-c", rule=OTHERWISE),
        edge("b-d"),
        edge("c-d"),
    )
    run = bench.run(steps, *pipes, joins={"d": join})
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abcd") == (S, [S, K, S, last])
    if last is S:
        assert bench.output(run, "d") == b"c\n"


def test_a_step_that_takes_any_waits_until_all_ways_are_decided(bench: Bench) -> None:
    steps = {"a": script("sleep 0.5; echo slow"), "b": script("echo quick"), "c": GONE, "d": CAT, "e": CAT}
    pipes = (edge("a-d"), edge("b-d"), edge("c-d"), edge("c-e", when="failure"))
    run = bench.run(steps, *pipes, joins={"d": "any"})
    outcome, journal = bench.execute(run)
    assert ends(outcome, journal, "abcd") == (S, [S, S, F, S])
    assert bench.output(run, "d") == b"slow\nquick\n"


# Rules


ORDERS = b"order,city,total\nA-1,Berlin,1284.50\nA-2,Lima,3\n"


@pytest.mark.parametrize(
    ("data", "gives", "test", "holds"),
    [
        (ORDERS, "csv", ("total", "greater", 1000), True),
        (ORDERS, "csv", ("city", "is not", "Berlin"), False),
        (b'{"items": [{"price": 5}]}', "json", ("items.0.price", "less", 6), True),
        (b"all went well", "text", ("text", "contains", "went"), True),
        (b"", "text", ("text", "is empty"), True),
        (b"12345", "any", ("bytes", "is", 5), True),
        (b"x", "any", ("exit code", "is", 0), True),
    ],
)
def test_the_first_way_whose_rule_holds_is_taken(
    bench: Bench, data: bytes, gives: str, test: tuple[Any, ...], holds: bool
) -> None:
    steps = {"a": script("cat", gives=gives), "b": CAT, "c": CAT, "d": CAT}
    pipes = (edge("a-b", rule=OTHERWISE), edge("a-c", rule=rule(*test)), edge("a-d"))
    run = bench.run(steps, *pipes, data=data)
    outcome, journal = bench.execute(run)
    expected = [K, S] if holds else [S, K]
    assert ends(outcome, journal, "abcd") == (S, [S, *expected, S])
    ways = journal.last("a").ways
    assert (ways["a-b"].taken, ways["a-c"].taken, ways["a-d"].taken) == (not holds, holds, True)
    assert ways["a-c"].why


def test_a_failure_can_be_chosen_by_its_exit_code(bench: Bench) -> None:
    pipes = (
        edge("a-b", when="failure", rule=rule("exit code", "is", 3)),
        edge("a-c", when="failure", rule=OTHERWISE),
    )
    outcome, journal = bench.execute(bench.run({"a": GONE, "b": CAT, "c": CAT}, *pipes))
    assert ends(outcome, journal, "abc") == (S, [F, S, K])


def test_a_rule_that_cannot_be_decided_says_why_and_nothing_behind_it_runs(bench: Bench) -> None:
    steps = {"a": script("cat", gives="csv"), "b": CAT, "c": CAT, "d": CAT}
    pipes = (edge("a-b", rule=rule("price", "greater", 5)), edge("a-c", rule=OTHERWISE), edge("b-d"))
    outcome, journal = bench.execute(bench.run(steps, *pipes, data=ORDERS))
    assert ends(outcome, journal, "abcd") == (F, [S, F, F, K])
    assert outcome.failed_node == "b"
    failure = journal.last("b").failure
    assert failure is not None
    assert failure.kind == "rule"
    assert "price" in failure.message
    assert "city" in failure.message
    assert Status.RUNNING not in journal.steps("b")
