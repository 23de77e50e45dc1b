"""What tests of the API ask for, in one line."""

import json
from typing import Any

from django.test import Client

from composer.engine.spool import Spool
from composer.workflows.models import Workflow


def post(client: Client, url: str, body: object = None, **more: Any) -> Any:
    """Sends JSON."""
    return client.post(url, json.dumps({} if body is None else body), content_type="application/json", **more)


def start(client: Client, workflow: Workflow, body: object = None, **more: Any) -> Any:
    """Starts a run."""
    return post(client, f"/api/workflows/{workflow.pk}/runs/", body, **more)


def input_of(spool: Spool, run: dict[str, Any]) -> bytes:
    """What a run was given to read."""
    return spool.input(run["id"]).read_bytes()
