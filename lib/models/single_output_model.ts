import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel, Sequential} from '@tensorflow/tfjs-layers';

/** A model of one output, so that its predictions are one tensor. */
export interface SingleOutputModel extends LayersModel {
  predict(...args: Parameters<LayersModel['predict']>): Tensor;
  predictOnBatch(...args: Parameters<LayersModel['predictOnBatch']>): Tensor;
}

/** A model with as many outputs as another one: with one if TypeScript knows that, as it does of a sequential model. */
export type WithOutputsOf<Model extends LayersModel> = Model extends Sequential | SingleOutputModel
  ? SingleOutputModel
  : LayersModel;
