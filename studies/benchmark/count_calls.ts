/** Where browsers have the calls that compile for a GPU or WebAssembly, and those that run a program on a GPU. */
const CALLS = {
  compiled: [
    ['WebGL2RenderingContext', 'linkProgram'],
    ['GPUDevice', 'createComputePipeline'],
    ['GPUDevice', 'createComputePipelineAsync'],
    ['WebAssembly', 'Module'],
    ['WebAssembly', 'compile'],
    ['WebAssembly', 'instantiateStreaming'],
  ],
  ran: [
    ['WebGL2RenderingContext', 'drawElements'],
    ['WebGL2RenderingContext', 'drawArrays'],
    ['GPUComputePassEncoder', 'dispatchWorkgroups'],
    ['GPUComputePassEncoder', 'dispatchWorkgroupsIndirect'],
  ],
} as const;

type Callable = (...args: never[]) => unknown;

/** How often these calls have been made since then; the numbers grow. */
export function countCalls(): Record<keyof typeof CALLS, number> {
  const counts = {compiled: 0, ran: 0};
  for (const kind of ['compiled', 'ran'] as const) {
    for (const [owner, name] of CALLS[kind]) {
      const found = (globalThis as Record<string, unknown>)[owner] as {prototype?: object} | undefined;
      const holder = (found?.prototype ?? found) as Record<string, Callable> | undefined;
      const original = holder?.[name];
      if (holder && original) {
        holder[name] = new Proxy(original, {
          apply(target, self, args: never[]) {
            counts[kind]++;
            return Reflect.apply(target, self, args);
          },
          construct(target, args: never[]) {
            counts[kind]++;
            return Reflect.construct(target, args) as object;
          },
        });
      }
    }
  }
  return counts;
}
