"""What the numbers mean: pure functions on values and frames, no files and no HTML."""
