"""Rows of a file as raw articles, in order of publication."""

from collections.abc import Callable
from dataclasses import dataclass

from rasid.messages import RawArticle
from rasid.textfile import raw_articles


@dataclass(frozen=True)
class Source:
    """The articles of a file.

    Attributes:
        articles: in order of publication; rows of the same time in the order of the file.
        doc_ids: article id → doc_id of the row.
    """

    articles: tuple[RawArticle, ...]
    doc_ids: dict[str, str]


def read_source(path: str, strict: bool, complain: Callable[[str], None]) -> Source:
    """Reads a file of articles (JSON Lines, plain or gzip).

    Raises:
        Usage: the file cannot be read.
        Invalid: with `strict`, a bad line; the message has its number.
    """
    articles: list[RawArticle] = []
    doc_ids: dict[str, str] = {}
    for number, row, raw in raw_articles(path, strict, complain):
        if raw.article_id in doc_ids and doc_ids[raw.article_id] != row["doc_id"]:
            complain(
                f"{path}, line {number}: same address as {doc_ids[raw.article_id]}, taken as a newer version of it"
            )
        doc_ids[raw.article_id] = row["doc_id"]
        articles.append(raw)
    articles.sort(key=lambda raw: raw.version)
    return Source(tuple(articles), doc_ids)
