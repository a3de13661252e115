"""The research loop: its steps, the events it tells the world, and the ledger that keeps them."""
