package org.t3jvm.model.dit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Shifts, scales and gates that depend on the timestep (SPEC 4, steps 5 and 6).
 *
 * <p>With one timestep each vector is [dim] for all tokens. With a separated timestep it is [T, 1,
 * dim], chosen per latent frame from the two rows that were computed, and tokens are seen as [T,
 * H*W, dim].
 */
final class Modulation {
  private final Tracer g;
  private final TokenGrid grid;
  private final boolean separated;

  Modulation(Tracer g, TokenGrid grid, boolean separated) {
    this.g = g;
    this.grid = grid;
    this.separated = separated;
  }

  /**
   * The {@code count} vectors of {@code table [1, count, dim] + projected [rows, count * dim]}, in
   * order.
   */
  List<Value> vectors(Value table, Value projected, int count) {
    long dim = table.shape().dim(-1);
    Value sums = g.add(projected, g.reshape(table, 1, count * dim));
    List<Value> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Value rows = g.slice(sums, 1, i * dim, dim);
      vectors.add(
          separated
              ? g.reshape(g.embedding(rows, g.constant(frameRows())), grid.t(), 1, dim)
              : g.reshape(rows, dim));
    }
    return vectors;
  }

  /** {@code x * (1 + scale) + shift} over tokens [N, dim]. */
  Value modulate(Value x, Value shift, Value scale) {
    return tokens(g.modulate(frames(x), shift, scale));
  }

  /** {@code x + gate * y} over tokens [N, dim]. */
  Value gatedResidual(Value x, Value gate, Value y) {
    return tokens(g.gatedResidual(frames(x), gate, frames(y)));
  }

  private Value frames(Value x) {
    return separated ? g.reshape(x, grid.t(), (long) grid.h() * grid.w(), x.shape().dim(-1)) : x;
  }

  private Value tokens(Value x) {
    return separated ? g.reshape(x, grid.tokens(), x.shape().dim(-1)) : x;
  }

  private Tensor frameRows() {
    long[] rows = new long[grid.t()];
    Arrays.fill(rows, 1, rows.length, 1);
    return Tensor.ofLongs(Shape.of(rows.length), rows);
  }
}
