from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.lengths import length_words, parse_length


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15 min", 900), ("4h", 14400), ("1h 30min", 5400), ("90", 5400), (" 2 D ", 172800), ("45 s", 45), ("1h5", 3900)],
)
def test_a_length_is_read_as_people_write_it(text, seconds):
    assert parse_length(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", " ", "soon", "4 weeks", "-1 h", "1.5 h", "h", "9999999999 h", "٣ h"])
def test_anything_else_is_one_sentence(text):
    with pytest.raises(ValueError, match="write it as 30 min or 4 h"):
        parse_length(text)


@given(st.integers(0, 400 * 86_400))
def test_what_is_written_is_read_as_the_same_length(seconds):
    length = timedelta(seconds=seconds)

    assert parse_length(length_words(length)) == length
