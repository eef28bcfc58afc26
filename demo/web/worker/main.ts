import {expose, proxy} from 'comlink';

import type {Settings} from '../protocol.js';
import {Trainer} from './trainer.js';

const openTrainer = async (settings: Settings, folder: string) => proxy(await Trainer.open(settings, folder));

export type OpenTrainer = typeof openTrainer;

expose(openTrainer);
