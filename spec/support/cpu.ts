import {useBackend} from './use_backend.js';

useBackend('cpu');
