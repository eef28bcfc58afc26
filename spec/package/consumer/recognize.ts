import {auroc, Recognizer} from 'tfjs-center-loss/recognition';
import type {Calibration, Features, Identification, RecognizerData} from 'tfjs-center-loss/recognition';

async function main(): Promise<void> {
  const centers: Features = [Float32Array.of(0, 0), Float32Array.of(9, 0)];
  const recognizer = await Recognizer.fromCenters(centers, ['left', 'right'], {score: 'cosine'});
  const calibration: Calibration = await recognizer.calibrate(
    [
      [0, 1],
      [9, 1],
    ],
    ['left', 'right'],
    {accept: 0.9},
  );
  const data: RecognizerData = recognizer.toJSON();
  const identified: Identification[] = await Recognizer.fromJSON(data).identify([[8, 0]], {k: 2});
  console.log(JSON.stringify({threshold: calibration.threshold, found: identified.length, auroc: auroc([1], [0])}));
}

void main();
