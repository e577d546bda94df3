"""Exporters for nbconvert: the notebook that was run, as HTML and as PDF."""
