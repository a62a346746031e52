"""What a mail may cost to be read."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one reader: bytes of address space, seconds of the processor and of the wall's clock for one mail, mails
    until it is replaced by a fresh one, seconds without work after which it goes by itself."""

    memory: int = 768 * 1024 * 1024
    cpu: float = 20.0
    wall: float = 60.0
    mails: int = 1000
    idle: float = 120.0

    def as_words(self) -> list[str]:
        return [str(value) for value in astuple(self)]

    @classmethod
    def from_words(cls, words: Sequence[str]) -> "Limits":
        memory, cpu, wall, mails, idle = words
        return cls(int(memory), float(cpu), float(wall), int(mails), float(idle))
