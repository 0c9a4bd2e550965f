"""Puts the templates on the server: components from templates/*.json, one index template an index family.

Indices are plain ones, one a month of the article (data streams take only `create`, and an article is rewritten).
`set_up` may be run by every worker at every start. A server that holds templates of a newer Rasid keeps them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from rasid.errors import Fatal, Retry, Usage
from sinks.elastic.client import cause, explain
from sinks.elastic.letters import mappings

log = structlog.get_logger("rasid.elastic")


@dataclass(frozen=True)
class Family:
    """Indices of one kind.

    Attributes:
        name: after the prefix; also the name of the file with its mapping.
        monthly: one index a month, read through an alias; otherwise one index with this name.
    """

    name: str
    monthly: bool = True

    def pattern(self, prefix: str) -> str:
        """What to search in, and what the index template stands for."""
        return f"{prefix}-{self.name}-*" if self.monthly else f"{prefix}-{self.name}"


FAMILIES = (
    Family("articles"),
    Family("stages"),
    Family("changes"),
    Family("alerts"),
    Family("places", monthly=False),
    Family("feeds", monthly=False),
)
SHARED = ("settings",)
"""Components of every index."""
ANALYSIS = "arabic"
"""Put into the component of each family: the server checks a component alone, and a mapping names its analyzers."""
LIFECYCLE: Mapping[str, Any] = {
    "phases": {
        "hot": {"actions": {"set_priority": {"priority": 100}}},
        "warm": {
            "min_age": "40d",
            "actions": {"forcemerge": {"max_num_segments": 1}, "set_priority": {"priority": 50}},
        },
    },
    "_meta": {"by": "rasid", "holds": "monthly indices: merged once they are no longer written to; nothing is deleted"},
}
PRIORITY = 200
"""Above the built-in templates of the server (100)."""


def component(name: str, *, lifecycle: str = "") -> dict[str, Any]:
    """A component template, as it is put on the server.

    Args:
        name: the file's name without `.json`.
        lifecycle: policy to name in the settings; "" where the server has no index lifecycle management.
    """
    body = _read(name)
    if "mappings" in body["template"]:
        analysis = _analysis()
        body["template"]["settings"] = analysis["template"]["settings"]
        body["version"] += analysis["version"]
    if name == "settings" and lifecycle:
        body["template"]["settings"]["index"]["lifecycle"] = {"name": lifecycle}
    return body


def whole_words() -> list[str]:
    """Words that begin with the letter of a proclitic and have none (templates/whole_words.txt)."""
    lines = _file("whole_words.txt").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _analysis() -> dict[str, Any]:
    """The component `arabic` with letters and whole words filled in."""
    body = _read(ANALYSIS)
    analysis = body["template"]["settings"]["index"]["analysis"]
    analysis["char_filter"]["rasid_letters"]["mappings"] = mappings()
    for one in analysis["filter"].values():
        if "pattern" in one:
            one["pattern"] = one["pattern"].replace("WHOLE", "|".join(whole_words()))
    return body


def _read(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(_file(f"{name}.json"))
    return body


def _file(name: str) -> str:
    return (resources.files("sinks.elastic") / "templates" / name).read_text(encoding="utf-8")


def index_template(family: Family, prefix: str) -> dict[str, Any]:
    """The index template of a family. Its version is the sum of those of its parts, so that it grows with each."""
    names = (*SHARED, family.name)
    body: dict[str, Any] = {
        "index_patterns": [family.pattern(prefix)],
        "composed_of": [f"{prefix}-{name}" for name in names],
        "priority": PRIORITY,
        "version": sum(component(name)["version"] for name in names),
        "_meta": component(family.name)["_meta"],
    }
    if family.monthly:
        body["template"] = {"aliases": {f"{prefix}-{family.name}": {}}}
    return body


async def set_up(client: AsyncElasticsearch, prefix: str) -> None:
    """Puts all templates on the server and adds new fields to the indices that stand already.

    Args:
        prefix: RASID_INDEX_PREFIX.

    Raises:
        Usage: the prefix cannot begin an index name.
        Fatal: the server refuses a template or the caller, or an index's mapping cannot take the new fields.
        Retry: the server is away or has too much to do; what was put so far may be put again.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,60}", prefix):
        raise Usage(f"RASID_INDEX_PREFIX is {prefix!r}; it must be lower-case letters, digits, '-', '_' and '.'")
    try:
        await _put_all(client, prefix)
    except TransportError as error:
        raise Retry(f"Elasticsearch does not answer: {explain(error)}") from error
    except ApiError as error:
        if error.meta.status == 429 or error.meta.status >= 500:
            raise Retry(f"Elasticsearch takes no templates now: {explain(error)}") from error
        raise Fatal(f"Elasticsearch refuses the templates: {explain(error)}; see docs/search.md, Rights") from error


