"""Gates: what is remembered?"""

from ui.shell import page

reader, t = page.open_page("gates")
page.stage("gates", reader, t)
