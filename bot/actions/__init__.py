"""What Linli does in a conversation, a file a skill: slots in, use-cases of `community`, facts out. Runs in the app."""
