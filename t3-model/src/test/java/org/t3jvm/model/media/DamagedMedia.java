package org.t3jvm.model.media;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decodes the files of a folder one after another in this process, each as the decoding process
 * does its one: as the descriptor that standard input has. Prints a line for each, so that whoever
 * waits knows at which file a crash or a hang came.
 */
@SuppressWarnings("restricted")
public final class DamagedMedia {
  private static final int READ_ONLY = 0;

  private DamagedMedia() {}

  /**
   * Reads them.
   *
   * @param arguments the folder and the name of a {@link MediaKind}
   */
  public static void main(String[] arguments) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    MethodHandle dup2 = of(linker, "dup2", 2);
    MethodHandle close = of(linker, "close", 1);
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
      files = all.sorted().toList();
    }
    for (Path file : files) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment path = arena.allocateFrom(file.toString());
        int descriptor = (int) open.invokeExact(path, READ_ONLY);
        if (descriptor < 0 || (int) dup2.invokeExact(descriptor, 0) != 0) {
          throw new IOException(file + " cannot be opened");
        }
        int closed = (int) close.invokeExact(descriptor);
        if (closed != 0) {
          throw new IOException(file + " cannot be closed");
        }
      }
      System.out.println("begin " + file.getFileName());
      long cpu = cpu();
      String result = read(MediaKind.valueOf(arguments[1]));
      System.out.println("%s %d".formatted(result, (cpu() - cpu) / 1_000_000));
    }
  }

  private static MethodHandle of(Linker linker, String name, int arguments) {
    FunctionDescriptor function = FunctionDescriptor.of(ValueLayout.JAVA_INT);
    for (int i = 0; i < arguments; i++) {
      function = function.appendArgumentLayouts(ValueLayout.JAVA_INT);
    }
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), function);
  }

  /** Of all threads, since FFmpeg decodes on its own. */
  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static String read(MediaKind kind) throws IOException {
    RgbRows rows = null;
    try (MediaInput input = new MediaInput(kind);
        DataOutputStream nowhere = new DataOutputStream(OutputStream.nullOutputStream())) {
      for (AVFrame frame = input.next(); frame != null; frame = input.next()) {
        if (rows == null) {
          rows = new RgbRows(frame);
        }
        if (!rows.takes(frame)) {
          return "refused";
        }
        rows.write(frame, nowhere);
      }
      return "read";
    } catch (MediaInput.MediaException | Ffmpeg.FfmpegException e) {
      return "refused";
    } finally {
      if (rows != null) {
        rows.close();
      }
    }
  }
}
