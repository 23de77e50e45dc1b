"""Whether this process can work, and how much there is."""

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 where the database and Redis answer, else 503; says which one does not."""
    found = {"database": _database(), "redis": _redis()}
    well = all(found.values())
    return JsonResponse({"status": "ok" if well else "unwell", **found}, status=200 if well else 503)


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus: of runs by status, of workflows and of steps. Nothing that is private."""
    registry = CollectorRegistry()
    runs = Gauge("composer_runs", "Runs by status", ["status"], registry=registry)
    for row in apps.get_model("runs", "Run").objects.values("status").annotate(count=Count("id")):
        runs.labels(row["status"]).set(row["count"])
    for name, model in (("workflows", "workflows.Workflow"), ("steps", "catalog.Step")):
        gauge = Gauge(f"composer_{name}", f"How many {name} there are", registry=registry)
        gauge.set(apps.get_model(model).objects.count())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
