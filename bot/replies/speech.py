"""Text normalisation for text-to-speech (TTS): a written reply as only words and the punctuation of pauses."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from bot.replies.speech_figures import figures_in_words
from bot.replies.speech_numbers import digits, spoken_words
from bot.replies.speech_shorthand import written_out

# Unicode categories of emoji and their parts, and of invisible characters.
_DROPPED = ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc", "Me")
_QUOTES = re.compile(r"[\"„“”«»‟]|(?<!\w)['‘‚’]|['’](?!\w)")
# With the punctuation before it: of "Avots: nosaukums – https://…" the title is left.
_LINK = re.compile(r"(?: ?[:–-])? ?(?:https?|ftp)://(?:\S*[^\s.,;:!?)\]])?", re.IGNORECASE)
_CHOICE = re.compile(r"(\d{1,2})\. (?=[^\W\d_])")
_BULLET = re.compile(r"[•‣▪*·–—-] +|[•‣▪·]")
_ENDS_A_SENTENCE = ".!?:"
_HIDDEN = "•"

Change = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def spoken(text: str, language: str) -> str:
    """A text of ours as it is read aloud: digits, symbols, links, lists and addresses in words.

    Args:
        text: any text, as it is written to customers.
        language: "lv" or "en", the language of the speech synthesiser.

    Returns:
        One line without digits, "€", links, bullets, emoji, quotation marks or slashes; empty where nothing is left.
    """
    text = _plain_characters(text)
    for pattern, say in _address_changes(language):
        text = pattern.sub(say, text)
    text = written_out(text, language)
    text = _sentences(text)
    text = figures_in_words(text, language)
    for pattern, say in _word_changes(language):
        text = pattern.sub(say, text)
    return _tidy(text)


def _plain_characters(text: str) -> str:
    """Compatibility forms, digits of other scripts and kinds of space normalised; emoji removed."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(_plain_character(character) for character in text)


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    figure = unicodedata.digit(character, None)
    if figure is not None:
        return str(figure)
    category = unicodedata.category(character)
    if character in "\n\r\u2028\u2029":
        return "\n"
    if character in (_HIDDEN, "°"):
        return character
    if category == "Zs" or character == "\t":
        return " "
    if category == "Pd":
        return "-" if character in "-‐" else "–"
    return "" if category in _DROPPED else character


@lru_cache(maxsize=4)
def _address_changes(language: str) -> list[Change]:
    """Rules for names, masked characters, links, e-mail and web addresses."""
    words = spoken_words(language)
    ends = words["ends_of_addresses"]
    label = r"[^\W_](?:[\w-]{0,62})"

    def say_labels(address: str) -> str:
        *labels, end = address.split(".")
        said = f" {words['dot']} ".join([*labels, ends.get(end.lower(), end)])
        return re.sub(r"[-_+]", lambda mark: f" {words['marks'][mark[0]]} ", said)

    def say_email(match: re.Match[str]) -> str:
        return f"{say_labels(match['name'])} {words['at']} {say_labels(match['domain'])}"

    def say_domain(match: re.Match[str]) -> str:
        return say_labels(match["domain"])

    def say_masked_email(match: re.Match[str]) -> str:
        letter = words["letters"].get(match["letter"].upper(), match["letter"])
        return str(words["masked_email"].format(letter=letter))

    names = "|".join(re.escape(name) for name in words["names"])
    known = "|".join(ends)
    return [
        (re.compile(rf"\b(?:{names})\b"), lambda match: words["names"][match[0]]),
        (re.compile(rf"(?P<letter>\w){_HIDDEN}+@{_HIDDEN}+"), say_masked_email),
        (
            re.compile(rf"{_HIDDEN}{{2,}} ?(?P<figures>\d{{1,4}})"),
            lambda match: words["masked_phone"].format(digits=digits(match["figures"], language)),
        ),
        (_LINK, lambda _: ""),
        (re.compile(rf"(?P<name>[\w.+-]{{1,64}})@(?P<domain>{label}(?:\.{label})*)"), say_email),
        (
            re.compile(
                rf"(?<![\w.@-])(?:www\.)?(?P<domain>(?:{label}\.){{1,4}}(?:{known}))(?![\w-])(?:/\S*[^\s.,;:!?)])?/?",
                re.IGNORECASE,
            ),
            say_domain,
        ),
        (re.compile("@"), lambda _: f" {words['at']} "),
    ]


def _sentences(text: str) -> str:
    """The lines of a text as sentences; the items of a list start with a capital."""
    said = []
    for written in text.split("\n"):
        line = written.strip()
        bullet = _BULLET.match(line)
        if bullet:
            line = line[bullet.end() :].strip()
            line = line[:1].upper() + line[1:]
        choice = _CHOICE.match(line)
        if choice and line[choice.end()].isupper():
            line = f"{choice[1]}: {line[choice.end() :]}"
        line = line.rstrip(" –-;,")
        if line:
            said.append(line)
    if len(said) < 2:
        return "".join(said)
    return " ".join(line if line[-1] in _ENDS_A_SENTENCE else f"{line}." for line in said)


@lru_cache(maxsize=4)
def _word_changes(language: str) -> list[Change]:
    """Rules for names of letters and for symbols, after the digits next to them have been read."""
    words = spoken_words(language)
    spelled = "|".join(words["spelled"])
    symbols = "".join(words["symbols"])
    letters = words["letters"]
    return [
        (re.compile(rf"\b(?:{spelled})\b"), lambda match: " ".join(letters[letter] for letter in match[0])),
        # "vai/un" is read without an extra word for the slash.
        (re.compile(rf"\b({words['joiners']}) ?/ ?|(?<=\w) ?/ ?(?={words['joiners']}\b)"), lambda m: f"{m[1] or ''} "),
        (re.compile(r"(?<=\w) ?/ ?(?=\w)"), lambda _: f" {words['or']} "),
        (re.compile(f"[{re.escape(symbols)}]"), lambda match: f" {words['symbols'][match[0]]} "),
        (_QUOTES, lambda _: ""),
        (re.compile(r"[()\[\]{}]"), lambda _: ", "),
        (re.compile(r"(?:^| )[–-]+(?= |$)|–"), lambda _: ", "),
        (re.compile(r"\.{2,}|…"), lambda _: ", "),
        (re.compile(rf"[^\w\s.,;:!?'’-]|_|{_HIDDEN}"), lambda _: " "),
    ]


def _tidy(text: str) -> str:
    """Single spaces, and one punctuation mark where two came together."""
    text = " ".join(text.split())
    text = re.sub(r" (?=[.,;:!?])", "", text)
    text = re.sub(r",[,;]*(?=[.;:!?])|(?<=[.;:!?,]),+|(?<=[.!?:]);+|:(?=[.!?])", "", text)
    text = re.sub(r"(?<=[.!?:;,])\.+", "", text)
    text = text.strip(" ,;–-").lstrip(".:!?,; ")
    # A synthesiser may take a full stop before a lower-case letter for that of an abbreviation.
    return re.sub(r"(?<=[.!?] )\w", lambda first: first[0].upper(), text)
