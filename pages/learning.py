"""Learning: what do trained gates do?"""

from ui.shell import page, training

reader, t = page.open_page("learning")
page.stage("learning", reader, t, below=lambda: training.section(reader, t))
