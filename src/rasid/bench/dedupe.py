"""Dedupe on a real stream: agreement with exact containment, hand-labelled pairs, speed, state."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Any

from processors.dedupe.deduper import Deduper
from processors.dedupe.folding import code_units, letters
from rasid.bench.exact import Pair, exact_pairs
from rasid.bench.updates import updates_found
from rasid.messages import SketchRecord, TextArticle
from rasid.messages.codec import encode

SIMILAR = frozenset({"copy", "contains", "contained", "revision", "update", "correction"})
"""Verdicts that say: half of the smaller text stands in the other."""
POSITIVE, NEGATIVE = frozenset("DP"), "U"
"""Labels: edited copy and embedded text against another event or newer version; R (rewritten) is not counted."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 with the counts behind them."""

    right: int
    wrong: int
    missed: int

    def as_dict(self) -> dict[str, float]:
        """For people and JSON, rounded."""
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
        }


LETTERS_MIN = 60
"""Texts with fewer letters are left out of the reference: a columnist's name stands in every text about him."""


def run(articles: Sequence[TextArticle], hours: float) -> tuple[list[SketchRecord], list[float]]:
    """The whole stream through a fresh Deduper, folding and sketch included: records and seconds of CPU for each article.

    CPU time and not the clock: the machine's other work is no part of the measurement.
    """
    deduper = Deduper(hours)
    records, seconds = [], []
    for article in articles:
        begun = time.thread_time()
        records.append(deduper.check(article))
        seconds.append(time.thread_time() - begun)
    return records, seconds


def against_exact(
    records: Sequence[SketchRecord], pairs: Iterable[Pair], lengths: Sequence[int], at: float = 0.5
) -> Scores:
    """Articles that were found to resemble an earlier one, against those that do by exact containment.

    Args:
        records: verdicts in order of arrival.
        pairs: what `exact_pairs` found in the same stream.
        lengths: letters of each article; those under LETTERS_MIN are not counted, on either side.
        at: containment from which two articles resemble each other.
    """
    place = {record.article_id: number for number, record in enumerate(records)}
    truth = {
        pair.new for pair in pairs if pair.larger >= at and min(lengths[pair.new], lengths[pair.old]) >= LETTERS_MIN
    }
    found = {
        number
        for number, record in enumerate(records)
        if record.verdict.kind in SIMILAR and min(lengths[number], lengths[place[record.verdict.of]]) >= LETTERS_MIN
    }
    return Scores(len(truth & found), len(found - truth), len(truth - found))


def against_labels(
    records: Sequence[SketchRecord],
    labels: Iterable[tuple[str, str, str]],
    update_is_copy: bool = True,
    also: bool = False,
    hours: float = float("inf"),
) -> Scores:
    """Pairs read by a person: D and P should be together, U apart.

    A pair is together when both stand in one cluster, or one is the `of` of the other (and more than a passage).

    Args:
        records: verdicts in order of arrival.
        labels: two article ids and their label.
        update_is_copy: whether an update or correction counts as together; if not, it says «a newer version», which is
            right for U and wrong for D and P.
        also: whether a round-up is together with the other parents that its verdict names.
        hours: pairs published further apart are not counted.
    """
    place = {record.article_id: number for number, record in enumerate(records)}
    counts: Counter[tuple[bool, bool]] = Counter()
    for first, second, label in labels:
        if (label not in POSITIVE and label != NEGATIVE) or first not in place or second not in place:
            continue
        old, new = (records[number] for number in sorted((place[first], place[second])))
        if abs(new.published - old.published) > hours * 3_600_000:
            continue
        parents = {records[place[name]].verdict.cluster for name in new.verdict.also} if also else set()
        found = together(old, new, update_is_copy) or old.verdict.cluster in parents
        counts[label in POSITIVE, found] += 1
    return Scores(counts[True, True], counts[False, True], counts[True, False])


def together(old: SketchRecord, new: SketchRecord, update_is_copy: bool) -> bool:
    """Whether two verdicts put two articles together."""
    verdict = new.verdict
    if verdict.kind not in SIMILAR or (not update_is_copy and verdict.kind in ("update", "correction")):
        return False
    return verdict.of == old.article_id or verdict.cluster == old.verdict.cluster


def read_labels(path: Path) -> list[tuple[str, str, str]]:
    """Rows `a, b, label, …` of a tab-separated file with a heading."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(row[0], row[1], row[2]) for row in (line.split("\t") for line in lines) if len(row) >= 3]


def order_matters(articles: Sequence[TextArticle], hours: float) -> float:
    """How far clusters of the first window stay the same sets when its articles come in another order: adjusted Rand index."""
    start = articles[0].published
    window = [article for article in articles if 0 <= article.published - start < hours * 3_600_000]
    shuffled = random.Random(0).sample(window, len(window))
    first, second = ({r.article_id: r.verdict.cluster for r in run(each, hours)[0]} for each in (window, shuffled))
    return round(adjusted_rand(first, second), 3)


def adjusted_rand(first: Mapping[str, str], second: Mapping[str, str]) -> float:
    """Adjusted Rand index of two ways of dividing the same articles: 1 is the same, 0 is chance."""
    both = Counter((first[key], second[key]) for key in first)
    rows, columns = Counter(first.values()), Counter(second[key] for key in first)
    together = sum(comb(count, 2) for count in both.values())
    row_pairs, column_pairs = (sum(comb(count, 2) for count in side.values()) for side in (rows, columns))
    chance = row_pairs * column_pairs / comb(len(first), 2)
    most = (row_pairs + column_pairs) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)


def measure(articles: Sequence[TextArticle], labels: Sequence[tuple[str, str, str]], hours: float) -> Mapping[str, Any]:
    """All figures of one run."""
    records, seconds = run(articles, hours)
    lengths = [len(letters(code_units(article.text))) for article in articles]
    ordered = sorted(seconds)
    result: dict[str, Any] = {
        "articles": len(articles),
        "articles_per_cpu_second": round(len(articles) / max(1e-9, sum(seconds))),
        "p50_ms": round(ordered[len(ordered) // 2] * 1e3, 3),
        "p99_ms": round(ordered[len(ordered) * 99 // 100] * 1e3, 3),
        "worst_ms": round(ordered[-1] * 1e3, 1),
        "state_bytes": round(sum(len(encode(record)) for record in records) / len(records)),
        "verdicts": dict(Counter(record.verdict.kind for record in records).most_common()),
        "order_ari": order_matters(articles, hours),
        "updates": updates_found(articles),
        "exact": against_exact(records, exact_pairs(articles, hours), lengths).as_dict(),
    }
    if labels:
        result["labels"] = against_labels(records, labels).as_dict()
        result["labels_in_window_also"] = against_labels(records, labels, also=True, hours=hours).as_dict()
        result["labels_update_apart"] = against_labels(records, labels, update_is_copy=False).as_dict()
    return result
