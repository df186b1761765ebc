const SDK_WARNING =
  /\(node:\d+\) Warning: NodeVersionSupportWarning[^]*?\(Use `node --trace-warnings [^\n]*\n/;

/** What a process wrote to stderr, without the AWS SDK's warning about the age of Node. */
export function withoutSdkWarning(stderr: string): string {
  return stderr.replace(SDK_WARNING, '');
}
