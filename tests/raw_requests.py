"""Raw HTTP requests that no client library would send."""

import socket
from urllib.parse import urlsplit


def sent(url: str, head: bytes) -> tuple[int, str, bytes]:
    """The status, type and body of the answer to a request line, perhaps with headers, sent to the server of a URL."""
    address = urlsplit(url)
    with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=10) as connection:
        connection.sendall(head + b"\r\nHost: assistant\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    lines, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = lines.decode().split("\r\n")
    kinds = [line.partition(": ")[2] for line in headers if line.lower().startswith("content-type: ")]
    return int(status.split()[1]), "".join(kinds), body
