"""Style sheets of host pages, and how the widget looks under them.

Frameworks are real ones, from npm (`scripts/npm-packages` installs them); the rest exaggerates what they and themes do.
"""

import json
import re
from typing import Any

from chat import Chat  # tests/chat.py

from bot.settings import PROJECT

PACKAGES = PROJECT / "node_modules"
FRAMEWORKS = {
    "Bootstrap 3": "bootstrap/dist/css/bootstrap.css",
    "Milligram": "milligram/dist/milligram.css",
    "normalize.css": "normalize.css/normalize.css",
    "Pure": "purecss/build/pure.css",
    "Tailwind's preflight": "tailwindcss/preflight.css",
}
RULES = {
    "root of 10 px": "html { font-size: 62.5% }",
    "root of 32 px": "html { font-size: 200% }",
    "spaced": "* { letter-spacing: .3em; word-spacing: 1em; line-height: 3 }",
    "texts": "* { text-transform: uppercase; text-indent: 3em; text-align: right; white-space: nowrap; hyphens: auto }",
    "fonts": "* { font: italic 900 30px/1 serif !important; color: red !important; text-shadow: 0 0 9px red }",
    "from the right": "* { direction: rtl; unicode-bidi: bidi-override; writing-mode: vertical-rl }",
    "out of reach": "* { user-select: none; pointer-events: none; cursor: none; touch-action: none }",
    "out of sight": "* { visibility: hidden; opacity: .1 }",
    "boxes": "* { box-sizing: content-box; margin: 3em; padding: 2em; border: 9px solid; max-width: 9px; float: left }",
    "buttons": "button, textarea, dialog, div, p, a { all: unset !important; display: inline !important }",
    "the element itself": "elektrum-chat { display: none; position: static; width: 9px; overflow: hidden; all: unset }",
    "empty elements": ":empty { display: none !important }",
    "a dark page": ":root { color-scheme: dark; background: #000; color: #fff } ::selection { background: #000 }",
    "animated": "@keyframes beat { to { rotate: 1turn } } * { animation: beat 1s infinite; transition: all 9s }",
    "two columns": "main { columns: 2; overflow: hidden; height: 50px }",
    "a grid": "main { display: grid; grid-template-columns: 9px 9px; gap: 99px; place-items: end }",
    "magnified": "body { zoom: 1.5 }",
    "magnified twice": "html { zoom: 1.2 } main { zoom: .5 }",
}
# What makes fixed positions relative to something other than the viewport, or covers the content.
AROUND = {
    "transform": "main { transform: translate(40px, 90px) }",
    "transform of the body": "body { transform: translateX(0); height: 3000px }",
    "translate": "main { translate: 40px 9px }",
    "rotate": "main { rotate: 1deg }",
    "scale": "main { scale: .5 }",
    "perspective": "main { perspective: 9px }",
    "filter": "main { filter: blur(2px) }",
    "backdrop-filter": "main { backdrop-filter: blur(2px) }",
    "will-change": "main { will-change: transform }",
    "contain": "main { contain: strict; height: 20px }",
    "content-visibility": "main { content-visibility: auto }",
    "container-type": "main { container-type: inline-size }",
    "clipped": "main { overflow: clip; height: 20px; clip-path: inset(9px) }",
    "masked": "main { mask-image: linear-gradient(#0000, #0000) }",
    "faint": "main { opacity: 0 }",
    "below": "main { position: relative; z-index: 1 }",
    "a fixed bar": "main { position: fixed; top: 0; height: 20px; overflow: hidden }",
}
COVER = "body::after { content: ''; position: fixed; inset: 0; z-index: 50; background: red }"

MEASURE = """() => {
    const root = document.querySelector("elektrum-chat").shadowRoot;
    // Changed in order to stay the same: where it is drawn, and what the page's zoom is divided by.
    const means = new Set(["zoom", "overlay"]);
    const found = {};
    [...root.querySelectorAll("*")].forEach((each, n) => {
        const name = `${n} ${each.localName}.${each.className}`;
        const { x, y, width, height } = each.getBoundingClientRect();
        found[`${name} box`] = [x, y, width, height].map((pixels) => Math.round(pixels * 10) / 10).join();
        const style = getComputedStyle(each);
        for (const property of style) if (!means.has(property)) found[`${name} ${property}`] = style[property];
    });
    return JSON.stringify(found); // one string travels faster than thousands
}"""
# Rules that bypass the page's Content-Security-Policy, as a framework's style sheet files would.
ADD = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""
REOPEN = """() => {
    const chat = document.querySelector("elektrum-chat");
    chat.open = !chat.open;
    chat.open = !chat.open;
}"""
SETTLED = "() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 120))"


def framework(name: str) -> str:
    """The style sheet of a framework.

    Raises:
        FileNotFoundError: it is not installed.
    """
    file = PACKAGES / FRAMEWORKS[name]
    if not file.is_file():
        raise FileNotFoundError(f"{file} is not there; scripts/npm-packages installs it.")
    return re.sub(r"@font-face \{.*?\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)  # fetches files


def add_styles(chat: Chat, css: str) -> None:
    chat.page.evaluate(ADD, css)


def looks(chat: Chat, css: str = "") -> dict[str, Any]:
    """Every computed style and box in the widget, with these rules in the page.

    Read after opening and closing it, or closing and opening it, again.
    """
    add_styles(chat, css)
    chat.page.evaluate(REOPEN)
    chat.page.mouse.move(0, 0)
    chat.page.evaluate(SETTLED)
    return dict(json.loads(chat.page.evaluate(MEASURE)))


# Properties that an element inherits unless they are reset.
INHERITED = (
    " color",
    " cursor",
    " direction",
    " font-family",
    " font-size",
    " font-style",
    " letter-spacing",
    " line-height",
    " pointer-events",
    " text-align",
    " text-shadow",
    " user-select",
    " visibility",
    " writing-mode",
)


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What has changed."""
    return {name: (was, after.get(name)) for name, was in before.items() if after.get(name) != was}
