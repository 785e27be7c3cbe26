import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every source of the repository. The build starts it in the JDK of
 * its toolchain, because the formatter reads only what the parser of its own JVM understands, and
 * Maven's may be older.
 *
 * <p>Arguments: {@code check} or {@code apply}, then the repository's root.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !List.of("check", "apply").contains(args[0])) {
      System.err.println("usage: java Format.java check|apply ROOT");
      System.exit(2);
    }
    boolean check = args[0].equals("check");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    arguments.addAll(sources(Path.of(args[1]).toRealPath()));

    int status;
    try (PrintWriter out = new PrintWriter(System.out);
        PrintWriter err = new PrintWriter(System.err)) {
      status =
          new Main(out, err, InputStream.nullInputStream())
              .format(arguments.toArray(String[]::new));
      if (check && status != 0) {
        err.println("The files above are not formatted. Format them with:");
        err.println("  mvn -q -N -Pformat validate");
      }
    }
    System.exit(status);
  }

  private static List<String> sources(Path root) throws IOException {
    List<String> found = new ArrayList<>(List.of(root.resolve(".ci/Format.java").toString()));
    List<Path> modules;
    try (Stream<Path> folders = Files.list(root)) {
      modules = folders.map(folder -> folder.resolve("src")).filter(Files::isDirectory).toList();
    }
    for (Path module : modules) {
      try (Stream<Path> files = Files.walk(module)) {
        files
            .map(Path::toString)
            .filter(name -> name.endsWith(".java"))
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }
}
