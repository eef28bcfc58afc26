/**
 * What one does with the features, of any origin: it imports nothing of TensorFlow.js.
 *
 * @module tfjs-center-loss/recognition
 */
export type {Identification, Verification} from './answers.js';
export type {Calibration, Confusion, TradeOffPoint} from './calibration.js';
export type {CalibrationGoal} from './calibration/goal.js';
export type {Assurance} from './calibration/promise.js';
export type {Features} from './features.js';
export {auroc} from './evaluation/auroc.js';
export {compactness} from './evaluation/compactness.js';
export type {Compactness} from './evaluation/compactness.js';
export {equalErrorRate} from './evaluation/equal_error_rate.js';
export type {EqualErrorRate} from './evaluation/equal_error_rate.js';
export {falseAcceptAt} from './evaluation/false_accept_at.js';
export {oscr} from './evaluation/oscr.js';
export {recallAt1} from './evaluation/recall_at_1.js';
export {rocCurve} from './evaluation/roc_curve.js';
export type {RocPoint} from './evaluation/roc_curve.js';
export {Recognizer} from './recognizer.js';
export type {RecognizerArgs} from './recognizer.js';
export type {ClassData, RecognizerData} from './recognizer_data.js';
export type {Score} from './scoring.js';
