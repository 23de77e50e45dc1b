"""What Dockerfile and docker-compose.yml say agrees with the rest, and with the documents."""

import re
from typing import Any

import pytest
import yaml

from composer.boot import image
from composer.boot.places import ROOT
from composer.catalog.images import recipes
from composer.environment import Environment

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
OPERATORS = (ROOT / "docs" / "operators.md").read_text()
OURS = ("keys", "setup", "web", "worker", "beat")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_TEXT))))
def test_every_setting_of_the_stack_is_documented_with_its_default(name: str) -> None:
    if name.lower() in Environment.model_fields:
        assert f"| `{name}` |" in OPERATORS
        return
    default = re.search(rf"\$\{{{name}:?-(.*?)\}}", COMPOSE_TEXT)
    assert default is not None
    assert f"`{name}={default[1]}`" in OPERATORS or f"`{name}`" in OPERATORS


def test_a_default_that_the_stack_repeats_is_the_one_of_the_settings() -> None:
    for name, default in COMPOSE["x-composer"]["environment"].items():
        field = Environment.model_fields.get(name.lower())
        match = re.fullmatch(r"\$\{\w+:?-(.*)\}", default)
        if field and match and name not in ("DATABASE_URL", "REDIS_URL"):
            assert match[1].casefold() == str(field.default).removesuffix(".0").casefold(), name


def test_the_engines_socket_is_in_the_worker_alone() -> None:
    having = [name for name, service in COMPOSE["services"].items() if "docker.sock" in str(service)]
    assert having == ["worker"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_read_only_and_may_nothing(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["SETUID", "SETGID"] if name == "worker" else [])
    assert ("user" in service) == (name == "worker")
    assert "privileged" not in service


@pytest.mark.parametrize("name", ["database", "redis", "web", "worker", "beat"])
def test_what_stays_is_watched_limited_and_started_again(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["healthcheck"]["test"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_no_service_may_take_all_memory_or_gain_rights(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["mem_limit"]
    assert service["cap_drop"] == ["ALL"]


def test_each_server_sees_its_own_password_and_no_other_key() -> None:
    for name in ("database", "redis"):
        mounts = [mount.split(":")[0] for mount in COMPOSE["services"][name]["volumes"]]
        assert [mount for mount in mounts if mount != name] == [f"{name}-password"]


def test_only_workers_can_change_the_gate_that_stands_in_every_step() -> None:
    having = [name for name, service in COMPOSE["services"].items() if "gate:/gate" in str(service)]
    assert having == ["worker"]


def test_an_image_that_is_made_here_is_never_asked_of_a_registry() -> None:
    made_here = [service for service in COMPOSE["services"].values() if "COMPOSER_" in service["image"]]
    assert len(made_here) == len(OURS) + 1
    assert all(service["pull_policy"] == "never" for service in made_here)


def test_the_version_is_the_same_everywhere() -> None:
    assert f"ARG VERSION={image.version()}\n" in DOCKERFILE
    assert f":{image.version()}}}" in COMPOSE["x-composer"]["image"]
    assert image.names()["composer"].endswith(f":{image.version()}")


def test_every_image_from_elsewhere_is_named_by_its_digest_and_everywhere_the_same() -> None:
    named = r"\w+:[\w.-]+@sha256:[0-9a-f]{64}"
    arguments = dict(re.findall(rf"^ARG (DEBIAN|NODE)=({named})$", DOCKERFILE, re.MULTILINE))
    repeated = re.findall(rf"\$\{{(\w+):-({named})\}}", COMPOSE_TEXT)
    assert {**dict(repeated), **arguments} == dict(repeated)
    assert {name for name, _ in repeated} == {"DEBIAN", "NODE", "POSTGRES_IMAGE", "REDIS_IMAGE"}
    below = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    assert below == {"${DEBIAN}", "${NODE}"}


def test_the_image_has_a_label_with_the_version_and_no_root() -> None:
    assert "org.opencontainers.image.version=${VERSION}" in DOCKERFILE
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_what_the_image_is_built_from_is_the_same_from_both_ways() -> None:
    taken = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(taken) == sorted([*image.FILES, "outside"])


def test_the_steps_of_the_stack_are_the_one_image_that_the_library_has() -> None:
    (recipe,) = recipes()
    assert recipe.reference in COMPOSE["services"]["steps"]["image"]
    assert f"_images/{recipe.name}/packages" in DOCKERFILE
