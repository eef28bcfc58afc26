import {block} from '../../pages/elements.js';
import {showError} from '../../pages/messages.js';
import {watchForMissingParts} from '../../pages/offline.js';
import {FOLDER} from '../mnist_parts.js';
import {settingsFromAddress} from './address.js';
import {Page} from './page.js';
import {loadPictures} from './pictures.js';
import {showLoading} from './progress.js';

// The sentence in the HTML for scripts that never come.
document.documentElement.dataset['started'] = 'yes';

watchForMissingParts();
const settings = settingsFromAddress(location.search);
const folder = new URL(`./${FOLDER}/`, document.baseURI).href;
const page = new Page(settings, loadPictures(folder, settings.samples, showLoading));
page.open().catch((error: unknown) => {
  showError(error);
  block('status').textContent = 'Not started';
});
