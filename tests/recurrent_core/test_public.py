"""The public names: each is there, and told in its group."""

import re

import recurrent_core as rc


def test_every_public_name_is_told_in_its_group():
    told = {*re.findall(r"\w+", rc.__doc__)}
    assert {*rc.__all__} <= told and all(hasattr(rc, name) for name in rc.__all__)
