"""What `make run` and `make test` do, with Python's standard library alone: nothing is installed yet."""
