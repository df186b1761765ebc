import { expect } from 'chai';
import fc from 'fast-check';
import type { Shard } from '../../../../../src/aws/streams/change-stream.ts';
import { beginShard } from '../../../../../src/strategies/streams/change-progress.ts';
import { ShardForest } from '../../../../../src/strategies/streams/shards/shard-forest.ts';

function shard(id: string, parentId?: string): Shard {
  return { id, ...(parentId !== undefined && { parentId }), isClosed: false };
}

function listAll(forest: ShardForest, shards: readonly Shard[]): void {
  forest.list(shards, beginShard);
  forest.endListing();
}

describe('a shard forest', () => {
  it('lets a child wait until its parent is finished', () => {
    const forest = new ShardForest({ shards: {}, finished: {} });
    listAll(forest, [shard('a'), shard('b', 'a'), shard('c', 'b')]);
    expect([...forest.readable()]).to.deep.equal(['a']);
    forest.finish('a', 7);
    expect([...forest.readable()]).to.deep.equal(['b']);
    forest.finish('b', 9);
    expect([...forest.readable()]).to.deep.equal(['c']);
  });

  it('takes a parent that is neither known nor listed for read', () => {
    const forest = new ShardForest({ shards: {}, finished: {} });
    forest.list([shard('b', 'a')], beginShard);
    expect([...forest.readable()], 'before the listing is complete').to.deep.equal([]);
    forest.endListing();
    expect([...forest.readable()]).to.deep.equal(['b']);
  });

  it('begins with saved positions before anything is listed', () => {
    const forest = new ShardForest({
      shards: { b: { parent: 'a', after: '1', cursor: 5 }, c: { parent: 'x' } },
      finished: { a: 4 },
    });
    expect([...forest.readable()]).to.deep.equal(['b']);
  });

  it('keeps a finished shard until it is listed no more, and does not read it again', () => {
    const forest = new ShardForest({ shards: {}, finished: { a: 7 } });
    listAll(forest, [shard('a'), shard('b', 'a')]);
    expect([...forest.readable()]).to.deep.equal(['b']);
    expect([...forest.finished]).to.deep.equal([['a', 7]]);
    listAll(forest, [shard('b', 'a')]);
    expect([...forest.finished]).to.deep.equal([]);
    expect(forest.numberBefore('b'), 'what its parent left').to.equal(7);
  });

  it('lets a new shard wait whose parent is not listed, until nobody expects it any more', () => {
    const forest = new ShardForest({ shards: {}, finished: { a: 7 } });
    forest.list([shard('a'), shard('c', 'b')], beginShard);
    expect([...forest.readable()], 'while it is being listed').to.deep.equal([]);
    forest.endListing();
    expect([...forest.orphans]).to.deep.equal(['c']);
    expect([...forest.readable()]).to.deep.equal([]);
    listAll(forest, [shard('a'), shard('b', 'a'), shard('c', 'b')]);
    expect([...forest.orphans]).to.deep.equal([]);
    expect([...forest.readable()]).to.deep.equal(['b']);
    listAll(forest, [shard('a'), shard('b', 'a'), shard('c', 'b'), shard('e', 'd')]);
    forest.adoptOrphans();
    expect([...forest.readable()]).to.deep.equal(['b', 'e']);
  });

  it('takes a parent for read that is listed when its child is begun', () => {
    const forest = new ShardForest({
      shards: { b: { parent: 'a', after: '1', cursor: 5 } },
      finished: {},
    });
    listAll(forest, [shard('a'), shard('b', 'a')]);
    expect([...forest.finished]).to.deep.equal([['a', 5]]);
    expect([...forest.readable()]).to.deep.equal(['b']);
  });

  it('counts on from its own number, then from that of its parent', () => {
    const forest = new ShardForest({ shards: { b: { parent: 'a' } }, finished: { a: 7 } });
    expect(forest.numberBefore('b')).to.equal(7);
    forest.advance('b', { after: '1', cursor: 8 });
    expect(forest.numberBefore('b')).to.equal(8);
    expect(forest.open.get('b')).to.deep.equal({ parent: 'a', after: '1', cursor: 8 });
    expect(forest.numberBefore('unknown')).to.equal(undefined);
  });

  it('reads every shard of any forest once, parents first', () => {
    const forests = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }).map((choices) =>
      // The parent is any that was there before, or none.
      choices.map((choice, index) => shard(`s${index}`, choice < index ? `s${choice}` : undefined)),
    );
    fc.assert(
      fc.property(forests, fc.nat(), (shards, choice) => {
        const forest = new ShardForest({ shards: {}, finished: {} });
        listAll(forest, shards);
        const order: string[] = [];
        for (;;) {
          const readable = [...forest.readable()];
          const next = readable[choice % readable.length];
          if (next === undefined) break;
          forest.finish(next, order.push(next));
        }
        expect(order).to.have.members(shards.map(({ id }) => id));
        for (const { id, parentId } of shards) {
          if (parentId !== undefined)
            expect(order.indexOf(parentId)).to.be.below(order.indexOf(id));
        }
      }),
    );
  });
});
