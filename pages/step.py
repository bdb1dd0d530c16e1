"""Step: how is one number made?"""

from ui.shell import page

reader, t = page.open_page("step")
page.stage("step", reader, t)
