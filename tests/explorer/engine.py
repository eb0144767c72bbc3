"""The scripts of the page in an engine without a page: numbers asked of them in JavaScript, answered as JSON."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from riskcalc.explorer.questions import Asked
from riskcalc.explorer.writing import script

WITHOUT_A_PAGE = ("rationals.js", "special.js", "schedules.js", "phases.js", "leading.js")

# what a point is asked: its phase, its exponents, and the parts of one curve
ASKED = """
const answerAt = ([alpha, beta], question, setting) => {
  const point = { alpha: readRational(alpha), beta: readRational(beta) }, found = phaseAt(question, point);
  const phase = found.phase ?? (found.tie ?? [])[0];
  const text = index => (index === null ? null : toText(fractionAt(index, point)));
  const answer = { phase: found.phase ? found.phase.name : null, loss: null, exponents: {} };
  answer.tie = Boolean(found.tie && found.tie.length);
  answer.edge = Boolean(found.edge);
  if (phase) {
    answer.loss = text(phase.loss);
    answer.balance = found.phase ? phase.balance : [...new Set(found.tie.flatMap(one => one.balance))];
    const exponents = found.phase ? Object.entries(phase.exponents) : [];
    for (const [name, ends] of exponents) answer.exponents[name] = ends.map(text);
  }
  if (setting) {
    const curve = leadingTerms(point, setting);
    answer.refusal = curve.refusal ?? null;
    const parts = () => setting.steps.map(t => curve.at(t));
    if (!curve.refusal) Object.assign(answer, { kappa: curve.kappa, first: curve.first, parts: parts() });
  }
  return answer;
};
"""


def answers(asked: Sequence[Asked], request: str) -> Any:
    """What node makes of the request, an expression in the names of the page's scripts."""
    engine = shutil.which("node")
    if engine is None:
        pytest.skip("node is not installed: the numbers of the page are checked in the browser tests alone")
    text = f"{_script(tuple(asked))}\n{ASKED}\nprocess.stdout.write(JSON.stringify({request}));"
    # a page that never answers is a page that hangs
    found = subprocess.run([engine, "-"], input=text, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 0, found.stderr[-2000:]
    return json.loads(found.stdout)


@cache
def _script(asked: tuple[Asked, ...]) -> str:
    return script(asked, WITHOUT_A_PAGE)


def written(points: Sequence[tuple[Fraction, Fraction]]) -> str:
    """Points as the page reads them."""
    return json.dumps([[str(x), str(y)] for x, y in points])


def random_points(count: int, seed: int) -> list[tuple[Fraction, Fraction]]:
    """Rational points of the plane with a power law; small denominators, so that some lie on boundaries."""
    draw, found = random.Random(seed), []
    while len(found) < count:
        bottom = draw.choice((2, 4, 10, 97, 1000))
        alpha, beta = (Fraction(draw.randint(low * bottom, 2 * bottom), bottom) for low in (0, -1))
        if alpha > 0 and alpha + beta > Fraction(1, 2):
            found.append((alpha, beta))
    return found
