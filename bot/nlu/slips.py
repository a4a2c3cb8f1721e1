"""Artificial typos for data augmentation, so that the classifier does not depend on every letter."""

import random

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2] for row in ROWS for place, key in enumerate(row)
}
LETTERS_PER_SLIP = 12
SHORTEST = 4  # letters; shorter texts would become unreadable


def with_slips(text: str, chance: random.Random) -> str:
    """The text with about one typo in twelve letters: omitted, doubled, transposed, or an adjacent key."""
    letters = list(text)
    for _ in range(max(1, round(sum(map(str.isalpha, letters)) / LETTERS_PER_SLIP))):
        places = [place for place, letter in enumerate(letters) if letter.isalpha()]
        if len(places) < SHORTEST:
            break
        place = chance.choice(places)
        letter, after = letters[place], letters[place + 1 : place + 2]
        match chance.randrange(4):
            case 0:
                letters[place] = ""
            case 1:
                letters[place] = letter * 2
            case 2 if after and after[0].isalpha():
                letters[place], letters[place + 1] = after[0], letter
            case _:
                letters[place] = chance.choice(NEIGHBOURS.get(letter.lower(), letter))
        letters = [character for character in letters if character]
    return "".join(letters)
