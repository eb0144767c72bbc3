"""`riskcalc sweep`: the risk over a grid of runs, from a file to a file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.completing import a_file
from riskcalc.cli.endings import INTERRUPTED, one_line
from riskcalc.cli.grid_file import read_grid
from riskcalc.cli.interrupted import progress_flag
from riskcalc.cli.writing import note, print_result
from riskcalc.errors import ExecutorFailed, InvalidInput, MissingDependency, SweepInterrupted
from riskcalc.files import check_place
from riskcalc.quantity import whole
from riskcalc.sweeping import swept
from riskcalc.sweeping.dataset import write_dataset
from riskcalc.sweeping.estimate import estimate
from riskcalc.sweeping.processes import processes

if TYPE_CHECKING:
    import xarray

_ENDINGS = (".nc", ".nc4", ".netcdf", ".cdf", ".h5")
_MOST_REASONS = 5  # printed, the most frequent first


@click.command("sweep")
@click.argument("grid", metavar="GRID.toml", shell_complete=a_file)
@click.option("--out", metavar="FILE.nc", help="The netCDF file to write.  [required]")
@click.option("--store", metavar="FILE.sqlite", help="Keep every answer as soon as it is there, and use what is kept.")
@click.option("--workers", metavar="N", help="Compute in N processes.  [default: in this one]")
@click.option("--dask", metavar="ADDRESS|FILE", help="Compute on a Dask cluster: its address, or its scheduler file.")
@progress_flag
@click.option("--dry-run", is_flag=True, help="Compute a few points only, and say how long all of them would take.")
def command(
    grid: str,
    out: str | None,
    store: str | None,
    workers: str | None,
    dask: str | None,
    dry_run: bool,
) -> None:
    """Expected risk over a grid of runs.

    GRID.toml has the options of `riskcalc risk` as keys, and lists for what is varied: model_size, step_size,
    schedule, optimiser, batch_size, noise. Numbers are read exactly, as at the command line. A point that has no
    answer is nan in the Dataset, with its reason.

    \b
    riskcalc sweep grid.toml --out sweep.nc --store sweep.sqlite --workers 4
    """
    made = read_grid(grid)
    if dry_run:
        print_result(estimate(made, store=store))
        return
    if out is None:
        raise InvalidInput("--out is missing: name the netCDF file to write, such as --out sweep.nc")
    if not out.lower().endswith(_ENDINGS):
        raise InvalidInput(f"cannot write the sweep to {out}: netCDF is written, so the file must end in .nc")
    check_place(out, what="the sweep")
    try:
        with _executor(workers, dask) as executor:
            dataset = swept(made, executor=executor, store=store)
    except SweepInterrupted as stop:
        note(f"{stop}; {_kept(stop.partial, out, store)}")
        raise click.exceptions.Exit(INTERRUPTED) from None
    except ExecutorFailed as failure:
        if failure.partial is None:
            raise
        raise ExecutorFailed(f"{failure}; {_kept(failure.partial, out, store)}") from None
    write_dataset(dataset, out)
    print_result(summary(dataset))
    note(f"sweep written to {out}")


def summary(dataset: xarray.Dataset) -> str:
    """How many points have an answer, and why others have none."""
    reasons = Counter(str(reason) for reason in dataset.reason.values.ravel())
    answered = reasons.pop("", 0)
    lines = [f"{sum(reasons.values()) + answered:,} points: {answered:,} answered, {sum(reasons.values()):,} refused"]
    lines += [f"{count:8,}  {one_line(reason)}" for reason, count in reasons.most_common(_MOST_REASONS)]
    if len(reasons) > _MOST_REASONS:
        lines.append(f"          ... and {len(reasons) - _MOST_REASONS:,} other reasons, in the variable `reason`")
    return "\n".join(lines)


def _kept(partial: Any, out: str, store: str | None) -> str:
    """Keep what was finished, and say how to go on."""
    if store is not None:
        return f"they are in {store}: start again to go on"
    write_dataset(partial, out)
    return f"they are in {out}; with --store it would go on from here"


@contextmanager
def _executor(workers: str | None, dask: str | None) -> Iterator[Executor | Any]:
    if workers is not None and dask is not None:
        raise InvalidInput("--workers and --dask are two ways to compute: give one of them")
    if workers is not None:
        with processes(whole(workers, "--workers", least=1)) as pool:
            yield pool
    elif dask is not None:
        with closing(_client(dask)) as client:
            yield client
    else:
        yield None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise MissingDependency('--dask needs Dask: pip install "riskcalc-sgd[cluster]"') from None
    try:
        given = {"scheduler_file" if os.path.isfile(address) else "address": address}
        return Client(**given)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError, AssertionError) as error:  # an address that is none fails in all these ways
        raise InvalidInput(f"no Dask scheduler answers at {address}: {error}") from None
