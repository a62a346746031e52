"""Whether a colour can be read on the desk's grounds (WCAG 2.2, 1.4.3 and 1.4.11), and the nearest one that can. Pure.

An accent is the colour of links, of the focus and of buttons. For each of the two themes it is one colour; what else
the theme needs of it (its softer ground, its line, the button) is made of it here.
"""

import colorsys
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import gettext as _

TEXT, PARTS = 4.5, 3.0
_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEPS = 200

Rgb = tuple[float, float, float]


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Ground:
    """A theme's surface, every ground that links stand on, and how much of the accent its soft ground takes."""

    surface: str
    others: tuple[str, ...]
    soft: float
    line: float


# As `static/css/tokens.css` has them; a test holds them together.
GROUNDS: Mapping[Theme, Ground] = {
    Theme.LIGHT: Ground("#ffffff", ("#f6f6f8", "#f1f1f4", "#f4f4f7"), 0.08, 0.30),
    Theme.DARK: Ground("#16171b", ("#0f1013", "#1b1d22", "#1f2126", "#1d1f24"), 0.16, 0.32),
}
ACCENTS: Mapping[Theme, str] = {Theme.LIGHT: "#3450cc", Theme.DARK: "#9aabff"}
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Palette:
    """What a theme makes of its accent; `solid` is the ground of white words."""

    accent: str
    solid: str
    hover: str
    soft: str
    line: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ground on which a colour is worst, its ratio there, the ratio that it needs, and the nearest that has it."""

    on: str
    ratio: float
    needs: float
    nearest: str


def is_colour(text: str) -> bool:
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def judge(colour: str, theme: Theme) -> Verdict | None:
    """None for an accent that passes everywhere in this theme."""
    worst = min(_pairs(colour, theme), key=lambda pair: contrast(*pair[:2]) / pair[2])
    if contrast(*worst[:2]) >= worst[2]:
        return None
    return Verdict(worst[1], contrast(*worst[:2]), worst[2], nearest(colour, theme))


def why_not(colour: str, theme: Theme) -> str:
    """The reason as a sentence, with the nearest that would do; empty for a good one, and for none."""
    if not colour:
        return ""
    if not is_colour(colour):
        return _("This is no colour: six digits behind a #, as in #3450cc.")
    found = judge(colour, theme)
    if found is None:
        return ""
    # Rounded down: 4.46 is not 4.5.
    ratio = int(found.ratio * 10) / 10
    figures = {"ratio": number_format(ratio), "needs": number_format(found.needs)}
    known = {**figures, "on": found.on, "nearest": found.nearest}
    return _("It has %(ratio)s to 1 beside %(on)s and needs %(needs)s. The nearest that passes is %(nearest)s.") % known


def nearest(colour: str, theme: Theme) -> str:
    """Of the same hue, as little lighter or darker as it takes."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    candidates = sorted((step / _STEPS for step in range(_STEPS + 1)), key=lambda one: abs(one - lightness))
    made = (_hex(colorsys.hls_to_rgb(hue, one, saturation)) for one in candidates)
    return next((one for one in made if _passes(one, theme)), ACCENTS[theme])


def palette(colour: str, theme: Theme) -> Palette:
    ground = GROUNDS[theme]
    solid = colour if theme is Theme.LIGHT else _solid_in_the_dark(colour)
    hover = _mixed(solid, "#000000", 0.15) if theme is Theme.LIGHT else _mixed(solid, WHITE, 0.03)
    return Palette(
        accent=colour,
        solid=solid,
        hover=hover,
        soft=_mixed(ground.surface, solid, ground.soft),
        line=_mixed(ground.surface, colour, ground.line),
    )


def _passes(colour: str, theme: Theme) -> bool:
    return all(contrast(one, other) >= needs for one, other, needs in _pairs(colour, theme))


def _pairs(colour: str, theme: Theme) -> Iterator[tuple[str, str, float]]:
    """Every ground that it stands on, and what it has to reach there."""
    made = palette(colour, theme)
    ground = GROUNDS[theme]
    for one in (ground.surface, *ground.others, made.soft):
        yield colour, one, TEXT
    for one in (made.solid, made.hover):
        yield WHITE, one, TEXT
    yield made.solid, ground.surface, PARTS


def _solid_in_the_dark(colour: str) -> str:
    """A button's ground on a dark page: the lightest of its hue that white words are read on, so it is seen itself."""
    hue, _lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    low, high = 0.0, 1.0
    for _halving in range(9):
        middle = (low + high) / 2
        # Room above the least for the hover, which is a little lighter.
        if contrast(WHITE, _hex(colorsys.hls_to_rgb(hue, middle, saturation))) >= TEXT + 0.4:
            low = middle
        else:
            high = middle
    return _hex(colorsys.hls_to_rgb(hue, low, saturation))


def _mixed(one: str, other: str, share: float) -> str:
    red, green, blue = (a + (b - a) * share for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return _hex((red, green, blue))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
