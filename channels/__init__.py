"""The ways in and out: one folder a channel, and what all share: store, take turns, render, deliver."""
