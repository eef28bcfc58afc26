/** A spec that asserts nothing proves nothing, and fails. */
beforeEach(() => {
  expect.hasAssertions();
});
