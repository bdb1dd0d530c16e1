"""Gates: what is remembered?"""

from ui import page

here, t = page.open_page("gates")
page.stage("gates", here, t)
