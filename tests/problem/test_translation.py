"""Translation between the papers' letters: exact, both ways, and in agreement with what the letters mean."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.errors import InvalidInput, RiskcalcError
from riskcalc.problem import (
    PAPERS,
    Atanasov2024,
    Bordelon2024,
    Bordelon2024b,
    Defilippis2024,
    Li2025,
    Lin2024,
    Maloney2022,
    Paquette2024,
    our_risk,
    our_step_size,
    their_risk,
    their_step_size,
    translate,
)

positive = st.builds(Fraction, st.integers(1, 1000), st.integers(1, 100))
real = st.builds(Fraction, st.integers(-1000, 1000), st.integers(1, 100))
moderate = st.builds(Fraction, st.integers(1, 60), st.integers(20, 40))
few = settings(deadline=None, max_examples=30)
GENERAL = [paper for paper in PAPERS if paper is not Maloney2022]


@pytest.mark.parametrize("paper", GENERAL)
@few
@given(a=positive, b=real)
def test_our_exponents_come_back_from_every_paper(paper: Any, a: Fraction, b: Fraction) -> None:
    there = paper.from_exponents(a=a, b=b)
    assert there.exponents() == (a, b)
    assert all(isinstance(exponent, Fraction) for exponent in there.exponents())


@pytest.mark.parametrize(
    ("paper", "first", "second"),
    [
        (Lin2024, "a", "b"),
        (Paquette2024, "alpha", "beta"),
        (Bordelon2024, "b", "a"),
        (Bordelon2024b, "alpha", "beta"),
        (Li2025, "beta", "s"),
        (Atanasov2024, "alpha", "r"),
        (Defilippis2024, "alpha", "r"),
    ],
)
@few
@given(spectral=positive, source=real)
def test_every_papers_letters_come_back_from_ours(
    paper: Any, first: str, second: str, spectral: Fraction, source: Fraction
) -> None:
    letters = paper(**{first: spectral, second: source})
    a, b = letters.exponents()
    assert paper.from_exponents(a=a, b=b) == letters


@few
@given(alpha=positive)
def test_the_isotropic_teacher_comes_back_too(alpha: Fraction) -> None:
    letters = Maloney2022(alpha=alpha)
    a, b = letters.exponents()
    assert a == b == 1 + alpha
    assert Maloney2022.from_exponents(a=a, b=b) == letters


@few
@given(a=positive, b=real, there=st.sampled_from(GENERAL), back=st.sampled_from(GENERAL))
def test_translation_from_paper_to_paper_keeps_the_problem(
    a: Fraction, b: Fraction, there: Any, back: Any
) -> None:
    letters = there.from_exponents(a=a, b=b)
    assert translate(translate(letters, to=back), to=there) == letters


# Each row: the letters, then a and b worked out by hand from the definitions in the paper.
@pytest.mark.parametrize(
    ("letters", "a", "b"),
    [
        (Lin2024(a=2, b="5/2"), 2, Fraction(5, 2)),
        (Paquette2024(alpha=1, beta="3/4"), 2, Fraction(7, 2)),
        (Paquette2024(alpha="7/10", beta="-1/10"), Fraction(7, 5), Fraction(6, 5)),
        (Bordelon2024(a=2, b=1), 1, 2),
        (Bordelon2024b(alpha=2, beta="1/2"), 2, 2),
        (Li2025(beta=4, s="1/2"), 4, 3),
        (Atanasov2024(alpha=2, r="1/2"), 2, 3),
        (Defilippis2024(alpha="3/2", r=1), Fraction(3, 2), 4),
        (Maloney2022(alpha=1), 2, 2),
    ],
)
def test_worked_examples(letters: Any, a: Fraction, b: Fraction) -> None:
    assert letters.exponents() == (a, b)


@few
@given(a=positive)
def test_the_boundaries_that_the_papers_name_fall_where_they_should(a: Fraction) -> None:
    learnable = {"a": a, "b": a + 1}
    assert Paquette2024.from_exponents(**learnable).beta == Fraction(1, 2)
    assert Bordelon2024b.from_exponents(**learnable).beta == 1
    assert Atanasov2024.from_exponents(**learnable).r == Fraction(1, 2)
    assert Defilippis2024.from_exponents(a=a, b=2 * a + 1).r == 1
    assert Li2025.from_exponents(a=a, b=a).s == 1 - 1 / a
    equal = Paquette2024.from_exponents(a=a, b=2 * a)
    assert equal.alpha == equal.beta


@few
@given(alpha=moderate, beta=moderate, j=st.integers(min_value=1, max_value=50))
def test_data_and_target_of_the_random_features_paper_give_our_eigenvalues_and_signal(
    alpha: Fraction, beta: Fraction, j: int
) -> None:
    a, b = Paquette2024(alpha=alpha, beta=beta).exponents()
    variance, coefficient = float(j) ** (-2 * float(alpha)), float(j) ** -float(beta)
    assert variance == pytest.approx(float(j) ** -float(a), rel=1e-12)
    assert variance * coefficient**2 == pytest.approx(float(j) ** -float(b), rel=1e-10)


@few
@given(step=positive, batch=st.integers(min_value=1, max_value=100), z=positive)
def test_summing_over_the_batch_with_their_step_size_is_averaging_with_ours(
    step: Fraction, batch: int, z: Fraction
) -> None:
    ours = our_step_size(Paquette2024, step, batch_size=batch)
    theirs_factor = 1 - 2 * step * batch * z + step**2 * batch * (batch + 1) * z**2
    assert 1 - 2 * ours * z + ours**2 * (1 + Fraction(1, batch)) * z**2 == theirs_factor
    assert ours**2 / batch == step**2 * batch  # strength of the noise fed back into the modes
    assert their_step_size(Paquette2024, ours, batch_size=batch) == step


@pytest.mark.parametrize("paper", [Lin2024, Li2025])
def test_batch_means_need_no_conversion(paper: Any) -> None:
    assert our_step_size(paper, "1/10", batch_size=8) == Fraction(1, 10)
    assert their_step_size(paper, "1/10", batch_size=8) == Fraction(1, 10)


def test_a_risk_with_a_factor_one_half_is_half_of_ours() -> None:
    assert their_risk(Li2025, "1/2") == Fraction(1, 4)
    assert our_risk(Li2025, "1/4") == Fraction(1, 2)
    assert our_risk(Paquette2024, "1/4") == their_risk(Lin2024, "1/4") == Fraction(1, 4)


@pytest.mark.parametrize("paper", [Bordelon2024, Atanasov2024, Maloney2022])
def test_papers_without_sgd_steps_have_no_step_size_and_no_recorded_risk(paper: Any) -> None:
    for convert in (our_step_size, their_step_size):
        with pytest.raises(InvalidInput, match=paper.convention.arxiv):
            convert(paper, "1/10")
    for convert in (our_risk, their_risk):
        with pytest.raises(InvalidInput, match=paper.convention.arxiv):
            convert(paper, "1/10")


def test_a_problem_that_breaks_a_papers_prior_is_refused() -> None:
    with pytest.raises(InvalidInput, match="b = a"):
        Maloney2022.from_exponents(a=2, b=3)
    with pytest.raises(InvalidInput, match="alpha must be positive"):
        Maloney2022.from_exponents(a=1, b=1)


@pytest.mark.parametrize("paper", PAPERS)
@few
@given(
    a=st.one_of(st.floats(), st.text(max_size=5), st.integers(), st.none()),
    b=st.one_of(st.floats(), st.text(max_size=5), st.integers(), st.none()),
)
def test_any_input_is_translated_or_refused_with_the_packages_own_error(
    paper: Any, a: object, b: object
) -> None:
    try:
        letters = paper.from_exponents(a=a, b=b)
    except RiskcalcError:
        return
    assert letters.exponents()[0] > 0


def test_letters_are_frozen_and_every_paper_says_where_they_come_from() -> None:
    with pytest.raises(FrozenInstanceError):
        Lin2024(a=2, b=3).a = 4  # type: ignore[misc]
    arxiv = {paper.convention.arxiv for paper in PAPERS}
    assert len(arxiv) == len(PAPERS)
    assert all(paper.convention.authors and paper.convention.title for paper in PAPERS)
    assert {paper.__name__: paper.convention.model_size for paper in PAPERS} == {
        "Lin2024": "M",
        "Paquette2024": "d",
        "Bordelon2024": "N",
        "Bordelon2024b": "N",
        "Li2025": "M",
        "Atanasov2024": "N",
        "Defilippis2024": "p",
        "Maloney2022": "N",
    }
