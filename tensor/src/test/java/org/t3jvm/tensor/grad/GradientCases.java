package org.t3jvm.tensor.grad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/** Gradient cases of every op, at sizes around those that kernels divide their work by. */
final class GradientCases {
  private static final AttentionPattern FULL = new AttentionPattern.Full();

  private final List<GradientCase> cases = new ArrayList<>();

  private GradientCases() {
    products();
    attention();
    convolutions();
    rows();
    elementwise();
    moves();
  }

  static List<GradientCase> all() {
    return List.copyOf(new GradientCases().cases);
  }

  private void add(String name, BiFunction<Tracer, GradientCase.Operands, Value> trace) {
    cases.add(GradientCase.of(name, trace));
  }

  private void products() {
    for (long[] size : new long[][] {{1, 1, 1}, {5, 7, 3}, {33, 40, 65}, {70, 257, 31}}) {
      add(
          "linear %d rows, %d to %d".formatted(size[0], size[1], size[2]),
          (g, in) ->
              g.linear(
                  in.normal("x", size[0], size[1]),
                  in.normal("weight", size[2], size[1]),
                  in.normal("bias", size[2])));
    }
    add(
        "linear [2, 3, 5], BF16 weight, no bias",
        (g, in) ->
            g.linear(in.normal("x", 2, 3, 5), in.of("weight", DType.BF16, x -> x, 4, 5), null));
    add(
        "linear of x by x",
        (g, in) -> {
          Value x = in.normal("x", 6, 4);
          return g.linear(x, x, null);
        });
    for (boolean transposed : new boolean[] {false, true}) {
      add(
          "matMul [7, 5] by 9, transposed " + transposed,
          (g, in) ->
              g.matMul(
                  in.normal("a", 7, 5),
                  transposed ? in.normal("b", 9, 5) : in.normal("b", 5, 9),
                  transposed));
      add(
          "matMul [2, 3, 33, 17] by 40, transposed " + transposed,
          (g, in) ->
              g.matMul(
                  in.normal("a", 2, 3, 33, 17),
                  transposed ? in.normal("b", 2, 3, 40, 17) : in.normal("b", 2, 3, 17, 40),
                  transposed));
    }
  }

  private void attention() {
    for (int[] size :
        new int[][] {{1, 1, 1, 1}, {3, 8, 5, 17}, {2, 24, 97, 130}, {1, 300, 12, 65}}) {
      add(
          "attention %d heads of %d, %d queries, %d keys"
              .formatted(size[0], size[1], size[2], size[3]),
          (g, in) -> attention(g, in, size, FULL, null));
    }
    for (long[] bias : new long[][] {{1, 1, 19}, {3, 1, 19}, {1, 7, 19}, {3, 7, 19}}) {
      add(
          "attention with bias [%d, %d, %d]".formatted(bias[0], bias[1], bias[2]),
          (g, in) -> attention(g, in, new int[] {3, 16, 7, 19}, FULL, in.normal("bias", bias)));
    }
    TokenGrid grid = new TokenGrid(3, 5, 7);
    for (AttentionPattern.Grouping grouping : AttentionPattern.Grouping.values()) {
      for (WindowCounts counts :
          List.of(
              new WindowCounts(3, 1, 1), new WindowCounts(2, 2, 3), new WindowCounts(1, 5, 2))) {
        add(
            "attention %s windows %s of %s".formatted(grouping, counts, grid),
            (g, in) ->
                attention(
                    g,
                    in,
                    new int[] {2, 12, 105, 105},
                    new AttentionPattern.Windows(grid, counts, grouping),
                    null));
      }
    }
    for (int extra : new int[] {0, 9}) {
      add(
          "attention inward windows of %s, %d extra keys".formatted(grid, extra),
          (g, in) ->
              attention(
                  g,
                  in,
                  new int[] {2, 12, 105, 105 + extra},
                  new AttentionPattern.Inward(grid, 1, 2, extra),
                  null));
    }
    add(
        "attention of x to itself",
        (g, in) -> {
          Value x = in.normal("x", 21, 18);
          return g.attention(x, x, x, 3, 0.4f, FULL, null);
        });
  }

  private static Value attention(
      Tracer g,
      GradientCase.Operands in,
      int[] size,
      AttentionPattern pattern,
      @Nullable Value bias) {
    long columns = (long) size[0] * size[1];
    return g.attention(
        in.normal("q", size[2], columns),
        in.normal("k", size[3], columns),
        in.normal("v", size[3], columns),
        size[0],
        (float) (1 / Math.sqrt(size[1])),
        pattern,
        bias);
  }

