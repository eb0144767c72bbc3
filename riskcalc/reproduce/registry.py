"""The papers that can be recomputed; each is a file of this room, imported when it is asked for."""

from __future__ import annotations

import importlib

from riskcalc.errors import InvalidInput
from riskcalc.quantity import nearest
from riskcalc.reproduce.paper import Paper

# A paper is one line here and one file riskcalc/reproduce/NAME.py with a Paper called PAPER.
PAPERS = {
    "atanasov2024": "Atanasov et al. 2024, scaling and renormalisation (arXiv 2405.00592)",
    "bordelon2024": "Bordelon et al. 2024, a dynamical model of scaling laws (arXiv 2402.01092)",
    "chen2025": "Chen et al. 2025, several outputs and kernels (arXiv 2503.01314)",
    "ding2025": "Ding et al. 2025, quadratically parameterised regression (arXiv 2502.09106)",
    "ferbach2025": "Ferbach et al. 2025, dimension-adapted momentum (arXiv 2505.16098)",
    "jeon2022": "Jeon, Van Roy 2022, information theory of compute-optimal laws (arXiv 2212.01365)",
    "lin2024": "Lin et al. 2024, scaling laws in linear regression (arXiv 2406.08466)",
    "lin2025": "Lin et al. 2025, scaling laws via data reuse (arXiv 2506.08415)",
    "maloney2022": "Maloney et al. 2022, a solvable model of scaling laws (arXiv 2210.16859)",
    "paquette2024": "Paquette et al. 2024, 4+3 phases (arXiv 2405.15074)",
    "yan2025": "Yan et al. 2025, how often data can be repeated (arXiv 2511.13421)",
}


def paper(name: str) -> Paper:
    """The paper of that name."""
    if name not in PAPERS:
        raise InvalidInput(f"there is no paper {name!r}{nearest(name, PAPERS)}: the papers are {', '.join(PAPERS)}")
    found: Paper = importlib.import_module(f"riskcalc.reproduce.{name}").PAPER
    return found
