"""`riskcalc tune`: the best step size of a schedule, and the critical batch size."""

from __future__ import annotations

import click

from riskcalc.cli.interrupted import progress_flag
from riskcalc.cli.method_flags import method_flags, read_method
from riskcalc.cli.problem_flags import Flags
from riskcalc.cli.run_flags import read_run, run_flags
from riskcalc.cli.writing import check_one_form, csv_flag, print_json, print_result
from riskcalc.display.as_csv import as_csv
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.exact import Exact
from riskcalc.problem import Problem
from riskcalc.quantity import number, whole


@click.command("tune")
@run_flags
@method_flags
@click.option(
    "--critical-batch", "critical", metavar="N", help="Also the critical batch size of a budget of N samples."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@csv_flag
@progress_flag
def command(critical: str | None, as_json: bool, as_rows: bool, **flags: str | None) -> None:
    """Minimise the exact excess at the last of the steps over the step size of a schedule.

    A step size that is given bounds the search; without one it goes up to the largest stable one.

    \b
    riskcalc tune --a 2 --b 5/2 --noise 1 --model-size 1000 --schedule cosine --steps 1e5
    riskcalc tune --a 2 --b 5/2 --noise 1 --model-size 1000 --steps 1e5 --critical-batch 1e4
    """
    check_one_form(as_json, as_rows)
    from riskcalc.tuning import critical_batch_size, tuned_step_size

    largest = None if flags["step_size"] is None else number(flags["step_size"], "--step-size")
    run = read_run({**flags, "step_size": "1"})
    method = tuning_road(flags)
    budget = None if critical is None else whole(critical, "--critical-batch", least=1)
    if budget is not None and not isinstance(run.problem, Problem):
        raise InvalidInput("--critical-batch is for one output: leave --outputs out")
    found, batch = tuned_step_size(run, method=method, largest=largest), None
    if budget is not None and isinstance(run.problem, Problem):
        batch = critical_batch_size(
            run.problem,
            model_size=run.model_size,
            samples=budget,
            schedule=run.schedule,
            method=method,
            optimiser=run.optimiser,
        )
    if as_rows:
        print_result(as_csv(found.page()))
        return
    if not as_json:
        print_result("\n\n".join([str(found), *([] if batch is None else [str(batch)])]))
        return
    answer: dict[str, object] = {
        "problem": run.describe(),
        "step_size": found.step_size,
        "largest": found.largest,
        "at_edge": found.at_edge,
        "excess": found.excess,
        "error": found.error,
        "notes": list(found.notes),
    }
    if batch is not None:
        answer["critical_batch"] = {"samples": batch.samples, "factor": batch.factor, "batch_size": batch.batch_size}
    print_json(answer)


def tuning_road(flags: Flags) -> Equivalent | Exact:
    """The method, if it is one that tuning knows."""
    method = read_method(flags)
    if not isinstance(method, Equivalent | Exact):
        raise InvalidInput(f"--method {flags['method']} cannot be tuned: use equivalent or exact")
    return method
