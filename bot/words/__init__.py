"""Words in writing and speech: normalised text, the lexicon, numbers in words."""
