"""Proof: is this right?"""

from ui.shell import page
from ui.views.proof import table as proof

here, t = page.open_page("proof")
page.lead(t("proof.lead"))
page.address(here, t, "proof")
proof.show(t)
