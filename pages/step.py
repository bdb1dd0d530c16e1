"""Step: how is one number made?"""

from ui import page

here, t = page.open_page("step")
page.stage("step", here, t)
