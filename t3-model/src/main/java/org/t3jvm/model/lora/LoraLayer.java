package org.t3jvm.model.lora;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.model.lora.LoraKey.Part;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** A LoRA file's tensors for one layer, and what they amount to. */
final class LoraLayer {
  private final LoraParameters.Opened lora;
  private final Map<String, TensorInfo> weights;
  private final Set<String> misfits;
  private final String module;
  private final Map<Part, TensorInfo> parts = new EnumMap<>(Part.class);
  private final Map<Part, String> targets = new EnumMap<>(Part.class);

  /**
   * @param weights the DiT's tensors
   * @param misfits takes a line for each tensor that does not fit
   * @param module the layer's name in the LoRA file
   */
  LoraLayer(
      LoraParameters.Opened lora,
      Map<String, TensorInfo> weights,
      Set<String> misfits,
      String module) {
    this.lora = lora;
    this.weights = weights;
    this.misfits = misfits;
    this.module = module;
  }

  void put(Part part, TensorInfo info, String target) {
    TensorInfo other = parts.putIfAbsent(part, info);
    if (other != null) {
      misfits.add("%s (the same as %s)".formatted(info, other.name()));
    }
    targets.put(part, target);
  }

  /**
   * The changes by name of the tensor.
   *
   * @param factors takes what the alpha and rank of this layer come to
   */
  Map<String, LoraDelta> deltas(Set<String> factors) throws CheckpointException {
    Map<String, LoraDelta> deltas = new LinkedHashMap<>();
    for (Part part : List.of(Part.WEIGHT, Part.BIAS, Part.MODULATION)) {
      TensorInfo whole = parts.remove(part);
      if (whole != null && fits(whole, weight(part).shape())) {
        add(deltas, part, new LoraDelta.Full(tensor(whole), lora.scale()));
      }
    }
    if (parts.isEmpty()) {
      return deltas;
    }
    int before = misfits.size();
    @Nullable LoraDelta change =
        parts.containsKey(Part.HADA_W1_A)
            ? hadamard(factors)
            : parts.keySet().stream().anyMatch(part -> part.name().startsWith("LOKR"))
                ? kronecker(factors)
                : lowRank(factors, deltas);
    if (change != null) {
      TensorInfo magnitude = parts.remove(Part.MAGNITUDE);
      @Nullable LoraDelta whole = magnitude == null ? change : decomposed(change, magnitude);
      if (whole != null) {
        add(deltas, anyPart(), whole);
      }
    } else if (misfits.size() == before) {
      parts.values().forEach(info -> misfits.add(info + " (its other half is missing)"));
    }
    return deltas;
  }

  /** The scale of a DoRA counts for the whole change, not for what its rows are made of. */
  private @Nullable LoraDelta decomposed(LoraDelta change, TensorInfo magnitude)
      throws CheckpointException {
    Shape weight = target().shape();
    Shape norms = magnitude.shape();
    long count = norms.elements();
    // [1, in] is by columns; of what has one axis, or ones behind the first, it is by rows.
    boolean byColumns = norms.rank() > 1 && norms.dim(0) == 1 && count > 1;
    if (byColumns && weight.rank() == 2 && count == weight.dim(1)) {
      return new LoraDelta.DecomposedByColumns(change, tensor(magnitude), lora.scale());
    }
    if (!byColumns && count == weight.dim(0)) {
      return new LoraDelta.Decomposed(change, tensor(magnitude), lora.scale());
    }
    misfits.add(
        "%s (should be a norm for each row or each column of %s)".formatted(magnitude, weight));
    return null;
  }

  private float outerScale() {
    return parts.containsKey(Part.MAGNITUDE) ? 1 : lora.scale();
  }

  /** A whole change and one of factors both count. */
  private void add(Map<String, LoraDelta> deltas, Part part, LoraDelta delta) {
    String name = Objects.requireNonNull(targets.get(part));
    deltas.merge(name, delta, LoraDelta.Sum::new);
  }

  private Part anyPart() {
    return parts.keySet().stream()
        .filter(part -> part != Part.UP_BIAS && part != Part.ALPHA)
        .findFirst()
        .orElseThrow();
  }

  private TensorInfo weight(Part part) {
    return Objects.requireNonNull(weights.get(Objects.requireNonNull(targets.get(part))));
  }

  private TensorInfo target() {
    return weight(anyPart());
  }

  private Tensor tensor(TensorInfo info) throws CheckpointException {
    return lora.checkpoint().tensor(info.name());
  }

  private boolean fits(TensorInfo info, Shape shape) {
    if (info.shape().equals(shape)) {
      return true;
    }
    misfits.add("%s (should be %s)".formatted(info, shape));
    return false;
  }

  private @Nullable LoraDelta lowRank(Set<String> factors, Map<String, LoraDelta> deltas)
      throws CheckpointException {
    TensorInfo down = parts.get(Part.DOWN);
    TensorInfo up = parts.get(Part.UP);
    if (down == null || up == null || !isProduct(up, down, target().shape())) {
      return null;
    }
    float factor = factor(down.shape().dim(0), factors);
    TensorInfo bias = parts.remove(Part.UP_BIAS);
    if (bias != null && fits(bias, weight(Part.UP_BIAS).shape())) {
      add(deltas, Part.UP_BIAS, new LoraDelta.Full(tensor(bias), factor * lora.scale()));
    }
    return new LoraDelta.LowRank(tensor(up), tensor(down), factor * outerScale());
  }

