import Table from 'cli-table3';

/** Rows of text, for the terminal and for Markdown. */
export interface Rows {
  head: string[];
  /** Columns of numbers stand to the right. */
  numeric: boolean[];
  body: string[][];
}

export function toTerminal({head, numeric, body}: Rows): string {
  const colAligns = numeric.map((isNumeric) => (isNumeric ? 'right' : 'left'));
  const table = new Table({head, colAligns, style: {head: [], border: [], compact: true}});
  table.push(...body);
  return table.toString();
}

export function toMarkdown({head, numeric, body}: Rows): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(numeric.map((isNumeric) => (isNumeric ? '--:' : '---'))), ...body.map(line)].join('\n');
}
