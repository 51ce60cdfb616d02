"""What an operator types: `linli` and its commands, the supervisor of the processes, and what prepares them."""
