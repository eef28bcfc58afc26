import * as tf from '@tensorflow/tfjs';
import {centerLoss, updateCenters} from '../../lib/index.js';
import {itWhere} from '../support/it_where.js';
import {valueOf} from '../support/networks.js';
import {randomRows, referenceCenterLoss, referenceUpdateCenters} from '../support/reference.js';
import {expectClose, hasHalfFloats, RELATIVE_TOLERANCE, relativeTolerance} from '../support/tolerance.js';

/** As webgl finds itself on a device without textures of 32-bit floats. */
async function onHalfFloats(check: () => Promise<void>): Promise<void> {
  const flags = {WEBGL_FORCE_F16_TEXTURES: true, WEBGL_RENDER_FLOAT32_ENABLED: false};
  const before = {...tf.env().getFlags()};
  const factory = tf.findBackendFactory('webgl');
  const restart = async () => {
    tf.removeBackend('webgl');
    tf.registerBackend('webgl', factory);
    await tf.setBackend('webgl');
  };
  tf.env().setFlags({...before, ...flags});
  await restart();
  try {
    await check();
  } finally {
    tf.env().setFlags({...before, WEBGL_FORCE_F16_TEXTURES: false, WEBGL_RENDER_FLOAT32_ENABLED: true});
    await restart();
  }
}

describe('The tolerance of the specs', () => {
  it('is that of 32-bit floats in this browser', () => {
    expect(hasHalfFloats()).toBe(false);
    expect(relativeTolerance()).toBe(RELATIVE_TOLERANCE);
  });

  const itOnWebgl = itWhere(tf.getBackend() === 'webgl', 'other backends have 32-bit floats everywhere');
  itOnWebgl('is wider where webgl has 16-bit floats only, and the formulas hold within it', async () => {
    await onHalfFloats(async () => {
      expect(hasHalfFloats()).toBe(true);
      const [features, centers] = [randomRows(12, 5, 1), randomRows(4, 5, 2)];
      const classIds = features.map((_, i) => (i * i) % 4);
      const batch = {features, classIds, centers};
      const [x, y, c] = [tf.tensor2d(features), tf.tensor1d(classIds, 'int32'), tf.tensor2d(centers)];
      const loss = await valueOf(centerLoss(x, y, c));
      expectClose(loss, referenceCenterLoss(batch, 'sum'));
      expect(loss).not.toBe(referenceCenterLoss(batch, 'sum'));
      expectClose(await updateCenters(c, x, y).data(), referenceUpdateCenters(batch, 0.6).flat());
    });
  });
});
