import type { Arguments } from './arguments.ts';

const PLAIN_WORD = /^[\w./:=@%+-]+$/;

/** One line that says how to continue a read that was interrupted. */
export function describeGoingOn({ config = '-', catalog = '-' }: Arguments): string {
  return `To continue: source-dynamodb read --config ${quote(config)} --catalog ${quote(catalog)} --state FILE, where FILE holds the output of this read.`;
}

/** Quotes a word for a shell. */
function quote(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
