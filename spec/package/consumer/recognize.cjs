const library = require('tfjs-center-loss/recognition');
const recognize = require('./recognize_and_reload.cjs');

recognize(library);
