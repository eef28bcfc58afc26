"""Layers models of TensorFlow.js, as files: what `model.save` writes there and `tf.loadLayersModel` reads.

| module        | what it knows                                                             |
| ------------- | ------------------------------------------------------------------------- |
| load, save    | the two functions for users; the order of things                          |
| rules         | which layers there are on both sides, and which arguments they share      |
| layers        | a layer to what a file says of it, and back                               |
| composed      | what TensorFlow.js has in other layers than Keras                         |
| parts         | activations, initializers, regularizers, constraints: arguments of layers |
| topology_read | a saved graph of layers to a Keras model                                  |
| topology_write| a Keras model to such a graph                                             |
| weight_limit  | no more memory for weights than the files hold values                     |
| weight_names  | how TensorFlow.js names the weights of a layer                            |
| weight_files  | the list of weights, and the bytes that it describes                      |
| adam          | the optimizer's state                                                     |
"""

from .load import load_tfjs
from .save import save_tfjs

__all__ = ['load_tfjs', 'save_tfjs']
