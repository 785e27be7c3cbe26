package org.t3jvm.loaders.names;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Tensor;

/** A checkpoint's tensors under other names; they stay where they are mapped. */
public final class RenamedCheckpoint implements Checkpoint {
  private final Checkpoint file;
  private final Map<String, String> namesInFile;
  private final Map<String, TensorInfo> entries;

  private RenamedCheckpoint(
      Checkpoint file, Map<String, String> namesInFile, Map<String, TensorInfo> entries) {
    this.file = file;
    this.namesInFile = namesInFile;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Renames the tensors of {@code file}, which the result closes when it is closed.
   *
   * @param rename the new name of each name, or null for a tensor to drop
   * @throws CheckpointException if two tensors would have one name, naming all such; {@code file}
   *     stays open
   */
  public static RenamedCheckpoint of(Checkpoint file, Function<String, @Nullable String> rename)
      throws CheckpointException {
    Map<String, String> namesInFile = new LinkedHashMap<>();
    Map<String, TensorInfo> entries = new LinkedHashMap<>();
    List<String> clashes = new ArrayList<>();
    for (TensorInfo info : file.entries().values()) {
      String name = rename.apply(info.name());
      if (name == null) {
        continue;
      }
      String other = namesInFile.putIfAbsent(name, info.name());
      if (other != null) {
        clashes.add("%s and %s are both %s".formatted(other, info.name(), name));
      }
      entries.put(name, new TensorInfo(name, info.type(), info.shape(), info.bytes()));
    }
    if (!clashes.isEmpty()) {
      throw new CheckpointException(
          "%s: names of two layouts are mixed: %s"
              .formatted(file.description(), Messages.list(clashes)));
    }
    return new RenamedCheckpoint(file, namesInFile, entries);
  }

  @Override
  public String description() {
    return file.description();
  }

  @Override
  public List<Path> files() {
    return file.files();
  }

  @Override
  public Map<String, TensorInfo> entries() {
    return entries;
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public Tensor tensor(String name) throws CheckpointException {
    return file.tensor(Objects.requireNonNull(namesInFile.get(info(name).name())));
  }

  @Override
  public long decodedBytes() {
    return file.decodedBytes();
  }

  @Override
  public void release(String name) {
    String inFile = namesInFile.get(name);
    if (inFile != null) {
      file.release(inFile);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
