package org.t3jvm.loaders.pth;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.pth.PickleValue.View;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/**
 * One {@code torch.save} zip file (SPEC 14). Dense tensors are slices of the mapping; a view with
 * other strides is copied once, on first use.
 */
public final class PthFile implements Checkpoint {
  private static final String PICKLE = "data.pkl";
  private static final long ENTRY_BYTES = 320;

  private final MappedFile file;
  private final StateDict state;
  private final Map<String, TensorInfo> entries;
  private final Map<String, Tensor> copies = new HashMap<>();

  private PthFile(MappedFile file, StateDict state, Map<String, TensorInfo> entries) {
    this.file = file;
    this.state = state;
    this.entries = entries;
  }

  /**
   * Reads the directory and the pickle of a mapped file; the checkpoint then owns the mapping.
   *
   * @param choice which of several dicts of tensors to read; null if there is one
   * @throws CheckpointException if the file is no such zip, or asks for anything but tensors; the
   *     mapping stays open
   */
  public static PthFile of(MappedFile file, @Nullable String choice) throws CheckpointException {
    Map<String, ZipDirectory.Entry> zip = ZipDirectory.read(file);
    ZipDirectory.Entry pickle = findPickle(file, zip);
    String name = pickle.name();
    String folder = name.substring(0, name.length() - PICKLE.length());
    requireLittleEndian(file, zip.get(folder + "byteorder"));
    TensorRebuilder rebuilder = new TensorRebuilder(zip, folder);
    StateDict state = StateDict.of(file, PickleReader.read(file, pickle, rebuilder), choice);
    Map<String, TensorInfo> entries = new LinkedHashMap<>();
    for (var item : state.views().entrySet()) {
      file.allowDescription(ENTRY_BYTES);
      View view = item.getValue();
      String tensor = item.getKey();
      entries.put(tensor, new TensorInfo(tensor, view.type(), view.shape(), view.bytes()));
    }
    return new PthFile(file, state, Collections.unmodifiableMap(entries));
  }

  private static ZipDirectory.Entry findPickle(MappedFile file, Map<String, ZipDirectory.Entry> zip)
      throws CheckpointException {
    ZipDirectory.Entry found = null;
    for (ZipDirectory.Entry entry : zip.values()) {
      int slash = entry.name().lastIndexOf('/');
      boolean inFolder = slash >= 0 && slash == entry.name().indexOf('/');
      if (!inFolder || !entry.name().endsWith("/" + PICKLE)) {
        continue;
      }
      if (found != null) {
        throw file.error(
            "has two pickles, %s and %s; one is expected"
                .formatted(Messages.quote(found.name()), Messages.quote(entry.name())));
      }
      found = entry;
    }
    if (found == null) {
      throw file.error("is a zip file without a <folder>/data.pkl; torch.save did not write it");
    }
    return found;
  }

  private static void requireLittleEndian(MappedFile file, ZipDirectory.@Nullable Entry byteOrder)
      throws CheckpointException {
    if (byteOrder == null) {
      return;
    }
    String order = file.text(byteOrder.offset(), (int) Math.min(byteOrder.size(), 16));
    if (!order.equals("little")) {
      throw file.error(
          "has byte order %s; only little is supported, save it on a little-endian machine"
              .formatted(Messages.quote(order)));
    }
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
    return Collections.unmodifiableMap(state.metadata());
  }

  @Override
  public Tensor tensor(String name) throws CheckpointException {
    file.requireOpen();
    TensorInfo info = info(name);
    View view = Objects.requireNonNull(state.views().get(name));
    DType dtype = info.type().dtype();
    if (dtype == null) {
      throw file.error(info.unsupported());
    }
    long bytes = info.bytes();
    if (bytes == 0) {
      return Tensor.of(dtype, view.shape(), file.slice(0, 0));
    }
    if (view.contiguous()) {
      long offset = view.storage().offset() + view.offset() * dtype.byteSize();
      return Tensor.of(dtype, view.shape(), file.slice(offset, bytes));
    }
    synchronized (copies) {
      Tensor copy = copies.get(name);
      if (copy == null) {
        copy = Tensor.of(dtype, view.shape(), file.allocateCopy(name, bytes));
        MemorySegment source = file.slice(view.storage().offset(), view.storage().bytes());
        StridedCopy.run(source, view, dtype.byteSize(), copy.segment());
        copies.put(name, copy);
      }
      return copy;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
