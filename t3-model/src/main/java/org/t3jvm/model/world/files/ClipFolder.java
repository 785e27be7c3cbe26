package org.t3jvm.model.world.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.model.world.Clip;
import org.t3jvm.model.world.World;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of clips as anyone's own data would lie: videos, or folders of frames, and {@code
 * metadata.csv} with a caption for each. Every file appears when it is whole, and the metadata
 * last, so that writing can be stopped at any time and continued.
 */
public final class ClipFolder {
  private static final String METADATA = "metadata.csv";
  private static final String SETTINGS = "clips.json";
  private static final Pattern OURS =
      Pattern.compile(
          "\\.?(clip_\\d{5}(\\.mp4)?|metadata\\.csv|clips\\.json)(\\..*\\.(part|old))?");

  private final Path folder;
  private final ClipSet set;

  public ClipFolder(Path folder, ClipSet set) {
    this.folder = folder;
    this.set = set;
  }

  /** What a folder holds of a set. */
  public enum State {
    /** It does not exist, or is empty. */
    EMPTY,
    /** Some clips of this very set. */
    PARTIAL,
    /** The whole set. */
    COMPLETE,
    /** Something else. */
    OTHER
  }

  /**
   * What the folder holds now.
   *
   * @throws IOException if it cannot be read
   */
  public State state() throws IOException {
    if (!Files.exists(folder)) {
      return State.EMPTY;
    }
    if (!Files.isDirectory(folder)) {
      return State.OTHER;
    }
    Path settings = folder.resolve(SETTINGS);
    if (Files.exists(settings)) {
      if (!isOfThisSet(settings)) {
        return State.OTHER;
      }
      return Files.exists(folder.resolve(METADATA)) ? State.COMPLETE : State.PARTIAL;
    }
    return entries().isEmpty() ? State.EMPTY : State.OTHER;
  }

  private boolean isOfThisSet(Path settings) throws IOException {
    try {
      return JsonMapper.shared().readValue(Files.readString(settings), ClipSet.class).equals(set);
    } catch (JacksonException e) {
      return false;
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      return listed.toList();
    }
  }

  /**
   * Deletes the clips of whatever set, and nothing else.
   *
   * @throws IOException if a file cannot be deleted
   */
  public void clear() throws IOException {
    // Without its settings the folder is no set, so they go first.
    Files.deleteIfExists(folder.resolve(SETTINGS));
    for (Path entry : entries()) {
      if (OURS.matcher(String.valueOf(entry.getFileName())).matches()) {
        delete(entry);
      }
    }
  }

  private static void delete(Path entry) throws IOException {
    if (Files.isDirectory(entry)) {
      try (Stream<Path> frames = Files.list(entry)) {
        for (Path frame : frames.toList()) {
          Files.delete(frame);
        }
      }
    }
    Files.delete(entry);
  }

  /**
   * Writes the clips that are missing, then the metadata.
   *
   * @param written called with the number of clips that are there, after each
   * @throws IOException naming the file that cannot be written
   */
  public void write(IntConsumer written) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve(SETTINGS), JsonMapper.shared().writeValueAsString(set));
    World world = new World(set.world());
    Set<String> names = new HashSet<>();
    StringBuilder metadata = new StringBuilder("file_name,text\n");
    for (int i = 0; i < set.clips(); i++) {
      Clip clip = world.clip(i);
      Path file = folder.resolve(set.name(i));
      if (!Files.exists(file)) {
        write(file, clip);
      }
      names.add(set.name(i));
      metadata.append(set.name(i)).append(',').append(clip.caption()).append('\n');
      written.accept(i + 1);
    }
    VideoWriters.deleteLeftovers(folder, names);
    write(folder.resolve(METADATA), metadata.toString());
  }

  private static void write(Path file, String text) throws IOException {
    try (AtomicFile output = AtomicFile.create(file)) {
      output.write(text.getBytes(StandardCharsets.UTF_8));
      output.commit();
    }
  }

  private void write(Path file, Clip clip) throws IOException {
    String out = set.format() == ClipSet.Format.PNG ? file + "/" : file.toString();
    int height = set.world().height();
    int width = set.world().width();
    try (FrameSink sink = VideoWriters.open(out, width, height, set.fps(), Map.of())) {
      for (int t = 0; t < clip.frames(); t++) {
        sink.write(clip.frame(t).rgb());
      }
      sink.finish();
    }
  }
}
