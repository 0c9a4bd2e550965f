"""The data of the sample newswire hold together: articles, copies, order, expected outcome."""

import itertools
import re
from datetime import timedelta

import pytest

from rasid.newswire.articles import Article, Newswire, as_jsonl_rows
from rasid.newswire.expected import Expected

WINDOW = 12
FOLD = str.maketrans("أإآىةؤئ", "ااايهوي")
WEEKDAYS = re.compile(
    r"(?<![ء-ي])(?:ال|لل)?(?:سبت|أحد المقبل|أحد الماضي|اثنين الماضي|ثلاثاء|أربعاء|خميس|جمعة)(?![ء-ي])"
)
MONTHS = re.compile(
    r"شباط|آذار|نيسان|أيار|حزيران|تموز|أيلول|تشرين ال|كانون|فبراير|مارس|أبريل|مايو|يونيو|يوليو|سبتمبر|أكتوبر"
)
SECONDS = 40.0
MARGIN = 2.0


def shingles(text: str) -> set[str]:
    """12-letter windows without spaces: the measure of design and docs, in its plainest form."""
    letters = "".join(letter for letter in text.translate(FOLD) if letter.isalnum())
    return {letters[at : at + WINDOW] for at in range(len(letters) - WINDOW + 1)}


def containments(one: Article, other: Article) -> tuple[float, float]:
    a, b = shingles(one.text), shingles(other.text)
    shared = len(a & b)
    return max(shared / len(a), shared / len(b)), min(shared / len(a), shared / len(b))


@pytest.fixture(scope="session")
def place_in_story(newswire: Newswire) -> dict[str, int]:
    return {one.key: place for place, one in enumerate(newswire.articles)}


def gap(newswire: Newswire, places: dict[str, int], first: str, second: str) -> float:
    """Seconds of wall time between two articles at the default speed."""
    return (places[second] - places[first]) * SECONDS / (len(newswire.articles) - 1)


def test_there_are_enough_articles_of_all_six_outlets_over_some_days(newswire: Newswire) -> None:
    assert len(newswire.articles) >= 64
    assert len(newswire.outlets) == 6
    assert {one.outlet for one in newswire.articles} == set(newswire.outlets)
    assert len({one.time.date() for one in newswire.articles}) >= 4


def test_about_one_in_three_is_made_from_another(newswire: Newswire) -> None:
    share = sum(1 for one in newswire.articles if one.copy_of) / len(newswire.articles)
    assert 0.25 <= share <= 0.4


def test_every_article_has_the_length_of_a_news_item(newswire: Newswire) -> None:
    lengths = {one.key: len(one.text.split()) for one in newswire.articles if "no-text" not in one.quirk}
    assert {key: words for key, words in lengths.items() if not 60 <= words <= 350} == {}


def test_no_article_names_a_weekday_or_a_month_since_dates_are_moved(newswire: Newswire) -> None:
    named = {one.key: found[0] for one in newswire.articles if (found := WEEKDAYS.search(one.text))}
    named |= {one.key: found[0] for one in newswire.articles if (found := MONTHS.search(one.text))}
    assert named == {}


def test_copies_are_clearly_copies(newswire: Newswire, expected: Expected) -> None:
    for one in newswire.articles:
        if one.copy_of:
            larger, smaller = containments(one, newswire.article(one.copy_of))
            wanted = (0.6, 0.4) if expected.relation.get(one.key) == "correction" else (0.6, 0.45)
            assert (larger, smaller) >= wanted, f"{one.key}: {larger:.2f} {smaller:.2f}"
            assert smaller >= wanted[1], f"{one.key}: {smaller:.2f}"


def test_articles_of_different_clusters_are_worded_independently(newswire: Newswire, expected: Expected) -> None:
    cluster = {key: keys[0] for keys in expected.clusters for key in keys}
    made = [(one, shingles(one.text)) for one in newswire.articles if one.text]
    alike = {}
    for (one, a), (other, b) in itertools.combinations(made, 2):
        if cluster.get(one.key, one.key) != cluster.get(other.key, other.key):
            share = len(a & b) / min(len(a), len(b))
            if share >= 0.2:
                alike[one.key, other.key] = round(share, 2)
    assert alike == {}


