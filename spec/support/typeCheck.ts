import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

export const root = resolve(__dirname, '..', '..');

const options = (): ts.CompilerOptions => {
  const path = join(root, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: unknown; error?: ts.Diagnostic };
  if (error) throw new Error(format([error]));
  return { ...ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root).options, noEmit: true };
};

const format = (diagnostics: readonly ts.Diagnostic[]): string =>
  ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  });

/**
 * The compiler's complaints about the given files under the project's own options, one string per file; the empty string is praise.
 * Only these files are judged, not what they import. A file may exist in memory only, by its text.
 */
export const typeCheck = (files: ReadonlyMap<string, string | undefined>): ReadonlyMap<string, string> => {
  const settings = options();
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, languageVersion, ...rest) : ts.createSourceFile(name, text, languageVersion, true);
  };
  for (const [name, text] of files) if (text === undefined && !existsSync(name)) throw new Error(`${name} is missing`);

  const program = ts.createProgram([...files.keys()], settings, host);
  return new Map(
    [...files.keys()].map((name) => {
      const source = program.getSourceFile(name);
      if (!source) throw new Error(`${name} is not part of the program`);
      return [name, format([...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])];
    }),
  );
};

/** The TypeScript blocks of a Markdown text, each with the line its first line stands on. */
export const codeBlocks = (markdown: string): readonly { readonly line: number; readonly text: string }[] =>
  [...markdown.matchAll(/^```(?:ts|typescript)[ \t]*\r?\n([^]*?)^```[ \t]*$/gm)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length + 1,
    text: match[1] ?? '',
  }));

/** Blocks as modules of their own: named for the line in the page, so that a complaint leads there. */
export const asModules = (page: string, markdown: string): ReadonlyMap<string, string> =>
  new Map(
    codeBlocks(markdown).map(({ line, text }) => [join(dirname(page), `${page.replace(/.*\//, '')}.line${line}.mts`), `${text}\nexport {};\n`]),
  );
