"""Models of Keras, small ones, of all that can be carried over. Inputs named `ids...` take whole numbers."""

import keras
from keras import Input, Model, Sequential, layers, regularizers
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

from tfjs_center_loss import CenterLossLayer
from tfjs_center_loss.files.parts import hard_sigmoid

CLASSES = 3


def _chain(shape, *stack, name='x'):
    tensor = first = Input(shape, name=name)
    for layer in stack:
        tensor = layer(tensor)
    return Model(first, tensor)


def _head():
    return [layers.Flatten(), layers.Dense(CLASSES)]


def _with_center_loss(x, features, **arguments):
    labels = Input((1,), dtype='int32', name='ids_label')
    centered = CenterLossLayer(CLASSES, loss_weight=0.1, name='center_loss', **arguments)([features, labels])
    return Model([x, labels], layers.Dense(CLASSES, name='logits')(centered))


def dense_with_center_loss():
    x = Input((4,), name='x')
    return _with_center_loss(x, layers.Dense(2, name='features')(layers.Dense(5, activation='relu')(x)))


def center_loss_as_a_tap():
    x, labels = Input((4,), name='x'), Input((1,), dtype='int32', name='ids_label')
    features = layers.Dense(2, name='features')(layers.Dense(5, activation='relu')(x))
    logits = layers.Dense(CLASSES, name='logits')(features)
    tap = CenterLossLayer(CLASSES, loss_weight=0.1, name='center_loss')
    return Model([x, labels], tap([features, labels, logits]))


def labels_without_an_axis():
    x, labels = Input((4,), name='x'), Input((), dtype='int32', name='label')
    centered = CenterLossLayer(CLASSES, loss_weight=0.1)([layers.Dense(2)(x), labels])
    inner = Model([x, labels], centered, name='with_labels')
    return Model([x, labels], layers.Dense(CLASSES)(inner([x, labels])))


def mean_reduction_and_ignored_class():
    x = Input((4,), name='x')
    return _with_center_loss(x, layers.Dense(2)(x), reduction='mean', ignore_class=1, alpha=0.3)


def convolutions_with_center_loss():
    x = Input((8, 8, 2), name='x')
    h = layers.Conv2D(3, 3, strides=2, padding='same', activation='relu')(x)
    return _with_center_loss(x, layers.Dense(2)(layers.Flatten()(layers.MaxPooling2D()(h))))


def all_regularizers():
    return _chain(
        (4,),
        layers.Dense(6, activation='tanh', kernel_regularizer=regularizers.L1L2(0.01, 0.02), bias_regularizer='l2'),
        layers.Dense(CLASSES, kernel_regularizer=regularizers.L1(0.01)),
    )


def constraints():
    model = _chain(
        (4,),
        layers.Dense(6, activation='tanh', kernel_constraint=keras.constraints.MaxNorm(0.8)),
        layers.Dense(5, kernel_constraint=keras.constraints.UnitNorm()),
        layers.Dense(5, kernel_constraint=keras.constraints.MinMaxNorm(0.2, 0.6)),
        layers.Dense(CLASSES, kernel_constraint='non_neg', use_bias=False),
    )
    # As after a step of training. TensorFlow.js applies them whenever it is handed weights, as in reading a file.
    for layer in model.layers[1:]:
        layer.kernel.assign(layer.kernel_constraint(layer.kernel))
    return model


def initializers():
    names = ['glorot_normal', 'he_uniform', 'lecun_normal', 'lecun_uniform', 'random_normal', 'random_uniform']
    names += ['truncated_normal', 'orthogonal', 'identity', 'ones', 'zeros', 'variance_scaling']
    stack = [layers.Dense(4, kernel_initializer=name) for name in names]
    return _chain((4,), *stack, layers.Dense(CLASSES, bias_initializer=keras.initializers.Constant(0.5)))


