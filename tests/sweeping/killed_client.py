"""A sweep that can be killed: it writes down every point that a worker begins, with the worker's process id."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import riskcalc as rc
from riskcalc.sweeping.dataset import write_dataset
from riskcalc.sweeping.processes import processes


@dataclass(frozen=True)
class Slowly:
    """The equivalent, a twentieth of a second later."""

    def curve(self, run, *, force=False):
        with open(os.environ["BEGUN"], "a") as begun:
            begun.write(f"{run.model_size} {run.problem.noise} {os.getpid()}\n")
        time.sleep(0.05)
        return rc.Equivalent().curve(run, force=force)


def asked(**more):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="17/5"))
    noises = [f"{place}/1000" for place in range(40)]
    return rc.sweep(
        problem,
        model_size=[10, 20, 30, 40, 50],
        noise=noises,
        schedule=rc.Constant("1/10"),
        steps=[0, 100],
        method=Slowly(),
        **more,
    )


if __name__ == "__main__":
    if sys.argv[1] == "serial":
        write_dataset(asked(), Path(sys.argv[2]))
    else:
        with processes(2) as pool:
            write_dataset(asked(executor=pool, store=sys.argv[1]), Path(sys.argv[2]))
