"""The queue: Celery on Redis. Tasks carry ids; the database knows the rest."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "composer.settings")

app = Celery("composer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["composer.runs"])
app.autodiscover_tasks(["composer.runs"], related_name="celery_process")


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Celery would set up its own; Django's settings have done so already."""


@app.on_after_configure.connect
def _schedule(sender: Celery, **_: object) -> None:
    from composer.runs.schedule import BEAT_SCHEDULE  # noqa: PLC0415 - needs the apps

    sender.conf.beat_schedule = BEAT_SCHEDULE
