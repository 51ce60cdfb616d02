"""Alerts 急报: a crisis rings with whom the duty roster names, and goes on until somebody takes it."""
