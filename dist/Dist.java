import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes {@code t3-<version>-<os>-<arch>.zip}, which runs where there is no Java: the launcher, the
 * jars, a runtime of the modules that they need, and licences. The profile {@code dist} runs it in
 * the toolchain's JDK: {@code java Dist.java ROOT VERSION JARS JAR LICENCES OUT}.
 */
public final class Dist {
  /** Loaded by name, or asked for by flags. */
  private static final List<String> MODULES = List.of("jdk.incubator.vector", "jdk.jfr");

  private Dist() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Path jars = Path.of(args[2]);
    Path out = Path.of(args[5]);
    String name = "t3-%s-%s-%s".formatted(args[1], os(), arch());
    Path folder = out.resolve(name);
    delete(folder);
    Files.createDirectories(folder.resolve("bin"));
    Files.copy(root.resolve("t3"), folder.resolve("bin/t3"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(root.resolve("dist/t3.bat"), folder.resolve("bin/t3.bat"));
    Files.copy(root.resolve("LICENSE"), folder.resolve("LICENSE"));
    Files.copy(Path.of(args[4]), folder.resolve("THIRD-PARTY.txt"));
    Path lib = folder.resolve("lib");
    copy(jars, lib);
    Files.copy(Path.of(args[3]), lib.resolve(Path.of(args[3]).getFileName()));
    link(lib, folder.resolve("runtime"));
    Path zip = out.resolve(name + ".zip");
    zip(folder, zip);
    delete(folder);
    System.out.printf(Locale.ROOT, "%s: %.1f MB%n", zip, Files.size(zip) / 1e6);
  }

  private static String os() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : "linux";
  }

  private static String arch() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  /** A runtime of the modules that the jars need. */
  private static void link(Path jars, Path runtime) throws IOException {
    String needed =
        run(
                "jdeps",
                List.of(
                    "--multi-release",
                    "base",
                    "--ignore-missing-deps",
                    "--print-module-deps",
                    "--module-path",
                    jars.toString(),
                    "--add-modules",
                    "ALL-MODULE-PATH"))
            .strip();
    run(
        "jlink",
        List.of(
            "--add-modules",
            needed + "," + String.join(",", MODULES),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--compress",
            "zip-6",
            "--generate-cds-archive",
            "--output",
            runtime.toString()));
  }

  private static String run(String tool, List<String> args) throws IOException {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    int status =
        ToolProvider.findFirst(tool)
            .orElseThrow(() -> new IOException("this JDK has no " + tool))
            .run(printer, printer, args.toArray(String[]::new));
    if (status != 0) {
      throw new IOException("%s %s: %s".formatted(tool, String.join(" ", args), out));
    }
    return out.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** With the permissions of the files, so that programs can be started where it is unpacked. */
  private static void zip(Path folder, Path zip) throws IOException {
    Files.deleteIfExists(zip);
    Map<String, String> settings = Map.of("create", "true", "enablePosixFileAttributes", "true");
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    try (FileSystem archive = FileSystems.newFileSystem(zip, settings);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Path entry =
            archive.getPath(
                "/" + folder.getParent().relativize(file).toString().replace('\\', '/'));
        if (Files.isDirectory(file)) {
          Files.createDirectory(entry);
        } else {
          Files.copy(file, entry, StandardCopyOption.COPY_ATTRIBUTES);
        }
        if (posix) {
          Files.setPosixFilePermissions(entry, Files.getPosixFilePermissions(file));
        } else if (file.endsWith(Path.of("bin", "t3"))) {
          Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
