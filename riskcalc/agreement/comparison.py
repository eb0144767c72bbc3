"""The nouns of a cross-check: a comparison of two sides, and a negative control."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from riskcalc.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two things compared: its name, and what its numbers claim to be."""

    name: str
    claim: str


@dataclass(frozen=True, kw_only=True)
class Power:
    """Whether the comparison could have failed: a difference that matters would have been seen."""

    reached: bool
    statement: str


@dataclass(frozen=True, kw_only=True)
class Detectable:
    """The smallest error in one term that a comparison sees for sure, or but for a chance of `level`.

    term: where the error is, in words. share: of the term by which it is wrong; above 1 (or infinite) not even its
    absence is seen.
    """

    term: str
    share: float

    @property
    def seen(self) -> bool:
        """Whether the term's absence, at least, would have been seen."""
        return self.share <= 1


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table, a value for each step."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A statistic at its worst step, and the bound that it must keep: an upper one, or a lower one."""

    statistic: str
    worst: float
    step: int
    bound: float
    lower: bool = False

    @property
    def kept(self) -> bool:
        return self.worst >= self.bound if self.lower else self.worst <= self.bound


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two sides, compared at recorded steps by one rule. It has passed if it agrees and could have failed.

    detectable: for every term of the risk, the smallest error in it that could have been seen.
    """

    rule: str
    left: Side
    right: Side
    steps: tuple[int, ...]
    columns: tuple[Column, ...]
    criteria: tuple[Criterion, ...]
    power: Power
    detectable: tuple[Detectable, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return all(criterion.kept for criterion in self.criteria)

    @property
    def passed(self) -> bool:
        return self.agrees and self.power.reached

    @property
    def verdict(self) -> str:
        if not self.agrees:
            return "FAILED"
        return "passed" if self.power.reached else "NO POWER"

    def column(self, name: str) -> tuple[float, ...]:
        """The values of a column."""
        return _named(self.columns, name)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain JSON values; numbers that are not finite become null."""
        seen = [{**asdict(one), "seen": one.seen} for one in self.detectable]
        return _plain(  # type: ignore[no-any-return]
            {**asdict(self), "detectable": seen, "passed": self.passed, "verdict": self.verdict}
        )


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """One statistic of a negative control: seen in the data, and expected from its distance to the right formula.

    has_power: whether the expected value lies so far beyond the bound that it is rejected if the two sides agree.
    """

    statistic: str
    observed: float
    expected: float
    bound: float
    has_power: bool


@dataclass(frozen=True, kw_only=True)
class NegativeControl:
    """A formula that is wrong on purpose, put to the same data by the same rule: it must be rejected.

    Where no criterion has power, the term left out is too small in this run to be seen, and nothing is concluded.
    asked: whether the term left out was itself asked for (label noise): a check that cannot see it is not passed.
    """

    rule: str
    name: str
    steps: tuple[int, ...]
    columns: tuple[Column, ...]
    criteria: tuple[Rejection, ...]
    asked: bool = False

    @property
    def rejected(self) -> bool:
        return any(criterion.observed > criterion.bound for criterion in self.criteria)

    @property
    def has_power(self) -> bool:
        return any(criterion.has_power for criterion in self.criteria)

    @property
    def verdict(self) -> str:
        if self.rejected:
            return "rejected"
        return "ACCEPTED" if self.has_power else "no power"

    def column(self, name: str) -> tuple[float, ...]:
        """The values of a column."""
        return _named(self.columns, name)

    def to_dict(self) -> dict[str, Any]:
        """The control as plain JSON values; numbers that are not finite become null."""
        return _plain(  # type: ignore[no-any-return]
            {**asdict(self), "rejected": self.rejected, "has_power": self.has_power, "verdict": self.verdict}
        )


def inconclusive(rule: str, *, left: Side, right: Side, statement: str) -> Comparison:
    """A comparison that could not be made, and so has no power."""
    return Comparison(
        rule=rule,
        left=left,
        right=right,
        steps=(),
        columns=(),
        criteria=(),
        power=Power(reached=False, statement=statement),
    )


def _named(columns: tuple[Column, ...], name: str) -> tuple[float, ...]:
    for column in columns:
        if column.name == name:
            return column.values
    names = ", ".join(column.name for column in columns)
    raise InvalidInput(f"there is no column {name!r}; the columns are: {names}")


def _plain(value: Any) -> Any:
    """The same with tuples as lists and non-finite numbers as None."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
