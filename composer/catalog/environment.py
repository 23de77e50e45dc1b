"""How a step's settings reach its program: as environment variables."""

import json
from collections.abc import Mapping
from typing import Any

from composer.catalog.manifest import Manifest


def environment(manifest: Manifest, params: Mapping[str, Any]) -> dict[str, str]:
    """The manifest's own variables, then each parameter by its name in capitals.

    Texts go as they are, true and false in small letters, all else as JSON. A parameter that
    is not given has its default; without one the variable is not set.
    """
    values = {**_defaults(manifest), **params}
    return {
        **manifest.env,
        **{name.upper(): _text(value) for name, value in values.items() if value is not None},
    }


def _defaults(manifest: Manifest) -> dict[str, Any]:
    properties = manifest.params["properties"]
    return {name: each["default"] for name, each in properties.items() if "default" in each}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, allow_nan=False)
