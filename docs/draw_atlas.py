"""Derive the diagrams of docs/atlas.md and write it, with its pictures: `python docs/draw_atlas.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sympy
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from riskcalc.asymptotic.shape import Shape, constant, cosine, geometric, polynomial, warmup_stable_decay
from riskcalc.formula.letters import as_latex
from riskcalc.plotting.phase_map import boundary_lines, domain_edges, phase_map
from riskcalc.plotting.phases import place_of_phase
from riskcalc.scaling import Budget, Choice, Phase, PhaseDiagram, compute, data, phase_diagram

DOCS = Path(__file__).parent
WINDOW = (0.0, 4.0, 1.0, 5.0)
POINTS = 240
FREE = compute(step_size=Choice.FREE)
SCHEDULES: dict[str, tuple[str, Shape]] = {
    "constant": ("constant step size", constant()),
    "geometric": ("geometric schedule of Lin et al. (t stands for N/log2 N)", geometric()),
    "cosine": ("cosine schedule", cosine()),
    "wsd": ("warmup, stable, linear decay", warmup_stable_decay(sympy.Rational(1, 4))),
}
BUDGETS: dict[str, Budget] = {
    "compute, largest stable step": compute(),
    "compute, free step": FREE,
    "data, free step": data(),
}
POWERS = ("1/2", "1", "2", "3", "5")
GROWTHS = ("1/8", "1/4", "1/2")

HEADING = """# An atlas of diagrams

Every question that `riskcalc exponents` answers has a diagram: which terms balance where in the plane of a and b, with
what exponents. The regions are derived (D15, D16, D44), and this page with its pictures is written by
`python docs/draw_atlas.py`. Colour is the loss exponent, from 0 (dark) to 1 (bright); black lines are all boundaries;
the numbers are those of the tables. On the boundaries terms tie or carry logarithms: `riskcalc exponents` names them
there, with the powers of log(budget), and says from which budget on the law holds.

```console
$ riskcalc phases --noise 1 --schedule cosine --step-size free --letters a-b --plot cosine.png
```

