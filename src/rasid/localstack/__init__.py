"""Real Kafka and real Elasticsearch as child processes: fetched once by Maven, run from plain Java (docs/local-stack.md)."""

from rasid.localstack.needs import choose_java, missing
from rasid.localstack.stack import LocalStack, Servers, running

__all__ = ["LocalStack", "Servers", "choose_java", "missing", "running"]
