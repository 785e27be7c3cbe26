package org.t3jvm.model.vae;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * Traces the layers of a VAE over one chunk of frames [T, H, W, C] (SPEC 6 and 7).
 *
 * <p>The first chunk starts with the sequence's first frame, which the temporal resamplings treat
 * in its own way; any chunking gives the same values.
 */
final class VaeTracer {
  private static final float NORM_EPS = 1e-12f;

  private final Tracer g;
  private final Weights root;
  private final @Nullable TemporalState state;
  private final RowState rows;
  private final Taps taps;
  private final boolean first;

  /** Traces layers over whole planes. */
  VaeTracer(Tracer g, ParameterTypes parameters, boolean first, Taps taps) {
    this(g, parameters, first, RowBand.WHOLE, taps);
  }

  /** Traces layers over a whole sequence: zeros before it, and nothing to keep after it. */
  static VaeTracer whole(Tracer g, ParameterTypes parameters) {
    return new VaeTracer(g, parameters, true, RowBand.WHOLE, Taps.NONE, null);
  }

  /**
   * Traces layers over a band of rows.
   *
   * @param band rows of the value that the first layer gets
   */
  VaeTracer(Tracer g, ParameterTypes parameters, boolean first, RowBand band, Taps taps) {
    this(g, parameters, first, band, taps, new TemporalState(g));
  }

  private VaeTracer(
      Tracer g,
      ParameterTypes parameters,
      boolean first,
      RowBand band,
      Taps taps,
      @Nullable TemporalState state) {
    this.g = g;
    this.rows = new RowState(g, band);
    this.root = Weights.of(g, parameters);
    this.state = state;
    this.taps = taps;
    this.first = first;
  }

  Value layers(List<VaeLayer> layers, Value x) {
    Value y = x;
    for (VaeLayer layer : layers) {
      y = layer(layer, y);
      taps.tap(g, layer.name(), y);
    }
    return y;
  }

  private Value layer(VaeLayer layer, Value x) {
    return switch (layer) {
      case VaeLayer.Residual residual -> region(layer, () -> residual(residual, x));
      case VaeLayer.Attention attention -> region(layer, () -> attention(attention, x));
      case VaeLayer.Downsample down -> region(layer, () -> downsample(down, x));
      case VaeLayer.Upsample up -> region(layer, () -> upsample(up, x));
      case VaeLayer.Memory memory -> region(layer, () -> memory(memory, x));
      case VaeLayer.Grow grow -> region(layer, () -> grow(grow, x));
      case VaeLayer.Stage stage -> stage(stage, x);
    };
  }

  private Value stage(VaeLayer.Stage stage, Value x) {
    RowBand before = rows.band();
    Value y = layers(stage.layers(), x);
    String name = stage.name() + ".shortcut";
    return g.add(y, rows.shortcut(name, x, before, row -> stage.shortcut().trace(g, row, first)));
  }

  private Value region(VaeLayer layer, Supplier<Value> body) {
    return g.region(layer.name(), layer.name(), body);
  }

  /**
   * Norm, SiLU and the 3x3x3 convolution that end both stacks; {@code name.0} and {@code name.2}.
   */
  Value head(String name, Value x) {
    return g.region(name, name, () -> causalConv(name + ".2", g.silu(norm(name + ".0.gamma", x))));
  }

  /** 3x3x3 convolution, causal in time. */
  Value causalConv(String name, Value x) {
    Value seen = rows.seen(name, x, 1);
    return causal(name, seen, rows.geometry());
  }

  /** Convolution of x and the frames before it. */
  private Value causal(String name, Value x, ConvGeometry geometry) {
    Value weight = root.get(name + ".weight");
    int kernelT = weight.shape().intDim(2);
    if (state != null) {
      return conv(name, weight, state.prepend(name, x, kernelT - 1), geometry);
    }
    // Taps that meet zeros alone are left out.
    int taps = Math.min(kernelT, x.shape().intDim(0));
    Value met = taps == kernelT ? weight : g.slice(weight, 2, kernelT - taps, taps);
    return conv(name, met, x, geometry.withTimeBefore(taps - 1));
  }

  private Value conv(String name, Value weight, Value x, ConvGeometry geometry) {
    return conv(weight, x, root.get(name + ".bias"), geometry);
  }

  /** Of a band that has no row, there is nothing to convolve. */
  private Value conv(Value weight, Value x, @Nullable Value bias, ConvGeometry geometry) {
    if (rows.band().first() == rows.band().end()) {
      long frames = x.shape().dim(0) - weight.shape().dim(2) + 1;
      Shape shape = Shape.of(frames, 0, x.shape().dim(2), weight.shape().dim(0));
      return g.constant(Tensor.allocate(DType.F32, shape));
    }
    return g.conv3d(x, weight, bias, geometry);
  }

  /** Convolution 1x1 or 1x1x1: a linear map of each position's channels. */
  Value pointwise(String name, Value x) {
    Value weight = root.get(name + ".weight");
    long out = weight.shape().dim(0);
    long in = weight.shape().dim(1);
    return g.linear(x, root.get(name + ".weight", out, in), root.get(name + ".bias"));
  }

  private Value norm(String gamma, Value x) {
    return g.l2Norm(x, root.get(gamma, x.shape().dim(-1)), NORM_EPS);
  }

  private Value residual(VaeLayer.Residual layer, Value x) {
    RowBand before = rows.band();
    String name = layer.name() + ".residual";
    Value y = causalConv(name + ".2", g.silu(norm(name + ".0.gamma", x)));
    Value z = causalConv(name + ".6", g.silu(norm(name + ".3.gamma", y)));
    String shortcut = layer.name() + ".shortcut";
    Value beside = layer.in() == layer.out() ? x : pointwise(shortcut, x);
    return g.add(z, rows.shortcut(shortcut, beside, before, UnaryOperator.identity()));
  }

