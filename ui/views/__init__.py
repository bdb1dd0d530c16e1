"""What each page shows, one folder a page: functions of its state, which `ui.render` asks for whoever shows it."""

from ui.views.conventions import page as conventions
from ui.views.gates import page as gates
from ui.views.gradients import page as gradients
from ui.views.home import page as home
from ui.views.learning import page as learning
from ui.views.saturation import page as saturation
from ui.views.step import page as step
from ui.views.view import View

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
