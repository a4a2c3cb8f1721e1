"""The image of deploy/Dockerfile, built and started without a container engine or a registry: `make deploy-check`.

buildah builds it from a base that debootstrap makes; bubblewrap starts it as compose.yml and Kubernetes do: as the
image's user, without capabilities, on a read-only root.
"""

from pathlib import Path

from bot.settings import PROJECT

DOCKERFILE = PROJECT / "deploy" / "Dockerfile"
COMPOSE = PROJECT / "deploy" / "compose.yml"
# Git-ignored; caches the base between two runs.
CACHE = PROJECT / ".image"
# The build trusts a company's own CA certificates, as this machine does.
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class ImageError(RuntimeError):
    """The image could not be built or is not what it must be; the message says what is wrong."""
