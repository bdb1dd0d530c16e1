"""What each page shows, one module a page.

Nothing here draws. A page mounts what comes back (`ui.page`), and while a control is being dragged the same functions
answer the browser without a script run (`ui.live`).
"""

from . import conventions, gates, gradients, home, learning, saturation, step
from .view import View

VIEWS = {
    "home": home.VIEW,
    "gates": gates.VIEW,
    "gradients": gradients.VIEW,
    "step": step.VIEW,
    "saturation": saturation.VIEW,
    "learning": learning.VIEW,
    "conventions": conventions.VIEW,
}

__all__ = ["VIEWS", "View"]
