import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {defaultTreeAdapter, parse} from 'parse5';
import type {DefaultTreeAdapterTypes} from 'parse5';

interface Html {
  /** What it links to, loads or shows, as it is written there. */
  links: string[];
  /** What a link with a fragment can lead to. */
  anchors: Set<string>;
}

/** With a scheme, or of another server. */
const EXTERNAL = /^([a-z][a-z\d+.-]*:|\/\/)/i;

/**
 * The links of all pages in a folder that lead nowhere, each as 'page: link'. A link must be relative, so that the site
 * works from any folder of a server, and lead to a file of the site; a fragment must be an anchor of the page. Links to
 * other sites are not followed.
 */
export function brokenLinks(folder: string): string[] {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'});
  const pages = files.filter((file) => /\.(html|svg)$/.test(file));
  const contents = new Map(pages.map((page) => [page, readHtml(path.join(folder, page))]));
  const leadsNowhere = (page: string, link: string): boolean => {
    const [address = '', fragment = ''] = link.split('#');
    const [file = ''] = address.split('?');
    const target = file === '' ? page : path.join(path.dirname(page), decodeURIComponent(file));
    if (file.startsWith('/') || target.startsWith('..') || !existsSync(path.join(folder, target))) {
      return true;
    }
    const isFolder = statSync(path.join(folder, target)).isDirectory();
    const content = contents.get(isFolder ? path.join(target, 'index.html') : target);
    return fragment === '' ? isFolder && !content : !content?.anchors.has(decodeURIComponent(fragment));
  };
  return [...contents].flatMap(([page, {links}]) =>
    links.filter((link) => !EXTERNAL.test(link) && leadsNowhere(page, link)).map((link) => `${page}: ${link}`),
  );
}

function readHtml(file: string): Html {
  const html: Html = {links: [], anchors: new Set()};
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if (defaultTreeAdapter.isElementNode(node)) {
      for (const {name, value} of node.attrs) {
        if (name === 'href' || name === 'src') {
          html.links.push(value);
        } else if (name === 'id' || name === 'name') {
          html.anchors.add(value);
        }
      }
    }
    if ('childNodes' in node) {
      node.childNodes.forEach(visit);
    }
  };
  visit(parse(readFileSync(file, 'utf8')));
  return html;
}
