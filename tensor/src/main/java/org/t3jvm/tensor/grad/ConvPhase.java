package org.t3jvm.tensor.grad;

/**
 * Every so manieth position of a convolution's input along one axis, those that the same taps meet:
 * how their gradient is a convolution of the result's gradient with these taps in reverse order.
 *
 * @param kernel taps of the weight
 * @param factor how often the input repeats the operand whose gradient is wanted; 1 with strides
 * @param stride of the convolution, and positions from one to the next
 * @param pad positions before the first
 * @param position the first one, less than the stride
 * @param extent of the input, or of the operand that it repeats
 */
record ConvPhase(int kernel, int factor, int stride, int pad, int position, int extent) {
  /** The first tap that meets these positions. */
  private int firstTap() {
    return (position + pad) % stride;
  }

  /** How many taps meet these positions. */
  int taps() {
    return Math.ceilDiv(Math.max(0, kernel - firstTap()), stride);
  }

  /** The tap of the weight at a place of the reversed ones. */
  int tap(int place) {
    return firstTap() + (taps() - 1 - place) * stride;
  }

  /** How many positions are computed: as many for each phase, the last one perhaps in vain. */
  int positions() {
    return Math.ceilDiv(extent, stride);
  }

  /** Results before the first one that the first position sees; none if negative. */
  private int before() {
    return taps() - 1 - (position + pad) / stride;
  }

  /** The first result that is seen, of so many. */
  long first(long results) {
    return Math.clamp(-before(), 0, results);
  }

  /** The end of the results that are seen, of so many. */
  long end(long results) {
    return Math.clamp(seen() - before(), first(results), results);
  }

  int padBefore() {
    return Math.max(0, before());
  }

  int padAfter(long results) {
    return Math.toIntExact(seen() - padBefore() - (end(results) - first(results)));
  }

  /** Results that all positions see, those before the first and after the last among them. */
  private long seen() {
    return (positions() - 1L) * factor + taps() + factor - 1;
  }
}
