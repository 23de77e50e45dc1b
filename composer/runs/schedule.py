"""What beat has the workers do. A message that is not fetched in time is worth nothing: it expires."""

BEAT_SCHEDULE = {
    "reconcile": {"task": "composer.runs.tasks.reconcile", "schedule": 5.0, "options": {"expires": 5}},
    "sweep": {"task": "composer.runs.tasks.sweep", "schedule": 30.0, "options": {"expires": 30}},
}
