package org.t3jvm.model.lora;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.layout.Naming;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;

/** One LoRA file read against the DiT that it is for: every tensor must have its place. */
final class LoraFile {
  private static final int MAX_NAMED = 5;

  private record Layer(String target, String adapter) {}

  private final Checkpoint file;
  private final float scale;
  private final Map<String, TensorInfo> weights;
  private final Map<String, String> flatNames = new LinkedHashMap<>();
  private final Map<Layer, Map<LoraKey.Part, TensorInfo>> layers = new LinkedHashMap<>();
  private final Set<String> misfits = new LinkedHashSet<>();

  private LoraFile(Checkpoint file, float scale, Map<String, TensorInfo> weights) {
    this.file = file;
    this.scale = scale;
    this.weights = weights;
    weights.keySet().forEach(name -> flatNames.put(moduleOf(name).replace('.', '_'), name));
  }

  /**
   * The changes that a file makes, by name of the weight.
   *
   * @param scale what all of them are multiplied by
   * @param dit the DiT's tensors
   * @throws CheckpointException if the file has tensors that do not fit, naming the first of them
   */
  static Map<String, List<LoraDelta>> deltas(Checkpoint file, float scale, Checkpoint dit)
      throws CheckpointException {
    LoraFile lora = new LoraFile(file, scale, dit.entries());
    for (TensorInfo info : file.entries().values()) {
      lora.place(info);
    }
    Map<String, List<LoraDelta>> deltas = new LinkedHashMap<>();
    for (Map.Entry<Layer, Map<LoraKey.Part, TensorInfo>> layer : lora.layers.entrySet()) {
      String target = layer.getKey().target;
      lora.deltas(target, layer.getValue())
          .forEach(delta -> deltas.computeIfAbsent(target, key -> new ArrayList<>()).add(delta));
    }
    lora.requireFit(dit);
    return deltas;
  }

  private static String moduleOf(String weight) {
    return weight.endsWith(".weight") ? weight.substring(0, weight.length() - 7) : weight;
  }

  private void place(TensorInfo info) {
    Optional<LoraKey> key = LoraKey.parse(info.name());
    if (key.isEmpty()) {
      misfits.add(info + " (not a LoRA tensor's name)");
      return;
    }
    String target = target(key.get());
    if (target == null) {
      misfits.add(info + " (there is no such layer)");
    } else if (!info.supported()) {
      misfits.add(info + " (dtype not supported)");
    } else {
      Map<LoraKey.Part, TensorInfo> parts =
          layers.computeIfAbsent(
              new Layer(target, key.get().adapter()), layer -> new EnumMap<>(LoraKey.Part.class));
      TensorInfo other = parts.putIfAbsent(key.get().part(), info);
      if (other != null) {
        misfits.add("%s (the same as %s)".formatted(info, other.name()));
      }
    }
  }

  /** The name of the weight that a tensor changes, or null. */
  private @Nullable String target(LoraKey key) {
    if (key.part() == LoraKey.Part.BIAS) {
      String weight = layer(key);
      String bias = weight == null ? null : moduleOf(weight) + ".bias";
      return bias != null && weights.containsKey(bias) ? bias : null;
    }
    return layer(key);
  }

  private @Nullable String layer(LoraKey key) {
    if (key.flat()) {
      return flatNames.get(key.module());
    }
    String own = key.module() + ".weight";
    for (String name :
        new String[] {own, key.module(), Naming.DIT_DIFFUSERS.mapping().toOurs(own)}) {
      if (weights.containsKey(name)) {
        return name;
      }
    }
    return null;
  }

  /** What a layer's tensors amount to; those that do not fit are noted instead. */
  private List<LoraDelta> deltas(String target, Map<LoraKey.Part, TensorInfo> parts)
      throws CheckpointException {
    TensorInfo weight = Objects.requireNonNull(weights.get(target));
    DType stored = weight.type().dtype();
    if (stored == null || !stored.isFloating()) {
      for (TensorInfo info : parts.values()) {
        misfits.add("%s (the weight is stored as %s)".formatted(info, weight.type()));
      }
      return List.of();
    }
    List<LoraDelta> deltas = new ArrayList<>();
    for (LoraKey.Part part : List.of(LoraKey.Part.WEIGHT, LoraKey.Part.BIAS)) {
      TensorInfo whole = parts.remove(part);
      if (whole != null && whole.shape().equals(weight.shape())) {
        deltas.add(new LoraDelta.Full(file.tensor(whole.name()), scale));
      } else if (whole != null) {
        misfits.add("%s (should be %s)".formatted(whole, weight.shape()));
      }
    }
    LoraDelta lowRank = parts.isEmpty() ? null : lowRank(weight.shape(), parts);
    if (lowRank != null) {
      deltas.add(lowRank);
    }
    return deltas;
  }

  private @Nullable LoraDelta lowRank(Shape shape, Map<LoraKey.Part, TensorInfo> parts)
      throws CheckpointException {
    TensorInfo down = parts.get(LoraKey.Part.DOWN);
    TensorInfo up = parts.get(LoraKey.Part.UP);
    if (down == null || up == null) {
      parts.values().forEach(info -> misfits.add(info + " (its other half is missing)"));
      return null;
    }
    if (!fits(down, up, shape)) {
      return null;
    }
    TensorInfo alpha = parts.get(LoraKey.Part.ALPHA);
    float factor = scale;
    if (alpha != null) {
      if (alpha.shape().elements() != 1) {
        misfits.add(alpha + " (should be one number)");
        return null;
      }
      factor = (float) (scale * file.tensor(alpha.name()).getDouble(0) / down.shape().dim(0));
    }
    return new LoraDelta.LowRank(file.tensor(up.name()), file.tensor(down.name()), factor);
  }

  /** Whether A [rank, in...] and B [out, rank, 1...] make a weight of {@code shape}. */
  private boolean fits(TensorInfo down, TensorInfo up, Shape shape) {
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

  private void requireFit(Checkpoint dit) throws CheckpointException {
    if (file.entries().isEmpty()) {
      throw new CheckpointException(file.description() + " holds no LoRA: it has no tensors");
    }
    if (misfits.isEmpty()) {
      return;
    }
    String more =
        misfits.size() > MAX_NAMED ? " and %d more".formatted(misfits.size() - MAX_NAMED) : "";
    throw new CheckpointException(
        "%s is no LoRA for %s: %d of its %d tensors do not fit: %s%s"
            .formatted(
                file.description(),
                dit.description(),
                misfits.size(),
                file.entries().size(),
                String.join(", ", misfits.stream().limit(MAX_NAMED).map(Messages::plain).toList()),
                more));
  }
}
