"""YAML as data: what JSON can hold and nothing else, so that no file can play tricks on us."""

from typing import Any

import yaml

from composer.engine.graph import Problem
from composer.web.parsers import DEEPEST, check_data
from composer.web.problems import Refused
from composer.web.yaml_loader import PlainLoader

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 250_000  # many times the largest workflow; YAML is slow to read


class _Loader(PlainLoader):
    """Leaves dates the texts they are, and takes no key twice: one of the two would be lost in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"“{key.value[:60]}” stands there twice", key.start_mark
                )
            keys.add(key.value if isinstance(key, yaml.ScalarNode) else None)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in PlainLoader.yaml_implicit_resolvers.items()
}


NO_WORKFLOW = "This is not a workflow. Choose a file that was saved from Composer, or a job for Dray."


def read_yaml(text: str | bytes) -> Any:
    """The data in a YAML (or JSON) text. Raises Refused."""
    if len(text) > MOST_BYTES:
        raise Refused([Problem("This file is larger than 10 MB.")])
    try:
        _refuse_tricks(text)
        loader = _Loader(text)
        try:
            data = loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise Refused([Problem(f"{NO_WORKFLOW}{_where(error)}")]) from error
    _refuse_strange(data)
    check_data(data)
    return data


def _where(error: Exception) -> str:
    """The place where reading ended, for who wrote the file by hand."""
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None:
        return ""
    what = getattr(error, "problem", None) or "it is not YAML"
    return f" Line {mark.line + 1}, character {mark.column + 1}: {what}."


def _refuse_tricks(text: str | bytes) -> None:
    """A few aliases of aliases would unfold to more than any machine holds; so would endless depth."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=PlainLoader)):
        if number > MOST_PARTS:
            raise Refused([Problem(f"This file has more than {MOST_PARTS:,} keys and values.")])
        if isinstance(event, yaml.AliasEvent):
            raise Refused([Problem("Aliases (*name) are not understood here. Write the values out.")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Refused([Problem("This file is nested too deeply.")])


def _refuse_strange(data: object) -> None:
    """Sets, bytes and keys that are no texts: YAML has them, workflows do not."""
    todo = [data]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            for key in item:
                if not isinstance(key, str):
                    raise Refused([Problem(f"“{str(key)[:60]}” must be a text. Put it in quotes.")])
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
        elif item is not None and not isinstance(item, str | int | float):
            raise Refused([Problem(f"“{str(item)[:60]}” is no text and no number. Put it in quotes.")])
