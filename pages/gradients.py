"""Gradients: how far back does learning reach?"""

from ui.shell import page

reader, t = page.open_page("gradients")
page.stage("gradients", reader, t)
