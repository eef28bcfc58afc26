/** Where a spec file is to run. */
export interface Place {
  /** Its name. */
  browser: string;
  backend: string;
  /** Flags of TensorFlow.js, set before the backend starts. */
  flags: Record<string, boolean>;
  /** Whether the page is isolated from other origins, so that the wasm backend uses threads. */
  isIsolated: boolean;
}

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
