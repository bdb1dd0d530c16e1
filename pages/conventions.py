"""Conventions: whose equation?"""

from ui.shell import page

here, t = page.open_page("conventions")
page.stage("conventions", here, t)
