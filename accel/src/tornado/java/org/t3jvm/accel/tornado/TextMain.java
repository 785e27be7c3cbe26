package org.t3jvm.accel.tornado;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.accel.text.KernelSources;
import org.t3jvm.accel.text.KernelText;

/** What the build runs: writes the text of the kernels, or checks that it is what is generated. */
public final class TextMain {
  /** Writes the text, and the hash of the sources that it is of. */
  static final String WRITE = "write";

  /** The text that the build writes last, when that of all is written. */
  private static final KernelText LAST = KernelText.CUDA;

  private TextMain() {}

  /**
   * Runs {@code write FOLDER TEXT} or {@code check FOLDER TEXT}; checks nothing where TornadoVM
   * cannot start.
   *
   * @param arguments what to do, the folder of module accel, and the name of a {@link KernelText}
   * @throws IllegalStateException if the text is another one than TornadoVM generates
   */
  public static void main(String[] arguments) throws IOException {
    String task = arguments[0];
    boolean starts = ModuleLayer.boot().findModule("tornado.runtime").isPresent();
    if (!starts && !task.equals(WRITE)) {
      System.out.println("no driver starts here: the text of the kernels is not checked");
      return;
    }
    Path module = Path.of(arguments[1]);
    Path folder = module.resolve("src/main/resources/org/t3jvm/accel/text");
    KernelText text = KernelText.valueOf(arguments[2]);
    List<String> stale = TextGenerator.run(text, task, folder);
    if (task.equals(WRITE) && text == LAST) {
      Files.writeString(folder.resolve(KernelSources.HASH), KernelSources.hash(module) + "\n");
    } else if (!stale.isEmpty()) {
      throw new IllegalStateException(
          "the text of kernels %s is not what TornadoVM generates: run mvn -pl accel -am -Dt3.text=write -Dquick process-classes"
              .formatted(stale));
    }
    System.out.printf("%s of the kernels' text %s: done%n", task, text);
    // Threads of the runtime would keep the process.
    System.exit(0);
  }
}
