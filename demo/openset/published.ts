/** What others report, as far as it could be looked up. */
export function publishedText(): string {
  return `The gain to look at is the one over softmax alone of the same network, in the tables above: baselines in articles are
often too low. A reader of ARPL [ran the softmax baseline of its repository](https://github.com/gary23ai/ARPL/issues/2) on CIFAR-10 and
got an AUROC of 86.1 % on average over the five splits, where the article's table has 67.7 %.

For ARPL itself (Chen et al., *Adversarial Reciprocal Points Learning for Open Set Recognition*, TPAMI 2021) on MNIST with these splits an AUROC of
0.996 is handed down. Its repository trains a network of its own for 100 epochs on pictures of 32 × 32 pixels, and records
no numbers for MNIST: this one could not be checked here.`;
}
