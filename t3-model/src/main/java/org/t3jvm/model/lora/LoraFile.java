package org.t3jvm.model.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.text.Messages;

/**
 * One LoRA file read against the DiT that it is for: every tensor has its place, or is of a layer
 * that models of this kind do not have, which is counted.
 */
final class LoraFile {
  private static final int MAX_NAMED = 5;

  private final Checkpoint file;
  private final LoraParameters.Opened opened;
  private final Map<String, TensorInfo> weights;
  private final LoraTargets targets;
  private final Map<String, LoraLayer> layers = new LinkedHashMap<>();
  private final Set<String> misfits = new LinkedHashSet<>();
  private final Map<String, Integer> skipped = new TreeMap<>();

  private LoraFile(LoraParameters.Opened opened, Map<String, TensorInfo> weights) {
    this.file = opened.checkpoint();
    this.opened = opened;
    this.weights = weights;
    this.targets = new LoraTargets(weights.keySet());
  }

  /**
   * What a file changes.
   *
   * @param deltas by name of the weight
   * @param note how it was read, for people: its factors, and what was skipped
   */
  record Changes(Map<String, List<LoraDelta>> deltas, String note) {}

  /**
   * The changes that a file makes to a DiT.
   *
   * @throws CheckpointException if the file has tensors that do not fit, naming the first of them
   */
  static Changes changes(LoraParameters.Opened opened, Checkpoint dit) throws CheckpointException {
    LoraFile lora = new LoraFile(opened, dit.entries());
    for (TensorInfo info : lora.file.entries().values()) {
      lora.place(info);
    }
    Map<String, List<LoraDelta>> deltas = new LinkedHashMap<>();
    Set<String> factors = new TreeSet<>();
    for (LoraLayer layer : lora.layers.values()) {
      layer
          .deltas(factors)
          .forEach(
              (target, delta) ->
                  deltas.computeIfAbsent(target, key -> new ArrayList<>()).add(delta));
    }
    lora.requireFit(dit);
    return new Changes(deltas, lora.note(deltas.size(), factors));
  }

  private void place(TensorInfo info) {
    Optional<LoraKey> parsed = LoraKey.parse(info.name());
    if (parsed.isEmpty()) {
      String other = LoraTargets.otherModel(info.name());
      if (other == null) {
        misfits.add("%s (%s)".formatted(info, LoraKey.reason(info.name())));
      } else {
        skipped.merge(other, 1, Integer::sum);
      }
      return;
    }
    LoraKey key = parsed.get();
    String target = targets.of(key);
    if (target == null) {
      String other = LoraTargets.otherModel(key.module());
      if (other == null) {
        misfits.add(info + " (there is no such layer)");
      } else {
        skipped.merge(other, 1, Integer::sum);
      }
    } else if (!info.supported()) {
      misfits.add(info + " (dtype not supported)");
    } else {
      String id = moduleOf(target) + '\0' + key.adapter();
      layers
          .computeIfAbsent(id, same -> new LoraLayer(opened, weights, misfits, key.module()))
          .put(key.part(), info, target);
    }
  }

  private static String moduleOf(String target) {
    return target.replaceFirst("\\.(weight|bias)$", "");
  }

  private String note(int changed, Set<String> factors) {
    StringBuilder note = new StringBuilder();
    note.append("LoRA %s changes %d tensors".formatted(file.description(), changed));
    if (opened.scale() != 1) {
      note.append(", scale ").append(opened.scale());
    }
    if (!factors.isEmpty()) {
      note.append(", ").append(Messages.list(factors));
    }
    skipped.forEach((kind, count) -> note.append("; %d tensors %s skipped".formatted(count, kind)));
    return note.toString();
  }

  private void requireFit(Checkpoint dit) throws CheckpointException {
    if (file.entries().isEmpty()) {
      throw new CheckpointException(file.description() + " holds no LoRA: it has no tensors");
    }
    if (misfits.isEmpty() && layers.isEmpty()) {
      throw new CheckpointException(
          "%s is no LoRA for %s: all its %d tensors are %s"
              .formatted(
                  file.description(),
                  dit.description(),
                  file.entries().size(),
                  String.join(" or ", skipped.keySet())));
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
