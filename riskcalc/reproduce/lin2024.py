"""Lin, Wu, Kakade, Bartlett, Lee 2024, "Scaling Laws in Linear Regression" (arXiv 2406.08466).

Their letters a and b are ours. The grids of M and N behind their figures are not in print and no code was released, so
a grid is chosen and stated with every value; figures whose numbers are only in the images are listed as such.
"""

from __future__ import annotations

from functools import partial

from riskcalc.reproduce.item import not_recomputed
from riskcalc.reproduce.lin2024_figures import AVERAGED, LAST_ITERATE, data_exponent, model_exponent
from riskcalc.reproduce.lin2024_statements import allocations, orders
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed


def _images(_: bool) -> Recomputed:
    """Figures 2 and 4."""
    why = "the fitted slopes are only inside the images, and the grid of model sizes and samples is not in print"
    items = tuple(
        not_recomputed(f"figure {number}: slopes at a = 3/2 and a = 2", published="an image", why=why)
        for number in (2, 4)
    )
    return Recomputed(items=items)


PAPER = Paper(
    name="lin2024",
    citation="Lin, Wu, Kakade, Bartlett, Lee 2024, Scaling Laws in Linear Regression: Compute, Parameters, and Data "
    "(arXiv 2406.08466)",
    exhibits=(
        Exhibit(name="theorems", title="theorem 4.2 and its allocations", recompute=allocations),
        Exhibit(name="orders", title="theorems 4.1 and 6.1: what their constants are", recompute=orders),
        Exhibit(
            name="figure-1-a2",
            title="figure 1, a = 2: data exponent",
            recompute=partial(data_exponent, LAST_ITERATE, "2"),
        ),
        Exhibit(
            name="figure-1-a1.5",
            title="figure 1, a = 1.5: data exponent",
            recompute=partial(data_exponent, LAST_ITERATE, "3/2"),
        ),
        Exhibit(
            name="model-exponent",
            title="figures 1 and 3: model exponent, and why it follows the grid",
            recompute=model_exponent,
        ),
        Exhibit(
            name="figure-3-a2",
            title="figure 3, a = 2: data exponent of averaged iterates",
            recompute=partial(data_exponent, AVERAGED, "2"),
        ),
        Exhibit(
            name="figure-3-a1.5",
            title="figure 3, a = 1.5: data exponent of averaged iterates",
            recompute=partial(data_exponent, AVERAGED, "3/2"),
        ),
        Exhibit(name="images", title="figures without printed numbers", recompute=_images),
    ),
)
