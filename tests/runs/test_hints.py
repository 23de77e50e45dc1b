"""Hints reach whoever watches, through a real Redis, and hold nobody up."""

import asyncio

import pytest
from channels.layers import channel_layers, get_channel_layer

from composer.runs import hints

pytestmark = pytest.mark.usefixtures("redis_server")


async def test_a_hint_reaches_the_watchers_of_that_run_alone() -> None:
    layer = get_channel_layer()
    mine, other = await layer.new_channel(), await layer.new_channel()
    await layer.group_add(hints.group("run-1"), mine)
    await layer.group_add(hints.group("run-2"), other)
    hints.look("run-1")
    async with asyncio.timeout(10):
        assert (await layer.receive(mine))["type"] == "run.look"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await layer.receive(other)


async def test_a_flood_of_hints_becomes_few_and_the_last_one_is_not_lost() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(hints.group("run-1"), channel)
    for _ in range(10_000):
        hints.look("run-1")
    await asyncio.to_thread(hints.close)
    got = 0
    while True:
        try:
            async with asyncio.timeout(0.5):
                await layer.receive(channel)
                got += 1
        except TimeoutError:
            break
        except KeyError:
            break
    assert 1 <= got < 5_000


def test_without_redis_hints_are_dropped_in_silence(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from channels_redis.pubsub import RedisPubSubChannelLayer

    monkeypatch.setattr(
        channel_layers,
        "make_backend",
        lambda _: RedisPubSubChannelLayer(hosts=["redis://127.0.0.1:1/0"]),
    )
    for _ in range(100):
        hints.look("run-1")
    hints.close()
