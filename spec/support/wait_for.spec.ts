import {waitFor} from './wait_for.js';

describe('waitFor', () => {
  test('looks until what it sees is right, and gives it', async () => {
    let looks = 0;
    const seen = await waitFor(
      'the third look',
      () => ++looks,
      (look) => look === 3,
    );
    expect([seen, looks]).toEqual([3, 3]);
  });

  test('tells what it has waited for and what it saw last when it gives up', async () => {
    const look = () => ({status: 'Running', progress: 0.5});
    await expect(waitFor('the end of the training', look, ({progress}) => progress === 1, 0)).rejects.toThrow(
      'Waited 0 s for the end of the training, but saw {"status":"Running","progress":0.5} last.',
    );
  });
});
