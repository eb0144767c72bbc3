"""The names of this room, for editors, type checkers and the loader in `__init__.py`."""

from .measured import Measured as Measured, measure as measure
from .multiple_outputs import MultipleOutputs as MultipleOutputs, Regression as Regression
from .papers import (
    PAPERS as PAPERS,
    Atanasov2024 as Atanasov2024,
    Bordelon2024 as Bordelon2024,
    Bordelon2024b as Bordelon2024b,
    Defilippis2024 as Defilippis2024,
    Li2025 as Li2025,
    Lin2024 as Lin2024,
    Maloney2022 as Maloney2022,
    Paquette2024 as Paquette2024,
)
from .problem import Problem as Problem
from .reading import load_problem as load_problem
from .signal import ExplicitSignal as ExplicitSignal, GaussianPrior as GaussianPrior, PowerLawSignal as PowerLawSignal
from .sketch import gaussian_sketch as gaussian_sketch
from .spectrum import (
    ExplicitSpectrum as ExplicitSpectrum,
    Law as Law,
    LogarithmicPowerLaw as LogarithmicPowerLaw,
    PowerLaw as PowerLaw,
    Spectrum as Spectrum,
)
from .translation import (
    Convention as Convention,
    Gradient as Gradient,
    Letters as Letters,
    our_risk as our_risk,
    our_step_size as our_step_size,
    their_risk as their_risk,
    their_step_size as their_step_size,
    translate as translate,
)
