// ES modules do not get the global that Jest's types promise.
Object.assign(globalThis, {jest: import.meta.jest});
