"""Figures of this machine: medians and ratios of one run. Nothing here passes or fails."""