  private Value attention(VaeLayer.Attention layer, Value x) {
    int frames = x.shape().intDim(0);
    TokenGrid grid = new TokenGrid(frames, x.shape().intDim(1), x.shape().intDim(2));
    long c = layer.width();
    Value normed = norm(layer.name() + ".norm.gamma", x);
    Value qkv = g.reshape(pointwise(layer.name() + ".to_qkv", normed), grid.tokens(), 3 * c);
    AttentionPattern perFrame =
        new AttentionPattern.Windows(
            grid, new WindowCounts(frames, 1, 1), AttentionPattern.Grouping.CLOSE);
    Value attended =
        g.attention(
            g.slice(qkv, 1, 0, c),
            g.slice(qkv, 1, c, c),
            g.slice(qkv, 1, 2 * c, c),
            1,
            (float) (1 / Math.sqrt((double) c)),
            perFrame,
            null);
    Value projected = pointwise(layer.name() + ".proj", attended);
    return g.add(g.reshape(projected, x.shape().dims()), x);
  }

  /** {@code relu(conv4(relu(conv2(relu(conv0([x, past]))))) + x)}; zeros before the first frame. */
  private Value memory(VaeLayer.Memory layer, Value x) {
    RowBand before = rows.band();
    String name = layer.name() + ".conv.";
    Value seen = rows.seen(name + "0", x, 1);
    long frames = seen.shape().dim(0);
    Value joined = Objects.requireNonNull(state).prepend(name + "0", seen, 1);
    Value pairs = g.concat(3, seen, g.slice(joined, 0, 0, frames));
    Value y = relu(conv(name + "0", conv2dWeight(name + "0"), pairs, rows.geometry()));
    Value z = relu(spatialConv(name + "2", y));
    return relu(
        g.add(
            spatialConv(name + "4", z),
            rows.shortcut(layer.name(), x, before, UnaryOperator.identity())));
  }

  /** A frame's positions make those of one frame or two, which are doubled and convolved. */
  private Value grow(VaeLayer.Grow layer, Value x) {
    String name = layer.name() + ".conv";
    long out = root.get(name + ".weight").shape().dim(0);
    Value frames = g.linear(x, root.get(name + ".weight", out, layer.in()), null);
    Value y = layer.temporal() ? interleave(frames) : frames;
    Value seen = g.upsample(rows.seen(name, y, 2), 2);
    return conv(conv2dWeight(layer.convolution()), seen, null, rows.geometry());
  }

  /** 3x3 convolution within frames. */
  Value spatialConv(String name, Value x) {
    Value seen = rows.seen(name, x, 1);
    return conv(name, conv2dWeight(name), seen, rows.geometry());
  }

  Value relu(Value x) {
    return g.clamp(x, 0, Float.MAX_VALUE);
  }

  /** Pads one row at the bottom and one column at the right, then 3x3 with stride 2. */
  private Value downsample(VaeLayer.Downsample layer, Value x) {
    ConvGeometry halve = new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1);
    String name = layer.name() + ".resample.1";
    Value y = conv(name, conv2dWeight(name), x, halve);
    return layer.temporal() ? halveTime(layer.name() + ".time_conv", y) : y;
  }

  /** Keeps the sequence's first frame as it is; later outputs see frames 2i-2, 2i-1 and 2i. */
  private Value halveTime(String name, Value y) {
    ConvGeometry stride2 = new ConvGeometry(2, 1, 1, 0, 0, 0, 0, 0, 0);
    if (!first) {
      return timeConv(name, Objects.requireNonNull(state).prepend(name, y, 1), stride2);
    }
    if (state != null) {
      state.keepLast(name, y, 1);
    }
    long frames = y.shape().dim(0);
    return frames == 1 ? y : g.concat(0, g.slice(y, 0, 0, 1), timeConv(name, y, stride2));
  }

  private Value upsample(VaeLayer.Upsample layer, Value x) {
    Value y = layer.temporal() ? doubleTime(layer.name() + ".time_conv", x) : x;
    String name = layer.name() + ".resample.1";
    Value seen = g.upsample(rows.seen(name, y, 2), 2);
    return conv(name, conv2dWeight(name), seen, rows.geometry());
  }

  /** The sequence's first frame is neither doubled nor seen by the later ones. */
  private Value doubleTime(String name, Value x) {
    if (!first) {
      return interleave(causal(name, x, ConvGeometry.valid()));
    }
    long frames = x.shape().dim(0);
    if (frames == 1) {
      return x;
    }
    Value later = g.slice(x, 0, 1, frames - 1);
    Value doubled = interleave(causal(name, later, ConvGeometry.valid()));
    return g.concat(0, g.slice(x, 0, 0, 1), doubled);
  }

  /** [T, H, W, 2C] to [2T, H, W, C]: the first C channels are even frames, the last C odd ones. */
  private Value interleave(Value y) {
    long t = y.shape().dim(0);
    long h = y.shape().dim(1);
    long w = y.shape().dim(2);
    long c = y.shape().dim(3) / 2;
    Value frames = g.permute(g.reshape(y, t, h * w, 2, c), 0, 2, 1, 3);
    return g.reshape(frames, 2 * t, h, w, c);
  }

  private Value timeConv(String name, Value x, ConvGeometry geometry) {
    return conv(name, root.get(name + ".weight"), x, geometry);
  }

  /** A weight [O, C, kh, kw] as [O, C, 1, kh, kw]. */
  private Value conv2dWeight(String name) {
    long[] k = root.get(name + ".weight").shape().dims();
    return root.get(name + ".weight", k[0], k[1], 1, k[2], k[3]);
  }
}
