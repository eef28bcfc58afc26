/** What the browser's runner uses of jasmine-core, whose published types would claim the globals that are Jest's here. */
declare module 'jasmine-core' {
  export interface Failure {
    message: string;
    stack: string;
  }

  export interface Suite {
    description: string;
    failedExpectations: Failure[];
  }

  export interface Spec extends Suite {
    status: 'passed' | 'failed' | 'pending' | 'excluded';
    duration: number | null;
  }

  export interface Reporter {
    suiteStarted(suite: Suite): void;
    suiteDone(suite: Suite): void;
    specDone(spec: Spec): void;
    jasmineDone(run: {failedExpectations: Failure[]}): void;
  }

  export interface Environment {
    configure(options: {random: boolean; specFilter: (spec: {getFullName(): string}) => boolean}): void;
    addReporter(reporter: Reporter): void;
    execute(): Promise<unknown>;
  }

  export const globals: {jasmine: {DEFAULT_TIMEOUT_INTERVAL: number; getEnv(): Environment}};
  export function installGlobals(): void;
}
