import {quote} from '../lib/errors.js';

describe('A value in a message', () => {
  const circle: Record<string, unknown> = {};
  circle['circle'] = circle;
  const CASES: [string, unknown, string][] = [
    ['a number', 10, '10'],
    ['a string', '10', '"10"'],
    ['a bigint', 10n, '10n'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a function', () => 1, 'function'],
    ['a symbol', Symbol('s'), 'symbol'],
    ['an array', [1, 'a', null], '[1,"a",null]'],
    ['NaN within an array', [NaN, Infinity], '["NaN","Infinity"]'],
    ['a bigint within an object', {a: [1n]}, '{"a":["1n"]}'],
    ['a typed array', Float32Array.of(1, 2), 'Float32Array of 8 bytes'],
    ['a view', new DataView(new ArrayBuffer(8)), 'DataView of 8 bytes'],
    ['a circle', circle, 'an object'],
    ['a circle of arrays', Array.from({length: 1}, () => circle), 'an object'],
    ['what has no JSON', {toJSON: () => undefined}, 'an object'],
    ['JSON that throws', {toJSON: () => JSON.parse('') as unknown}, 'an object'],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('no');
        },
      },
      'an object',
    ],
    ['what was revoked', revoked(), 'an object'],
    ['what is long', 'a'.repeat(100), `"${'a'.repeat(76)}...`],
    ['what is deep', nested(100_000), 'an object'],
  ];

  for (const [what, value, expected] of CASES) {
    it(`is short, and never an error of its own: ${what}`, () => {
      expect(quote(value)).toBe(expected);
    });
  }
});

function revoked(): unknown {
  const {proxy, revoke} = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) {
    value = [value];
  }
  return value;
}
