import * as library from 'tfjs-center-loss/recognition';
import recognize from './recognize_and_reload.cjs';

await recognize(library);
