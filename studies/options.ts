import {Command} from 'commander';

/** The options that every study has. */
export interface StudyOptions {
  /** For the numbers. */
  output: string;
  /** For the page and its pictures. */
  docs: string | false;
}

/** The command of a study, as far as all are alike: where it writes, and errors that are thrown after they are printed. */
export function studyCommand(name: string, page: string): Command {
  return new Command(`npm run ${name} --`)
    .option('--output <folder>', 'for the numbers, as JSON', 'output')
    .option('--docs <folder>', `for ${page} and its pictures`, 'docs')
    .option('--no-docs', 'write the numbers alone')
    .showHelpAfterError('(--help lists the options)')
    .exitOverride();
}
