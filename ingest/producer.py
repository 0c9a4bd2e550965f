"""A Kafka producer that loses nothing: all replicas, idempotent, made anew after a failure."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from rasid.errors import Retry

STOP_SECONDS = 5.0


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

    async def connected(self) -> AIOKafkaProducer:
        """The producer, started.

        Raises:
            Retry: Kafka is away.
        """
        if self._producer is None:
            producer = AIOKafkaProducer(**self._arguments)
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                await _stop(producer)
                raise Retry(f"no connection to Kafka at {self._arguments.get('bootstrap_servers')}: {error}") from error
            except BaseException:
                await _stop(producer)
                raise
            self._producer = producer
        return self._producer

    async def drop(self) -> None:
        """Stops the producer; waits for what it still holds no longer than a few seconds."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await producer.stop()
    except (KafkaError, TimeoutError, OSError):
        return
