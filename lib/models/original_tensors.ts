import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

const origins = new WeakMap<SymbolicTensor, SymbolicTensor>();

/** Remembers that one tensor of a training model stands for another one, of the classifier. */
export function rememberOrigin(copy: SymbolicTensor, original: SymbolicTensor): void {
  origins.set(copy, original);
}

/** What a tensor stands for, if this process has attached the training model that it is of. */
export function originOf(tensor: SymbolicTensor): SymbolicTensor | undefined {
  return origins.get(tensor);
}
