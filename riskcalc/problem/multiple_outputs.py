"""Regression with several outputs on one covariate: each output has its own target, all of them the same features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.display import Displayed, Page
from riskcalc.errors import InvalidInput
from riskcalc.problem.output_noise import Correlation, checked_correlation, checked_covariance, correlation_matrix
from riskcalc.problem.page import formula_of, page_of_problem
from riskcalc.problem.problem import Problem
from riskcalc.problem.signal import ExplicitSignal, GaussianPrior, PowerLawSignal, Signal
from riskcalc.problem.spectrum import Spectrum
from riskcalc.quantity import Number, NumberLike, NumbersLike, Real, is_several, listed, number, of_type, plain, whole

Given = ArrayLike | Number | None

MOST_OUTPUTS = 10**15
MOST_DISTINCT = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class MultipleOutputs(Displayed):
    """Linear regression with several outputs, y_k = <w_k, x> + noise_k for k = 1..P, all on one x.

    The risk is the total one, E sum_k (y_k - <theta_k, S x>)^2: exactly the sum of P scalar risks on one sketch.

    Parameters
    ----------
    spectrum : Spectrum
        Eigenvalues of the covariance of x, which all outputs share.
    signals : iterable of Signal
        One for each distinct output.
    noises : number or sequence of numbers, default 0
        Variances of the label noise of the distinct outputs; a single one is that of every output.
    counts : iterable of number or None, default None
        How many outputs have each signal and noise (one each if not given); a prior is drawn from anew for each of
        them.
    noise_correlation : object, default None
        Of the outputs' label noises, a P x P matrix, or one number for every pair (1: the same noise up to scale),
        or None for independent ones. It does not enter the expected risk; a simulation draws it.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: at least one signal, as many noises and counts; a correlation matrix is symmetric, positive semidefinite,
    with ones on its diagonal.

    Source: D29; the setting of Chen et al. (arXiv 2503.01314).

    Examples
    --------
    >>> from riskcalc.problem import PowerLaw
    >>> problem = MultipleOutputs(
    ...     spectrum=PowerLaw(a=2), signals=[PowerLawSignal(b=2), PowerLawSignal(b=3)], noises=[0, "1/2"]
    ... )
    >>> problem.outputs, problem.noise
    (2, Fraction(1, 2))
    """

    spectrum: Spectrum
    signals: tuple[Signal, ...]
    noises: tuple[Number, ...]
    counts: tuple[int, ...]
    noise_correlation: Correlation

    def __init__(
        self,
        *,
        spectrum: Spectrum,
        signals: Iterable[Signal],
        noises: NumbersLike = 0,
        counts: Iterable[NumberLike] | None = None,
        noise_correlation: Given = None,
    ) -> None:
        each = "a list, one for each distinct output"
        distinct = listed(signals, "signals", each)
        if not distinct:
            raise InvalidInput("signals is empty: give one for each distinct output")
        variances = listed(noises, "noises", each) if is_several(noises) else (noises,) * len(distinct)
        given = (1,) * len(distinct) if counts is None else listed(counts, "counts", each)
        sizes = tuple(whole(count, "counts", least=1) for count in given)
        if not len(distinct) == len(variances) == len(sizes):
            raise InvalidInput(
                f"{len(distinct)} signals, {len(variances)} noises and {len(sizes)} counts: there must be as many, one "
                "for each distinct output"
            )
        if len(distinct) > MOST_DISTINCT:
            raise InvalidInput(
                f"there may be at most {MOST_DISTINCT} distinct outputs, not {len(distinct)}: use counts for equal ones"
            )
        if sum(sizes) > MOST_OUTPUTS:
            raise InvalidInput(f"there may be at most {MOST_OUTPUTS:.0e} outputs, not {sum(sizes):.6g}")
        read = tuple(number(value, "noises") for value in variances)
        for signal, noise in zip(distinct, read, strict=True):
            Problem(spectrum=spectrum, signal=signal, noise=noise)  # each output has to be a valid problem
        for name, value in (
            ("spectrum", spectrum),
            ("signals", distinct),
            ("noises", read),
            ("counts", sizes),
            ("noise_correlation", checked_correlation(noise_correlation, outputs=sum(sizes))),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def every_output(
        cls, problem: Problem, *, outputs: NumberLike, seed: NumberLike | None = None, noise_correlation: Given = None
    ) -> MultipleOutputs:
        """Every output is as hard as `problem`: all terms of the total risk grow like P.

        seed: gives each output random signs of its coefficients; without it all outputs have the same target, or each
        a draw of its own where the signal of `problem` is a `GaussianPrior`.

        >>> from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
        >>> scalar = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise="1/10")
        >>> MultipleOutputs.every_output(scalar, outputs=1000).noise
        Fraction(100, 1)
        """
        of_type(problem, Problem, "problem", "a Problem(...)")
        count = whole(outputs, "outputs", least=1)
        if seed is not None and count > MOST_DISTINCT:
            raise InvalidInput(f"at most {MOST_DISTINCT} outputs have signs of their own, not {count}: leave seed out")
        signals = [problem.signal] if seed is None else _with_signs(problem, count, whole(seed, "seed"))
        return cls(
            spectrum=problem.spectrum,
            signals=signals,
            noises=problem.noise,
            counts=[count] if seed is None else None,
            noise_correlation=noise_correlation,
        )

    @classmethod
    def total(
        cls, problem: Problem, *, outputs: NumberLike, seed: NumberLike | None = None, noise_correlation: Given = None
    ) -> MultipleOutputs:
        """The outputs share the signal power of `problem` equally, and each has its noise.

        Approximation and bias of the total risk do not depend on P; irreducible and the variance of the label noise
        grow like P. seed: as for `every_output`.
        """
        of_type(problem, Problem, "problem", "a Problem(...)")
        count = whole(outputs, "outputs", least=1)
        shared = replace(problem, signal=_divided(problem.signal, count))
        return cls.every_output(shared, outputs=count, seed=seed, noise_correlation=noise_correlation)

    def with_noise_covariance(self, covariance: ArrayLike) -> MultipleOutputs:
        """The same targets, one entry an output, with label noise of this P x P covariance."""
        matrix = checked_covariance(covariance, outputs=self.outputs)
        variances = np.diagonal(matrix)
        # an output without noise is correlated with nothing
        scale = np.sqrt(np.where(variances > 0, variances, 1.0))
        correlation = matrix / scale / scale[:, None]
        np.fill_diagonal(correlation, 1.0)
        return MultipleOutputs(
            spectrum=self.spectrum,
            signals=[problem.signal for problem in self.written_out()],
            noises=variances.tolist(),
            noise_correlation=correlation,
        )

    def page(self) -> Page:
        """Spectrum, signals and noise."""
        return page_of_problem(
            spectrum=self.spectrum,
            signals=self.signals,
            dimension=self.dimension,
            noise=self.noise,
            outputs=self.outputs,
        )

    def __repr__(self) -> str:
        size = "infinite" if self.dimension is None else self.dimension
        told = f"{self.outputs} outputs, {len(self.signals)} distinct, eigenvalues {formula_of(self.spectrum)}"
        return f"MultipleOutputs({told}, dimension {size}, label noise {plain(self.noise)} in total)"

    @property
    def outputs(self) -> int:
        """P, the number of outputs."""
        return sum(self.counts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The scalar problem of each distinct output."""
        pairs = zip(self.signals, self.noises, strict=True)
        return tuple(Problem(spectrum=self.spectrum, signal=signal, noise=noise) for signal, noise in pairs)

    def written_out(self) -> list[Problem]:
        """The scalar problem of every output, one after the other."""
        return [problem for problem, count in zip(self.problems, self.counts, strict=True) for _ in range(count)]

    def noise_covariance(self) -> Real:
        """Covariance of the label noises, shape (P, P)."""
        matrix = correlation_matrix(self.noise_correlation, outputs=self.outputs)
        roots = np.sqrt([float(problem.noise) for problem in self.written_out()])
        return np.asarray(matrix * np.outer(roots, roots))

    def pooled(self) -> tuple[Problem, ...]:
        """The fewest scalar problems whose risks, averaged over sketches, add up to the total risk.

        There the risk is linear in the signal power, so outputs of one power law, fixed or drawn, become one; and so do
        explicit ones.
        """
        groups: dict[object, list[tuple[int, Problem]]] = {}
        for count, problem in zip(self.counts, self.problems, strict=True):
            law = problem.power_law_signal
            key = type(problem.signal) if law is None else law.b
            groups.setdefault(key, []).append((count, problem))
        return tuple(
            Problem(
                spectrum=self.spectrum,
                signal=_sum([(count, problem.power_law_signal or problem.signal) for count, problem in group]),
                noise=_total([(count, problem.noise) for count, problem in group]),
            )
            for group in groups.values()
        )

    @property
    def dimension(self) -> int | None:
        """Ambient dimension v, None when infinite."""
        return self.spectrum.dimension

    @property
    def noise(self) -> Number:
        """The label-noise variances of all outputs, added up."""
        return _total(zip(self.counts, self.noises, strict=True))

    @property
    def is_power_law(self) -> bool:
        """Whether the spectrum and all signals are power laws."""
        return all(problem.is_power_law for problem in self.problems)

    @property
    def random_target(self) -> bool:
        """Whether any target is drawn from a prior, so that the risk is averaged over it."""
        return any(problem.random_target for problem in self.problems)

    def eigenvalues(self) -> Real:
        """lambda_j as a vector of length v (finite dimension)."""
        return self.spectrum.eigenvalues()

    def signal_power(self) -> Real:
        """sum_k lambda_j w_kj^2, of random targets its mean, as a vector of length v (finite dimension)."""
        powers = [count * one.signal_power() for count, one in zip(self.counts, self.problems, strict=True)]
        return np.asarray(np.sum(powers, axis=0))

    def describe(self) -> dict[str, Any]:
        """Everything that defines the problem, as plain JSON values; `noise` is the total one."""
        each = []
        for count, problem in zip(self.counts, self.problems, strict=True):
            scalar = problem.describe()
            own = ("noise", "target", "b", "signal_scale", "signal_signs", "prior")
            each.append({"count": count, **{name: scalar[name] for name in own if name in scalar}})
        described = {name: value for name, value in self.problems[0].describe().items() if name not in each[0]}
        correlation = self.noise_correlation
        if isinstance(correlation, np.ndarray):
            written: Any = correlation.tolist()
        else:
            written = None if correlation is None else plain(correlation)
        total = {"noise": plain(self.noise), "outputs": self.outputs}
        return {**described, **total, "each_output": each, "noise_correlation": written}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MultipleOutputs) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        correlation = self.noise_correlation
        if isinstance(correlation, np.ndarray):
            return (self.spectrum, self.signals, self.noises, self.counts, correlation.tobytes())
        return (self.spectrum, self.signals, self.noises, self.counts, correlation)


