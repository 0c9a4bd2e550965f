"""What must hold for all articles."""

import hashlib
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe.deduper import CLOCK, Deduper
from processors.dedupe.folding import code_units, letters
from processors.dedupe.folding import words as folded_words
from processors.dedupe.index import NEWEST, Index
from processors.dedupe.sketch import VERSION, WINDOW, packed, rate_of, sketch, unpacked, values
from rasid.bench.dedupe import adjusted_rand
from rasid.messages import SketchRecord, TextArticle
from rasid.messages.codec import decode, encode
from tests.processors.dedupe.making import article, words

arabic = st.text(alphabet='ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآؤئء ًٌٍَُِّْـ0123٤٥٦.,،\n"«»', max_size=900)


def _edited(text: list[str], chance: random.Random) -> str:
    """A copy as outlets make them: cut, with other words here and there, with a paragraph of their own."""
    kept = text[: int(len(text) * chance.choice([1.0, 1.0, 0.9, 0.75, 0.6]))]
    kept = [chance.choice(("وأفاد", "بحسب", "وفق")) if chance.random() < 0.015 else word for word in kept]
    added = words(chance.choice([0, 0, 10, 20]), chance.randrange(1 << 30))
    return " ".join(kept + added)


def _stream(seed: int, stories: int) -> list[TextArticle]:
    """Stories with one to six copies each."""
    chance = random.Random(seed)
    made = []
    for story in range(stories):
        text = words(chance.randrange(100, 400), seed * 1000 + story)
        made += [
            article(f"{story}-{copy}", _edited(text, chance), chance.uniform(0, 40))
            for copy in range(chance.choice([1, 1, 2, 3, 6]))
        ]
    return made


def _run(articles: list[TextArticle], deduper: Deduper | None = None) -> list[SketchRecord]:
    deduper = deduper or Deduper()
    return [deduper.check(one) for one in articles]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_clusters_are_the_same_sets_in_any_order_of_arrival(seed: int, order: int) -> None:
    articles = _stream(seed, 100)
    shuffled = articles[:]
    random.Random(order).shuffle(shuffled)
    first, second = (
        {record.article_id: record.verdict.cluster for record in _run(one)} for one in (articles, shuffled)
    )
    assert adjusted_rand(first, second) >= 0.99
    stories = {one.article_id: one.article_id.split("-")[0] for one in articles}
    assert adjusted_rand(first, stories) >= 0.97


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 90))
def test_verdicts_after_a_restart_are_those_without_one(seed: int, cut: int) -> None:
    articles = _stream(seed, 30)
    random.Random(seed).shuffle(articles)
    through = _run(articles)
    kept = [decode(encode(record), SketchRecord) for record in through[:cut]]
    restarted = Deduper()
    restarted.restore(kept)
    assert _run(articles[cut:], restarted) == through[cut:]


def test_a_restart_in_the_middle_of_leaving_articles_changes_nothing() -> None:
    articles = [
        msgspec.structs.replace(
            one, published=one.published + day * 86_400_000, fetched=0, article_id=f"{day}/{one.article_id}"
        )
        for day in range(9)
        for one in _stream(day // 2, 12)
    ]
    through = _run(articles)
    restarted = Deduper()
    restarted.restore(through[:150])
    assert _run(articles[150:], restarted) == through[150:]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3), arabic), max_size=25))
def test_a_redelivered_version_gets_the_verdict_it_has(rows: list[tuple[int, int, str]]) -> None:
    deduper = Deduper()
    held: dict[tuple[int, int], SketchRecord] = {}
    for number, version, text in rows:
        record = deduper.check(article(number, text, version=version))
        if (number, version) in held and record.version == version:
            assert record.verdict == held[number, version].verdict
        held.setdefault((number, version), record)
        assert deduper.check(article(number, text, version=version)) == record
        assert record.verdict.of != record.article_id or record.verdict.kind in ("revision", "update", "correction")
    assert len(deduper) == len({number for number, _, _ in rows})


def test_sketches_and_verdicts_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "from tests.processors.dedupe.test_properties import _run, _stream, encode\n"
        "import hashlib\n"
        "print(hashlib.sha256(b''.join(encode(r) for r in _run(_stream(5, 40)))).hexdigest())"
    )
    root = Path(__file__).parents[3]
    told = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        told.add(done.stdout.strip())
    assert told == {hashlib.sha256(b"".join(encode(record) for record in _run(_stream(5, 40)))).hexdigest()}


def test_the_sketch_of_a_text_is_pinned_to_its_version() -> None:
    digest = hashlib.sha256(repr(sketch("وصلت القافلة إلى المدينة صباح اليوم " * 20)).encode()).hexdigest()[:16]
    assert (VERSION, digest) == (1, "d707676da90824b5"), "the sketch has changed: raise VERSION, and then the pin"


@given(arabic)
def test_a_sketch_is_kept_without_loss(text: str) -> None:
    made = values(letters(code_units(text)))
    assert unpacked(packed(made)).tolist() == made.tolist() == list(sketch(text))


@given(st.binary(max_size=60))
def test_bytes_that_are_no_sketch_are_compared_with_nothing(data: bytes) -> None:
    assert rate_of(unpacked(data)) >= 0