async def _put_all(client: AsyncElasticsearch, prefix: str) -> None:
    policy = await _put_lifecycle(client, prefix)
    for name in (*SHARED, *(family.name for family in FAMILIES)):
        await _put_component(client, f"{prefix}-{name}", component(name, lifecycle=policy))
    for family in FAMILIES:
        await _put_index_template(client, f"{prefix}-{family.name}", index_template(family, prefix))
        await _grow(client, family, prefix)


async def _put_lifecycle(client: AsyncElasticsearch, prefix: str) -> str:
    """Name of the policy, "" where the server has no lifecycle management."""
    name = f"{prefix}-monthly"
    try:
        await client.ilm.put_lifecycle(name=name, policy=LIFECYCLE)
    except ApiError as error:
        if error.meta.status not in {400, 404, 405} or "no handler found" not in str(error.body):
            raise
        log.info("this Elasticsearch has no index lifecycle management; indices are kept as they are")
        return ""
    return name


async def _put_component(client: AsyncElasticsearch, name: str, body: dict[str, Any]) -> None:
    found = await client.options(ignore_status=404).cluster.get_component_template(name=name)
    standing = [one["component_template"] for one in found.body.get("component_templates", [])]
    if _is_newer(name, standing, body["version"]):
        return
    with _refusal(name):
        await client.cluster.put_component_template(
            name=name, template=body["template"], version=body["version"], meta=body["_meta"]
        )


async def _put_index_template(client: AsyncElasticsearch, name: str, body: dict[str, Any]) -> None:
    found = await client.options(ignore_status=404).indices.get_index_template(name=name)
    standing = [one["index_template"] for one in found.body.get("index_templates", [])]
    if _is_newer(name, standing, body["version"]):
        return
    with _refusal(name):
        await client.indices.put_index_template(
            name=name,
            index_patterns=body["index_patterns"],
            composed_of=body["composed_of"],
            priority=body["priority"],
            version=body["version"],
            meta=body["_meta"],
            template=body.get("template"),
        )


async def _grow(client: AsyncElasticsearch, family: Family, prefix: str) -> None:
    """Adds the fields of this version to standing indices: with strict mappings they would refuse new documents."""
    pattern = family.pattern(prefix)
    standing = await client.indices.get(
        index=pattern, allow_no_indices=True, ignore_unavailable=True, features="aliases"
    )
    if standing.body:
        properties = component(family.name)["template"]["mappings"]["properties"]
        with _refusal(pattern):
            await client.indices.put_mapping(index=list(standing.body), properties=properties)


def _is_newer(name: str, standing: list[dict[str, Any]], ours: int) -> bool:
    newest = max((int(one.get("version", 0)) for one in standing), default=0)
    if newest > ours:
        log.warning("the server holds a template of a newer Rasid, which is kept", template=name, version=newest)
    return newest > ours


class _refusal:  # noqa: N801 - used like a function
    """Turns the server's refusal of a body (400) into a sentence."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, ApiError) and error.meta.status == 400:
            raise Fatal(
                f"Elasticsearch refuses {self._name}: {cause(error)[1] or error}; "
                "docs/search.md says how indices are rebuilt after a change of mapping"
            ) from error
