"""Canned answers: words that a party says often, kept in both languages with fields that are filled in."""
