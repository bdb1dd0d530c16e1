"""Gates: what is remembered?"""

from ui.shell import page

here, t = page.open_page("gates")
page.stage("gates", here, t)
