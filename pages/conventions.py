"""Conventions: whose equation?"""

from ui import page

here, t = page.open_page("conventions")
page.stage("conventions", here, t)
