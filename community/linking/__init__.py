"""One person on several channels: a code said in one and typed in the other makes one person of two."""
