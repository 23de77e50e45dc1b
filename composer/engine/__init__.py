"""The engine: runs one workflow's containers in order and hands their data on.

Pure Python: it knows nothing of Django, Celery or Channels. What it needs from the
outside stands in `ports.py`; what it tells the outside stands in `events.py`.
"""
