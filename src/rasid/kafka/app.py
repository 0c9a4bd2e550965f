"""The Faust app of one stage: one consumer group a stage, so that stages scale and stall on their own."""

import ssl  # noqa: F401  faust needs it loaded before the broker URL is parsed
from pathlib import Path

import faust

from rasid.settings import Settings


def make_app(stage: str, settings: Settings, datadir: Path) -> faust.App:
    """An app with the settings under which nothing was lost in the kill and outage schedules (docs/decisions/0003).

    Args:
        stage: names the consumer group: `<prefix>rasid-<stage>`.
        datadir: a folder of this worker alone.
    """
    return faust.App(
        f"{settings.topic_prefix}rasid-{stage}",
        broker=[f"kafka://{server}" for server in settings.kafka.split(",")],
        datadir=str(datadir),
        # At-least-once with idempotent effects: exactly_once gave duplicates all the same.
        processing_guarantee="at_least_once",
        # The default session of 60 s stalls partitions for two minutes after a kill.
        broker_session_timeout=10,
        broker_heartbeat_interval=2,
        broker_commit_interval=1,
        # A batch may wait for a sink that is away for hours; Kafka must not take the partition for dead.
        broker_max_poll_interval=24 * 3600,
        # With True a worker whose sink is dead does not stop in 30 s; with False in 1.1 s.
        stream_wait_empty=False,
        producer_linger=0.02,
        producer_max_request_size=12_000_000,
        consumer_max_fetch_size=16_000_000,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        loghandlers=[],
    )
