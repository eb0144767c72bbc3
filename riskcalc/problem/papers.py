"""The letters of each paper: frozen values that know their source and translate to our exponents and back.

Rational letters are translated exactly; `exponents` and `from_exponents` undo each other.
"""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import ClassVar, Self

from riskcalc.errors import InvalidInput
from riskcalc.problem.translation import Convention, Gradient, Letters
from riskcalc.quantity import GivenNumber, Number, NumberLike, frozen, number, plain


@frozen(kw_only=True)
class Lin2024:
    """Sketched linear regression: our own letters.

    Formula: lambda_j = j^-a, lambda_j E<v_j, w>^2 = j^-b.
    Source: assumption 2 and theorem 4.2, which has 1 < b < a + 1. Their update takes one sample a step.
    """

    a: GivenNumber
    b: GivenNumber

    convention: ClassVar[Convention] = Convention(
        authors="Lin, Wu, Kakade, Bartlett, Lee",
        title="Scaling Laws in Linear Regression: Compute, Parameters, and Data",
        arxiv="2406.08466",
        model_size="M",
        gradient=Gradient.MEAN,
        risk_factor=Fraction(1),
    )

    def __post_init__(self) -> None:
        _read(self, positive="a")

    def exponents(self) -> tuple[Number, Number]:
        return self.a, self.b

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        return cls(a=_spectral(a), b=_source(b))


@frozen(kw_only=True)
class Paquette2024:
    """Power-law random features, "4+3 phases": data x_j = j^-alpha z_j, target coefficients j^-beta.

    Formula: a = 2 alpha, b = 2 alpha + 2 beta. Their update sums the gradients of the batch, so our step size
    is theirs times B. Their d is our M, their v our v; they have no label noise.

    >>> Paquette2024(alpha=1, beta="3/4").exponents()
    (Fraction(2, 1), Fraction(7, 2))
    """

    alpha: GivenNumber
    beta: GivenNumber

    convention: ClassVar[Convention] = Convention(
        authors="Paquette, Paquette, Xiao, Pennington",
        title="4+3 Phases of Compute-Optimal Neural Scaling Laws",
        arxiv="2405.15074",
        model_size="d",
        gradient=Gradient.SUM,
        risk_factor=Fraction(1),
    )

    def __post_init__(self) -> None:
        _read(self, positive="alpha")

    def exponents(self) -> tuple[Number, Number]:
        return 2 * self.alpha, 2 * self.alpha + 2 * self.beta

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        spectral, source = _spectral(a), _source(b)
        return cls(alpha=spectral / 2, beta=(source - spectral) / 2)


@frozen(kw_only=True)
class Bordelon2024:
    """Dynamical mean-field model of a random feature model: the same two letters, swapped.

    Formula: lambda_k = k^-b and lambda_k w_k^2 = k^-a in their letters: our a is their b, our b their a.
    They train by gradient flow, so there is no step size to translate. Their N is our M.
    """

    a: GivenNumber
    b: GivenNumber

    convention: ClassVar[Convention] = Convention(
        authors="Bordelon, Atanasov, Pehlevan",
        title="A Dynamical Model of Neural Scaling Laws",
        arxiv="2402.01092",
        model_size="N",
    )

    def __post_init__(self) -> None:
        _read(self, positive="b")

    def exponents(self) -> tuple[Number, Number]:
        return self.b, self.a

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        return cls(a=_source(b), b=_spectral(a))


@frozen(kw_only=True)
class Bordelon2024b:
    """Feature learning model, whose lazy limit is our problem: capacity alpha, source beta.

    Formula: a = alpha, b = 1 + alpha beta; beta < 1 (their hard tasks) means b < a + 1. Their N is our M.
    """

    alpha: GivenNumber
    beta: GivenNumber

    convention: ClassVar[Convention] = Convention(
        authors="Bordelon, Atanasov, Pehlevan",
        title="How Feature Learning Can Improve Neural Scaling Laws",
        arxiv="2409.17858",
        model_size="N",
    )

    def __post_init__(self) -> None:
        _read(self, positive="alpha")

    def exponents(self) -> tuple[Number, Number]:
        return self.alpha, 1 + self.alpha * self.beta

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        spectral, source = _spectral(a), _source(b)
        return cls(alpha=spectral, beta=(source - 1) / spectral)


