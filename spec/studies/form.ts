/**
 * What stays of a page, in Markdown, when it is measured anew: its text and the heads of its tables. Left out are the machine,
 * numbers, and the order of scores by what they reached.
 */
export function formOf(markdown: string): string[] {
  const blocks = markdown.trim().split(/\n{2,}/);
  return blocks.map((block) => {
    const shown = block.startsWith('|') ? (block.split('\n')[0] ?? '') : block;
    return shown
      .replaceAll(/'(distance|relative|cosine)' \(/g, 'a score (')
      .replaceAll(/\d+(?:[.,-]\d+)*/g, '0')
      .replaceAll(/0(?:, 0)+/g, '0')
      .replaceAll(/0 cores \(.*?\), Node\.js 0, TensorFlow\.js 0/g, 'a machine')
      .replaceAll(/\s+/g, ' ')
      .trim();
  });
}
