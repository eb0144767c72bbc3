"""`riskcalc doctor`: versions, extras, cores, memory: what an error report should say."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys

import click

from riskcalc.cli.writing import print_json, print_result
from riskcalc.display import Facts, Page
from riskcalc.display.as_text import as_text
from riskcalc.files import installed_version
from riskcalc.numeric.memory import memory_at_hand

_NEEDED = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "click", "lazy-loader")
_EXTRAS = {
    "plot": ("matplotlib",),
    "fast": ("numba",),
    "data": ("xarray", "h5netcdf", "h5py", "pandas", "scikit-learn"),
    "cluster": ("dask", "distributed"),
}
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Say what is installed here, and what this machine has: what an error report should hold.

    \b
    riskcalc doctor
    """
    found = {
        "riskcalc": installed_version(),
        "python": f"{platform.python_version()} ({platform.system()} {platform.machine()})",
        "needed": {name: _version(name) for name in _NEEDED},
        "extras": {extra: {name: _version(name) for name in names} for extra, names in _EXTRAS.items()},
        "cores": _cores(),
        "threads": {name: os.environ[name] for name in _THREADS if name in os.environ},
        "memory_at_hand": memory_at_hand(),
    }
    if as_json:
        print_json(found)
        return
    facts = [("riskcalc", found["riskcalc"]), ("python", found["python"]), ("needed", _listed(_NEEDED))]
    facts += [(f"extra {extra}", _listed(names)) for extra, names in _EXTRAS.items()]
    threads = ", ".join(f"{name}={os.environ[name]}" for name in _THREADS if name in os.environ)
    facts += [
        ("cores", f"{_cores()}; threads of libraries: {threads or 'as they choose'}"),
        ("memory", f"{memory_at_hand() / 1e9:.3g} GB at hand"),
    ]
    print_result(as_text(Page("riskcalc", (Facts(tuple((name, str(value)) for name, value in facts)),))))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {_version(name) or 'missing'}" for name in names)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _cores() -> int:
    """Of this process."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else (os.cpu_count() or 1)
