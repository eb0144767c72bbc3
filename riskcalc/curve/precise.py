"""A curve whose numbers carry more digits than float64: text beside the floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from riskcalc.errors import ConsistencyError

SERIES = ("risk", "excess", "bias", "variance", "radius")  # one text a step
SINGLE = ("irreducible", "approximation")


@dataclass(frozen=True, kw_only=True)
class Decimals:
    """The numbers of a curve as decimal text with `digits` significant digits of risk and excess.

    Bias and variance end at the decimal place at which the excess ends. text: tuples, one entry a step for risk,
    excess, bias, variance and radius, one entry for irreducible and approximation.
    """

    digits: int
    text: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        for name, values in self.text.items():
            if name not in SERIES + SINGLE or (name in SINGLE and len(values) != 1):
                raise ConsistencyError(f"decimals of {name!r} are not what a curve holds")
        object.__setattr__(self, "text", MappingProxyType(dict(self.text)))

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self.text[name]

    def at(self, places: Sequence[int]) -> Decimals:
        """Those of some of the steps."""
        picked = {
            name: tuple(texts[place] for place in places) if name in SERIES else texts
            for name, texts in self.text.items()
        }
        return Decimals(digits=self.digits, text=picked)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decimals) and (self.digits, dict(self.text)) == (other.digits, dict(other.text))

    def __hash__(self) -> int:
        return hash((self.digits, tuple(sorted(self.text.items()))))

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (self.digits, dict(self.text))


def _made(digits: int, text: dict[str, tuple[str, ...]]) -> Decimals:
    return Decimals(digits=digits, text=text)
