"""A question in words: sentences for a table's head, one line for a report, settings for a picture."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from riskcalc.curve.question import INFINITE, Named, Output, Question
from riskcalc.display import Cell, Formula
from riskcalc.notation import GLOSSARY

_LETTERS = {
    "a": "a",
    "b": "b",
    "dimension": "v",
    "model_size": "M",
    "batch_size": "B",
    "noise": "sigma2",
    "outputs": "P",
}


def problem_sentence(asked: Question) -> str:
    """What is learnt, in one line."""
    spectrum = "explicit eigenvalues" if asked.a is None else f"eigenvalues j^-a, a = {asked.a}"
    if asked.log_a is not None:
        spectrum = f"eigenvalues j^-1 log^-a(j+1), a = {asked.log_a}"
    signal = "explicit target" if asked.b is None else f"signal power j^-b, b = {asked.b}"
    if asked.prior is not None:
        signal = "isotropic prior" if asked.prior == "isotropic" else f"{signal} (gaussian prior)"
    noise = f"label noise {asked.noise}"
    if asked.outputs is not None:
        signal, noise = _outputs_phrase(asked.each_output), f"{noise} in total over {asked.outputs} outputs"
    return f"{spectrum}; {signal}; dimension {asked.dimension}; {noise}"


def training_sentence(asked: Question) -> str:
    """How the model is trained, in one line."""
    words = [f"model size {asked.model_size}"]
    if asked.takes_batches:
        words.append(f"batch size {asked.batch_size}")
    if asked.data is not None:
        words.append(_with_names(asked.data))
    if asked.schedule is not None:
        size = "" if asked.schedule.step_size is None else f" with step size {asked.schedule.step_size}"
        words.append(f"{asked.schedule.spelled} schedule{size}")
        words += [] if asked.schedule.warmed is None else [f"warm-up {asked.schedule.warmed}"]
        words += [] if asked.constant_step else [f"horizon {asked.horizon}"]
    if asked.optimiser is not None:
        words.append(_with_names(asked.optimiser))
    if asked.averaging is not None:
        words.append(f"average of {_with_settings(asked.averaging)}")
    return ", ".join(words)


def in_one_line(asked: Question) -> str:
    """The whole run, briefly."""
    words = [f"{name}={value}" for name, value in (("a", asked.a), ("log_a", asked.log_a)) if value is not None]
    words += ["explicit spectrum"] if asked.explicit_spectrum else []
    words += [] if asked.outputs is None else [f"{asked.outputs} outputs"]
    words += [] if asked.b is None else [f"b={asked.b}"]
    words += [] if asked.prior is None else [f"{asked.prior} prior"]
    words += [f"v={asked.dimension}", f"M={asked.model_size}"]
    words += [f"B={asked.batch_size}"] if asked.takes_batches else []
    words += [f"sigma2={asked.noise}"]
    words += [] if asked.data is None else [_with_names(asked.data)]
    if asked.schedule is not None:
        peak = "" if asked.schedule.step_size is None else f" gamma={asked.schedule.step_size}"
        words.append(f"{_scheduled(asked.schedule)} schedule{peak}")
    words += [] if asked.optimiser is None else [_with_names(asked.optimiser)]
    words += [] if asked.averaging is None else [f"{_with_settings(asked.averaging)} averaged"]
    words += [] if asked.steps is None else [f"steps {asked.steps[0]} to {asked.steps[1]}"]
    return ", ".join(words)


def settings(asked: Question) -> dict[str, Cell]:
    """The settings one by one, by name: for whatever tells of several curves what differs and what is shared."""
    words: dict[str, Cell] = {"eigenvalues": "explicit spectrum"} if asked.explicit_spectrum else {}
    for name, letter in _LETTERS.items():
        value = getattr(asked, name)
        if value is not None and (name != "batch_size" or asked.takes_batches):
            words[name] = _equation(letter, value)
    if asked.log_a is not None:
        latex = rf"\lambda_j \propto j^{{-1}} \log^{{-{_short(asked.log_a)}}}(j+1)"
        words["log_a"] = Formula(text=f"eigenvalues j^-1 log^-{asked.log_a}(j+1)", latex=latex)
    if asked.prior is not None:
        words["prior"] = f"{asked.prior} prior"
    if asked.data is not None:
        words["data"] = _with_names(asked.data)
    if asked.optimiser is not None:
        words["optimiser"] = _with_names(asked.optimiser)
    if asked.averaging is not None:
        words["averaging"] = _mean(asked.averaging)
    if asked.schedule is not None:
        words["schedule"] = _scheduled(asked.schedule)
        if asked.schedule.step_size is not None:
            words["step_size"] = _equation("gamma", asked.schedule.step_size)
        if not asked.constant_step and asked.horizon is not None:
            words["horizon"] = _equation("N", asked.horizon)
    return words


def shared(every: Sequence[Question]) -> list[Cell]:
    """The settings that all of several questions share."""
    first, *others = [settings(asked) for asked in every]
    return [said for name, said in first.items() if all(other.get(name) == said for other in others)]


def differences(every: Sequence[Question]) -> list[list[Cell]]:
    """Of each question, the settings in which it differs from the others."""
    said = [settings(asked) for asked in every]
    names = dict.fromkeys(name for one in said for name in one)  # keeps the order, unlike a set
    differing = [name for name in names if len({one.get(name) for one in said}) > 1]
    return [[one[name] for name in differing if name in one] for one in said]


def _equation(letter: str, value: str) -> Formula:
    return Formula(text=f"{letter} = {value}", latex=f"{GLOSSARY[letter].latex} = {_short(value)}")


def _scheduled(schedule: Named) -> str:
    return schedule.spelled if schedule.warmed is None else f"warm-up {schedule.warmed} and {schedule.spelled}"


def _outputs_phrase(each: Sequence[Output]) -> str:
    """The signals of several outputs."""
    priors = {one.prior for one in each}
    if "isotropic" in priors:
        return "isotropic prior of every output" if priors == {"isotropic"} else "targets of several kinds"
    laws = list(dict.fromkeys(one.b for one in each))
    if None in laws:
        return "explicit targets"
    scales = list(dict.fromkeys(one.signal_scale for one in each))
    scale = f" {scales[0]}" if len(scales) == 1 and scales[0] != "1" else ""
    drawn = "" if priors == {None} else " (gaussian prior)" if priors == {"gaussian"} else " (some drawn)"
    return f"signal power{scale} j^-b of an output, b = {', '.join(map(str, laws))}{drawn}"


def _with_settings(averaging: Named) -> str:
    return " ".join([averaging.name, *map(str, averaging.settings.values())])


def _with_names(named: Named) -> str:
    return " ".join([named.name, *(f"{key} {value}" for key, value in named.settings.items())])


def _mean(averaging: Named) -> str:
    if averaging.name == "tail":
        return f"mean of the last {' '.join(map(str, averaging.settings.values()))} of the iterates"
    if averaging.name == "exponential":
        return f"exponential mean at rate {' '.join(map(str, averaging.settings.values()))}"
    return "mean of all iterates" if averaging.name == "iterates" else averaging.name


def _short(text: object) -> str:
    """A number inside a formula: powers of ten as such, long numbers rounded to four figures."""
    given = str(text)
    if given == INFINITE:
        return r"\infty"
    if given.endswith(" M"):  # a dimension in proportion to the model size
        return rf"{_short(given.removesuffix(' M'))}\,M"
    try:
        number = Fraction(given)
    except (ValueError, ZeroDivisionError):
        return r"\mathrm{?}"
    short = str(number)
    if number.denominator > 1 or len(short) <= 4:
        return short if len(short) <= 6 else f"{float(number):.4g}"
    mantissa, _, power = f"{float(number):.3e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    if mantissa == "1":
        return f"10^{{{int(power)}}}"
    return short if len(short) <= 6 else rf"{mantissa} \times 10^{{{int(power)}}}"
