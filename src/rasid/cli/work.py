"""`rasid work`: one worker."""

import asyncio
import sys
from pathlib import Path

import click

from rasid.errors import Usage
from rasid.settings import load_settings


@click.command("work")
@click.option(
    "--stages", default="all", metavar="A,B", help="text, dedupe, extract, ledger, notify, index; all by default."
)
def command(stages: str) -> None:
    """Runs stages on the Kafka of RASID_KAFKA until SIGTERM; alerts go to stdout, logs to stderr.

    It ends with exit code 1 when a stage crashes and must then be started again from outside: nothing is lost.

    \b
    Example:
      RASID_KAFKA=kafka:9092 RASID_ELASTICSEARCH=http://elastic:9200 rasid work --stages text,extract
    """
    from rasid.stages.build import names_of

    settings = load_settings()
    names = names_of(stages)
    if not settings.kafka:
        raise Usage("name the Kafka to work on in RASID_KAFKA (host:port), or use `rasid up`, which starts one")
    if "index" in names and not settings.elasticsearch:
        raise Usage(
            "the index stage needs Elasticsearch: name one in RASID_ELASTICSEARCH, or leave it out with --stages"
        )
    from rasid import logs, outlets
    from rasid.children import end_with_parent
    from rasid.worker import work

    end_with_parent()
    logs.set_up(settings, worker=stages)
    feeds = outlets.load(Path(settings.feeds) if settings.feeds else outlets.default_path())

    def write(text: str) -> None:
        print(text, file=sys.stdout, flush=True)

    asyncio.run(work(settings, names, feeds, write))
