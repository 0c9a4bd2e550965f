"""docker-compose.yml cannot be run without Docker, but all that it names must exist and all that it promises must stand in it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rasid.cli import COMMANDS
from rasid.settings import Settings
from rasid.stages.build import names_of

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if str(service["image"]).startswith("rasid:")}


def test_all_roles_are_there() -> None:
    assert {"kafka", "elasticsearch", "kibana", "setup", "poller", "worker", "indexer"} <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_says_whether_it_is_healthy_or_is_done_once(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert "test" in check or (name == "setup" and check["disable"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_for_what_it_needs(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed == "setup" else "service_healthy"
        assert how["condition"] == wanted


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_ports_are_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", sorted(OURS))
def test_commands_and_settings_exist(name: str) -> None:
    command = OURS[name]["command"]
    assert command[0] in COMMANDS
    if "--stages" in command:
        names_of(command[command.index("--stages") + 1])
    known = {f"RASID_{field.upper()}" for field in Settings.model_fields}
    assert set(OURS[name]["environment"]) <= known


def test_all_stages_run_somewhere() -> None:
    stages = [
        stage
        for service in OURS.values()
        if "--stages" in service["command"]
        for stage in names_of(service["command"][service["command"].index("--stages") + 1])
    ]
    assert sorted(stages) == sorted(names_of("all"))


def test_the_broker_makes_no_topics_by_itself() -> None:
    assert SERVICES["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_the_image_copies_every_package_of_the_project() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    for folder in ("src", "ingest", "processors", "sinks", "seeds"):
        assert f"COPY {folder} {folder}" in dockerfile
    assert "--require-hashes" in dockerfile
    assert "USER 10001" in dockerfile
