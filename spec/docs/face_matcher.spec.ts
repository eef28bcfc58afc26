/** What the page on migration says of face-api's FaceMatcher, by that itself. */
import '@tensorflow/tfjs-backend-wasm';
import * as faceapi from '@vladmandic/face-api/dist/face-api.node-wasm.js';
import {Recognizer} from 'tfjs-center-loss/recognition';

const [ADA, LATER, BO] = [Float32Array.of(0.25, 0.5), Float32Array.of(0.75, 0.5), Float32Array.of(0.25, 8)];

describe('A FaceMatcher', () => {
  const matcher = new faceapi.FaceMatcher(
    [new faceapi.LabeledFaceDescriptors('Ada', [ADA, LATER]), new faceapi.LabeledFaceDescriptors('Bo', [BO])],
    0.5,
  );

  it('is saved as the recipe reads it', () => {
    expect(JSON.parse(JSON.stringify(matcher))).toEqual({
      distanceThreshold: 0.5,
      labeledDescriptors: [
        {label: 'Ada', descriptors: [[...ADA], [...LATER]]},
        {label: 'Bo', descriptors: [[...BO]]},
      ],
    });
  });

  it('has a strict threshold, and takes the mean of the distances', () => {
    expect(matcher.findBestMatch(Float32Array.of(0.25, 8.5)).toString()).toBe('unknown (0.5)');
    expect(matcher.findBestMatch(Float32Array.of(0.25, 8.25)).toString()).toBe('Bo (0.25)');
    expect(matcher.findBestMatch(Float32Array.of(0.5, 0.5)).distance).toBe(0.25);
  });

  it('measures the distance to one descriptor as a recognizer does, whose classes are means or their samples', async () => {
    const [mean, each] = [new Recognizer(), new Recognizer({templates: 'each'})];
    for (const recognizer of [mean, each]) {
      await recognizer.enroll('Ada', [ADA, LATER]);
      await recognizer.enroll('Bo', BO);
      const [answer] = await recognizer.identify(Float32Array.of(0.25, 8.5));
      expect(answer?.nearest[0]).toMatchObject({label: 'Bo', score: -0.5});
    }
    expect((await mean.identify(Float32Array.of(0.5, 0.5)))[0]?.nearest[0]).toMatchObject({label: 'Ada', score: 0});
    expect((await each.identify(ADA))[0]?.nearest[0]).toMatchObject({label: 'Ada', score: 0});
  });
});
