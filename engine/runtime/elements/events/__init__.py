"""Events: what a process waits for, what it throws, and who inside it catches that. One behaviour a file."""
