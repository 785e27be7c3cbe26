package org.t3jvm.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Random graphs of light ops over [rows, columns] values, full of views, outputs that other ops
 * read on, outputs given twice, and values that nobody needs. Values stay of moderate size.
 */
public final class RandomGraphs {
  private RandomGraphs() {}

  public static Graph graph(long seed) {
    Random random = new Random(seed);
    Tracer tracer = new Tracer();
    List<Value> values = new ArrayList<>();
    int inputs = 1 + random.nextInt(2);
    for (int i = 0; i < inputs; i++) {
      Shape shape = Shape.of(1 + random.nextInt(6), 2 + random.nextInt(20));
      values.add(tracer.input("in" + i, DType.F32, shape));
    }
    values.add(tracer.parameter("weight", DType.F32, Shape.of(5, 7)));
    int ops = 3 + random.nextInt(25);
    for (int i = 0; i < ops; i++) {
      values.add(op(tracer, values, random));
    }
    int outputs = 1 + random.nextInt(4);
    for (int i = 0; i < outputs; i++) {
      tracer.output("out" + i, pick(values, random));
    }
    tracer.output("last", values.getLast());
    return tracer.graph();
  }

  private static Value op(Tracer g, List<Value> values, Random random) {
    Value x = pick(values, random);
    long rows = x.shape().dim(0);
    long columns = x.shape().dim(1);
    return switch (random.nextInt(16)) {
      case 0 -> g.silu(x);
      case 1 -> g.clamp(x, -1, 1);
      case 2 -> g.affine(x, 0.5f, 0.25f);
      case 3 -> g.rmsNorm(x, null, 1e-6f);
      case 4 -> g.softmax(x);
      case 5 -> g.sub(x, like(values, x, random));
      case 6 -> g.add(like(values, x, random), x);
      case 7 -> g.gatedResidual(x, g.slice(x, 0, 0, 1), like(values, x, random));
      case 8 -> g.modulate(x, g.slice(x, 0, rows - 1, 1), g.slice(x, 1, 0, 1));
      case 9 -> g.reshape(x, columns, rows);
      case 10 -> g.permute(x, 1, 0);
      case 11 -> g.slice(x, 0, rows / 2, rows - rows / 2);
      case 12 -> g.slice(x, 1, columns / 2, columns - columns / 2);
      case 13, 14 ->
          rows > 30 ? g.exp(x) : g.concat(0, x, like(values, x, random), like(values, x, random));
      default -> {
        Value sum = g.reduce(Op.Reduce.Kind.MEAN, x, random.nextInt(2));
        yield g.sub(x, sum);
      }
    };
  }

  private static Value pick(List<Value> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  /** A value of x's shape, or x itself if there is no other. */
  private static Value like(List<Value> values, Value x, Random random) {
    List<Value> alike = values.stream().filter(v -> v.shape().equals(x.shape())).toList();
    return pick(alike, random);
  }
}
