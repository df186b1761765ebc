/** What a reader of the benchmark is told: its only argument, as JSON. */
export interface RunnerInput {
  readonly endpoint: string;
  readonly table: string;
  readonly segments: number;
}

/** Reads the runner's argument. */
export function readRunnerInput(): RunnerInput {
  return JSON.parse(process.argv[2] ?? '{}') as RunnerInput;
}

/** The numbers of the segments, 0 first. */
export function listSegments(input: RunnerInput): number[] {
  return Array.from({ length: input.segments }, (_, segment) => segment);
}
