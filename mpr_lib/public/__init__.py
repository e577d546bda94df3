"""The public edition: a month without what is not public."""
