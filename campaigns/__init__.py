"""Campaigns: what is tried against the library at random, for as long as somebody wants: kills, fuzzed files, damage.

``python -m campaigns`` runs all, ``python -m campaigns kills --count 100`` one. docs/reliability.md says what is tried.
"""
