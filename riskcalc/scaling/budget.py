"""What is paid for and what may be chosen: the constraints of an allocation, as affine forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sympy
from sympy import Expr, Integer, Rational

from riskcalc.errors import InvalidInput
from riskcalc.quantity import NumberLike, exact, flag, number, of_type

Affine = tuple[Expr, ...]  # constant first, then one coefficient a variable


class Choice(StrEnum):
    """How the step size is set."""

    LARGEST_STABLE = "largest stable"
    FREE = "free"


@dataclass(frozen=True, kw_only=True)
class Budget:
    """log(budget) = sum weight * log(letter): compute C = M t B, or data N = t B; or a data set of N, seen many times.

    batch_size: whether B is chosen too (otherwise B is fixed). step_size: LARGEST_STABLE (gamma ~ M^min(0, a - 1) at
    fixed B) or FREE (optimised within the stable range). outputs: x where the number of outputs grows like
    P = budget^x; None for one output. reused: N samples are all that is given, seen again and again; steps are free, or
    with `compute`, an exponent c, what is paid for by C = M t N = N^c.
    """

    name: str
    weights: Mapping[str, int]
    step_size: Choice = Choice.LARGEST_STABLE
    batch_size: bool = False
    outputs: Expr | None = None
    reused: bool = False
    compute: Expr | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "batch_size", flag(self.batch_size, "batch_size"))
        of_type(self.step_size, Choice, "step_size", "Choice.LARGEST_STABLE or Choice.FREE")
        if not self.reused and self.weights.get("t") != 1:
            raise InvalidInput(f"the budget {self.name} must grow like the number of steps t, once")
        if self.batch_size and self.step_size is not Choice.FREE:
            raise InvalidInput("with a free batch size the step size has to be free too: use Choice.FREE")

    @property
    def variables(self) -> tuple[str, ...]:
        """The letters that are optimised, t being what the budget leaves where it pays for steps."""
        free = ["M"] if "t" in self.weights else ["M", "t"]
        if self.step_size is Choice.FREE:
            free.append("gamma")
        return (*free, "B") if self.batch_size else tuple(free)

    def exponents(self, largest: Expr) -> dict[str, Affine]:
        """Each letter's exponent as an affine form in the variables; largest: gamma ~ M^largest is the largest step."""
        names = self.variables
        forms: dict[str, Affine] = {name: _unit(names, name) for name in ("M", "gamma", "B")}
        if self.step_size is Choice.LARGEST_STABLE:
            forms["gamma"] = _scaled(forms["M"], largest)
        if self.outputs is not None:
            forms["P"] = (self.outputs, *[Integer(0)] * len(names))
        one = (Integer(1), *[Integer(0)] * len(names))
        if self.reused:
            forms["N"] = one
        if "t" not in self.weights:
            return {**forms, "t": _unit(names, "t")}
        whole = one if self.compute is None else _scaled(one, self.compute)
        paid = [_scaled(forms[name], Integer(weight)) for name, weight in self.weights.items() if name != "t"]
        forms["t"] = _sum([whole, *(_scaled(form, Integer(-1)) for form in paid)])
        return forms

    @property
    def least(self) -> dict[str, dict[str, Expr]]:
        """What cannot be less than one, as monomials that may not exceed 1."""
        return {f"{name} >= 1": {name: Integer(-1)} for name in ("M", "t", "B")}


def compute(
    *,
    step_size: Choice = Choice.LARGEST_STABLE,
    batch_size: bool = False,
    outputs: NumberLike | None = None,
    pay_for_outputs: bool = True,
) -> Budget:
    """C = M t B, the number of multiplications up to a constant.

    outputs: x where P = C^x outputs are trained, exact. pay_for_outputs: C = M P t B, all entries of the P x M matrix
    being updated; otherwise the features are what costs, and C = M t B.
    """
    x, weights = _growth(outputs), {"M": 1, "t": 1, "B": 1}
    if flag(pay_for_outputs, "pay_for_outputs") and x is not None:
        weights["P"] = 1
    return Budget(name="compute", weights=weights, step_size=step_size, batch_size=batch_size, outputs=x)


def data(*, step_size: Choice = Choice.FREE, batch_size: bool = False, outputs: NumberLike | None = None) -> Budget:
    """N = t B samples, the model size free. outputs: x where P = N^x outputs are trained, exact."""
    return Budget(
        name="data",
        weights={"t": 1, "B": 1},
        step_size=step_size,
        batch_size=batch_size,
        outputs=_growth(outputs),
    )


def data_set(*, step_size: Choice = Choice.LARGEST_STABLE, compute: NumberLike | None = None) -> Budget:
    """N samples that are seen many times by full-batch steps, as many as are best; the model size free.

    compute: c where all that can be paid for is C = M t N = N^c, exact; None for no limit.
    """
    c = None if compute is None else exact(number(compute, "compute"), "compute")
    if c is not None and c <= 1:
        raise InvalidInput(
            f"compute is the exponent c of C = M t N = N^c, above 1 (one full-batch step of one feature), not {compute}"
        )
    return Budget(
        name="data set",
        weights={"N": 1} if c is None else {"M": 1, "t": 1, "N": 1},
        step_size=step_size,
        reused=True,
        compute=None if c is None else Rational(c.numerator, c.denominator),
    )


def _growth(outputs: NumberLike | None) -> Rational | None:
    if outputs is None:
        return None
    x = exact(number(outputs, "outputs"), "outputs")
    if not 0 <= x < 1:
        raise InvalidInput(f"outputs is the exponent x of P = budget^x, from 0 to below 1, not {outputs}")
    return Rational(x.numerator, x.denominator)


def _unit(names: Sequence[str], name: str) -> Affine:
    return (Integer(0), *(Integer(int(name == other)) for other in names))


def _scaled(form: Affine, factor: Expr) -> Affine:
    return tuple(sympy.sympify(factor, strict=True) * part for part in form)


def _sum(forms: Sequence[Affine]) -> Affine:
    return tuple(sympy.Add(*parts) for parts in zip(*forms, strict=True))
