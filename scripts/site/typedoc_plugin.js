import {JSX} from 'typedoc';

/** What each page of the reference leads to, from the folder that the reference is in. */
const LINKS = [
  ['Start', '../index.html'],
  ['Live page', '../live/index.html'],
  ['Introduction', 'index.html'],
  ['Guide', 'documents/docs_guide.html'],
  ['Reference', 'modules.html'],
];

/**
 * One site of the reference, the documents and the live page: all are found from everywhere, and the name of the package
 * stands once above its introduction.
 *
 * @param {import('typedoc').Application} app
 */
export function load({converter, renderer}) {
  converter.on('resolveEnd', ({project}) => {
    const [first] = project.readme ?? [];
    if (first) {
      first.text = first.text.replace(/^# .*\n+/, '');
    }
  });
  renderer.hooks.on('sidebar.begin', (context) =>
    JSX.createElement(
      'ul',
      null,
      ...LINKS.map(([name, target]) =>
        JSX.createElement('li', null, JSX.createElement('a', {href: context.relativeURL(target ?? '')}, name ?? '')),
      ),
    ),
  );
}
