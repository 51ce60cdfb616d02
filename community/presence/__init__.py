"""Who of staff looks at a need now."""