@frozen(kw_only=True)
class Li2025:
    """Functional scaling laws: capacity exponent beta, source exponent s.

    Formula: a = beta, b = 1 + s beta. Their learning rate eta = h phi multiplies the batch mean, as ours
    does; the rate gamma in their noise integral is eta/B. Their risk has the factor 1/2.
    """

    beta: GivenNumber
    s: GivenNumber

    convention: ClassVar[Convention] = Convention(
        authors="Li, Chen, Huang, Wang, Wu",
        title="Functional Scaling Laws in Kernel Regression: Loss Dynamics and Learning Rate Schedules",
        arxiv="2509.19189",
        model_size="M",
        gradient=Gradient.MEAN,
        risk_factor=Fraction(1, 2),
    )

    def __post_init__(self) -> None:
        _read(self, positive="beta")

    def exponents(self) -> tuple[Number, Number]:
        return self.beta, 1 + self.s * self.beta

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        spectral, source = _spectral(a), _source(b)
        return cls(beta=spectral, s=(source - 1) / spectral)


@frozen(kw_only=True)
class _CapacityAndSource:
    alpha: GivenNumber
    r: GivenNumber

    def __post_init__(self) -> None:
        _read(self, positive="alpha")

    def exponents(self) -> tuple[Number, Number]:
        return self.alpha, 1 + 2 * self.alpha * self.r

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        spectral, source = _spectral(a), _source(b)
        return cls(alpha=spectral, r=(source - 1) / (2 * spectral))


class Atanasov2024(_CapacityAndSource):
    """Ridge regression and linear random features by renormalisation: capacity alpha, source r.

    Formula: a = alpha, b = 1 + 2 alpha r. Their N is our M.
    """

    convention: ClassVar[Convention] = Convention(
        authors="Atanasov, Zavatone-Veth, Pehlevan",
        title="Scaling and renormalization in high-dimensional regression",
        arxiv="2405.00592",
        model_size="N",
    )


class Defilippis2024(_CapacityAndSource):
    """Random feature ridge regression, dimension-free: capacity alpha, source r.

    Formula: a = alpha, b = 1 + 2 alpha r, where lambda_k = xi_k^2 and lambda_k w_k^2 = beta_k^2 in their
    letters. Their p is our M.
    """

    convention: ClassVar[Convention] = Convention(
        authors="Defilippis, Loureiro, Misiakiewicz",
        title="Dimension-free deterministic equivalents and scaling laws for random feature regression",
        arxiv="2405.15699",
        model_size="p",
    )


@frozen(kw_only=True)
class Maloney2022:
    """Generative data and random features with an isotropic teacher: one letter for both exponents.

    Formula: a = b = 1 + alpha. Valid: alpha > 0, so a > 1; a problem with b != a has no counterpart there.
    Their N is our M.
    """

    alpha: GivenNumber

    convention: ClassVar[Convention] = Convention(
        authors="Maloney, Roberts, Sully",
        title="A Solvable Model of Neural Scaling Laws",
        arxiv="2210.16859",
        model_size="N",
    )

    def __post_init__(self) -> None:
        _read(self, positive="alpha")

    def exponents(self) -> tuple[Number, Number]:
        return 1 + self.alpha, 1 + self.alpha

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        spectral, source = _spectral(a), _source(b)
        if spectral != source:
            raise InvalidInput(
                f"a={plain(spectral)}, b={plain(source)} has no counterpart in arXiv {cls.convention.arxiv}: "
                "its isotropic teacher forces b = a"
            )
        return cls(alpha=spectral - 1)


PAPERS: tuple[type[Letters], ...] = (
    Lin2024,
    Paquette2024,
    Bordelon2024,
    Bordelon2024b,
    Li2025,
    Atanasov2024,
    Defilippis2024,
    Maloney2022,
)


def _read(letters: object, *, positive: str) -> None:
    for letter in fields(letters):  # type: ignore[arg-type]
        object.__setattr__(letters, letter.name, number(getattr(letters, letter.name), letter.name))
    value = getattr(letters, positive)
    if value <= 0:
        raise InvalidInput(f"{positive} must be positive, not {plain(value)}: it makes the eigenvalues decay")


def _spectral(a: NumberLike) -> Number:
    read = number(a, "a")
    if read <= 0:
        raise InvalidInput(f"a must be positive, not {plain(read)}: eigenvalues j^-a have to decay")
    return read


def _source(b: NumberLike) -> Number:
    return number(b, "b")
