"""Patterns that users write: asked of texts, refused with a reason, and never slower than the text is long."""

from dataclasses import replace
from time import thread_time

import pytest

from common.errors import InvalidInput
from tests.tickets.test_conditions import DESK, FACTS
from tickets.conditions import Facts, check, compiled, explain, holds, in_words
from tickets.conditions.patterns import MOST_MEMORY, matcher

pytestmark = pytest.mark.once
LONG = 1_000_000


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"keywords": {"matches": "REPASSE|procon"}}, True),
        ({"keywords": {"matches": "outubro.*repasse"}}, False),
        ({"subject": {"matches": "^repasse"}}, True),
        ({"subject": {"matches": "(?-i)^repasse"}}, False),
        ({"subject": {"matches": "ATRASADO$"}}, True),
        ({"subject": {"matches": "outubro"}}, False),
        ({"message": {"matches": r"\boutubro\b"}}, True),
        ({"message": {"matches_not": "repasse"}}, True),
        ({"message": {"matches": "NÃO"}}, True),
        ({"message": {"matches": "^O", "matches_not": "janeiro", "any": ["pagamento"]}}, True),
        ({"message": {"matches": "^O", "any": ["janeiro"]}}, False),
        ({"sender": {"matches": r"@(loja|aurora)\.example$"}}, True),
        ({"sender": ["aurora.example"]}, True),
        ({"sender": {"not": ["cora"]}}, False),
        ({"subject": {"all": ["repasse", "atrasado"]}}, True),
        ({"message": ["repasse"]}, False),
        ({"field:note": {"matches": "conta (corrente|nova)"}}, True),
        ({"field:missing": {"matches": "."}}, False),
        ({"field:missing": {"matches_not": "."}}, True),
    ],
)
def test_a_pattern_is_looked_for_in_the_text_as_it_was_written(conditions, expected):
    facts = replace(FACTS, sender="cora@aurora.example")

    assert holds(conditions, facts) is expected


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (r"(\w+) \1", "“\\1” refers back to what was found before, which patterns here do not support."),
        (r"(?P<a>x)(?P=a)", "“(?P” refers back to what was found before, which patterns here do not support."),
        (r"\k<a>", "“\\k” refers back to what was found before, which patterns here do not support."),
        ("a(?=b)", "“(?=” looks ahead or behind, which patterns here do not support."),
        ("a(?!b)", "“(?!” looks ahead or behind, which patterns here do not support."),
        ("(?<=a)b", "“(?<=” looks ahead or behind, which patterns here do not support."),
        ("(?<!a)b", "“(?<!” looks ahead or behind, which patterns here do not support."),
        ("(?>a+)b", "“(?>” never gives back what it took, which patterns here do not support; write “(?:”."),
        ("(a)?(?(1)b)", "“(?(” asks what was found before, which patterns here do not support."),
        ("a++", "“++” repeats a repetition, which patterns here do not support."),
        (r"end\Z", "“\\Z” is not supported in patterns; for the sign itself leave the backslash out."),
        ("(a{1000}){1000}", "“{1000}” repeats too often: a pattern repeats anything 1,000 times at most, "),
        (r"\pL{900}", "This pattern is too large: it would take too much memory."),
        ("(procon", "A bracket “(” is not closed in this pattern."),
        ("procon)", "A bracket “)” is closed in this pattern that was not opened."),
        ("[a", "A bracket is not closed in this pattern: “[a”."),
        ("*", "“*” has nothing before it that it could repeat."),
        ("[z-a]", "“z-a” is no range of characters."),
        ("a\\", "A pattern does not end with a backslash."),
        ("(?i", "This is no pattern: “(?i” cannot be read."),
        ("procon|", "“procon|” matches even a text in which nothing stands, so it would match every text."),
        ("x" * 501, "The pattern of “subject” is a line of 1 to 500 characters."),
        ("", "The pattern of “subject” is a line of 1 to 500 characters."),
        ("a\nb", "The pattern of “subject” is a line of 1 to 500 characters."),
        (["a"], "A pattern of “subject” is one text, such as “ombudsman|procon”."),
    ],
)
def test_what_is_no_pattern_or_not_supported_is_said_in_one_sentence(pattern, sentence):
    with pytest.raises(InvalidInput) as caught:
        check({"subject": {"matches": pattern}}, DESK)

    (said,) = caught.value.errors["conditions"]
    assert said.startswith(sentence)


def test_only_texts_are_asked_by_patterns():
    for key in ("priority", "tags", "field:amount", "field:bank"):
        with pytest.raises(InvalidInput, match="has no “matches”"):
            check({key: {"matches": "a"}}, DESK)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+b", "a" * LONG),
        ("(x+x+)+y", "x" * LONG),
        ("(a|aa)+$", "a" * LONG + "!"),
        ("([a-z0-9]+.?)+@x", "a" * LONG),
        ("(.*)(.*)(.*)(.*)=(.*)z", "=" + "x" * LONG),
        ("(a?){30}a{30}z", "a" * LONG),
        (r"^(\s*\w*)*!$", "word " * (LONG // 5)),
    ],
)
def test_a_pattern_that_explodes_elsewhere_costs_what_the_text_is_long(pattern, text):
    """Beside a plain search in the same text: so many times as long at most, where others would not end today."""
    matches, plain = matcher(pattern), matcher("no such words")
    matches("a"), plain("a")

    plainly = _seconds(lambda: plain(text))
    spent = _seconds(lambda: matches(text))

    assert spent < max(plainly, 0.002) * 60


def test_where_its_memory_is_used_up_a_pattern_goes_on_in_linear_time():
    matches = matcher("[ab]*a[ab]{40}c")
    half, whole = (("abbabaab" * (size // 8)) for size in (LONG // 8, LONG // 4))

    assert MOST_MEMORY <= 2**18
    assert _seconds(lambda: matches(whole)) < max(0.01, _seconds(lambda: matches(half))) * 5


def test_what_was_found_is_told():
    asked = {"subject": {"matches": "REP.SSE|procon", "matches_not": "urgente"}}

    assert in_words(asked, DESK) == "subject matches “REP.SSE|procon” and subject does not match “urgente”"
    assert [part.sentence for part in explain(asked, FACTS, DESK)] == [
        "subject matches “REP.SSE|procon”: yes, “Repasse”",
        "subject does not match “urgente”: yes, there is none",
    ]


def test_a_text_of_broken_signs_is_read_all_the_same():
    facts = Facts(priority="low", channel="web", subject="a\udcffb\x00", text="")

    assert compiled({"subject": {"matches": "^a.b"}})(facts)


def _seconds(act) -> float:
    """Of this thread's own work: what others do on the machine meanwhile counts for nothing."""
    started = thread_time()
    act()
    return thread_time() - started
