package org.t3jvm.loaders.safetensors;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/**
 * One safetensors file (SPEC 14). Every tensor is a slice of the mapping, whatever its alignment.
 */
public final class SafetensorsFile implements Checkpoint {
  private final MappedFile file;
  private final SafetensorsHeader header;
  private final Map<String, TensorInfo> entries;

  private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    header.slots().forEach((name, slot) -> infos.put(name, slot.info()));
    this.entries = Collections.unmodifiableMap(infos);
  }

  /**
   * Reads the header of a mapped file; the checkpoint then owns the mapping.
   *
   * @throws CheckpointException if the header is malformed or does not fit the file; the mapping
   *     stays open
   */
  public static SafetensorsFile of(MappedFile file) throws CheckpointException {
    return new SafetensorsFile(file, SafetensorsHeader.read(file));
  }

  @Override
  public String description() {
    return file.path().toString();
  }

  @Override
  public List<Path> files() {
    return List.of(file.path());
  }

  @Override
  public Map<String, TensorInfo> entries() {
    return entries;
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Tensor tensor(String name) throws CheckpointException {
    file.requireOpen();
    TensorInfo info = info(name);
    SafetensorsHeader.Slot slot = Objects.requireNonNull(header.slots().get(name));
    DType dtype = info.type().dtype();
    if (dtype == null) {
      throw file.error(info.unsupported());
    }
    return Tensor.of(
        dtype, info.shape(), file.slice(header.dataStart() + slot.begin(), info.bytes()));
  }

  @Override
  public void close() {
    file.close();
  }
}
