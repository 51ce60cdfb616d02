"""The staff console: sign in, the queue of one's party, needs, conversations, messages that are stuck."""
