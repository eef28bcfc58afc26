import * as tf from '@tensorflow/tfjs';

/** The layers of a model and of the models nested in it, at whatever depth, also those that it begins with. */
export function layersOf(model: tf.LayersModel): tf.layers.Layer[] {
  const found = new Set<tf.layers.Layer>();
  const visit = (layer: tf.layers.Layer) => {
    if (!found.has(layer)) {
      found.add(layer);
      if (layer instanceof tf.LayersModel) {
        [...layer.layers, ...[...layer.inputs, ...layer.outputs].map(({sourceLayer}) => sourceLayer)].forEach(visit);
      }
      layer.inboundNodes.flatMap(({inboundLayers}) => inboundLayers).forEach(visit);
    }
  };
  visit(model);
  return [...found];
}

/** How often each layer is applied and used, as text that a failure can show. */
export function graphSizesOf(model: tf.LayersModel): string[] {
  return layersOf(model).map(
    ({name, inboundNodes, outboundNodes}) => `${name}: ${inboundNodes.length} in, ${outboundNodes.length} out`,
  );
}

/** How many objects an object holds in memory, itself included, as far as they are not in closures. */
export function reachableFrom(root: object): number {
  const found = new Set<object>();
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'object' && value !== null && !found.has(value) && !ArrayBuffer.isView(value)) {
      found.add(value);
      left.push(...(Object.values(value) as unknown[]));
      if (value instanceof Map || value instanceof Set) {
        left.push(...[...(value as Iterable<unknown>)].flat());
      }
    }
  }
  return found.size;
}
