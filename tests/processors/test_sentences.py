"""Tokens, sentences and clauses (tests/cases/sentences.toml)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.sentences import read_text, tokenise

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "sentences.toml").read_text(encoding="utf-8"))["case"]
TEXTS = st.text(st.sampled_from('ابتةىوفقلن الإأئء ـًُ.،؟!«»"()-:#_&;1٢۳%\n\u200f\u200cquotØ§Ù„'), max_size=120)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_cuts_sentences_and_clauses(case: dict[str, Any]) -> None:
    reading = read_text(case["text"])
    clauses = [clause for sentence in reading.sentences for clause in sentence.clauses]
    texts = [
        ("|" if number and clause is sentence.clauses[0] else "") + reading.text[clause.start : clause.end]
        for number, sentence in enumerate(reading.sentences)
        for clause in sentence.clauses
    ]
    assert texts == case["clauses"]
    assert [clause.opener for clause in clauses] == case.get("openers", [clause.opener for clause in clauses])
    assert [clause.quoted for clause in clauses] == case.get("quoted", [clause.quoted for clause in clauses])
    assert [token.text for token in reading.tokens] == case.get("tokens", [token.text for token in reading.tokens])
    assert [token.folded for token in reading.tokens] == case.get("folded", [token.folded for token in reading.tokens])


@given(TEXTS)
def test_tokens_are_pieces_of_the_text_in_order(text: str) -> None:
    last = 0
    for token in tokenise(text):
        assert token.text == text[token.start : token.end]
        assert last <= token.start < token.end
        assert token.folded
        last = token.end


@given(TEXTS)
def test_sentences_and_clauses_partition_their_tokens(text: str) -> None:
    reading = read_text(text)
    last = 0
    for number, sentence in enumerate(reading.sentences):
        assert last <= sentence.first < sentence.last <= len(reading.tokens)
        assert [clause.first for clause in sentence.clauses][1:] == [clause.last for clause in sentence.clauses][:-1]
        assert (sentence.clauses[0].first, sentence.clauses[-1].last) == (sentence.first, sentence.last)
        assert {clause.sentence for clause in sentence.clauses} == {number}
        last = sentence.last


@pytest.mark.parametrize(
    ("encoding", "read_as"), [("utf-8", "cp1252"), ("utf-8", "cp1256"), ("cp1256", "latin-1"), ("utf-8", "latin-1")]
)
def test_mojibake_is_read_and_offsets_stay_those_of_the_broken_text(encoding: str, read_as: str) -> None:
    text = "سيطر الجيش على مدينة حلب بالكامل. وقال المتحدث إن المعارك انتهت"
    broken = "".join(
        bytes([byte]).decode(read_as, errors="replace").replace("\ufffd", chr(byte)) for byte in text.encode(encoding)
    )
    tokens = tokenise(broken)
    assert [token.folded for token in tokens] == [token.folded for token in tokenise(text)]
    assert all(token.text == broken[token.start : token.end] for token in tokens)
