"""The recognizer's JSON: what is written here is read there, to the bit; what is damaged is refused."""

import base64
import json

import numpy as np
import pytest
from tfjs import needs_node, run_node

from tfjs_center_loss import RecognizerData

CENTERS = np.array([[0, 0], [8, 1 / 3], [-4, 1e-30]], 'float32')
LABELS = ['cat', 'dog', 'Häschen 🐇']


def calibrated(**more):
    fields = {'threshold': -3.0, 'pair_threshold': -2.5, 'thresholds': {'dog': -1.0}, 'samples': [5, 1, 7]}
    return RecognizerData(LABELS, CENTERS, **{**fields, **more})


def test_comes_back_as_it_was():
    for data in (calibrated(), RecognizerData(LABELS, CENTERS, score='cosine')):
        back = RecognizerData.from_json(data.to_json())
        np.testing.assert_array_equal(back.centers, CENTERS)
        assert back.labels == LABELS
        assert (back.score, back.threshold, back.pair_threshold) == (data.score, data.threshold, data.pair_threshold)
        assert dict(back.thresholds) == dict(data.thresholds)
        assert back.sample_counts == data.sample_counts


# As JSON.stringify writes a recognizer with templates and a calibration.
WITH_TEMPLATES = {
    'format': 2,
    'score': 'cosine',
    'width': 1,
    'threshold': 0.5,
    'pairThreshold': 0.25,
    'scores': [0.5, 0.75, 0.75],
    'pairScores': [0.25],
    'templates': 'each',
    'classes': [
        {'label': 'Ada', 'samples': 1, 'center': 'AACAPw==', 'threshold': 0.625},
        {'label': 'Bo', 'template': 'glasses', 'samples': 2, 'center': 'AAAAQA=='},
        {'label': 'Ada', 'template': '2', 'samples': 1, 'center': 'AABAQA=='},
    ],
}


def test_templates_and_scores_come_back_as_they_were():
    data = RecognizerData.from_json(json.dumps(WITH_TEMPLATES))
    assert data.labels == ['Ada', 'Bo', 'Ada']
    assert data.template_names == ['1', 'glasses', '2']
    assert (data.templates, data.scores, data.pair_scores) == ('each', [0.5, 0.75, 0.75], [0.25])
    np.testing.assert_array_equal(data.centers, [[1], [2], [3]])
    assert json.loads(data.to_json()) == WITH_TEMPLATES


def test_without_templates_the_format_is_that_of_earlier_versions():
    data = json.loads(calibrated(scores=[-2, -1.5]).to_json())
    assert data['scores'] == [-2.0, -1.5]
    assert not {'format', 'templates'} & set(data)
    assert RecognizerData.from_json(json.dumps({**data, 'format': 1})).template_names is None


@needs_node
def test_recognizes_in_tensorflow_js_and_comes_back_to_the_bit(tmp_path):
    (tmp_path / 'recognizer.json').write_text(calibrated().to_json())
    samples = [[0, 1], [8, 0], [8, 2], [0, 3.5], [-4, 1]]
    (tmp_path / 'samples.json').write_text(json.dumps(samples))
    run_node('recognizer.ts', *(tmp_path / f'{name}.json' for name in ('recognizer', 'samples', 'results')))
    results = json.loads((tmp_path / 'results.json').read_text())
    # Nearer than 3, and than 1 for the dog.
    assert results['labels'] == ['cat', 'dog', None, None, 'Häschen 🐇']
    back = RecognizerData.from_json(results['text'])
    np.testing.assert_array_equal(back.centers, CENTERS)
    assert json.loads(back.to_json()) == json.loads(calibrated().to_json())


