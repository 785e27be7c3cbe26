package org.t3jvm.loaders.open;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Tensor;

/** Several checkpoints seen as one; each tensor name belongs to one of them. */
final class CheckpointSet implements Checkpoint {
  private final String description;
  private final List<Checkpoint> parts;
  private final Map<String, Checkpoint> owners;
  private final Map<String, TensorInfo> entries;
  private final Map<String, String> metadata;

  private CheckpointSet(
      String description, List<Checkpoint> parts, Map<String, Checkpoint> owners) {
    this.description = description;
    this.parts = List.copyOf(parts);
    this.owners = owners;
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    owners.forEach((name, owner) -> infos.put(name, infoOf(owner, name)));
    this.entries = Collections.unmodifiableMap(infos);
    Map<String, String> texts = new LinkedHashMap<>();
    parts.forEach(part -> texts.putAll(part.metadata()));
    this.metadata = Collections.unmodifiableMap(texts);
  }

  private static TensorInfo infoOf(Checkpoint owner, String name) {
    return Objects.requireNonNull(owner.entries().get(name));
  }

  static CheckpointSet union(String description, List<Checkpoint> parts)
      throws CheckpointException {
    Map<String, Checkpoint> owners = new LinkedHashMap<>();
    List<String> clashes = new ArrayList<>();
    for (Checkpoint part : parts) {
      for (String name : part.entries().keySet()) {
        Checkpoint other = owners.putIfAbsent(name, part);
        if (other != null) {
          clashes.add(name + " (" + other.description() + ", " + part.description() + ")");
        }
      }
    }
    if (!clashes.isEmpty()) {
      throw new CheckpointException(
          "%s: %d tensors are in more than one file: %s; every name must be in one"
              .formatted(description, clashes.size(), Messages.list(clashes)));
    }
    return new CheckpointSet(description, parts, owners);
  }

  static CheckpointSet overlay(Checkpoint base, Checkpoint top) throws CheckpointException {
    List<String> unknown = new ArrayList<>();
    List<String> reshaped = new ArrayList<>();
    Map<String, Checkpoint> owners = new LinkedHashMap<>();
    base.entries().keySet().forEach(name -> owners.put(name, base));
    for (TensorInfo info : top.entries().values()) {
      // One of the two may be quantised: a weight of the top brings its own scales or has none.
      if (!top.entries().containsKey(Quantization.scaleName(info.name()))) {
        owners.remove(Quantization.scaleName(info.name()));
      }
      boolean scales =
          Quantization.isScaleName(info.name())
              && top.entries().containsKey(Quantization.weightName(info.name()));
      TensorInfo below = base.entries().get(info.name());
      if (scales) {
        owners.put(info.name(), top);
        continue;
      }
      if (below == null) {
        unknown.add(info.name() + " " + info.shape());
      } else if (!below.shape().equals(info.shape())) {
        reshaped.add(info.name() + " is " + info.shape() + ", should be " + below.shape());
      }
      owners.put(info.name(), top);
    }
    if (!unknown.isEmpty() || !reshaped.isEmpty()) {
      throw new CheckpointException(
          "%s does not fit over %s: %d unexpected tensors (%s), %d of another shape (%s)"
              .formatted(
                  top.description(),
                  base.description(),
                  unknown.size(),
                  Messages.list(unknown),
                  reshaped.size(),
                  Messages.list(reshaped)));
    }
    String description = base.description() + " under " + top.description();
    return new CheckpointSet(description, List.of(base, top), owners);
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<Path> files() {
    return parts.stream().flatMap(part -> part.files().stream()).toList();
  }

  @Override
  public Map<String, TensorInfo> entries() {
    return entries;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Tensor tensor(String name) throws CheckpointException {
    Checkpoint owner = owners.get(info(name).name());
    return Objects.requireNonNull(owner).tensor(name);
  }

  @Override
  public long decodedBytes() {
    return parts.stream().mapToLong(Checkpoint::decodedBytes).sum();
  }

  @Override
  public void release(String name) {
    Checkpoint owner = owners.get(name);
    if (owner != null) {
      owner.release(name);
    }
  }

  @Override
  public void close() {
    parts.forEach(Checkpoint::close);
  }
}