def activations():
    names = ['elu', 'gelu', 'linear', 'log_softmax', 'mish', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus']
    x = Input((4,), name='x')
    sides = [layers.Dense(3, activation=name)(x) for name in [*names, 'softsign', 'swish', hard_sigmoid]]
    sides += [layers.Activation('tanh')(x)]
    sides += [layer(x) for layer in (layers.ELU(), layers.LeakyReLU(0.2), layers.ReLU(1.0), layers.Softmax())]
    sides += [layers.PReLU(alpha_initializer=keras.initializers.Constant(0.1))(x)]
    return Model(x, layers.Dense(CLASSES)(layers.Concatenate()(sides)))


def convolutions_1d():
    return _chain(
        (9, 2),
        layers.Conv1D(3, 3, activation='relu'),
        layers.MaxPooling1D(2, padding='same'),
        layers.Conv1D(2, 2, padding='same'),
        layers.AveragePooling1D(2),
        *_head(),
    )


def convolutions_2d():
    return _chain(
        (7, 7, 2),
        layers.ZeroPadding2D(((1, 0), (0, 1))),
        layers.Conv2D(2, (3, 2), use_bias=False),
        layers.AveragePooling2D(2, strides=1),
        layers.Cropping2D(((1, 2), (2, 1))),
        layers.Conv2DTranspose(2, 3, strides=2, padding='same', activation='tanh'),
        layers.Conv2D(2, 3, strides=2),
        *_head(),
    )


def separable_and_depthwise():
    return _chain(
        (6, 6, 2),
        layers.SeparableConv2D(3, 3, activation='relu'),
        layers.DepthwiseConv2D(2, depth_multiplier=2),
        layers.GlobalAveragePooling2D(),
        layers.Dense(CLASSES),
    )


def dilations_and_edges():
    return _chain(
        (5, 5, 2),
        layers.AveragePooling2D(3, strides=2, padding='same'),
        layers.UpSampling2D((3, 3)),
        layers.Conv2D(2, (3, 2), dilation_rate=(1, 2)),
        layers.SeparableConv2D(3, 3, dilation_rate=2),
        layers.Reshape((9, 3)),
        layers.Conv1D(2, 3, dilation_rate=2),
        *_head(),
    )


def transposed_3d():
    return _chain((3, 3, 3, 1), layers.Conv3DTranspose(2, 2, strides=2, padding='same'), *_head())


def convolutions_3d():
    return _chain(
        (4, 4, 4, 1),
        layers.Conv3D(2, 2, activation='relu'),
        layers.MaxPooling3D(2),
        layers.AveragePooling3D(1),
        *_head(),
    )


def normalizations():
    return _chain(
        (5, 5, 2),
        layers.Conv2D(3, 2),
        layers.BatchNormalization(momentum=0.8),
        layers.LayerNormalization(epsilon=1e-2),
        layers.GlobalAveragePooling2D(),
        layers.Dense(CLASSES),
    )


def largest_of_a_map():
    # Not trained: where two places are nearly alike, rounding decides which one learns.
    return _chain((5, 5, 2), layers.Conv2D(3, 2), layers.GlobalMaxPooling2D(), layers.Dense(CLASSES))


def shapes():
    return _chain(
        (6,),
        layers.Rescaling(0.5, offset=0.1),
        layers.Dense(3),
        layers.RepeatVector(4),
        layers.Permute((2, 1)),
        layers.Reshape((2, 6)),
        layers.GlobalMaxPooling1D(),
        layers.Dense(CLASSES),
    )


def noises():
    stack = [
        layers.Dropout(0.3, seed=1),
        layers.AlphaDropout(0.2),
        layers.GaussianDropout(0.2),
        layers.GaussianNoise(0.3),
    ]
    return _chain((4, 3), *stack, layers.SpatialDropout1D(0.2), *_head())


def merges():
    x, y = Input((4,), name='x'), Input((4,), name='y')
    a, b = layers.Dense(3)(x), layers.Dense(3)(y)
    both = [layer([a, b]) for layer in (layers.Add(), layers.Multiply(), layers.Average(), layers.Maximum())]
    both += [layers.Minimum()([a, b]), layers.Dot(1)([a, b]), layers.Concatenate()([a, b])]
    return Model([x, y], layers.Dense(CLASSES)(layers.Concatenate(axis=-1)(both)))


def residual_with_two_outputs():
    x = Input((4,), name='x')
    h = layers.Dense(4, activation='relu')(x)
    h = layers.Add()([h, x])
    return Model(x, [layers.Dense(CLASSES, name='first')(h), layers.Dense(CLASSES, name='second')(x)])


def siamese():
    x, y = Input((4,), name='x'), Input((4,), name='y')
    shared = layers.Dense(3, activation='tanh')
    return Model([x, y], layers.Dense(CLASSES)(layers.Concatenate()([shared(x), shared(y)])))


def sequential():
    return Sequential([Input((4,)), layers.Dense(5, activation='relu'), layers.Dense(CLASSES)])


def nested():
    inner_x = Input((4,), name='inner_x')
    inner = Model(inner_x, [layers.Dense(3)(inner_x), layers.Dense(2, activation='relu')(inner_x)], name='inner')
    head = Sequential([Input((5,)), layers.Dense(4, activation='tanh'), layers.Dense(CLASSES)], name='head')
    x, y = Input((4,), name='x'), Input((4,), name='y')
    sides = [layers.Concatenate()(inner(x)), layers.Concatenate()(inner(y))]
    return Model([x, y], layers.Average()([head(side) for side in sides]))


def nested_at_the_end():
    inner_x, x = Input((4,), name='inner_x'), Input((4,), name='x')
    inner = Model(inner_x, [layers.Dense(3)(inner_x), layers.Dense(2)(inner_x)], name='inner')
    inner(x)
    return Model(x, inner(layers.Dense(4, activation='tanh')(x)))


def sequential_of_models():
    return Sequential([_chain((4,), layers.Dense(3)), Sequential([Input((3,)), layers.Dense(CLASSES)])])


def embedding_with_mask():
    ids = Input((5,), name='ids')
    x = layers.Embedding(4, 3, mask_zero=True)(ids)
    return Model(ids, layers.Dense(CLASSES)(layers.LSTM(2)(x)))


def recurrent():
    return _chain(
        (5, 3),
        layers.SimpleRNN(3, return_sequences=True),
        layers.GRU(3, reset_after=False, return_sequences=True, recurrent_activation=hard_sigmoid),
        layers.LSTM(2, unit_forget_bias=False, go_backwards=True),
        layers.Dense(CLASSES),
    )


def recurrent_cells():
    cells = [layers.LSTMCell(2), layers.GRUCell(3, reset_after=False), layers.SimpleRNNCell(2)]
    return _chain(
        (4, 3), layers.RNN(layers.LSTMCell(2), return_sequences=True), layers.RNN(cells), layers.Dense(CLASSES)
    )


def masking_and_states():
    x, y = Input((4, 3), name='x'), Input((4, 3), name='y')
    _, h, c = layers.LSTM(2, return_state=True)(layers.Masking(0.0)(x))
    decoded = layers.LSTM(2)(y, initial_state=[h, c])
    return Model([x, y], layers.Dense(CLASSES)(decoded))


def bidirectional():
    return _chain(
        (4, 3),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True), merge_mode='concat'),
        layers.Bidirectional(layers.GRU(2, reset_after=False, name='twice'), merge_mode='sum'),
        layers.Dense(CLASSES),
    )


