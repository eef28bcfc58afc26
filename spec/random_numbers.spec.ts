let drawn: number[] = [];

describe('random numbers that no seed was given for', () => {
  it('are from 0 to below 1, and differ', () => {
    drawn = Array.from({length: 1000}, () => Math.random());
    expect(new Set(drawn).size).toBe(1000);
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('begin anew in each spec', () => {
    expect(drawn.slice(0, 3)).toEqual([Math.random(), Math.random(), Math.random()]);
  });
});
