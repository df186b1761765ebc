import { expect } from 'chai';
import { createRecordLine } from '../../../src/protocol/record-line.ts';

/** The message that a line with this data is. */
function lineOf(descriptor: { readonly name: string; readonly namespace?: string }): string {
  const { prefix, suffix } = createRecordLine(descriptor);
  return Buffer.concat([prefix, Buffer.from('{"a":1}'), suffix(17)]).toString();
}

describe('the RECORD line of a stream', () => {
  it('is a message with the data between its halves', () => {
    expect(lineOf({ name: 'orders' })).to.equal(
      '{"type":"RECORD","record":{"stream":"orders","data":{"a":1},"emitted_at":17}}\n',
    );
  });

  it('has the namespace that the catalog gives it, whatever characters that has', () => {
    const namespace = 'n"\u2028\u2029\u0085';
    const line = lineOf({ name: 'orders', namespace });
    expect(line).not.to.match(/[\u0085\u2028\u2029]/);
    expect(JSON.parse(line)).to.deep.equal({
      type: 'RECORD',
      record: { stream: 'orders', namespace, data: { a: 1 }, emitted_at: 17 },
    });
  });
});
