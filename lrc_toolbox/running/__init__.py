"""Running: the service that starts, follows and ends render processes."""
