"""Whatever becomes of a saved model on its way, `load_tfjs` gives a model of its weights or says what is wrong."""

import json
import random

import pytest
from keras import Input, Sequential, layers

from tfjs_center_loss import CenterLossLayer, load_tfjs, save_tfjs

# As many as take some seconds; `pytest tests/test_fuzzed_files.py` with another number by hand.
CHANGED = 300
NASTY = ['__proto__', 'constructor', '', '\0', '../up', 7, -1, 2**63, 1e300, True, None, [], {}, [[]], {'a': 1}]


@pytest.fixture(scope='module')
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp('saved')
    save_tfjs(Sequential([Input((2,)), layers.Dense(2, name='dense'), CenterLossLayer(2, name='centers')]), folder)
    return folder, load_tfjs(folder)


@pytest.fixture
def outcome_of(saved, tmp_path):
    """Loads the model with a model.json and weights of one's own: 'refused', or 'loaded' as a model of equal shapes."""
    good, model = saved
    [weights] = good.glob('*.bin')
    shapes = [tuple(weight.shape) for weight in model.weights]

    def outcome(text=None, data=None):
        (tmp_path / 'model.json').write_bytes((good / 'model.json').read_bytes() if text is None else text)
        (tmp_path / weights.name).write_bytes(weights.read_bytes() if data is None else data)
        try:
            loaded = load_tfjs(tmp_path)
        except ValueError as error:
            assert str(tmp_path / 'model.json') in str(error)
            return 'refused'
        assert [tuple(weight.shape) for weight in loaded.weights] == shapes
        return 'loaded'

    return outcome


def changed_bytes(data, count):
    """`data` with one byte changed, `count` times; a fixed seed."""
    chance = random.Random(1)
    for _ in range(count):
        place = chance.randrange(len(data))
        yield data[:place] + bytes([data[place] ^ chance.randrange(1, 256)]) + data[place + 1 :]


def places_of(value, path=()):
    """The path of every value in plain data."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield from places_of(inner, (*path, key))


def with_value(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_value(copy[path[0]], path[1:], new)
    return copy


def test_a_model_json_that_was_cut_off_is_refused(saved, outcome_of):
    text = (saved[0] / 'model.json').read_bytes().rstrip()
    assert {outcome_of(text[:length]) for length in range(0, len(text), 3)} == {'refused'}


def test_weights_that_were_cut_off_at_any_length_are_refused(saved, outcome_of):
    [weights] = saved[0].glob('*.bin')
    data = weights.read_bytes()
    assert {outcome_of(data=data[:length]) for length in range(len(data))} == {'refused'}


def test_a_changed_byte_is_refused_or_gives_a_model_of_the_same_weights(saved, outcome_of):
    text = (saved[0] / 'model.json').read_bytes()
    outcomes = [outcome_of(changed) for changed in changed_bytes(text, CHANGED)]
    assert set(outcomes) == {'refused', 'loaded'}


def test_any_value_in_the_place_of_any_other_is_refused_or_gives_a_model_of_the_same_weights(saved, outcome_of):
    artifacts = json.loads((saved[0] / 'model.json').read_text())
    places, chance = list(places_of(artifacts)), random.Random(2)
    for _ in range(CHANGED):
        changed = with_value(artifacts, chance.choice(places), chance.choice(NASTY))
        outcome_of(json.dumps(changed).encode())


@pytest.mark.parametrize('opening', ['[', '{"a":', '{"modelTopology":'])
def test_nesting_100_000_deep_is_refused(opening, outcome_of):
    assert outcome_of(opening.encode() * 100_000) == 'refused'


@pytest.mark.parametrize('text', [b'\xff\xfe', b'\x80', b'NaN', b'Infinity', b'1e999'])
def test_text_that_is_no_object_is_refused(text, outcome_of):
    assert outcome_of(text) == 'refused'


def test_a_key_that_stands_twice_counts_once(saved, outcome_of):
    text = (saved[0] / 'model.json').read_text()
    assert outcome_of(text.replace('{', '{"format": "graph-model", ', 1).encode()) == 'loaded'
