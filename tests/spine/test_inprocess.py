"""The driver keeps the order of one partition, tries again on Retry and buries what is invalid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

import rasid.inprocess
from rasid.errors import Invalid, Retry
from rasid.inprocess import InProcess
from rasid.messages import RawArticle, TextArticle
from rasid.stages import Dead, Emit, Item, Out
from rasid.stages.base import Stateless, one_by_one
from rasid.topics import INDEXED, RAW, TEXT, Topic


def _raw(name: str) -> RawArticle:
    return RawArticle(article_id=name, version=1, feed_id="f", outlet="o", url="", text=name)


def _text(raw: RawArticle) -> TextArticle:
    return TextArticle(
        article_id=raw.article_id, version=1, feed_id="f", outlet="o", url="", title="", text=raw.text,
        published=1, published_from="feed", fetched=1, language="ar",
    )  # fmt: skip


@dataclass
class First(Stateless):
    """Passes articles on; refuses `bad` and is away once for `later`."""

    name: str = "first"
    away: set[str] = field(default_factory=lambda: {"later"})

    @property
    def inputs(self) -> Mapping[Topic, type]:
        return {RAW: RawArticle}

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        def work(item: Item) -> list[Out]:
            raw: RawArticle = item.message
            if raw.article_id in self.away:
                self.away.discard(raw.article_id)
                raise Retry("the server is away")
            if raw.article_id == "bad":
                raise Invalid("cannot be read")
            if raw.article_id == "bug":
                raise IndexError("string index out of range")
            return [Out(TEXT, raw.article_id, _text(raw))]

        outs, dead = one_by_one(items, work)
        await emit(outs)
        return dead


@dataclass
class Last(Stateless):
    """Remembers what came."""

    got: list[str] = field(default_factory=list)
    name: str = "last"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        return {TEXT: TextArticle}

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        self.got += [item.message.article_id for item in items]
        await emit([Out(INDEXED, "x", item.message) for item in items])
        return []


async def test_articles_arrive_in_order_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasid.inprocess, "RETRY_SECONDS", (0.0, 0.0))
    last, buried = Last(), list[Dead]()
    driver = InProcess([First(), last], bury=buried.append)
    await driver.publish([_raw("a"), _raw("later"), _raw("bad"), _raw("b")])
    assert last.got == ["a", "later", "b"]
    assert [(dead.item.message.article_id, dead.reason) for dead in buried] == [("bad", "cannot be read")]


async def test_everything_that_is_emitted_is_seen_by_the_watcher() -> None:
    seen: list[str] = []
    driver = InProcess([First(), Last()], watch=lambda out: seen.append(out.topic.name))
    await driver.publish([_raw("a")])
    assert seen == ["articles.raw", "articles.text", "articles.indexed"]


async def test_a_bug_that_one_record_meets_stops_nobody_elses_news() -> None:
    last, buried = Last(), list[Dead]()
    driver = InProcess([First(), last], bury=buried.append)
    await driver.publish([_raw("a"), _raw("bug"), _raw("b")])
    assert last.got == ["a", "b"]
    assert ["IndexError" in dead.reason for dead in buried] == [True]
