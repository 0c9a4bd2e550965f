"""The one who decides what is a copy: 72 hours of articles in memory, one verdict for each that comes."""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from processors.corrections import taken_back
from processors.dedupe import figures, names, verdicts
from processors.dedupe.boilerplate import OldWindows, OutletFrames
from processors.dedupe.figures import Figure
from processors.dedupe.folding import code_units, letters, words
from processors.dedupe.index import Index
from processors.dedupe.sketch import INDEX_RATE, Values, packed, rate_of, shared, thinned, unpacked, values
from rasid.messages import FigureChange, SketchRecord, TextArticle, Verdict

BEST = 8
"""Candidates compared on their full sketches."""
EVIDENCE = 3
"""Shared sketch values without which nothing is said."""
TINY = 4
MANY = 24
"""Sampled values of a text from which one shared value is no sign."""
WEAK = 0.2
"""Share of index hits below which a candidate is hardly half contained."""
WEAK_MOST = 2
"""Such candidates compared in search of a shared passage."""
FRESH_MIN = 0.05
"""Share of fresh windows below which a text has nothing of its own and all its windows count."""
CLOCK = 5
"""The newest event time is the fifth newest: a few articles with a date in the future move nothing."""
LATE = 24 * 3_600_000
"""Articles stay so much longer than the window (ms), for those that come late: outlets' clocks and pollers lag by hours."""
LEAVING = 16
"""Articles let go at a time: after a night without news nobody has to wait until all of yesterday is forgotten."""
SHORT_RATE = 8
"""One value in eight of short texts is looked up."""


@dataclass(slots=True)
class Entry:
    """An article in memory. `own`: the sketch values that count, without the header."""

    number: int
    record: SketchRecord
    rate: int
    own: Values

    @property
    def posted(self) -> list[int]:
        """The values under which it stands in its index."""
        found: list[int] = thinned(self.own, SHORT_RATE if self.rate < SHORT_RATE else INDEX_RATE).tolist()
        return found


@dataclass(slots=True)
class Cluster:
    """A star: its first member, how often its members in memory told each figure, and how many they are."""

    first: Entry
    seen: Counter[str] = field(default_factory=Counter)
    members: int = 0
    briefs: int = 0
    """Members that are a small part of another one."""


@dataclass(frozen=True, slots=True)
class Match:
    """A remembered article, compared."""

    entry: Entry
    kind: str
    new_in_old: float
    old_in_new: float

    @property
    def order(self) -> tuple[int, float, int, str]:
        """Best first; among equals the one that was published first, whatever came first."""
        both = round(self.new_in_old + self.old_in_new, 2)
        return -_RANK[self.kind], -both, self.entry.record.published, self.entry.record.article_id


