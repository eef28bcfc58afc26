"""The recognizer of `tfjs-center-loss/recognition` as its JSON has it, with NumPy.

What is enrolled and calibrated here recognizes in the browser. For search in Python take FAISS or scikit-learn.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

FORMAT = 2
"""The newest format of the JSON that this module reads: with templates. What has no number is of format 1."""

ONLY = '1'
"""The name of a template that was given none."""

_MOST_SCORES = 1000
_SCORES = ('distance', 'relative', 'cosine')
_EXPECTED = 'RecognizerData: expected what JSON.stringify of a Recognizer gives'


@dataclass
class RecognizerData:
    """Classes, each a center with a label, and from which score on a sample is accepted.

    Args:
        labels: The names of the classes, no two the same; of a class with several templates once for each.
        centers: Float32 of shape `(classes, width)`, a row a label: the mean of the features of a class.
        score: `"distance"` (default): -|x - c|. `"cosine"`: the cosine of the angle between x and c. `"relative"`: the
            distance times how little the nearest center stands out.
        threshold: From which score on samples are accepted. `None` before calibration: then everything is.
        pair_threshold: From which score on two samples are of the same class; the score of the two, one as the center.
        thresholds: Thresholds of single classes, by label, instead of `threshold`.
        samples: Of how many samples each center is the mean; it counts when the class is enrolled again. Defaults to 1.
        template_names: The name of the template that each center is, where classes have several or named ones.
        templates: `"each"` where every sample that is enrolled becomes a template of its own. Defaults to `"mean"`.
        scores: What the known samples of the calibration scored, ascending, at most 1,000: `typicality` is told by it.
        pair_scores: The same of pairs of them with the same label.

    Raises:
        ValueError: for anything that `Recognizer.fromJSON` would not take.
    """

    labels: Sequence[str]
    centers: ArrayLike
    score: str = 'distance'
    threshold: float | None = None
    pair_threshold: float | None = None
    thresholds: Mapping[str, float] = field(default_factory=lambda: {})
    samples: Sequence[int] | None = None
    template_names: Sequence[str] | None = None
    templates: str = 'mean'
    scores: Sequence[float] | None = None
    pair_scores: Sequence[float] | None = None

    def __post_init__(self) -> None:
        self._check_labels()
        centers = self.center_array
        if centers.ndim != 2 or len(centers) != len(self.labels) or not centers.size:
            raise ValueError(
                f'RecognizerData: expected centers of shape ({len(self.labels)}, width), but got {centers.shape}.'
            )
        if not np.isfinite(centers).all():
            raise ValueError('RecognizerData: expected centers to be finite numbers, but at least one is not.')
        if self.score not in _SCORES:
            raise ValueError(f'RecognizerData: expected score to be one of {_SCORES}, but got {self.score!r}.')
        for value in (self.threshold, self.pair_threshold, *self.thresholds.values()):
            if value is not None and not math.isfinite(value):
                raise ValueError(f'RecognizerData: expected thresholds to be finite numbers, but got {value}.')
        if self.thresholds and self.threshold is None:
            raise ValueError('RecognizerData: expected a threshold for all beside those of single classes.')
        unknown = set(self.thresholds) - set(self.labels)
        if unknown:
            raise ValueError(f'RecognizerData: expected thresholds of {list(self.labels)!r:.200}, but got {unknown!r}.')
        if len(self.sample_counts) != len(self.labels) or min(self.sample_counts) < 1:
            raise ValueError(
                f'RecognizerData: expected {len(self.labels)} numbers of samples, each at least 1, '
                f'but got {self.samples!r:.200}.'
            )

        if self.templates not in ('mean', 'each'):
            raise ValueError(f"RecognizerData: expected templates to be 'mean' or 'each', but got {self.templates!r}.")
        for scores in (self.scores, self.pair_scores):
            if scores is not None and not _are_scores(scores):
                raise ValueError(
                    f'RecognizerData: expected scores to be 1 to {_MOST_SCORES} ascending numbers, '
                    f'but got {scores!r:.200}.'
                )

    @property
    def center_array(self) -> NDArray[np.float32]:
        """The centers as an array of float32."""
        return np.asarray(self.centers, dtype='float32')

    @property
    def sample_counts(self) -> list[int]:
        """Of how many samples each center is the mean."""
        return [1] * len(self.labels) if self.samples is None else [int(count) for count in self.samples]

    def to_json(self) -> str:
        """The text that `Recognizer.fromJSON(JSON.parse(text))` reads: the same centers to the last bit."""
        centers = self.center_array
        names = self._names
        rows = zip(self.labels, names, self.sample_counts, centers, strict=True)
        # A class has one threshold, whatever its templates.
        own = dict(self.thresholds)
        classes = [
            {
                'label': label,
                **({} if name == ONLY else {'template': name}),
                'samples': count,
                'center': base64.b64encode(center.astype('<f4').tobytes()).decode('ascii'),
                **({'threshold': own.pop(label)} if label in own else {}),
            }
            for label, name, count, center in rows
        ]
        thresholds = {'threshold': self.threshold, 'pairThreshold': self.pair_threshold}
        scores = {'scores': self.scores, 'pairScores': self.pair_scores}
        each = {} if self.templates == 'mean' else {'templates': self.templates}
        return json.dumps(
            {
                **({'format': FORMAT} if each or set(names) - {ONLY} else {}),
                'score': self.score,
                **each,
                **{name: [float(one) for one in values] for name, values in scores.items() if values is not None},
                'width': centers.shape[1],
                **{name: float(value) for name, value in thresholds.items() if value is not None},
                'classes': classes,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> RecognizerData:
        """Reads what `JSON.stringify` of a `Recognizer` gave.

        Raises:
            ValueError: for anything else, and for a newer format.
        """
        data = _object(_parsed(text), 'an object')
        number = data.get('format', 1)
        if type(number) is not int or number not in (1, FORMAT):
            raise ValueError(f'{_EXPECTED}, of format 1 or {FORMAT}, but got format {number!r}.')
        classes = [_object(one, 'classes of objects') for one in _list(data.get('classes'))]
        labels = [one.get('label') for one in classes]
        if not all(isinstance(label, str) for label in labels):
            raise ValueError(f'{_EXPECTED}, but got labels that are no texts.')
        names = [one.get('template', ONLY) for one in classes]
        if not all(isinstance(name, str) for name in names):
            raise ValueError(f'{_EXPECTED}, but got templates that are no texts.')
        if number == 1 and ('templates' in data or any('template' in one for one in classes)):
            raise ValueError(f'{_EXPECTED}, but got templates in format 1.')
        given = [(str(one['label']), _number(one['threshold'])) for one in classes if one.get('threshold') is not None]
        own = dict(given)
        if len(own) != len(given):
            raise ValueError(f'{_EXPECTED}, with one threshold a class, but got {len(given)} for {len(own)}.')
        samples = [one.get('samples') for one in classes]
        if not all(type(count) is int for count in samples):
            raise ValueError(f'{_EXPECTED}, but got samples of {samples!r:.100}.')
        return cls(
            labels=cast(list[str], labels),
            centers=_centers(classes, data.get('width')),
            score=str(data.get('score')),
            threshold=_optional_number(data.get('threshold')),
            pair_threshold=_optional_number(data.get('pairThreshold')),
            thresholds=own,
            samples=cast(list[int], samples),
            template_names=cast(list[str], names) if set(names) - {ONLY} else None,
            templates=str(data.get('templates', 'mean')),
            scores=_optional_numbers(data.get('scores')),
            pair_scores=_optional_numbers(data.get('pairScores')),
        )

    @property
    def _names(self) -> list[str]:
        return [ONLY] * len(self.labels) if self.template_names is None else list(self.template_names)

    def _check_labels(self) -> None:
        labels: list[Any] = list(self.labels)
        names: list[Any] = self._names
        if len(names) != len(labels) or not all(isinstance(name, str) for name in names):
            raise ValueError(
                f'RecognizerData: expected {len(labels)} names of templates, but got {self.template_names!r:.200}.'
            )
        pairs = list(zip(labels, names, strict=True))
        if not all(isinstance(label, str) for label in labels) or len(set(pairs)) != len(pairs):
            raise ValueError(
                'RecognizerData: expected labels to be texts, no two the same unless their templates differ, '
                f'but got {list(self.labels)!r:.200}.'
            )


def _are_scores(values: Sequence[float]) -> bool:
    numbers = [float(value) for value in values]
    return 1 <= len(numbers) <= _MOST_SCORES and all(map(math.isfinite, numbers)) and numbers == sorted(numbers)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError(f'{_EXPECTED}, but got lists in lists without end.') from error


def _centers(classes: list[dict[str, Any]], width: Any) -> NDArray[np.float32]:
    rows = [_decoded(one.get('center')) for one in classes]
    widths: set[Any] = {len(row) for row in rows}
    if width is not None:
        widths.add(width)
    if len(widths) != 1 or not rows:
        raise ValueError(f'{_EXPECTED}, with at least one class and centers of one width, but got widths {widths!r}.')
    return np.stack(rows)


def _decoded(center: Any) -> NDArray[np.float32]:
    try:
        return np.frombuffer(base64.b64decode(center, validate=True), '<f4').astype('float32')
    except (TypeError, ValueError, binascii.Error) as error:
        raise ValueError(f'{_EXPECTED}, with centers in Base64, but got {center!r:.100}.') from error


def _object(value: Any, expected: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f'{_EXPECTED}, {expected}, but got {value!r:.100}.')
    return cast(dict[str, Any], value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f'{_EXPECTED}, with a list of classes, but got {value!r:.100}.')
    return cast(list[Any], value)


def _optional_number(value: Any) -> float | None:
    return None if value is None else _number(value)


def _optional_numbers(values: Any) -> list[float] | None:
    if values is not None and not isinstance(values, list):
        raise ValueError(f'{_EXPECTED}, with lists of scores, but got {values!r:.100}.')
    return None if values is None else [_number(value) for value in cast(list[Any], values)]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f'{_EXPECTED}, with thresholds that are numbers, but got {value!r:.100}.')
    return float(value)
