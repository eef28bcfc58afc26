/** The backends whose tensors are in the memory of this process: reading them means no waiting for a device. */
export const HOST_BACKENDS: readonly string[] = ['cpu', 'wasm', 'tensorflow'];
