"""The sample workflows: their graphs are right, their data can be made again, and they give what they say."""

import csv
import io
import runpy
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from composer.catalog.check import Checker, png_size
from composer.catalog.images import build_all
from composer.catalog.manifest import builtin
from composer.catalog.params import param_problems
from composer.engine.graph import Graph, order
from composer.engine.graph_parse import parse
from composer.engine.graph_problems import StepFacts, problems

SAMPLES = Path(__file__).parents[2] / "composer/catalog/samples"
STEPS = {manifest.slug: manifest for manifest in builtin()}
NAMES = ["word-job", "sales-report", "log-digest"]


def sample(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((SAMPLES / name / "workflow.yaml").read_text())
    return data


def facts(slug: str, version: str | None) -> StepFacts | None:
    step = STEPS.get(slug)
    return StepFacts(step.title, step.takes, step.gives) if step and step.version == version else None


def outputs(name: str) -> dict[str, bytes]:
    """Runs the sample's steps one after the other in their containers; what each gave, by node."""
    (image,) = build_all(progress=lambda words: None)
    checker, graph = Checker("test-samples", image), parse(sample(name)["graph"])
    came = {"": given(name)}
    for node_id in order(graph):
        node = graph.node(node_id)
        result = checker.run(STEPS[node.step], image, node.params, came[_before(graph, node_id)])
        assert result.code == 0, result.log
        came[node_id] = result.output
    return came


def _before(graph: Graph, node_id: str) -> str:
    return next((edge.source for edge in graph.edges if edge.target == node_id), "")


def given(name: str) -> bytes:
    file = sample(name)["input"].get("file")
    return (SAMPLES / name / file).read_bytes() if file else b""


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_nothing_to_mend(name: str) -> None:
    graph = parse(sample(name)["graph"])
    assert problems(graph, facts) == []
    assert [param_problems(STEPS[node.step].params, node.params) for node in graph.nodes] == [[], [], []]
    assert len({node.position for node in graph.nodes}) == 3
    assert sample(name)["description"].endswith((".", "?"))


def test_the_data_can_be_made_again(tmp_path: Path) -> None:
    made = runpy.run_path(str(SAMPLES / "generate.py"))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(made["orders"]())
    assert out.getvalue().encode() == given("sales-report")
    assert "".join(made["hits"]()).encode() == given("log-digest")


@pytest.mark.containers
def test_the_word_job_turns_every_word_round_in_capitals() -> None:
    came = outputs("word-job")
    words = came["words"].decode().splitlines()
    assert len(words) == 12
    assert came["reverse"].decode().splitlines() == [word.upper()[::-1] for word in words]


@pytest.mark.containers
def test_the_sales_report_adds_up_to_the_cent() -> None:
    came = outputs("sales-report")
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(given("sales-report").decode())):
        if row["city"] == "Berlin":
            expected[row["product"]] += Decimal(row["price"])
    totals = {
        row["product"]: Decimal(row["total"]) for row in csv.DictReader(io.StringIO(came["totals"].decode()))
    }
    assert totals == expected
    assert list(totals.values()) == sorted(totals.values(), reverse=True)
    assert png_size(came["chart"]) == (1200, 720)


@pytest.mark.containers
def test_the_log_digest_counts_every_error_once() -> None:
    came = outputs("log-digest")
    errors = sum(
        1 for line in given("log-digest").decode().splitlines() if line.split('" ')[1].startswith("5")
    )
    report = came["report"].decode()
    assert report.startswith("Errors by hour\n")
    assert report.endswith("errors in 20 hours\n")
    assert f"\n{errors} errors" in report
