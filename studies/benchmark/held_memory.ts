import {Recognizer} from 'tfjs-center-loss/recognition';

/**
 * Prints how many bytes this process has more once it holds a recognizer: beside the centers, which are given up then, and without
 * the texts of the labels, which whoever has named the classes holds anyway. For memory.ts; needs `--expose-gc`.
 *
 *     held_memory.ts CLASSES WIDTH
 */
const [classes = 0, width = 0] = process.argv.slice(2).map(Number);
const labels = Array.from({length: classes}, (_, i) => String(i));
// What is compiled, and what the collector keeps for itself, is not the recognizer's.
await Recognizer.fromCenters(new Float32Array(width).fill(1), ['']);
const before = heldNow();
const recognizer = await Recognizer.fromCenters(new Float32Array(classes * width).fill(1), labels);
const held = heldNow() - before;
// Both are in use until here.
console.log(held, recognizer.labels.length, labels.length);

function heldNow(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
