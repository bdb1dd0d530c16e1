"""Step: how is one number made?"""

from ui.shell import page

here, t = page.open_page("step")
page.stage("step", here, t)
