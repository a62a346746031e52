import pytest

from common.words import BREAK, LONGEST_DOCUMENT, LONGEST_WORD, asked_for, document, words_of
from tickets.conditions.axes import entails
from tickets.conditions.grammar import Phrase


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
        ("銀行振込", ["銀行", "行振", "振込", "込"]),
        ("第2回、済", ["第", "2", "回", "済"]),
        ("ｶﾞｿﾘﾝ バス", ["ガソ", "ソリ", "リン", "ン", "バス", "ス"]),
        ("은행에서", ["은행", "행에", "에서", "서"]),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
        ("", []),
    ],
)
def test_words_are_without_case_and_accents(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "words", "or_longer"),
    [
        ("Payouts to", ["payouts", "to"], False),
        ("銀行", ["銀行"], False),
        ("銀行振込", ["銀行", "行振", "振込"], False),
        ("込", ["込"], True),
        ("銀行 POS", ["銀行", "行", "pos"], False),
        ("POS 機", ["pos", "機"], True),
        ("", [], False),
    ],
)
def test_asked_for_is_what_any_document_with_the_text_in_it_has_side_by_side(text, words, or_longer):
    assert asked_for(text) == (words, or_longer)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("銀行振込", "振込", True),
        ("銀行振込", "込", True),
        ("銀行*", "銀行", True),
        ("銀行", "銀", True),
        ("銀行", "銀行振込", False),
        ("込", "銀行", False),
        ("pay", "pay*", True),
        ("pay*", "pay", False),
    ],
)
def test_a_keyword_holds_another_where_every_text_with_the_one_has_the_other(one, other, expected):
    assert entails(Phrase.of(one), Phrase.of(other)) is expected


def test_a_word_without_end_is_cut():
    assert words_of("x" * 5000) == ["x" * LONGEST_WORD]


def test_no_phrase_reaches_from_one_text_into_the_next():
    assert document("One two", "", "— —", "three") == f"one two {BREAK} three"


def test_a_document_without_end_is_cut_between_words():
    cut = document("word " * 200_000)

    assert LONGEST_DOCUMENT - 5 <= len(cut) <= LONGEST_DOCUMENT
    assert cut.endswith(" word")