def time_distributed():
    return _chain(
        (3, 4),
        layers.TimeDistributed(layers.Dense(3, activation='relu')),
        layers.TimeDistributed(Sequential([Input((3,)), layers.Dense(2)])),
        *_head(),
    )


def convolutional_lstm():
    return _chain((2, 4, 4, 1), layers.ConvLSTM2D(2, 2), *_head())


def hard_activations():
    """Of Keras; TensorFlow.js composes them of others."""
    x = Input((6, 6, 2), name='x')
    h = layers.Conv2D(3, 3, activation='hard_silu', name='convolved')(x)
    h = layers.Activation('hard_sigmoid')(layers.DepthwiseConv2D(2, name='depthwise')(h))
    head = Sequential([Input((3,)), layers.Dense(4, activation='hard_silu'), layers.Dense(CLASSES)])
    pooled = layers.GlobalAveragePooling2D(keepdims=True)(layers.Activation('hard_silu')(h))
    return Model(x, head(layers.Flatten()(layers.Multiply()([pooled, pooled]))))


def normalized_and_rescaled():
    x = Input((5, 5, 3), name='x')
    normalized = layers.Normalization(mean=[0.2, -0.1, 0.4], variance=[1.5, 0.8, 1.2])(x)
    h = layers.Rescaling([1.0, 0.5, 0.8])(layers.Normalization(axis=None, mean=0.1, variance=2.0)(normalized))
    return Model(x, layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(h)))


def operations_with_numbers():
    x = Input((4,), name='x')
    h = layers.Dense(3)((x + 3.0) * 0.25 - 1)
    return Model(x, layers.Dense(CLASSES)((2 - h) / 4.0))


def scaled_sum():
    x = Input((4,), name='x')
    scaled = CustomScaleLayer(0.17)([layers.Dense(3)(x), layers.Dense(3, activation='relu')(x)])
    return Model(x, layers.Dense(CLASSES)(scaled))


def frozen_layers():
    return _chain((4,), layers.Dense(5, trainable=False, activation='relu'), layers.Dense(CLASSES))


# TensorFlow.js has no gradients of dilated and transposed 3-D convolutions, and on its cpu backend wrong ones of
# average pooling with padding and of upsampling. It does not apply constraints after a step. Noise is drawn otherwise.
PREDICT_ONLY = [dilations_and_edges, transposed_3d, constraints, noises, largest_of_a_map]

# What TensorFlow.js has in other layers. They come back as those, which compute the same.
COMPOSED = [hard_activations, normalized_and_rescaled, operations_with_numbers, scaled_sum]

TRAIN = [
    dense_with_center_loss,
    center_loss_as_a_tap,
    labels_without_an_axis,
    mean_reduction_and_ignored_class,
    convolutions_with_center_loss,
    all_regularizers,
    initializers,
    activations,
    convolutions_1d,
    convolutions_2d,
    separable_and_depthwise,
    convolutions_3d,
    normalizations,
    shapes,
    merges,
    residual_with_two_outputs,
    siamese,
    sequential,
    nested,
    nested_at_the_end,
    sequential_of_models,
    embedding_with_mask,
    recurrent,
    recurrent_cells,
    masking_and_states,
    bidirectional,
    time_distributed,
    convolutional_lstm,
    *COMPOSED,
    frozen_layers,
]
