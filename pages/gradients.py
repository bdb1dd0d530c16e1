"""Gradients: how far back does learning reach?"""

from ui.shell import page

here, t = page.open_page("gradients")
page.stage("gradients", here, t)
