"""The flags that choose the road and its settings, and the method they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from riskcalc.cli.problem_flags import Flags, flags_of
from riskcalc.cli.word import Word
from riskcalc.cli.writing import note
from riskcalc.curve import Method
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.exact import Exact
from riskcalc.exact.over_sketches import COMBINED
from riskcalc.quantity import number, whole

if TYPE_CHECKING:
    from riskcalc.simulation import Gaussian, Rademacher, StudentT

MOST_SKETCHES = 100_000
TOLERANCE = "1e-9"
_COVARIATES = "gaussian, rademacher, student:DF"

# Which flags a road reads. A script may well pass a seed to any road: where nothing is drawn it changes nothing. A road
# that cannot do what one of the others asks must not pretend that it did.
_HARMLESS = ("seed",)
_READS = {
    "equivalent": ("tolerance", "finite_size"),
    "exact": ("tolerance", "seed", "sketches", "combine"),
    "asymptotic": (),
    "montecarlo": ("runs", "seed", "sketches", "simulator", "covariates"),
}

method_flags = flags_of(
    click.option(
        "--method",
        type=Word(list(_READS)),
        default="equivalent",
        show_default=True,
        help="Deterministic equivalent, exact given the sketch, leading terms, or simulated; exact and montecarlo need "
        "--dimension.",
    ),
    click.option(
        "--tolerance",
        metavar="E",
        help=f"Relative accuracy to verify (equivalent, exact).  [default: {TOLERANCE}]",
    ),
    click.option(
        "--finite-size",
        is_flag=True,
        default=None,
        help="What averages over sketches add at order 1/M, and how one sketch scatters (equivalent).",
    ),
    click.option(
        "--seed",
        metavar="S",
        help="Seed of the sketch and of the samples (exact, montecarlo).  [default: 0]",
    ),
    click.option("--sketches", metavar="K", help="Average over K sketches (exact, montecarlo).  [default: 1]"),
    click.option(
        "--combine",
        type=Word(list(COMBINED)),
        help="The sketches: by their mean, that of those within their limit of stability, or their median (exact).  "
        "[default: mean]",
    ),
    click.option("--runs", metavar="R", help="Simulated runs for each sketch (montecarlo).  [default: 200]"),
    click.option(
        "--simulator",
        type=Word(["reduced", "ambient"]),
        help="Simulate the features, or the covariates themselves (montecarlo).  [default: reduced if gaussian]",
    ),
    click.option(
        "--covariates",
        metavar="LAW",
        help=f"Law of the covariates: {_COVARIATES} (montecarlo).  [default: gaussian]",
    ),
)


def read_method(flags: Flags) -> Method:
    """The method that the flags of `method_flags` ask for."""
    name = str(flags["method"])
    seed, runs = _seed(flags), _runs(flags)  # read on every road, so that what is none is refused on every road
    _check_flags(name, flags)
    if name == "equivalent":
        return Equivalent(tolerance=_tolerance(flags), finite_size=flags["finite_size"] is not None)
    if name == "exact":
        combine = _given(flags, "combine", "mean")
        return Exact(seed=seed, sketches=_sketches(flags), combine=combine, tolerance=_tolerance(flags))
    if name == "asymptotic":
        from riskcalc.asymptotic import Asymptotic

        return Asymptotic()
    return _monte_carlo(flags, seed=seed, runs=runs)


def _check_flags(method: str, flags: Flags) -> None:
    readers = {flag: [road for road, reads in _READS.items() if flag in reads] for flag in flags}
    for flag, roads in readers.items():
        if roads and method not in roads and flags[flag] is not None:
            if flag not in _HARMLESS:
                raise InvalidInput(
                    f"--{flag.replace('_', '-')} has no meaning with --method {method}: it belongs to "
                    f"{' and '.join(roads)}"
                )
            note(f"--{flag} has no effect with --method {method}")


def _given(flags: Flags, name: str, default: str) -> str:
    value = flags[name]
    return default if value is None else value


def _tolerance(flags: Flags) -> float:
    tolerance = float(number(_given(flags, "tolerance", TOLERANCE), "--tolerance"))
    if tolerance <= 0:
        raise InvalidInput(f"--tolerance must be positive, not {flags['tolerance']}")
    return tolerance


def _seed(flags: Flags) -> int:
    return whole(_given(flags, "seed", "0"), "--seed")


def _runs(flags: Flags) -> int:
    return whole(_given(flags, "runs", "200"), "--runs", least=1)


def _sketches(flags: Flags) -> int:
    sketches = whole(_given(flags, "sketches", "1"), "--sketches", least=1)
    if sketches > MOST_SKETCHES:
        raise InvalidInput(f"--sketches goes up to {MOST_SKETCHES}, but {flags['sketches']} was asked")
    return sketches


def _monte_carlo(flags: Flags, *, seed: int, runs: int) -> Method:
    from riskcalc.simulation import Ambient, Gaussian, MonteCarlo, Reduced

    covariates = _covariates(_given(flags, "covariates", "gaussian"))
    gaussian = isinstance(covariates, Gaussian)
    if flags["simulator"] == "reduced" and not gaussian:
        raise InvalidInput("--simulator reduced knows Gaussian covariates only: use --simulator ambient")
    reduced = gaussian and flags["simulator"] != "ambient"
    return MonteCarlo(
        runs=runs,
        seed=seed,
        sketch_seed=seed,  # the sketch that --method exact draws from the same seed
        sketches=_sketches(flags),
        simulator=Reduced() if reduced else Ambient(covariates=covariates),
    )


def _covariates(text: str) -> Gaussian | Rademacher | StudentT:
    from riskcalc.simulation import Gaussian, Rademacher, StudentT

    name, colon, parameter = text.strip().partition(":")
    if name == "gaussian" and not colon:
        return Gaussian()
    if name == "rademacher" and not colon:
        return Rademacher()
    if name == "student" and parameter:
        return StudentT(number(parameter, "the degrees of freedom of --covariates student"))
    raise InvalidInput(f"--covariates must be one of {_COVARIATES} (DF degrees of freedom), not {text!r}")
