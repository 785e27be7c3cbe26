package org.t3jvm.bench.peer.torch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;

/**
 * Convolution of frames [T, H, W, C]. With a weight that does not change: over channels as they lie
 * (innermost), or over a copy with channels outermost. A kernel of one frame is a 2D convolution of
 * T images.
 */
final class TorchConvolution {
  private final ConvGeometry geometry;
  private final @Nullable TorchTensor bias;
  private final boolean flat;

  private TorchConvolution(ConvGeometry geometry, @Nullable TorchTensor bias, boolean flat) {
    this.geometry = geometry;
    this.bias = bias;
    this.flat = flat;
  }

  /** The ways for a weight [O, C, kt, kh, kw] and a bias [O]. */
  static Fastest of(
      LibTorch torch, ConvGeometry g, TorchTensor weight, @Nullable TorchTensor bias) {
    TorchConvolution convolution = new TorchConvolution(g, bias, isFlat(g, weight.sizes()[2]));
    return new Fastest(
        List.of(
            convolution.new Layout(convolution.weight(torch, weight, true), false),
            convolution.new Layout(convolution.weight(torch, weight, false), true)));
  }

  /** A copy of the weight, without its axis kt where that is 1, channels innermost or not. */
  private TorchTensor weight(LibTorch torch, TorchTensor weight, boolean channelsLast) {
    long[] s = weight.sizes();
    try (TorchOps ops = new TorchOps(torch)) {
      TorchTensor flattened = flat ? ops.reshape(weight, s[0], s[1], s[3], s[4]) : weight;
      if (!channelsLast) {
        return ops.release(ops.copy(flattened, weight.dtype()));
      }
      int[] last = flat ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 3, 4, 1};
      int[] back = flat ? new int[] {0, 3, 1, 2} : new int[] {0, 4, 1, 2, 3};
      return ops.release(ops.permute(ops.copy(ops.permute(flattened, last), weight.dtype()), back));
    }
  }

  /** With a weight that changes. */
  static TorchTensor once(
      TorchOps ops, ConvGeometry g, TorchTensor x, TorchTensor weight, @Nullable TorchTensor bias) {
    TorchConvolution convolution = new TorchConvolution(g, bias, isFlat(g, weight.sizes()[2]));
    Layout layout = convolution.new Layout(convolution.weight(ops.torch(), weight, true), false);
    try {
      return layout.compute(ops, x, null);
    } finally {
      layout.close();
    }
  }

  /** The gradient of the weight as [O, kt, kh, kw, C], by {@code convolution_backward}. */
  static TorchTensor weightGradient(
      TorchOps ops, GradientOp.Conv3dWeightGrad op, TorchTensor x, TorchTensor dy) {
    ConvGeometry g = op.geometry();
    long[] w = op.weight().dims();
    TorchConvolution convolution = new TorchConvolution(g, null, isFlat(g, w[2]));
    return convolution.weightGradient(ops, x, dy, w);
  }

  private TorchTensor weightGradient(TorchOps ops, TorchTensor x, TorchTensor dy, long[] w) {
    ConvGeometry g = geometry;
    boolean even = isEven();
    TorchTensor channels = channelsFirst(ops, x);
    long[] sizes = flat ? new long[] {w[0], w[1], w[3], w[4]} : w;
    TorchTensor weight =
        ops.own(TorchTensor.empty(ops.torch(), x.dtype(), sizes, Shape.of(sizes).strides()));
    TorchTensor gradient =
        ops.convolutionWeightGradient(
            channelsFirst(ops, dy),
            even ? channels : pad(ops, channels),
            weight,
            axes(g.strideT(), g.strideH(), g.strideW()),
            even ? axes(g.padTBefore(), g.padHBefore(), g.padWBefore()) : axes(0, 0, 0));
    TorchTensor whole = ops.reshape(gradient, w);
    return ops.contiguous(ops.permute(whole, 0, 2, 3, 4, 1));
  }

  private static boolean isFlat(ConvGeometry g, long taps) {
    return taps == 1 && g.strideT() == 1 && g.padTBefore() == 0 && g.padTAfter() == 0;
  }

  private boolean isEven() {
    return geometry.padTBefore() == geometry.padTAfter()
        && geometry.padHBefore() == geometry.padHAfter()
        && geometry.padWBefore() == geometry.padWAfter();
  }

  private final class Layout implements Fastest.Way {
    private final TorchTensor weight;
    private final boolean copies;

    Layout(TorchTensor weight, boolean copies) {
      this.weight = weight;
      this.copies = copies;
    }

    @Override
    public TorchTensor compute(TorchOps ops, TorchTensor x, @Nullable TorchTensor out) {
      ConvGeometry g = geometry;
      TorchTensor channels = channelsFirst(ops, x);
      boolean even = isEven();
      TorchTensor padded = even ? channels : pad(ops, channels);
      TorchTensor image = copies ? ops.contiguous(padded) : padded;
      long[] stride = axes(g.strideT(), g.strideH(), g.strideW());
      long[] padding = even ? axes(g.padTBefore(), g.padHBefore(), g.padWBefore()) : axes(0, 0, 0);
      return channelsLast(ops, ops.convolution(image, weight, bias, stride, padding));
    }

    @Override
    public void close() {
      weight.close();
    }
  }

  private long[] axes(long t, long h, long w) {
    return flat ? new long[] {h, w} : new long[] {t, h, w};
  }

  /** [T, H, W, C] as [T, C, H, W] or [1, C, T, H, W]. */
  private TorchTensor channelsFirst(TorchOps ops, TorchTensor x) {
    TorchTensor dense = ops.contiguous(x);
    long[] s = dense.sizes();
    return flat
        ? ops.permute(dense, 0, 3, 1, 2)
        : ops.permute(ops.reshape(dense, 1, s[0], s[1], s[2], s[3]), 0, 4, 1, 2, 3);
  }

  private TorchTensor channelsLast(TorchOps ops, TorchTensor y) {
    TorchTensor last = flat ? ops.permute(y, 0, 2, 3, 1) : ops.permute(y, 0, 2, 3, 4, 1);
    TorchTensor dense = ops.contiguous(last);
    long[] s = dense.sizes();
    return flat ? dense : ops.reshape(dense, s[1], s[2], s[3], s[4]);
  }

  /** Zeros around; pairs of extents, the last axis first. */
  private TorchTensor pad(TorchOps ops, TorchTensor x) {
    ConvGeometry g = geometry;
    long[] space = {g.padWBefore(), g.padWAfter(), g.padHBefore(), g.padHAfter()};
    long[] all = {
      space[0], space[1], space[2], space[3], g.padTBefore(), g.padTAfter(),
    };
    return ops.call(AtFunction.PAD, x, flat ? space : all, 0.0);
  }
}
