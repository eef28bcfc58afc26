import path from 'node:path';
import ts from 'typescript';
import type {CodeBlock, Page} from './page.js';

/** The examples of one section, which continue each other, as one program. */
export interface Example {
  /** As a name for a test. */
  title: string;
  language: 'ts' | 'js';
  /** With every statement at its line of the page. */
  code: string;
  page: string;
}

const LANGUAGES = ['ts', 'js'];

/** Programs made of a page's code blocks; `provided` are the names that they may use without declaring them. */
export function examplesOf(page: Page, name: string, provided: readonly string[]): Example[] {
  const sections = page.sections
    .map(({title, blocks}) => ({title, blocks: blocks.filter(({language}) => LANGUAGES.includes(language))}))
    .filter(({blocks}) => blocks.length > 0);
  const imports = importsOf(sections[0]?.blocks[0]);
  return sections.map(({title, blocks}, i) => {
    const own = joinAtTheirLines(blocks);
    const declared = declaredNames(own);
    const dataTypes = provided
      .filter((variable) => !declared.has(variable))
      .map(
        (variable) => `declare const ${variable}: import('./spec/docs/example_data.js').ExampleData['${variable}'];`,
      );
    const language = blocks.some((block) => block.language === 'ts') ? 'ts' : 'js';
    // The first line of a page is its title: there is room for what the page says about all examples.
    const header = [i === 0 ? '' : imports, ...(language === 'ts' ? dataTypes : [])].join(' ');
    return {title: `${title} (line ${blocks[0]?.line ?? 0})`, language, code: header + own, page: name};
  });
}

/** All examples of a page as one program that is given nothing: what a reader has who pastes one after the other. */
export function programOf({sections}: Page, name: string): Example {
  const blocks = sections.flatMap((section) => section.blocks.filter(({language}) => LANGUAGES.includes(language)));
  return {title: 'all, pasted one after the other', language: 'js', code: joinAtTheirLines(blocks), page: name};
}

/** What an example says that it prints: the comments behind `console.log`. */
export function outputIn({code}: Example): string[] {
  return Array.from(code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm), ([, output = '']) => output);
}

/** What TypeScript has to say against the examples, each as 'page:line: message'; `others` than the repository's options. */
export function typeErrors(examples: readonly Example[], root: string, others: ts.CompilerOptions = {}): string[] {
  const files = new Map(
    examples.map((example, i) => [
      path.join(root, `example_${i}.${example.language}`),
      {text: example.code, page: example.page},
    ]),
  );
  const {options} = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    root,
    undefined,
    path.join(root, 'tsconfig.json'),
  );
  // An example shows what there is, used or not; JavaScript is only parsed.
  const used = {...options, noUnusedLocals: false, checkJs: false, ...others};
  const host = ts.createCompilerHost(used);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.readFile = (file) => files.get(file)?.text ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, languageVersion, ...others) => {
    const example = files.get(file);
    return example
      ? ts.createSourceFile(file, example.text, languageVersion)
      : getSourceFile(file, languageVersion, ...others);
  };
  const program = ts.createProgram([...files.keys()], used, host);
  return program.getSourceFiles().flatMap((file) => {
    const example = files.get(file.fileName);
    return example === undefined
      ? []
      : [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
          ({start = 0, messageText}) =>
            `${example.page}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` +
            ts.flattenDiagnosticMessageText(messageText, '\n'),
        );
  });
}

/** Runs an example. Fails with the page and the line of the statement that failed. */
export async function run(
  {code, language, page}: Example,
  provided: object,
  importModule: (name: string) => Promise<unknown>,
): Promise<void> {
  const source = parse(code, language);
  const declared = declaredNames(code);
  const variables = Object.entries(provided).filter(([name]) => !declared.has(name));
  const modules = new Map<string, unknown>();
  for (const name of importedModules(source)) {
    modules.set(name, await importModule(name));
  }
  let line = 0;
  const reach = (next: number) => {
    line = next;
  };
  const {outputText} = ts.transpileModule(withLineNumbers(source), {
    fileName: `example.${language}`,
    compilerOptions: {module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, allowJs: true},
  });
  try {
    await new AsyncFunction('require', 'exports', 'reach', ...variables.map(([name]) => name), outputText)(
      (name: string) => modules.get(name),
      {},
      reach,
      ...variables.map(([, value]) => value as unknown),
    );
  } catch (error) {
    throw new Error(`${page}:${line}: ${String(error)}`, {cause: error});
  }
}

/** Makes a function of text, with room for `await`. */
const AsyncFunction = run.constructor as new (...parametersAndBody: string[]) => (...args: unknown[]) => Promise<void>;

/** Code with every line where it is in the page. */
export function joinAtTheirLines(blocks: readonly CodeBlock[]): string {
  const lines: string[] = [];
  for (const {code, line} of blocks) {
    code.split('\n').forEach((text, i) => {
      lines[line - 1 + i] = text;
    });
  }
  return Array.from(lines, (text: string | undefined) => text ?? '').join('\n');
}

function parse(code: string, language = 'ts'): ts.SourceFile {
  return ts.createSourceFile(`example.${language}`, code, ts.ScriptTarget.ES2022);
}

function importsOf(block: CodeBlock | undefined): string {
  const source = parse(block?.code ?? '');
  return source.statements
    .filter((statement) => ts.isImportDeclaration(statement))
    .map((statement) => statement.getText(source).replaceAll('\n', ' '))
    .join(' ');
}

function importedModules(source: ts.SourceFile): string[] {
  return source.statements
    .filter((statement) => ts.isImportDeclaration(statement))
    .flatMap(({moduleSpecifier}) => (ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : []));
}

/** The names that a program declares itself, apart from what its imports bring and what it says to be given. */
function declaredNames(code: string): Set<string> {
  const names = new Set<string>();
  const addNamesOf = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      names.add(name.text);
    } else {
      for (const element of name.elements) {
        if (ts.isBindingElement(element)) {
          addNamesOf(element.name);
        }
      }
    }
  };
  for (const statement of parse(code).statements) {
    if (ts.isVariableStatement(statement) && !statement.modifiers) {
      for (const {name} of statement.declarationList.declarations) {
        addNamesOf(name);
      }
    }
  }
  return names;
}

/** The program, telling each statement's line before it runs. */
function withLineNumbers(source: ts.SourceFile): string {
  return source.statements
    .map((statement) => {
      const start = statement.getStart(source);
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      const text = source.text.slice(start, statement.end);
      return ts.isImportDeclaration(statement) ? text : `reach(${line});\n${text}`;
    })
    .join('\n');
}
