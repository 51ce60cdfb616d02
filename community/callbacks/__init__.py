"""Call-backs 再回访: somebody who did not handle a need talks to its resident after a bad score, or asks by phone."""
