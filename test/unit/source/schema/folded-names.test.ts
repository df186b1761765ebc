import { expect } from 'chai';
import { describeCollisions } from '../../../../src/source/schema/describe-collisions.ts';
import { findCollisions, foldName } from '../../../../src/source/schema/folded-names.ts';

const FOLDED: readonly (readonly [string, string])[] = [
  ['Status', 'status'],
  ['user-name', 'user_name'],
  ['user.name', 'user_name'],
  ['a b#c/d', 'a_b_c_d'],
  ['Café', 'cafe'],
  ['Cafe\u0301', 'cafe'],
  ['İd', 'id'],
  ['ｉｄ', 'id'],
  ['Ünïcode', 'unicode'],
  ['名前', '名前'],
  ['कि', 'कि'],
  ['2024-05', '_2024_05'],
  ['🚀', '_'],
  ['__proto__', '__proto__'],
];

describe('a folded name', () => {
  for (const [name, folded] of FOLDED) {
    it(`of ${name} is ${folded}`, () => {
      expect(foldName(name)).to.equal(folded);
    });
  }
});

describe('names that collide', () => {
  it('are found in groups, ordered', () => {
    const names = ['user_name', 'status', 'other', 'user.name', 'Status', 'user-name'];
    expect(findCollisions(names).groups).to.deep.equal([
      ['user-name', 'user.name', 'user_name'],
      ['Status', 'status'],
    ]);
  });

  it('are those of columns of Airbyte, however they are written', () => {
    const taken = [
      '-airbyte-raw_id',
      '_AIRBYTE_meta',
      '_ab_cdc_deleted_at',
      '_airbyte_extracted_at',
    ];
    const free = ['_airbyte', 'airbyte_id', 'my_airbyte_id', '_ab', '__airbyte_id'];
    const { groups, reserved } = findCollisions([...taken, ...free]);
    expect(reserved).to.deep.equal(taken);
    expect(groups).to.deep.equal([]);
  });

  it('are none where names differ', () => {
    expect(describeCollisions(findCollisions(['pk', 'name', 'names', '姓名', '电话']))).to.equal(
      undefined,
    );
  });

  it('are told in a line that can still be read', () => {
    const names = Array.from({ length: 25 }, (_, n) => [`a${n}`, `A${n}`]).flat();
    const text = describeCollisions(findCollisions([...names, '_airbyte_meta'])) ?? '';
    expect(text).to.match(/^"_airbyte_meta" = an Airbyte column, "A0" = "a0", "A1" = "a1", /);
    expect(text).to.match(/"A8" = "a8", "A9" = "a9" and 30 more$/);
    const rockets = Array.from({ length: 500 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    const line = describeCollisions(findCollisions(rockets)) ?? '';
    expect(line.match(/ = /g)).to.have.lengthOf(19);
    expect(line).to.match(/ and 480 more$/);
  });
});
