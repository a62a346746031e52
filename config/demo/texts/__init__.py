"""What the people of the demo write. Data only; each language has its own file."""

from config.demo.texts.en import MATTERS as EN
from config.demo.texts.es import MATTERS as ES
from config.demo.texts.matter import Matter
from config.demo.texts.pt import MATTERS as PT
from config.demo.texts.ru import MATTERS as RU

MATTERS: dict[str, tuple[Matter, ...]] = {"en": EN, "pt-br": PT, "es": ES, "ru": RU}
