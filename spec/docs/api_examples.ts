import {readFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import {joinAtTheirLines} from './examples.js';
import type {Example} from './examples.js';

/** A function or class that an entry point of the package exports. */
export interface Export {
  name: string;
  /** Those of its comment and, of a class, those of its methods. */
  examples: Example[];
  /** Whether its own comment has one. */
  hasOwn: boolean;
}

const FENCED_CODE = /```(\w+)\n(.*?)```/gs;
/** What a line of a comment begins with. */
const MARGIN = /^\s*\* ?/gm;

/**
 * The functions and classes that an entry point exports, with the `@example`s of their comments, each a program.
 *
 * @param file The entry point, which only exports what other files declare, by its path in `root`.
 * @param header What stands in front of each program, on one line.
 */
export function readExports(root: string, file: string, header: string): Export[] {
  return parse(root, file).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) {
      return [];
    }
    const {exportClause, moduleSpecifier} = statement;
    if (!exportClause || !ts.isNamedExports(exportClause) || !moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) {
      throw new Error(`Expected ${file} to export names from other files, but got ${statement.getText()}`);
    }
    const target = path.posix.join(path.posix.dirname(file), moduleSpecifier.text.replace(/\.js$/, '.ts'));
    const source = parse(root, target);
    return exportClause.elements.map(({name: {text: name}}) => {
      const declaration = declarationOf(source, name);
      const own = examplesIn(declaration, name, target, header);
      const members = ts.isClassDeclaration(declaration) ? [...declaration.members] : [];
      const ofMembers = members.flatMap((member) => {
        return examplesIn(member, `${name}.${member.name?.getText() ?? 'constructor'}`, target, header);
      });
      return {name, examples: [...own, ...ofMembers], hasOwn: own.length > 0};
    });
  });
}

/** What the example says that it prints: the comments behind what prints. */
export function saidOutput({code}: Example): string[] {
  return code
    .split('\n')
    .filter((line) => /console\.log\(|\.print\(\)/.test(line))
    .map((line) => /\/\/ (.*)$/.exec(line)?.[1] ?? '');
}

function parse(root: string, file: string): ts.SourceFile {
  const text = readFileSync(path.join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

/** The statement or, of a function in a constant, the variable. */
function declarationOf(source: ts.SourceFile, name: string): ts.Node {
  const declarations = source.statements.flatMap((statement): ts.NamedDeclaration[] => {
    if (ts.isVariableStatement(statement)) {
      return [...statement.declarationList.declarations];
    }
    return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? [statement] : [];
  });
  const found = declarations.find((declaration) => declaration.name?.getText() === name);
  if (!found) {
    throw new Error(`Expected ${source.fileName} to declare ${name}.`);
  }
  return found;
}

function examplesIn(node: ts.Node, name: string, page: string, header: string): Example[] {
  const source = node.getSourceFile();
  const tags = ts.getJSDocTags(node).filter(({tagName}) => tagName.text === 'example');
  return tags.flatMap((tag) =>
    Array.from(tag.getFullText().matchAll(FENCED_CODE), (match) => {
      const [, language = '', code = ''] = match;
      const line = source.getLineAndCharacterOfPosition(tag.getFullStart() + match.index).line + 2;
      if (language !== 'js') {
        throw new Error(`${page}:${line}: expected an example in js, but got ${language}`);
      }
      const block = {language, code: code.replace(MARGIN, ''), line};
      return {title: name, language, code: header + joinAtTheirLines([block]), page};
    }),
  );
}
