"""JSON of Deepgram: utterances where they were requested, else words."""

from dataclasses import replace
from typing import Any

from pydantic import StrictStr, validator

from bot.calls.call_turns import CallTurn
from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import (
    Transcript,
    heard_instead,
    in_time,
    new_turn,
    speaker_names,
    transcript,
    with_labels_between,
)
from bot.calls.formats.turns_of_words import SpokenWord, note_lost_words, turns_of_words
from bot.calls.language_codes import language_code


class _Word(json_shapes.Shape):
    word: StrictStr
    punctuated_word: StrictStr | None
    start: float | None
    end: float | None
    confidence: float | None
    speaker: str | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(json_shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", pre=True, allow_reuse=True)(json_shapes.label)


class _Utterance(json_shapes.Shape):
    start: float | None
    end: float | None
    transcript: StrictStr
    confidence: float | None
    speaker: str | None
    channel: str | None
    words: list[_Word] = []

    _durations = validator("start", "end", pre=True, allow_reuse=True)(json_shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", "channel", pre=True, allow_reuse=True)(json_shapes.label)


class _Alternative(json_shapes.Shape):
    says = frozenset(["transcript"])

    transcript: StrictStr = ""
    confidence: float | None
    words: list[_Word] = []

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)


class _Channel(json_shapes.Shape):
    says = frozenset(["alternatives"])

    alternatives: list[_Alternative] = []
    detected_language: StrictStr | None


class _Results(json_shapes.Shape):
    says = frozenset(["channels"])

    utterances: list[_Utterance] | None
    channels: list[_Channel] = []


class _Metadata(json_shapes.Shape):
    created: Any


class _Document(json_shapes.Shape):
    results: _Results
    metadata: _Metadata | None


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each utterance, or for a speaker's words in a row, or for a channel without words.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_Document, content)
    results = document.results
    created = json_shapes.moment(document.metadata.created) if document.metadata else None
    languages = {language_code(channel.detected_language) for channel in results.channels}
    language = languages.pop() if len(languages) == 1 else None
    if results.utterances:
        turns, place = in_time(_of_utterances(results.utterances, language)), "results.utterances"
    else:
        said = [*_of_words(results.channels, language), *_without_words(results.channels, language)]
        turns, place = in_time(said), "results.channels"
    return transcript("deepgram", turns, place=place, held_at=created)


def _of_utterances(utterances: list[_Utterance], language: str | None) -> list[CallTurn]:
    names = speaker_names([(utterance.channel, utterance.speaker) for utterance in utterances])
    turns = []
    for index, (utterance, name) in enumerate(zip(utterances, names, strict=True)):
        confidence = utterance.confidence
        if confidence is None:
            confidence = json_shapes.mean([word.confidence for word in utterance.words])
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


def _of_words(channels: list[_Channel], language: str | None) -> list[CallTurn]:
    spoken = []
    for index, channel in enumerate(channels):
        words = channel.alternatives[0].words if channel.alternatives else []
        place = f"results.channels[{index}].alternatives[0]"
        if words:
            note_lost_words([word.word for word in words], channel.alternatives[0].transcript, place)
        speakers = with_labels_between([word.speaker for word in words])
        for number, (word, speaker) in enumerate(zip(words, speakers, strict=True)):
            spoken.append((word, str(index), speaker, f"{place}.words[{number}]"))
    names = speaker_names([(channel, speaker) for _, channel, speaker, _ in spoken])
    turns = turns_of_words(
        [
            SpokenWord(name, word.start, word.end, word.punctuated_word or word.word, word.confidence, place)
            for (word, _, _, place), name in zip(spoken, names, strict=True)
        ],
        language=language,
    )
    if len(turns) == 1 and len(channels) == 1:
        others = [other.transcript for other in channels[0].alternatives[1:]]
        return [replace(turns[0], alternatives=heard_instead(turns[0].text, others))]
    return turns


def _without_words(channels: list[_Channel], language: str | None) -> list[CallTurn]:
    """The turns of channels that have a transcript but no words, since words were not requested."""
    names = speaker_names([(str(index), None) for index, _ in enumerate(channels)])
    turns = [
        new_turn(
            best.transcript,
            place=f"results.channels[{index}].alternatives[0]",
            speaker=name,
            confidence=best.confidence,
            alternatives=[other.transcript for other in others],
            language=language,
        )
        for index, (channel, name) in enumerate(zip(channels, names, strict=True))
        for best, *others in ([channel.alternatives] if channel.alternatives else [])
        if not best.words
    ]
    return [turn for turn in turns if turn]
