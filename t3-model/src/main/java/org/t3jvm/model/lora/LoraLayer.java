package org.t3jvm.model.lora;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
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
    Set<LoraKey.Form> forms = EnumSet.noneOf(LoraKey.Form.class);
    parts.keySet().forEach(part -> forms.addAll(part.forms()));
    if (forms.size() > 1) {
      parts.values().forEach(info -> misfits.add(info + " (its layer has another form, too)"));
      return deltas;
    }
    @Nullable LoraDelta change =
        forms.contains(LoraKey.Form.LOHA)
            ? hadamard(factors)
            : forms.contains(LoraKey.Form.LOKR) ? kronecker(factors) : lowRank(factors, deltas);
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
    Factors product = product(Part.UP, Part.DOWN, Part.MID);
    if (product == null || !makes(product, target().shape())) {
      return null;
    }
    float factor = factor(product.rank(), factors);
    TensorInfo bias = parts.remove(Part.UP_BIAS);
    if (bias != null && fits(bias, weight(Part.UP_BIAS).shape())) {
      add(deltas, Part.UP_BIAS, new LoraDelta.Full(tensor(bias), factor * lora.scale()));
    }
    return new LoraDelta.LowRank(product.left(), product.right(), factor * outerScale());
  }

  private @Nullable LoraDelta hadamard(Set<String> factors) throws CheckpointException {
    Factors first = product(Part.HADA_W1_A, Part.HADA_W1_B, Part.HADA_T1);
    Factors second = product(Part.HADA_W2_A, Part.HADA_W2_B, Part.HADA_T2);
    Shape shape = target().shape();
    if (first == null || second == null || !makes(first, shape) || !makes(second, shape)) {
      return null;
    }
    float factor = factor(first.rank(), factors) * outerScale();
    return new LoraDelta.Hadamard(
        first.left(), first.right(), second.left(), second.right(), factor);
  }

  private @Nullable LoraDelta kronecker(Set<String> factors) throws CheckpointException {
    LoraDelta.Factor outer = kroneckerFactor(Part.LOKR_W1, Part.LOKR_W1_A, Part.LOKR_W1_B, null);
    LoraDelta.Factor inner =
        kroneckerFactor(Part.LOKR_W2, Part.LOKR_W2_A, Part.LOKR_W2_B, Part.LOKR_T2);
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
    float factor = split == null ? wholeFactor(factors) : factor(split.shape().dim(0), factors);
    return new LoraDelta.Kronecker(outer, inner, factor * outerScale());
  }

  /** PEFT scales what has no rank, too: by the rank that was asked for. */
  private float wholeFactor(Set<String> factors) throws CheckpointException {
    OptionalLong rank = lora.config().wholeRank();
    return rank.isPresent() ? factor(rank.getAsLong(), factors) : 1;
  }

  private LoraDelta.@Nullable Factor kroneckerFactor(
      Part whole, Part left, Part right, @Nullable Part core) throws CheckpointException {
    TensorInfo one = parts.get(whole);
    if (one != null && one.shape().rank() >= 2) {
      return new LoraDelta.Factor.Whole(tensor(one));
    }
    Factors product = product(left, right, core);
    if (product == null) {
      return null;
    }
    Shape a = product.left().shape();
    Shape b = product.right().shape();
    if (a.rank() < 2 || b.rank() < 2 || a.inner(0) != b.dim(0)) {
      misfits.add("%s (the other factor is %s)".formatted(product.first(), b));
      return null;
    }
    return new LoraDelta.Factor.Split(product.left(), product.right());
  }

  /**
   * Two factors of a matrix.
   *
   * @param left [out, rank, 1...]
   * @param right [rank, in...]
   * @param rank that alpha is over
   * @param first the tensor that is on the left
   * @param second the tensor that is on the right, whether or not a core is multiplied into it
   */
  private record Factors(
      Tensor left, Tensor right, long rank, TensorInfo first, TensorInfo second) {}

  /** The factors of a product, of which a Tucker decomposition has three; null if one is absent. */
  private @Nullable Factors product(Part left, Part right, @Nullable Part middle)
      throws CheckpointException {
    TensorInfo a = parts.get(left);
    TensorInfo b = parts.get(right);
    TensorInfo core = middle == null ? null : parts.get(middle);
    if (a == null || b == null) {
      return null;
    }
    long rank = b.shape().rank() == 0 ? 1 : b.shape().dim(0);
    if (core == null) {
      return new Factors(tensor(a), tensor(b), rank, a, b);
    }
    // LyCORIS turns the first factor where there is a core, but not lora_up.
    boolean turned = left != Part.UP;
    boolean fits =
        core.shape().rank() >= 2
            && core.shape().elements() > 0
            && isMatrix(a)
            && isMatrix(b)
            && core.shape().dim(0) == a.shape().dim(turned ? 0 : 1)
            && core.shape().dim(1) == rank
            // What is multiplied out has no more columns than the weight.
            && core.shape().inner(1) * b.shape().dim(1) <= target().shape().inner(0);
    if (!fits) {
      misfits.add(
          "%s (its factors are %s and %s, the weight %s)"
              .formatted(core, a.shape(), b.shape(), target().shape()));
      return null;
    }
    Tensor first = tensor(a);
    return new Factors(
        turned ? TuckerCore.transposed(first) : first,
        TuckerCore.times(tensor(core), tensor(b)),
        rank,
        a,
        b);
  }

  private static boolean isMatrix(TensorInfo info) {
    Shape shape = info.shape();
    return shape.rank() >= 2 && shape.elements() == shape.dim(0) * shape.dim(1);
  }

  /** Whether factors [out, rank, 1...] and [rank, in...] make a weight of {@code shape}. */
  private boolean makes(Factors product, Shape shape) {
    int before = misfits.size();
    Shape left = product.left().shape();
    Shape right = product.right().shape();
    long in = shape.rank() < 2 ? -1 : shape.inner(0);
    if (right.rank() < 2 || right.dim(0) < 1 || right.inner(0) != in) {
      misfits.add("%s (the weight is %s)".formatted(product.second(), shape));
    }
    if (left.rank() < 2
        || left.dim(0) != shape.dim(0)
        || right.rank() < 1
        || left.inner(0) != right.dim(0)) {
      misfits.add("%s (the weight is %s)".formatted(product.first(), shape));
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
      if (!Double.isFinite(alpha.getAsDouble())) {
        misfits.add("%s (is %s, should be a finite number)".formatted(own, alpha.getAsDouble()));
        return 0;
      }
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
