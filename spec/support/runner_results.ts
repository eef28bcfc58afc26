/** What the page hands over of a spec. */
export interface SpecResult {
  ancestorTitles: string[];
  title: string;
  status: 'passed' | 'failed' | 'pending';
  /** In milliseconds. */
  duration: number | null;
  /** Error texts with their stacks. */
  failures: string[];
}

export interface FileResult {
  specs: SpecResult[];
  /** Errors outside of any spec. */
  errors: string[];
}
