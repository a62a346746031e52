"""Where in a text the words of a search stand."""

import pytest

from tickets.search.excerpts import excerpt, wanted
from tickets.search.grammar import parse


def marked(text, query):
    pattern = wanted(parse(query))
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in excerpt(text, pattern))


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("payout", "The payout is late.", "The [payout] is late."),
        ("SAO payout", "The Payout to São Paulo", "The [Payout] to [São] Paulo"),
        ("pay*", "Repay the payouts", "Repay the [payouts]"),
        ('"is late"', "It is, late", "It [is, late]"),
        ("振込", "銀行振込 12", "銀行[振込] 12"),
        ("payout -late is:open", "A payout,\n\nlate", "A [payout], late"),
    ],
)
def test_it_is_marked_as_the_search_has_found_it(query, text, shown):
    assert marked(text, query) == shown


def test_nothing_is_shown_of_a_text_without_the_words_and_nothing_is_looked_for_without_words():
    assert excerpt("The payouts are late.", wanted(parse("payout"))) == ()
    assert wanted(parse("is:open -late")) is None


def test_a_long_text_is_shown_from_shortly_before_the_word_on():
    shown = marked("one two three " * 40 + "here it is " + "four five " * 40, "here")

    assert shown.startswith("… ")
    assert "three [here] it is four" in shown
    assert shown.endswith("…")
    assert len(shown) < 130


def test_letters_that_are_written_out_when_they_are_folded_move_no_mark():
    assert marked("Straße, Größe und Payout", "strasse payout") == "[Straße], Größe und [Payout]"
