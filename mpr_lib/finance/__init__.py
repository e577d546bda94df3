"""The finance section: a month's revenue, capital, savings, reserves and treasury, from their files to their page."""
