"""Every metric, in one list. Names and labels are part of the interface: docs/metrics.md has a heading for each."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from rasid.errors import Fatal

REGISTRY = CollectorRegistry()
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

FEED_POLLS = Counter("rasid_feed_polls_total", "Polls of feeds by result", ["result"], registry=REGISTRY)
ARTICLES_POLLED = Counter(
    "rasid_articles_polled_total", "New articles published by the poller", ["outlet"], registry=REGISTRY
)
STAGE_RECORDS = Counter(
    "rasid_stage_records_total", "Records a stage finished, by status", ["stage", "status"], registry=REGISTRY
)
STAGE_SECONDS = Histogram(
    "rasid_stage_batch_seconds", "Time of one batch in a stage", ["stage"], buckets=_SECONDS, registry=REGISTRY
)
STAGE_AGE = Gauge(
    "rasid_stage_age_seconds",
    "Age of the newest article a stage finished, since it was fetched",
    ["stage"],
    registry=REGISTRY,
)
DEAD_LETTERS = Counter("rasid_dead_letters_total", "Records sent to the dead letters", ["stage"], registry=REGISTRY)
VERDICTS = Counter("rasid_verdicts_total", "Verdicts on copies", ["kind"], registry=REGISTRY)
CHANGES = Counter("rasid_changes_total", "Transitions of the ledger by standing", ["standing"], registry=REGISTRY)
ALERTS = Counter("rasid_alerts_total", "Alerts by channel and state", ["channel", "state"], registry=REGISTRY)
ALERT_LATENCY = Histogram(
    "rasid_alert_latency_seconds", "From fetching the article to the alert", buckets=_SECONDS, registry=REGISTRY
)
SINK_RETRIES = Counter(
    "rasid_sink_retries_total", "Attempts of a sink that had to be made again", ["sink"], registry=REGISTRY
)
INDEXED = Counter(
    "rasid_documents_indexed_total", "Documents Elasticsearch took, by outcome", ["outcome"], registry=REGISTRY
)


def serve(port: int) -> None:
    """Serves the metrics on loopback; 0 serves nothing.

    Raises:
        Fatal: the port is in use.
    """
    if not port:
        return
    try:
        start_http_server(port, addr="127.0.0.1", registry=REGISTRY)
    except OSError as error:
        raise Fatal(f"no metrics on port {port} ({error.strerror}): name another one in RASID_METRICS_PORT") from error
