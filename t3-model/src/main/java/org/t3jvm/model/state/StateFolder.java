package org.t3jvm.model.state;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.state.StateIndex.Decoded;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.Tensor;

/**
 * The state of one run, in a folder beside its output. At any instant the folder holds one whole
 * state; while it is open no other process takes it.
 */
public final class StateFolder implements RunKeeper, AutoCloseable {
  private final Path folder;
  private final FolderLock lock;
  private final SavePace pace;
  private StateIndex index;
  private @Nullable FrameStore frames;

  private StateFolder(Path folder, FolderLock lock, SavePace pace, StateIndex index) {
    this.folder = folder;
    this.lock = lock;
    this.pace = pace;
    this.index = index;
  }

  /**
   * Begins a run in a folder that is not there, or holds nothing worth keeping.
   *
   * @param pace of saving the decoder's state
   * @throws IOException if the folder cannot be written, or holds a state worth keeping or files of
   *     others
   */
  public static StateFolder begin(Path folder, RunSettings settings, SavePace pace)
      throws IOException {
    Optional<SavedRun> known = SavedRun.find(folder, settings.record().t3());
    if (known.isPresent() && known.get().worthKeeping()) {
      throw new IOException("%s: holds an unfinished run".formatted(folder));
    }
    FolderLock lock = FolderLock.create(folder);
    try {
      StateFiles.deleteAll(folder);
      StateIndex index = StateIndex.begun(settings);
      StateIndexFile.write(folder, index);
      return new StateFolder(folder, lock, pace, index);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Opens the state of a run to continue it.
   *
   * @param version of this program
   * @param pace of saving the decoder's state
   * @throws IOException if there is none, or it is damaged, of another version or in use
   */
  public static StateFolder open(Path folder, String version, SavePace pace) throws IOException {
    StateIndexFile.read(folder, version);
    FolderLock lock = FolderLock.take(folder);
    try {
      StateIndex index = StateIndexFile.read(folder, version);
      StateFiles.deleteOthers(folder, index);
      return new StateFolder(folder, lock, pace, index);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Begins another decoding of the run that this is the state of, under another folder.
   *
   * @throws IOException if denoising is not done, the other folder holds a state worth keeping, or
   *     cannot be written
   */
  public StateFolder forkDecode(Path other, RunSettings settings) throws IOException {
    requireDenoised();
    StoredFile latents = index.latents();
    StateFolder fork = begin(other, settings, pace);
    try {
      if (latents != null) {
        copy(latents.verified(folder), other.resolve(latents.name()));
        fork.commit(fork.index.with(index.step(), latents));
      }
      return fork;
    } catch (IOException | RuntimeException e) {
      fork.close();
      throw e;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (FileChannel channel = FileChannel.open(from);
        Arena mapped = Arena.ofConfined();
        AtomicFile copy = AtomicFile.create(to)) {
      copy.write(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapped));
      copy.commit();
    }
  }

  /**
   * Begins another decoding of this run in this folder; frames of the decoding before are dropped.
   *
   * @throws IOException if denoising is not done, or the state cannot be written
   */
  public void restartDecode(RunSettings settings) throws IOException {
    requireDenoised();
    commit(index.with(settings).with(Decoded.NONE));
    closeFrames();
    StateFiles.deleteOthers(folder, index);
  }

  private void requireDenoised() throws IOException {
    if (!index.denoised()) {
      throw new IOException(
          "%s: there is nothing to decode yet, the run is at %s; resume it first"
              .formatted(folder, index.progress()));
    }
  }

  public Path folder() {
    return folder;
  }

  public RunSettings settings() {
    return index.settings();
  }

  /** Where the run is, for people. */
  public String progress() {
    return index.progress();
  }

  /** True if resuming saves work over beginning anew. */
  public boolean worthKeeping() {
    return index.worthKeeping();
  }

  @Override
  public Optional<RunState> denoised() throws IOException {
    StoredFile latents = index.latents();
    if (latents == null) {
      return Optional.empty();
    }
    Path file = latents.verified(folder);
    return Optional.of(StateTensors.state(file, StateTensors.read(file), index.step()));
  }

  @Override
  public void keep(RunState state) throws IOException {
    StoredFile before = index.latents();
    if (before != null && state.step() == index.step()) {
      return;
    }
    Path file = folder.resolve(StateFiles.latents(state.step()));
    saving(
        "step " + state.step(),
        () -> {
          StoredFile stored = StateTensors.write(file, StateTensors.of(state));
          commit(index.with(state.step(), stored));
        });
    if (before != null) {
      Files.deleteIfExists(folder.resolve(before.name()));
    }
  }

  @Override
  public int replay(FrameSink sink) throws IOException {
    frames().copyTo(sink);
    return frames().count();
  }

  @Override
  public Optional<DecoderState> decoder() throws IOException {
    StoredFile stored = index.frames().decoder();
    if (stored == null) {
      return Optional.empty();
    }
    Map<String, Tensor> tensors = StateTensors.read(stored.verified(folder));
    return Optional.of(new DecoderState(index.frames().latentFrames(), tensors));
  }

  @Override
  public void keepFrames(List<byte[]> more, int latentFrames, Supplier<Map<String, Tensor>> decoder)
      throws IOException {
    StoredFile before = index.frames().decoder();
    saving(
        "the decoded frames",
        () -> {
          FrameStore store = frames();
          store.append(more);
          Decoded known = index.frames();
          Decoded now =
              new Decoded(store.count(), store.bytes(), known.latentFrames(), known.decoder());
          commit(index.with(withDecoder(now, latentFrames, decoder.get())));
        });
    StoredFile after = index.frames().decoder();
    if (before != null && !before.equals(after)) {
      Files.deleteIfExists(folder.resolve(before.name()));
    }
  }

  /** Adds the decoder's state if it is time and there is room for it. */
  private Decoded withDecoder(Decoded decoded, int latentFrames, Map<String, Tensor> state)
      throws IOException {
    long bytes = state.values().stream().mapToLong(Tensor::byteSize).sum();
    if (bytes == 0 || !pace.due(bytes) || Files.getFileStore(folder).getUsableSpace() < 2 * bytes) {
      return decoded;
    }
    long begin = pace.now();
    Path file = folder.resolve(StateFiles.decoder(latentFrames));
    StoredFile stored = StateTensors.write(file, state);
    pace.written(bytes, begin);
    return new Decoded(decoded.count(), decoded.bytes(), latentFrames, stored);
  }

  private FrameStore frames() throws IOException {
    FrameStore known = frames;
    if (known == null) {
      known = new FrameStore(folder, index.frames().count(), index.frames().bytes());
      frames = known;
    }
    return known;
  }

  private void commit(StateIndex next) throws IOException {
    StateIndexFile.write(folder, next);
    index = next;
  }

  private interface Saving {
    void run() throws IOException;
  }

  private void saving(String what, Saving saving) throws IOException {
    try {
      saving.run();
    } catch (IOException e) {
      throw new IOException(
          "%s: %s cannot be saved: %s".formatted(folder, what, StateFiles.reason(e)), e);
    }
  }

  /** Removes the folder: the run is finished, or not worth resuming. */
  public void discard() throws IOException {
    closeFrames();
    Files.deleteIfExists(folder.resolve(StateIndexFile.NAME));
    StateFiles.deleteAll(folder);
    lock.close();
    StateFiles.deleteFolder(folder);
  }

  /** Drops what can be computed again from the final latents. */
  public void dropFrames() throws IOException {
    commit(index.with(Decoded.NONE));
    closeFrames();
    StateFiles.deleteOthers(folder, index);
  }

  private void closeFrames() throws IOException {
    if (frames != null) {
      frames.close();
      frames = null;
    }
  }

  /** Lets other processes take the folder, which stays. */
  @Override
  public void close() throws IOException {
    try {
      closeFrames();
    } finally {
      lock.close();
    }
  }
}
