import {driver} from 'driver.js';
import type {DriveStep} from 'driver.js';
import 'driver.js/dist/driver.css';

import {button} from '../../pages/elements.js';

const SEEN = 'center-loss-tour';

/** A minute for someone who knows nothing of this. */
const STEPS: DriveStep[] = [
  {
    element: '.pair',
    popover: {
      title: 'Two networks learn',
      description:
        'Each dot is a handwritten digit, as a network sees it; each color is one of the ten. Both learn from the same ' +
        'pictures. Right, center loss also pulls the dots of a digit together, to their ✕.',
    },
  },
  {
    element: '.pair dl',
    popover: {
      title: 'Four numbers tell how well',
      description:
        'Accuracy: digits that are named rightly. Spread: how loose the dots of a digit are. Refused: how much of what is ' +
        'no digit at all is told from digits. Signs: how many drawings of five new signs are named, after three of each.',
    },
  },
  {
    element: '#pad',
    popover: {
      title: 'Draw something',
      description:
        'A digit, or anything else. Both networks answer at once, and your drawing is the big dot in the planes.',
    },
  },
  {
    element: '.teaching',
    popover: {
      title: 'Teach it a sign',
      description: 'Draw a sign of your own three times, and name it. It is known from then on, without training.',
    },
  },
  {
    element: '.training',
    popover: {
      title: 'Turn the knobs',
      description:
        'λ is how hard the dots are pulled: set it to 0 and see the right side fall apart; the left side stays.',
    },
  },
];

/** By the button whenever the visitor likes; by itself on the first visit only. */
export function offerTour(): void {
  button('tour').addEventListener('click', () => {
    start();
  });
  if (firstVisit()) {
    start();
  }
}

function start(): void {
  const before = document.activeElement;
  driver({
    steps: STEPS,
    showProgress: true,
    progressText: '{{current}} of {{total}}',
    doneBtnText: 'Done',
    animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    // driver.js marks what it points at as a button that opens a dialog, and makes a landmark of each title.
    onHighlighted: (element) => {
      for (const attribute of ['aria-haspopup', 'aria-expanded', 'aria-controls']) {
        element?.removeAttribute(attribute);
      }
    },
    onPopoverRender: ({title}) => {
      title.setAttribute('role', 'none');
    },
    onDestroyed: () => {
      if (before instanceof HTMLElement) {
        before.focus({preventScroll: true});
      }
    },
  }).drive();
}

/** Where nothing can be remembered, the tour waits for its button: it should not come twice. */
function firstVisit(): boolean {
  try {
    const seen = localStorage.getItem(SEEN) !== null;
    localStorage.setItem(SEEN, 'seen');
    return !seen && localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}
