"""The flags that say what is learnt, and the problem they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from riskcalc.cli.completing import a_file
from riskcalc.cli.word import Word
from riskcalc.cli.writing import note
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, whole

if TYPE_CHECKING:
    from riskcalc.problem import Problem

Flags = Mapping[str, str | None]
Command = TypeVar("Command", bound=Callable[..., Any])

_LOGARITHMIC = "log"
_INFINITE = ("infinite", "infinity", "inf", "oo")
_TWO_WAYS = "give --a and --b, or --alpha and --beta"


def flags_of(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several click options as one decorator; help lists them in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def without(*names: str) -> Callable[[Command], Command]:
    """A decorator that takes away flags from those below it, for a command that answers none of their values."""

    def decorate(command: Command) -> Command:
        known: list[click.Parameter] = command.__click_params__  # type: ignore[attr-defined]
        known[:] = [flag for flag in known if flag.name not in names]
        return command

    return decorate


exponent_flags = flags_of(
    click.option("--a", metavar="A", help="Spectrum: covariance eigenvalues j^-A."),
    click.option("--b", metavar="B", help="Signal: power j^-B in direction j."),
    click.option("--alpha", metavar="ALPHA", help="Instead of --a and --b: a = 2 ALPHA."),
    click.option("--beta", metavar="BETA", help="... and b = 2 ALPHA + 2 BETA."),
)

problem_flags = flags_of(
    exponent_flags,
    click.option(
        "--spectrum",
        metavar="log|FILE",
        help="log: eigenvalues j^-1 log^-A(j+1), without --b an isotropic prior. FILE, instead of exponents: measured "
        "eigenvalues and target (.npz, .npy or .csv), the target not needed with --b.",
        shell_complete=a_file,
    ),
    click.option(
        "--prior",
        type=Word(["fixed", "gaussian"]),
        default="fixed",
        show_default=True,
        help="The target: fixed, or drawn with independent normal coefficients of the power that --b names, for every "
        "output anew; the risk is then the mean over targets.",
    ),
    click.option("--dimension", metavar="V", help="Number of eigenvalues.  [default: infinite]"),
    click.option(
        "--noise",
        metavar="S2",
        default="0",
        show_default=True,
        help="Variance of the label noise of an output.",
    ),
)


def read_problem(flags: Flags) -> Problem:
    """The problem that the flags of `problem_flags` ask for."""
    from riskcalc.problem import GaussianPrior, PowerLaw, PowerLawSignal, Problem

    noise = number(flags["noise"], "--noise")
    path, gaussian = flags["spectrum"], flags["prior"] == "gaussian"
    if path == _LOGARITHMIC:
        return _logarithmic(flags, noise, gaussian=gaussian)
    if path is not None:
        return _from_file(path, flags, noise)
    a, b = read_exponents(flags, otherwise=", or --spectrum FILE")
    spectrum = PowerLaw(a=a, dimension=_dimension(flags["dimension"]))
    signal = GaussianPrior(b=b) if gaussian else PowerLawSignal(b=b)
    return Problem(spectrum=spectrum, signal=signal, noise=noise)


def _from_file(path: str, flags: Flags, noise: Number) -> Problem:
    from riskcalc.problem import GaussianPrior, PowerLawSignal, load_problem

    given = [name for name in ("a", "alpha", "beta", "dimension") if flags[name] is not None]
    if given:
        raise InvalidInput(f"--spectrum already has the eigenvalues: leave --{given[0]} out")
    gaussian = flags["prior"] == "gaussian"
    if flags["b"] is None:
        if gaussian:
            raise InvalidInput("--spectrum FILE has a target of its own: leave --prior gaussian out, or give --b")
        return load_problem(path, noise=noise)
    b = number(flags["b"], "--b")
    problem = load_problem(path, noise=noise, signal=GaussianPrior(b=b) if gaussian else PowerLawSignal(b=b))
    note(f"--b {flags['b']} says the signal: a target in {path} is not used")
    return problem


def _logarithmic(flags: Flags, noise: Number, *, gaussian: bool) -> Problem:
    from riskcalc.problem import GaussianPrior, LogarithmicPowerLaw, PowerLawSignal, Problem

    if flags["a"] is None or flags["alpha"] is not None or flags["beta"] is not None:
        raise InvalidInput("--spectrum log takes the power of its logarithm by --a, its signal by --b or not at all")
    spectrum = LogarithmicPowerLaw(a=number(flags["a"], "--a"), dimension=_dimension(flags["dimension"]))
    if flags["b"] is None:
        return Problem(spectrum=spectrum, signal=GaussianPrior(), noise=noise)
    b = number(flags["b"], "--b")
    signal = GaussianPrior(b=b) if gaussian else PowerLawSignal(b=b)
    problem = Problem(spectrum=spectrum, signal=signal, noise=noise)
    note(f"--b {flags['b']} says the signal, which without it has an isotropic prior")
    return problem


def read_exponents(flags: Flags, *, otherwise: str = "") -> tuple[Number, Number]:
    """a and b from the flags of `exponent_flags`."""
    given = read_letters(flags, otherwise=otherwise)
    if "a" in given:
        return given["a"], given["b"]
    from riskcalc.problem import Paquette2024

    return Paquette2024(**given).exponents()


def read_letters(flags: Flags, *, otherwise: str = "") -> dict[str, Number]:
    """The two letters given by the flags of `exponent_flags`: a and b, or alpha and beta."""
    ours, theirs = _given(flags, "a", "b"), _given(flags, "alpha", "beta")
    if ours and theirs:
        both = f"--{next(iter(ours))} and --{next(iter(theirs))}"
        raise InvalidInput(f"{both} belong to two ways to give the problem: {_TWO_WAYS}, not both")
    if not ours and not theirs:
        raise InvalidInput(f"no problem is given: {_TWO_WAYS}{otherwise}")
    if len(ours) + len(theirs) == 1:
        present = next(iter(ours or theirs))
        partner = {"a": "b", "b": "a", "alpha": "beta", "beta": "alpha"}[present]
        raise InvalidInput(f"--{partner} is missing beside --{present}: {_TWO_WAYS}")
    return ours or theirs


def _given(flags: Flags, *names: str) -> dict[str, Number]:
    return {name: number(flags[name], f"--{name}") for name in names if flags[name] is not None}


def _dimension(text: str | None) -> int | None:
    if text is None or text.strip().lower() in _INFINITE:
        return None
    return whole(text, "--dimension", least=1)
