import {readFile, writeFile} from 'node:fs/promises';

import {Recognizer} from 'tfjs-center-loss/recognition';
import type {RecognizerData} from 'tfjs-center-loss/recognition';

/** What a recognizer of a file says of samples, and the recognizer as it is written there. */
const [recognizerFile = '', samplesFile = '', resultsFile = ''] = process.argv.slice(2);
const recognizer = Recognizer.fromJSON(JSON.parse(await readFile(recognizerFile, 'utf8')) as RecognizerData);
const samples = JSON.parse(await readFile(samplesFile, 'utf8')) as number[][];
const labels = (await recognizer.identify(samples)).map(({label}) => label ?? null);
await writeFile(resultsFile, JSON.stringify({labels, text: JSON.stringify(recognizer)}));
