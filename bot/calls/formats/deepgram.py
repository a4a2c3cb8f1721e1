"""JSON of Deepgram: utterances where it was asked for them, else words."""

from dataclasses import replace
from typing import Any

from pydantic import StrictStr, validator

from bot.calls.formats import shapes
from bot.calls.formats.transcript import Transcript, heard_instead, in_time, new_turn, speaker_names, transcript
from bot.calls.formats.words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code
from bot.calls.turns import Turn


class _Word(shapes.Shape):
    word: StrictStr
    punctuated_word: StrictStr | None
    start: float | None
    end: float | None
    confidence: float | None
    speaker: str | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)
    _labels = validator("speaker", pre=True, allow_reuse=True)(shapes.label)


class _Utterance(shapes.Shape):
    start: float
    end: float
    transcript: StrictStr
    confidence: float | None
    speaker: str | None
    channel: str | None
    words: list[_Word] = []

    _durations = validator("start", "end", pre=True, allow_reuse=True)(shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)
    _labels = validator("speaker", "channel", pre=True, allow_reuse=True)(shapes.label)


class _Alternative(shapes.Shape):
    transcript: StrictStr = ""
    confidence: float | None
    words: list[_Word] = []

    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)


class _Channel(shapes.Shape):
    alternatives: list[_Alternative] = []
    detected_language: StrictStr | None


class _Results(shapes.Shape):
    utterances: list[_Utterance] | None
    channels: list[_Channel] = []


class _Document(shapes.Shape):
    results: _Results


def read(content: dict[str, Any]) -> Transcript:
    """A turn for each utterance, or for the words that one speaker says in a row.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    results = shapes.checked(_Document, content).results
    languages = {language_code(channel.detected_language) for channel in results.channels}
    language = languages.pop() if len(languages) == 1 else None
    if results.utterances:
        turns = _of_utterances(results.utterances, language)
        return transcript("deepgram", in_time(turns), place="results.utterances")
    turns = _of_words(results.channels, language)
    return transcript("deepgram", turns, place="results.channels")


def _of_utterances(utterances: list[_Utterance], language: str | None) -> list[Turn]:
    names = speaker_names([(utterance.channel, utterance.speaker) for utterance in utterances])
    turns = []
    for index, (utterance, name) in enumerate(zip(utterances, names, strict=True)):
        confidence = utterance.confidence
        if confidence is None:
            confidence = shapes.mean([word.confidence for word in utterance.words])
        turns.append(
            new_turn(
                utterance.transcript,
                place=f"results.utterances[{index}]",
                speaker=name,
                start=utterance.start,
                end=utterance.end,
                confidence=confidence,
                language=language,
            )
        )
    return [turn for turn in turns if turn]


def _of_words(channels: list[_Channel], language: str | None) -> list[Turn]:
    spoken = [
        (word, str(index), f"results.channels[{index}].alternatives[0].words[{number}]")
        for index, channel in enumerate(channels)
        for number, word in enumerate(channel.alternatives[0].words if channel.alternatives else [])
    ]
    names = speaker_names([(channel, word.speaker) for word, channel, _ in spoken])
    turns = turns_of_words(
        [
            SpokenWord(name, word.start, word.end, word.punctuated_word or word.word, word.confidence, place)
            for (word, _, place), name in zip(spoken, names, strict=True)
        ],
        language=language,
    )
    if len(channels) == 1 and len(turns) == 1:  # else the alternatives are of several turns together
        others = [other.transcript for other in channels[0].alternatives[1:]]
        turns = [replace(turn, alternatives=heard_instead(turn.text, others)) for turn in turns]
    return turns
