"""YAML with plain numbers, such as 12 and -1.5: nothing else is one, and none takes long to read."""

import re
from typing import Any

import yaml

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
# No more than YAML 1.1 takes for one: a text that looks like another is written without quotes.
_BROKEN = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]*(?:[eE][-+][0-9]+)?")


class PlainLoader(_Fast):
    """Also reads 1:30, 007 and 0x1F as the texts they are: to the base of 60, a number can be endless."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Raises YAMLError where a value is not what its tag says, such as “!!bool maybe”."""
        try:
            return super().construct_object(node, deep=deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise _wrong(node) from error


def _wrong(node: yaml.Node) -> yaml.constructor.ConstructorError:
    words = f"“{str(node.value)[:60]}” is not what its tag {node.tag} says"
    return yaml.constructor.ConstructorError(None, None, words, node.start_mark)


def _int(loader: Any, node: yaml.ScalarNode) -> int:
    if not _WHOLE.fullmatch(node.value):
        raise _wrong(node)
    return int(node.value)


def _float(loader: Any, node: yaml.ScalarNode) -> float:
    if not (_BROKEN.fullmatch(node.value) or _WHOLE.fullmatch(node.value)):
        raise _wrong(node)
    return float(node.value)


PlainLoader.add_constructor(_INT, _int)
PlainLoader.add_constructor(_FLOAT, _float)
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if tag not in (_INT, _FLOAT)]
    for first, resolvers in _Fast.yaml_implicit_resolvers.items()
}
for _tag, _shape in ((_INT, _WHOLE), (_FLOAT, _BROKEN)):
    PlainLoader.add_implicit_resolver(_tag, re.compile(f"(?:{_shape.pattern})\\Z"), list("-+0123456789"))


def read_plain(text: str | bytes) -> Any:
    """The data in a YAML text. Raises YAMLError, RecursionError."""
    loader = PlainLoader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
