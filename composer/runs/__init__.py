"""Runs: their rows, the worker's side of executing them, their event log and its socket."""
