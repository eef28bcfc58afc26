/**
 * A user's first recognizer: enrol, calibrate, refuse, save, reload. Prints what the spec wants to know.
 *
 * @param {typeof import('tfjs-center-loss/recognition')} library
 */
module.exports = async (library) => {
  const {auroc, Recognizer} = library;
  const recognizer = new Recognizer();
  await recognizer.enroll('left', [[0, 0]]);
  await recognizer.enroll('right', [[9, 0]]);
  await recognizer.calibrate(
    [
      [0, 1],
      [9, 1],
    ].flatMap((sample) => Array(20).fill(sample)),
    [...Array(20).fill('left'), ...Array(20).fill('right')],
  );
  const again = library.Recognizer.fromJSON(JSON.parse(JSON.stringify(recognizer)));
  const identified = await again.identify([
    [8.5, 0],
    [4, 40],
  ]);
  console.log(
    JSON.stringify({
      exports: Object.keys(library).sort(),
      labels: identified.map(({label}) => label ?? null),
      auroc: auroc([1, 2], [0, 1]),
    }),
  );
};
