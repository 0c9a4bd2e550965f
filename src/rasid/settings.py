"""Every setting: environment variables `RASID_*` (or a `.env` file in the working folder), with default, unit and reason."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rasid.errors import Usage


def _user_folder(kind: str) -> Path:
    return Path.home() / kind / "rasid"


class Settings(BaseSettings):
    """All settings. Read once by the command line and handed down; nothing below reads the environment."""

    model_config = SettingsConfigDict(env_prefix="RASID_", env_file=".env", extra="ignore", frozen=True)

    # Servers
    kafka: str = Field(
        "", description="Bootstrap servers `host:port,…` of a running Kafka. Empty: `up` starts a local one."
    )
    elasticsearch: str = Field("", description="URL of a running Elasticsearch. Empty: `up` starts a local one.")
    elasticsearch_api_key: str = Field(
        "", description="API key for Elasticsearch, base64 as Kibana shows it.", repr=False
    )
    elasticsearch_ca: str = Field("", description="File with the certificate authority of Elasticsearch.")
    topic_prefix: str = Field(
        "", description="Put before every topic and group, so that several Rasids share a broker."
    )
    index_prefix: str = Field("rasid", description="First part of every index name.")
    partitions: int = Field(
        0, ge=0, description="Partitions of each topic that has several; 0: as in rasid/topics.py. 1 keeps one order."
    )
    replication: int = Field(1, ge=1, description="Replication factor of new topics; 3 on a cluster.")

    # Folders
    cache: Path = Field(
        default_factory=lambda: _user_folder(".cache"), description="Downloaded servers and their data; may be deleted."
    )
    data: Path = Field(
        default_factory=lambda: _user_folder(".local/share"),
        description="What must be kept: alerts file, imported places.",
    )
    eval_data: Path = Field(
        Path("../shared"), description="Evaluation data for tests and measurements; need not exist."
    )

    # Local servers
    java_home: str = Field(
        "", description="Java to run the local servers with. Empty: JAVA_HOME, then the newest found."
    )
    local_kafka_heap: str = Field("512m", description="Heap of the local Kafka.")
    local_elasticsearch_heap: str = Field("512m", description="Heap of the local Elasticsearch.")

    # Seeds
    feeds: str = Field("", description="Feeds file. Empty: seeds/feeds.toml.")
    gazetteer: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Further gazetteer files in the format of seeds/gazetteer/core.tsv, separated by the path separator.",
    )

    # Polling
    user_agent: str = Field(
        "Rasid/0.1 (+https://rasid.invalid/contact)", description="User-Agent; put your contact in it."
    )
    poll_interval: float = Field(
        600.0, gt=0, description="Seconds between two polls of a feed that says nothing itself."
    )
    poll_concurrency: int = Field(16, ge=1, description="Requests under way at a time, over all hosts.")
    feed_max_bytes: int = Field(10_000_000, gt=0, description="Largest feed document, decompressed.")
    page_max_bytes: int = Field(
        5_000_000, gt=0, description="Largest page, decompressed; a larger one is not read further."
    )
    poll_host_gap: float = Field(
        5.0, ge=0, description="Seconds between the starts of two requests to one host, feeds and pages together."
    )
    fetch_timeout: float = Field(30.0, gt=0, description="Seconds for one whole request.")
    allow_private: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="host:port, separated by commas, that may be polled though their address is private or loopback.",
    )

    # Stages
    stage_batch: int = Field(200, ge=1, description="Records a stage takes at a time.")
    stage_wait: float = Field(0.2, gt=0, description="Seconds a stage waits for a batch to fill.")
    dead_share: float = Field(
        0.5, gt=0, le=1, description="Share of dead letters among the last 200 records that stops a stage."
    )
    dedupe_hours: float = Field(72.0, gt=0, description="Hours of event time in which copies are looked for.")

    # Alerts
    alerts_file: str = Field(
        "", description="JSON Lines file of alerts. Empty: alerts.jsonl in the data folder; `none`: no file."
    )
    alert_max_age_hours: float = Field(
        72.0, gt=0, description="Hours after publication beyond which a change makes no alert (old news found late)."
    )

    # Logs and metrics
    log: str = Field("info", description="Lowest level that is logged: debug, info, warning, error.")
    log_format: str = Field("auto", description="`auto`: readable on a terminal, JSON elsewhere; or `text`, `json`.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Port on loopback for Prometheus metrics; 0 for none.")

    @field_validator("gazetteer", mode="before")
    @classmethod
    def _paths(cls, value: object) -> object:
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    @field_validator("allow_private", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value

    def model_post_init(self, _context: object) -> None:
        """Checks what a type cannot say."""
        if self.log not in {"debug", "info", "warning", "error"}:
            raise ValueError(f"RASID_LOG is {self.log!r}; it must be debug, info, warning or error")

    @property
    def gazetteer_files(self) -> tuple[Path, ...]:
        """The files of RASID_GAZETTEER."""
        return tuple(Path(part) for part in self.gazetteer)


def load_settings(**overrides: object) -> Settings:
    """The settings of this environment, with `overrides` from the command line on top.

    Raises:
        Usage: a variable has a value that cannot be; the message names it.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "RASID_" + "_".join(str(part) for part in first["loc"]).upper()
        raise Usage(f"{name}: {first['msg']} (it is {first['input']!r}); see docs/settings.md") from error