Regression = Problem | MultipleOutputs


def as_one(problem: Regression) -> Problem:
    """The scalar problem whose risk, averaged over sketches, is the total one; refused where there are several laws."""
    if isinstance(problem, Problem):
        return problem
    pooled = problem.pooled()
    if len(pooled) > 1:
        raise InvalidInput(
            "these outputs follow several power laws, so no scalar problem has their total risk: ask for each output"
        )
    return pooled[0]


def with_spectrum(problem: Regression, spectrum: Spectrum) -> Regression:
    """The same signals and noise on another spectrum."""
    if isinstance(problem, Problem):
        return replace(problem, spectrum=spectrum)
    return MultipleOutputs(
        spectrum=spectrum,
        signals=problem.signals,
        noises=problem.noises,
        counts=problem.counts,
        noise_correlation=problem.noise_correlation,
    )


def with_noise(problem: Regression, noise: NumberLike) -> Regression:
    """The same with label noise of this variance, of every output."""
    if isinstance(problem, Problem):
        return replace(problem, noise=noise)
    return MultipleOutputs(
        spectrum=problem.spectrum,
        signals=problem.signals,
        noises=noise,
        counts=problem.counts,
        noise_correlation=problem.noise_correlation,
    )


def _with_signs(problem: Problem, count: int, seed: int) -> list[Signal]:
    signal = problem.signal
    if isinstance(signal, GaussianPrior):
        raise InvalidInput("under a Gaussian prior every output draws a target of its own: leave the seed of signs out")
    if not isinstance(signal, PowerLawSignal):
        raise InvalidInput("random signs are for a power-law signal: give explicit signals one by one")
    return [replace(signal, signs=seed + place) for place in range(count)]


