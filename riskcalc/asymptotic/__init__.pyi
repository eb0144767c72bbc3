from .asked import power_law_exponents as power_law_exponents, shape_of as shape_of
from .asymptotic import Asymptotic as Asymptotic
from .crossover import Crossover as Crossover, crossover as crossover
from .expansion import Expansion as Expansion, Term as Term, expand as expand
from .finite_size import finite_size_terms as finite_size_terms
from .mellin import MellinTransform as MellinTransform, mellin_transforms as mellin_transforms
from .outputs import Normalisation as Normalisation, critical_outputs as critical_outputs, with_outputs as with_outputs
from .power_term import PowerTerm as PowerTerm
from .term_table import term_table as term_table
