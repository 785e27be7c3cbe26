package org.t3jvm.tensor.cpu.conv;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Value;

/**
 * The filters of a convolution's weight [O, C, kt, kh, kw], each as one column of a product: its
 * lines (kt, kh) one after the other; of a line the parts of the channels; of a part the taps along
 * kw, each with the part's channels.
 *
 * @param sources for each tap, the taps of the weight whose sum it is
 * @param lineTaps taps of a line
 */
@SuppressWarnings("ArrayRecordComponent")
record ConvFilters(Value weight, ChannelParts parts, int[][] sources, int lineTaps) {
  /** The filters as they are. */
  static ConvFilters of(Value weight, ChannelParts parts) {
    int taps = Math.toIntExact(weight.shape().inner(1));
    int[][] sources =
        IntStream.range(0, taps).mapToObj(tap -> new int[] {tap}).toArray(int[][]::new);
    return new ConvFilters(weight, parts, sources, weight.shape().intDim(4));
  }

  /**
   * The filters kt x 3 x 3 over what is upsampled by two, as kt x 2 x 2 over what is not, for the
   * results of one parity: of two upsampled rows that are equal the weights are added.
   */
  static ConvFilters upsampled(Value weight, ChannelParts parts, int row, int column) {
    int[][] sources = new int[weight.shape().intDim(2) * 4][];
    for (int tap = 0; tap < sources.length; tap++) {
      int first = tap / 4 * 9;
      int[] rows = sources(row, tap / 2 % 2);
      int[] columns = sources(column, tap % 2);
      sources[tap] =
          Arrays.stream(rows)
              .flatMap(h -> Arrays.stream(columns).map(w -> first + h * 3 + w))
              .toArray();
    }
    return new ConvFilters(weight, parts, sources, 2);
  }

  /** Which of three taps in a row see the first or second of the two positions that are seen. */
  private static int[] sources(int parity, int position) {
    int shared = 1 - parity;
    if (position != shared) {
      return new int[] {2 * position};
    }
    return new int[] {position, position + 1};
  }

  /** Whether the elements of the columns are BF16 numbers, which sums of them are not. */
  boolean areBFloat16() {
    return weight.dtype() == DType.BF16 && sources.length == weightTaps();
  }

  /** Number of columns. */
  int columns() {
    return weight.shape().intDim(0);
  }

  int channels() {
    return parts.channels();
  }

  /** Elements of a column. */
  int depth() {
    return Math.multiplyExact(sources.length, channels());
  }

  /** Taps of the weight. */
  int weightTaps() {
    return Math.toIntExact(weight.shape().inner(1));
  }

  /** Place in its column of a tap's channel. */
  int place(int tap, int channel) {
    int part = channel / parts.size(0);
    int start = parts.start(part);
    int line = tap / lineTaps * lineTaps * channels();
    return line + lineTaps * start + tap % lineTaps * parts.size(part) + channel - start;
  }
}