def _divided(signal: Signal, count: int) -> Signal:
    if isinstance(signal, ExplicitSignal):
        return ExplicitSignal(signal.values / np.sqrt(count))
    return replace(signal, scale=signal.scale / count)


def _sum(parts: list[tuple[int, Signal]]) -> Signal:
    """A signal with the power of all parts, which are of one law, together."""
    if len(parts) == 1 and parts[0][0] == 1:
        return parts[0][1]
    explicit = [count * signal.values**2 for count, signal in parts if isinstance(signal, ExplicitSignal)]
    if explicit:
        return ExplicitSignal(np.sqrt(np.sum(explicit, axis=0)))
    scaled = [(count, signal) for count, signal in parts if not isinstance(signal, ExplicitSignal)]
    first, scale = scaled[0][1], _total([(count, signal.scale) for count, signal in scaled])
    return PowerLawSignal(b=first.b, scale=scale) if isinstance(first, PowerLawSignal) else replace(first, scale=scale)


def _total(parts: Iterable[tuple[int, Number]]) -> Number:
    """sum of count * value, exact where all values are."""
    pairs = list(parts)
    if all(isinstance(value, Fraction) for _, value in pairs):
        return sum((Fraction(count) * value for count, value in pairs), start=Fraction(0))
    return float(sum(count * float(value) for count, value in pairs))
