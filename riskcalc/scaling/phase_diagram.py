"""The phase diagram: where which terms meet at the optimum, derived as a theorem of the term table."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy
from sympy import Basic, Expr, Symbol

from riskcalc.asymptotic.shape import Shape
from riskcalc.quantity import NumberLike, flag, of_type, optional
from riskcalc.scaling.arrangement import Point
from riskcalc.scaling.atlas import Atlas, Key
from riskcalc.scaling.budget import Budget, compute
from riskcalc.scaling.labels import names_by_key
from riskcalc.scaling.noise import has_noise
from riskcalc.scaling.programme import programme
from riskcalc.scaling.regions import Boundary, region_of, separating_curves


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A region of the exponents with one optimum.

    exponents: of M, t, gamma, B in powers of the budget; loss_exponent: positive means decay. balance: the
    terms
    that meet at the optimum. region: polynomial inequalities. name: the label in use for it, attached
    afterwards.
    """

    name: str | None
    exponents: dict[str, Expr]
    loss_exponent: Expr
    balance: tuple[str, ...]
    region: Basic
    samples: tuple[Point, ...] = field(repr=False)

    @property
    def model_size_exponent(self) -> Expr:
        """xi in M ~ budget^xi."""
        return self.exponents["M"]


@dataclass(frozen=True, kw_only=True)
class PhaseDiagram:
    """All phases and the boundaries between them, in the given letters, inside `domain`."""

    letters: tuple[Symbol, Symbol]
    domain: Basic
    phases: tuple[Phase, ...]
    boundaries: tuple[Boundary, ...]
    certificates: tuple[tuple[Key, tuple[Expr, ...]], ...] = field(repr=False)

    def phase(self, point: Point) -> Phase | None:
        """The phase whose region holds a point; None on a boundary or outside the domain."""
        numbers = {
            x: sympy.Rational(y.numerator, y.denominator) for x, y in zip(self.letters, point, strict=True)
        }
        if self.domain.subs(numbers) != sympy.true:
            return None
        return next((phase for phase in self.phases if phase.region.subs(numbers) == sympy.true), None)


def phase_diagram(
    *,
    budget: Budget | None = None,
    shape: Shape | None = None,
    noise: NumberLike = 0,
    paper_letters: bool = True,
) -> PhaseDiagram:
    """Derive the phase diagram.

    Formula: the optimal bases found at sample points carry polynomial conditions for their optimality; the
    plane is
        cut by all these polynomials; in every open cell one basis is verified to be optimal, and so it is in
        the
        whole cell; cells with the same exponents and the same balance form a phase.
    Valid: the open cells, that is, everywhere but on the boundary curves, where terms tie or carry
    logarithms.
    noise: variance of the label noise; only whether it is zero matters. paper_letters: alpha and beta for a and b.
    Source: derivations D15, D16.
    """
    optional(shape, Shape, "shape", "a Shape such as constant()")
    asked = of_type(compute() if budget is None else budget, Budget, "budget", "a Budget such as compute() or data()")
    noisy, letters = has_noise(noise), flag(paper_letters, "paper_letters")
    sides = [
        programme(asked, slow=slow, shape=shape, noise=noisy, paper_letters=letters) for slow in (True, False)
    ]
    atlas = Atlas(sides)
    cells, columns, factors = atlas.cells()
    groups: dict[Key, list[Point]] = {}
    for point, key in cells.items():
        groups.setdefault(key, []).append(point)
    if shape is not None:
        shape.check_early_noise(name for key in groups for name in key.balance)
    borders = separating_curves(columns, atlas.locate, factors)
    standard = budget is None and shape is None and not noisy
    names = names_by_key(atlas.locate, paper_letters=letters) if standard else {}
    phases = tuple(
        Phase(
            name=names.get(key),
            loss_exponent=key.loss_exponent,
            balance=key.balance,
            exponents=dict(key.exponents),
            region=region_of(key, cells, borders),
            samples=tuple(points),
        )
        for key, points in groups.items()
    )
    inside = sympy.And(*(sympy.Gt(value, 0) for value in atlas.domain))
    return PhaseDiagram(
        letters=sides[0].letters,
        domain=inside,
        phases=phases,
        boundaries=borders,
        certificates=tuple(atlas.certificates()),
    )
