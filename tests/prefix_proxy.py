"""nginx as a real reverse proxy that serves an assistant under a path prefix."""

import subprocess
import time
from pathlib import Path

import requests

from harness.ports import free_port
from harness.topology.services import program

PROXY_PATIENCE = 60.0  # seconds
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_buffer_size 1m; proxy_buffers 16 64k; proxy_buffer_size 64k;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location /{prefix}/ {{ proxy_pass {to}/; }}
    }}
}}
"""


class PrefixProxy:
    """Forwards requests for `url`, which ends in the prefix, to a server that does not know the prefix."""

    def __init__(self, folder: Path, prefix: str, to: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/{prefix}"
        configuration = folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port, prefix=prefix, to=to), encoding="utf-8")
        command = [program("nginx"), "-e", str(folder / "error.log"), "-c", str(configuration)]
        self._process = subprocess.Popen(command)

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + PROXY_PATIENCE
        while True:
            try:
                requests.get(self.url, timeout=1)
                return
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "nginx does not answer."
                time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PROXY_PATIENCE)