@given(arabic)
def test_folding_is_idempotent_and_the_two_forms_agree(text: str) -> None:
    once = letters(code_units(text)).tobytes().decode("utf-16-le")
    assert letters(code_units(once)).tobytes().decode("utf-16-le") == once
    spaced = folded_words(code_units(text))
    assert "".join(char for char in spaced if char not in " .,%") == once


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 300))
def test_foreign_text_lowers_only_one_containment(seed: int, count: int) -> None:
    text = " ".join(words(150, seed))
    deduper = Deduper()
    deduper.check(article("old", text))
    verdict = deduper.check(article("new", f"{text} {' '.join(words(count, seed + 1))}")).verdict
    assert verdict.of == "old"
    assert verdict.old_in_new > 0.9
    assert verdict.new_in_old < 1.0


def test_unrelated_texts_are_not_alike() -> None:
    verdicts = [record.verdict.kind for record in _run([article(n, " ".join(words(120, n))) for n in range(1500)])]
    assert set(verdicts) <= {"new", "passage"}
    assert verdicts.count("passage") <= 15


def test_dates_in_the_future_push_nobody_out() -> None:
    deduper = Deduper()
    text = " ".join(words(150, 1))
    deduper.check(article("a", text))
    for number in range(4):
        deduper.check(article(f"future-{number}", " ".join(words(150, 100 + number)), hours=24 * 365 * 10))
    assert deduper.check(article("b", text, hours=1)).verdict.kind == "copy"


def test_an_article_that_comes_late_is_compared_over_the_whole_window() -> None:
    deduper = Deduper(hours=72)
    text = " ".join(words(150, 1))
    deduper.check(article("first", text, hours=5))
    for number in range(20):
        deduper.check(article(number, " ".join(words(100, 50 + number)), hours=80))
    assert deduper.check(article("late", text, hours=10)).verdict.of == "first"


def test_two_briefs_of_one_round_up_stay_apart() -> None:
    one, two, rest = (" ".join(words(count, seed)) for seed, count in enumerate((60, 60, 250)))
    deduper = Deduper()
    deduper.check(article("round-up", f"{one} {two} {rest}"))
    first, again, second = (
        deduper.check(article(*each)).verdict for each in (("one", one), ("copy", one), ("two", two))
    )
    assert (first.kind, first.cluster) == ("contained", "round-up")
    assert (again.kind, again.of, again.cluster) == ("copy", "one", "round-up")
    assert (second.kind, second.of, second.cluster) == ("contained", "round-up", "two")


def test_an_article_older_than_the_window_is_new_and_not_remembered() -> None:
    deduper = Deduper(hours=10)
    for number in range(CLOCK + 1):
        deduper.check(article(number, " ".join(words(100, number)), hours=100))
    record = deduper.check(article("late", " ".join(words(100, 0)), hours=80))
    assert (record.verdict.kind, len(deduper)) == ("new", CLOCK + 1)


def test_memory_is_bounded_by_the_window() -> None:
    deduper = Deduper(hours=1)
    for number in range(600):
        deduper.check(article(number, " ".join(words(100, number)), hours=number * 0.2))
    assert len(deduper) <= 25 * 5 + CLOCK + 1
    assert sum(len(index) for index in (deduper._index, deduper._short)) <= len(deduper) * 60


def test_an_attack_with_one_paragraph_costs_no_more_than_its_newest_copies() -> None:
    index = Index()
    for number in range(1000):
        index.add(number, [7, 8, 9])
    hits: Counter[int] = Counter()
    index.count([7, 8, 9, 10], hits)
    assert sorted(hits) == list(range(1000 - NEWEST, 1000))
    assert set(hits.values()) == {3}
    for number in range(1000):
        index.remove(number, [7, 8, 9])
    assert len(index) == 0


def test_a_sketch_of_another_version_is_refused() -> None:
    text = " ".join(words(150, 1))
    record = Deduper().check(article("a", text))
    other = unpacked(record.sketch).copy()
    other[0] = (VERSION + 1) << 8 | 8
    deduper = Deduper()
    deduper.restore([msgspec.structs.replace(record, sketch=packed(other))])
    assert deduper.check(article("a", text)).verdict == record.verdict
    assert deduper.check(article("b", text)).verdict.kind == "new"
    made_elsewhere = msgspec.structs.replace(article("c", text), sketch=tuple(other.tolist()))
    assert deduper.check(made_elsewhere).verdict.of == "b", "the text is sketched anew"


def test_the_text_stages_sketch_is_used() -> None:
    text = " ".join(words(150, 1))
    first = msgspec.structs.replace(article("a", text), sketch=sketch(text))
    assert _run([first, article("b", text)])[1].verdict.kind == "copy"


def test_what_is_kept_of_an_article_is_small() -> None:
    kept = [len(encode(record)) for record in _run(_stream(3, 60))]
    assert sum(kept) / len(kept) <= 1024


@pytest.mark.parametrize("length", range(WINDOW + 2))
def test_the_shortest_texts_are_handled(length: int) -> None:
    deduper = Deduper()
    for number in range(3):
        assert deduper.check(article(number, "ا" * length)).verdict.kind == "new"
