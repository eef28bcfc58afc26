import {readFileSync} from 'node:fs';
import MarkdownIt from 'markdown-it';
import type {Token} from 'markdown-it';

export interface CodeBlock {
  language: string;
  code: string;
  /** Where the code begins, counted from 1. */
  line: number;
}

/** What stands between one heading and the next, below the title. */
export interface Section {
  title: string;
  blocks: CodeBlock[];
}

export interface Page {
  sections: Section[];
  links: {target: string; line: number}[];
  /** The headings, as GitHub makes link targets of them. */
  anchors: Set<string>;
  /** The text of each cell of each row, the head included, without markup. */
  tables: string[][][];
}

export function readPage(file: string): Page {
  const page: Page = {
    sections: [{title: 'the beginning', blocks: []}],
    links: [],
    anchors: new Set(),
    tables: [],
  };
  const tokens = new MarkdownIt({html: true}).parse(readFileSync(file, 'utf8'), {});
  let line = 1;
  tokens.forEach((token, i) => {
    line = token.map ? token.map[0] + 1 : line;
    switch (token.type) {
      case 'heading_open': {
        const title = textOf(tokens[i + 1]);
        addAnchor(page.anchors, title);
        if (token.tag !== 'h1') {
          page.sections.push({title, blocks: []});
        }
        break;
      }
      case 'fence':
        page.sections.at(-1)?.blocks.push({language: token.info.trim(), code: token.content, line: line + 1});
        break;
      case 'table_open':
        page.tables.push([]);
        break;
      case 'tr_open':
        page.tables.at(-1)?.push([]);
        break;
      case 'inline': {
        if (tokens[i - 1]?.type === 'td_open' || tokens[i - 1]?.type === 'th_open') {
          page.tables.at(-1)?.at(-1)?.push(textOf(token));
        }
        for (const child of token.children ?? []) {
          const target = child.attrGet('href') ?? child.attrGet('src');
          if (target) {
            page.links.push({target: String(target), line});
          }
        }
        break;
      }
    }
  });
  return page;
}

/** As GitHub does it: the same title again gets a number. */
function addAnchor(anchors: Set<string>, title: string): void {
  const slug = title
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
  let anchor = slug;
  for (let again = 1; anchors.has(anchor); again++) {
    anchor = `${slug}-${again}`;
  }
  anchors.add(anchor);
}

function textOf(token: Token | undefined): string {
  return (token?.children ?? []).map(({content}) => content).join('');
}
