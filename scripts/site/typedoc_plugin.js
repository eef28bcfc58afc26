import {JSX} from 'typedoc';

/**
 * Each page of the reference leads back to the start of the site.
 *
 * @param {import('typedoc').Application} app
 */
export function load({renderer}) {
  renderer.hooks.on('sidebar.begin', (context) =>
    JSX.createElement('p', null, JSX.createElement('a', {href: context.relativeURL('../index.html')}, 'Start')),
  );
}
