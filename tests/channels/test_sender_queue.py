"""channels/sender_queue.py: one at a time, in order, and not too many."""

import asyncio

import pytest

from channels.sender_queue import QueueFull, SenderQueues


def test_one_at_a_time_in_order() -> None:
    async def scenario() -> list[str]:
        queues, seen = SenderQueues(), []

        async def message(number: int) -> None:
            async with queues.turn("a"):
                seen.append(f"in {number}")
                await asyncio.sleep(0.001)
                seen.append(f"out {number}")

        await asyncio.gather(*(message(number) for number in range(6)))
        assert len(queues) == 0  # an idle queue is freed
        return seen

    assert asyncio.run(scenario()) == [
        f"{step} {number}" for number in range(6) for step in ("in", "out")
    ]


def test_refuses_the_seventh_and_then_goes_on() -> None:
    async def scenario() -> None:
        queues, gate = SenderQueues(max_waiting=5), asyncio.Event()

        async def message() -> None:
            async with queues.turn("a"):
                await gate.wait()

        waiting = [asyncio.create_task(message()) for _ in range(6)]
        await asyncio.sleep(0)
        with pytest.raises(QueueFull):
            async with queues.turn("a"):
                pass
        async with queues.turn("b"):  # another sender is not concerned
            pass
        waiting[3].cancel()
        gate.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert len(queues) == 0
        async with queues.turn("a"):
            pass

    asyncio.run(scenario())
