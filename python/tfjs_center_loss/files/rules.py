"""Which layers both sides have, and which arguments of theirs mean the same.

A class or an argument that stands in no rule is refused, so that a file can make nothing but these layers, and no layer
changes what it does on its way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from keras import layers

from ..layer import CenterLossLayer

_BIAS = 'use_bias bias_initializer bias_regularizer bias_constraint '
_KERNEL = 'kernel_initializer kernel_regularizer kernel_constraint ' + _BIAS
_WINDOW = 'kernel_size strides padding '
_CELL = 'units activation dropout recurrent_dropout ' + _KERNEL
_CELL += 'recurrent_initializer recurrent_regularizer recurrent_constraint '
_SEQUENCE = 'return_sequences return_state go_backwards stateful unroll '
_NORMALIZATION = 'axis epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer '
_POOLING = 'pool_size strides padding '

_CHANNELS_LAST = {'data_format': 'channels_last'}
_NO_RESET_AFTER = {'reset_after': False}


@dataclass(frozen=True)
class Rule:
    """What Keras and TensorFlow.js share of a layer.

    Args:
        keras_class: The class in Keras.
        shared: Arguments that have the same name and meaning on both sides.
        renamed: Arguments of one meaning and two names, that of Keras first.
        fixed: Arguments that only one side has, or that the other one ignores, with the only value that they may have.
            What is None, False or 0 makes no difference and needs no entry.
        parts: Arguments that are layers or cells themselves.
    """

    keras_class: type
    shared: str = ''
    renamed: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    parts: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """What TensorFlow.js calls the arguments, by what Keras calls them."""
        return {**{name: name for name in self.shared.split()}, **self.renamed}


def _conv(keras_class: type, more: str = '', **fixed: Any) -> Rule:
    return Rule(keras_class, f'filters activation {_WINDOW} {_KERNEL} {more}', fixed=fixed)


def _each(rule_of: Callable[[type], Rule], *keras_classes: type) -> dict[str, Rule]:
    return {keras_class.__name__: rule_of(keras_class) for keras_class in keras_classes}


_DENSE = {
    'Dense': Rule(layers.Dense, 'units activation ' + _KERNEL),
    'Embedding': Rule(
        layers.Embedding,
        'input_dim output_dim mask_zero embeddings_initializer embeddings_regularizer embeddings_constraint',
    ),
    'CenterLossLayer': Rule(
        CenterLossLayer, 'num_classes alpha loss_weight reduction ignore_class centers_initializer'
    ),
}
_CONVOLUTIONS = {
    'Conv1D': _conv(layers.Conv1D, 'dilation_rate', groups=1, **_CHANNELS_LAST),
    'Conv2D': _conv(layers.Conv2D, 'dilation_rate data_format', groups=1),
    'Conv3D': _conv(layers.Conv3D, 'dilation_rate data_format', groups=1),
    'Conv2DTranspose': _conv(layers.Conv2DTranspose, 'data_format', dilation_rate=[1, 1]),
    'Conv3DTranspose': _conv(layers.Conv3DTranspose, 'data_format', dilation_rate=[1, 1, 1]),
    'SeparableConv2D': Rule(
        layers.SeparableConv2D,
        f'filters activation dilation_rate data_format {_WINDOW} {_BIAS} '
        'depthwise_initializer depthwise_regularizer depthwise_constraint '
        'pointwise_initializer pointwise_regularizer pointwise_constraint',
        # TensorFlow.js reads another one, but forgets it when it saves the layer.
        fixed={'depth_multiplier': 1},
    ),
    'DepthwiseConv2D': Rule(
        layers.DepthwiseConv2D,
        f'depth_multiplier activation dilation_rate data_format {_WINDOW} {_BIAS} '
        'depthwise_initializer depthwise_regularizer depthwise_constraint',
    ),
}
_POOLINGS = {
    **_each(lambda c: Rule(c, _POOLING, fixed=_CHANNELS_LAST), layers.MaxPooling1D, layers.AveragePooling1D),
    **_each(
        lambda c: Rule(c, _POOLING + 'data_format'),
        *(layers.MaxPooling2D, layers.AveragePooling2D, layers.MaxPooling3D, layers.AveragePooling3D),
    ),
    **_each(lambda c: Rule(c, fixed=_CHANNELS_LAST), layers.GlobalMaxPooling1D, layers.GlobalAveragePooling1D),
    **_each(lambda c: Rule(c, 'data_format'), layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D),
}
_SHAPES = {
    'Flatten': Rule(layers.Flatten, fixed=_CHANNELS_LAST),
    'Reshape': Rule(layers.Reshape, 'target_shape'),
    'Permute': Rule(layers.Permute, 'dims'),
    'RepeatVector': Rule(layers.RepeatVector, 'n'),
    'ZeroPadding2D': Rule(layers.ZeroPadding2D, 'padding data_format'),
    'Cropping2D': Rule(layers.Cropping2D, 'cropping data_format'),
    # Its bilinear one puts the pixels elsewhere.
    'UpSampling2D': Rule(layers.UpSampling2D, 'size data_format', fixed={'interpolation': 'nearest'}),
    'Masking': Rule(layers.Masking, 'mask_value'),
    'Rescaling': Rule(layers.Rescaling, 'scale offset'),
}
_NORMALIZATIONS = {
    'BatchNormalization': Rule(
        layers.BatchNormalization,
        _NORMALIZATION
        + 'momentum moving_mean_initializer moving_variance_initializer beta_constraint gamma_constraint',
        fixed={'renorm_momentum': 0.99},
    ),
    'LayerNormalization': Rule(layers.LayerNormalization, _NORMALIZATION),
}
_ACTIVATIONS = {
    'Activation': Rule(layers.Activation, 'activation'),
    'ELU': Rule(layers.ELU, fixed={'alpha': 1.0}),
    'LeakyReLU': Rule(layers.LeakyReLU, renamed={'negative_slope': 'alpha'}),
    'PReLU': Rule(layers.PReLU, 'alpha_initializer alpha_regularizer alpha_constraint shared_axes'),
    'ReLU': Rule(layers.ReLU, 'max_value'),
    'Softmax': Rule(layers.Softmax, 'axis'),
}
# The numbers that they draw differ on both sides, whatever the seed.
_NOISES = {
    'Dropout': Rule(layers.Dropout, 'rate noise_shape seed'),
    'AlphaDropout': Rule(layers.AlphaDropout, 'rate noise_shape'),
    'SpatialDropout1D': Rule(layers.SpatialDropout1D, 'rate'),
    'GaussianDropout': Rule(layers.GaussianDropout, 'rate'),
    'GaussianNoise': Rule(layers.GaussianNoise, 'stddev'),
}
_MERGES = {
    **_each(Rule, layers.Add, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum),
    'Concatenate': Rule(layers.Concatenate, 'axis'),
    'Dot': Rule(layers.Dot, 'axes normalize'),
}
_GATED = _CELL + 'recurrent_activation '
_RECURRENT = {
    'SimpleRNNCell': Rule(layers.SimpleRNNCell, _CELL),
    'LSTMCell': Rule(layers.LSTMCell, _GATED + 'unit_forget_bias'),
    'GRUCell': Rule(layers.GRUCell, _GATED, fixed=_NO_RESET_AFTER),
    'StackedRNNCells': Rule(layers.StackedRNNCells, parts=('cells',)),
    'ConvLSTM2D': Rule(
        layers.ConvLSTM2D,
        f'filters dilation_rate data_format unit_forget_bias {_WINDOW} {_SEQUENCE} ' + _GATED.replace('units ', ''),
    ),
    'SimpleRNN': Rule(layers.SimpleRNN, _CELL + _SEQUENCE),
    'LSTM': Rule(layers.LSTM, _GATED + _SEQUENCE + 'unit_forget_bias'),
    'GRU': Rule(layers.GRU, _GATED + _SEQUENCE, fixed=_NO_RESET_AFTER),
    'RNN': Rule(layers.RNN, _SEQUENCE, parts=('cell',)),
    'Bidirectional': Rule(layers.Bidirectional, 'merge_mode', parts=('layer',)),
    'TimeDistributed': Rule(layers.TimeDistributed, parts=('layer',)),
}

RULES = {
    **_DENSE,
    **_CONVOLUTIONS,
    **_POOLINGS,
    **_SHAPES,
    **_NORMALIZATIONS,
    **_ACTIVATIONS,
    **_NOISES,
    **_MERGES,
    **_RECURRENT,
}
TFJS_NAMES = {rule.keras_class: name for name, rule in RULES.items()}
