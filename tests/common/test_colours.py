"""An accent is taken where it can be read, and the nearest of its hue is offered where it cannot (WCAG 2.2)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from common.colours import ACCENTS, GROUNDS, PARTS, TEXT, WHITE, Theme, contrast, judge, nearest, palette, why_not

TOKENS = Path(settings.BASE_DIR, "static", "css", "tokens.css").read_text(encoding="utf-8")
ANY = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def token(name: str, theme: Theme) -> str:
    found = re.search(rf"--e-{name}:\s+light-dark\((#\w+), (#\w+)\)", TOKENS)
    assert found, name
    return found[1] if theme is Theme.LIGHT else found[2]


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#3450cc", "#3450cc") == 1


@pytest.mark.parametrize("theme", Theme)
def test_the_grounds_are_those_of_the_tokens_and_the_delivered_accent_passes(theme):
    assert GROUNDS[theme].surface == token("surface", theme)
    assert {token(name, theme) for name in ("canvas", "sunken", "raised", "hover")} <= {
        GROUNDS[theme].surface,
        *GROUNDS[theme].others,
    }
    assert ACCENTS[theme] == token("accent", theme)
    assert judge(ACCENTS[theme], theme) is None


@pytest.mark.parametrize(
    ("colour", "theme"), [("#ffd500", Theme.LIGHT), ("#7fb2ff", Theme.LIGHT), ("#10206a", Theme.DARK)]
)
def test_what_cannot_be_read_is_refused_with_the_nearest_that_can(colour, theme):
    found = judge(colour, theme)

    assert found is not None and found.ratio < found.needs
    assert judge(found.nearest, theme) is None
    assert found.nearest in why_not(colour, theme)


@pytest.mark.parametrize("text", ["red", "#12345", "#12345g", "url(x)", "#123456;}", "#123456\n"])
def test_what_is_no_colour_is_told_so(text):
    assert "six digits" in why_not(text, Theme.LIGHT)


@given(colour=ANY, theme=st.sampled_from(Theme))
def test_whatever_is_taken_is_read_wherever_it_stands(colour, theme):
    taken = nearest(colour, theme)

    made = palette(taken, theme)
    for ground in (GROUNDS[theme].surface, *GROUNDS[theme].others, made.soft):
        assert contrast(taken, ground) >= TEXT
    assert contrast(WHITE, made.solid) >= TEXT and contrast(WHITE, made.hover) >= TEXT
    assert contrast(made.solid, GROUNDS[theme].surface) >= PARTS
    # The words that stand on a selected line are read there too.
    assert min(contrast(token(name, theme), made.soft) for name in ("text", "text-2", "text-3")) >= TEXT


@given(colour=ANY, theme=st.sampled_from(Theme))
def test_what_passes_is_its_own_nearest(colour, theme):
    taken = nearest(colour, theme)

    assert judge(taken, theme) is None
    assert contrast(nearest(taken, theme), taken) < 1.05
