/** What others report, as far as it could be looked up. */
export function publishedText(): string {
  return `The gain to look at is the one over softmax alone of the same network in the tables above, since baselines in articles are
often too low. A reader of ARPL [ran the softmax baseline of its repository](https://github.com/iCGY96/ARPL/issues/2) on CIFAR-10 and got
an AUROC of 86.1 on average over the five splits, where the article's table says 67.7. ARPL itself (Chen et al., *Adversarial Reciprocal Points Learning for
Open Set Recognition*, TPAMI 2021) is said to reach 0.996 on MNIST with these splits, with pictures of 32 × 32 pixels and a
larger network. Its repository records no numbers for MNIST, so that we could not check this one.`;
}
