"""Home: three networks, one pulse, one slider, and the way to the other pages."""

from ui.shell import page

reader, t = page.open_page("home")
page.lead(t("app.what"))
page.stage("home", reader, t)
page.cards(t)