```python
import riskcalc as rc
from riskcalc.asymptotic.shape import cosine

diagram = rc.phase_diagram(noise=1, shape=cosine(), paper_letters=False)
assert str(diagram.at("17/10", 4).loss_exponent) == "17/42"
```
"""

MOVING = """gamma (1 - s/N)^P at a free step: the line a = P + 1, where the end of the schedule takes the noise over,
moves through the plane, and with it the line below which the largest step is best; for large P the diagram is the
geometric one.
"""


def panels(diagrams: Mapping[str, PhaseDiagram], name: str) -> str:
    """One panel a diagram, beside each other; the link to the picture."""
    figure = Figure(figsize=(3.3 * len(diagrams) + 0.7, 3.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, len(diagrams), sharey=True, squeeze=False)[0]
    image: Any = None
    for ax, (title, diagram) in zip(axes, diagrams.items(), strict=True):
        image = _panel(ax, diagram)
        ax.set_title(title, fontsize=9)
        ax.set_xlabel("$a$")
    axes[0].set_ylabel("$b$")
    figure.colorbar(image, ax=axes, pad=0.01).set_label("loss exponent")
    figure.savefig(DOCS / "pictures" / f"atlas_{name}.png")
    return f"![{', '.join(diagrams)}](pictures/atlas_{name}.png)\n"


def _panel(ax: Any, diagram: PhaseDiagram) -> Any:
    drawn = phase_map(diagram, window=WINDOW, points=POINTS)
    image = ax.imshow(drawn.loss, origin="lower", extent=WINDOW, aspect="auto", cmap="cividis", vmin=0, vmax=1)
    for piece in (piece for _, pieces in boundary_lines(drawn) for piece in pieces):
        ax.plot(*piece.T, color="black", linewidth=1.5)
    for edge in domain_edges(drawn):
        ax.plot(*edge.T, color="#777777", linewidth=1.5)
    for index in range(len(diagram.phases)):
        (column, row), radius = place_of_phase(drawn, index)
        if radius > 0.004:
            size = 11 if radius > 0.03 else 6.5
            loss = drawn.loss[row, column]
            colour = "black" if loss > 0.6 else "white"
            place = drawn.x[row, column], drawn.y[row, column]
            ax.text(*place, index + 1, ha="center", va="center", fontsize=size, color=colour)
    ax.set_xlim(WINDOW[:2])
    ax.set_ylim(WINDOW[2:])
    return image


def table(diagram: PhaseDiagram, letter: str) -> str:
    """The phases of a diagram, numbered as in its panel."""
    rows = [
        f"| | balance | M ~ {letter}^ | step size ~ {letter}^ | loss ~ 1/{letter}^ | where |",
        "|---|---|---|---|---|---|",
    ]
    for number, phase in enumerate(diagram.phases, start=1):
        loss = f"${as_latex(phase.loss_exponent)}$"
        cells = [" = ".join(phase.balance), _range(phase, "M"), _range(phase, "gamma"), loss]
        rows.append(f"| {number} | {' | '.join(cells)} | {_region(phase)} |")
    return "\n".join(rows) + "\n"


def _range(phase: Phase, letter: str) -> str:
    low, high = phase.exponents[letter], phase.upper.get(letter)
    if high is None:
        return f"${as_latex(low)}$"
    return f"${as_latex(low)}$ or more" if high == sympy.oo else f"${as_latex(low)}$ to ${as_latex(high)}$"


def _region(phase: Phase) -> str:
    if phase.region == sympy.true:
        return "everywhere"
    pieces = [sympy.And.make_args(piece) for piece in sympy.Or.make_args(phase.region)]
    return "; or ".join(", ".join(f"${as_latex(part)}$" for part in piece) for piece in pieces)


def section(title: str, name: str, diagrams: Mapping[str, PhaseDiagram], letters: Sequence[str]) -> str:
    """A picture and the tables below it."""
    parts = [f"## {title}\n", panels(diagrams, name)]
    for (asked, diagram), letter in zip(diagrams.items(), letters, strict=True):
        parts += [f"### {title}: {asked}\n", table(diagram, letter)]
    return "\n".join(parts)


def derived(shape: Shape, budget: Budget, *, noise: int = 1, outputs: bool = False) -> PhaseDiagram:
    normalisation = "total" if outputs else None
    return phase_diagram(budget=budget, shape=shape, noise=noise, normalisation=normalisation, paper_letters=False)


def page() -> str:
    """The whole page; its pictures are written on the way."""
    parts = [HEADING]
    plain = {
        "largest stable step": derived(constant(), compute(), noise=0),
        "free step": derived(constant(), FREE, noise=0),
    }
    parts.append(section("Without label noise", "plain", plain, "CC"))
    for name, (title, shape) in SCHEDULES.items():
        diagrams = {asked: derived(shape, budget) for asked, budget in BUDGETS.items()}
        parts.append(section(f"Label noise, {title}", name, diagrams, "CCN"))
    powers = {f"P = {power}": derived(polynomial(sympy.Rational(power)), FREE) for power in POWERS}
    parts.append("## Label noise, polynomial decay: how the boundaries move with its power\n")
    parts.append(MOVING)
    parts.append(panels(powers, "powers"))
    growing = {
        f"P = C^({x})": derived(geometric(), compute(step_size=Choice.FREE, outputs=x), outputs=True) for x in GROWTHS
    }
    title = "Label noise, outputs that share one signal power, geometric schedule"
    parts.append(section(title, "outputs", growing, "CCC"))
    return "\n".join(parts)


if __name__ == "__main__":
    np.seterr(all="ignore")  # loss exponents outside their phases, where denominators vanish
    (DOCS / "atlas.md").write_text(page(), encoding="utf-8")