  private void convolutions() {
    ConvGeometry same = ConvGeometry.sameInSpace(3, 3);
    conv("same in space", new long[] {3, 5, 7, 4}, new long[] {6, 4, 3, 3, 3}, same);
    conv("valid", new long[] {4, 3, 3, 33}, new long[] {5, 33, 2, 1, 2}, ConvGeometry.valid());
    conv("pointwise", new long[] {2, 3, 4, 5}, new long[] {7, 5, 1, 1, 1}, ConvGeometry.valid());
    conv(
        "padded more than the kernel",
        new long[] {2, 3, 4, 2},
        new long[] {3, 2, 1, 2, 2},
        new ConvGeometry(1, 1, 1, 1, 0, 2, 1, 0, 3));
    conv(
        "stride 2 in space",
        new long[] {1, 6, 8, 3},
        new long[] {4, 3, 1, 3, 3},
        new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1));
    conv(
        "stride 2 in space, odd",
        new long[] {2, 7, 5, 2},
        new long[] {3, 2, 1, 3, 3},
        new ConvGeometry(1, 2, 2, 0, 0, 1, 0, 0, 1));
    conv(
        "stride 2 in time",
        new long[] {6, 3, 2, 3},
        new long[] {4, 3, 3, 1, 1},
        new ConvGeometry(2, 1, 1, 0, 0, 0, 0, 0, 0));
    conv(
        "stride beyond the kernel",
        new long[] {3, 7, 8, 2},
        new long[] {3, 2, 1, 1, 2},
        new ConvGeometry(2, 3, 3, 1, 0, 2, 1, 0, 2));
    conv(
        "stride beyond the input",
        new long[] {1, 2, 2, 3},
        new long[] {2, 3, 1, 2, 4},
        new ConvGeometry(1, 3, 4, 0, 1, 2, 1, 3, 3));
    conv(
        "stride 2 on all axes",
        new long[] {5, 9, 6, 2},
        new long[] {3, 2, 3, 4, 3},
        new ConvGeometry(2, 2, 2, 2, 0, 1, 2, 1, 1));
    conv("wide", new long[] {2, 6, 20, 40}, new long[] {250, 40, 1, 3, 3}, same);
    for (int factor : new int[] {2, 3}) {
      upsampled(factor, same);
      upsampled(factor, new ConvGeometry(1, 1, 1, 0, 0, 0, 1, 1, 1));
      upsampled(factor, new ConvGeometry(1, 2, 1, 0, 0, 1, 1, 1, 1));
    }
  }

  private void conv(String what, long[] x, long[] weight, ConvGeometry geometry) {
    add(
        "conv3d " + what,
        (g, in) ->
            g.conv3d(
                in.normal("x", x),
                in.normal("weight", weight),
                in.normal("b", weight[0]),
                geometry));
  }

  private void upsampled(int factor, ConvGeometry geometry) {
    add(
        "conv3d of what is upsampled by %d, %s".formatted(factor, geometry),
        (g, in) ->
            g.conv3d(
                g.upsample(in.normal("x", 2, 4, 3, 5), factor),
                in.normal("weight", 6, 5, 1, 3, 3),
                null,
                geometry));
  }

  private void rows() {
    for (long width : new long[] {1, 5, 64, 133}) {
      add(
          "rmsNorm of " + width,
          (g, in) -> g.rmsNorm(in.normal("x", 3, width), in.normal("w", width), 1e-3f));
      add(
          "layerNorm of " + width,
          (g, in) ->
              g.layerNorm(
                  in.normal("x", 3, width), in.normal("w", width), in.normal("b", width), 1e-3f));
      add(
          "l2Norm of " + width,
          (g, in) -> g.l2Norm(in.normal("x", 2, 3, width), in.normal("w", width), 1e-6f));
      add("rmsFactor of " + width, (g, in) -> g.rmsFactor(in.normal("x", 4, width), 1e-3f));
    }
    add("rmsNorm without weight", (g, in) -> g.rmsNorm(in.normal("x", 3, 9), null, 1e-6f));
    add(
        "layerNorm without weight",
        (g, in) -> g.layerNorm(in.normal("x", 3, 9), null, null, 1e-6f));
    add(
        "l2Norm below eps",
        (g, in) -> g.l2Norm(in.of("x", x -> 1e-3 * x, 3, 9), in.normal("w", 9), 10));
    add("rope", (g, in) -> g.rope(in.normal("x", 24, 36), 3, new TokenGrid(2, 3, 4)));
    add("softmax", (g, in) -> g.softmax(in.normal("x", 3, 4, 37)));
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      add(
          "sum axis " + axis,
          (g, in) -> g.reduce(Op.Reduce.Kind.SUM, in.normal("x", 3, 4, 5), along));
      add(
          "mean axis " + axis,
          (g, in) -> g.reduce(Op.Reduce.Kind.MEAN, in.normal("x", 3, 4, 5), along));
    }
    add(
        "embedding with repeated ids",
        (g, in) ->
            g.embedding(
                in.normal("table", 70, 9), in.ids("ids", Shape.of(2, 3), 4, 0, 69, 4, 4, 1)));
    long[] many = LongStream.range(0, 300).map(i -> i * i % 33).toArray();
    add(
        "embedding F16",
        (g, in) ->
            g.embedding(
                in.of("table", DType.F16, x -> x, 33, 16), in.ids("ids", Shape.of(300), many)));
  }

  private void elementwise() {
    add("silu", (g, in) -> g.silu(in.of("x", x -> 3 * x, 7, 11)));
    add("geluTanh", (g, in) -> g.geluTanh(in.of("x", x -> 2 * x, 7, 11)));
    add("exp", (g, in) -> g.exp(in.normal("x", 5, 33)));
    add("sqrt", (g, in) -> g.sqrt(in.of("x", x -> 0.1 + x * x, 5, 33)));
    add("affine", (g, in) -> g.affine(in.normal("x", 5, 3), -2.5f, 0.5f));
    add("clamp", (g, in) -> g.clamp(in.normal("x", 5, 33), -0.5f, 0.75f));
    long[][][] shapes = {
      {{3, 4, 5}, {3, 4, 5}}, {{3, 4, 5}, {5}}, {{4, 1}, {3, 1, 5}}, {{1}, {3, 5}}, {{2, 1, 3}, {1}}
    };
    for (Op.Binary.Kind kind : Op.Binary.Kind.values()) {
      for (long[][] shape : shapes) {
        add(
            "%s %s and %s".formatted(kind, Shape.of(shape[0]), Shape.of(shape[1])),
            (g, in) ->
                g.append(
                    new Op.Binary(
                        kind,
                        in.normal("a", shape[0]),
                        in.of("b", x -> Math.copySign(0.5 + Math.abs(x), x), shape[1]))));
      }
    }
    add(
        "mul of x by x",
        (g, in) -> {
          Value x = in.normal("x", 5);
          return g.mul(x, x);
        });
    for (long[] vector : new long[][] {{7}, {6, 7}, {1, 7}, {6, 1}}) {
      add(
          "modulate by " + Shape.of(vector),
          (g, in) ->
              g.modulate(
                  in.normal("x", 6, 7), in.normal("shift", vector), in.normal("scale", vector)));
      add(
          "gatedResidual by " + Shape.of(vector),
          (g, in) ->
              g.gatedResidual(
                  in.normal("x", 6, 7), in.normal("gate", vector), in.normal("y", 6, 7)));
    }
    add(
        "gatedResidual per frame",
        (g, in) ->
            g.gatedResidual(
                in.normal("x", 2, 3, 4), in.normal("gate", 2, 1, 4), in.normal("y", 2, 3, 4)));
  }

  private void moves() {
    add("cast", (g, in) -> g.silu(g.cast(in.of("x", DType.BF16, x -> x, 4, 5), DType.F32)));
    add("reshape", (g, in) -> g.silu(g.reshape(in.normal("x", 4, 6), 3, 8)));
    add("permute", (g, in) -> g.permute(in.normal("x", 2, 3, 4, 5), 2, 0, 3, 1));
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      add("slice axis " + axis, (g, in) -> g.slice(in.normal("x", 4, 5, 6), along, 1, 2));
      add(
          "concat axis " + axis,
          (g, in) -> {
            Value x = in.normal("x", 3, 3, 3);
            return g.concat(along, x, in.normal("y", 3, 3, 3), x);
          });
    }
    add(
        "slices that touch, overlap and leave gaps",
        (g, in) -> {
          Value x = in.normal("x", 3, 10);
          Value a = g.slice(x, 1, 1, 3);
          Value b = g.slice(x, 1, 4, 3);
          Value c = g.slice(x, 1, 3, 3);
          Value rows = g.slice(x, 0, 1, 1);
          return g.concat(1, g.add(g.mul(a, b), c), g.add(c, g.slice(rows, 1, 6, 3)));
        });
    add("upsample", (g, in) -> g.upsample(in.normal("x", 2, 3, 2, 4), 3));
    add(
        "broadcast",
        (g, in) ->
            g.append(new GradientOp.Broadcast(in.normal("x", 3, 1, 5), Shape.of(2, 3, 4, 5))));
  }
}
