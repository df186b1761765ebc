import { expect } from 'chai';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { type ChangePage, cutOutChanges } from '../../../../src/aws/streams/change-page.ts';
import { CompactRecords } from '../../../../src/aws/streams/change-records.ts';
import { TransientError } from '../../../../src/errors.ts';

const ENTRY = {
  eventID: '1',
  eventName: 'MODIFY',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  dynamodb: {
    ApproximateCreationDateTime: 1_795_696_920,
    Keys: { pk: { S: 'a' } },
    NewImage: { pk: { S: 'a' }, v: { N: '2' } },
    OldImage: { pk: { S: 'a' }, v: { N: '1' } },
    SequenceNumber: '100000000003498069978',
    SizeBytes: 26,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
};

function cut(answer: string | object): ChangePage {
  const buffer = new PageBuffer();
  const body = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  buffer.start(body.length);
  buffer.append(body);
  return cutOutChanges({ buffer, records: new CompactRecords() });
}

/** The entries with their spans parsed. */
function readEntries({ buffer, records }: ChangePage): object[] {
  const parse = (span: { start: number; end: number } | undefined): unknown =>
    span && JSON.parse(buffer.body.toString('utf8', span.start, span.end));
  return Array.from(records, ({ keys, newImage, oldImage, ...rest }) => ({
    ...rest,
    keys: parse(keys),
    newImage: parse(newImage),
    oldImage: parse(oldImage),
  }));
}

function withChange(change: object, entry: object = {}): object {
  return { Records: [{ ...ENTRY, ...entry, dynamodb: { ...ENTRY.dynamodb, ...change } }] };
}

const ENDLESS = JSON.stringify(withChange({})).replace('1795696920', '1e999');

describe('an answer of GetRecords', () => {
  it('holds entries whose items are stretches of its bytes', () => {
    const page = cut({ Records: [ENTRY], NextShardIterator: 'next"1' });
    expect(page.nextIterator).to.equal('next"1');
    expect(readEntries(page)).to.deep.equal([
      {
        kind: 'put',
        sequenceNumber: '100000000003498069978',
        createdAt: 1_795_696_920,
        isTtl: false,
        keys: ENTRY.dynamodb.Keys,
        newImage: ENTRY.dynamodb.NewImage,
        oldImage: ENTRY.dynamodb.OldImage,
      },
    ]);
  });

  it('is the last one of its shard without an iterator', () => {
    for (const answer of [{ Records: [ENTRY] }, { Records: [], NextShardIterator: null }]) {
      expect(cut(answer).nextIterator).to.equal(undefined);
    }
  });

  it('may have its members in any order, others between them, and blanks', () => {
    const { dynamodb, ...rest } = ENTRY;
    const reversed = Object.fromEntries(Object.entries(dynamodb).reverse());
    const answer = {
      Later: [{ a: ['}]"\\'] }],
      NextShardIterator: 'n',
      Records: [{ dynamodb: reversed, new: null, ...rest }],
    };
    const expected = readEntries(cut({ Records: [ENTRY] }));
    for (const text of [JSON.stringify(answer), JSON.stringify(answer, null, 2)]) {
      expect(readEntries(cut(text))).to.deep.equal(expected);
    }
  });

  it('may hold any names and texts', () => {
    const item = {
      'a"b\\': { S: 'x}]{["\\' },
      __proto: { M: { '\u0000é😀': { L: [{ NULL: true }, { SS: [']', '}'] }] } } },
    };
    const [entry] = readEntries(cut(withChange({ NewImage: item })));
    expect(entry).to.have.deep.property('newImage', item);
  });

  for (const [number, seconds] of [
    ['1795696920', 1_795_696_920],
    ['1795696920.000', 1_795_696_920],
    ['1795696920.999', 1_795_696_920],
    ['1.79569692E9', 1_795_696_920],
    ['179569692e+1', 1_795_696_920],
  ] as const) {
    it(`may date an entry ${number}`, () => {
      const text = JSON.stringify(withChange({})).replace('1795696920', number);
      expect(cut(text).records.at(0)?.createdAt).to.equal(seconds);
    });
  }

  it('may have null in the place of an image', () => {
    const { records } = cut(withChange({ NewImage: null }, { eventName: 'REMOVE' }));
    expect(records.at(0)?.newImage).to.equal(undefined);
    expect(cut(withChange({ OldImage: null })).records.at(0)?.oldImage).to.equal(undefined);
  });

  for (const [eventName, hasNewImage, kind] of [
    ['INSERT', true, 'put'],
    ['MODIFY', true, 'put'],
    ['REMOVE', false, 'delete'],
    ['UNKNOWN', false, 'delete'],
    ['UNKNOWN', true, 'put'],
  ] as const) {
    it(`has a ${kind} in ${eventName} with${hasNewImage ? '' : 'out'} a new image`, () => {
      const image = hasNewImage ? ENTRY.dynamodb.NewImage : undefined;
      const { records } = cut(withChange({ NewImage: image }, { eventName }));
      expect(records.at(0)?.kind).to.equal(kind);
    });
  }

  for (const [userIdentity, eventName, isTtl] of [
    [{ PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }, 'REMOVE', true],
    [{ principalId: 'dynamodb.amazonaws.com', type: 'Service' }, 'REMOVE', true],
    [{ PrincipalId: 'dynamodb.amazonaws.com', Type: 'User' }, 'REMOVE', false],
    [{ PrincipalId: 'lambda.amazonaws.com', Type: 'Service' }, 'REMOVE', false],
    [{ PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }, 'MODIFY', false],
    [null, 'REMOVE', false],
  ] as const) {
    it(`tells by ${JSON.stringify(userIdentity)} whether a ${eventName} is one of TTL`, () => {
      expect(cut(withChange({}, { userIdentity, eventName })).records.at(0)?.isTtl).to.equal(isTtl);
    });
  }

  for (const [name, answer, fault] of [
    ['is HTML', '<html></html>', 'is not one of DynamoDB Streams'],
    ['is empty', '', 'is not one of DynamoDB Streams'],
    ['is cut in an entry', JSON.stringify({ Records: [ENTRY] }).slice(0, -40), 'is not one'],
    ['is cut in a string', '{"Records":[],"NextShardIterator":"abc', 'is not one'],
    ['has something behind it', '{"Records":[]}{}', 'is not one'],
    ['has no entries', '{"NextShardIterator":"a"}', 'holds no Records'],
    ['lacks a sequence number', withChange({ SequenceNumber: undefined }), 'SequenceNumber'],
    ['has a sequence number that is none', withChange({ SequenceNumber: 5 }), 'SequenceNumber'],
    ['lacks a time', withChange({ ApproximateCreationDateTime: null }), 'ApproximateCreation'],
    ...[1e300, -1, 1_795_696_920_123, '1795696920'].map(
      (time) =>
        [
          `has the time ${JSON.stringify(time)}`,
          withChange({ ApproximateCreationDateTime: time }),
          'a valid ApproximateCreationDateTime',
        ] as const,
    ),
    ['has an endless time', ENDLESS, 'a valid ApproximateCreationDateTime'],
    ['lacks the keys', withChange({ Keys: undefined }), 'its Keys'],
    ['has null for keys', withChange({ Keys: null }), 'its Keys'],
    ['has a list for an image', withChange({ OldImage: [] }), 'is not one of DynamoDB Streams'],
    ['has a put without its image', withChange({ NewImage: undefined }), 'without its NewImage'],
    ['has null for what was put', withChange({ NewImage: null }), 'without its NewImage'],
  ] as const) {
    it(`is asked for again when it ${name}`, () => {
      expect(() => cut(answer)).to.throw(TransientError, fault);
    });
  }
});
