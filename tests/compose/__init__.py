"""The stack of docker-compose.yml: what can be tried without it; `python -m tests.compose` starts it."""
