"""One file a measure: each takes the running bot and a folder's sets, and writes its lines on the board."""
