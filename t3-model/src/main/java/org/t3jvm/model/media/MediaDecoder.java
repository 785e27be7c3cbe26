package org.t3jvm.model.media;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of one media file, in order. They are decoded in a process of their own that starts
 * with this and ends with it; a crash of it, or a frame that takes longer than {@link
 * #LIMIT_SECONDS}, is an error that names the file.
 */
public final class MediaDecoder implements AutoCloseable {
  /** Seconds that opening, or one frame, may take. */
  static final int LIMIT_SECONDS = 30;

  private static final int BUFFER = 1 << 20;

  private final Path file;
  private final Process process;
  private final DataInputStream records;
  private final Watchdog watchdog;
  private final int[] turn = new int[4];
  private boolean ended;

  /**
   * Opens a file.
   *
   * @throws IOException in one line that names the file, if it is not of that kind
   */
  public MediaDecoder(Path file, MediaKind kind) throws IOException {
    this.file = file;
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("'%s' is no regular file".formatted(file));
    }
    process = start(kind);
    records = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER));
    watchdog = new Watchdog(process);
    try {
      require(record(), Records.OPENED);
      for (int i = 0; i < turn.length; i++) {
        turn[i] = records.readInt();
      }
    } catch (IOException e) {
      IOException failure = failure(e);
      close();
      throw failure;
    } finally {
      watchdog.rest();
    }
  }

  private Process start(MediaKind kind) throws IOException {
    NativesFolder.choose();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            // A crash is reported by the process that waits, not by files in the working folder.
            "-XX:+SuppressFatalErrorMessage",
            "-XX:-CreateCoredumpOnCrash",
            "-D%s=%s".formatted(NativesFolder.PROPERTY, System.getProperty(NativesFolder.PROPERTY)),
            "-cp",
            classPath(),
            DecoderMain.class.getName(),
            kind.name()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(file.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // Agents and ports of this JVM are not the other's.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder.start();
  }

  /** Where the decoding process's classes and natives are, wherever this JVM has them from. */
  private static String classPath() throws IOException {
    Set<String> parts = new LinkedHashSet<>();
    for (Class<?> type : List.of(DecoderMain.class, Loader.class, avutil.class)) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source == null) {
        throw new IOException("the place of %s is unknown".formatted(type.getName()));
      }
      parts.add(path(source.getLocation()));
    }
    for (String library :
        List.of("javacpp/%s/" + lib("jnijavacpp"), "ffmpeg/%s/" + lib("jniavutil"))) {
      String name = "org/bytedeco/" + library.formatted(Loader.getPlatform());
      URL url = avutil.class.getResource("/" + name);
      if (url != null && url.openConnection() instanceof JarURLConnection jar) {
        parts.add(path(jar.getJarFileURL()));
      }
    }
    return String.join(File.pathSeparator, parts);
  }

  private static String lib(String name) {
    return System.mapLibraryName(name);
  }

  private static String path(URL location) throws IOException {
    try {
      return Path.of(new URI(location.toString())).toString();
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IOException("'%s' is no place of classes".formatted(location), e);
    }
  }

  /**
   * How the pictures are to be turned, {@code {a, b, c, d}}: a pixel at (x, y) belongs at {@code (a
   * x + c y, b x + d y)}, but for a shift into the picture. Each is -1, 0 or 1.
   */
  public int[] turn() {
    return turn.clone();
  }

  /**
   * The next frame; null after the last.
   *
   * @throws IOException in one line that names the file
   */
  public @Nullable MediaFrame next() throws IOException {
    if (ended) {
      return null;
    }
    try {
      int kind = record();
      if (kind == Records.END) {
        ended = true;
        return null;
      }
      require(kind, Records.FRAME);
      int height = records.readInt();
      int width = records.readInt();
      long start = records.readLong();
      long duration = records.readLong();
      byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(height, width), 3)];
      records.readFully(rgb);
      return new MediaFrame(height, width, rgb, start, duration);
    } catch (IOException e) {
      throw failure(e);
    } finally {
      watchdog.rest();
    }
  }

  /** The decoding process. */
  ProcessHandle process() {
    return process.toHandle();
  }

  private int record() throws IOException {
    watchdog.watch(TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
    return records.readUnsignedByte();
  }

  private void require(int kind, int expected) throws IOException {
    if (kind == Records.FAILURE) {
      ended = true;
      throw new MediaInput.MediaException(records.readUTF());
    }
    if (kind != expected) {
      throw new MediaInput.MediaException("made its decoder write what it should not");
    }
  }

  private IOException failure(IOException e) {
    ended = true;
    if (!(e instanceof EOFException)) {
      return new IOException("'%s' %s".formatted(file, e.getMessage()), e);
    }
    String reason =
        watchdog.bit()
            ? "takes FFmpeg longer than %d seconds".formatted(LIMIT_SECONDS)
            : "makes FFmpeg crash (status %d)".formatted(status());
    return new IOException("'%s' %s; it is damaged or hostile".formatted(file, reason), e);
  }

  private int status() {
    try {
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    watchdog.close();
    try {
      records.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
