"""Conventions: whose equation?"""

from ui.shell import page

reader, t = page.open_page("conventions")
page.stage("conventions", reader, t)
