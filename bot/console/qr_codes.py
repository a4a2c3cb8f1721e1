"""QR codes as the path of an SVG, which a template draws: nothing inline that the Content-Security-Policy forbids."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4  # modules around it, as ISO/IEC 18004 wants


@dataclass(frozen=True)
class QrCode:
    """A code: how many modules wide with its quiet zone, and the dark ones as an SVG path."""

    size: int
    path: str


def qr_code(content: str) -> QrCode:
    """The QR code of a text, with error correction of level M."""
    rows = [list(row) for row in segno.make_qr(content, error="m").matrix_iter(border=QUIET_ZONE)]
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return QrCode(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
