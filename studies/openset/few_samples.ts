import * as tf from '@tensorflow/tfjs';

import {Recognizer} from 'tfjs-center-loss/recognition';
import {shuffledIndices} from '../../demo/mnist/dataset.js';
import {distinct, enrollDigits, indicesOf, takeRows} from './digit_features.js';
import type {DigitFeatures} from './digit_features.js';

/** How many pictures of each unknown digit are enrolled. */
export const SAMPLES: readonly number[] = [1, 5];

/** Which share of the test pictures gets its own digit, among all ten: the mean over the draws. */
export interface FewSamples {
  samples: number;
  accuracy: number;
  /** Of the digits enrolled with a few pictures. */
  enrolledAccuracy: number;
}

/** Enrols the few in a recognizer that knows the other digits. Its labels are digits. */
export async function fewWithRecognizer(
  recognizer: Recognizer,
  enrolment: DigitFeatures,
  test: DigitFeatures,
  draws: number,
): Promise<FewSamples[]> {
  return measure(enrolment, test, draws, async (enrolled) => {
    await enrollDigits(recognizer, enrolled);
    const named = await recognizer.identify(test.features, {k: 1});
    for (const digit of distinct(enrolled.digits)) {
      recognizer.remove(String(digit));
    }
    return named.map(({nearest}) => Number(nearest[0]?.label));
  });
}

/** Names the digit of the nearest picture: of every training picture of the known digits, and the few. */
export async function fewWithNearestPicture(
  known: DigitFeatures,
  enrolment: DigitFeatures,
  test: DigitFeatures,
  draws: number,
): Promise<FewSamples[]> {
  const nearestOfKnown = await nearestPictures(known, test);
  return measure(enrolment, test, draws, async (enrolled) => {
    const nearestOfEnrolled = await nearestPictures(enrolled, test);
    return nearestOfKnown.map((ofKnown, index) => {
      const ofEnrolled = nearestOfEnrolled[index];
      return ofEnrolled && ofEnrolled.score > ofKnown.score ? ofEnrolled.digit : ofKnown.digit;
    });
  });
}

async function nearestPictures(pictures: DigitFeatures, test: DigitFeatures) {
  // Every picture is a class of its own.
  const labels = [...pictures.digits.keys()].map(String);
  const recognizer = await Recognizer.fromCenters(pictures.features, labels, {score: 'distance'});
  return (await recognizer.identify(test.features, {k: 1})).map(({nearest: [best]}) => ({
    digit: pictures.digits[Number(best?.label)] ?? NaN,
    score: best?.score ?? NaN,
  }));
}

/** `name` gives the digit of every test picture, after these few pictures were enrolled. */
async function measure(
  enrolment: DigitFeatures,
  test: DigitFeatures,
  draws: number,
  name: (enrolled: DigitFeatures) => Promise<number[]>,
): Promise<FewSamples[]> {
  const isEnrolled = test.digits.map((digit) => enrolment.digits.includes(digit));
  const results: FewSamples[] = [];
  for (const samples of SAMPLES) {
    let correct = 0;
    let correctEnrolled = 0;
    for (let draw = 0; draw < draws; draw++) {
      const enrolled = drawSamples(enrolment, samples, `draw ${draw}`);
      const named = await name(enrolled);
      enrolled.features.dispose();
      const isCorrect = test.digits.map((digit, index) => named[index] === digit);
      correct += isCorrect.filter(Boolean).length;
      correctEnrolled += isCorrect.filter((right, index) => right && isEnrolled[index]).length;
    }
    results.push({
      samples,
      accuracy: correct / (draws * test.digits.length),
      enrolledAccuracy: correctEnrolled / (draws * isEnrolled.filter(Boolean).length),
    });
  }
  return results;
}

/** A few pictures of each digit; the same for the same seed. */
export function drawSamples(samples: DigitFeatures, count: number, seed: string): DigitFeatures {
  const drawn = distinct(samples.digits).flatMap((digit) => {
    const own = indicesOf(samples.digits, digit);
    const order = tf.tidy(() => shuffledIndices(own.length, `${seed}, digit ${digit}`).slice(0, count).dataSync());
    return Array.from(order, (nth) => own[nth] ?? NaN);
  });
  return takeRows(samples, drawn);
}
