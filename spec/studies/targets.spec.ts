import {expectReached, targetRows} from '../../studies/targets.js';
import type {Target} from '../../studies/targets.js';

const reached: Target = {subject: 'wasm', text: 'at least twice as fast', measured: '2.1×', isReached: true};
const missed: Target = {subject: 'cpu', text: 'at most 2 %', measured: '2.5 %', isReached: false};

test('a missed target makes the command fail, with what was measured', () => {
  expect(() => {
    expectReached([reached, missed]);
  }).toThrow(/^1 of 2 targets are missed[^]*\n- cpu: at most 2 %, but measured 2\.5 %$/);
});

test('reached targets do not, nor none at all', () => {
  expect(() => {
    expectReached([reached]);
    expectReached([]);
  }).not.toThrow();
});

test('the table says of each whether it is reached', () => {
  expect(targetRows([reached, missed]).body).toEqual([
    ['wasm', 'at least twice as fast', '2.1×', 'reached'],
    ['cpu', 'at most 2 %', '2.5 %', 'missed'],
  ]);
});
