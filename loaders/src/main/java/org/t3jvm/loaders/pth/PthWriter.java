package org.t3jvm.loaders.pth;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TensorSource;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.io.TensorOutput;
import org.t3jvm.loaders.text.Messages;

/**
 * Writes a {@code torch.save} zip file (SPEC 14) of a plain dict of tensors, a tensor at a time.
 */
public final class PthWriter {
  private static final String FOLDER = "archive/";

  private PthWriter() {}

  /**
   * Writes the tensors described by {@code layout}, asking {@code source} for each when its turn
   * comes. The file appears under its name only when it is complete.
   *
   * @throws IOException if the source fails or gives a tensor of another shape or dtype
   * @throws CheckpointException if two tensors have one name or the file cannot be written
   */
  public static void write(Path path, Collection<TensorInfo> layout, TensorSource source)
      throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      write(new ZipWriter(file), path, List.copyOf(layout), source);
      file.commit();
    }
  }

  static void write(ZipWriter zip, Path path, List<TensorInfo> layout, TensorSource source)
      throws IOException {
    TensorOutput.requireWritable(path, layout);
    for (TensorInfo info : layout) {
      if (info.type().dtype() != null && info.type().dtype().isFloat8()) {
        throw new CheckpointException(
            "%s: tensor %s is %s, which torch's storages are not; write safetensors"
                .formatted(path, Messages.quote(info.name()), info.type()));
      }
    }
    zip.add(FOLDER + "data.pkl", MemorySegment.ofArray(PickleWriter.write(layout)));
    zip.add(FOLDER + "byteorder", ascii("little"));
    for (int key = 0; key < layout.size(); key++) {
      zip.add(FOLDER + "data/" + key, TensorOutput.elements(path, layout.get(key), source));
    }
    zip.add(FOLDER + "version", ascii("3\n"));
    zip.finish();
  }

  private static MemorySegment ascii(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
  }
}