REFUSED = {
    'labels twice': ({'labels': ['cat', 'cat', 'dog']}, 'no two the same'),
    'labels that are no texts': ({'labels': [1, 2, 3]}, 'expected labels to be texts'),
    'other labels than centers': ({'labels': ['cat']}, r'expected centers of shape \(1, width\), but got \(3, 2\)'),
    'NaN': ({'centers': np.full((3, 2), np.nan)}, 'to be finite numbers'),
    'a number beyond float32': ({'centers': np.full((3, 2), 1e39)}, 'to be finite numbers'),
    'a score': ({'score': 'dot'}, "but got 'dot'"),
    'a threshold that is no number': ({'threshold': np.nan}, 'thresholds to be finite numbers'),
    'thresholds of nobody': ({'thresholds': {'cow': 1.0}}, "but got {'cow'}"),
    'thresholds without one for all': ({'threshold': None}, 'expected a threshold for all'),
    'no samples': ({'samples': [0, 1, 1]}, 'expected 3 numbers of samples, each at least 1'),
    'a template twice': (
        {'labels': ['cat', 'dog', 'dog'], 'template_names': ['1', 'x', 'x']},
        'the same unless their templates differ',
    ),
    'other names than labels': ({'template_names': ['x']}, 'expected 3 names of templates'),
    'templates of another kind': ({'templates': 'all'}, "'mean' or 'each', but got 'all'"),
    'scores that fall': ({'scores': [2.0, 1.0]}, 'expected scores to be 1 to 1000 ascending numbers'),
    'no scores at all': ({'pair_scores': []}, 'expected scores to be 1 to 1000 ascending numbers'),
    'too many scores': ({'scores': [0.0] * 1001}, 'expected scores to be 1 to 1000 ascending numbers'),
    'other samples than centers': ({'samples': [1]}, 'expected 3 numbers of samples'),
}


@pytest.mark.filterwarnings('ignore:overflow')
@pytest.mark.parametrize('what', REFUSED)
def test_refuses(what):
    fields, message = REFUSED[what]
    with pytest.raises(ValueError, match=message):
        RecognizerData(
            **{
                'labels': LABELS,
                'centers': CENTERS,
                'threshold': -3.0,
                'thresholds': {'dog': -1.0},
                'samples': [5, 1, 7],
                **fields,
            }
        )


def _of_class(key, value):
    return lambda data: data['classes'][0].update({key: value})


DAMAGED = {
    'no object': (lambda data: [], 'an object'),
    'no classes': (lambda data: data.pop('classes') and None, 'with a list of classes'),
    'a class that is no object': (lambda data: data['classes'].append(7), 'classes of objects'),
    'a label that is no text': (_of_class('label', None), 'labels that are no texts'),
    'a label twice': (_of_class('label', 'dog'), 'no two the same'),
    'bad Base64': (_of_class('center', 'A'), 'centers in Base64'),
    'bytes that are no numbers': (_of_class('center', base64.b64encode(b'12345').decode()), 'centers in Base64'),
    'a center of another width': (_of_class('center', base64.b64encode(bytes(12)).decode()), 'of one width'),
    'a center with NaN': (_of_class('center', base64.b64encode(b'\xff' * 8).decode()), 'to be finite'),
    'another width': (lambda data: data.update(width=3), 'of one width'),
    'a fraction of samples': (_of_class('samples', 1.5), 'but got samples of'),
    'a text as a threshold': (lambda data: data.update(threshold='0'), 'thresholds that are numbers'),
    'a newer format': (lambda data: data.update(format=3), 'of format 1 or 2, but got format 3'),
    'a template in format 1': (_of_class('template', 'x'), 'templates in format 1'),
    'templates in format 1': (lambda data: data.update(templates='each'), 'templates in format 1'),
    'a template that is no text': (_of_class('template', 2), 'templates that are no texts'),
    'scores that are no list': (lambda data: data.update(scores=3), 'with lists of scores'),
    'a score that is no number': (lambda data: data.update(pairScores=['1']), 'that are numbers'),
    'a threshold twice': (
        lambda data: data['classes'].append({**data['classes'][1], 'template': 'x'}) or data.update(format=2),
        'one threshold a class, but got 2 for 1',
    ),
}


@pytest.mark.parametrize('what', DAMAGED)
def test_refuses_json_that_is_damaged(what):
    damage, message = DAMAGED[what]
    data = json.loads(calibrated().to_json())
    changed = damage(data)
    with pytest.raises(ValueError, match=message):
        RecognizerData.from_json(json.dumps(data if changed is None else changed))


@pytest.mark.parametrize('text', ['', '{', '[' * 100_000, 'null'])
def test_text_that_is_no_json_of_a_recognizer_is_refused(text):
    with pytest.raises(ValueError):
        RecognizerData.from_json(text)


def test_every_changed_character_is_refused_or_read():
    text = calibrated().to_json()
    outcomes = {'read': 0, 'refused': 0}
    for place in range(len(text)):
        for character in '"0}':
            try:
                RecognizerData.from_json(text[:place] + character + text[place + 1 :])
                outcomes['read'] += 1
            except ValueError:
                outcomes['refused'] += 1
    assert outcomes['read'] > 0
    assert outcomes['refused'] > len(text)
