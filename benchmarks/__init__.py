"""What a month's run costs, beside an empty Papermill run in the same environment."""
