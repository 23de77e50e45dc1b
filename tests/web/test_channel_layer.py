"""What watchers listen through, over a real Redis that starts anew."""

from typing import Any

import redis
from channels.layers import channel_layers
from django.conf import settings


async def test_a_connection_that_died_while_nobody_listened_is_made_anew(redis_url: str) -> None:
    config: Any = settings.CHANNEL_LAYERS["default"]["CONFIG"]
    (host,) = config["hosts"]
    layer = channel_layers._make_backend("default", {**config, "hosts": [{**host, "address": redis_url}]})
    first = await layer.new_channel()
    await layer.group_add("group", first)
    await layer.group_discard("group", first)
    with redis.Redis.from_url(redis_url) as another:
        for kind in ("normal", "pubsub"):
            another.execute_command("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
    second = await layer.new_channel()
    await layer.group_add("group", second)
    await layer.group_send("group", {"type": "look"})
    assert (await layer.receive(second))["type"] == "look"
    await layer.flush()
