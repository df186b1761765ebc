import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const ERROR_CLASSES = ['ConfigError', 'TransientError', 'SystemError', 'UsageError'];
/** Sentences of these are made in functions of their own, whose every text is part of one. */
const SENTENCE_FILES =
  /^src\/(commands\/input\/file-failure|aws\/errors\/.*-errors?|config\/choose-scan|config\/validation\/ineffective-options)\.ts$/;
const RULES = ['config', 'transient'];
/** Shorter parts say too little to be looked for: names, punctuation, links between placeholders. */
const SHORTEST_PART = 12;

/** A part of a sentence that stays the same whatever happened. */
export interface FixedPart {
  readonly text: string;
  /** File and line, as `src/errors.ts:38`. */
  readonly place: string;
}

/** The text of a page in docs/. */
export function readPage(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8');
}

/** Whether there is such a file, its path written as in a link of a page in docs/. */
export function hasFile(link: string): boolean {
  return existsSync(join(ROOT, 'docs', link));
}

/** The names of the pages in docs/. */
export function listPages(): readonly string[] {
  return readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
}

/** The fixed parts of every error and warning that src/ can say. */
export function listFixedParts(): readonly FixedPart[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('assembly'))
    .map((name) => join(ROOT, 'src', name));
  return files.flatMap((file) => {
    const path = relative(ROOT, file);
    const source = ts.createSourceFile(
      path,
      readFileSync(file, 'utf8'),
      ts.ScriptTarget.ES2023,
      true,
    );
    return [...findSayings(source, path)].flatMap((node) => [...splitTexts(node, source)]);
  });
}

/** The arguments of errors and warnings, and all of a file of sentences. */
function* findSayings(node: ts.Node, path: string): Generator<ts.Node> {
  if (SENTENCE_FILES.test(path)) {
    yield node;
    return;
  }
  const message = isSaying(node) ? node.arguments?.[0] : undefined;
  if (message !== undefined) yield message;
  else for (const child of childrenOf(node)) yield* findSayings(child, path);
}

function isSaying(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
    return ERROR_CLASSES.includes(node.expression.text);
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return node.expression.name.text === 'warn';
}

function* splitTexts(node: ts.Node, source: ts.SourceFile): Generator<FixedPart> {
  // A path of an import is no sentence.
  if (ts.isImportDeclaration(node)) return;
  if (ts.isStringLiteralLike(node) || isTemplatePart(node)) {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const place = `${source.fileName}:${line + 1}`;
    for (const text of node.text.split('\n').map((part) => part.trim())) {
      if (text.length >= SHORTEST_PART && text.includes(' ')) yield { text, place };
    }
  }
  for (const child of childrenOf(node)) {
    if (!isReason(child)) yield* splitTexts(child, source);
  }
}

/** The first argument of a rule is for code, not for the user. */
function isReason(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isCallExpression(parent) || !ts.isIdentifier(parent.expression)) return false;
  return RULES.includes(parent.expression.text) && parent.arguments[0] === node;
}

function isTemplatePart(
  node: ts.Node,
): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  return children;
}
