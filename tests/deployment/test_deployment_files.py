"""The files of deploy/ are consistent with each other and the code: nginx's configuration is valid, files exist."""

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

from bot.settings import PROJECT
from bot.settings.table import PREFIX, is_known
from harness.topology.services import nginx_configuration, program

DEPLOY = PROJECT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
ASSISTANTS = ("rasa-1", "rasa-2", "actions-1", "actions-2", "console", "prepare")
KUBERNETES = {
    path.name: [part for part in yaml.safe_load_all(path.read_text(encoding="utf-8")) if part]
    for path in (DEPLOY / "kubernetes").glob("*.yml")
}


def certificate(folder: Path) -> None:
    """A self-signed certificate, where compose.yml mounts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "assistant.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    (folder / "tls_certificate").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "tls_key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


@pytest.mark.nginx
def test_nginx_takes_the_configuration_of_compose(tmp_path: Path) -> None:
    certificate(tmp_path)
    tls = (DEPLOY / "nginx" / "tls.conf").read_text(encoding="utf-8").replace("/run/secrets", str(tmp_path))
    (tmp_path / "tls.conf").write_text(tls, encoding="utf-8")
    given = COMPOSE["services"]["nginx"]["environment"] | {
        "NGINX_RUN": str(tmp_path),
        "NGINX_LOGS": str(tmp_path),
        "NGINX_LISTEN": str(tmp_path / "tls.conf"),
        "NGINX_TRUSTED_PROXY": "10.0.0.0/8",
        "NGINX_ORIGINS": "https://www.website.example",
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
    # RabbitMQ writes its configuration next to its programs.
    assert (service["cap_drop"], limits, service.get("read_only") or name == "rabbitmq") == (["ALL"], True, True)


@pytest.mark.parametrize("name", sorted(set(COMPOSE["services"]) - {"prepare"}))
def test_every_service_is_looked_after(name: str) -> None:
    """Those of our services come from the image."""
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "healthcheck" in COMPOSE["services"][name] or (name in ASSISTANTS and "HEALTHCHECK" in dockerfile)


def settings_of_deployment() -> set[str]:
    """The environment variables that compose.yml and Kubernetes set for our processes, and ours that the image sets."""
    named = {name for service in ASSISTANTS for name in COMPOSE["services"][service]["environment"]}
    for parts in KUBERNETES.values():
        for part in parts:
            named |= set(part["data"]) if part["kind"] == "ConfigMap" else set()
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    return named | set(re.findall(rf"\b({PREFIX}\w+|ENVIRONMENT)=", dockerfile))


def test_every_setting_that_is_given_is_known() -> None:
    assert [name for name in sorted(settings_of_deployment()) if not is_known(name)] == []


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


@pytest.mark.parametrize("name", ASSISTANTS)
def test_user_and_folders_are_those_of_the_image(name: str) -> None:
    """tmpfs mounts of compose.yml belong to the image's user, and have the same size as in Kubernetes."""
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (user,) = re.findall(r"^USER (\d+):\1$", dockerfile, re.MULTILINE)
    (home,) = re.findall(r"^VOLUME (\S+)$", dockerfile, re.MULTILINE)
    assert COMPOSE["services"][name]["tmpfs"] == [
        "/tmp:mode=1777,size=64m",  # noqa: S108 (the container's own)
        f"{home}:uid={user},gid={user},mode=0700,size=16m",
    ]
    for _, pod in pods():
        context = pod["securityContext"]
        assert {context["runAsUser"], context["runAsGroup"], context["fsGroup"]} == {int(user)}
        sizes = {volume["name"]: volume["emptyDir"]["sizeLimit"] for volume in pod["volumes"] if "emptyDir" in volume}
        places = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
        assert sizes.items() <= {"tmp": "64Mi", "state": "16Mi"}.items()
        assert places.items() >= {each: {"tmp": "/tmp", "state": home}[each] for each in sizes}.items()  # noqa: S108


def test_the_image_holds_what_its_commands_read() -> None:
    """.dockerignore allows everything that the Dockerfile copies."""
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    let_through = (PROJECT / ".dockerignore").read_text(encoding="utf-8")
    missing = [name for line in copied for name in line.split() if f"\n!{name}\n" not in let_through]
    assert (missing, all((PROJECT / name).exists() for line in copied for name in line.split())) == ([], True)
