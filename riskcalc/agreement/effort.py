"""How much a cross-check may compute."""

from __future__ import annotations

from dataclasses import fields

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenFloat, GivenWhole, frozen, given, number, whole


@frozen(kw_only=True)
class Effort:
    """Limits of a cross-check. A run beyond them is checked on a smaller twin, and the report says so.

    draws: random numbers the simulation may draw, about 35 ns each on one core.
    fewest_runs: simulated runs below which a mean is not taken for normal; a single run's risk has heavy tails.
    fewest_sketches, most_sketches: sketches drawn for each of the three model sizes.
    most_sketches_of_one_size: sketches drawn where the equivalent is compared with its shift.
    plain_steps: steps that may be gone through one by one.
    largest_model_size: of a problem whose sketch is drawn once.
    largest_base_size: of the smallest of the three models of the sketch averages.
    largest_dimension: of a power law that is sketched; beyond it, a twin of lower dimension is.
    """

    draws: GivenFloat = given(default=2e8)
    fewest_runs: GivenWhole = given(default=1000)
    fewest_sketches: GivenWhole = given(default=60)
    most_sketches: GivenWhole = given(default=200)
    most_sketches_of_one_size: GivenWhole = given(default=2000)
    plain_steps: GivenWhole = given(default=20_000)
    largest_model_size: GivenWhole = given(default=50)
    largest_base_size: GivenWhole = given(default=30)
    largest_dimension: GivenWhole = given(default=1500)

    def __post_init__(self) -> None:
        object.__setattr__(self, "draws", float(number(self.draws, "draws")))
        if self.draws < 1:
            raise InvalidInput(f"draws must be at least 1, not {self.draws:g}")
        for field in fields(self)[1:]:
            object.__setattr__(self, field.name, whole(getattr(self, field.name), field.name, least=1))
        if self.most_sketches < self.fewest_sketches:
            raise InvalidInput(
                f"most_sketches={self.most_sketches} is less than fewest_sketches={self.fewest_sketches}: "
                "raise the one or lower the other"
            )
