import {block} from '../../pages/elements.js';
import {showError} from '../../pages/messages.js';
import {watchForMissingParts} from '../../pages/offline.js';
import {openPage} from './consent.js';

// The sentence in missing_scripts.js for scripts that never come.
document.documentElement.dataset['started'] = 'yes';

watchForMissingParts();
openPage().catch((error: unknown) => {
  showError(error);
  block('status').textContent = 'Not started';
});
