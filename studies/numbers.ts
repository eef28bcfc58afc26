/** A share of 0.02 as '2.0 %', with so many decimals. */
export function percent(share: number, decimals: number): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** The difference of two shares, in points of a percentage. */
export function points(difference: number, decimals: number): string {
  return `${(100 * difference).toFixed(decimals)} points`;
}

/** Three digits that count. */
export function threeDigits(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