_RANK = {"copy": 3, "contains": 2, "contained": 2, "passage": 1, "new": 0}


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article on its way to a verdict."""

    article: TextArticle
    published: int
    rate: int
    own: Values
    tokens: list[str]
    told: list[Figure]
    slots: tuple[str, ...]
    previous: Entry | None
    """The same item as it was before."""


class Deduper:
    """Remembers articles and gives each its verdict. It has no clock: time is the articles' own."""

    def __init__(self, hours: float = 72.0) -> None:
        """Args: hours: event time in which articles are compared."""
        self._window = int(hours * 3_600_000)
        self._numbers = 0
        self._entries: dict[int, Entry] = {}
        self._by_id: dict[str, int] = {}
        self._by_url: dict[tuple[str, str], int] = {}
        self._index = Index()
        self._short = Index()
        self._clusters: dict[str, Cluster] = {}
        self._old = OldWindows()
        self._frames = OutletFrames()
        self._leaving: list[tuple[int, int]] = []
        self._newest: list[int] = []

    def __len__(self) -> int:
        """Articles in memory."""
        return len(self._entries)

    def check(self, article: TextArticle) -> SketchRecord:
        """Decides about an article and remembers it.

        An article that came before, in the same version or with the same text, gets the verdict it has. A newer version
        with another text is a revision (or an update, or a correction). An article older than the window is new, and
        is not remembered.

        Returns:
            What must be kept for `restore`, with the verdict.
        """
        codes = code_units(article.text)
        folded = letters(codes)
        digest = blake2b(folded.tobytes(), digest_size=8).digest()
        known = self._known(article.article_id)
        if known and (article.version <= known.record.version or known.record.digest == digest):
            return known.record
        sample = np.array(article.sketch, np.uint32)
        if not rate_of(sample):
            sample = values(folded)
        tokens = words(codes).split()
        told = figures.read(tokens)
        published = min(article.published, article.fetched) if article.fetched > 0 else article.published
        url = url_digest(article.url)
        self._advance(published)
        previous = known or self._same_page(article.outlet, url)
        own = self._counting(sample[1:], article.outlet, previous is None)
        slots = names.names(tokens)
        incoming = Incoming(article, published, rate_of(sample), own, tokens, told, slots, previous)
        in_window = published >= self._horizon
        verdict = self._verdict(incoming) if in_window else _alone(article)
        kept = figures.written(told) + slots
        if known:
            kept += tuple(figure for figure in known.record.figures if figure not in kept)[: figures.TOLLS_MAX]
        record = SketchRecord(
            article_id=article.article_id,
            version=article.version,
            outlet=article.outlet,
            url=url,
            published=published,
            sketch=packed(sample),
            figures=kept,
            digest=digest,
            verdict=verdict,
        )
        if in_window:
            self._remember(record, incoming.rate, own)
        return record

    def restore(self, records: Iterable[SketchRecord]) -> None:
        """Takes over earlier decisions, in the order in which they were made.

        Afterwards the verdicts are the same as without a restart. Records with a sketch of another version keep their
        verdict for redeliveries, but are compared with nothing.
        """
        for record in records:
            known = self._known(record.article_id)
            if known and record.version <= known.record.version:
                continue
            sample = unpacked(record.sketch)
            rate = rate_of(sample)
            self._advance(record.published)
            previous = known or self._same_page(record.outlet, record.url)
            own = self._counting(sample[1:] if rate else sample[:0], record.outlet, previous is None)
            if record.published >= self._horizon:
                self._remember(record, rate, own)

    # Time

    @property
    def _horizon(self) -> int:
        return self._newest[0] - self._window if len(self._newest) == CLOCK else -(1 << 62)

    def _advance(self, published: int) -> None:
        """Moves the event time and lets the articles go that it leaves behind."""
        if len(self._newest) < CLOCK:
            heapq.heappush(self._newest, published)
        elif published > self._newest[0]:
            heapq.heapreplace(self._newest, published)
        horizon = self._horizon - LATE
        for _ in range(LEAVING):
            if not self._leaving or self._leaving[0][0] >= horizon:
                break
            number = heapq.heappop(self._leaving)[1]
            entry = self._entries.get(number)
            if entry is not None:
                self._old.add(entry.own, entry.record.published)
                self._forget(entry)

    # Memory

    def _known(self, article_id: str) -> Entry | None:
        number = self._by_id.get(article_id)
        return None if number is None else self._entries[number]

    def _same_page(self, outlet: str, url: str) -> Entry | None:
        number = self._by_url.get((outlet, url)) if url else None
        return None if number is None else self._entries[number]

    def _remember(self, record: SketchRecord, rate: int, own: Values) -> None:
        known = self._known(record.article_id)
        self._numbers += 1
        entry = Entry(self._numbers, record, rate, own)
        cluster = self._clusters.setdefault(record.verdict.cluster, Cluster(entry))
        cluster.members += 1
        cluster.seen.update(record.figures)
        cluster.briefs += _is_brief(record)
        if known:
            if cluster.first is known:
                cluster.first = entry
            self._forget(known)
        self._entries[entry.number] = entry
        self._by_id[record.article_id] = entry.number
        if record.url:
            self._by_url[record.outlet, record.url] = entry.number
        (self._short if rate < SHORT_RATE else self._index).add(entry.number, entry.posted)
        heapq.heappush(self._leaving, (record.published, entry.number))

    def _forget(self, entry: Entry) -> None:
        record = entry.record
        del self._entries[entry.number]
        if self._by_id.get(record.article_id) == entry.number:
            del self._by_id[record.article_id]
        if self._by_url.get((record.outlet, record.url)) == entry.number:
            del self._by_url[record.outlet, record.url]
        (self._short if entry.rate < SHORT_RATE else self._index).remove(entry.number, entry.posted)
        cluster = self._clusters[record.verdict.cluster]
        cluster.members -= 1
        cluster.seen.subtract(record.figures)
        cluster.briefs -= _is_brief(record)
        if not cluster.members:
            del self._clusters[record.verdict.cluster]

    # Comparison

    def _counting(self, sample: Values, outlet: str, first_time: bool) -> Values:
        """The values that are no part of the outlet's frame."""
        return _without(sample, self._frames.see(outlet, sample, self._newest[0])) if first_time else sample

    def _matches(self, incoming: Incoming) -> list[Match]:
        """Remembered articles that share something with it, best first."""
        in_long: Counter[int] = Counter()
        in_short: Counter[int] = Counter()
        eighth = thinned(incoming.own, SHORT_RATE)
        self._index.count(thinned(eighth, INDEX_RATE).tolist(), in_long)
        self._short.count(eighth.tolist(), in_short)
        least = 1 if len(eighth) < MANY else 2
        found: list[Match] = []
        size = max(1, len(eighth) // 4)
        candidates = [(float(hits), number) for number, hits in in_long.most_common(BEST) if hits >= least]
        candidates += [(hits / 4, number) for number, hits in in_short.most_common(BEST)]
        weak = 0
        for hits, number in candidates:
            entry = self._entries[number]
            if entry is incoming.previous or abs(entry.record.published - incoming.published) > self._window:
                continue
            if hits < WEAK * min(size, len(entry.own) * entry.rate // INDEX_RATE):
                weak += 1
                if hits < 1 or weak > WEAK_MOST or (found and found[0].kind in verdicts.ALIKE):
                    continue  # at best a passage
            match = self._weighed(incoming, _compare(incoming, entry))
            if match.kind != "new":
                found.append(match)
        return sorted(found, key=lambda match: match.order)

    def _weighed(self, incoming: Incoming, match: Match) -> Match:
        """The match without formulas, and only a passage where the two fill a template with different names."""
        if match.kind not in verdicts.ALIKE:
            return match
        idle = self._old.holds(incoming.own)
        if idle.any():
            entry = match.entry
            fresh = replace(entry, own=_without(entry.own, self._old.holds(entry.own)))
            again = _compare(replace(incoming, own=_without(incoming.own, idle)), fresh)
            match = replace(again, entry=entry)
        if match.kind == "copy" and names.others(incoming.slots, match.entry.record.figures):
            match = replace(match, kind="passage")
        return match

    def _verdict(self, incoming: Incoming) -> Verdict:
        matches = self._matches(incoming)
        previous = incoming.previous
        if previous:
            before = _compare(incoming, previous)
            same_item = previous.record.article_id == incoming.article.article_id
            if same_item or before.kind != "new":
                return self._decided(incoming, before, "revision", previous.record.verdict.cluster, matches)
            matches = sorted([*matches, before], key=lambda match: match.order)
        if not matches or matches[0].kind == "new":
            return _alone(incoming.article)
        best = matches[0]
        return self._decided(incoming, best, best.kind, self._star(incoming, matches), matches)

    def _star(self, incoming: Incoming, matches: Sequence[Match]) -> str:
        """The cluster that the article joins: of the best match whose first member it is like; else its own."""
        alike = [match for match in matches if match.kind in verdicts.ALIKE]
        for match in alike:
            name = match.entry.record.verdict.cluster
            cluster = self._clusters[name]
            first = match if match.entry is cluster.first else _compare(incoming, cluster.first)
            if max(first.new_in_old, first.old_in_new) < verdicts.STAR:
                continue
            others = any(m.entry is not cluster.first and m.entry.record.verdict.cluster == name for m in alike)
            if first.kind == "contained" and cluster.briefs and not others:
                continue  # the first member is a round-up: its briefs have nothing to do with each other
            return name
        return incoming.article.article_id

    def _decided(self, incoming: Incoming, match: Match, kind: str, cluster: str, matches: Sequence[Match]) -> Verdict:
        article = incoming.article
        origin = self._clusters[match.entry.record.verdict.cluster]
        changed: tuple[FigureChange, ...] = ()
        if kind != "passage":
            seen = [figure for figure, count in origin.seen.items() if count > 0]
            changed = figures.changes(incoming.told, match.entry.record.figures, seen)
        if taken_back(words(code_units(article.title)).split(), incoming.tokens):
            kind = "correction"
        elif any(change.old for change in changed) or (changed and kind != "contains"):
            kind = "update"
        own = cluster == article.article_id
        linked = {match.entry.record.verdict.cluster, cluster}
        also = {
            m.entry.record.verdict.cluster: m.entry.record.article_id for m in matches[::-1] if m.kind in verdicts.ALIKE
        }
        return Verdict(
            also=tuple(article_id for name, article_id in also.items() if name not in linked),
            kind=kind,
            cluster=cluster,
            of=match.entry.record.article_id,
            new_in_old=round(match.new_in_old, 3),
            old_in_new=round(match.old_in_new, 3),
            figures=changed,
            first_outlet=article.outlet if own else self._clusters[cluster].first.record.outlet,
        )


def url_digest(url: str) -> str:
    """Short form of a URL: Arabic paths are long, and only equality matters. "" stays ""."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if url else ""


def _without(sample: Values, idle: NDArray[np.bool_]) -> Values:
    """The values that are not idle; all of them where hardly any is left, or where none is idle."""
    fresh: Values = sample[~idle]
    return sample if len(fresh) < max(4, FRESH_MIN * len(sample)) else fresh


def _alone(article: TextArticle) -> Verdict:
    return Verdict(kind="new", cluster=article.article_id, first_outlet=article.outlet)


def _is_brief(record: SketchRecord) -> bool:
    verdict = record.verdict
    return (
        record.article_id != verdict.cluster
        and verdict.new_in_old >= verdicts.COPY
        and verdict.old_in_new < verdicts.BOTH
    )


def _compare(incoming: Incoming, entry: Entry) -> Match:
    rate = max(incoming.rate, entry.rate)
    if not incoming.rate or not entry.rate:
        return Match(entry, "new", 0.0, 0.0)
    new = incoming.own if incoming.rate == rate else thinned(incoming.own, rate)
    old = entry.own if entry.rate == rate else thinned(entry.own, rate)
    both = shared(new, old)
    new_in_old, old_in_new = both / max(1, len(new)), both / max(1, len(old))
    if both < EVIDENCE or (min(len(new), len(old)) < TINY and incoming.rate != entry.rate):
        return Match(entry, "new", new_in_old, old_in_new)
    return Match(entry, verdicts.relation(new_in_old, old_in_new, both * rate // 8), new_in_old, old_in_new)
