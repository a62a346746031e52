import pytest

from tickets.words import BREAK, LONGEST_DOCUMENT, LONGEST_WORD, document, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Payouts to 3 stores", ["payouts", "to", "3", "stores"]),
        ("Órfão, ÉTÉ; naïve", ["orfao", "ete", "naive"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("Платёж ПЛАТЕЖ", ["платеж", "платеж"]),
        ("cora@livraria-aurora.example", ["cora", "livraria", "aurora", "example"]),
        ("snake_case", ["snake", "case"]),
        ("½ № ﬁne", ["1", "2", "no", "fine"]),
        ("— ¶ … %", []),
        ("", []),
    ],
)
def test_words_are_without_case_and_accents(text, words):
    assert words_of(text) == words


def test_a_word_without_end_is_cut():
    assert words_of("x" * 5000) == ["x" * LONGEST_WORD]


def test_no_phrase_reaches_from_one_text_into_the_next():
    assert document("One two", "", "— —", "three") == f"one two {BREAK} three"


def test_a_document_without_end_is_cut_between_words():
    cut = document("word " * 200_000)

    assert LONGEST_DOCUMENT - 5 <= len(cut) <= LONGEST_DOCUMENT
    assert cut.endswith(" word")
