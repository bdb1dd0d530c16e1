"""Learning: what do trained gates do?"""

from ui.shell import page, training

here, t = page.open_page("learning")
page.stage("learning", here, t, below=lambda: training.section(here, t))
