import type { Table } from '../aws/dynamodb/tables.ts';
import { describeRead } from '../monitoring/progress-line.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import type { TranscoderEngine } from '../records/transcoder-engine.ts';
import { openRead } from '../strategies/open-read.ts';
import type { ReadResources } from '../strategies/read-resources.ts';
import type { ReadPlan } from '../strategies/replication-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { Checkpoints } from './checkpoints.ts';
import { openSession } from './open-session.ts';
import { RecordOutput } from './record-output.ts';
import type { StreamMessages } from './stream-messages.ts';
import { reportUnlisted } from './unlisted-report.ts';

/** What reading one stream needs. */
export interface StreamInput extends SourceContext {
  readonly stream: ConfiguredStream;
  readonly table: Table;
  readonly plan: ReadPlan;
  readonly resources: ReadResources;
  readonly engine: TranscoderEngine;
  readonly writer: MessageWriter;
  readonly messages: StreamMessages;
  readonly progress: StreamProgress;
}

/**
 * Writes the records and states of one stream. Resolves to true when it is complete, and to false when the signal was
 * aborted.
 *
 * However it ends, the last state covers every record that was written.
 *
 * @throws ConnectorError of the strategy, OutputError of the writer.
 */
export async function readStream(input: StreamInput): Promise<boolean> {
  const { plan, messages, progress, logger } = input;
  for (const { level, message } of plan.notices) logger[level](message);
  if (plan.kind === 'finished') {
    await messages.writeStatus('RUNNING');
    await messages.writeState(plan.state, 0);
    return true;
  }
  const { expected } = plan;
  progress.setExpected(expected);
  if (expected.size !== undefined) await messages.writeEstimate(expected.size);
  await messages.writeStatus('RUNNING');
  const session = openSession(input);
  try {
    const strategy = openRead(plan, input.resources);
    progress.watchChanges(() => strategy.changeFigures?.());
    progress.watchWaits(() => strategy.waitFigures?.());
    const checkpoints = new Checkpoints(input.config.checkpointIntervalMs);
    const output = new RecordOutput({ ...input, strategy, session, checkpoints });
    return await copyPages(input, strategy.read(input.patience.signal), output);
  } finally {
    const isEmitted = input.config.records.unlistedAttributes === 'emit';
    reportUnlisted(progress.name, session.listUnlisted(), isEmitted, logger);
    session.close();
  }
}

async function copyPages(
  { progress, logger, patience }: StreamInput,
  pages: ReturnType<ReturnType<typeof openRead>['read']>,
  output: RecordOutput,
): Promise<boolean> {
  progress.begin();
  try {
    for await (const page of pages) await output.write(page);
    // What it waited for behind the last page is no fault of the output.
    progress.noteArrived();
    await output.flush();
  } catch (error) {
    await output.writeLastState();
    throw error;
  }
  if (patience.signal.aborted) {
    await output.writeLastState();
    return false;
  }
  await output.writeState();
  logger.info(describeRead(progress));
  return true;
}
