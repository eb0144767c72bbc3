"""The phase diagram: where which terms meet at the optimum, derived as a theorem of the term table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import sympy
from sympy import Basic, Expr, Symbol, oo
from sympy.core.relational import Relational

from riskcalc.asymptotic.shape import Shape
from riskcalc.display import Displayed, Page
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import DanaDecaying, Optimiser
from riskcalc.quantity import NumberLike, exact, flag, is_several, number, shown
from riskcalc.scaling.arrangement import Point
from riskcalc.scaling.atlas import Atlas
from riskcalc.scaling.best import Key
from riskcalc.scaling.budget import Budget, Choice
from riskcalc.scaling.exponents import Exponents, answer, read_exponents
from riskcalc.scaling.labels import names_by_key
from riskcalc.scaling.question import OURS, PAPER, Question
from riskcalc.scaling.rational_function import RationalFunction
from riskcalc.scaling.regions import Boundary, regions, separating_curves
from riskcalc.scaling.words import read_question
from riskcalc.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A region of the exponents with one optimum.

    exponents: of M, t, gamma, B in powers of the budget, the lower end where a range is equally good. upper: for these
    letters the upper end, oo where there is none. loss_exponent: positive means decay. balance: the terms that meet at
    the optimum. region: polynomial inequalities. name: the label in use for it, attached afterwards.
    """

    name: str | None
    exponents: dict[str, Expr]
    loss_exponent: Expr
    balance: tuple[str, ...]
    region: Basic
    samples: tuple[Point, ...] = field(repr=False)
    upper: Mapping[str, Expr] = field(default_factory=dict)

    @property
    def model_size_exponent(self) -> Expr:
        """xi in M ~ budget^xi; where a range is optimal, its lower end."""
        return self.exponents["M"]

    def says(self, letter: str) -> str:
        """The exponent of a letter in words."""
        low, high = self.exponents[letter], self.upper.get(letter)
        return str(low) if high is None else f"{low} or more" if high == oo else f"{low} to {high}"


