"""The connection to Elasticsearch."""

import logging

from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from rasid.errors import Retry, Usage

REQUEST_SECONDS = 30.0
"""Longest wait for one answer."""


def make_client(url: str, api_key: str = "", ca: str = "", *, timeout: float = REQUEST_SECONDS) -> AsyncElasticsearch:
    """A client that tries each request once: the writer has a retry loop of its own (bulk.py).

    Args:
        url: `http(s)://[user:password@]host:port[/path]`; several separated by commas for the nodes of one cluster.
        api_key: base64 as Kibana shows it, "" for none.
        ca: file with the certificate authority, "" for the system's.
        timeout: seconds for one request.

    Raises:
        Usage: the URL or the certificate file cannot be used.
    """
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # one line a request, and a warning a failed one
    options: dict[str, str] = {}
    if api_key:
        options["api_key"] = api_key
    if ca:
        options["ca_certs"] = ca
    try:
        return AsyncElasticsearch(
            [part.strip() for part in url.split(",") if part.strip()],
            request_timeout=timeout,
            max_retries=0,
            retry_on_timeout=False,
            retry_on_status=(),
            **options,  # type: ignore[arg-type]
        )
    except (ValueError, OSError) as error:
        raise Usage(
            f"RASID_ELASTICSEARCH is {url!r}, which is no http(s)://host:port of a server ({error})"
            if not ca
            else f"RASID_ELASTICSEARCH={url!r} with RASID_ELASTICSEARCH_CA={ca!r} cannot be used: {error}"
        ) from error


async def ping(client: AsyncElasticsearch, seconds: float = 5.0) -> str:
    """The version of the server, asked within so many seconds.

    Raises:
        Retry: nobody answers, or the answer is not Elasticsearch's; the message says which.
    """
    try:
        answer = await client.options(request_timeout=seconds).info()
        return str(answer["version"]["number"])
    except (ApiError, TransportError, KeyError, TypeError) as error:
        raise Retry(f"Elasticsearch does not answer: {explain(error)}") from error


def explain(error: BaseException) -> str:
    """The cause of a failed request in a few words, without the request's body."""
    if isinstance(error, ApiError):
        kind, reason = cause(error)
        return f"HTTP {error.meta.status} {kind} {reason}".strip()[:300]
    if isinstance(error, TransportError):
        return f"{type(error).__name__} {error.message}"[:300]
    return repr(error)[:300]


def cause(error: ApiError) -> tuple[str, str]:
    """Type and reason of an error answer ("" where the body has none: a proxy's page, an empty body)."""
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    if isinstance(inner, dict):
        return str(inner.get("type", "")), str(inner.get("reason", ""))
    return "", str(inner or "")
