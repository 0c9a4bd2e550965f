"""Measurements behind the figures in docs/: each prints its result and can be run again (`rasid bench`)."""
