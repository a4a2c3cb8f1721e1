"""The files of deploy/ fit together and with the code: nginx takes its configuration, settings and files exist."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.topology.services import nginx_configuration, program
from bot.settings import PROJECT

pytestmark = pytest.mark.topology
DEPLOY = PROJECT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
ASSISTANTS = ("rasa-1", "rasa-2", "actions-1", "actions-2", "prepare")
KUBERNETES = {
    path.name: [part for part in yaml.safe_load_all(path.read_text(encoding="utf-8")) if part]
    for path in (DEPLOY / "kubernetes").glob("*.yml")
}


def certificate(folder: Path) -> None:
    """A certificate that nobody trusts, as compose.yml hands it over."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "assistant.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    (folder / "tls_certificate").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "tls_key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def test_nginx_takes_the_configuration_of_compose(tmp_path: Path) -> None:
    certificate(tmp_path)
    tls = (DEPLOY / "nginx" / "tls.conf").read_text(encoding="utf-8").replace("/run/secrets", str(tmp_path))
    (tmp_path / "tls.conf").write_text(tls, encoding="utf-8")
    given = COMPOSE["services"]["nginx"]["environment"] | {
        "NGINX_RUN": str(tmp_path),
        "NGINX_LOGS": str(tmp_path),
        "NGINX_LISTEN": str(tmp_path / "tls.conf"),
        "NGINX_TRUSTED_PROXY": "10.0.0.0/8",
    }
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(nginx_configuration(**given), encoding="utf-8")
    command = [program("nginx"), "-t", "-q", "-e", str(tmp_path / "stderr"), "-c", str(configuration)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_variable_of_nginx_is_given() -> None:
    template = (DEPLOY / "nginx" / "nginx.conf.template").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", template)) <= set(COMPOSE["services"]["nginx"]["environment"])


def test_only_nginx_is_reached_from_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_no_service_may_more_than_it_needs(name: str) -> None:
    service = COMPOSE["services"][name]
    limits = {"mem_limit", "cpus", "security_opt", "restart"} <= set(service)
    # RabbitMQ writes its configuration beside its programs.
    assert (service["cap_drop"], limits, service.get("read_only") or name == "rabbitmq") == (["ALL"], True, True)


@pytest.mark.parametrize("name", sorted(set(COMPOSE["services"]) - {"prepare"}))
def test_every_service_is_looked_after(name: str) -> None:
    """Ours are by the image."""
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "healthcheck" in COMPOSE["services"][name] or (name in ASSISTANTS and "HEALTHCHECK" in dockerfile)


def settings_of_deployment() -> set[str]:
    named = set(COMPOSE["services"]["rasa-1"]["environment"])
    for parts in KUBERNETES.values():
        for part in parts:
            named |= set(part["data"]) if part["kind"] == "ConfigMap" else set()
    return named


def test_every_setting_that_is_given_is_known() -> None:
    known = set(re.findall(r"`(\w+)`", (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert {name.removesuffix("_FILE") for name in settings_of_deployment()} <= known


def test_every_file_that_is_named_is_there() -> None:
    kustomization = KUBERNETES["kustomization.yml"][0]
    named = {*kustomization["resources"], "kustomization.yml", "secret.example.yml"}
    assert named == set(KUBERNETES)


def test_every_secret_that_is_mounted_is_in_the_example() -> None:
    example = KUBERNETES["secret.example.yml"][0]["stringData"]
    configuration = KUBERNETES["configuration.yml"][0]["data"]
    mounted = {value.rpartition("/")[2] for name, value in configuration.items() if name.endswith("_FILE")}
    assert (set(example), set(example.values())) == (mounted, {""})


def pods() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for parts in KUBERNETES.values():
        for part in parts:
            spec = part.get("spec") or {}
            template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get("template")
            found += [(part["metadata"]["name"], template["spec"])] if template else []
    return found


@pytest.mark.parametrize(("name", "pod"), pods(), ids=[name for name, _ in pods()])
def test_no_pod_may_more_than_it_needs(name: str, pod: dict[str, Any]) -> None:
    containers = [*pod["containers"], *pod.get("initContainers", [])]
    closed = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert [each["securityContext"] for each in containers] == [closed] * len(containers)
    assert all("memory" in each["resources"]["limits"] for each in containers)


def test_the_image_holds_what_its_commands_read() -> None:
    """Everything that the Dockerfile copies is let through to the builder."""
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    let_through = (PROJECT / ".dockerignore").read_text(encoding="utf-8")
    missing = [name for line in copied for name in line.split() if f"\n!{name}\n" not in let_through]
    assert (missing, all((PROJECT / name).exists() for line in copied for name in line.split())) == ([], True)