  private @Nullable LoraDelta hadamard(Set<String> factors) throws CheckpointException {
    TensorInfo a1 = parts.get(Part.HADA_W1_A);
    TensorInfo b1 = parts.get(Part.HADA_W1_B);
    TensorInfo a2 = parts.get(Part.HADA_W2_A);
    TensorInfo b2 = parts.get(Part.HADA_W2_B);
    Shape shape = target().shape();
    if (a1 == null || b1 == null || a2 == null || b2 == null) {
      return null;
    }
    if (!isProduct(a1, b1, shape) || !isProduct(a2, b2, shape)) {
      return null;
    }
    float factor = factor(b1.shape().dim(0), factors) * outerScale();
    return new LoraDelta.Hadamard(tensor(a1), tensor(b1), tensor(a2), tensor(b2), factor);
  }

  private @Nullable LoraDelta kronecker(Set<String> factors) throws CheckpointException {
    LoraDelta.Factor outer = kroneckerFactor(Part.LOKR_W1, Part.LOKR_W1_A, Part.LOKR_W1_B);
    LoraDelta.Factor inner = kroneckerFactor(Part.LOKR_W2, Part.LOKR_W2_A, Part.LOKR_W2_B);
    if (outer == null || inner == null) {
      return null;
    }
    Shape shape = target().shape();
    if (outer.rowCount() * inner.rowCount() != shape.dim(0)
        || outer.columnCount() * inner.columnCount() != shape.inner(0)) {
      misfits.add(
          "%s (W1 [%d, %d] and W2 [%d, %d] do not make the weight's %s)"
              .formatted(
                  module,
                  outer.rowCount(),
                  outer.columnCount(),
                  inner.rowCount(),
                  inner.columnCount(),
                  shape));
      return null;
    }
    // LyCORIS ignores alpha where neither of both is split, and takes W2's rank where both are.
    TensorInfo inSecond = parts.get(Part.LOKR_W2_B);
    TensorInfo split = inSecond != null ? inSecond : parts.get(Part.LOKR_W1_B);
    float factor = split == null ? 1 : factor(split.shape().dim(0), factors);
    return new LoraDelta.Kronecker(outer, inner, factor * outerScale());
  }

  private LoraDelta.@Nullable Factor kroneckerFactor(Part whole, Part left, Part right)
      throws CheckpointException {
    TensorInfo one = parts.get(whole);
    if (one != null && one.shape().rank() >= 2) {
      return new LoraDelta.Factor.Whole(tensor(one));
    }
    TensorInfo a = parts.get(left);
    TensorInfo b = parts.get(right);
    if (a == null || b == null || a.shape().rank() != 2 || b.shape().rank() < 2) {
      return null;
    }
    if (a.shape().dim(1) != b.shape().dim(0)) {
      misfits.add("%s (the other factor is %s)".formatted(a, b.shape()));
      return null;
    }
    return new LoraDelta.Factor.Split(tensor(a), tensor(b));
  }

  /** Whether [out, rank, 1...] and [rank, in...] make a weight of {@code shape}. */
  private boolean isProduct(TensorInfo up, TensorInfo down, Shape shape) {
    int before = misfits.size();
    long in = shape.rank() < 2 ? -1 : shape.inner(0);
    if (down.shape().rank() < 2 || down.shape().dim(0) < 1 || down.shape().inner(0) != in) {
      misfits.add("%s (the weight is %s)".formatted(down, shape));
    }
    if (up.shape().rank() < 2
        || up.shape().dim(0) != shape.dim(0)
        || up.shape().inner(0) != down.shape().dim(0)) {
      misfits.add("%s (the weight is %s)".formatted(up, shape));
    }
    return misfits.size() == before;
  }

  /** Alpha over the rank: from the layer's own tensor, else from what the file says of itself. */
  private float factor(long rank, Set<String> factors) throws CheckpointException {
    TensorInfo own = parts.get(Part.ALPHA);
    OptionalDouble alpha = lora.config().alpha(module);
    String source = lora.config().source();
    if (own != null) {
      if (own.shape().elements() != 1) {
        misfits.add(own + " (should be one number)");
        return 0;
      }
      alpha = OptionalDouble.of(tensor(own).getDouble(0));
      source = "its tensors";
    }
    if (alpha.isEmpty()) {
      factors.add("rank %d without an alpha: factor 1".formatted(rank));
      return 1;
    }
    double factor = alpha.getAsDouble() / lora.config().divisor(rank);
    factors.add(
        String.format(
            Locale.ROOT,
            "factor %.4g (alpha %.4g, rank %d%s, from %s)",
            factor,
            alpha.getAsDouble(),
            rank,
            lora.config().rootRank() ? ", by its square root" : "",
            source));
    return (float) factor;
  }
}
