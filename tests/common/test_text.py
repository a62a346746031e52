import time as stopwatch

import pytest

from common.errors import InvalidInput
from common.text import flatten, many_lines, one_line, readable

HEAP_OF_MARKS = "a" + "\u0301\u0323" * 100_000


@pytest.mark.parametrize("given", ["", "  ", "\n"])
def test_nothing_is_refused_as_a_line(given):
    with pytest.raises(InvalidInput, match="empty"):
        one_line(given, field="subject")


@pytest.mark.parametrize("character", ["\r", "\n", "\x00", "\v", "\x85", "\u2028", "\u2029", "\ud800"])
def test_what_could_end_a_header_or_fits_into_no_database_is_refused_in_a_line(character):
    with pytest.raises(InvalidInput, match="one line"):
        one_line(f"Hello{character}Bcc: victim@example.com", field="subject")


def test_a_line_of_a_megabyte_is_refused_and_not_cut():
    with pytest.raises(InvalidInput, match="at most 200"):
        one_line("x" * 1_000_000, field="subject")


def test_a_text_gets_uniform_line_ends_and_composed_letters():
    assert many_lines(" a\r\nb\rc\u0327a\n", field="body") == "a\nb\nça"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\udfff"])
def test_a_text_with_control_characters_is_refused(character):
    with pytest.raises(InvalidInput, match="control"):
        many_lines(f"Hello{character}", field="body")


def test_a_header_is_flattened_where_it_cannot_be_refused():
    assert flatten("a\r\nBcc: x\u2028b\x00c\ud800 ") == "a  Bcc: x bc"
    assert len(flatten("x" * 1_000_000)) == 200


def test_a_mails_text_is_made_readable_where_it_cannot_be_refused():
    assert readable("a\r\nb\x00c\x1b\ud800\n") == "a\nbc"
    assert len(readable("x" * 1_000_000)) == 100_000


def test_heaps_of_marks_cost_no_time():
    begun = stopwatch.process_time()

    for clean in (lambda text: flatten(text, limit=50_000), readable):
        assert len(clean(HEAP_OF_MARKS)) < 40
    with pytest.raises(InvalidInput):
        many_lines(HEAP_OF_MARKS, field="body")
    assert len(many_lines(HEAP_OF_MARKS[:90_000], field="body")) < 40

    assert stopwatch.process_time() - begun < 2


def test_marks_that_a_script_needs_stay():
    assert one_line("Việt Nam, क्षेत्र, שָׁלוֹם", field="name") == "Việt Nam, क्षेत्र, שָׁלוֹם"
