"""Machine: what this computer has and what renders may take of it."""