@dataclass(frozen=True, kw_only=True)
class PhaseDiagram(Displayed):
    """All phases and the boundaries between them, in the given letters, inside `domain`.

    certificates: for every best allocation met, the phase and what is positive exactly where it is proved the best.
    """

    letters: tuple[Symbol, Symbol]
    domain: Basic
    phases: tuple[Phase, ...]
    boundaries: tuple[Boundary, ...]
    question: Question = field(default_factory=Question)
    certificates: tuple[tuple[Phase, tuple[RationalFunction, ...]], ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        letters = " and ".join(letter.name for letter in self.letters)
        return f"PhaseDiagram({self.page().title}; {len(self.phases)} phases in {letters})"

    def page(self) -> Page:
        """The phases and the boundaries between them, for a reader."""
        from riskcalc.scaling.diagram_page import page_of

        return page_of(self)

    def to_latex(self) -> str:
        """The phases as a tabular."""
        from riskcalc.scaling.diagram_page import latex_of

        titles = r"phase & balance & model-size exponent & loss exponent & region \\ \hline"
        return f"\\begin{{tabular}}{{lllll}}\n{titles}\n{latex_of(self)}\n\\end{{tabular}}"

    def at(
        self,
        a: NumberLike | None = None,
        b: NumberLike | None = None,
        *,
        alpha: NumberLike | None = None,
        beta: NumberLike | None = None,
    ) -> Exponents:
        """The exponents at a point, on boundaries too: what `exponents` says there, read off the same programmes.

        Two numbers without names are a and b, as in the tables, whatever the diagram's letters; `phase` and the
        pictures read the diagram's.

        >>> phase_diagram().at(2, "7/2").phase
        'II'
        """
        return answer(self.question, *read_exponents(a=a, b=b, alpha=alpha, beta=beta))

    def phase(self, point: tuple[NumberLike, NumberLike]) -> Phase | None:
        """The phase whose region holds a point, in the diagram's letters; None on a boundary or outside the domain.

        >>> phase_diagram().phase(("3/2", 1)).name
        'II'
        """
        names = [letter.name for letter in self.letters]
        if not is_several(point) or len(given := tuple(point)) != len(names):
            raise InvalidInput(f"a point is two numbers, {' and '.join(names)}, not {shown(point)}")
        x, y = (exact(number(value, name), name) for name, value in zip(names, given, strict=True))
        if not self._domain.holds((x, y)):
            return None
        return next((phase for phase, region in self._regions if region.holds((x, y))), None)

    @cached_property
    def _domain(self) -> _Region:
        return _Region.of(self.domain, self.letters)

    @cached_property
    def _regions(self) -> tuple[tuple[Phase, _Region], ...]:
        return tuple((phase, _Region.of(phase.region, self.letters)) for phase in self.phases)


@dataclass(frozen=True)
class _Region:
    """Strict inequalities, all of which hold in one of the pieces: curves, and the side of each."""

    pieces: tuple[tuple[tuple[Boundary, int], ...], ...]

    @classmethod
    def of(cls, region: Basic, letters: tuple[Symbol, Symbol]) -> _Region:
        pieces = []
        for piece in sympy.Or.make_args(region):
            relations = [part for part in sympy.And.make_args(piece) if part != sympy.true]
            pieces.append(tuple((_curve(one, letters), 1 if one.rel_op.startswith(">") else -1) for one in relations))
        return cls(tuple(pieces))

    def holds(self, point: Point) -> bool:
        return any(all(curve.sign(point) == side for curve, side in piece) for piece in self.pieces)


def _curve(relation: Relational, letters: tuple[Symbol, Symbol]) -> Boundary:
    return Boundary(expression=relation.lhs - relation.rhs, letters=letters)


def phase_diagram(
    *,
    noise: NumberLike = 0,
    budget: Budget | str | None = None,
    schedule: Schedule | str | None = None,
    warmup: NumberLike | None = None,
    shape: Shape | None = None,
    step_size: str | Choice | None = None,
    free_batch: bool = False,
    outputs: NumberLike | None = None,
    normalisation: str | None = None,
    outputs_free: bool = False,
    compute: NumberLike | None = None,
    optimiser: Optimiser | DanaDecaying | str | None = None,
    parameterisation: str = "linear",
    paper_letters: bool = True,
) -> PhaseDiagram:
    """Derive the phase diagram of any question that `exponents` answers.

    Parameters
    ----------
    noise : number, default 0
        As in `exponents`.
    budget : Budget or str or None, default None
        As in `exponents`.
    schedule : Schedule or str or None, default None
        As in `exponents`.
    warmup : number or None, default None
        As in `exponents`.
    shape : Shape or None, default None
        As in `exponents`.
    step_size : str or Choice or None, default None
        As in `exponents`.
    free_batch : bool, default False
        As in `exponents`.
    outputs : number or None, default None
        As in `exponents`.
    normalisation : str or None, default None
        As in `exponents`.
    outputs_free : bool, default False
        As in `exponents`.
    compute : number or None, default None
        As in `exponents`.
    optimiser : Optimiser or DanaDecaying or str or None, default None
        As in `exponents`; where its decay or memory bounds what is derived, the domain says so.
    parameterisation : str, default "linear"
        As in `exponents`.
    paper_letters : bool, default True
        Whether the letters are alpha and beta, or a and b.

    Returns
    -------
    PhaseDiagram
        Phases with their regions, exponents and balance; boundaries; `at` answers at a point.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: the optimal faces found at sample points carry polynomial conditions for their optimality, the validity
    of the terms among them; the plane is cut by all these polynomials; in every open cell one face is verified to
    be optimal, and so it is in the whole cell; cells with the same loss, exponents and balance form a phase.

    Valid: regions are open; on the boundaries terms tie or carry logarithms, and `at` names them.

    Source: derivations D15, D16, D44.

    Examples
    --------
    >>> diagram = phase_diagram()
    >>> sorted(phase.name for phase in diagram.phases)
    ['II', 'III', 'IVa', 'IVb', 'Ia', 'Ib', 'Ic']
    >>> diagram.at(alpha=1, beta="3/4").loss_exponent
    Fraction(5, 7)
    """
    question = read_question(
        noise=noise,
        budget=budget,
        schedule=schedule,
        warmup=warmup,
        shape=shape,
        step_size=step_size,
        free_batch=free_batch,
        outputs=outputs,
        normalisation=normalisation,
        outputs_free=outputs_free,
        compute=compute,
        optimiser=optimiser,
        parameterisation=parameterisation,
    )
    return derived(question, paper_letters=flag(paper_letters, "paper_letters"))


def derived(question: Question, *, paper_letters: bool = True) -> PhaseDiagram:
    """The phase diagram of a question, of any method of training."""
    atlas = Atlas(question, PAPER if paper_letters else OURS)
    cells, columns = atlas.cells()
    groups: dict[Key, list[Point]] = {}
    for point, key in cells.items():
        groups.setdefault(key, []).append(point)
    question.table.check(name for key in groups for name in key.balance)
    borders = separating_curves(atlas, cells, columns)
    names = names_by_key(atlas.locate, paper_letters=paper_letters) if question.named else {}
    inside = regions(cells, borders)
    phases = {key: _phase(key, names.get(key), inside[key], points) for key, points in groups.items()}
    return PhaseDiagram(
        letters=atlas.letters,
        domain=sympy.And(*(sympy.Gt(value, 0) for value in atlas.domain)),
        phases=tuple(phases.values()),
        boundaries=borders,
        question=question,
        certificates=tuple(
            (phases[row.best.key], (atlas.side(row.slow), *row.best.conditions))
            for row in atlas.known()
            if row.best.key in phases
        ),
    )


def _phase(key: Key, name: str | None, region: Basic, samples: list[Point]) -> Phase:
    lower, upper = {}, {}
    for letter, (low, high) in key.exponents:
        lower[letter] = -oo if low is None else low.expression()
        if high != low:
            upper[letter] = oo if high is None else high.expression()
    return Phase(
        name=name,
        loss_exponent=key.loss_exponent.expression(),
        balance=key.balance,
        exponents=lower,
        upper=upper,
        region=region,
        samples=tuple(samples),
    )

