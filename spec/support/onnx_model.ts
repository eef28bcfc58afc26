/**
 * Small models for ONNX Runtime, written byte by byte as `onnx.proto` has it: a network of one layer is a few lines.
 * The numbers of fields and types are those of that file.
 */
const FLOAT = 1;
const TYPES = {float32: FLOAT, uint8: 2, int8: 3, float16: 10};

/** The file of a model that multiplies `input`, `[samples, inputs]`, by weights; its `features` have the type asked for. */
export function onnxModel(weights: readonly (readonly number[])[], type: keyof typeof TYPES = 'float32'): Uint8Array {
  const [inputs, width] = [weights.length, weights[0]?.length ?? 0];
  const data = new Uint8Array(Float32Array.from(weights.flat()).buffer);
  const graph = [
    bytes(1, [text(1, 'input'), text(1, 'weights'), text(2, 'product'), text(4, 'MatMul')]),
    bytes(1, [text(1, 'product'), text(2, 'features'), text(4, 'Cast'), castTo(TYPES[type])]),
    text(2, 'network'),
    bytes(5, [number(1, inputs), number(1, width), number(2, FLOAT), text(8, 'weights'), bytes(9, [[...data]])]),
    bytes(11, value('input', FLOAT, inputs)),
    bytes(12, value('features', TYPES[type], width)),
  ];
  // ir_version, graph, opset_import.
  return Uint8Array.from([number(1, 8), bytes(7, graph), bytes(8, [number(2, 13)])].flat());
}

function castTo(type: number): number[] {
  return bytes(5, [text(1, 'to'), number(3, type), number(20, 2)]);
}

function value(name: string, type: number, width: number): number[][] {
  const shape = [bytes(1, [text(2, 'samples')]), bytes(1, [number(1, width)])];
  return [text(1, name), bytes(2, [bytes(1, [number(1, type), bytes(2, shape)])])];
}

function number(field: number, it: number): number[] {
  return [...varint(field * 8), ...varint(it)];
}

function text(field: number, it: string): number[] {
  return bytes(field, [[...Buffer.from(it)]]);
}

function bytes(field: number, parts: readonly number[][]): number[] {
  const content = parts.flat();
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

function varint(it: number): number[] {
  return it < 128 ? [it] : [(it % 128) + 128, ...varint(Math.floor(it / 128))];
}
