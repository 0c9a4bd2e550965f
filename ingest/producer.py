"""A Kafka producer that loses nothing: all replicas, idempotent, made anew after a failure."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from rasid.errors import Retry

STOP_SECONDS = 5.0
PATIENCE = 40.0
"""Seconds for an acknowledgement. aiokafka's idempotent producer itself waits for ever while the broker is away."""


class SafeProducer:
    """Connects at the first use and again after `drop`.

    After a batch that the broker refused, aiokafka's idempotent producer goes on with sequence numbers that the broker
    does not know; so it is dropped after any failure, and what was not acknowledged is sent again by a new one.

    Args:
        options: of the connection (`bootstrap_servers`, security).
        settings: further arguments of AIOKafkaProducer.
    """

    def __init__(self, options: Mapping[str, Any], **settings: Any) -> None:
        self._arguments = {**options, "acks": "all", "enable_idempotence": True, **settings}
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()  # several polls may ask at the same time

    async def connected(self) -> AIOKafkaProducer:
        """The producer, started.

        Raises:
            Retry: Kafka is away.
        """
        async with self._connecting:
            if self._producer is None:
                self._producer = await self._connect()
            return self._producer

    async def _connect(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(**self._arguments)
        try:
            await producer.start()
        except (KafkaError, OSError) as error:
            await _stop(producer)
            raise Retry(f"no connection to Kafka at {self._arguments.get('bootstrap_servers')}: {error}") from error
        except BaseException:
            await _stop(producer)
            raise
        return producer

    async def drop(self) -> None:
        """Stops the producer; what it still holds is thrown away."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    # `stop` waits for batches that a dead broker will never take, and when given up leaves sockets open. Whoever drops a
    # producer has its acknowledgements or sends again, so its batches are thrown away first. Private names: aiokafka is
    # pinned, and tests/faults/test_poller_kafka_killed.py fails when they change.
    try:
        async with asyncio.timeout(STOP_SECONDS):
            if producer._sender is not None:
                await producer._sender.close()
            producer._message_accumulator._batches.clear()
            producer._message_accumulator._pending_batches.clear()
            await producer.stop()
    except (KafkaError, TimeoutError, OSError):
        return