def test_clusters_are_what_copy_of_says(newswire: Newswire, expected: Expected) -> None:
    root: dict[str, str] = {}
    for one in newswire.articles:
        root[one.key] = root[one.copy_of] if one.copy_of else one.key
    clusters = {key: keys[0] for keys in expected.clusters for key in keys}
    assert {key: of for key, of in root.items() if of != key or of in clusters} == clusters
    assert set(expected.relation) == {one.key for one in newswire.articles if one.copy_of}


def test_copies_come_after_their_original_with_a_margin(newswire: Newswire, place_in_story: dict[str, int]) -> None:
    for one in newswire.articles:
        if one.copy_of:
            assert gap(newswire, place_in_story, one.copy_of, one.key) >= MARGIN, one.key


def test_changes_at_one_place_are_kept_apart(
    newswire: Newswire, expected: Expected, place_in_story: dict[str, int]
) -> None:
    for place in {one.place for one in expected.changes}:
        for first, second in itertools.pairwise(expected.at(place)):
            assert gap(newswire, place_in_story, first.cause, second.cause) >= MARGIN, (place, second.cause)


def test_changes_stand_in_the_order_of_their_articles(expected: Expected, place_in_story: dict[str, int]) -> None:
    order = [place_in_story[one.cause] for one in expected.changes]
    assert order == sorted(order)


def test_every_change_names_its_place_in_the_text_that_causes_it(newswire: Newswire, expected: Expected) -> None:
    for one in expected.changes:
        assert one.place in newswire.article(one.cause).text, one
    for never in expected.never:
        for key in never.keys:
            article = newswire.article(key)
            assert never.place in article.title + article.text, (never.place, key)


def test_previous_holders_chain(expected: Expected) -> None:
    holder: dict[str, str] = {}
    for one in expected.changes:
        assert one.previous == holder.get(one.place, ""), one
        holder[one.place] = one.holder


def test_every_story_line_is_there(expected: Expected) -> None:
    standings = {place: [one.standing for one in expected.at(place)] for place in {c.place for c in expected.changes}}
    assert sum(1 for one in standings.values() if set(one) & {"reported", "confirmed"}) >= 8
    assert ["claimed", "reported", "confirmed"] in standings.values()
    assert ["claimed", "disputed"] in standings.values()
    assert ["claimed", "disputed", "corrected"] in standings.values()
    assert ["claimed", "disputed", "reversed"] in standings.values()
    assert any(one.previous not in ("", one.holder) and one.standing == "reported" for one in expected.changes)


def test_places_that_must_never_change_do_not(expected: Expected) -> None:
    assert {one.place for one in expected.never} & {one.place for one in expected.changes} == set()


def test_every_change_is_young_enough_for_its_alert_on_any_hour_of_the_day(
    newswire: Newswire, expected: Expected
) -> None:
    # Dates are moved by whole days, so the last article may be a day old; alerts are held back after three.
    first = newswire.article(expected.changes[0].cause).time
    assert newswire.articles[-1].time - first <= timedelta(hours=48)


def test_the_toll_rises_in_three_steps(newswire: Newswire, expected: Expected) -> None:
    (toll,) = expected.tolls
    assert toll.killed == (12, 17, 23)
    for figure, key in zip(toll.killed, toll.keys, strict=True):
        assert str(figure) in newswire.article(key).title


def test_rows_for_replay_are_in_order_and_can_be_moved(newswire: Newswire) -> None:
    rows = as_jsonl_rows(newswire)
    assert [row["doc_id"] for row in rows] == [one.key for one in newswire.articles]
    assert set(rows[0]) == {"doc_id", "title", "text", "published", "source"}
    assert rows[0]["published"] == "2016-03-05T09:10:00+02:00"
    assert as_jsonl_rows(newswire, timedelta(days=2))[0]["published"] == "2016-03-07T09:10:00+02:00"
