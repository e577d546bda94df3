"""Start: making workspaces, empty ones to fill in and an invented council that is complete."""
