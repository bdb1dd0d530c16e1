"""Published numbers and closed formulas that this package must reproduce, each computed anew when it is asked for.

FACTS is one table for two readers: the page that shows it and the tests that run it. What is expected comes from
outside the code that is checked: a paper, a formula solved by hand, another library, or an independent
implementation with draws of its own, which is why its numbers are medians over seeds and come with a range. One
file a group.
"""

from recurrent_core.lab.facts.conventions import CONVENTIONS
from recurrent_core.lab.facts.fact import Checked, Expected, Fact, Seen, check
from recurrent_core.lab.facts.growing import GROWING
from recurrent_core.lab.facts.keeping import KEEPING
from recurrent_core.lab.facts.made import MADE
from recurrent_core.lab.facts.routes import ROUTES
from recurrent_core.lab.facts.starting import STARTING
from recurrent_core.lab.facts.tasks import TASKS
from recurrent_core.lab.facts.theorem import THEOREM
from recurrent_core.lab.facts.vanishing import VANISHING
from recurrent_core.lab.facts.worked import WORKED
from recurrent_core.lab.facts.writing import WRITING

__all__ = ["FACTS", "GROUPS", "Checked", "Expected", "Fact", "Seen", "check"]

FACTS: tuple[Fact, ...] = (
    *KEEPING,
    *WRITING,
    *MADE,
    *VANISHING,
    *GROWING,
    *THEOREM,
    *ROUTES,
    *STARTING,
    *CONVENTIONS,
    *WORKED,
    *TASKS,
)

GROUPS = (
    "keeping",
    "writing",
    "made",
    "vanishing",
    "growing",
    "theorem",
    "routes",
    "starting",
    "conventions",
    "worked",
    "tasks",
)
